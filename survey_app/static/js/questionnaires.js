// The builder of conditions: the tests and values of a question follow the question chosen.
// Comfort only: « Continuer » does the same without this file.

const WITHOUT_VALUE = ["answered", "not_answered"];
const form = document.querySelector("form[data-condition]");

/** Fill a list with [value, words] pairs; the first one is chosen. */
function fill(list, pairs) {
  list.replaceChildren(
    ...pairs.map(([value, words]) => {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = words;
      return option;
    }),
  );
}

/** The field of a value: a list where the question has choices, else a line to write in. */
function valueField(old, question) {
  const field = document.createElement(question?.values.length ? "select" : "input");
  field.id = old.id;
  field.name = old.name;
  if (field.tagName === "SELECT") {
    fill(field, [["", "Choisir"], ...question.values]);
  } else {
    field.type = question?.type === "date" ? "date" : "text";
    field.autocomplete = "off";
    field.dir = "auto";
    if (question?.type === "integer") field.inputMode = "numeric";
  }
  old.replaceWith(field);
}

/** Show what the line needs once its question or its test has changed. */
function follow(rule, questions, changed) {
  const [chosen, test] = rule.querySelectorAll("select");
  const question = questions[chosen.value];
  if (changed === chosen) {
    fill(test, question?.tests ?? []);
    valueField(rule.querySelector("[data-value] select, [data-value] input"), question);
  }
  rule.querySelector("[data-test]").hidden = !question;
  rule.querySelector("[data-value]").hidden = !question || WITHOUT_VALUE.includes(test.value);
}

if (form) {
  const questions = JSON.parse(form.dataset.condition);
  form.addEventListener("change", (event) => {
    const rule = event.target.closest("[data-rule]");
    if (!rule) return;
    follow(rule, questions, event.target);
    // « Toujours » no longer says what the lines say.
    const always = form.querySelector('input[name="join"][value="always"]');
    const all = form.querySelector('input[name="join"][value="and"]');
    if (always?.checked && event.target.value) all.checked = true;
  });
}
