// What is finished: sealed to the council, then kept here until a receipt came back.

import { hex, randomBytes, today, uuid4, uuid7 } from "./ids.js";
import { gathered } from "./media.js";
import { digest, encode, seal } from "./seal.js";
import { database, ofProfile, removeDraft, scanOutbox, write } from "./store.js";

/** Sent on the window when something new waits to be sent. */
export const QUEUED = "paroles-outbox";

/**
 * Finish an interview: seal it and its media, queue them and remove the draft, in one
 * transaction. Returns `{id, digest}`; rejects with `NotSaved`, the draft being as it was.
 */
export async function finish(session, draft) {
  let finished = null;
  await draft.conclude(async (data) => {
    // The profile as it is now: the council may have changed its key since it was unlocked.
    const profile = await (await database()).get("profiles", session.profile.id);
    const media = await gathered(session, data);
    const envelope = testimony(profile, data, await Promise.all(media.map(described)));
    const item = {
      ...await sealed(profile, data.id, "testimony", encode(envelope)),
      media: media.map(({ id }) => id),
    };
    const queue = [item];
    for (const { id, kind, type, bytes } of media) {
      queue.push({
        ...await sealed(profile, id, "media", bytes), media_kind: kind, type, testimony: data.id,
      });
    }
    await write(["outbox", "drafts", "media"], async (tx) => {
      const outbox = tx.objectStore("outbox");
      await Promise.all([...queue.map((row) => outbox.add(row)), removeDraft(tx, data.id)]);
    });
    finished = { id: item.id, digest: item.digest };
  });
  window.dispatchEvent(new Event(QUEUED));
  return finished;
}

/**
 * Queue what is not a testimony: kind "refusal" or "stopped" with `{meeting}`, kind "contact" with
 * `{campaign, contact}`. Returns `{id, digest}`.
 */
export async function queueEvent(session, kind, fields) {
  const profile = await (await database()).get("profiles", session.profile.id);
  const plain = kind === "contact"
    // Nothing that leads back to a testimony: no hour, no device, an id that tells no time.
    ? { format: "paroles-contact", version: 1, id: uuid4(), ...fields }
    : { format: "paroles-count", version: 1, id: uuid7(), kind, at: new Date().toISOString(), ...fields };
  const item = await sealed(profile, plain.id, kind, encode(plain));
  await write(["outbox"], (tx) => tx.store.add(item));
  window.dispatchEvent(new Event(QUEUED));
  return { id: item.id, digest: item.digest };
}

/**
 * A line per testimony of this profile, the latest first:
 * `{id, kind, state: "waiting"|"rejected"|"received"|"verified", day, number, problems}`.
 */
export async function list(profileId) {
  const line = ({ id, kind, state, day, number = null, problems = [] }) => (
    { id, kind, state, day, number, problems }
  );
  const here = await scanOutbox(profileId, line);
  const gone = await ofProfile("sent", profileId);
  return [...here, ...gone.map(line)]
    .filter(({ kind }) => kind === "testimony")
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** How many items are on the tablet, of everybody or of one profile: `{waiting, rejected, total}`.
 * Photos and voices count with their testimony. */
export async function counts(profileId = null) {
  const kinds = await scanOutbox(profileId, ({ kind, state }) => (kind === "media" ? null : state));
  const states = kinds.filter(Boolean);
  const rejected = states.filter((state) => state === "rejected").length;
  return { waiting: states.length - rejected, rejected, total: states.length };
}

function testimony(profile, data, media) {
  return {
    format: "paroles-testimony",
    version: 1,
    id: data.id,
    council: profile.council.id,
    campaign: data.campaign,
    meeting: data.meeting,
    questionnaire: data.fingerprint,
    language: data.language,
    answers: data.answers,
    withdrawal_code: data.code,
    claimed_at: new Date().toISOString(),
    device: profile.device.id,
    media,
    // Without it, who holds the digest could guess short answers and check them.
    salt: hex(randomBytes(16)),
  };
}

async function described({ bytes, ...told }) {
  return { ...told, digest: await digest(bytes), size: bytes.length };
}

async function sealed(profile, id, kind, bytes) {
  return {
    id,
    profile: profile.id,
    kind,
    sealed: await seal(bytes, profile.recipients),
    digest: await digest(bytes),
    day: today(),
    state: "waiting",
    problems: [],
  };
}
