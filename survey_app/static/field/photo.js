// A photo question on the tablet: taken, made small and bare, kept at once, shown, taken away.

import { shrink } from "../js/photos.js";
import { button, make } from "./dom.js";
import { FieldError } from "./store.js";

/** Give each photo question the field that holds its answer, before the answers are put in. */
export function addAnswers(content) {
  for (const input of content.querySelectorAll('.photo input[type="file"]')) {
    const { question } = input.closest(".question").dataset;
    input.before(make("input", { type: "hidden", name: question, value: "" }));
  }
}

/** Make the photo questions of a form live; `media` keeps what is taken. */
export function livePhotos(element, media) {
  for (const input of element.querySelectorAll('.photo input[type="file"]')) live(input, media);
}

function live(input, media) {
  const { question } = input.closest(".question").dataset;
  const answer = input.closest(".photo").querySelector('input[type="hidden"]');
  const shown = make("div", { class: "stack", lang: "fr", dir: "ltr" });
  const wrong = make("p", { class: "field__error", role: "alert", lang: "fr", dir: "ltr" });
  input.before(shown, wrong);
  const guarded = async (work) => {
    wrong.textContent = "";
    input.disabled = true;
    await work().catch((cause) => { wrong.textContent = `${cause.message} ${cause.remedy ?? ""}`.trim(); });
    input.disabled = false;
    input.value = ""; // the same photo may be chosen again
  };
  const put = async (id) => {
    const old = answer.value;
    answer.value = id;
    answer.dispatchEvent(new Event("input", { bubbles: true }));
    await media.saved();
    if (old) await media.remove(old);
    await draw();
  };
  const draw = async () => {
    const id = answer.value;
    const blob = id && await media.read(id);
    if (answer.value !== id) return;
    shown.replaceChildren(...(id ? [picture(blob), button("Retirer la photo", () => guarded(() => put("")), "quiet")] : []));
  };
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) guarded(async () => put(await media.photo(question, await small(file))));
  });
  draw().catch(() => {}); // the answer stays: only its picture is not shown
}

function picture(blob) {
  if (!blob) return make("p", { class: "notice" }, "Cette photo ne se montre pas ici. Elle est gardée.");
  const image = make("img", { class: "photo__picture", alt: "La photo prise pour cette question" });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.src = URL.createObjectURL(blob);
  return image;
}

async function small(file) {
  try {
    const { blob } = await shrink(file);
    if (blob) return blob;
  } catch {
    // Said below, whatever the reason.
  }
  throw new FieldError(
    "Ce fichier n’est pas une photo que cette tablette sait lire. Rien n’est perdu.",
    "Prenez une photo avec la tablette, ou choisissez une autre image.",
  );
}
