// The lock screen: whose tablet it is now, and their passphrase. Locking never erases anything.

import { momentLabel, plural } from "./aboard.js";
import { button, make, show } from "./dom.js";
import { counts } from "./outbox.js";
import { profiles, unlock } from "./vault.js";

/** Without a touch for so long, the tablet locks by itself. */
export const IDLE_MINUTES = 10;
const PREPARE = "/terrain/preparer";
const LOOK = 5_000; // milliseconds between two looks at the clock
const TOUCHES = ["pointerdown", "keydown", "input", "scroll"];

/**
 * Ask who opens the tablet. `only` limits it to one profile (the one whose interview was handed
 * to a resident); `onOpen(session)` comes once the passphrase is right; `onSend` sends what waits.
 */
export async function showLock(main, { only = null, note = "", onOpen, onSend }) {
  const known = (await profiles()).filter((profile) => !only || profile.id === only);
  if (!known.length) return showEmpty(main);
  const latest = localStorage.getItem("paroles-latest");
  const chosen = known.find((profile) => profile.id === latest) ?? known[0];
  const form = make("form", { class: "stack", novalidate: true },
    known.length > 1 ? who(known, chosen) : make("p", { class: "lede" }, chosen.name),
    passphraseField("phrase", "Votre phrase de passe", "current-password"),
    make("p", { class: "field__error", id: "phrase-erreur", role: "alert", hidden: true }),
    make("button", { class: "button button--large", type: "submit" }, "Ouvrir"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = new FormData(form).get("profile") ?? chosen.id;
    open(form, id, onOpen);
  });
  show(main,
    make("h1", {}, known.length > 1 ? "Qui prend la tablette ?" : "La tablette est verrouillée"),
    note && make("p", { class: "notice", role: "status" }, note),
    form,
    only ? null : await queue(onSend),
    only ? null : make("p", {}, make("a", { href: PREPARE }, "Préparer cette tablette pour une autre personne")));
  return null;
}

function showEmpty(main) {
  show(main,
    make("h1", {}, "Cette tablette n’est pas encore prête"),
    make("p", {}, "Une seule visite avec le réseau suffit : connectez-vous à Paroles, choisissez une phrase de passe, et les questionnaires viennent à bord."),
    make("p", {}, make("a", { class: "button button--large", href: PREPARE }, "Préparer cette tablette")));
  return null;
}

function who(known, chosen) {
  const choice = ({ id, name, council }) => make("label", { class: "choice", for: `profil-${id}` },
    make("input", { type: "radio", name: "profile", id: `profil-${id}`, value: id, checked: id === chosen.id }),
    make("span", {}, name, " ", make("small", { class: "muted" }, council.name)));
  return make("fieldset", { class: "field" },
    make("legend", { class: "field__label" }, "Votre nom"),
    make("div", { class: "choices" }, known.map(choice)));
}

/** A passphrase to type, which can be shown: on a tablet, long phrases are easily mistyped. */
export function passphraseField(id, label, autocomplete, hint = "") {
  const input = make("input", {
    type: "password", id, name: id, autocomplete, autocapitalize: "off", spellcheck: "false",
    "aria-describedby": [hint && `${id}-aide`, `${id}-erreur`].filter(Boolean).join(" "), required: true,
  });
  const toggle = make("label", { class: "choice field-reveal", for: `${id}-montrer` },
    make("input", {
      type: "checkbox", id: `${id}-montrer`,
      onchange: (event) => { input.type = event.target.checked ? "text" : "password"; },
    }),
    make("span", {}, "Montrer ce que j’écris"));
  return make("div", { class: "field" },
    make("label", { class: "field__label", for: id }, label),
    hint && make("p", { class: "field__hint", id: `${id}-aide` }, hint),
    input, toggle);
}

async function open(form, id, onOpen) {
  const [input] = form.querySelectorAll("#phrase");
  const send = form.querySelector("[type=submit]");
  const error = form.querySelector("#phrase-erreur");
  if (send.disabled) return;
  send.disabled = true;
  error.hidden = true;
  try {
    const session = await unlock(id, input.value);
    localStorage.setItem("paroles-latest", id);
    await onOpen(session);
  } catch (cause) {
    send.disabled = false;
    input.setAttribute("aria-invalid", "true");
    tellError(error, cause);
    input.focus();
    input.select();
  }
}

/** Show an error where the person looks; what is not ours is said in one plain sentence. */
export function tellError(place, cause) {
  const [message, remedy] = "remedy" in cause
    ? [cause.message, cause.remedy ?? ""]
    : ["Une erreur est arrivée sur la tablette. Ce qui était enregistré est intact.", "Rechargez la page, puis réessayez."];
  place.replaceChildren(make("span", {}, `${message} ${remedy}`.trim()));
  place.hidden = false;
}

/** How much waits on the tablet, whoever collected it: a number, no line and no name. */
async function queue(onSend) {
  const { total: waiting } = await counts();
  if (!waiting) return null;
  const said = make("p", { role: "status" }, `${plural(waiting, "envoi attend", "envois attendent")} sur cette tablette. Rien n’en est lisible ici.`);
  const send = button("Envoyer maintenant", async () => {
    send.disabled = true;
    await onSend();
    const { total: left } = await counts();
    send.disabled = false;
    said.textContent = left
      ? `${plural(left, "envoi attend", "envois attendent")} encore. Rien n’est perdu : ils partiront avec le réseau.`
      : `Tout est parti (${momentLabel(new Date().toISOString())}).`;
  }, "secondary");
  return make("section", { class: "card stack", "aria-label": "Ce qui attend sur la tablette" }, said, send);
}

/** Call `onIdle` after ten minutes without a touch, even if the tablet slept meanwhile. */
export function watchIdle(onIdle) {
  const limit = IDLE_MINUTES * 60_000;
  let last = Date.now();
  const look = () => {
    if (Date.now() - last < limit) return false;
    stop();
    onIdle();
    return true;
  };
  const touch = () => { if (!look()) last = Date.now(); };
  const timer = setInterval(look, LOOK);
  for (const type of TOUCHES) window.addEventListener(type, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", look);
  function stop() {
    clearInterval(timer);
    for (const type of TOUCHES) window.removeEventListener(type, touch, { capture: true });
    document.removeEventListener("visibilitychange", look);
  }
  return stop;
}
