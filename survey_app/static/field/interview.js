// An interview on the tablet: where it stands, what is kept, which screen comes next.
// The screens are next door; nothing here or there needs a network.

import { check } from "./check.js";
import { consentProblems, decisions, mustStop } from "./consents.js";
import { button, make, show } from "./dom.js";
import { NotSaved } from "./drafts.js";
import { receiptScreen, stopScreen, thanksScreen } from "./endings.js";
import { entriesScreen, removeScreen } from "./entries.js";
import { asked, page, repeats, steps, withPage } from "./flow.js";
import { handedScreen } from "./handing.js";
import { rescue } from "./home.js";
import { Media } from "./media.js";
import { finish, queueEvent } from "./outbox.js";
import { reviewScreen } from "./review.js";
import { sectionScreen } from "./section.js";
import { Voice } from "./voice.js";

const SCREENS = {
  entries: entriesScreen,
  handed: handedScreen,
  remove: removeScreen,
  review: reviewScreen,
  section: sectionScreen,
  stop: stopScreen,
};

// Where one may record while listening; the last reading says what was kept.
const LISTENING = new Set(["section", "entries", "review"]);

/**
 * Go through an interview. `draft` is open; `form`, `campaign` and `meeting` are of the package.
 * `onDone(kind)` is called once it is over ("finished", "refused", "erased"), `onLeave()` once it
 * is paused. Returns the interview: `detach()` when another screen takes its place.
 */
export function showInterview(main, options) {
  const talk = new Interview(main, options);
  talk.resume();
  return talk;
}

class Interview {
  #over = null;
  #busy = false;
  #screen = null;
  #popped = (event) => this.#back(event.state);

  constructor(main, { session, draft, form, campaign, meeting, onDone, onLeave }) {
    Object.assign(this, { main, session, draft, form, campaign, meeting, onDone, onLeave });
    this.alert = make("div", { role: "alert" });
    this.media = new Media(session, draft);
    this.voice = new Voice(this);
    draft.watch((error) => this.say(error));
    window.addEventListener("popstate", this.#popped);
  }

  get answers() {
    return this.draft.data.answers;
  }

  get code() {
    return this.draft.data.code;
  }

  /** Go on where the interview stood. */
  resume() {
    this.go(this.#at(this.draft.data.spot ?? {}));
  }

  /** The sections to go through. */
  steps() {
    return steps(this.form, this.answers, decisions(this.form, this.answers).noter !== "not_asked");
  }

  section(name) {
    return this.form.sections.find((one) => one.name === name);
  }

  /** The screen of a section or of an entry; the nearest one when nothing is asked there now. */
  #at({ section = null, entry = null }) {
    const known = this.steps().filter((one) => this.#asks(one));
    const found = known.find((one) => one.name === section) ?? known[0];
    if (!found) return { name: "review" };
    const spot = { section: found.name, entry: repeats(found) ? entry : null };
    const list = repeats(found) && (entry === null || !page(this.form, this.answers, spot));
    return list ? { name: "entries", spot: { ...spot, entry: null } } : { name: "section", spot };
  }

  #asks(section) {
    const now = asked(this.form, this.answers).get(section.name);
    return Boolean(now && (repeats(section) || now.length));
  }

  /** The section before or after; the last reading after the last one. */
  neighbour(name, step) {
    const names = this.steps().map((one) => one.name);
    const place = names.indexOf(name);
    const beyond = step < 0 ? names.slice(0, Math.max(place, 0)).reverse() : names.slice(place + 1);
    const found = beyond.find((one) => this.#asks(this.section(one)));
    if (found) return this.#at({ section: found });
    return step < 0 ? this.#at({ section: name }) : { name: "review" };
  }

  /** Keep what a page holds now, within a moment. */
  keep(spot, own) {
    this.draft.saveSoon({ answers: withPage(this.form, this.answers, spot, own), spot });
    this.voice.follow();
  }

  /** Keep other answers, at a spot. */
  change(answers, spot) {
    this.draft.saveSoon({ answers, spot });
  }

  /** Go to a screen; the browser's back button comes back from it. */
  go(screen) {
    history.pushState({ interview: this.draft.id, screen }, "");
    this.#render(screen);
  }

  #render(screen) {
    this.#screen = screen;
    if (screen.name === "handed") this.voice.hold();
    this.voice.settle().catch((error) => this.say(error));
    if (screen.spot) this.draft.saveSoon({ spot: { section: screen.spot.section, entry: screen.spot.entry ?? null } });
    const nodes = SCREENS[screen.name](this, screen);
    if (nodes) this.show(LISTENING.has(screen.name) && this.voice.element, ...nodes);
    else this.go(this.#at({ section: screen.spot?.section }));
  }

  show(...nodes) {
    show(this.main, this.alert, ...nodes);
  }

  #back(state) {
    if (this.#over) {
      this.done();
    } else if (this.#screen.name === "handed") {
      history.pushState({ interview: this.draft.id, screen: this.#screen }, "");
    } else if (state?.interview !== this.draft.id) {
      this.pause();
    } else {
      const { screen } = state;
      this.#render(screen.name === "handed" ? { name: "section", spot: screen.spot } : screen);
    }
  }

  /** Say what went wrong above everything, or nothing any more. */
  say(error) {
    const told = error && make("div", { class: "notice notice--error stack" },
      make("p", {}, `${error.message} ${error.remedy ?? ""}`.trim()),
      error instanceof NotSaved && make("p", {}, button("Garder le fichier de secours", () => this.#rescue(), "secondary")));
    this.alert.replaceChildren(...(told ? [told] : []));
  }

  #rescue() {
    rescue(this.session, this.draft).catch((error) => this.say(error));
  }

  /** Whether the conversation ends on this page: nobody agreed, and no word is kept. */
  stopAt(spot) {
    if (!mustStop(this.form, this.answers)) return false;
    const here = new Set(this.section(spot.section).questions.map((one) => one.name));
    if (Object.keys(this.answers).every((name) => here.has(name.replace(/__nr$/, "")))) this.refuse();
    else this.go({ name: "stop", refused: true });
    return true;
  }

  /** Nothing is kept; one refusal is counted. */
  refuse() {
    return this.#end("refused", "refusal", () => this.#forget());
  }

  /** Stopped by the person: nothing is kept; one interview stopped is counted. */
  erase() {
    return this.#end("erased", "stopped", () => this.#forget());
  }

  async #forget() {
    await this.voice.stop();
    await this.draft.erase();
    return thanksScreen(this);
  }

  /** What prevents finishing now: problems, with where they are. */
  obstacles() {
    const { values, problems } = check(this.form, this.answers);
    return problems.length ? problems : consentProblems(this.form, values);
  }

  /** Seal what stands, then give its card; `stopped` when the person stopped before the end. */
  finish(stopped = false) {
    const { values } = check(this.form, this.answers);
    return this.#end("finished", stopped ? "stopped" : null, async () => {
      await this.voice.stop();
      await this.voice.settle();
      const typed = this.answers;
      this.draft.data.answers = values;
      try {
        await finish(this.session, this.draft);
      } catch (error) {
        this.draft.saveSoon({ answers: typed });
        throw error;
      }
      return receiptScreen(this, decisions(this.form, values).recontact === "granted");
    });
  }

  /** Do the last gesture once and count it, then show its screen; when it fails all goes on. */
  async #end(kind, counted, work) {
    if (this.#busy || this.#over) return;
    this.#busy = true;
    try {
      const nodes = await work();
      this.#over = kind;
      this.say(null);
      this.show(...nodes);
      if (counted) await queueEvent(this.session, counted, { meeting: this.draft.data.meeting });
    } catch (error) {
      this.say(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Keep everything and go out, to resume later. */
  async pause() {
    try {
      await this.voice.stop();
      await this.draft.close();
      this.detach();
      this.onLeave();
    } catch (error) {
      this.say(error);
    }
  }

  /** Let go of the screen: no back button brings anything of this interview any more. */
  detach() {
    window.removeEventListener("popstate", this.#popped);
    this.voice.stop().catch(() => {}); // what was kept is kept
  }

  /** The interview is over and its last screen was read. */
  done() {
    this.detach();
    this.onDone(this.#over);
  }
}
