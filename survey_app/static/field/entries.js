// A section that repeats: the list of its entries, and taking one out.

import { check } from "./check.js";
import { button, make, words } from "./dom.js";
import { asked, withoutEntry } from "./flow.js";
import { actions, answerLines, leaving, partTitle, progressOf } from "./pieces.js";
import { groups, summary } from "./reading.js";

function entriesOf(talk, name) {
  const problems = new Map(check(talk.form, talk.answers).problems.map((one) => [one.where, one]));
  return groups(talk.form, talk.answers, problems).filter((one) => one.section.name === name && one.entry);
}

/** The list: each entry with its first answers, and one more; null when it is not asked now. */
export function entriesScreen(talk, { spot }) {
  const section = talk.section(spot.section);
  if (!asked(talk.form, talk.answers).has(section.name)) return null;
  const found = entriesOf(talk, section.name);
  const first = talk.steps()[0]?.name === section.name;
  const list = found.length
    ? make("ol", { class: "plain stack entries" }, found.map((one) => entry(talk, one)))
    : make("p", { class: "muted" }, "Rien n’est encore noté ici.");
  return [
    progressOf(talk, section.name),
    partTitle(talk.form, section.title, section.french_title),
    list,
    adding(talk, section, found.length),
    actions(
      button("Continuer", () => talk.go(talk.neighbour(section.name, 1))),
      !first && button("Revenir en arrière", () => talk.go(talk.neighbour(section.name, -1)), "secondary"),
      leaving(talk),
    ),
  ];
}

function entry(talk, { section, entry: rank, title, lines }) {
  const spot = { section: section.name, entry: rank };
  const short = summary(lines);
  const about = () => make("span", { class: "visually-hidden" }, ` « ${title} »`);
  const edit = button("Modifier", () => talk.go({ name: "section", spot }), "secondary");
  const remove = button("Retirer", () => talk.go({ name: "remove", spot }), "quiet");
  for (const one of [edit, remove]) one.append(about());
  return make("li", { class: "card stack" },
    make("h2", {}, title, lines.some((line) => line.problem) && [words(" "), make("span", { class: "badge badge--warning" }, "à revoir")]),
    short ? make("p", { dir: "auto" }, words(short)) : make("p", { class: "muted" }, "Rien n’est encore écrit."),
    make("p", { class: "cluster" }, edit, remove));
}

function adding(talk, section, count) {
  if (count >= section.max_entries) return make("p", { class: "notice" }, `Le maximum est atteint : ${section.max_entries}.`);
  const called = section.french_repeat.charAt(0).toLowerCase() + section.french_repeat.slice(1);
  const spot = { section: section.name, entry: count + 1 };
  return make("p", {}, button(`Ajouter : ${called}`, () => talk.go({ name: "section", spot }), "secondary", { class: "button--large" }));
}

/** What an entry holds, before it is taken away. */
export function removeScreen(talk, { spot }) {
  const list = { name: "entries", spot: { section: spot.section, entry: null } };
  const found = entriesOf(talk, spot.section)[spot.entry - 1];
  if (!found) return null;
  const remove = () => {
    talk.change(withoutEntry(talk.form, talk.answers, spot), list.spot);
    talk.go(list);
  };
  return [
    make("h1", {}, `Retirer « ${found.title} » ?`),
    make("p", { class: "lede" }, "Voici ce qui est noté. Une fois retiré, ce n’est plus gardé nulle part."),
    make("section", { class: "card" }, answerLines(found.lines)),
    make("p", { class: "cluster" },
      button("Retirer", remove, "danger"),
      button("Garder", () => talk.go(list), "secondary")),
  ];
}
