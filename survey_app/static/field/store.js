// What the tablet keeps: one IndexedDB database, written durably or not at all.

import { openDB } from "./vendor/idb.js";

export const NAME = "paroles-terrain";
const VERSION = 1;

/** Something the person reads: what happened (`message`), then what to do (`remedy`). */
export class FieldError extends Error {
  constructor(message, remedy = "", options = {}) {
    super(message, options);
    this.name = new.target.name;
    this.remedy = remedy;
  }
}

/** A write did not happen: the tablet is full, or its storage fails. Nothing was changed. */
export class NotSaved extends FieldError {
  constructor(cause) {
    const full = cause?.name === "QuotaExceededError";
    super(
      full
        ? "Non enregistré : il n’y a plus de place sur cette tablette. Rien de ce qui était enregistré n’est perdu."
        : "Non enregistré : la mémoire de cette tablette ne répond pas. Rien de ce qui était enregistré n’est perdu.",
      "Ne fermez pas cette page. Gardez le fichier de secours, envoyez ce qui attend ou libérez de la place, puis réessayez.",
      { cause },
    );
    this.full = full;
  }
}

let opening = null;

/** The open database, made on first use. */
export function database() {
  opening ??= openDB(NAME, VERSION, { upgrade, blocking: leave, terminated: forget }).catch((cause) => {
    forget();
    throw cause;
  });
  return opening;
}

function upgrade(db) {
  db.createObjectStore("profiles", { keyPath: "id" });
  db.createObjectStore("aboard", { keyPath: "profile" });
  for (const name of ["drafts", "outbox", "sent"]) {
    db.createObjectStore(name, { keyPath: "id" }).createIndex("profile", "profile");
  }
  const media = db.createObjectStore("media", { keyPath: ["id", "rank"] });
  media.createIndex("draft", "draft");
  media.createIndex("profile", "profile");
}

function forget() {
  opening = null;
}

// A newer version of the page, in another tab, needs the database to itself for a moment.
function leave(_current, _blocked, event) {
  forget();
  event.target.close();
}

/**
 * Run `work(tx)` in one read-write transaction over these stores. It is on the disk when the
 * promise is kept; when it is broken (`NotSaved`, or the FieldError that `work` threw) nothing of
 * it happened. `work` may await nothing but requests of this transaction.
 */
export async function write(stores, work) {
  try {
    const db = await database();
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const done = tx.done;
    done.catch(() => {}); // told below, once
    try {
      const found = await work(tx);
      await done;
      return found;
    } catch (cause) {
      abort(tx);
      throw cause;
    }
  } catch (cause) {
    throw cause instanceof FieldError ? cause : new NotSaved(cause);
  }
}

function abort(tx) {
  try {
    tx.abort();
  } catch {
    // The fault had already ended it.
  }
}

/** Remove a draft and its media, inside a transaction over "drafts" and "media". */
export async function removeDraft(tx, id) {
  const media = tx.objectStore("media");
  const keys = await media.index("draft").getAllKeys(id);
  await Promise.all([tx.objectStore("drafts").delete(id), ...keys.map((key) => media.delete(key))]);
}

/** The rows of one profile in a store that has the index. */
export async function ofProfile(store, profileId) {
  return (await database()).getAllFromIndex(store, "profile", profileId);
}

/** What `read` keeps of each row of the outbox, one row in memory at a time: some are heavy. */
export async function scanOutbox(profileId, read) {
  const { store } = (await database()).transaction("outbox");
  const found = [];
  const rows = profileId ? store.index("profile").iterate(profileId) : store.iterate();
  for await (const { value } of rows) found.push(read(value));
  return found;
}
