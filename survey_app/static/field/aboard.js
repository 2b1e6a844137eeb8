// The questionnaires aboard: taken when there is a network, read when there is none.

import { database, FieldError, write } from "./store.js";

const PACKAGE = "/terrain/api/bord";
const MOST_PAST = 200; // campaigns and meetings remembered once they left the package
const DAY = 24 * 60 * 60 * 1000; // milliseconds

/** What an account has aboard: `{profile, etag, package, kept}`; null before the first visit. */
export async function load(profileId) {
  return (await (await database()).get("aboard", profileId)) ?? null;
}

/**
 * Take the latest package. Returns "fresh", "same", "offline", "revoked" or "refused": when it is
 * not "fresh", what is aboard stays as it is.
 */
export async function refresh(profileId) {
  const profile = await (await database()).get("profiles", profileId);
  const known = await load(profileId);
  const answer = await ask(profile.device.token, known?.etag);
  if (!answer) return "offline";
  if (answer.status === 401) {
    await note(profileId, { revoked: true });
    return "revoked";
  }
  const now = new Date().toISOString();
  if (answer.status === 304) {
    await note(profileId, { contact_at: now, aboard_at: now });
    return "same";
  }
  if (!answer.ok) return "refused";
  const fresh = await answer.json();
  await write(["aboard", "profiles"], async (tx) => {
    const shelf = tx.objectStore("aboard");
    const before = await shelf.get(profileId);
    const etag = answer.headers.get("ETag");
    await shelf.put({ profile: profileId, etag, package: fresh, kept: older(before, fresh.forms, now), past: past(before) });
    const found = await tx.objectStore("profiles").get(profileId);
    const told = { name: fresh.account.name, council: fresh.council, recipients: fresh.recipients };
    await tx.objectStore("profiles").put({ ...found, ...told, aboard_at: now, contact_at: now });
  });
  return "fresh";
}

async function ask(token, etag) {
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}` };
  if (etag) headers["If-None-Match"] = etag;
  try {
    return await fetch(PACKAGE, { headers, cache: "no-store", credentials: "omit" });
  } catch {
    return null;
  }
}

async function note(profileId, told) {
  await write(["profiles"], async (tx) => {
    const found = await tx.store.get(profileId);
    if (found) await tx.store.put({ ...found, ...told });
  });
}

/** The forms that the new package no longer has: an interview begun on one of them stays on it. */
function older(known, forms, since) {
  const current = new Set(forms.map((form) => form.key));
  const left = (known?.package.forms ?? []).map((form) => ({ form, since }));
  return [...(known?.kept ?? []), ...left].filter(({ form }) => !current.has(form.key));
}

/** Campaigns and meetings seen so far, by id: an open interview may still name them. */
function past(known) {
  const { campaigns = [], meetings = [] } = known?.package ?? {};
  const seen = [...campaigns, ...meetings].map((one) => [one.id, one]);
  return Object.fromEntries([...Object.entries(known?.past ?? {}), ...seen].slice(-MOST_PAST));
}

/** Let go of old forms that no draft uses; `keys` are those that the drafts name. */
export async function prune(profileId, keys) {
  const known = await load(profileId);
  const stays = ({ form, since }) => keys.has(form.key) || Date.now() - Date.parse(since) < DAY;
  if (known?.kept?.every(stays) ?? true) return;
  await write(["aboard"], async (tx) => {
    const found = await tx.store.get(profileId);
    await tx.store.put({ ...found, kept: found.kept.filter(stays) });
  });
}

/** The form that an interview follows, with its meeting and campaign. */
export function settings(aboard, data) {
  const forms = [...(aboard?.package.forms ?? []), ...(aboard?.kept ?? []).map((one) => one.form)];
  const form = forms.find((one) => one.key === data.form);
  if (!form) {
    throw new FieldError(
      "Le questionnaire de cet entretien n’est plus sur cette tablette. Ce qui est noté y est toujours.",
      "Connectez la tablette au réseau, puis gardez le fichier de secours : la coordination saura le lire.",
    );
  }
  const { campaigns, meetings } = aboard.package;
  const one = (id) => [...campaigns, ...meetings].find((row) => row.id === id) ?? aboard.past?.[id] ?? { id };
  return { form, campaign: one(data.campaign), meeting: one(data.meeting) };
}

/** A meeting as people know it: « Devant l’école, 2 avril 2026 ». */
export function meetingLabel({ place, neighbourhood, held_on: day }) {
  const where = place || neighbourhood?.name || "Rencontre";
  return day ? `${where}, ${dayLabel(day)}` : where;
}

/** « 2 avril 2026 » from `yyyy-mm-dd` or an instant. */
export function dayLabel(value) {
  const date = new Date(value.length === 10 ? `${value}T12:00:00` : value);
  const told = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric" }).format(date);
  return told.replace(/^1 /, "1er ");
}

/** « 2 avril 2026 à 14h05 ». */
export function momentLabel(value) {
  const date = new Date(value);
  const minutes = String(date.getMinutes()).padStart(2, "0");
  return `${dayLabel(value)} à ${date.getHours()}h${minutes}`;
}

/** French begins its plural at two. */
export function plural(count, one, many) {
  return `${count}\u00a0${count < 2 ? one : many}`;
}
