// The last reading, aloud with the person: every answer, what is wrong, what will be left out.

import { check } from "./check.js";
import { READ_BACK, TO_ERASE, phraseUnheard } from "./consents.js";
import { button, make } from "./dom.js";
import { repeats } from "./flow.js";
import { answerLines, codeCard, progress } from "./pieces.js";
import { groups, leftOut } from "./reading.js";

export function reviewScreen(talk) {
  const { values, problems, dropped } = check(talk.form, talk.answers);
  const byPath = new Map(problems.map((one) => [one.where, one]));
  const names = new Set(talk.steps().map((one) => one.name));
  const count = names.size + 1;
  const refused = make("div", {});
  return [
    progress(count, count),
    make("h1", {}, "Relire avant de terminer"),
    make("p", { class: "lede" }, "Relisez à voix haute avec la personne. Après « Terminer », vous ne pourrez plus lire ni changer ce témoignage."),
    refused,
    toSee(problems),
    values[READ_BACK] === TO_ERASE && warning("La personne demande d’effacer. Corrigez ses réponses avec elle, ou choisissez « Arrêter l’entretien » pour tout effacer."),
    phraseUnheard(talk.form, values) && warning("La phrase relue n’est pas écrite ainsi dans les paroles notées : elle ne pourra pas être citée. Recopiez-la exactement comme elle est notée, ou gardez-la ainsi si la personne le veut."),
    groups(talk.form, talk.answers, byPath).filter((one) => names.has(one.section.name)).map((one, place) => group(talk, one, place)),
    left(leftOut(talk.form, dropped, byPath)),
    codeCard(talk, "Le code de la personne", "Notez-le sur sa carte avant de terminer. Il permet de retrouver et de retirer ses paroles."),
    make("p", {}, button("Terminer", () => end(talk, refused), "primary", { class: "button--large" })),
    make("p", { class: "cluster" },
      button("Mettre en pause", () => talk.pause(), "secondary"),
      button("Arrêter l’entretien", () => talk.go({ name: "stop" }), "danger")),
  ].flat();
}

function end(talk, refused) {
  const obstacles = talk.obstacles();
  if (!obstacles.length) {
    talk.finish();
    return;
  }
  refused.replaceChildren(obstaclesNotice(obstacles));
  refused.firstChild.focus();
}

/** Why it cannot be finished now. */
export function obstaclesNotice(obstacles) {
  return make("div", { class: "notice notice--error", role: "alert", tabindex: "-1" },
    make("p", {}, make("strong", {}, "Le témoignage n’est pas encore terminé. Tout ce que vous avez noté est gardé.")),
    make("ul", {}, obstacles.map(({ message }) => make("li", {}, message))));
}

function warning(text) {
  return make("p", { class: "notice notice--warning" }, text);
}

function toSee(problems) {
  return problems.length > 0 && make("div", { class: "notice notice--warning stack" },
    make("p", {}, make("strong", {}, "Il reste à revoir :")),
    make("ul", {}, problems.map(({ message }) => make("li", {}, message))));
}

function group(talk, { section, entry, title, lines }, place) {
  const list = repeats(section) && !entry;
  const screen = { name: list ? "entries" : "section", spot: { section: section.name, entry } };
  const mend = button(list ? "Ajouter ou corriger" : "Corriger", () => talk.go(screen), "secondary");
  mend.append(make("span", { class: "visually-hidden" }, ` la partie « ${title} »`));
  return make("section", { class: "card stack", "aria-labelledby": `bloc-${place}` },
    make("div", { class: "cluster cluster--apart" }, make("h2", { id: `bloc-${place}` }, title), mend),
    lines.length > 0 && answerLines(lines));
}

function left(lines) {
  return lines.length > 0 && make("section", { class: "notice notice--warning stack", "aria-labelledby": "laisse" },
    make("h2", { id: "laisse" }, "Ce qui ne sera pas gardé"),
    make("p", {}, "Une réponse donnée plus tôt fait que ces questions ne se posent plus :"),
    answerLines(lines));
}
