// The voice of the person, when she agreed to it: each few seconds are closed and kept as they come.

import { voiceAllowed } from "./consents.js";
import { button, fr, make } from "./dom.js";
import { FieldError } from "./store.js";

const SLICE = 4_000; // milliseconds: what a crash may lose
const LONGEST = 3_600; // seconds, of all the recordings of an interview
const HEAVIEST = 32_000_000; // bytes, of all of them
const SPEECH = 32_000; // bits a second: plenty for a voice
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

const FULL = new FieldError(
  "L’enregistrement est arrivé à sa longueur la plus grande, une heure. Il s’est arrêté, tout est gardé.",
  "Continuez par écrit.",
);
const NO_MICROPHONE = new FieldError(
  "Le micro de cette tablette ne répond pas, ou il n’est pas autorisé. Rien n’est perdu.",
  "Autorisez le micro dans les réglages du navigateur, ou continuez par écrit.",
);

/** The recording panel of an interview: `element` is shown on its screens of questions. */
export class Voice {
  #talk;
  #media;
  #take = null; // what is being recorded: {recorder, stream, medium, since}
  #writing = Promise.resolve();
  #asked = ""; // the recording whose erasure waits for a second tap
  #busy = false;
  #drawn = "";

  constructor(talk) {
    this.#talk = talk;
    this.#media = talk.media;
    this.element = make("section", { class: "card stack voice", "aria-label": "Voix", lang: "fr", dir: "ltr" });
    this.draw();
  }

  get #allowed() {
    return voiceAllowed(this.#talk.form, this.#talk.answers);
  }

  get #kept() {
    return this.#media.ofKind("voice");
  }

  /** Show the panel as things stand; stop at once when the agreement is taken back. */
  follow() {
    if (this.#take && !this.#allowed) this.#try(() => this.stop());
    this.draw();
  }

  /** Erase what is no longer agreed to. */
  async settle() {
    if (this.#allowed || !this.#kept.length) return;
    await this.stop();
    for (const { id } of this.#kept) await this.#media.remove(id);
    this.draw();
  }

  /** Record no more for the moment: somebody else holds the tablet. */
  hold() {
    if (this.#take?.recorder.state === "recording") this.#pause();
  }

  /** End the recording; what was said is on the disk when this is done. */
  async stop() {
    const take = this.#take;
    this.#take = null;
    if (take) {
      const { recorder, stream } = take;
      if (recorder.state !== "inactive") {
        const ended = new Promise((done) => { recorder.addEventListener("stop", done, { once: true }); });
        recorder.stop();
        await ended;
      }
      for (const track of stream.getTracks()) track.stop();
      take.awake?.release().catch(() => {});
    }
    await this.#writing;
    this.draw();
  }

  async #start() {
    const type = TYPES.find((one) => globalThis.MediaRecorder?.isTypeSupported(one));
    const stream = type && await navigator.mediaDevices?.getUserMedia({ audio: { channelCount: 1 } }).catch(() => null);
    if (!stream) throw NO_MICROPHONE;
    const question = this.#talk.form.sections.flatMap((one) => one.questions).find((one) => one.consent === "voix")?.name;
    const medium = await this.#media.begin("voice", type.split(";")[0], question, { seconds: 0, size: 0 });
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: SPEECH });
    const take = { recorder, stream, medium, since: Date.now(), before: 0, rank: 0, broken: false };
    recorder.addEventListener("dataavailable", ({ data }) => this.#keep(take, data));
    recorder.addEventListener("error", () => this.#try(() => this.stop()));
    this.#take = take;
    recorder.start(SLICE);
    // A screen that goes dark would put the microphone to sleep on some tablets.
    take.awake = await navigator.wakeLock?.request("screen").catch(() => null);
    if (!this.#allowed) await this.stop();
  }

  /** Keep a slice after those before it; nothing follows one that could not be kept. */
  #keep(take, data) {
    if (!data.size) return;
    take.medium.seconds = seconds(take);
    this.#writing = this.#writing.then(async () => {
      if (take.broken) return;
      await this.#media.append(take.medium, take.rank, new Uint8Array(await data.arrayBuffer()));
      take.rank += 1;
      take.medium.size += data.size;
      this.#media.note();
    }).catch((cause) => {
      take.broken = true;
      this.#try(() => this.stop());
      this.#talk.say(cause);
    });
    window.dispatchEvent(new Event("pointerdown")); // a conversation is a gesture: no lock meanwhile
    if (this.#take === take) this.#limit();
    this.draw();
  }

  #limit() {
    if (sum(this.#kept, "seconds") < LONGEST && sum(this.#kept, "size") < HEAVIEST) return;
    this.#try(() => this.stop());
    this.#talk.say(FULL);
  }

  #pause() {
    this.#take.before = seconds(this.#take);
    this.#take.since = null;
    this.#take.recorder.pause();
    this.draw();
  }

  #resume() {
    this.#take.since = Date.now();
    this.#take.recorder.resume();
    this.draw();
  }

  async #erase(id) {
    if (this.#asked !== id) {
      this.#asked = id;
      return;
    }
    this.#asked = "";
    if (this.#take?.medium.id === id) await this.stop();
    await this.#media.remove(id);
  }

  async #listen(id, place) {
    const blob = await this.#media.read(id);
    if (!blob) return;
    const player = make("audio", { controls: true, class: "voice__player", "aria-label": "Enregistrement" });
    player.src = URL.createObjectURL(blob);
    place.replaceChildren(player);
    player.play().catch(() => {}); // it waits for a tap on its own button
  }

  /** Do a gesture, one at a time, and show what became of it. */
  async #try(work) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await work();
    } catch (cause) {
      this.#talk.say(cause);
    } finally {
      this.#busy = false;
      this.draw();
    }
  }

  draw() {
    const allowed = this.#allowed;
    this.element.hidden = !allowed && !this.#kept.length;
    if (this.element.hidden) return;
    // Buttons and player stay as they are while they say the same: only the figures move.
    const now = JSON.stringify([this.#state(allowed), this.#asked, this.#kept.map(({ id }) => id)]);
    if (now === this.#drawn) {
      this.#kept.forEach((one, place) => { this.element.querySelectorAll("li > span")[place].textContent = told(one, place); });
      return;
    }
    this.#drawn = now;
    this.element.replaceChildren(
      make("p", { class: "voice__state" }, make("strong", {}, this.#state(allowed))),
      make("div", { class: "cluster" }, allowed && this.#gestures()),
      make("ul", { class: "plain stack" }, this.#kept.map((one, place) => this.#line(one, place))),
    );
  }

  #state(allowed) {
    if (!allowed) return "L’accord pour la voix n’est plus donné : l’enregistrement sera effacé à la page suivante.";
    if (!this.#take) return "La personne accepte que sa voix soit enregistrée.";
    const paused = this.#take.recorder.state === "paused";
    return paused ? "Enregistrement suspendu." : "Enregistrement en cours.";
  }

  #gestures() {
    const act = (label, work, kind) => button(label, () => this.#try(work), kind);
    if (!this.#take) {
      return act(this.#kept.length ? "Enregistrer la suite" : "Enregistrer la voix", () => this.#start(), "secondary");
    }
    const paused = this.#take.recorder.state === "paused";
    return [
      paused ? act("Reprendre", async () => this.#resume(), "secondary") : act("Suspendre", async () => this.#pause(), "secondary"),
      act("Arrêter d’enregistrer", () => this.stop(), "secondary"),
    ];
  }

  #line(one, rank) {
    const { id } = one;
    const place = make("div", {});
    const sure = this.#asked === id;
    return make("li", { class: "stack" },
      make("span", {}, told(one, rank)),
      make("p", { class: "cluster" },
        this.#take?.medium.id !== id && button("Écouter", () => this.#listen(id, place), "quiet"),
        button(sure ? "Effacer pour toujours" : "Effacer", () => this.#try(() => this.#erase(id)), sure ? "danger" : "quiet")),
      place);
  }
}

function seconds({ since, before }) {
  return before + (since === null ? 0 : Math.round((Date.now() - since) / 1000));
}

function told({ seconds: lasts = 0, size = 0 }, place) {
  return fr(`Enregistrement ${place + 1} : ${clock(lasts)}, ${(size / 1e6).toFixed(1).replace(".", ",")} Mo`);
}

function sum(rows, name) {
  return rows.reduce((total, row) => total + (row[name] ?? 0), 0);
}

/** « 2 min 05 s ». */
function clock(lasts) {
  const rest = lasts % 60;
  const minutes = (lasts - rest) / 60;
  return minutes ? `${minutes} min ${String(rest).padStart(2, "0")} s` : `${rest} s`;
}
