"""One meaning on both sides: the tablet's evaluator against Python's, in a real browser."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from questionnaires.expressions import evaluate, from_json, holds, to_json
from survey_app.security import CONTENT_SECURITY_POLICY
from tests.questionnaires.questionnaire_strategies import NAMES, answers, small_trees, trees

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "expressions.json"
BATCH = 300

Case = dict[str, object]

# Cases travel as JSON text: big integers, lone surrogates and `__proto__` arrive as they would
# from the server; numbers that JSON cannot write are {"$number": ...}.
EVALUATE = """
async (text) => {
  const { evaluate, holds } = await import("/static/js/expressions.js");
  const revive = (_key, item) => (item && Object.hasOwn(item, "$number")
    ? Number(item.$number) : item);
  const told = (run) => {
    try {
      const found = run();
      return typeof found === "number" && !Number.isFinite(found)
        ? { $number: String(found) } : found;
    } catch (error) {
      return { error: `${error.constructor.name}: ${error.message}` };
    }
  };
  return JSON.stringify(JSON.parse(text, revive).map(({ ast, values, current, today }) => [
    told(() => evaluate(ast, values, current, today)),
    told(() => holds(ast, values, current, today)),
  ]));
}
"""


def tagged(item: object) -> object:
    if isinstance(item, float) and not math.isfinite(item):
        return {"$number": "NaN" if math.isnan(item) else "-" * (item < 0) + "Infinity"}
    if isinstance(item, dict):
        return {key: tagged(inner) for key, inner in item.items()}
    return [tagged(inner) for inner in item] if isinstance(item, list) else item


def kind(item: object) -> tuple[str, object]:
    """A result that compares exactly: its type, then its value; NaN equals itself, -0 equals 0."""
    if isinstance(item, int | float) and not isinstance(item, bool):
        return ("number", float(item))
    return (type(item).__name__, item)


def in_browser(page: Page, cases: list[Case]) -> list[list[object]]:
    return list(json.loads(page.evaluate(EVALUATE, json.dumps(tagged(cases)))))


def in_python(case: Case) -> list[object]:
    values, today = case["values"], case["today"]
    assert isinstance(values, dict)
    day = date.fromisoformat(str(today))
    node = from_json(case["ast"])
    return [run(node, values, case["current"], day) for run in (evaluate, holds)]


def differing(page: Page, cases: list[Case]) -> list[tuple[str, list[object], list[object]]]:
    """The cases that the two sides read otherwise, the shortest first."""
    found = [
        (json.dumps(tagged(case)), here, there)
        for case, here, there in zip(
            cases, map(in_python, cases), in_browser(page, cases), strict=True
        )
        if [kind(tagged(item)) for item in here] != [kind(item) for item in there]
    ]
    return sorted(found, key=lambda case: len(case[0]))


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    """A page of the application, under its real policy, on a device that is already tomorrow."""
    context = browser.new_context(timezone_id="Pacific/Kiritimati")
    opened = context.new_page()
    answer = opened.goto(site + "/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    yield opened
    context.close()


def test_shared_vectors_give_the_written_result(page: Page) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    wrong = [
        (vector["expression"], found)
        for vector, (found, _) in zip(vectors, in_browser(page, vectors), strict=True)
        if kind(written(vector["result"])) != kind(found)
    ]
    assert len(vectors) >= 120
    assert wrong == []
    assert differing(page, vectors) == []


def written(result: object) -> object:
    """What a vector expects: its file writes what JSON has no number for as an object."""
    return {"$number": result["number"]} if isinstance(result, dict) else result


def batch(number: int) -> list[Case]:
    """Random trees, answers and days, as JSON gives them to both sides."""
    cases: list[Case] = []

    @seed(number)
    @settings(
        max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        trees | small_trees,
        st.dictionaries(st.sampled_from(NAMES), answers, min_size=2),
        answers,
        st.dates(min_value=date(1000, 1, 1)),
    )
    def gather(node: object, values: object, current: object, today: date) -> None:
        case = {"ast": to_json(node), "values": values, "current": current}
        cases.append(json.loads(json.dumps(case | {"today": today.isoformat()})))

    gather()
    return cases


@pytest.mark.parametrize("number", range(4))
def test_random_trees_agree(page: Page, number: int) -> None:
    cases = batch(number)
    assert len(cases) >= BATCH // 2
    assert differing(page, cases)[:3] == []


def calls(name: str, *args: object) -> Case:
    return {"type": "call", "name": name, "args": list(args)}


NOTHING = {"type": "current"}


HOSTILE = ("__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", "get", "size")
SHARED = {"current": None, "today": "2026-03-01"}


def test_names_of_the_language_are_names_like_others(page: Page) -> None:
    refs = [{"type": "ref", "name": name} for name in HOSTILE]
    unanswered: list[Case] = [{"ast": ref, "values": {}, **SHARED} for ref in refs]
    answered: list[Case] = [{"ast": ref, "values": {ref["name"]: "oui"}, **SHARED} for ref in refs]
    assert in_browser(page, unanswered) == [["", False]] * len(refs)
    assert in_browser(page, answered) == [["oui", True]] * len(refs)


def test_only_what_the_grammar_knows_is_evaluated(page: Page) -> None:
    unknown: list[object] = [None, "1", [], {}, {"type": "toString"}, {"type": "negate"}]
    unknown += [{"type": "number", "value": "1"}, {"type": "string", "value": 1}]
    unknown += [{"type": "ref", "name": ["a"]}, {"type": "call", "name": "true"}]
    unknown += [{"type": "call", "name": "true", "args": "x"}, calls("not")]
    unknown += [calls("selected", NOTHING), *(calls(name, NOTHING) for name in HOSTILE)]
    operators = [{"type": "op", "op": op, "left": NOTHING, "right": NOTHING} for op in HOSTILE]
    cases: list[Case] = [{"ast": ast, "values": {}, **SHARED} for ast in unknown + operators]
    node = {"error": "Error: unknown node in an expression"}
    operator = {"error": "Error: unknown operator in an expression"}
    expected = [[node] * 2] * len(unknown) + [[operator] * 2] * len(operators)
    assert in_browser(page, cases) == expected


def test_what_is_no_answer_reads_as_nothing(page: Page) -> None:
    deep = "[" * 3000 + "]" * 3000
    found = page.evaluate(
        """async (deep) => {
          const { evaluate } = await import("/static/js/expressions.js");
          const read = (values) => evaluate({ type: "ref", name: "a" }, values);
          return [JSON.parse(deep), undefined, null, () => 1, Symbol("a"), new Date(), 10n]
            .map((answer) => read({ a: answer }))
            .concat(read(Object.create({ a: "inherited" })), read(null), read(undefined));
        }""",
        deep,
    )
    assert found == [""] * 10


def test_today_is_the_day_where_the_device_is(page: Page) -> None:
    page.clock.set_fixed_time("2026-02-28T12:30:00Z")
    case = {"ast": calls("today"), "values": None, "current": None, "today": None}
    assert in_browser(page, [case]) == [["2026-03-01", True]]
