// Interviews under way: closed under the draft key, saved as one types, open in one tab only.

import { uuid7, withdrawalCode } from "./ids.js";
import { database, FieldError, ofProfile, removeDraft, write } from "./store.js";
import { decrypt, encrypt } from "./vault.js";

export { NotSaved } from "./store.js";

const DELAY = 300; // milliseconds between a tap and its save

/** Another tab of this tablet has the draft open. */
export class OpenElsewhere extends FieldError {
  constructor() {
    super(
      "Cet entretien est déjà ouvert dans un autre onglet de cette tablette. Rien n’est perdu.",
      "Revenez à cet onglet, ou fermez-le puis réessayez.",
    );
  }
}

/** No draft of this profile has this id: it was finished or erased. */
export class NoSuchDraft extends FieldError {
  constructor() {
    super(
      "Cet entretien n’est plus en cours sur cette tablette : il a été terminé ou effacé.",
      "Revenez à l’accueil : un témoignage terminé y a sa ligne.",
    );
  }
}

/** The draft was closed under a key that this profile has no more, or its bytes are damaged. */
export class Unreadable extends FieldError {
  constructor() {
    super(
      "Cet entretien ne s’ouvre plus avec cette phrase de passe. Il n’est pas effacé.",
      "Gardez le fichier de secours : la coordination saura lire cet entretien.",
    );
  }
}

/**
 * Start an interview and save it at once. `fields`: `{form, meeting, campaign, language}`, `form`
 * being a key of the package (the fingerprint is looked up there, unless it is given).
 */
export async function begin(session, fields) {
  const data = {
    answers: {},
    spot: { section: null, entry: null },
    code: withdrawalCode(),
    started_at: new Date().toISOString(),
    media: [],
    ...fields,
    id: uuid7(),
    fingerprint: fields.fingerprint ?? await fingerprint(session, fields.form),
  };
  const draft = new Draft(session, data, await held(data.id));
  try {
    await draft.save({});
  } catch (cause) {
    draft.leave();
    throw cause;
  }
  return draft;
}

async function fingerprint(session, key) {
  const aboard = await (await database()).get("aboard", session.profile.id);
  const found = aboard?.package.forms.find((form) => form.key === key)?.fingerprint;
  if (!found) {
    throw new FieldError(
      "Ce questionnaire n’est plus à bord de cette tablette. Rien n’a été commencé.",
      "Choisissez-en un autre, ou préparez de nouveau la tablette avec le réseau.",
    );
  }
  return found;
}

/** The profile's drafts, the latest first: `{id, updated, data}`; `data` is null when unreadable. */
export async function list(session) {
  const rows = await ofProfile("drafts", session.profile.id);
  const read = async ({ id, updated, ...box }) => ({
    id, updated, data: await decrypt(session.key, box).catch(() => null),
  });
  const found = await Promise.all(rows.map(read));
  return found.sort((one, other) => other.updated.localeCompare(one.updated));
}

/** Resume a draft. Throws `OpenElsewhere`, `NoSuchDraft` or `Unreadable`. */
export async function open(session, id) {
  const release = await held(id);
  try {
    const row = await (await database()).get("drafts", id);
    if (row?.profile !== session.profile.id) throw new NoSuchDraft();
    const data = await decrypt(session.key, row).catch(() => { throw new Unreadable(); });
    return new Draft(session, data, release);
  } catch (cause) {
    release();
    throw cause;
  }
}

/** Take the Web Lock of a draft; what it returns gives it back. */
function held(id) {
  return new Promise((resolve, reject) => {
    navigator.locks.request(`paroles-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) throw new OpenElsewhere();
      return new Promise((release) => { resolve(release); });
    }).catch(reject);
  });
}

/** An open draft: change `data`, then `saveSoon()`; or `save(patch)`. Made by `begin` and `open`. */
class Draft {
  #session;
  #release;
  #timer = 0;
  #asked = 0; // changes made
  #kept = 0; // changes on the disk
  #writing = Promise.resolve();
  #ended = false;
  #watcher = () => {};

  constructor(session, data, release) {
    this.id = data.id;
    this.data = data;
    this.#session = session;
    this.#release = release;
    document.addEventListener("visibilitychange", this.#now);
    for (const type of ["pagehide", "blur"]) window.addEventListener(type, this.#now);
  }

  /** Whether something changed that the disk does not have yet. */
  get unsaved() {
    return this.#asked > this.#kept;
  }

  /** Call `fn(null)` after each save, `fn(error)` after one that failed (`NotSaved`). */
  watch(fn) {
    this.#watcher = fn;
  }

  /** Note a change and save it within 300 ms, however fast one types. */
  saveSoon(patch = {}) {
    Object.assign(this.data, patch);
    this.#asked += 1;
    if (!this.#ended) this.#timer ||= setTimeout(this.#now, DELAY);
  }

  /** Note a change; it is on the disk when the promise is kept. Rejects with `NotSaved`. */
  save(patch = {}) {
    Object.assign(this.data, patch);
    this.#asked += 1;
    return this.flush();
  }

  /** Save at once what is not saved yet. */
  flush() {
    this.#rest();
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write());
    return this.#writing;
  }

  /** Save, then let another tab open it. When the save fails the draft stays open. */
  async close() {
    do await this.flush(); while (this.unsaved && !this.#ended);
    this.leave();
  }

  /** Remove the draft and its media from the tablet for good. */
  erase() {
    return this.conclude(() => write(["drafts", "media"], (tx) => removeDraft(tx, this.id)));
  }

  /** Run the last transaction of this draft: nothing is saved during it, nor after it. */
  async conclude(last) {
    this.#rest();
    this.#ended = true;
    await this.#writing.catch(() => {});
    try {
      await last(structuredClone(this.data));
    } catch (cause) {
      this.#ended = false;
      this.saveSoon();
      throw cause;
    }
    this.leave();
  }

  /** Let go of the draft as the disk has it. */
  leave() {
    this.#rest();
    this.#ended = true;
    document.removeEventListener("visibilitychange", this.#now);
    for (const type of ["pagehide", "blur"]) window.removeEventListener(type, this.#now);
    this.#release();
  }

  /** The row of this draft with what is on the screen now, as the database has it. */
  async row() {
    const box = await encrypt(this.#session.key, this.data);
    return { id: this.id, profile: this.#session.profile.id, ...box, updated: new Date().toISOString() };
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #now = () => {
    this.flush().catch(() => {}); // the watcher is told
  };

  async #write() {
    if (this.#ended || !this.unsaved) return;
    const version = this.#asked;
    try {
      const row = await this.row();
      await write(["drafts"], (tx) => tx.store.put(row));
      this.#kept = version;
      this.#watcher(null);
    } catch (cause) {
      this.#watcher(cause);
      throw cause;
    }
  }
}
