"""One check on both sides: the tablet's against Python's, in a real browser, on every form."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from playwright.sync_api import Browser, Page

from every_type import model
from field_answers import of_form
from questionnaires import adapt, answers, library
from questionnaires.model import TESTIMONY, Questionnaire
from questionnaires.relevance import asked, settled
from survey_app.services import aboard_forms, deposit
from survey_app.services.envelopes import Envelope

pytestmark = pytest.mark.browser

NAMES = [name for name in library.names() if library.load(name).usage == TESTIMONY]
PLACES = {"halles": "Les Halles", "gare": "La gare"}
JOINT = "accord_parent"
TODAY = date(2026, 3, 1)
NOBODY = uuid.UUID(int=0)
BATCH = 40
MADE: dict[tuple[str, int], list[dict[str, Any]]] = {}

# Cases travel as JSON text: lone surrogates and `__proto__` arrive as they would in a draft.
CHECK = """
async (text) => {
  const load = (name) => import(`/static/field/${name}.js`);
  const [flow, check, consents] = await Promise.all(["flow", "check", "consents"].map(load));
  const { form, cases } = JSON.parse(text);
  const around = { today: "2026-03-01" };
  const told = (list) => list.map(({ code, where, message, offered }) =>
    [code, where, message, offered ?? null]);
  return JSON.stringify(cases.map((answers) => {
    const checked = check.check(form, answers, around);
    return {
      asked: [...flow.asked(form, answers, around)].map(([name, questions]) =>
        [name, questions.map((one) => one.name)]),
      settled: Object.keys(flow.settled(form, answers, around)).sort(),
      values: checked.values,
      dropped: Object.keys(checked.dropped).sort(),
      problems: told(checked.problems),
      consents: consents.decisions(form, checked.values),
      stop: consents.mayContinue(form, answers)?.message ?? null,
      ends: consents.mustStop(form, answers)?.message ?? null,
      refusals: consents.consentProblems(form, checked.values).map((one) => one.message),
      text: consents.openText(form, checked.values, around),
    };
  }));
}
"""


def in_python(whole: Questionnaire, given_answers: dict[str, Any]) -> dict[str, Any]:
    checked = answers.check(whole, given_answers, PLACES, TODAY)
    stop = answers.may_continue(whole, given_answers)
    # As `answering` does: a parent who was not asked yet is no reason to stop.
    waits = stop is not None and stop.where == JOINT and JOINT not in given_answers
    content = deposit.Content(whole, checked.values, "")
    envelope = Envelope(NOBODY, NOBODY, NOBODY, "", checked.values)
    return {
        "asked": [
            [name, [question.name for question in questions]]
            for name, questions in asked(whole, given_answers, TODAY).items()
        ],
        "settled": sorted(settled(whole, given_answers, TODAY), key=utf16),
        "values": answers.to_json(checked.values),
        "dropped": sorted(checked.dropped, key=utf16),
        "problems": [[one.code, one.where, str(one), one.offered] for one in checked.problems],
        "consents": answers.consents(whole, checked.values),
        "stop": None if stop is None else str(stop),
        "ends": None if stop is None or waits else str(stop),
        "refusals": deposit.consent_problems(content, envelope),
        "text": answers.open_text(whole, checked.values)[0],
    }


def utf16(name: str) -> bytes:
    """The order in which JavaScript sorts texts."""
    return name.encode("utf-16-be", "surrogatepass")


def cases_for(whole: Questionnaire, number: int) -> list[dict[str, Any]]:
    """Answers of every kind, as JSON gives them to both sides; made once."""
    if (whole.name, number) in MADE:
        return MADE[whole.name, number]
    cases = MADE[whole.name, number] = []

    @seed(number)
    @settings(
        max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(of_form(whole))
    def gather(made: dict[str, Any]) -> None:
        cases.append(json.loads(json.dumps(made)))

    gather()
    return cases


def in_browser(page: Page, whole: Questionnaire, cases: list[dict[str, Any]]) -> list[Any]:
    form = aboard_forms.described(whole, "fr", {}, PLACES)
    found = page.evaluate(CHECK, json.dumps({"form": form, "cases": cases}))
    return list(json.loads(found))


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(site + "/connexion")
    yield opened
    context.close()


def forms() -> dict[str, Questionnaire]:
    actions = {"actions": {"jardin": "Le jardin", "bus": "Le bus"}}
    shipped = {name: adapt.testimony_part(library.load(name)) for name in NAMES}
    return {"QX": model()} | {name: adapt.with_lists(one, actions) for name, one in shipped.items()}


def differing(page: Page, whole: Questionnaire, number: int) -> list[tuple[Any, ...]]:
    """What the two sides make otherwise of the same answers."""
    cases = cases_for(whole, number)
    assert len(cases) >= BATCH // 2
    here = [in_python(whole, case) for case in cases]
    there = in_browser(page, whole, cases)
    return [
        (whole.name, key, case, ours[key], theirs[key])
        for case, ours, theirs in zip(cases, here, there, strict=True)
        for key in ours
        if ours[key] != theirs[key]
    ]


def test_both_sides_ask_and_refuse_the_same(page: Page) -> None:
    wrong = [one for whole in forms().values() for one in differing(page, whole, 5)]
    assert wrong[:2] == []


def test_the_cases_reach_nearly_every_sentence() -> None:
    """The agreement above would mean little if the answers were always right."""
    seen: set[str] = set()
    refused: set[str] = set()
    for whole in forms().values():
        for case in cases_for(whole, 5):
            told = in_python(whole, case)
            seen |= {code for code, *_ in told["problems"]}
            refused |= set(told["refusals"])
    known = set(aboard_forms.sentences())
    assert len(seen & known) >= 16
    assert {"required", "unreadable", "several-answers", "both-answers", "too-many-entries"} <= seen
    assert len(refused) >= 4
