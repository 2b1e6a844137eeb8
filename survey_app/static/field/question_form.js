// A page of questions as the online one is made, put on the tablet's screen and kept at each tap.

import { startFilling } from "../js/filling.js";
import { fill, read } from "./answers.js";
import { fr, make } from "./dom.js";
import { settled } from "./flow.js";
import { addAnswers, livePhotos } from "./photo.js";

/** The code of the person's card as a text of that direction says it. */
function code(text, direction) {
  return direction === "rtl" ? `\u2068${text}\u2069` : text;
}

/** The questions that our server rendered, or only the one named `only`. */
function questions(form, section, paperCode, only) {
  const template = document.createElement("template");
  template.innerHTML = section.html.replaceAll("{code_retrait}", code(paperCode, form.direction));
  if (only) {
    for (const one of template.content.querySelectorAll(".question")) if (one.dataset.question !== only) one.remove();
  }
  addAnswers(template.content);
  return template.content;
}

/**
 * The form of a page. `here` is what flow.page gives, `code` the person's; each touch gives the
 * page's answers to `changed(own)`, `media` keeps its photos. `only` names the one question to
 * show. Returns `{element, shown()}`: the names of the questions that count now.
 */
export function questionForm(here, { code: paperCode, html, media, changed, only = null }) {
  const element = make("form", { class: "stack interview", novalidate: true, autocomplete: "off" });
  element.addEventListener("submit", (event) => event.preventDefault());
  element.append(questions(here.form, { html }, paperCode, only));
  fill(element, here.answers);
  const own = new Set(here.section.questions.map((one) => one.name).filter((name) => !only || name === only));
  const around = { ...here.outer, ...settled(here.form, here.answers, { outer: here.outer }) };
  const known = Object.fromEntries(Object.entries(around).filter(([name]) => !own.has(name)));
  let names = [];
  let started = false;
  let { answers } = here;
  startFilling(element, {
    known,
    today: null,
    changed: (shown) => {
      names = shown;
      if (!started) return;
      answers = read(element, here, answers, shown);
      changed(answers);
    },
  });
  started = true;
  livePhotos(element, media);
  return { element, shown: () => names };
}

/** Say each problem under its question, and list them above; gives the list, or null. */
export function showProblems(element, problems, label) {
  for (const old of element.querySelectorAll("[data-problem]")) {
    for (const field of old.closest(".field").querySelectorAll("[aria-invalid]")) forget(field, old.id);
    old.closest(".field").classList.remove("field--wrong");
    old.remove();
  }
  for (const problem of problems) {
    const question = element.querySelector(`[data-question="${CSS.escape(problem.where)}"]`);
    const field = question?.querySelector(".field");
    if (field) point(field, problem, `q-${problem.where}-erreur`);
  }
  if (!problems.length) return null;
  const items = problems.map(({ where, message }) => {
    const link = make("a", { href: `#q-${where}-question` }, label(where));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(`q-${where}-question`)?.focus();
    });
    return make("li", {}, link, fr(" : "), message);
  });
  return make("div", { class: "notice notice--error", role: "alert", tabindex: "-1" },
    make("p", {}, make("strong", {}, "Quelques points sont à revoir. Rien de ce que vous avez écrit n’est perdu.")),
    make("ul", {}, items));
}

/** The problem stands right before what is to be filled, and is read with it. */
function point(field, problem, id) {
  field.classList.add("field--wrong");
  const said = make("p", { class: "field__error", id, lang: "fr", dir: "ltr", dataset: { problem: "" } }, problem.message);
  const group = field.matches("fieldset");
  const target = group ? field : field.querySelector("textarea, input, select") ?? field;
  (group ? field.querySelector(".choices, .ranks") : target).before(said);
  target.setAttribute("aria-describedby", `${target.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  if (!group) target.setAttribute("aria-invalid", "true");
  if (problem.offered !== undefined) {
    target.value = problem.offered;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function forget(target, id) {
  target.setAttribute("aria-describedby", (target.getAttribute("aria-describedby") ?? "").replace(id, "").trim());
  target.removeAttribute("aria-invalid");
}
