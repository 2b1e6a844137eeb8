// Which sections and questions are asked on the tablet, given what was answered so far: the same
// as questionnaires/relevance.py and services/filling.py. Browser tests hold both together.
// A form is what services/aboard_forms.py describes; answers are in their JSON form.

import { holds } from "../js/expressions.js";

/** Whatever Python calls a space, no more and no less. */
export const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const BLANK = new RegExp(`^${SPACE}*$`);
const SILENCES = ["ne_sait_pas", "refus"];

/** Whether a text holds nothing but spaces. */
export function isBlank(text) {
  return BLANK.test(text);
}

/** Whether the answer says that there is none: « Je ne sais pas », « Je ne veux pas répondre ». */
export function isSilence(answer) {
  return isMapping(answer) && Object.keys(answer).length === 1 && SILENCES.includes(answer.non_response);
}

/** Whether nothing was answered: a silence is an answer. */
export function isEmpty(answer) {
  if (typeof answer === "string") return isBlank(answer);
  return answer === null || answer === undefined || (Array.isArray(answer) && !answer.length);
}

export function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a section's answers are a list of entries. */
export function repeats(section) {
  return section.max_entries !== null;
}

export function has(answers, name) {
  return Object.hasOwn(answers, name);
}

function settle(form, answers, { today = null, outer = {} } = {}) {
  const values = new Map([...Object.entries(outer), ...Object.entries(answers)]);
  const kept = new Map();
  const wanted = ({ relevant }) => !relevant || holds(relevant, Object.fromEntries(values), null, today);
  for (const section of form.sections) {
    const open = wanted(section);
    const questions = [];
    for (const question of section.questions) {
      if (open && !repeats(section) && wanted(question)) questions.push(question);
      else values.delete(question.name);
    }
    if (open) kept.set(section.name, questions);
  }
  return { kept, values: Object.fromEntries(values) };
}

/** Map of each relevant section's name to its questions to ask; none for a repeated section.
 * `around`: `today` ("YYYY-MM-DD"), `outer` (settled answers around one entry). */
export function asked(form, answers, around) {
  return settle(form, answers, around).kept;
}

/** The answers that conditions may read: those of the questions that are asked. */
export function settled(form, answers, around) {
  return settle(form, answers, around).values;
}

/** Answers to the questions that are asked, in their order; repeated sections are left out. */
export function relevantAnswers(form, answers, around) {
  const names = [...asked(form, answers, around).values()].flat().map((question) => question.name);
  const given = names.filter((name) => has(answers, name) && !isEmpty(answers[name]));
  return Object.fromEntries(given.map((name) => [name, answers[name]]));
}

/** The entries given to a repeated section; what is not an entry is left out. */
export function entries(section, answers) {
  const given = has(answers, section.name) ? answers[section.name] : null;
  return Array.isArray(given) ? given.filter(isMapping) : [];
}

/** One entry of a repeated section as a form of its own. */
export function entryForm(form, section) {
  return { ...form, sections: [{ ...section, relevant: null, repeat: null, french_repeat: null, max_entries: null }] };
}

/** The sections to go through, where something is asked; all as long as nothing says so. */
export function steps(form, answers, agreed) {
  if (!agreed) return form.sections;
  const now = asked(form, answers);
  return form.sections.filter((one) => now.get(one.name)?.length || (repeats(one) && now.has(one.name)));
}

/**
 * What stands at a spot `{section, entry}`: the form it follows, its section, the answers it
 * edits, those around, the questions asked now. Null when nothing is to be asked there.
 */
export function page(form, answers, spot) {
  const section = form.sections.find((one) => one.name === spot.section);
  const now = asked(form, answers);
  if (!section || !now.has(section.name)) return null;
  const rank = spot.entry ?? null;
  if (!repeats(section)) {
    const questions = now.get(section.name);
    return rank === null && questions.length ? { form, section, answers, outer: {}, questions } : null;
  }
  const given = entries(section, answers);
  if (rank === null || rank < 1 || rank > Math.min(given.length + 1, section.max_entries)) return null;
  const inside = entryForm(form, section);
  const outer = settled(form, answers);
  const own = given[rank - 1] ?? {};
  const questions = asked(inside, own, { outer }).get(section.name) ?? [];
  return questions.length ? { form: inside, section: inside.sections[0], answers: own, outer, questions } : null;
}

/** The answers once what a page holds is `own`; an empty entry is not added. */
export function withPage(form, answers, spot, own) {
  if ((spot.entry ?? null) === null) return own;
  const section = form.sections.find((one) => one.name === spot.section);
  const listed = [...entries(section, answers)];
  if (Object.keys(own).length || spot.entry <= listed.length) listed[spot.entry - 1] = own;
  return { ...answers, [section.name]: listed };
}

/** The answers once an entry is taken out. */
export function withoutEntry(form, answers, spot) {
  const section = form.sections.find((one) => one.name === spot.section);
  const listed = entries(section, answers).filter((_entry, place) => place !== spot.entry - 1);
  return { ...answers, [section.name]: listed };
}
