"""Conditions and constraints: a subset of XLSForm's XPath 1.0, evaluated the same everywhere.

Text to tree, tree to value, tree to JSON for the tablet, whose ``expressions.js`` gives the same
values: ``tests/vectors/expressions.json`` and random trees hold the two together. An unanswered
question, and a person who does not know or does not want to say, read as the empty string.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from questionnaires.expression_nodes import (
    ARITY,
    MAX_DEPTH,
    Binary,
    Call,
    Current,
    ExpressionError,
    Literal,
    Negate,
    Node,
    Ref,
    from_json,
    references,
    to_json,
    walk,
)
from questionnaires.expression_text import MAX_LENGTH, parse, to_text
from questionnaires.model import NonResponse

__all__ = [
    "ARITY",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Binary",
    "Call",
    "Current",
    "ExpressionError",
    "Literal",
    "Negate",
    "Node",
    "Ref",
    "evaluate",
    "from_json",
    "holds",
    "parse",
    "references",
    "to_json",
    "to_text",
    "truth",
    "walk",
]

Scalar = str | float | bool

_NUMBER = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WORDS = re.compile(r"[^ \t\r\n]+")  # XPath's four spaces: str.split() knows many others


@dataclass(frozen=True, slots=True)
class _Scope:
    values: Mapping[str, object]
    current: object
    today: date | None


def evaluate(
    node: Node,
    values: Mapping[str, object],
    current: object = None,
    today: date | None = None,
) -> Scalar:
    """The value of an expression: text, number or truth.

    ``values`` maps question names to answers (plain or JSON), ``current`` is what ``.`` reads,
    ``today`` the day of the answer (the real one by default). Never raises on any answer:
    what is not a number becomes NaN, as in XPath 1.0.
    """
    return _value(node, _Scope(values, current, today))


def holds(
    node: Node,
    values: Mapping[str, object],
    current: object = None,
    today: date | None = None,
) -> bool:
    """Whether the condition is true."""
    return truth(evaluate(node, values, current, today))


def truth(value: Scalar) -> bool:
    """XPath's boolean(): a non-empty text, a number that is neither zero nor NaN."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _value(node: Node, scope: _Scope) -> Scalar:
    # Tests by type, the commonest first: a tablet's batch reads two hundred of these a testimony.
    if isinstance(node, Ref):
        return _scalar(scope.values.get(node.name))
    if isinstance(node, Binary):
        return _binary(node, scope)
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, str) else float(node.value)
    if isinstance(node, Call):
        return _FUNCTIONS[node.name](node.args, scope)
    if isinstance(node, Negate):
        return -_number(_value(node.operand, scope))
    return _scalar(scope.current)


def _binary(node: Binary, scope: _Scope) -> Scalar:
    """Two sides and an operator; « and » and « or » leave the right one unread when they can."""
    left = _value(node.left, scope)
    if node.op == "and":
        return truth(left) and truth(_value(node.right, scope))
    if node.op == "or":
        return truth(left) or truth(_value(node.right, scope))
    return _OPERATORS[node.op](left, _value(node.right, scope))


def _scalar(answer: object) -> Scalar:
    """An answer as XPath sees it; several choices are one text, names separated by spaces."""
    if isinstance(answer, NonResponse):
        return ""
    if isinstance(answer, bool | str):
        return answer
    if isinstance(answer, int | float):
        return _float(answer)
    if isinstance(answer, list | tuple):
        return " ".join(_item(item) for item in answer)
    return answer.isoformat() if isinstance(answer, date) else ""


def _item(item: object) -> str:
    """One of several choices; a list within a list is no answer, and could nest without end."""
    return "" if isinstance(item, list | tuple) else _text(_scalar(item))


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _number(value: Scalar) -> float:
    if isinstance(value, str):
        return float(value) if _NUMBER.match(value) else math.nan
    return float(value)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def _equal(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return _number(left) == _number(right)
    return left == right


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Scalar, Scalar], bool]:
    def ordered(left: Scalar, right: Scalar) -> bool:
        days = _day(left), _day(right)
        if days[0] is not None and days[1] is not None:
            return compare(days[0], days[1])
        return compare(_number(left), _number(right))

    return ordered


def _day(value: Scalar) -> float | None:
    """A day as a number that keeps its order: XLSForm compares dates, XPath 1.0 has none."""
    if isinstance(value, str) and _DAY.match(value):
        return float(value.replace("-", ""))
    return None


def _arithmetic(compute: Callable[[float, float], float]) -> Callable[[Scalar, Scalar], float]:
    return lambda left, right: compute(_number(left), _number(right))


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _modulo(left: float, right: float) -> float:
    """XPath's mod: the remainder takes the sign of the dividend, as in JavaScript."""
    if right == 0 or math.isinf(left):
        return math.nan
    return math.fmod(left, right)


_OPERATORS: Mapping[str, Callable[[Scalar, Scalar], Scalar]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "div": _arithmetic(_divide),
    "mod": _arithmetic(_modulo),
}

_Args = tuple[Node, ...]


def _coalesce(args: _Args, scope: _Scope) -> Scalar:
    value: Scalar = ""
    for arg in args:
        value = _value(arg, scope)
        if value != "":
            break
    return value


def _if(args: _Args, scope: _Scope) -> Scalar:
    chosen = args[1] if truth(_value(args[0], scope)) else args[2]
    return _value(chosen, scope)


def _words(node: Node, scope: _Scope) -> list[str]:
    return _WORDS.findall(_text(_value(node, scope)))


def _selected(args: _Args, scope: _Scope) -> bool:
    wanted = _words(args[1], scope)
    return len(wanted) == 1 and wanted[0] in _words(args[0], scope)


def _string_length(args: _Args, scope: _Scope) -> float:
    node = args[0] if args else Current()
    return float(len(_text(_value(node, scope))))


def _today(_args: _Args, scope: _Scope) -> str:
    return (scope.today or datetime.now(UTC).astimezone().date()).isoformat()


_FUNCTIONS: Mapping[str, Callable[[_Args, _Scope], Scalar]] = {
    "coalesce": _coalesce,
    "count-selected": lambda args, scope: float(len(_words(args[0], scope))),
    "false": lambda _args, _scope: False,
    "if": _if,
    "not": lambda args, scope: not truth(_value(args[0], scope)),
    "selected": _selected,
    "string-length": _string_length,
    "today": _today,
    "true": lambda _args, _scope: True,
}
