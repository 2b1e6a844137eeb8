// Filters the grid while one types. Without this file the search button asks the server.

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

export const clear = () => {
  box.value = "";
  filter();
};

const said = (pick, which) => Array.from(pick.querySelectorAll(`:scope > .pick__about > ${which}`));

// What the grid says of a code: its definition, an example, what its theme includes and does not.
export const meaning = (code) => {
  const pick = grid.querySelector(`[data-code="${CSS.escape(code)}"]`);
  if (!pick) return [];
  const theme = pick.parentElement.closest(".pick");
  const parts = [...said(pick, "p"), ...(theme ? said(theme, "p.scope") : [])];
  return parts.map((part) => part.cloneNode(true));
};

if (box && grid && results) {
  box.addEventListener("input", filter);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      clear();
      document.querySelector("#texte input[name=phrase]:checked")?.focus();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    results.querySelector("button")?.focus();
  });
}
