// Marks in the text are answered where they stand, with a finger or with the keyboard.
// Without this file each mark leads to its line in the list, which holds the same answers.

const text = document.getElementById("texte");
const answer = document.getElementById("repondre");
const KEEP = "paroles-touches"; // shared with the coding bench: one choice for both
const RETURN = "paroles-masquage";

if (text && answer) {
  const bar = document.getElementById("barre");
  const keys = document.getElementById("touches");
  const marks = Array.from(text.querySelectorAll("[data-mark]"));
  const { marque, categorie } = answer.elements;
  const [mask, leave] = answer.querySelectorAll("button[name=reponse]");
  const alone = document.getElementById("seul");
  let current = null;
  let sent = false;

  const isProposed = (mark) => mark.classList.contains("proposed");
  const say = (id, words) => {
    document.getElementById(id).textContent = words;
  };

  const close = () => {
    current?.removeAttribute("aria-current");
    current = null;
    answer.hidden = true;
    bar.classList.remove("is-answering");
  };

  const show = (mark) => {
    close();
    current = mark;
    mark.setAttribute("aria-current", "true");
    marque.value = mark.dataset.mark;
    categorie.value = mark.dataset.category;
    say("repondre-mots", (mark.querySelector("bdi") ?? mark).textContent);
    say("repondre-passages", mark.dataset.passages && `(${mark.dataset.passages})`);
    say("repondre-pourquoi", mark.dataset.why);
    const kind = isProposed(mark) ? "proposed" : "accepted";
    for (const button of [mask, leave]) {
      const label = button.querySelector("span");
      button.value = button.dataset[kind];
      label.textContent = label.dataset[kind];
    }
    alone.value = mark.dataset.mark;
    alone.hidden = isProposed(mark) || !mark.dataset.passages;
    answer.hidden = false;
    bar.classList.add("is-answering");
  };

  const reach = (mark) => {
    mark.focus({ preventScroll: true });
    show(mark);
    mark.scrollIntoView({ block: "nearest" });
  };

  const move = (step) => {
    const here = marks.indexOf(current);
    const next = marks[here < 0 ? (step > 0 ? 0 : marks.length - 1) : here + step];
    if (next) reach(next);
  };

  for (const mark of marks) {
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      if (document.getSelection().isCollapsed) reach(mark);
    });
  }
  text.addEventListener("selected", close);
  document.getElementById("fermer").addEventListener("click", () => {
    const mark = current;
    close();
    mark?.blur();
  });
  for (const button of answer.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => move(Number(button.dataset.move)));
  }

  // Each answer loads the page again: come back to the same height, on the next word to look at.
  // A second tap while the first is on its way asks nothing more.
  const remember = (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    if (!["repondre", "masquer", "demasquer", "annuler"].includes(event.target.id)) return;
    const spot = { page: location.pathname, height: scrollY };
    if (event.target === answer && current) {
      spot.at = Number(current.dataset.at);
      spot.next = isProposed(current) || event.submitter === leave;
    }
    sessionStorage.setItem(RETURN, JSON.stringify(spot));
  };

  const comeBack = () => {
    const spot = JSON.parse(sessionStorage.getItem(RETURN) ?? "null");
    sessionStorage.removeItem(RETURN);
    if (!spot || spot.page !== location.pathname || document.getElementById("erreurs")) return;
    scrollTo(0, spot.height);
    if (spot.at === undefined) return;
    const offered = spot.next ? marks.filter(isProposed) : marks;
    const after = offered.find((mark) => Number(mark.dataset.at) >= spot.at) ?? offered[0];
    if (after) reach(after);
    else document.querySelector("#confirmer button")?.focus();
  };

  const ACTIONS = {
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    a: () => mask.click(),
    r: () => leave.click(),
    c: () => categorie.focus(),
    z: () => document.querySelector("#annuler [name=annuler]")?.click(),
    Escape: close,
  };

  // Single keys act in the bench alone: in the text, its bar, or when nothing else has the focus.
  const press = (event) => {
    const { key, target } = event;
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target === categorie && current && (key === "Enter" || key === "Escape")) {
      event.preventDefault();
      if (key === "Enter") mask.click();
      else current.focus();
      return;
    }
    if (target.closest("input, select, textarea")) return;
    if (target !== document.body && !text.contains(target) && !answer.contains(target)) return;
    const name = key.length === 1 ? key.toLowerCase() : key;
    if (["a", "r", "c", "Escape"].includes(name) && !current) return;
    if (["ArrowDown", "ArrowUp"].includes(name) && !marks.includes(target)) return;
    const action = ACTIONS[name];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const told = () => bar.classList.toggle("without-keys", !keys.checked);

  document.body.classList.add("with-bar");
  document.getElementById("raccourcis").hidden = false;
  keys.checked = localStorage.getItem(KEEP) !== "non";
  keys.addEventListener("change", () => {
    localStorage.setItem(KEEP, keys.checked ? "oui" : "non");
    told();
  });
  told();
  document.addEventListener("submit", remember);
  addEventListener("pageshow", () => {
    sent = false;
  });
  document.addEventListener("keydown", press);
  comeBack();
}
