// Photos and voices go home before the words they go with: piece by piece, resumed where they stopped.

import { settleMedia } from "./receipts.js";
import { database, scanOutbox } from "./store.js";
import { call } from "./wire.js";

const ADDRESS = "/terrain/api/medias/";
const PIECE = 256 * 1024; // sealed bytes
const TRIES = 3; // how often the server may say another place before we wait

/** The files of a profile that have no receipt yet, and their testimony. */
async function waiting(profileId, everything) {
  const read = ({ id, kind, state, media = [], arrived = [] }) => (
    kind === "testimony" && (everything || state !== "rejected")
      ? media.filter((one) => !arrived.includes(one)).map((one) => ({ id: one, testimony: id })) : []
  );
  return (await scanOutbox(profileId, read)).flat();
}

/** Bring a profile's files home. Null when each was answered, or the answer that stopped it
 * (`{status, body}`; status 0 when nothing of ours answered). */
export async function bring(profile, everything) {
  let stopped = null;
  for (const { id, testimony } of await waiting(profile.id, everything)) {
    const item = await (await database()).get("outbox", id);
    const answer = item ? await upload(profile.device.token, { ...item, testimony }) : gone(id);
    if (answer?.body.receipt) await settleMedia(profile.id, id, testimony, answer.body.receipt);
    else stopped = answer ?? { status: 0, body: {} };
    if (stopped && [0, 401].includes(stopped.status)) return stopped;
  }
  return stopped;
}

/** A file that is here no more: the server says, with the testimony, whether it has it. */
function gone(id) {
  return { status: 200, body: { receipt: { id, status: "duplicate", digest: null } } };
}

async function upload(token, item) {
  const address = ADDRESS + item.id;
  let answer = await call(token, "GET", address);
  if (answer?.status !== 200) return answer;
  let at = answer.body.received;
  for (let tries = TRIES; tries;) {
    if (!Number.isInteger(at)) return null;
    at = Math.min(at, item.sealed.length);
    answer = await call(token, "PUT", `${address}/${at}`, {
      headers: {
        "Content-Type": "application/octet-stream",
        "X-Digest": item.digest,
        "X-Kind": item.media_kind,
        "X-Testimony": item.testimony,
        "X-Total": String(item.sealed.length),
      },
      body: item.sealed.slice(at, at + PIECE),
    });
    const misplaced = answer?.status === 409 && answer.body.code === "offset";
    if (!misplaced && (answer?.status !== 200 || answer.body.receipt)) return answer;
    tries = misplaced || answer.body.received <= at ? tries - 1 : TRIES;
    at = answer.body.received;
  }
  return null;
}
