// Names made on the tablet: they must never collide, and the code must never be guessed.

// As in services/consents.py: without 0, O, 1, I and L, which a hand or an eye confuses.
const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 12;
const CODE_GROUP = 4;
const RANKS = 0x1000; // the 12 bits that follow the version in a UUIDv7

let last = 0; // milliseconds of the latest UUIDv7
let rank = 0; // its place among those of the same millisecond

/** `size` random bytes. */
export function randomBytes(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** A UUID that sorts by the time it was made (RFC 9562), strictly within one page. */
export function uuid7() {
  const now = Date.now();
  if (now > last) {
    last = now;
    rank = ((randomBytes(1)[0] << 3) | 7) & 0x7ff; // the upper half is left to those that follow
  } else if (++rank === RANKS) {
    last += 1;
    rank = 0;
  }
  const bytes = randomBytes(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(last / 0x10000));
  view.setUint16(4, last % 0x10000);
  view.setUint16(6, 0x7000 | rank);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return written(bytes);
}

/** A UUID that tells nothing, not even when it was made. */
export function uuid4() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return written(bytes);
}

function written(bytes) {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Bytes in lower-case hexadecimal. */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A withdrawal code as the paper card has it: `XXXX-XXXX-XXXX`. */
export function withdrawalCode() {
  const size = CODE_ALPHABET.length;
  const fair = 256 - (256 % size); // a byte above it would favour the first letters
  let code = "";
  while (code.length < CODE_LENGTH) {
    for (const byte of randomBytes(CODE_LENGTH)) {
      if (byte < fair && code.length < CODE_LENGTH) code += CODE_ALPHABET[byte % size];
    }
  }
  return code.match(new RegExp(`.{${CODE_GROUP}}`, "g")).join("-");
}

/** Today on this tablet, `yyyy-mm-dd`. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}
