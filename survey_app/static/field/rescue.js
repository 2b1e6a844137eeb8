// The rescue file: all that a profile has on the tablet, still sealed, to be brought to the desk.

import { today } from "./ids.js";
import { base64 } from "./seal.js";
import { database, ofProfile } from "./store.js";

/**
 * Everything of a profile in one file: `{blob, name, count}`. `draft`, when an interview is open,
 * is taken as it is on the screen: the disk may be too full to hold it.
 */
export async function rescueFile(profileId, draft = null) {
  const profile = await (await database()).get("profiles", profileId);
  const [outbox, stored, chunks] = await Promise.all(
    ["outbox", "drafts", "media"].map((store) => ofProfile(store, profileId)),
  );
  const open = draft ? [await draft.row()] : [];
  const drafts = [...stored.filter(({ id }) => id !== draft?.id), ...open];
  const file = {
    format: "paroles-rescue",
    version: 1,
    council: profile.council.id,
    account: profile.id,
    device: profile.device.id,
    created_at: new Date().toISOString(),
    items: outbox.filter(({ kind }) => kind !== "media").map(item),
    media: outbox.filter(({ kind }) => kind === "media").map((row) => ({
      ...item(row), kind: row.media_kind, type: row.type, testimony: row.testimony,
    })),
    drafts: drafts.map(({ id, updated, ...box }) => ({ id, ...written(box), updated })),
    draft_media: chunks.map(({ id, rank, draft: of, kind, type, ...box }) => (
      { id, rank, draft: of, kind, type, ...written(box) }
    )),
    draft_key: base64(profile.recovery),
  };
  const count = file.items.length + file.drafts.length;
  return {
    blob: new Blob([JSON.stringify(file)], { type: "application/json" }),
    name: `paroles-secours-${today()}-${count}.json`,
    count,
  };
}

function item({ id, kind, digest, sealed }) {
  return { id, kind, digest, sealed: base64(sealed) };
}

function written({ iv, data }) {
  return { iv: base64(iv), data: base64(data) };
}
