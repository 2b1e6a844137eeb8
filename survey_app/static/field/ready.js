// « Prête à partir »: all that must be there before one leaves the network behind.

import { load, momentLabel, plural, refresh } from "./aboard.js";
import { button, make, show } from "./dom.js";
import { tellError } from "./lock.js";
import { counts } from "./outbox.js";
import { database } from "./store.js";
import { installed, waiting } from "./update.js";

const ENOUGH = 200 * 1024 ** 2; // bytes free: an afternoon of photos and voices
const OLD = 7 * 24 * 60 * 60 * 1000; // milliseconds since the last contact
const LOW = 0.3; // of a full battery
const UNPROTECTED = "Le navigateur n’a pas protégé la mémoire. Installez la page sur l’écran d’accueil, puis réessayez.";
const REFUSED = {
  offline: "Le réseau ne répond pas : les questionnaires à bord n’ont pas pu être comparés. Ils restent utilisables.",
  revoked: "Cette tablette n’est plus reconnue par Paroles. Ce qui est à bord reste ; préparez-la de nouveau avec le réseau.",
  refused: "Paroles n’a pas donné les questionnaires. Ceux qui sont à bord restent utilisables.",
};

/** Show the list; `onUpdate` takes the waiting version, `onLeave` goes home; nothing is
 * shown once `still()` says that another screen came meanwhile. */
export async function showReady(main, acts, told = "") {
  const { session, still, onLeave } = acts;
  const error = make("p", { class: "notice notice--error", role: "alert", hidden: true });
  const onUpdate = () => acts.onUpdate().catch((cause) => tellError(error, cause));
  const points = await look(session.profile.id);
  if (!still()) return;
  const wrong = points.filter((point) => !point.good).length;
  const again = button("Vérifier de nouveau", async () => {
    again.disabled = true;
    const outcome = await refresh(session.profile.id).catch(() => "refused");
    await showReady(main, acts, REFUSED[outcome] ?? "");
  }, "secondary");
  show(main,
    make("h1", {}, "Prête à partir ?"),
    make("p", { class: wrong ? "notice notice--warning" : "notice notice--success", role: "status" },
      wrong ? `${plural(wrong, "point est à voir", "points sont à voir")} avant de partir.` : "Oui : la tablette peut partir sans réseau."),
    told && make("p", { class: "notice" }, told),
    make("div", {}, error),
    make("ul", { class: "plain stack field-points" }, points.map((point) => line(point, onUpdate, (said) => showReady(main, acts, said)))),
    make("p", { class: "cluster" }, again, button("Revenir à l’accueil", onLeave, "secondary")));
}

function line({ title, text, good, action }, onUpdate, onDone) {
  const persist = async () => onDone(await navigator.storage.persist() ? "" : UNPROTECTED);
  const act = action === "update" ? onUpdate : persist;
  return make("li", { class: "card stack" },
    make("h2", { class: "cluster cluster--apart" }, title,
      make("span", { class: good ? "badge badge--ok" : "badge badge--warning" }, good ? "prêt" : "à voir")),
    make("p", {}, text),
    action ? make("p", {}, button(action === "update" ? "Mettre à jour" : "Protéger la mémoire", act, "secondary")) : null);
}

async function look(profileId) {
  const aboard = await load(profileId);
  const profile = await (await database()).get("profiles", profileId);
  const found = await Promise.all([offline(), memory(), room(), battery()]);
  return [...questionnaires(aboard), ...found, await unsent(), contact(profile), version()].filter(Boolean);
}

function questionnaires(aboard) {
  if (!aboard?.package.campaigns.length) {
    return [{ title: "Questionnaires", good: false, text: "Aucune campagne en cours n’est à bord. Vérifiez de nouveau avec le réseau." }];
  }
  const { campaigns, meetings, forms } = aboard.package;
  return campaigns.map(({ id, title }) => {
    const rooms = meetings.filter((one) => one.campaign === id).length;
    const mine = forms.filter((one) => one.campaign === id);
    const asked = new Set(mine.map((one) => one.fingerprint)).size;
    const languages = [...new Set(mine.map((one) => one.language))].map(named);
    const text = rooms
      ? `${plural(asked, "questionnaire", "questionnaires")} à bord (${languages.join(", ")}), ${plural(rooms, "rencontre", "rencontres")}.`
      : "Aucune rencontre de cette campagne n’est à bord : prévoyez-en une dans Paroles, puis vérifiez de nouveau.";
    return { title: `Campagne « ${title} »`, good: asked > 0, text };
  });
}

function named(code) {
  return new Intl.DisplayNames(["fr"], { type: "language" }).of(code);
}

async function offline() {
  const good = await installed();
  const text = good
    ? "La page s’ouvre sans réseau."
    : "La page n’est pas encore gardée sur la tablette. Rechargez-la avec le réseau.";
  return { title: "Sans réseau", good, text };
}

async function memory() {
  const good = Boolean(await navigator.storage?.persisted?.());
  const text = good
    ? "Le navigateur n’effacera rien de lui-même."
    : "S’il manque de place, le navigateur peut effacer ce qui est sur la tablette. Installez la page sur l’écran d’accueil, ou protégez la mémoire.";
  return { title: "Mémoire protégée", good, text, action: good ? null : "persist" };
}

async function room() {
  const { quota, usage } = await navigator.storage?.estimate?.() ?? {};
  if (!quota) return null;
  const free = quota - usage;
  const good = free > ENOUGH;
  return { title: "Place libre", good, text: `${size(free)} sur cette tablette.${good ? "" : " Libérez de la place avant de prendre des photos."}` };
}

function size(bytes) {
  const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, "Go"] : [bytes / 1e6, "Mo"];
  return `${new Intl.NumberFormat("fr-FR", { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)}\u00a0${unit}`;
}

async function unsent() {
  const { total } = await counts();
  const text = total
    ? `${plural(total, "envoi attend", "envois attendent")} sur la tablette, sous scellé. Envoyez-les avant de partir, si le réseau est là.`
    : "Rien n’attend sur la tablette.";
  return { title: "Envois", good: total === 0, text };
}

function contact({ contact_at: last, revoked }) {
  if (revoked) return { title: "Dernier contact", good: false, text: REFUSED.revoked };
  const good = Boolean(last) && Date.now() - Date.parse(last) < OLD;
  const text = last ? `La tablette a parlé à Paroles le ${momentLabel(last)}.` : "La tablette n’a pas encore parlé à Paroles.";
  return { title: "Dernier contact", good, text };
}

async function battery() {
  const found = await navigator.getBattery?.().catch(() => null);
  if (!found) return null;
  const good = found.charging || found.level >= LOW;
  const text = `${Math.round(found.level * 100)}\u00a0%${found.charging ? ", en charge" : ""}.`;
  return { title: "Batterie", good, text };
}

function version() {
  return waiting()
    ? { title: "Mise à jour", good: false, text: "Une nouvelle version est sur la tablette.", action: "update" }
    : { title: "Mise à jour", good: true, text: "La tablette a la dernière version qu’elle connaît." };
}
