// How an answer of each type is read and checked: the same as questionnaires/types.py.

import { SPACE, isBlank } from "./flow.js";
import { Refused, problem } from "./problems.js";

// What no text may hold: questionnaires/values.py says why.
const FORBIDDEN = /[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]/gu;
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const INTEGER = /^[+-]?[0-9]{1,12}$/;
const FRENCH_DAY = /^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const HOUR = /^([0-9]{1,2}) ?[:hH] ?([0-9]{2})?(?::[0-9]{2}(?:\.[0-9]+)?)?$/;
const ATTACHMENT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The value of an answer that is neither empty nor a silence. Throws `Refused`. */
export function read(form, question, answer) {
  const refuse = (code, slots) => problem(form, code, question.name, slots);
  const say = (code, slots) => { throw new Refused([refuse(code, slots)]); };
  return TYPES[question.type]({ form, question, say, refuse, raw: posted(question, answer, say) });
}

/** A JSON value as a form would post it. */
function posted(question, answer, say) {
  if (typeof answer === "number" && Number.isInteger(answer) && question.type === "integer") {
    return Math.abs(answer) >= 1e12 ? say("unreadable") : String(answer);
  }
  const texts = Array.isArray(answer) && answer.every((item) => typeof item === "string");
  return typeof answer === "string" || texts ? answer : say("unreadable");
}

function strip(text) {
  return text.replace(AROUND, "");
}

function count(text) {
  return [...text].length; // code points, as Python counts
}

/** The one text of the answer, however it was posted. */
function single({ raw, say }) {
  if (typeof raw === "string") return raw;
  const given = new Set(raw.filter(Boolean));
  return given.size > 1 ? say("several-answers") : [...given][0] ?? "";
}

function within(text, limit, { say }) {
  return count(text) > limit ? say("too-long", { count: count(text), limit }) : text;
}

function words(given) {
  const { limits } = given.form;
  let text = within(single(given), 2 * limits.text, { say: (code, slots) => given.say(code, { ...slots, limit: limits.text }) });
  text = text.replace(/\r\n?/g, "\n").normalize("NFC");
  if (text.search(FORBIDDEN) >= 0) {
    // Removing a control may bring a letter and its accent together: normalise once more.
    const offered = text.replace(FORBIDDEN, "").normalize("NFC");
    throw new Refused([{ ...given.refuse("control-characters"), offered }]);
  }
  return isBlank(text) ? "" : text;
}

function place(given) {
  const text = words(given);
  const { places, limits } = given.form;
  if (!Object.keys(places).length) return within(text, limits.place, given);
  return Object.hasOwn(places, text) ? text : given.say("unknown-place");
}

function chosen({ question, refuse }, names, value) {
  const known = names.map((name) => question.choices.find((one) => one.name === name)).filter(Boolean);
  const problems = [];
  if (known.length < names.length) problems.push(refuse("unknown-choice"));
  if (question.max_choices !== null && names.length > question.max_choices) {
    problems.push(refuse("too-many-choices", { count: names.length, limit: question.max_choices }));
  }
  const alone = known.find((one) => one.exclusive);
  if (alone && names.length > 1) problems.push(refuse("exclusive-choice", { choice: alone.label }));
  if (problems.length) throw new Refused(problems);
  return value;
}

function one(given) {
  const name = strip(single(given));
  return chosen(given, name ? [name] : [], name);
}

function listed({ raw }) {
  return (typeof raw === "string" ? [raw] : raw).map(strip).filter(Boolean);
}

function several(given) {
  const names = [...new Set(listed(given))];
  return chosen(given, names, names);
}

function ranked(given) {
  const names = listed(given);
  return new Set(names).size < names.length ? given.say("ranked-twice") : chosen(given, names, names);
}

function whole(given) {
  const text = single(given).replace(/[ \u00a0\u202f]/g, "");
  if (!text) return "";
  return INTEGER.test(text) ? Number(text) + 0 : given.say("not-a-number");
}

/** A day as "yyyy-mm-dd"; null when the calendar has no such day. */
export function day(text) {
  const [, d, m, y] = FRENCH_DAY.exec(text) ?? [];
  const iso = y ? `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}` : text;
  const [, year, month, date] = (DAY.exec(iso) ?? []).map(Number);
  if (!year) return null;
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, date);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === date ? iso : null;
}

/** An hour as "hh:mm"; null when no clock shows it. */
function hour(text) {
  const [, hours, minutes = "00"] = HOUR.exec(text) ?? [];
  return hours === undefined || hours > 23 || minutes > 59 ? null : `${hours.padStart(2, "0")}:${minutes}`;
}

function moment(text) {
  const spaced = text.replaceAll("T", " ");
  const cut = spaced.includes(" ") ? spaced.indexOf(" ") : spaced.length;
  const found = [day(spaced.slice(0, cut)), hour(strip(strip(spaced.slice(cut + 1)).replace(/^à/, "")))];
  return found.includes(null) ? null : found.join("T");
}

function measured(parse, code) {
  return (given) => {
    const text = strip(single(given));
    return text ? parse(text) ?? given.say(code) : "";
  };
}

function photo(given) {
  const text = strip(single(given));
  return !text || ATTACHMENT.test(text) ? text : given.say("not-a-photo");
}

function note({ raw, say }) {
  const given = typeof raw === "string" ? raw : raw.join("");
  return given ? say("note-answered") : "";
}

const TYPES = {
  text: (given) => within(words(given), given.form.limits.text, given),
  select_one: one,
  select_multiple: several,
  scale: one,
  rank: ranked,
  integer: whole,
  date: measured(day, "not-a-date"),
  time: measured(hour, "not-a-time"),
  dateTime: measured(moment, "not-a-datetime"),
  place,
  image: photo,
  note,
};
