// What several screens of an interview are made of.

import { button, make, words } from "./dom.js";

/** Where the interview stands: a bar and its words. */
export function progress(step, count) {
  return make("div", { class: "progress" },
    make("label", { class: "progress__label", for: "avancement" }, `Étape ${step} sur ${count}`),
    make("progress", { id: "avancement", max: count, value: step }, `${step} / ${count}`));
}

/** The bar of a section among those to go through, the last reading being the last step. */
export function progressOf(talk, name) {
  const names = talk.steps().map((one) => one.name);
  return progress(Math.max(names.indexOf(name), 0) + 1, names.length + 1);
}

/** The title of a part in the interview's language; French below, small. */
export function partTitle(form, said, french) {
  if (form.language === "fr" || said === french) return make("h1", {}, french);
  const small = make("small", { class: "in-french", lang: "fr", dir: "ltr" }, french);
  return make("h1", { lang: form.language, dir: form.direction }, words(said), words(" "), small);
}

/** Pause and stop, offered on every screen of questions. */
export function leaving(talk) {
  return [
    button("Mettre en pause", () => talk.pause(), "secondary"),
    button("Arrêter l’entretien", () => talk.go({ name: "stop" }), "danger"),
  ];
}

export function actions(...buttons) {
  return make("div", { class: "actions" }, buttons);
}

/** Questions with the answers that people gave, each problem under its own. */
export function answerLines(found) {
  return make("dl", { class: "answers" }, found.map((line) => [
    make("dt", {}, line.label),
    make("dd", line.words ? { class: "said", dir: "auto" } : {},
      line.answer
        ? make("span", { dir: "auto" }, line.words ? words(line.answer) : line.answer)
        : make("span", { class: "muted" }, "pas de réponse"),
      line.problem && make("p", { class: "field__error" }, line.problem)),
  ]));
}

/** A card with the code of the person's card, in big. */
export function codeCard(talk, title, explanation, ...more) {
  return make("section", { class: "card paper stack", "aria-labelledby": "carte" },
    make("h2", { id: "carte" }, title),
    make("p", {}, explanation),
    make("p", { class: "paper-code", dir: "ltr" }, words(talk.code)),
    more);
}
