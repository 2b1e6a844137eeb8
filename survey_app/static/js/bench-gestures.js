// Gestures leave by fetch and come back as the part of the page that changed; no page is reloaded.
// What comes back otherwise (an expired session, say) is followed as a plain form would be.

import { clear } from "./bench-search.js";
import { bench, spend, text, ticked, ticks } from "./bench-ticks.js";

const PART = { "X-Paroles-Part": "banc" };
const SENT = ["coder", "annuler", "refaire", "retirer", "preciser"];
const said = document.getElementById("dit");
const refusal = document.getElementById("refus");
const UNREACHED =
  "Le serveur n’a pas répondu. Ce que vous avez choisi est toujours là : réessayez dans un instant.";
let line = Promise.resolve(); // gestures leave one after the other

const tell = (words) => {
  const notice = document.createElement("div");
  notice.className = "notice notice--error";
  notice.textContent = words;
  refusal.replaceChildren(notice);
};

// Keep the keyboard where it was, although the buttons there are new ones.
const keepFocus = (change) => {
  const held = document.activeElement;
  const inMarks = held?.closest?.(".marks");
  const button = held?.closest?.("#gestes") ? held.getAttribute("form") : "";
  const item = inMarks?.closest("li");
  change();
  if (held?.isConnected) return;
  const again = button && document.querySelector(`#gestes [form="${button}"]:not(:disabled)`);
  const fallback = item ? item.querySelector("input[name=phrase]") : ticked().at(-1) || ticks[0];
  if (button || inMarks) (again || fallback).focus({ preventScroll: true });
};

const apply = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  keepFocus(() => {
    for (const id of ["gestes", "bas"]) {
      document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes);
    }
    for (const found of fresh.querySelectorAll(".marks")) {
      const marks = document.getElementById(found.id);
      marks.closest("li").classList.toggle("is-coded", "coded" in found.dataset);
      marks.replaceChildren(...found.childNodes);
    }
    // The code put last is elsewhere now; in lines that were not drawn again it is told so here.
    for (const chip of text.querySelectorAll(".chip[data-latest]")) {
      if (!fresh.getElementById(chip.closest(".marks").id)) delete chip.dataset.latest;
    }
  });
};

const follow = (action, data) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action, hidden: true });
  for (const [name, value] of data) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
};

const go = async (action, data) => {
  refusal.replaceChildren();
  const body = new URLSearchParams(data);
  let answer;
  try {
    answer = await fetch(action, { method: "POST", body, headers: PART });
  } catch {
    tell(UNREACHED);
    return false;
  }
  const html = await answer.text();
  if (!answer.headers.has("X-Paroles-Part")) {
    follow(action, data);
    return false;
  }
  if (!answer.ok) {
    tell(new DOMParser().parseFromString(html, "text/html").body.textContent.trim());
    return false;
  }
  apply(html);
  return true;
};

export const send = (action, data, after = () => {}) => {
  line = line.then(async () => {
    if (await go(action, data)) after();
  });
  return line;
};

export const say = (words) => {
  said.textContent = words;
};

const coded = (button) => {
  clear();
  for (const choice of bench.querySelectorAll("[name^=facette-]")) {
    if (choice.type === "checkbox") choice.checked = false;
    else choice.value = "";
  }
  if (!button.isConnected) (ticked().at(-1) || ticks[0]).focus({ preventScroll: true });
  spend();
  say(`Codé : ${button.dataset.name || button.value}`);
};

const submitted = (event) => {
  const { target: form, submitter } = event;
  if (!SENT.includes(form.id)) return;
  if (form.id === "coder" && !["code", "suggestion"].includes(submitter?.name)) return;
  event.preventDefault();
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  send(form.action, data, form.id === "coder" ? () => coded(submitter) : undefined);
};

// The panel of a code opens and closes in place.
const opened = (event) => {
  const link = event.target.closest(".chip__more, [data-close]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.href);
};

export const open = (address, focus = "#preciser-panneau") => {
  line = line.then(async () => {
    const answer = await fetch(address, { headers: PART }).catch(() => null);
    if (!answer?.ok || !answer.headers.has("X-Paroles-Part")) {
      location.assign(address);
      return;
    }
    apply(await answer.text());
    document.querySelector(focus)?.focus();
  });
};

export const start = () => {
  document.addEventListener("submit", submitted);
  text.addEventListener("click", opened);
};
