"""Where an interview may go and how it reads: the tablet against Python, form by form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import pytest
from playwright.sync_api import Page

from analysis.export.typography import french
from field_answers import SILENT
from questionnaires import answers
from questionnaires.model import Question, Questionnaire
from questionnaires.relevance import asked, entries
from questionnaires.types import SEVERAL
from survey_app.domain import NotFound
from survey_app.services import aboard_forms, filling
from survey_app.services.filling import Spot
from survey_app.web.filling.shown import Reading, groups, left_out, summary
from tests.browser.test_field_check import PLACES, cases_for, forms, page

pytestmark = pytest.mark.browser
__all__ = ["page"]

# No `today` here: both sides take the day of this machine.
WALK = """
async (text) => {
  const load = (name) => import(`/static/field/${name}.js`);
  const names = ["flow", "check", "consents", "reading"];
  const [flow, check, consents, reading] = await Promise.all(names.map(load));
  const { form, cases } = JSON.parse(text);
  const read = ({ label, answer, words, problem }) => [label, answer, words, problem];
  return JSON.stringify(cases.map(({ answers, spots }) => {
    const checked = check.check(form, answers);
    const problems = new Map(checked.problems.map((one) => [one.where, one]));
    const agreed = consents.decisions(form, answers).noter !== "not_asked";
    const told = reading.groups(form, answers, problems);
    return {
      steps: flow.steps(form, answers, agreed).map((one) => one.name),
      pages: spots.map((spot) => flow.page(form, answers, spot)?.questions.map((one) => one.name)
        ?? null),
      groups: told.map(({ title, entry, lines }) => [title, entry, lines.map(read)]),
      summaries: told.map(({ lines }) => reading.summary(lines)),
      left: reading.leftOut(form, checked.dropped, problems).map(read),
    };
  }));
}
"""


def spots_of(whole: Questionnaire, given: dict[str, Any]) -> list[Spot]:
    """Every place where somebody could try to go, those that do not exist included."""
    found = [Spot("nulle-part"), Spot(whole.sections[0].name, 1)]
    for section in whole.sections:
        found.append(Spot(section.name))
        if section.is_repeat:
            found += [Spot(section.name, rank) for rank in range(len(entries(section, given)) + 3)]
    return found


def questions_at(whole: Questionnaire, given: dict[str, Any], spot: Spot) -> list[str] | None:
    try:
        here = filling.page(whole, given, spot)
    except NotFound:
        return None
    return [question.name for question in here.questions] or None


def steps_of(whole: Questionnaire, given: dict[str, Any]) -> list[str]:
    """As `collection.sections` does."""
    if answers.consents(whole, given)["noter"] == "not_asked":
        return [section.name for section in whole.sections]
    now = asked(whole, given)
    return [s.name for s in whole.sections if now.get(s.name) or (s.is_repeat and s.name in now)]


def in_python(whole: Questionnaire, given: dict[str, Any], spots: list[Spot]) -> dict[str, Any]:
    checked = answers.check(whole, given, PLACES)
    # As a page does: the last problem of a path is the one that is told.
    told = Reading({}, PLACES, {problem.where: problem for problem in checked.problems})
    found = groups(whole, given, told)

    def read(line: Any) -> list[Any]:
        return [line.label, line.answer, line.words, line.problem]

    return {
        "steps": steps_of(whole, given),
        "pages": [questions_at(whole, given, spot) for spot in spots],
        "groups": [[one.title, one.entry, [read(line) for line in one.lines]] for one in found],
        "summaries": [summary(one.lines) for one in found],
        "left": [read(line) for line in left_out(whole, checked.dropped, told)],
    }


def differing(ours: list[Any], theirs: list[Any]) -> list[Any]:
    """What stands at the same place on the two sides, and differs."""
    pairs = zip_longest(ours, theirs)
    return [pair for pair in pairs if pair[0] != pair[1]][:3]


def could_be_typed(question: Question, answer: object) -> bool:
    """Whether a page could have given this answer: what it shows of others does not matter."""
    if isinstance(answer, dict):
        return answer in SILENT
    if isinstance(answer, list):
        return question.type in SEVERAL and all(isinstance(item, str) for item in answer)
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    return question.type == "integer" if whole else isinstance(answer, str)


def as_typed(questions: Sequence[Question], given: dict[str, Any]) -> dict[str, Any]:
    """These answers without those of a shape that no page gives."""
    found = {question.name: question for question in questions if not question.is_note}
    kept = {name.removesuffix("__nr"): name for name in given}
    return {
        name: given[name]
        for bare, name in kept.items()
        if bare in found and could_be_typed(found[bare], given[name])
    }


def typed(whole: Questionnaire, given: dict[str, Any]) -> dict[str, Any]:
    """Answers as pages would have kept them, entry after entry."""
    made = as_typed(whole.asked_once, given)
    for section in whole.sections:
        if section.is_repeat and isinstance(given.get(section.name), list):
            listed = entries(section, given)[: filling.limit(section)]
            made[section.name] = [as_typed(section.questions, dict(entry)) for entry in listed]
    return made


def test_both_sides_go_and_read_the_same(page: Page) -> None:
    wrong: list[Any] = []
    compared = 0
    for whole in forms().values():
        made = [typed(whole, case) for case in cases_for(whole, 5)]
        spots = [spots_of(whole, case) for case in made]
        here = [in_python(whole, case, at) for case, at in zip(made, spots, strict=True)]
        cases = [
            {"answers": case, "spots": [{"section": s.section, "entry": s.entry} for s in at]}
            for case, at in zip(made, spots, strict=True)
        ]
        form = aboard_forms.described(whole, "fr", {}, PLACES)
        there = json.loads(page.evaluate(WALK, json.dumps({"form": form, "cases": cases})))
        compared += len(made)
        wrong += [
            (whole.name, key, differing(ours[key], theirs[key]))
            for case, ours, theirs in zip(made, here, there, strict=True)
            for key in ours
            if ours[key] != theirs[key]
        ]
    assert compared > 200
    assert wrong[:2] == []


def test_french_is_spaced_as_on_the_other_pages(page: Page) -> None:
    said = {
        text for whole in forms().values() for labels in whole.labels() for text in labels.values()
    }
    said |= set(aboard_forms.sentences().values())
    said |= {
        "Oui ?! Non; « a»: b",
        "14:30, http://x",
        "«  »",
        "a : b :",
        "(vrai)? [1]; é! 2!",
        "؟ ع:",
    }
    texts = sorted(said)
    there = page.evaluate(
        """async (texts) => {
          const { fr } = await import("/static/field/dom.js");
          return texts.map((text) => [fr(text), fr(fr(text))]);
        }""",
        texts,
    )
    assert len(texts) > 800
    assert there == [[french(text), french(text)] for text in texts]
