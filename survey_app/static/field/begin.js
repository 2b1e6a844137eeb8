// What a testimony begins with: the meeting, the questionnaire that fits it, the language.

import { meetingLabel } from "./aboard.js";
import { button, make, show } from "./dom.js";
import { tellError } from "./lock.js";

/** Choose, then `onStart({form, meeting, campaign, language})`, `form` being a whole form. */
export function showBegin(main, { aboard, onStart, onLeave }) {
  const { meetings, campaigns, forms } = aboard.package;
  const back = button("Revenir à l’accueil", onLeave, "secondary");
  if (!meetings.length) {
    show(main,
      make("h1", {}, "Commencer un témoignage"),
      make("div", { class: "empty stack" },
        make("p", { class: "empty__title" }, "Aucune rencontre n’est à bord"),
        make("p", {}, "Prévoyez ou ouvrez une rencontre dans Paroles, avec le réseau, puis ouvrez de nouveau la tablette.")),
      make("p", {}, back));
    return;
  }
  const sheets = make("div", { class: "stack" });
  const error = make("p", { class: "field__error", role: "alert", hidden: true });
  const send = make("button", { class: "button button--large", type: "submit" }, "Commencer");
  const labels = new Map(meetings.map((one) => [one.id, label(one, campaigns)]));
  const form = make("form", { class: "stack", novalidate: true },
    group("rencontre", "La rencontre", [...labels], meetings.length === 1 ? meetings[0].id : null),
    sheets, error,
    make("div", { class: "actions" }, send, back));
  const chosen = (name) => new FormData(form).get(name);
  const meeting = () => meetings.find((one) => one.id === chosen("rencontre"));
  form.addEventListener("change", (event) => {
    if (event.target.name !== "langue") offer(sheets, meeting(), forms, chosen("questionnaire"));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = forms.find((one) => one.key === (chosen("langue") ?? null));
    if (!found || send.disabled) {
      tellError(error, { message: "Choisissez la rencontre, le questionnaire et la langue.", remedy: "" });
      return;
    }
    send.disabled = true;
    try {
      const { id, campaign } = meeting();
      await onStart({ form: found, meeting: id, campaign, language: found.language });
    } catch (cause) {
      send.disabled = false;
      tellError(error, cause);
    }
  });
  show(main, make("h1", {}, "Commencer un témoignage"), form);
  offer(sheets, meeting(), forms, null);
}

function label(meeting, campaigns) {
  const planned = meeting.state === "planned" ? " (s’ouvrira avec le premier témoignage)" : "";
  const title = campaigns.find((one) => one.id === meeting.campaign)?.title;
  return [meetingLabel(meeting) + planned, campaigns.length > 1 ? title : ""];
}

/** The questionnaires of a meeting, those written for its method first; then the languages. */
function offer(place, meeting, forms, wanted) {
  if (!meeting) {
    place.replaceChildren(make("p", { class: "muted" }, "Choisissez d’abord la rencontre."));
    return;
  }
  const here = forms.filter((one) => one.campaign === meeting.campaign && one.neighbourhood === meeting.neighbourhood.id);
  here.sort((one, other) => (other.method === meeting.method) - (one.method === meeting.method));
  const titles = new Map(here.map((one) => [one.fingerprint, [one.title, one.duration]]));
  const fitting = new Set(here.filter((one) => one.method === meeting.method).map((one) => one.fingerprint));
  const likely = titles.size === 1 ? [...titles.keys()] : [...fitting];
  const chosen = titles.has(wanted) ? wanted : likely.length === 1 ? likely[0] : null;
  const languages = here.filter((one) => one.fingerprint === chosen).map((one) => [one.key, [language(one), ""]]);
  place.replaceChildren(
    group("questionnaire", "Le questionnaire", [...titles], chosen),
    ...(chosen ? [group("langue", "La langue de l’entretien", languages, languages[0]?.[0], languages.length < 2)] : []));
}

function language({ language: code, unproofread }) {
  const own = new Intl.DisplayNames([code], { type: "language" }).of(code);
  const french = new Intl.DisplayNames(["fr"], { type: "language" }).of(code);
  const named = code === "fr" ? french : `${french} (${own})`;
  const told = named[0].toUpperCase() + named.slice(1);
  return unproofread ? `${told}, traduction à faire relire` : told;
}

/** One choice among several, in large targets; hidden when there is nothing to choose. */
function group(name, legend, choices, ticked, hidden = false) {
  const one = ([value, [text, more]]) => make("label", { class: "choice", for: `${name}-${value}` },
    make("input", { type: "radio", name, id: `${name}-${value}`, value, checked: value === ticked }),
    make("span", {}, text, more ? make("small", { class: "muted field-more" }, more) : null));
  return make("fieldset", { class: "field", hidden },
    make("legend", { class: "field__label" }, legend),
    make("div", { class: "choices" }, choices.map(one)));
}
