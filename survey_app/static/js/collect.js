// Comfort only: every page works without this file, and the server decides.

const form = document.querySelector("form.interview");

/** Give an answer and « Je ne sais pas » is unticked; tick it and the choices are. */
function pair(question) {
  const silent = question.querySelector(".silent");
  if (!silent) return;
  const none = silent.querySelector('input[value=""]');
  question.addEventListener("input", (event) => {
    const field = event.target;
    if (!silent.contains(field)) {
      none.checked = true;
    } else if (field.value) {
      // Written words are never erased by a tap: the server asks which of the two stands.
      for (const choice of question.querySelectorAll("input:checked")) {
        if (!silent.contains(choice)) choice.checked = false;
      }
    }
  });
}

/** Once the maximum is ticked, the other boxes wait. */
function limit(question) {
  const most = Number(question.dataset.max);
  if (!most) return;
  const boxes = [...question.querySelectorAll('input[type="checkbox"]')];
  const update = () => {
    const full = boxes.filter((box) => box.checked).length >= most;
    for (const box of boxes) box.disabled = full && !box.checked;
  };
  question.addEventListener("input", update);
  update();
}

/** Ask before a page with unsaved words is left. */
function guard() {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

if (form) {
  for (const question of form.querySelectorAll(".question")) {
    pair(question);
    limit(question);
  }
  guard();
}
