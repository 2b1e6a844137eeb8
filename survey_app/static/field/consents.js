// What a set of answers allows on the tablet: the consents, going on or not, what may be kept.
// The same as questionnaires/testimony.py and services/deposit.py; browser tests hold them together.

import { asked, entries, entryForm, isSilence, relevantAnswers, repeats, settled } from "./flow.js";
import { problem } from "./problems.js";

const SCOPES = ["noter", "citer", "voix", "photo", "recontact"];
const DECISIONS = { oui: "granted", partie: "granted", contact: "granted", apres_relecture: "approved" };
const RECORDED = ["voix", "photo"];
const MINORS = ["moins_15", "15_17"];
export const PHRASE = "phrase_relue";
export const READ_BACK = "relecture";
export const TO_ERASE = "effacer";

function questions(form) {
  return form.sections.flatMap((section) => section.questions);
}

/** The decision for each scope: granted, approved, refused, not_asked. Consent is never guessed. */
export function decisions(form, answers) {
  const given = relevantAnswers(form, answers);
  const found = Object.fromEntries(SCOPES.map((scope) => [scope, "not_asked"]));
  for (const { consent, name } of questions(form)) {
    if (!consent || !Object.hasOwn(given, name)) continue;
    const answer = given[name];
    found[consent] = typeof answer === "string" && Object.hasOwn(DECISIONS, answer) ? DECISIONS[answer] : "refused";
  }
  return found;
}

/** Why the conversation must stop here, or null. */
export function mayContinue(form, answers) {
  const given = relevantAnswers(form, answers);
  const noting = questions(form).find((one) => one.consent === "noter");
  if (noting && decisions(form, answers).noter === "refused") return problem(form, "consent-refused", noting.name);
  const joint = questions(form).some((one) => one.name === "accord_parent");
  if (joint && given.age === "moins_15" && given.accord_parent !== "oui") {
    return problem(form, "joint-agreement", "accord_parent");
  }
  return null;
}

/** Why the conversation ends on this page; a parent who was not asked yet is no reason. */
export function mustStop(form, answers) {
  const stop = mayContinue(form, answers);
  return stop?.where === "accord_parent" && !Object.hasOwn(answers, "accord_parent") ? null : stop;
}

/** Path of each photo that the answers name, to its id. */
export function photos(form, answers) {
  const found = new Map();
  for (const section of form.sections) {
    const given = repeats(section) ? entries(section, answers) : [answers];
    given.forEach((values, place) => {
      for (const { name, type } of section.questions) {
        const path = repeats(section) ? `${section.name}.${place + 1}.${name}` : name;
        if (type === "image" && typeof values[name] === "string" && values[name]) found.set(path, values[name]);
      }
    });
  }
  return found;
}

/** Why these checked answers may not be kept: French sentences with their codes. */
export function consentProblems(form, values) {
  const stop = mayContinue(form, values);
  if (stop) return [stop];
  const decided = decisions(form, values);
  if (decided.noter !== "granted") return [problem(form, "not-asked", "")];
  if (values[READ_BACK] === TO_ERASE) return [problem(form, "erase", READ_BACK)];
  const agreed = !MINORS.includes(values.age) || values.accord_parent_ecrit === "oui";
  const granted = RECORDED.filter((scope) => decided[scope] === "granted").map((scope) => form.sentences[scope]);
  const taken = photos(form, values).size > 0;
  if (!agreed && (granted.length || taken)) {
    return [problem(form, "minor", "", { what: granted.join(" et ") || form.sentences.photo })];
  }
  return taken && decided.photo !== "granted" ? [problem(form, "photo-consent", "")] : [];
}

/** Whether the voice may be recorded now: agreed, and before 18 by the parents, in writing. */
export function voiceAllowed(form, answers) {
  const given = relevantAnswers(form, answers);
  const adult = !MINORS.includes(given.age) || given.accord_parent_ecrit === "oui";
  const { noter, voix } = decisions(form, answers);
  return adult && noter === "granted" && voix === "granted";
}

/** The testimony's words: open answers that are heard, in order, two line feeds between them. */
export function openText(form, answers, around) {
  const given = relevantAnswers(form, answers, around);
  const now = asked(form, answers, around);
  return form.sections.filter((one) => now.has(one.name)).flatMap((section) => {
    if (!repeats(section)) {
      return section.questions
        .filter((one) => one.type === "text" && !one.team && typeof given[one.name] === "string")
        .map((one) => given[one.name].replace(/\r\n?/g, "\n").normalize("NFC"));
    }
    const outer = settled(form, answers);
    const inside = entryForm(form, section);
    return entries(section, answers).map((entry) => openText(inside, entry, { outer })).filter(Boolean);
  }).join("\n\n");
}

/** Whether the phrase read back is not, line by line, among the words noted. */
export function phraseUnheard(form, values) {
  const phrase = values[PHRASE];
  if (typeof phrase !== "string" || isSilence(phrase)) return false;
  const said = openText(form, values);
  return phrase.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).some((line) => !said.includes(line.trim()));
}
