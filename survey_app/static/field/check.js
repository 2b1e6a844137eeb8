// The check of answers on the tablet: the same as questionnaires/checking.py, sentence for
// sentence (they come aboard with the form). Browser tests hold both together.

import { holds } from "../js/expressions.js";
import { asked, entries, entryForm, has, isEmpty, isMapping, isSilence, repeats, settled } from "./flow.js";
import { Refused, problem } from "./problems.js";
import { read } from "./types.js";

const SILENCE = "__nr"; // beside the field `aime`, `aime__nr` holds its silence

function required(form, question) {
  return problem(form, "required", question.name, { label: question.label });
}

/**
 * Check answers against a form. `values` can be kept; `dropped` holds, as received, what is not
 * in `values`; `problems` say what is to be seen to. Never throws, whatever the answers hold.
 * `around`: `today` ("YYYY-MM-DD"), `outer` (settled answers around one entry).
 */
export function check(form, answers, around = {}) {
  const result = { values: new Map(), problems: [], dropped: new Map() };
  const once = form.sections.filter((one) => !repeats(one)).flatMap((one) => one.questions);
  const known = new Set(once.map((one) => one.name));
  for (const section of form.sections) if (repeats(section)) known.add(section.name);
  const torn = once.filter((one) => has(answers, one.name) && !isEmpty(answers[one.name])
    && has(answers, one.name + SILENCE) && isSilence(answers[one.name + SILENCE]));
  const both = new Set(torn.map((one) => one.name + SILENCE));
  for (const [name, answer] of Object.entries(answers)) {
    if (known.has(name)) continue;
    result.dropped.set(name, answer);
    if (!both.has(name)) result.problems.push(problem(form, "unknown-question", name, { name: [...name].slice(0, 80).join("") }));
  }
  const values = new Map();
  for (const question of once) {
    if (has(answers, question.name) && !isEmpty(answers[question.name])) {
      values.set(question.name, take(form, question, answers[question.name], result));
    }
  }
  keepRelevant(form, Object.fromEntries(values), answers, result, around, new Set(once.map((one) => one.name)));
  checkRepeats(form, Object.fromEntries(values), answers, result, around);
  for (const one of torn) {
    if (result.values.has(one.name)) result.problems.push(problem(form, "both-answers", one.name));
  }
  return {
    values: Object.fromEntries(result.values),
    problems: result.problems,
    dropped: Object.fromEntries(result.dropped),
  };
}

/** The value, or an empty one with its problem when the answer cannot be read. */
function take(form, question, answer, result) {
  if (isSilence(answer) && question.offers_non_response) return answer;
  try {
    if (isSilence(answer)) throw new Refused([required(form, question)]);
    return read(form, question, answer);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    result.problems.push(...error.problems);
    result.dropped.set(question.name, answer);
    return "";
  }
}

/** Keep what is asked, set the rest aside, and check what must be there and hold. */
function keepRelevant(form, values, answers, result, { today = null, outer = {} }, known) {
  const wanted = new Set([...asked(form, values, { today, outer }).values()].flat().map((one) => one.name));
  const seen = Object.fromEntries([...Object.entries(outer), ...Object.entries(values).filter(([name]) => wanted.has(name))]);
  const refused = new Set(result.problems.map((one) => one.where));
  for (const question of form.sections.filter((one) => !repeats(one)).flatMap((one) => one.questions)) {
    const { name } = question;
    const value = has(values, name) ? values[name] : "";
    if (!wanted.has(name)) {
      if (has(values, name)) result.dropped.set(name, answers[name]);
    } else if (!isEmpty(value)) {
      result.values.set(name, value);
      if (!isSilence(value) && question.constraint && !holds(question.constraint, seen, value, today)) {
        result.problems.push(problem(form, "constraint", name, { message: question.constraint_message }));
      }
    } else if (question.required && question.type !== "note" && !refused.has(name)) {
      result.problems.push(required(form, question));
    }
  }
  // Problems of questions that are not asked are nobody's concern.
  result.problems = result.problems.filter(({ where }) => !known.has(where) || wanted.has(where));
}

/** Check each entry of each repeated section, its conditions reading the answers around it. */
function checkRepeats(form, values, answers, result, { today = null }) {
  const wanted = form.sections.filter((one) => repeats(one) && has(answers, one.name) && !isEmpty(answers[one.name]));
  if (!wanted.length) return;
  const kept = asked(form, values, { today });
  const outer = settled(form, values, { today });
  for (const section of wanted) {
    const given = answers[section.name];
    const wrong = kept.has(section.name) ? badEntries(form, section, given) : [];
    if (!kept.has(section.name) || wrong.length) {
      result.problems.push(...wrong);
      result.dropped.set(section.name, given);
      continue;
    }
    const inside = entryForm(form, section);
    given.forEach((entry, place) => {
      addEntry(section.name, place + 1, check(inside, entry, { today, outer }), result);
    });
  }
}

function addEntry(section, rank, inside, result) {
  const here = `${section}.${rank}.`;
  if (Object.keys(inside.values).length) {
    result.values.set(section, [...(result.values.get(section) ?? []), inside.values]);
  }
  result.problems.push(...inside.problems.map((one) => ({ ...one, where: here + one.where })));
  for (const [name, value] of Object.entries(inside.dropped)) result.dropped.set(here + name, value);
}

/** Why this is not a list of entries, or has too many of them. */
function badEntries(form, section, given) {
  if (!Array.isArray(given) || !given.every(isMapping)) {
    return [problem(form, "unreadable", section.name, {}, "unreadable-entries")];
  }
  if (given.length <= section.max_entries) return [];
  const slots = { label: section.french_title, count: given.length, limit: section.max_entries };
  return [problem(form, "too-many-entries", section.name, slots)];
}
