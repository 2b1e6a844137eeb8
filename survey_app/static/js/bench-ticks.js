// Which sentences are chosen, and the suggestions shown under the last of them.

import { meaning } from "./bench-search.js";

export const bench = document.getElementById("coder");
export const text = document.getElementById("texte");
export const ticks = text ? Array.from(text.querySelectorAll("input[name=phrase]")) : [];
export const ticked = () => ticks.filter((tick) => tick.checked);

const MOST = 6;
const forgetters = [];
let spent = false; // what is chosen bears a code already: the next sentence begins anew

export const onNewChoice = (forget) => forgetters.push(forget);
const forgetAll = () => forgetters.forEach((forget) => forget());

export const choose = (wanted) => {
  for (const tick of ticks) tick.checked = wanted.includes(tick);
  spent = false;
  show();
};

export const spend = () => {
  spent = ticked().length > 0;
  show();
};

// The sentences that a key acts on: those chosen, or the one where the keyboard is.
export const aim = () => {
  const chosen = ticked();
  const here = ticks.includes(document.activeElement) ? document.activeElement : null;
  if (chosen.length && (!spent || !here || chosen.includes(here))) return chosen;
  return here ? [here] : [];
};

// Make what a key acts on the choice itself.
export const settle = () => {
  const wanted = aim();
  const same = wanted.length === ticked().length && wanted.every((tick) => tick.checked);
  if (same) return;
  forgetAll();
  choose(wanted);
};

export const move = (step, extend) => {
  const here = ticks.indexOf(document.activeElement);
  const next = ticks[here + step];
  if (!next) return;
  if (extend) {
    forgetAll();
    choose(spent ? [ticks[here], next] : [...new Set([...ticked(), ticks[here], next])]);
  }
  next.focus();
};

const listOf = (tick) => tick.closest("li").querySelector(".hints__list");

// Each code once, at its best: what the server notes as shown for such a stretch.
const merged = (lists) => {
  const best = new Map();
  for (const item of lists.flatMap((list) => Array.from(list.children))) {
    const known = best.get(item.dataset.code);
    if (!known || Number(item.dataset.score) > Number(known.dataset.score)) {
      best.set(item.dataset.code, item);
    }
  }
  return Array.from(best.values())
    .sort((one, other) => Number(other.dataset.score) - Number(one.dataset.score))
    .slice(0, MOST)
    .map((item) => item.cloneNode(true));
};

const share = (lists, own) => {
  const shared = own.cloneNode(false);
  shared.classList.add("hints__list--shared");
  shared.append(...merged(lists));
  shared.querySelectorAll(".hint__key").forEach((key, rank) => {
    key.textContent = String(rank + 1);
  });
  own.hidden = true;
  own.after(shared);
};

const shown = () => text.querySelector(".is-here .hints");

export const hints = () => {
  const list = shown()?.querySelector(".hints__list:not([hidden])");
  return list ? Array.from(list.querySelectorAll("button")) : [];
};

// Under the suggestions, what each of their codes means.
const explain = (box) => {
  let about = box.querySelector(".hints__about");
  if (!about) {
    about = document.createElement("details");
    about.className = "hints__about";
    about.append(document.createElement("summary"), document.createElement("div"));
    about.firstChild.textContent = "Définitions";
    about.lastChild.className = "stack";
    box.append(about);
  }
  const parts = hints().map((button) => {
    const part = document.createElement("section");
    const title = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = button.dataset.name;
    title.append(name);
    part.append(title, ...meaning(button.value));
    return part;
  });
  about.lastChild.replaceChildren(...parts);
};

export const openDefinitions = () => {
  const about = shown()?.querySelector(".hints__about");
  if (about) about.open = !about.open;
};

export const show = () => {
  for (const copy of text.querySelectorAll(".hints__list--shared")) copy.remove();
  for (const list of text.querySelectorAll(".hints__list[hidden]")) list.hidden = false;
  for (const item of text.querySelectorAll(".is-here")) item.classList.remove("is-here");
  const wanted = aim();
  const last = wanted.at(-1);
  bench.classList.toggle("is-spent", spent);
  if (!last || !(last.checked || last.matches(":focus-visible"))) return;
  last.closest("li").classList.add("is-here");
  const lists = wanted.map(listOf).filter(Boolean);
  if (!lists.length) return;
  // The last sentence may have none of its own: the list then stands under the last that has.
  const own = lists.at(-1);
  if (own.closest("li") !== last.closest("li")) {
    last.closest("li").classList.remove("is-here");
    own.closest("li").classList.add("is-here");
  }
  if (lists.length > 1) share(lists, own);
  explain(own.closest(".hints"));
};

const changed = (event) => {
  const tick = event.target;
  if (!ticks.includes(tick)) return;
  forgetAll();
  if (spent) choose(tick.checked ? [tick] : []);
  else show();
};

export const start = () => {
  bench.classList.add("with-script");
  text.addEventListener("change", changed);
  // With a mouse, nothing may move between its going down and up: the click would be lost.
  text.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && show());
  const coded = document.getElementById(location.hash.slice(1));
  if (location.hash.startsWith("#phrase-") && coded) {
    coded.querySelector("input[type=checkbox]")?.focus({ preventScroll: true });
  }
  show();
};
