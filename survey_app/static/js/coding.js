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
