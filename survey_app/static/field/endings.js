// The last screens of an interview: stop, thank, give the card, leave a contact apart.

import { button, make, words } from "./dom.js";
import { queueEvent } from "./outbox.js";
import { codeCard } from "./pieces.js";
import { obstaclesNotice } from "./review.js";

const LONGEST_CONTACT = 500; // as services/collection.py

/** Stop at any moment: keep what was said, or erase it. `refused`: no agreement, nothing to keep. */
export function stopScreen(talk, { refused = false }) {
  const told = make("div", {});
  const keep = () => {
    const obstacles = talk.obstacles();
    if (!obstacles.length) {
      talk.finish(true);
      return;
    }
    told.replaceChildren(obstaclesNotice(obstacles),
      button("Voir ce qui reste à revoir", () => talk.go({ name: "review" }), "secondary"));
    told.firstChild.focus();
  };
  const asks = "Demandez à la personne : faut-il garder ce qu’elle a déjà dit, ou tout effacer ?";
  const ends = "L’accord n’est pas donné : aucune parole ne peut être gardée. Remerciez la personne, puis effacez ce qui était noté.";
  return [
    make("h1", {}, "Arrêter l’entretien"),
    told,
    make("p", { class: "lede" }, refused ? ends : asks),
    !refused && [
      make("p", {}, "Si vous gardez ses paroles, notez d’abord ce code sur sa carte :"),
      make("p", { class: "paper-code", dir: "ltr" }, words(talk.code)),
    ],
    make("div", { class: "actions" },
      !refused && button("Garder ce qui a été dit, et terminer", keep),
      button("Tout effacer", () => talk.erase(), "danger"),
      button("Continuer l’entretien", () => history.back(), "secondary")),
  ].flat();
}

/** After a refusal or an erasure: nothing was kept. */
export function thanksScreen(talk) {
  return [
    make("h1", {}, "Merci à cette personne"),
    make("p", { class: "lede" }, "Rien de ce qu’elle a dit n’est gardé. Seul le nombre est compté dans la rencontre ; vous pourrez le corriger en la fermant."),
    make("p", {}, button("Revenir à l’accueil", () => talk.done(), "primary", { class: "button--large" })),
  ];
}

/** The card to give, and what became of the testimony. */
export function receiptScreen(talk, contact) {
  const { campaign } = talk;
  const until = campaign.retention_until ? ` Le code sert jusqu’au ${campaign.retention_until}.` : "";
  return [
    make("h1", { "data-receipt": "" }, "Témoignage terminé"),
    make("p", { class: "notice notice--success", role: "status" }, "Il est sur la tablette, scellé. Il partira dès qu’il y aura du réseau ; l’accueil dira quand il est reçu."),
    codeCard(talk, "Carte à remettre à la personne",
      "Voici votre code. Il permet de retrouver vos paroles sans votre nom, de ne plus être cité ou de tout effacer.",
      make("p", {}, `${campaign.title}.${until} Une phrase déjà publiée ne peut plus être reprise.`),
      make("p", {}, `Responsable : ${campaign.controller}. Contact : ${campaign.dpo_contact}.`),
      make("p", {}, "Pour retirer vos paroles : ", words(campaign.withdrawal_page || "auprès du conseil citoyen."))),
    make("p", { class: "muted" }, "Ce code n’est affiché qu’une fois. Recopiez-le sur la carte."),
    contact && make("p", {}, button("La personne laisse un contact à part", () => talk.show(...contactScreen(talk)), "secondary")),
    make("p", {}, button("Le code est noté, revenir à l’accueil", () => talk.done(), "primary", { class: "button--large" })),
  ];
}

/** A contact goes to a vault: nothing says who noted it, nor from which testimony it comes. */
function contactScreen(talk) {
  const input = make("input", { type: "text", id: "contact", autocomplete: "off", maxlength: LONGEST_CONTACT, "aria-describedby": "contact-erreur" });
  const told = make("p", { class: "field__error", id: "contact-erreur", role: "alert" });
  const keep = async () => {
    const contact = input.value.trim();
    if (!contact) {
      told.textContent = "Il n’y a rien à garder. Écrivez un téléphone ou un courriel, ou choisissez « Ne rien laisser ».";
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return;
    }
    try {
      await queueEvent(talk.session, "contact", { campaign: talk.draft.data.campaign, contact });
      talk.done();
    } catch (error) {
      talk.say(error);
    }
  };
  const once = (work) => {
    let running = null;
    return () => { running ??= work().finally(() => { running = null; }); };
  };
  return [
    make("h1", {}, "Un contact, à part"),
    make("p", { class: "lede" }, talk.campaign.title),
    make("p", {}, "Ce contact est rangé dans un coffre. Rien n’y dit qui l’a noté, ni de quel témoignage il vient."),
    make("div", { class: "field" },
      make("label", { class: "field__label", for: "contact" }, "Téléphone ou courriel"), told, input),
    make("div", { class: "actions" },
      button("Garder ce contact", once(keep)),
      button("Ne rien laisser", () => talk.done(), "secondary")),
  ];
}
