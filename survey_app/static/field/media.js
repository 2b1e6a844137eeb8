// Photos and voices of an interview under way: closed under the draft key as soon as they are made.

import { uuid7 } from "./ids.js";
import { database, write } from "./store.js";
import { decryptBytes, encrypt } from "./vault.js";

const whole = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

/** What an interview keeps beside its answers; each gesture is on the disk when it is done. */
export class Media {
  #session;
  #draft;

  constructor(session, draft) {
    this.#session = session;
    this.#draft = draft;
  }

  /** The photos or the voices of the draft, in the order they were made. */
  ofKind(kind) {
    return this.#draft.data.media.filter((one) => one.kind === kind);
  }

  /** Begin a file; `append` then brings its bytes. */
  async begin(kind, type, question, more = {}) {
    const medium = { id: uuid7(), kind, type, question, ...more };
    await this.#draft.save({ media: [...this.#draft.data.media, medium] });
    return medium;
  }

  /** Keep the next bytes of a file, `rank` counting from 0. Rejects with `NotSaved`. */
  async append({ id, kind, type }, rank, bytes) {
    const box = await encrypt(this.#session.key, bytes);
    const row = { id, rank, draft: this.#draft.id, profile: this.#session.profile.id, kind, type, ...box };
    await write(["media"], (tx) => tx.store.put(row));
  }

  /** Keep a photo for a question: its id, which is the answer. */
  async photo(question, blob) {
    const medium = await this.begin("photo", blob.type, question);
    try {
      await this.append(medium, 0, new Uint8Array(await blob.arrayBuffer()));
    } catch (cause) {
      await this.remove(medium.id).catch(() => {}); // no answer names it: it goes with the draft
      throw cause;
    }
    return medium.id;
  }

  /** A file as it is now, to be seen or heard; null when none of its bytes is here. */
  async read(id) {
    const { parts, type } = await opened(this.#session.key, id);
    return parts.length ? new Blob(parts, { type }) : null;
  }

  /** What changed in the draft is on the disk. */
  saved() {
    return this.#draft.flush();
  }

  /** Remember how long a voice is: saved within a moment, with the answers. */
  note() {
    this.#draft.saveSoon();
  }

  /** Erase a file for good. */
  async remove(id) {
    await this.#draft.save({ media: this.#draft.data.media.filter((one) => one.id !== id) });
    await write(["media"], (tx) => tx.store.delete(whole(id)));
  }
}

async function opened(key, id) {
  const rows = await (await database()).getAll("media", whole(id)); // in the order of their ranks
  return { parts: await Promise.all(rows.map((row) => decryptBytes(key, row))), type: rows[0]?.type };
}

/** Every text in a JSON value. */
function texts(value) {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

/** The files that go with a finished testimony, `bytes` included: no photo that no answer names. */
export async function gathered(session, { answers, media }) {
  const named = new Set(texts(answers));
  const wanted = media.filter(({ id, kind }) => kind !== "photo" || named.has(id));
  const found = await Promise.all(wanted.map(async ({ id, kind, type, question }) => {
    const { parts } = await opened(session.key, id);
    return { id, kind, type, question, bytes: new Uint8Array(await new Blob(parts).arrayBuffer()) };
  }));
  return found.filter(({ bytes }) => bytes.length);
}
