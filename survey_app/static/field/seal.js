// Sealing: what goes through here can be read by the council's server and its custodians alone.

import { hex } from "./ids.js";
import { FieldError } from "./store.js";

/** `bytes` in the age format, for these recipients (`age1…`); the tablet cannot open it again. */
export async function seal(bytes, recipients) {
  if (!recipients?.length) {
    throw new FieldError(
      "Cette tablette n’a pas la clé du conseil : rien ne peut y être mis sous scellé. Rien n’est perdu, le brouillon reste.",
      "Connectez la tablette au réseau, puis préparez-la de nouveau.",
    );
  }
  // Fifty kilobytes that the first screen does not wait for.
  const { Encrypter } = await import("./vendor/age.js");
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(bytes);
}

/** SHA-256 of these bytes, in hexadecimal. */
export async function digest(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** A value as the server reads it: JSON in UTF-8, every text in NFC and writable. */
export function encode(value) {
  return new TextEncoder().encode(JSON.stringify(composed(value)));
}

// Before writing JSON, not after: an escape followed by a combining accent must not be composed.
function composed(value) {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd").normalize("NFC");
  if (Array.isArray(value)) return value.map(composed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, composed(item)]));
}

/** Bytes in base64, as JSON carries them. */
export function base64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}
