// The tablet's page: locked, then home, then an interview. One module holds who is there.

import * as aboard from "./aboard.js";
import { showBegin } from "./begin.js";
import { fr, make, show } from "./dom.js";
import * as drafts from "./drafts.js";
import { isHanded, takenBack } from "./handing.js";
import { showHome } from "./home.js";
import { showInterview } from "./interview.js";
import { showLock, watchIdle } from "./lock.js";
import { showReady } from "./ready.js";
import { database } from "./store.js";
import * as sync from "./sync.js";
import * as update from "./update.js";

const main = document.querySelector("main");
const lockButton = document.querySelector("#verrouiller");

let session = null; // who opened the tablet, with the key of their drafts
let draft = null; // the interview on the screen
let leaveScreen = () => {}; // what the present screen listens to
let queue = { running: false, waiting: 0, rejected: 0 };
let leaveIdle = () => {};
let turn = 0; // goes up with each screen: what comes too late is not shown

async function start() {
  lockButton.addEventListener("click", () => lock());
  sync.subscribe((state) => { queue = state; tellState(); });
  for (const type of ["online", "offline"]) window.addEventListener(type, tellState);
  window.addEventListener("online", () => { update.check(); takeAboard(); });
  window.addEventListener("popstate", () => {
    if (["begin", "ready"].includes(main.dataset.screen)) home();
  });
  update.register();
  if (!able()) return unable();
  sync.start();
  return showLocked();
}

function able() {
  return Boolean(globalThis.crypto?.subtle && navigator.locks);
}

/** A browser that cannot keep or seal anything: it says so instead of pretending. */
function unable() {
  const text = able()
    ? "La mémoire de ce navigateur ne répond pas. Rien n’a été effacé. Fermez les autres onglets de Paroles, quittez la navigation privée s’il y a lieu, puis rechargez la page."
    : "Ce navigateur ne peut pas recueillir sans réseau : il lui faut une adresse en https et une version récente. Recueillez en ligne, par la page « Recueillir », ou sur papier.";
  show(main, make("h1", {}, "La tablette ne s’ouvre pas"), make("p", { class: "notice notice--warning" }, text));
}

function tellState() {
  const { running, waiting, rejected } = queue;
  const kept = waiting + rejected;
  const words = [navigator.onLine ? "" : "Hors réseau", running ? "Envoi en cours" : "", kept ? `${kept} sur la tablette` : ""];
  document.querySelector("#etat").textContent = fr(words.filter(Boolean).join(" · "));
}

/** Leave the present screen for another one; tells later whether that one is still the latest. */
function change(screen) {
  leaveScreen();
  leaveScreen = () => {};
  main.dataset.screen = screen;
  turn += 1;
  const mine = turn;
  return () => mine === turn;
}

async function showLocked(note = "") {
  change("lock");
  main.replaceChildren();
  lockButton.hidden = true;
  await showLock(main, { only: isHanded() || null, note, onOpen: opened, onSend: () => sync.syncAll() });
}

async function opened(found) {
  session = found;
  takenBack();
  leaveIdle = watchIdle(() => lock("La tablette s’est verrouillée après dix minutes sans geste. Tout est gardé."));
  lockButton.hidden = false;
  navigator.storage?.persist?.();
  await home();
  takeAboard();
  update.check();
}

/** Lock at once; what is being written is saved first, and nothing is ever erased. */
async function lock(note = "") {
  // The card's code is nowhere else: left alone, it stays to be copied, and opens nothing more.
  if (note && main.querySelector("[data-receipt]")) return forget();
  try {
    await draft?.flush();
    await draft?.flush(); // what was typed during the first one
    draft?.leave();
  } catch {
    leaveIdle();
    leaveIdle = watchIdle(() => lock(note)); // the page says « non enregistré »: it must stay open
    return;
  }
  forget();
  await showLocked(note);
}

function forget() {
  draft = null;
  session = null;
  leaveIdle();
  lockButton.hidden = true;
}

/** Take the latest questionnaires in the background; an open screen is not disturbed. */
async function takeAboard() {
  if (!session || !navigator.onLine) return "offline";
  const { profile } = session;
  // Without room for them, those that are aboard stay.
  const outcome = await aboard.refresh(profile.id).catch(() => "refused");
  if (["fresh", "revoked"].includes(outcome) && session && !draft && main.dataset.screen === "home") await home();
  return outcome;
}

async function home(note = "") {
  const still = change("home");
  const { id } = session.profile;
  const [profile, known, open] = await Promise.all([
    database().then((db) => db.get("profiles", id)), aboard.load(id), drafts.list(session),
  ]);
  if (!still()) return;
  session = { ...session, profile };
  leaveScreen = showHome(main, {
    session, aboard: known, open, note,
    acts: { begin, resume, ready, take, update: update.takeOver },
  });
  await aboard.prune(id, new Set(open.map(({ data }) => data?.form))).catch(() => {}); // next time
}

const REFUSALS = {
  offline: ["Le réseau ne répond pas. Rien n’est perdu.", "Réessayez quand le réseau est là."],
  revoked: ["Cette tablette n’est plus reconnue par Paroles. Ce qui est à bord reste.", "Préparez-la de nouveau, avec le réseau."],
  refused: ["Paroles n’a pas donné les questionnaires. Rien n’est perdu.", "Réessayez un peu plus tard, ou prévenez la coordination."],
};

async function take() {
  const [message, remedy] = REFUSALS[await takeAboard()] ?? [];
  if (message) throw Object.assign(new Error(message), { remedy });
}

async function begin() {
  const still = change("begin");
  const known = await aboard.load(session.profile.id);
  if (!still()) return;
  history.pushState({ screen: "begin" }, "");
  showBegin(main, {
    aboard: known,
    onLeave: () => home(),
    onStart: async ({ form, ...fields }) => {
      const { key, fingerprint } = form;
      const who = session;
      await listen(who, await drafts.begin(who, { ...fields, form: key, fingerprint }));
    },
  });
}

async function resume(id) {
  const who = session;
  await listen(who, await drafts.open(who, id));
}

async function ready() {
  const still = change("ready");
  history.pushState({ screen: "ready" }, "");
  await showReady(main, { session, still, onUpdate: update.takeOver, onLeave: () => home() });
}

/** The interview itself, until it is paused, finished or erased. */
async function listen(who, found) {
  try {
    const known = await aboard.load(who.profile.id);
    const told = aboard.settings(known, found.data);
    if (session?.profile.id !== who.profile.id) return found.leave(); // locked meanwhile
    change("interview");
    draft = found;
    const back = (note) => { draft = null; return session ? home(note) : showLocked(); };
    const talk = showInterview(main, {
      session: who, draft, ...told,
      onDone: () => back(), onLeave: () => back("L’entretien est en pause. Tout est gardé."),
    });
    leaveScreen = () => talk.detach();
  } catch (cause) {
    draft = null;
    found.leave();
    throw cause;
  }
  return null;
}

await start().catch((cause) => {
  unable();
  throw cause;
});
