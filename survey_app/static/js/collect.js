// Only the languages that the chosen questionnaire speaks are offered. Comfort only: the server
// says it too.

const form = document.querySelector("form[data-languages]");

function update(spoken) {
  const chosen = form.querySelector('input[name="questionnaire"]:checked')?.value;
  for (const radio of form.querySelectorAll('input[name="language"]')) {
    const offered = !Object.hasOwn(spoken, chosen) || spoken[chosen].includes(radio.value);
    radio.closest(".choice").hidden = radio.disabled = !offered;
    if (!offered && radio.checked) form.querySelector('input[name="language"][value="fr"]').checked = true;
  }
}

if (form) {
  const spoken = JSON.parse(form.dataset.languages);
  form.addEventListener("input", () => update(spoken));
  update(spoken);
}
