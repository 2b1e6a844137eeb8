// The tablet handed to the person: one question, nothing else, until the passphrase takes it back.

import { button, make, words } from "./dom.js";
import { page } from "./flow.js";
import { questionForm } from "./question_form.js";
import { unlock } from "./vault.js";

const FLAG = "paroles-handed"; // survives a reload: the lock screen then shows nothing else
const SAID = {
  fr: { yours: "À vous", finished: "J’ai fini", give: "Merci. Rendez la tablette à la personne qui vous écoute." },
  ar: { yours: "دوركم", finished: "انتهيت", give: "شكرا. أعيدوا الجهاز إلى الشخص الذي يستمع إليكم." },
};

/** The profile that handed the tablet over, null when nobody did. */
export function isHanded() {
  return localStorage.getItem(FLAG);
}

/** The tablet is back: the passphrase was given. */
export function takenBack() {
  localStorage.removeItem(FLAG);
  delete document.body.dataset.handed;
}

/** One question of a page, alone on the screen; null when it is not asked now. */
export function handedScreen(talk, { spot, question }) {
  const here = page(talk.form, talk.answers, spot);
  if (!here?.questions.some((one) => one.name === question)) return null;
  localStorage.setItem(FLAG, talk.session.profile.id);
  document.body.dataset.handed = "yes";
  const { html } = talk.section(spot.section);
  const asking = questionForm(here, {
    code: talk.code, html, media: talk.media, only: question, changed: (own) => talk.keep(spot, own),
  });
  const told = SAID[talk.form.language] ?? SAID.fr;
  asking.element.append(make("div", { class: "actions" },
    button(told.finished, () => talk.show(...backScreen(talk, spot, question)))));
  return [title(talk, told.yours), asking.element];
}

function title(talk, text) {
  return make("h1", { lang: talk.form.language, dir: talk.form.direction }, words(text));
}

/** « Rendez la tablette » : only the passphrase goes further. */
function backScreen(talk, spot, question) {
  const told = SAID[talk.form.language] ?? SAID.fr;
  const input = make("input", { type: "password", id: "reprise", autocomplete: "current-password", "aria-describedby": "reprise-erreur" });
  const wrong = make("p", { class: "field__error", id: "reprise-erreur", role: "alert" });
  const open = async (event) => {
    event.preventDefault();
    try {
      await unlock(talk.session.profile.id, input.value);
      takenBack();
      talk.go({ name: "section", spot, focus: question });
    } catch (error) {
      input.value = "";
      input.setAttribute("aria-invalid", "true");
      wrong.textContent = `${error.message} ${error.remedy ?? ""}`;
      input.focus();
    }
  };
  return [
    title(talk, told.give),
    make("form", { class: "stack card", lang: "fr", dir: "ltr", onsubmit: open },
      make("p", {}, "Pour reprendre la tablette :"),
      make("div", { class: "field" },
        make("label", { class: "field__label", for: "reprise" }, "Votre phrase de passe"), wrong, input),
      make("div", { class: "actions" }, make("button", { class: "button" }, "Reprendre la tablette"))),
  ];
}
