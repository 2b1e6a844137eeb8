// Filters the grid while one types; focus comes back to the sentence just coded.
// Without this file the search button asks the server, and codes open theme by theme.

const box = document.getElementById("words");
const grid = document.getElementById("grille");
const results = document.getElementById("resultats");
const status = document.getElementById("trouves");

const fold = (string) =>
  string
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae");

const holds = (code) => {
  const words = code.dataset.words.split(/[^\p{L}\p{N}]+/u);
  return (start) => words.some((word) => word.startsWith(start));
};

// Codes that hold every word typed; failing that, those that hold any of them.
const search = (wanted) => {
  const codes = Array.from(grid.querySelectorAll(".pick"));
  const all = codes.filter((code) => wanted.every(holds(code)));
  return all.length ? all : codes.filter((code) => wanted.some(holds(code)));
};

const filter = () => {
  const wanted = fold(box.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  results.replaceChildren();
  const found = wanted.length ? search(wanted) : [];
  for (const code of found.slice(0, 20)) results.append(code.cloneNode(true));
  results.hidden = found.length === 0;
  grid.hidden = found.length > 0;
  const plural = found.length < 2 ? "code trouvé" : "codes trouvés";
  status.textContent = wanted.length ? `${found.length} ${plural}` : "";
};

if (box && grid && results) {
  box.addEventListener("input", filter);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    results.querySelector("button")?.focus();
  });
}

const coded = document.getElementById(location.hash.slice(1));
if (location.hash.startsWith("#phrase-") && coded) {
  coded.querySelector("input[type=checkbox]")?.focus({ preventScroll: true });
}

// The sentences ticked together share one list of suggestions, under the last of them.
const bench = document.getElementById("coder");
const ticks = bench ? Array.from(bench.querySelectorAll("#texte input[name=phrase]")) : [];
const ticked = () => ticks.filter((tick) => tick.checked);
const listOf = (tick) => tick.closest("li").querySelector(".hints__list");

const merged = (lists) => {
  const best = new Map();
  for (const item of lists.flatMap((list) => Array.from(list.children))) {
    const { theme, score } = item.dataset;
    const known = best.get(theme);
    if (known) known.total += Number(score);
    else best.set(theme, { item, total: Number(score) });
  }
  return Array.from(best.values())
    .sort((one, other) => other.total - one.total)
    .slice(0, 6)
    .map(({ item }) => item.cloneNode(true));
};

const share = () => {
  for (const copy of bench.querySelectorAll(".hints__list--shared")) copy.remove();
  for (const list of bench.querySelectorAll(".hints__list")) list.hidden = false;
  const lists = ticked().map(listOf).filter(Boolean);
  const last = ticked().at(-1);
  const own = last && listOf(last);
  if (lists.length < 2 || !own) return;
  const shared = own.cloneNode(false);
  shared.classList.add("hints__list--shared");
  shared.append(...merged(lists));
  shared.querySelectorAll(".hint__key").forEach((key, rank) => {
    key.textContent = String(rank + 1);
  });
  own.hidden = true;
  own.after(shared);
};

const hints = () => {
  const last = ticked().at(-1);
  const list = last && last.closest("li").querySelector(".hints__list:not([hidden])");
  return list ? Array.from(list.querySelectorAll("button")) : [];
};

const move = (step) => {
  const here = ticks.indexOf(document.activeElement);
  const next = ticks[here < 0 ? 0 : here + step];
  if (next) next.focus();
};

// Single keys act only here, outside fields, and can be switched off (kept on this device).
const KEEP = "paroles-touches";
const keys = document.getElementById("touches");
const ACTIONS = {
  "/": () => box.focus(),
  z: () => document.querySelector("#annuler button:not(:disabled)")?.click(),
  r: () => ticked().length && document.getElementById("repeter")?.click(),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
};

const press = (event) => {
  if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (field) return;
  const arrow = event.key.startsWith("Arrow");
  if (arrow && !ticks.includes(document.activeElement)) return;
  const action = /^[1-6]$/.test(event.key)
    ? hints().length >= Number(event.key) && (() => hints()[Number(event.key) - 1].click())
    : ACTIONS[arrow ? event.key : event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
};

const told = () => bench.classList.toggle("with-keys", keys.checked);

if (bench && keys && ticks.length) {
  bench.addEventListener("change", share);
  share();
  keys.closest("label").hidden = false;
  keys.checked = localStorage.getItem(KEEP) !== "non";
  told();
  keys.addEventListener("change", () => {
    localStorage.setItem(KEEP, keys.checked ? "oui" : "non");
    told();
  });
  document.addEventListener("keydown", press);
}
