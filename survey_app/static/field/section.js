// The screen of one section, or of one entry of a section that repeats.

import { check } from "./check.js";
import { button, make } from "./dom.js";
import { entries, page, withoutEntry } from "./flow.js";
import { actions, leaving, partTitle, progressOf } from "./pieces.js";
import { questionForm, showProblems } from "./question_form.js";
import { entryTitle } from "./reading.js";

/** The nodes of the screen; null when nothing is to be asked there now. */
export function sectionScreen(talk, { spot, focus = null }) {
  const here = page(talk.form, talk.answers, spot);
  if (!here) return null;
  const section = talk.section(spot.section);
  const asking = questionForm(here, { code: talk.code, html: section.html, media: talk.media, changed: (own) => talk.keep(spot, own) });
  const summary = make("div", {});
  for (const question of asking.element.querySelectorAll(".question:not(.read-aloud)")) {
    question.append(handing(talk, spot, question.dataset.question));
  }
  const tell = (wrong) => {
    const listed = showProblems(asking.element, wrong, (name) => label(here, name));
    summary.replaceChildren(...(listed ? [listed] : []));
  };
  const leave = (after) => () => { finishEntry(talk, spot); after(); };
  const next = (screen) => () => {
    if (talk.stopAt(spot)) return;
    const wrong = isNewAndEmpty(talk, spot) ? [] : problems(talk, spot, asking.shown());
    tell(wrong);
    if (wrong.length) summary.firstChild.focus();
    else leave(() => talk.go(screen()))();
  };
  const ways = spot.entry ? waysOfEntry(talk, spot, next, leave) : waysOfSection(talk, spot, next);
  asking.element.append(actions(ways, leaving(talk)), make("p", { class: "muted" },
    "La personne peut s’arrêter à tout moment, sans dire pourquoi. Chaque réponse est gardée dès qu’elle est donnée."));
  // What was answered and does not fit is said at once; what is not answered yet is no fault.
  tell(problems(talk, spot, asking.shown().filter((name) => Object.hasOwn(here.answers, name))));
  if (focus) requestAnimationFrame(() => document.getElementById(`q-${focus}-question`)?.focus());
  return [progressOf(talk, spot.section), title(talk, section, spot), summary, asking.element];
}

function title(talk, section, spot) {
  if (!spot.entry) return partTitle(talk.form, section.title, section.french_title);
  return partTitle(talk.form, entryTitle(section, spot.entry, false), entryTitle(section, spot.entry));
}

function label(here, name) {
  return here.section.questions.find((one) => one.name === name)?.label ?? name;
}

function handing(talk, spot, question) {
  const go = () => talk.go({ name: "handed", spot, question });
  return make("p", { class: "hand-over", lang: "fr", dir: "ltr" }, button("Donner la tablette", go, "quiet"));
}

function waysOfSection(talk, spot, next) {
  const first = talk.steps()[0]?.name === spot.section;
  return [
    button("Continuer", next(() => talk.neighbour(spot.section, 1))),
    !first && button("Revenir en arrière", () => talk.go(talk.neighbour(spot.section, -1)), "secondary"),
  ];
}

function waysOfEntry(talk, spot, next, leave) {
  const list = () => ({ name: "entries", spot: { section: spot.section, entry: null } });
  const again = () => {
    const section = talk.section(spot.section);
    const count = entries(section, talk.answers).length;
    return count < section.max_entries ? { name: "section", spot: { section: section.name, entry: count + 1 } } : list();
  };
  return [
    button("C’est noté", next(list)),
    button("C’est noté, en ajouter", next(again), "secondary"),
    button("Revenir à la liste", leave(() => talk.go(list())), "secondary"),
  ];
}

/** The entry of a spot, undefined when nothing of it was kept. */
function entryAt(talk, spot) {
  return spot.entry ? entries(talk.section(spot.section), talk.answers)[spot.entry - 1] : undefined;
}

function isNewAndEmpty(talk, spot) {
  return Boolean(spot.entry) && !Object.keys(entryAt(talk, spot) ?? {}).length;
}

/** An entry in which nothing is written any more is no entry. */
function finishEntry(talk, spot) {
  if (entryAt(talk, spot) && isNewAndEmpty(talk, spot)) {
    talk.change(withoutEntry(talk.form, talk.answers, spot), { section: spot.section, entry: null });
  }
}

/** What is wrong with the questions that the page shows. */
function problems(talk, spot, shown) {
  const here = page(talk.form, talk.answers, spot);
  if (!here) return [];
  const found = check(here.form, here.answers, { outer: here.outer }).problems;
  return found.filter(({ where }) => shown.includes(where));
}
