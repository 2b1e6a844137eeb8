// Between the fields of a page of questions and the answers in their JSON form.

import { fields } from "../js/filling.js";
import { isEmpty, isSilence } from "./flow.js";
import { Refused } from "./problems.js";
import { read as readAnswer } from "./types.js";

const SILENCE = "__nr";
const SEVERAL = ["select_multiple", "rank"];
const TICKED = ["radio", "checkbox"];

function elements(form) {
  return [...form.querySelectorAll(".question")];
}

/** What is written or ticked in a question's own fields. */
function given(question) {
  return fields(question)
    .filter((field) => !TICKED.includes(field.type) || field.checked)
    .map((field) => field.value)
    .filter((value) => !isEmpty(value));
}

function silence(question) {
  const said = question.querySelector(".silent input:checked")?.value;
  return said ? { non_response: said } : null;
}

/**
 * The answers of a page once the questions named `shown` say what its fields say; those of the
 * others stay as they are in `kept`. What can be read is kept as it is read, the rest as it was
 * typed: nothing is dropped. `here`: the form and the section of the page.
 */
export function read(element, here, kept, shown) {
  const found = new Map(Object.entries(kept));
  for (const one of elements(element)) {
    const name = one.dataset.question;
    const question = here.section.questions.find((item) => item.name === name);
    if (!shown.includes(name) || question.type === "note") continue;
    found.delete(name);
    found.delete(name + SILENCE);
    const typed = given(one);
    const silent = silence(one);
    if (typed.length) {
      found.set(name, value(here.form, question, SEVERAL.includes(question.type) || typed.length > 1 ? typed : typed[0]));
      if (silent) found.set(name + SILENCE, silent);
    } else if (silent) {
      found.set(name, silent);
    }
  }
  return Object.fromEntries(found);
}

function value(form, question, typed) {
  try {
    return readAnswer(form, question, typed);
  } catch (error) {
    if (error instanceof Refused) return typed;
    throw error;
  }
}

/** Put answers in the fields of a page, right or wrong, as they were given. */
export function fill(element, answers) {
  for (const question of elements(element)) {
    const name = question.dataset.question;
    const answer = Object.hasOwn(answers, name) ? answers[name] : null;
    const beside = Object.hasOwn(answers, name + SILENCE) ? answers[name + SILENCE] : null;
    const silent = [answer, beside].find(isSilence)?.non_response;
    for (const field of question.querySelectorAll(".silent input")) field.checked = field.value === (silent ?? "");
    if (!isEmpty(answer) && !isSilence(answer)) write(fields(question), [answer].flat().map(String));
  }
}

function write(inputs, texts) {
  inputs.forEach((field, rank) => {
    if (TICKED.includes(field.type)) {
      field.checked = texts.includes(field.value);
    } else {
      const text = (field.tagName === "SELECT" ? texts[rank] : texts[0]) ?? "";
      field.value = text;
      // A native calendar shows nothing of what it cannot read: what was typed stays to be seen.
      if (field.tagName === "INPUT" && field.value !== text) {
        field.type = "text";
        field.value = text;
      }
    }
  });
}
