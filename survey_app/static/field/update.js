// The worker that keeps the page without a network, and the manners of its updates: a new version
// waits until somebody asks for it, and never comes in the middle of an interview.

import { FieldError } from "./store.js";

const WORKER = "/terrain/sw.js";
const SCOPE = "/terrain/";
const DRAFT_LOCK = "paroles-draft-";

let registration = null;
let reloading = false;
const listeners = new Set();

/** Keep the page on this tablet. Returns whether this browser can. */
export async function register() {
  const workers = navigator.serviceWorker;
  if (!workers) return false;
  const served = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (served && !reloading) reload();
  });
  try {
    registration = await workers.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  } catch {
    return Boolean(workers.controller);
  }
  if (registration.installing) watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  tell();
  return true;
}

function watch(worker) {
  worker?.addEventListener("statechange", tell);
}

function tell() {
  for (const listener of listeners) listener(waiting());
}

/** Call `listener(waiting)` whenever an update comes or goes. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a whole new version is on the tablet, ready to take over. */
export function waiting() {
  return Boolean(registration?.waiting && navigator.serviceWorker.controller);
}

/** Whether the page will open without a network. */
export async function installed() {
  const known = await navigator.serviceWorker?.getRegistration(SCOPE);
  return Boolean(known?.active);
}

/** Look for a new version; without a network, nothing happens. */
export async function check() {
  await registration?.update().catch(() => {});
}

/** Let the new version take over, then the page reloads. Throws while an interview is open. */
export async function takeOver() {
  if (await isListening() || await asked(registration.waiting)) {
    throw new FieldError(
      "Un entretien est ouvert sur cette tablette : la mise à jour attend qu’il soit en pause ou terminé.",
      "Rien n’a changé. Terminez-le ou mettez-le en pause, puis recommencez.",
    );
  }
}

async function isListening() {
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name.startsWith(DRAFT_LOCK));
}

/** What the worker answers: it looks for open interviews once more, in every tab. */
function asked(worker) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data.busy);
    worker.postMessage("take-over", [channel.port2]);
  });
}

/** In another tab than the one that asked, an interview opened since is left alone. */
async function reload() {
  if (await isListening()) return;
  reloading = true;
  window.location.reload();
}
