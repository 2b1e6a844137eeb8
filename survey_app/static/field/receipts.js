// Which items leave together, and what a receipt changes on the tablet.

import { today } from "./ids.js";
import { database, write } from "./store.js";

const BATCH_ITEMS = 10;
const BATCH_BYTES = 750_000; // sealed; one megabyte once in base64
const HELD = new Set(["stored", "duplicate"]);
const REFUSED = new Set(["rejected", "conflict"]);
const AGAIN = new Set(["media_missing"]); // reasons that pass by themselves

const ALTERED = "Le serveur a reçu autre chose que ce que la tablette a envoyé. Rien n’est perdu : "
  + "l’envoi reste ici et repartira. Si ce message revient, prévenez la coordination.";

/**
 * The items of a profile to send next, none of them in `tried`; rejected ones only with
 * `everything`. A contact never travels with a testimony: nothing may pair them.
 */
export async function nextBatch(profileId, tried, everything) {
  const tx = (await database()).transaction("outbox");
  const words = [];
  const contacts = [];
  let size = 0;
  for await (const { value: item } of tx.store.index("profile").iterate(profileId)) {
    if (item.kind === "media" || tried.has(item.id)) continue;
    if (item.state === "rejected" && !everything) continue;
    if (item.media?.some((id) => !item.arrived?.includes(id))) continue; // its files go first
    const batch = item.kind === "contact" ? contacts : words;
    if (batch === words) size += item.sealed.length;
    if (words.length && size > BATCH_BYTES) break;
    batch.push(item);
    if (words.length === BATCH_ITEMS) break;
  }
  return words.length ? words : contacts.slice(0, BATCH_ITEMS);
}

/** Do what the receipts of these items say, at once; false when one is missing or inexact. */
export async function settle(profileId, items, receipts) {
  const byId = new Map(receipts.map((receipt) => [receipt?.id, receipt]));
  return write(["outbox", "sent", "profiles"], async (tx) => {
    await met(tx, profileId);
    let exact = true;
    for (const { id } of items) {
      const item = await tx.objectStore("outbox").get(id);
      const receipt = byId.get(id);
      if (item && !(receipt && await apply(tx, item, receipt))) exact = false;
    }
    return exact;
  });
}

/** Whether the receipt answers the item for good. */
async function apply(tx, item, { status, digest, number = null, code, problems = [] }) {
  const outbox = tx.objectStore("outbox");
  if (HELD.has(status) && digest === item.digest) {
    await Promise.all([item.id, ...item.media ?? []].map((id) => outbox.delete(id)));
    if (item.kind !== "contact") {
      const { id, profile, kind, day = today() } = item;
      await tx.objectStore("sent").put({ id, profile, kind, state: "verified", number, day });
    }
    return true;
  }
  if (REFUSED.has(status) && !AGAIN.has(code)) {
    await outbox.put({ ...item, state: "rejected", code, problems });
    return true;
  }
  const told = HELD.has(status) ? [ALTERED] : problems;
  const arrived = code === "media_missing" ? [] : item.arrived; // they are still here: once more
  await outbox.put({ ...item, state: "waiting", problems: told, arrived });
  return false;
}

/**
 * Do what the receipt of a photo or a voice says: its testimony remembers that it arrived, or is
 * rejected with it. The tablet keeps its copy until the testimony itself has its receipt.
 */
export async function settleMedia(profileId, id, testimonyId, { status, digest, code, problems = [] }) {
  await write(["outbox", "profiles"], async (tx) => {
    await met(tx, profileId);
    const outbox = tx.objectStore("outbox");
    const [item, testimony] = await Promise.all([outbox.get(id), outbox.get(testimonyId)]);
    if (!testimony) return;
    const arrived = [...testimony.arrived ?? []];
    if (HELD.has(status) && (!item || digest === item.digest)) {
      await outbox.put({ ...testimony, state: "waiting", problems: [], arrived: [...arrived, id] });
    } else if (REFUSED.has(status)) {
      await outbox.put({ ...testimony, state: "rejected", code, problems });
    } else {
      await outbox.put({ ...testimony, problems: [ALTERED] });
    }
  });
}

/** The server answered this profile: its tablet is known. */
async function met(tx, profileId) {
  const profiles = tx.objectStore("profiles");
  await profiles.put({ ...await profiles.get(profileId), contact_at: new Date().toISOString(), revoked: false });
}
