// The tablet's page works without a network: this worker keeps the whole of it, or nothing of it.
// It answers GET only, for the files listed here and for the page itself; all else goes its way.

const VERSION = {{ version|tojson }};
const PREFIX = "paroles-terrain-";
const CACHE = PREFIX + VERSION;
const SHELL = {{ home|tojson }};
const ASSETS = {{ assets|tojson }};
const DRAFT_LOCK = "paroles-draft-";

self.addEventListener("install", (event) => { event.waitUntil(install()); });
self.addEventListener("activate", (event) => { event.waitUntil(forgetOldOnes()); });
self.addEventListener("fetch", answer);
self.addEventListener("message", (event) => { event.waitUntil(listen(event)); });

/** Everything is fetched anew from the server; if one file fails, this version does not exist. */
async function install() {
  const known = await caches.has(CACHE);
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(ASSETS.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
  } catch (error) {
    if (!known) await caches.delete(CACHE);
    throw error;
  }
}

/** Only once this version serves the page; caches of others are not ours to delete. */
async function forgetOldOnes() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = request.mode === "navigate" && url.pathname === SHELL;
  if (page || (request.mode !== "navigate" && ASSETS.includes(url.pathname))) {
    event.respondWith(kept(url.pathname, request));
  }
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** A new version waits until it is asked for, and never comes in the middle of an interview. */
async function listen(event) {
  if (event.data !== "take-over") return;
  const { held } = await self.navigator.locks.query();
  const busy = held.some((lock) => lock.name.startsWith(DRAFT_LOCK));
  event.ports[0]?.postMessage({ busy });
  if (!busy) await self.skipWaiting();
}
