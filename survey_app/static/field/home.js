// The home of the tablet: begin, resume, and a line for each testimony until it is safe at home.

import { dayLabel, meetingLabel, momentLabel, plural, settings } from "./aboard.js";
import { button, make, show } from "./dom.js";
import { tellError } from "./lock.js";
import * as outbox from "./outbox.js";
import { rescueFile } from "./rescue.js";
import * as sync from "./sync.js";
import * as update from "./update.js";

const STATES = {
  waiting: ["sur la tablette", "badge"],
  rejected: ["sur la tablette, à voir", "badge badge--warning"],
  received: ["reçu", "badge badge--ok"],
  verified: ["vérifié", "badge badge--ok"],
};

/**
 * Show the home of who opened the tablet; `open` are the drafts to resume. `acts`: `begin()`,
 * `resume(id)`, `ready()`, `take()` (take the questionnaires aboard), `update()`. Returns what
 * stops it listening.
 */
export function showHome(main, { session, aboard, open, note = "", acts }) {
  const error = make("p", { class: "notice notice--error", role: "alert", hidden: true });
  const trying = (work) => async (event) => {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    error.hidden = true;
    await work().catch((cause) => tellError(error, cause));
    pressed.disabled = false;
  };
  const { section, draw } = queue(session, trying);
  const fresh = make("div", {});
  show(main,
    make("h1", {}, `Bonjour ${session.profile.name}`),
    note && make("p", { class: "notice notice--success", role: "status" }, note),
    session.profile.revoked && revoked(),
    make("div", {}, error),
    begin(aboard, acts, trying),
    toResume(open, aboard, acts, trying),
    section,
    fresh,
    make("p", {}, button("Prête à partir ?", acts.ready, "secondary")));
  const offer = () => offerUpdate(fresh, acts, trying);
  offer();
  const follow = ({ running, failure }) => {
    if (running) error.hidden = true;
    // Without a network, nothing is wrong: it only waits.
    else if (failure && failure.code !== "network") tellError(error, failure);
    draw().catch((cause) => tellError(error, cause));
  };
  const stops = [sync.subscribe(follow), update.subscribe(offer)];
  return () => { for (const stop of stops) stop(); };
}

function revoked() {
  return make("div", { class: "notice notice--warning stack" },
    make("p", {}, "Cette tablette n’est plus reconnue par Paroles : rien ne part d’ici. Rien n’est perdu, vous pouvez continuer à recueillir."),
    make("p", {}, make("a", { href: "/terrain/preparer" }, "Préparer de nouveau cette tablette, avec le réseau")));
}

function begin(aboard, acts, trying) {
  if (aboard) return make("p", {}, button("Commencer un témoignage", acts.begin, "primary", { class: "button--large" }));
  return make("div", { class: "empty stack" },
    make("p", { class: "empty__title" }, "Les questionnaires ne sont pas encore à bord"),
    make("p", {}, "Il faut le réseau une fois pour les prendre."),
    make("p", {}, button("Prendre les questionnaires", trying(acts.take))));
}

function toResume(open, aboard, acts, trying) {
  if (!open.length) return null;
  return make("section", { class: "stack", "aria-labelledby": "reprendre" },
    make("h2", { id: "reprendre" }, "À reprendre"),
    make("ul", { class: "plain stack" }, open.map((draft) => oneDraft(draft, aboard, acts, trying))));
}

function oneDraft({ id, updated, data }, aboard, acts, trying) {
  const told = data
    ? `${title(aboard, data)} Commencé le ${momentLabel(data.started_at)}.`
    : "Cet entretien ne s’ouvre pas ici. Gardez le fichier de secours : la coordination saura le lire.";
  return make("li", { class: "card cluster cluster--apart" },
    make("span", {}, told, make("small", { class: "muted field-more" }, `Gardé le ${momentLabel(updated)}`)),
    data ? button("Reprendre", trying(() => acts.resume(id)), "secondary") : null);
}

function title(aboard, data) {
  try {
    const { form, meeting } = settings(aboard, data);
    return `${form.title}. ${meeting.held_on || meeting.place ? `${meetingLabel(meeting)}.` : ""}`;
  } catch {
    return "Entretien.";
  }
}

/** The lines of one's own testimonies, and what may be done of what waits; `draw` brings it up. */
function queue(session, trying) {
  const title = make("h2", { id: "envois", tabindex: "-1" }, "Mes témoignages");
  const lines = make("div", {});
  const said = make("p", { role: "status" });
  const press = button("Envoyer maintenant", trying(send));
  const keep = button("Garder le fichier de secours", trying(() => rescue(session)), "quiet");
  const section = make("section", { class: "stack", "aria-labelledby": "envois" },
    title, lines, said, make("p", { class: "cluster" }, press, keep));
  const draw = async () => {
    const [mine, all, own] = await Promise.all(
      [outbox.list(session.profile.id), outbox.counts(), outbox.counts(session.profile.id)],
    );
    lines.replaceChildren(mine.length
      ? make("ul", { class: "plain stack field-lines" }, mine.map(oneLine))
      : make("p", { class: "muted" }, "Aucun témoignage n’est encore terminé sur cette tablette."));
    // A refusal, a stop or a contact has no line: it only counts among what waits.
    said.textContent = all.total ? `${plural(all.total, "envoi est", "envois sont")} sur cette tablette, sous scellé. Ce qui attend part dès que le réseau revient.` : "";
    if (!all.total && press === document.activeElement) title.focus();
    press.hidden = !all.total;
    keep.hidden = !own.total;
  };
  return { section, draw };
}

function oneLine({ id, state, day, number, problems }) {
  const [label, dress] = STATES[state];
  const named = number ? `Témoignage n° ${number}` : "Témoignage";
  return make("li", { class: "card stack", dataset: { testimony: id, state } },
    make("p", { class: "cluster cluster--apart" },
      make("span", {}, `${named}, ${dayLabel(day)}`), make("span", { class: dress }, label)),
    problems.map((problem) => make("p", { class: "field__error" }, sentence(problem))));
}

function sentence(problem) {
  return typeof problem === "string" ? problem : `${problem.message} ${problem.remedy ?? ""}`.trim();
}

async function send() {
  const { failure } = await sync.syncAll();
  if (failure) throw Object.assign(new Error(failure.message), { remedy: failure.remedy ?? "" });
}

/** Everything of this person in one file, still sealed; the tablet keeps its own copy. */
export async function rescue({ profile }, draft = null) {
  const { blob, name } = await rescueFile(profile.id, draft);
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function offerUpdate(place, acts, trying) {
  place.replaceChildren(...(update.waiting() ? [make("div", { class: "notice stack" },
    make("p", {}, "Une nouvelle version est sur la tablette. Elle s’installe en quelques secondes."),
    make("p", {}, button("Mettre à jour", trying(acts.update), "secondary")))] : []));
}
