// Single keys act on this page only, outside fields, and can be switched off (kept on this device).

import { open, say, send } from "./bench-gestures.js";
import { aim, bench, hints, move, openDefinitions, settle, text, ticks } from "./bench-ticks.js";
import { leave, walked, walkIn } from "./bench-words.js";

const KEEP = "paroles-touches";
const help = document.querySelector("div.keys");
const keys = document.getElementById("touches");
const press = (selector) => document.querySelector(selector)?.click();

// The code that a key specifies: one's last on the sentence chosen, else the last one put.
const target = () => {
  const here = aim().at(-1)?.closest("li");
  const own = here ? Array.from(here.querySelectorAll(".chip[data-coding]")) : [];
  return own.find((chip) => "latest" in chip.dataset) || own.at(-1)
    || text.querySelector(".chip[data-latest][data-coding]");
};

const chipOf = (coding) => text.querySelector(`.chip[data-coding="${CSS.escape(coding)}"]`);

const specify = (facet) => {
  const coding = target()?.dataset.coding;
  if (!coding) {
    say("Posez d’abord un code : cette touche le précise.");
    return;
  }
  const form = document.getElementById("preciser");
  const token = form.querySelector("[name=csrf_token]").value;
  const sent = { csrf_token: token, codage: coding, suivante: facet };
  send(form.action, Object.entries(sent), () => {
    say(chipOf(coding)?.querySelector("span")?.textContent.trim() || "");
  });
};

const suggestion = (rank) => {
  settle();
  hints()[rank - 1]?.click();
};

const repeat = () => {
  settle();
  if (aim().length) press("#repeter");
};

const note = () => {
  const link = target()?.querySelector(".chip__more");
  if (link) open(link.href, "#memo");
};

const ACTIONS = {
  "/": () => document.getElementById("words").focus(),
  z: () => press('#gestes [form="annuler"]:not(:disabled)'),
  y: () => press('#gestes [form="refaire"]:not(:disabled)'),
  r: repeat,
  m: note,
  d: openDefinitions,
  s: () => walkIn(aim().at(-1)),
};

const arrow = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !ticks.includes(document.activeElement)) return null;
  return () => {
    leave();
    move(step, event.shiftKey);
  };
};

// Digits by their place: on a French keyboard they need no capital key.
const digit = (event) => {
  const found = /^(?:Digit|Numpad)([1-6])$/.exec(event.code);
  return found && hints().length >= Number(found[1]) ? () => suggestion(Number(found[1])) : null;
};

const pressed = (event) => {
  if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (walked(event)) {
    event.preventDefault();
    return;
  }
  const facets = JSON.parse(help.dataset.facets);
  const key = event.key.toLowerCase();
  const action = arrow(event) || digit(event) || ACTIONS[key]
    || (facets[key] && (() => specify(facets[key])));
  if (!action) return;
  event.preventDefault();
  action();
};

const told = () => bench.classList.toggle("with-keys", keys.checked);

export const start = () => {
  help.hidden = false;
  keys.checked = localStorage.getItem(KEEP) !== "non";
  told();
  keys.addEventListener("change", () => {
    localStorage.setItem(KEEP, keys.checked ? "oui" : "non");
    told();
  });
  document.addEventListener("keydown", pressed);
};
