// Bringing the outbox home: small batches, again and again, until each item has its receipt.
//
// The tablet's copy goes only when the server's digest of what it opened is our own digest. No
// request is made twice at a time, whatever the number of tabs (Web Lock "paroles-sync").

import { counts, QUEUED } from "./outbox.js";
import { nextBatch, settle } from "./receipts.js";
import { base64 } from "./seal.js";
import { database, FieldError, write } from "./store.js";
import { bring } from "./upload.js";
import { call } from "./wire.js";

const ADDRESS = "/terrain/api/envois";
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;
const TOO_MUCH = new Set([400, 413, 422]); // said of a whole batch: its halves may pass

const UNREACHABLE = {
  code: "network",
  message: "Le réseau ne répond pas. Rien n’est perdu : tout reste sur la tablette, sous scellé.",
  remedy: "L’envoi reprendra de lui-même quand le réseau reviendra.",
};
const UNPROVEN = {
  code: "unproven",
  message: "Le serveur n’a pas donné de reçu exact pour tous les envois. Rien n’est perdu : ce qui n’a pas le sien reste sur la tablette.",
  remedy: "L’envoi reprendra de lui-même.",
};

let state = { running: false, waiting: 0, rejected: 0, failure: null, next: null };
const listeners = new Set();
let current = null;

/** Call `fn(state)` now and at each change; returns what stops it. See `state` for its keys. */
export function subscribe(fn) {
  listeners.add(fn);
  fn(state);
  return () => listeners.delete(fn);
}

function tell(change) {
  state = { ...state, ...change };
  for (const fn of listeners) fn(state);
}

/**
 * Send all that waits, of every profile, and try again what was rejected or revoked. Returns
 * `{failure, waiting, rejected}`: `failure` is null or `{code, message, remedy}`.
 */
export function syncAll() {
  return round(true);
}

function round(everything) {
  current ??= alone(everything).finally(() => { current = null; });
  return current;
}

function alone(everything) {
  return navigator.locks.request("paroles-sync", { ifAvailable: true }, async (lock) => {
    let failure = null;
    if (lock) {
      tell({ running: true });
      failure = await everybody(everything).catch(unwritten);
      tell({ running: false, failure });
    }
    const { waiting, rejected } = await counts();
    tell({ waiting, rejected });
    return { failure, waiting, rejected };
  });
}

async function everybody(everything) {
  let failure = null;
  for (const profile of await (await database()).getAll("profiles")) {
    if (everything || !profile.revoked) failure = await deliver(profile, everything) ?? failure;
  }
  return failure;
}

function unwritten(cause) {
  if (!(cause instanceof FieldError)) throw cause;
  return { code: "storage", message: cause.message, remedy: cause.remedy };
}

async function deliver(profile, everything) {
  if (!everything && navigator.onLine === false) return UNREACHABLE;
  const stopped = await bring(profile, everything);
  const late = stopped && await failed(profile, stopped);
  if (stopped && [0, 401].includes(stopped.status)) return late;
  const tried = new Set();
  let unproven = late;
  for (;;) {
    const items = await nextBatch(profile.id, tried, everything);
    if (!items.length) return unproven;
    for (const { id } of items) tried.add(id);
    const failure = await send(profile, items);
    if (failure === UNPROVEN) unproven = failure;
    else if (failure) return failure;
  }
}

/** Send these items; null when each was answered, or the failure. */
async function send(profile, items) {
  const answer = await post(profile.device.token, items);
  if (!answer) return UNREACHABLE;
  if (answer.status === 200) {
    return await settle(profile.id, items, answer.body.receipts) ? null : UNPROVEN;
  }
  if (TOO_MUCH.has(answer.status) && items.length > 1) {
    const middle = Math.ceil(items.length / 2);
    const first = await send(profile, items.slice(0, middle));
    return await send(profile, items.slice(middle)) ?? first;
  }
  return failed(profile, answer);
}

async function failed(profile, { status, body: { code = String(status), message, remedy } }) {
  if (status === 401) await revoke(profile.id);
  return message ? { code, message, remedy } : UNREACHABLE;
}

/** The answer to a batch, or null when what answered was not our server. */
async function post(token, items) {
  const answer = await call(token, "POST", ADDRESS, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      items: items.map(({ id, kind, digest, sealed }) => ({ id, kind, digest, sealed: base64(sealed) })),
    }),
  });
  return answer?.status === 200 && !Array.isArray(answer.body.receipts) ? null : answer;
}

async function revoke(profileId) {
  await write(["profiles"], async (tx) => {
    await tx.store.put({ ...await tx.store.get(profileId), revoked: true });
  });
}

let timer = 0;
let failures = 0;
let started = false;
let wanted = false;
let trying = null;

/** Send now, then whenever the network or the page comes back, and after a pause that grows. */
export function start() {
  if (started) return;
  started = true;
  window.addEventListener("online", wake);
  window.addEventListener(QUEUED, wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  wake();
}

function wake() {
  failures = 0;
  wanted = true;
  launch();
}

function launch() {
  trying ??= attempt().finally(() => {
    trying = null;
    if (wanted) launch();
  });
}

async function attempt() {
  clearTimeout(timer);
  wanted = false;
  const { waiting } = await round(false);
  if (!waiting) {
    tell({ next: null });
    return;
  }
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + Math.random() / 2);
  failures += 1;
  timer = setTimeout(launch, pause);
  tell({ next: Date.now() + pause });
}
