// « Préparer ma tablette »: with the network, once. The tablet becomes a device of the account,
// the questionnaires come aboard, and the page itself is kept.

import { refresh } from "./aboard.js";
import { button, make, show } from "./dom.js";
import * as drafts from "./drafts.js";
import { rescue } from "./home.js";
import { passphraseField, tellError } from "./lock.js";
import { database, FieldError } from "./store.js";
import { register } from "./update.js";
import { enrol, MIN_PASSPHRASE, unlock, WeakPassphrase } from "./vault.js";

const DEVICES = "/terrain/appareils";
const FIELD = "/terrain/";
const PATIENCE = 60_000; // milliseconds for the page itself to come aboard

const place = document.querySelector("#preparer");
const { account, person, token } = place.dataset;

async function start() {
  if (!globalThis.crypto?.subtle || !navigator.serviceWorker || !navigator.locks) return unable();
  const known = await (await database()).get("profiles", account);
  return known ? showKnown(known) : showFirst();
}

function unable() {
  place.replaceChildren(make("p", { class: "notice notice--warning" },
    "Ce navigateur ne peut pas recueillir sans réseau : il lui faut une adresse en https et une version récente. "
    + "Recueillez en ligne, par la page « Recueillir », ou sur papier."));
}

/** A first visit: name the tablet, choose a passphrase. */
function showFirst() {
  ask([nameField(), ...twice("Choisissez une phrase de passe")], async (value) => {
    chosen(value);
    await prepare(value("nom"), (enrolment) => enrol(enrolment, value("phrase")));
  });
}

/** Prepared before: the same passphrase opens the same drafts. */
function showKnown(profile) {
  const told = profile.revoked
    ? "Cette tablette n’est plus reconnue par Paroles. Ce qui est à bord y est toujours : donnez votre phrase de passe pour la préparer de nouveau."
    : `Cette tablette est déjà prête pour ${person}. La préparer de nouveau n’efface rien.`;
  ask([make("p", {}, told), nameField(), passphraseField("phrase", "Votre phrase de passe", "current-password")],
    async (value) => {
      await unlock(account, value("phrase"));
      await prepare(value("nom"), (enrolment) => enrol(enrolment, value("phrase")));
    },
    button("J’ai oublié ma phrase de passe", () => showForgotten(profile), "quiet"));
}

/** Nobody can open the drafts on the tablet any more; the rescue file lets the coordination. */
async function showForgotten(profile) {
  const count = await (await database()).countFromIndex("drafts", "profile", account);
  const told = count
    ? "Les entretiens en cours ne pourront plus s’ouvrir sur la tablette. Gardez d’abord le fichier de secours : la coordination saura les lire. Ce qui est déjà terminé partira comme prévu."
    : "Rien n’est en cours sur cette tablette. Ce qui est déjà terminé partira comme prévu.";
  let saved = count === 0;
  const keep = button("Garder le fichier de secours", async () => { await rescue({ profile }); saved = true; }, "secondary");
  ask([make("p", { class: "notice notice--warning" }, told), count ? make("p", {}, keep) : null, nameField(), ...twice("Choisissez une autre phrase de passe")],
    async (value) => {
      if (!saved) throw new FieldError("Le fichier de secours n’est pas encore gardé. Rien n’a été changé.", "Gardez-le, puis recommencez.");
      chosen(value);
      await free();
      await prepare(value("nom"), (enrolment) => enrol(enrolment, value("phrase"), { erasing: true }));
    });
}

/** No tab may have one of these drafts open while they are erased. */
async function free() {
  const { held } = await navigator.locks.query();
  const ids = await (await database()).getAllKeysFromIndex("drafts", "profile", account);
  if (held.some((lock) => ids.some((id) => lock.name === `paroles-draft-${id}`))) throw new drafts.OpenElsewhere();
}

function nameField() {
  return make("div", { class: "field" },
    make("label", { class: "field__label", for: "nom" }, "Le nom de cette tablette"),
    make("p", { class: "field__hint", id: "nom-aide" }, "Pour la reconnaître dans la liste de vos tablettes."),
    make("input", { id: "nom", name: "nom", value: "Tablette", maxlength: "60", autocomplete: "off", "aria-describedby": "nom-aide" }));
}

function twice(label) {
  const hint = `Au moins ${MIN_PASSPHRASE} caractères : quatre mots sans lien conviennent. Elle ouvre la tablette et protège les entretiens en cours. Personne ne peut la retrouver.`;
  return [
    passphraseField("phrase", label, "new-password", hint),
    passphraseField("encore", "Écrivez-la une seconde fois", "new-password"),
  ];
}

/** The passphrase as it will be kept: long enough, and twice the same. */
function chosen(value) {
  if ([...value("phrase").normalize("NFKC")].length < MIN_PASSPHRASE) throw new WeakPassphrase();
  if (value("phrase") !== value("encore")) {
    throw new FieldError("Les deux phrases de passe ne sont pas les mêmes. Rien n’a été changé.", "Écrivez-les de nouveau.");
  }
}

function ask(fields, work, more = null) {
  const error = make("p", { class: "notice notice--error", id: "phrase-erreur", role: "alert", hidden: true });
  const send = make("button", { class: "button button--large", type: "submit" }, "Préparer cette tablette");
  const form = make("form", { class: "stack", novalidate: true }, fields, error, make("p", {}, send), more && make("p", {}, more));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    error.hidden = true;
    try {
      await work((name) => form.elements.namedItem(name).value);
    } catch (cause) {
      tellError(error, cause);
      form.querySelector("#phrase")?.focus();
    }
    send.disabled = false;
  });
  place.replaceChildren(form);
}

async function prepare(label, enrolled) {
  await enrolled(await post(label.trim() || "Tablette"));
  const outcome = await refresh(account);
  await navigator.storage?.persist?.();
  const kept = await register() && await keeping();
  localStorage.setItem("paroles-latest", account);
  const missing = [
    ["fresh", "same"].includes(outcome) ? "" : "Les questionnaires ne sont pas venus : ouvrez la tablette avec le réseau pour les prendre.",
    kept ? "" : "La page n’est pas encore gardée sur la tablette : ouvrez-la une fois avec le réseau.",
  ].filter(Boolean);
  show(document.querySelector("main"),
    make("h1", {}, missing.length ? "Presque prête" : "La tablette est prête"),
    missing.map((text) => make("p", { class: "notice notice--warning" }, text)),
    missing.length ? null : make("p", { class: "lede" }, "Les questionnaires sont à bord. Vous pouvez partir sans réseau."),
    make("p", {}, "Ajoutez la page à l’écran d’accueil de la tablette : elle s’ouvrira d’un geste."),
    make("p", {}, "Sur une tablette partagée, déconnectez-vous de Paroles : pour recueillir, la tablette n’en a plus besoin."),
    make("p", {}, make("a", { class: "button button--large", href: FIELD }, "Ouvrir la tablette")));
}

/** Whether the worker has the whole page, within a minute. */
function keeping() {
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, false); });
  return Promise.race([navigator.serviceWorker.ready.then(() => true), late]);
}

async function post(label) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token };
  let answer;
  try {
    answer = await fetch(DEVICES, { method: "POST", headers, body: JSON.stringify({ label }) });
  } catch {
    throw new FieldError("Le réseau ne répond pas. Rien n’a été changé.", "Réessayez quand le réseau est là.");
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 201) return told;
  throw new FieldError(
    told.message ?? "Paroles n’a pas pu préparer cette tablette. Rien n’a été changé.",
    told.remedy ?? "Reconnectez-vous à Paroles, puis recommencez.",
  );
}

await start();
