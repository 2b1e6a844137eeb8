// Answers as people read them, in French: the same as survey_app/web/filling/shown.py.

import { SPACE, asked, entries, entryForm, isEmpty, isSilence, repeats, settled } from "./flow.js";
import { day } from "./types.js";

const SPACES = new RegExp(`${SPACE}+`);
const SUMMARY = 120; // signs of an entry's short line
const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/** « 1er janvier 2027 »; null for what is no such day. */
function dayInFrench(text) {
  if (day(text) !== text) return null;
  const [year, month, date] = text.split("-");
  return `${date === "01" ? "1er" : Number(date)} ${MONTHS[month - 1]} ${year}`;
}

function momentInFrench(text) {
  const [date, ...hour] = text.split("T");
  const told = dayInFrench(date);
  return told && `${told} à ${hourInFrench(hour.join("T"))}`;
}

function hourInFrench(text) {
  return text.replaceAll(":", " h ");
}

function labels(question, answer) {
  const named = (name) => question.choices.find((one) => one.name === name)?.label ?? name;
  return [answer].flat().map((name, rank) => (question.type === "rank" ? `${rank + 1}. ${named(name)}` : named(name))).join(", ");
}

/** The answer in words; what could not be read is shown as it was typed. */
export function inWords(form, question, answer) {
  if (isEmpty(answer)) return "";
  if (isSilence(answer)) return form.sentences[answer.non_response];
  if (question.choices.length) return labels(question, answer);
  const text = [answer].flat().map(String).join(", ");
  switch (question.type) {
    case "image":
      return form.sentences["a-photo"];
    case "place":
      return Object.hasOwn(form.places, text) ? form.places[text] : text;
    case "date":
      return dayInFrench(text) ?? text;
    case "time":
      return hourInFrench(text);
    case "dateTime":
      return momentInFrench(text) ?? text;
  }
  return text;
}

/** Questions with their answers, notes left out; `problems` are by path, `before` begins paths. */
export function lines(form, questions, answers, problems = new Map(), before = "") {
  return questions.filter((one) => one.type !== "note").map((question) => {
    const answer = Object.hasOwn(answers, question.name) ? answers[question.name] : "";
    return {
      label: question.label,
      answer: inWords(form, question, answer),
      words: question.type === "text" && typeof answer === "string",
      photo: question.type === "image" && typeof answer === "string" && answer !== "",
      problem: problems.get(before + question.name)?.message ?? "",
    };
  });
}

/** What one entry is called, in French or in the form's language: « Arrêt 2 ». */
export function entryTitle(section, rank, french = true) {
  return `${french ? section.french_repeat : section.repeat} ${rank}`;
}

/** What is asked with what was answered, section by section, entry by entry. */
export function groups(form, answers, problems) {
  const now = asked(form, answers);
  const found = [];
  for (const section of form.sections.filter((one) => now.has(one.name))) {
    if (!repeats(section)) {
      const questions = now.get(section.name);
      if (questions.length) found.push({ section, entry: null, title: section.french_title, lines: lines(form, questions, answers, problems) });
      continue;
    }
    found.push({ section, entry: null, title: section.french_title, lines: [] });
    const inside = entryForm(form, section);
    const outer = settled(form, answers);
    entries(section, answers).forEach((entry, place) => {
      const questions = asked(inside, entry, { outer }).get(section.name) ?? [];
      const told = lines(form, questions, entry, problems, `${section.name}.${place + 1}.`);
      found.push({ section, entry: place + 1, title: entryTitle(section, place + 1), lines: told });
    });
  }
  return found;
}

/** Answers that will not be kept, under the title of their question or section. */
export function leftOut(form, dropped, problems) {
  return Object.entries(dropped).flatMap(([path, answer]) => {
    if (isEmpty(answer) || problems.has(path)) return [];
    const whole = form.sections.find((one) => one.name === path);
    if (whole) return entries(whole, dropped).flatMap((entry, place) => titled(form, whole, whole.questions, entry, place + 1));
    const [name, rank, inside] = path.split(".");
    const section = form.sections.find((one) => (inside ? one.name === name : one.questions.some((question) => question.name === name)));
    const question = section?.questions.find((one) => one.name === (inside ?? name));
    if (!question) return [];
    return titled(form, section, [question], { [question.name]: answer }, inside ? rank : null);
  });
}

function titled(form, section, questions, answers, rank) {
  return lines(form, questions, answers)
    .filter((line) => line.answer)
    .map((line) => (rank ? { ...line, label: `${entryTitle(section, rank)} : ${line.label}` } : line));
}

/** The first answers of an entry, in one short line. */
export function summary(found) {
  const text = found.filter((line) => line.answer && !line.photo).map((line) => line.answer.split(SPACES).filter(Boolean).join(" ")).join(" · ");
  const signs = [...text];
  return signs.length <= SUMMARY ? text : `${signs.slice(0, SUMMARY - 1).join("").trimEnd()}…`;
}
