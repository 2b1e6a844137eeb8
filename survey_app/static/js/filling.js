// Filling a page of questions: conditions live, exclusive choices, ranks, photos.
// Online it is comfort only: every page works without this file, and the server decides. The
// tablet's interview (static/field) starts the very same on the forms that it shows.

import { holds } from "./expressions.js";
import { preparePhotos } from "./photos.js";

/** The fields that hold the answer itself, not « Je ne sais pas » nor a photo's switch. */
export function fields(question) {
  const name = question.dataset.question;
  return [...question.querySelectorAll("input, select, textarea")].filter((field) => field.name === name);
}

/** The answer as the server reads it; « Je ne sais pas » reads as nothing. */
function answer(question) {
  const given = fields(question)
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value)
    .filter((value) => value.trim());
  switch (question.dataset.type) {
    case "select_multiple":
    case "rank":
      return given;
    case "integer":
      return whole(given[0]);
    case "image":
      return given[0] ?? (question.querySelector('input[type="file"]')?.value ? "photo" : null);
  }
  return given[0] ?? null;
}

/** A whole number written with or without spaces; anything else stays as it was typed. */
function whole(typed = null) {
  const digits = typed?.replace(/[ \u00a0\u202f]/g, "");
  return digits && /^[+-]?[0-9]{1,12}$/.test(digits) ? Number(digits) : typed;
}

/** Whether anything is written in a question, which is then sent even if it is no longer asked. */
function written(question) {
  const given = answer(question);
  return Array.isArray(given) ? given.length > 0 : given !== null;
}

/**
 * Show the questions that are asked now, in order: the answer of a hidden one counts as none.
 * What is hidden and empty is not sent; what was written there is, and it is kept.
 * Gives the names of the questions whose answers are sent.
 */
function ask(questions, known, today) {
  const values = new Map(Object.entries(known));
  for (const question of questions) values.set(question.dataset.question, answer(question));
  const shown = [];
  for (const question of questions) {
    const { relevant, question: name } = question.dataset;
    const asked = !relevant || holds(JSON.parse(relevant), Object.fromEntries(values), null, today);
    if (!asked) values.delete(name);
    question.hidden = !asked;
    const sent = asked || written(question);
    if (sent) shown.push(name);
    for (const field of question.querySelectorAll("input, select, textarea")) field.disabled = !sent;
  }
  return shown;
}

/** Give an answer and « Je ne sais pas » is unticked; tick it and the choices are. */
function pair(question, field) {
  const silent = question.querySelector(".silent");
  if (!silent) return;
  if (!silent.contains(field)) {
    silent.querySelector('input[value=""]').checked = true;
  } else if (field.value) {
    // Written words are never erased by a tap: the server asks which of the two stands.
    for (const choice of fields(question)) {
      if (choice.tagName === "SELECT") choice.value = "";
      else if (["radio", "checkbox"].includes(choice.type)) choice.checked = false;
    }
  }
}

/** « Aucun » goes alone. */
function alone(question, field) {
  if (field.type !== "checkbox" || !field.checked || field.name !== question.dataset.question) return;
  for (const other of fields(question)) {
    if (other !== field && (field.dataset.alone || other.dataset.alone)) other.checked = false;
  }
}

/** Once the maximum is ticked, the other boxes wait; « Aucun » does not. */
function limit(question) {
  const most = Number(question.dataset.max);
  const boxes = fields(question).filter((field) => field.type === "checkbox");
  if (!most || !boxes.length) return;
  const full = boxes.filter((box) => box.checked).length >= most;
  for (const box of boxes) box.disabled = full && !box.checked && !box.dataset.alone;
}

/** A choice already taken at a rank is not offered at another. */
function rank(question) {
  const lists = [...question.querySelectorAll(".ranks select")];
  const taken = new Set(lists.map((list) => list.value).filter(Boolean));
  for (const list of lists) {
    for (const option of list.options) option.disabled = taken.has(option.value) && option.value !== list.value;
  }
}

/**
 * Make a form of questions live. `known` are the answers from elsewhere that its conditions
 * read, `today` is "YYYY-MM-DD", `changed` receives the names of the questions whose answers
 * are sent, at once and then at each touch. Gives what does it all again.
 */
export function startFilling(form, { known, today, changed }) {
  const questions = [...form.querySelectorAll(".question")];
  const update = () => {
    const shown = ask(questions, known, today);
    for (const question of questions.filter((one) => !one.hidden)) {
      limit(question);
      rank(question);
    }
    changed(shown);
  };
  form.addEventListener("input", (event) => {
    const question = event.target.closest(".question");
    if (question) {
      pair(question, event.target);
      alone(question, event.target);
    }
    update();
  });
  update();
  return update;
}

/** Ask before a page with unsaved words is left. */
function guard(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

const form = document.querySelector("form[data-filling]");

if (form) {
  const update = startFilling(form, {
    known: JSON.parse(form.dataset.known),
    today: form.dataset.today,
    // A name that no question has says that a script was there, and that nothing is asked.
    changed: (shown) => { form.elements.shown.value = shown.join(" ") || "-"; },
  });
  // A page that the browser brings back may hold other answers than those that were sent.
  window.addEventListener("pageshow", update);
  guard(form);
  preparePhotos(form, update);
}
