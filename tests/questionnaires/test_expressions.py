"""Expressions: shared vectors, round trips, XPath's own rules, hostile input."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.expressions import (
    MAX_DEPTH,
    Binary,
    Call,
    ExpressionError,
    Literal,
    Negate,
    Node,
    Ref,
    evaluate,
    from_json,
    holds,
    parse,
    references,
    to_json,
    to_text,
)
from questionnaires.model import NonResponse
from questionnaires.relevance import plain
from tests.questionnaires.questionnaire_strategies import NAMES, json_values, numbers, trees

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "expressions.json"


def shown(result: object) -> object:
    """JSON has neither NaN nor infinity: they are written as objects."""
    if isinstance(result, float) and not math.isfinite(result):
        return {"number": "NaN" if math.isnan(result) else ("-" * (result < 0)) + "Infinity"}
    return result


def vectors() -> list[dict[str, object]]:
    return list(json.loads(VECTORS.read_text(encoding="utf-8")))


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: str(vector["expression"]))
def test_vector(vector: dict[str, object]) -> None:
    node = parse(str(vector["expression"]))
    assert to_json(node) == vector["ast"]
    values = vector["values"]
    assert isinstance(values, dict)
    today = date.fromisoformat(str(vector["today"]))
    result = evaluate(from_json(vector["ast"]), values, vector["current"], today)
    assert (type(shown(result)), shown(result)) == (type(vector["result"]), vector["result"])


def test_vectors_use_every_operator_and_function() -> None:
    used = {part.get("op") or part.get("name") for vector in vectors() for part in parts(vector)}
    wanted = {"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"}
    wanted |= {"selected", "count-selected", "string-length", "true", "false", "not"}
    assert wanted | {"coalesce", "if", "today"} <= used


@given(numbers)
def test_numbers_are_written_without_exponent(number: float) -> None:
    assert "e" not in to_text(Literal(number))
    assert parse(to_text(Literal(number))) == Literal(number)
    assert evaluate(parse("string-length(${n})"), {"n": number}) == len(to_text(Literal(number)))


def parts(vector: dict[str, object]) -> list[dict[str, object]]:
    found, waiting = [], [vector["ast"]]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.append(item)
            waiting += list(item.values())
        elif isinstance(item, list):
            waiting += item
    return found


@given(trees)
def test_text_and_json_give_the_same_tree_back(node: Node) -> None:
    assert parse(to_text(node)) == node
    assert from_json(json.loads(json.dumps(to_json(node)))) == node


@given(trees, st.dictionaries(st.sampled_from(NAMES), json_values), json_values)
def test_any_answer_evaluates_to_a_scalar(
    node: Node, values: dict[str, object], current: object
) -> None:
    result = evaluate(node, values, current, date(2026, 3, 1))
    assert isinstance(result, str | float | bool)
    assert references(node) <= set(NAMES)


def refusal(text: str) -> ExpressionError | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


@given(st.text(max_size=60) | st.text(alphabet="${}a.1'()=<- orand", max_size=20))
def test_any_text_is_a_tree_or_a_french_refusal(text: str) -> None:
    error = refusal(text)
    if error is None:
        assert parse(to_text(parse(text))) == parse(text)
    else:
        assert 0 <= error.position <= len(text)
        assert error.message.endswith(".")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("1 +", 3),
        ("${a} = 'x", 7),
        ("${} = 1", 0),
        ("regex(., 'a')", 0),
        ("1 2", 2),
        ("(1", 2),
        ("1 = §", 4),
        ("1 + selected(${a})", 4),
        ("true(1)", 0),
        ("and 1", 0),
        ("if(1, 2", 7),
        ("not", 3),
        ("1 + " + "9" * 400, 4),
        ("'" + "a" * 10_000 + "'", 10_000),
    ],
)
def test_refusal_says_where(text: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4000 + "1" + ")" * 4000,
        "-" * 9000 + "1",
        "not(" * 2000 + "1" + ")" * 2000,
        " or ".join(["1"] * 2000),
        "1 - (" * 1500 + "1" + ")" * 1500,
    ],
    ids=["parentheses", "signs", "calls", "chain", "operands"],
)
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"niveaux|signes"):
        parse(text)


def test_deepest_trees_allowed_still_round_trip() -> None:
    left: Node = Literal(1.0)
    right: Node = Literal(1.0)
    for _ in range(MAX_DEPTH - 1):
        left, right = Binary("-", left, Literal(2.0)), Binary("-", Literal(2.0), right)
    for node in (left, right):
        assert parse(to_text(node)) == node
        assert from_json(to_json(node)) == node
    with pytest.raises(ExpressionError, match="niveaux"):
        from_json(to_json(Negate(left)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"type": "ref"},
        {"type": "ref", "name": "a b"},
        {"type": "ref", "name": "a", "more": 1},
        {"type": "number", "value": -1},
        {"type": "number", "value": 10**400},
        {"type": "number", "value": True, "x": 1},
        {"type": "string", "value": "'\""},
        {"type": "op", "op": "**", "left": {"type": "current"}, "right": {"type": "current"}},
        {"type": "call", "name": "eval", "args": []},
        {"type": "call", "name": "if", "args": []},
        {"type": "call", "name": "true", "args": "x"},
    ],
)
def test_json_of_another_shape_is_refused(data: object) -> None:
    with pytest.raises(ExpressionError):
        from_json(data)


def test_non_response_reads_as_nothing() -> None:
    for answer in (NonResponse.REFUSED, {"non_response": "refus"}, None, ""):
        assert holds(parse("${a} = ''"), {"a": answer})
    assert not holds(parse("${a} = ''"), {"a": "refus"})
    assert plain({"non_response": "autre"}) == {"non_response": "autre"}


def test_today_is_the_real_day_by_default() -> None:
    assert date.fromisoformat(str(evaluate(Call("today"), {}))) >= date(2026, 1, 1)


def test_dates_are_compared_as_days() -> None:
    node = parse(". <= today()")
    assert holds(node, {}, "2026-03-01", date(2026, 3, 1))
    assert not holds(node, {}, "2026-03-02", date(2026, 3, 1))
    assert holds(parse("${jour} < today()"), {"jour": date(2026, 2, 28)}, None, date(2026, 3, 1))


def test_huge_number_answers_do_not_break() -> None:
    assert evaluate(Ref("n"), {"n": 10**400}) == math.inf
    assert evaluate(parse("string-length(${n})"), {"n": 10**400}) == len("Infinity")
