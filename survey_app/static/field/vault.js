// The passphrase of a profile, the key of its drafts, and what that key closes.
//
// The draft key is random; the tablet keeps it closed twice: under the passphrase, for the
// person, and under the council's public key, so that a forgotten passphrase loses no word.

import { randomBytes } from "./ids.js";
import { seal } from "./seal.js";
import { database, FieldError, ofProfile, removeDraft, write } from "./store.js";

const ITERATIONS = 600_000; // PBKDF2-SHA-256, the figure of OWASP
const IV_SIZE = 12;
const USES = ["encrypt", "decrypt"];

/** The fewest characters of a passphrase: a stolen tablet can be tried without end. */
export const MIN_PASSPHRASE = 12;

/** The passphrase does not open this profile. Nothing was changed. */
export class WrongPassphrase extends FieldError {
  constructor() {
    super(
      "Cette phrase de passe n’ouvre pas ce profil. Rien n’est perdu.",
      "Vérifiez les majuscules et les espaces, puis réessayez.",
    );
  }
}

/** The passphrase chosen is too short. */
export class WeakPassphrase extends FieldError {
  constructor() {
    super(
      `Cette phrase de passe est trop courte : il en faut au moins ${MIN_PASSPHRASE} caractères.`,
      "Plusieurs mots à la suite conviennent très bien.",
    );
  }
}

/**
 * Make this tablet a device of the account: `enrolment` is what POST /terrain/appareils answers.
 * A profile already here keeps its drafts, its queue and its passphrase (`WrongPassphrase` when it
 * is another one); `erasing` gives it a new passphrase and erases the drafts that the old one
 * closed. Returns the profile as it is stored.
 */
export async function enrol(enrolment, passphrase, { erasing = false } = {}) {
  const old = await (await database()).get("profiles", enrolment.profile.id);
  const key = old && !erasing ? await opened(old, passphrase, true) : await newKey(passphrase);
  const profile = {
    aboard_at: null,
    contact_at: null,
    ...old,
    id: enrolment.profile.id,
    name: enrolment.profile.name,
    council: enrolment.council,
    device: enrolment.device,
    recipients: enrolment.recipients,
    revoked: false,
    ...await closed(key, passphrase),
    recovery: await seal(await rawBytes(key), enrolment.recipients),
  };
  const lost = old && erasing ? await ofProfile("drafts", profile.id) : [];
  await write(["profiles", "drafts", "media"], async (tx) => {
    for (const draft of lost) await removeDraft(tx, draft.id);
    await tx.objectStore("profiles").put(profile);
  });
  return profile;
}

/** Open a profile: `{profile, key}`, the session that drafts and the outbox ask for. */
export async function unlock(profileId, passphrase) {
  const profile = await (await database()).get("profiles", profileId);
  if (!profile) throw new WrongPassphrase();
  return { profile, key: await opened(profile, passphrase, false) };
}

/** Close the draft key under another passphrase; the drafts themselves do not change. */
export async function changePassphrase(profileId, passphrase, next) {
  const profile = await (await database()).get("profiles", profileId);
  const key = await opened(profile, passphrase, true);
  strong(next);
  const box = await closed(key, next);
  await write(["profiles"], async (tx) => {
    await tx.store.put({ ...await tx.store.get(profileId), ...box });
  });
}

/** The profiles of this tablet as the lock screen names them, in alphabetical order. */
export async function profiles() {
  const rows = await (await database()).getAll("profiles");
  return rows
    .map(({ id, name, council, revoked }) => ({ id, name, council, revoked: Boolean(revoked) }))
    .sort((one, other) => one.name.localeCompare(other.name, "fr"));
}

/** Close a value (JSON, or bytes as they are) under the key: `{iv, data}`. */
export async function encrypt(key, value) {
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
  const iv = randomBytes(IV_SIZE);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes);
  return { iv, data: new Uint8Array(data) };
}

/** The bytes of a box. Rejects when the key is another one or the box was altered. */
export async function decryptBytes(key, { iv, data }) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data));
}

/** The JSON value of a box. */
export async function decrypt(key, box) {
  return JSON.parse(new TextDecoder().decode(await decryptBytes(key, box)));
}

function strong(passphrase) {
  if ([...passphrase.normalize("NFKC")].length < MIN_PASSPHRASE) throw new WeakPassphrase();
}

async function newKey(passphrase) {
  strong(passphrase);
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, USES);
}

async function rawBytes(key) {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

async function derived(passphrase, salt, iterations) {
  const words = new TextEncoder().encode(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const from = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const into = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(from, base, into, false, ["wrapKey", "unwrapKey"]);
}

async function closed(key, passphrase) {
  const salt = randomBytes(16);
  const iv = randomBytes(IV_SIZE);
  const lock = await derived(passphrase, salt, ITERATIONS);
  const data = await crypto.subtle.wrapKey("raw", key, lock, { name: "AES-GCM", iv });
  return { salt, iterations: ITERATIONS, wrapped: { iv, data: new Uint8Array(data) } };
}

async function opened({ salt, iterations, wrapped: { iv, data } }, passphrase, extractable) {
  const lock = await derived(passphrase, salt, iterations);
  const opening = { name: "AES-GCM", iv };
  try {
    return await crypto.subtle.unwrapKey("raw", data, lock, opening, "AES-GCM", extractable, USES);
  } catch (cause) {
    if (cause?.name === "OperationError") throw new WrongPassphrase();
    throw cause;
  }
}
