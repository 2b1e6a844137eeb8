"""The tree of an expression: frozen nodes, their JSON for the tablet, their names and depth."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_DEPTH = 50
"""Levels of a tree. Beyond, an expression is refused: a hostile one must not exhaust the stack."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")

# Each level binds tighter than the one before (XPath 1.0, section 3).
PRECEDENCE: Mapping[str, int] = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}

# Function: fewest and most arguments (None: no limit).
ARITY: Mapping[str, tuple[int, int | None]] = {
    "coalesce": (2, None),
    "count-selected": (1, 1),
    "false": (0, 0),
    "if": (3, 3),
    "not": (1, 1),
    "selected": (2, 2),
    "string-length": (0, 1),
    "today": (0, 0),
    "true": (0, 0),
}


class ExpressionError(ValueError):
    """An expression cannot be read. ``position`` is a 0-based code-point offset in its text."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or a number that is neither negative nor infinite, as the grammar writes them."""

    value: str | float

    def __post_init__(self) -> None:
        if isinstance(self.value, str):
            if "'" in self.value and '"' in self.value:
                raise ExpressionError("Un texte ne peut pas contenir à la fois ' et \".")
        elif not math.isfinite(self.value) or math.copysign(1.0, self.value) < 0:
            raise ExpressionError("Un nombre doit être fini et sans signe.")


@dataclass(frozen=True, slots=True)
class Ref:
    """The answer to another question: ``${name}``."""

    name: str

    def __post_init__(self) -> None:
        if not NAME.match(self.name):
            raise ExpressionError(f"« {self.name} » n’est pas un nom de question.")


@dataclass(frozen=True, slots=True)
class Current:
    """The answer being checked: ``.``."""


@dataclass(frozen=True, slots=True)
class Negate:
    """The opposite of a number."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands around one of the operators of ``PRECEDENCE``."""

    op: str
    left: Node
    right: Node

    def __post_init__(self) -> None:
        if self.op not in PRECEDENCE:
            raise ExpressionError(f"L’opérateur « {self.op} » n’existe pas.")


@dataclass(frozen=True, slots=True)
class Call:
    """One of the functions of ``ARITY`` with its arguments."""

    name: str
    args: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in ARITY:
            raise ExpressionError(f"La fonction « {self.name} » n’est pas prise en charge.")
        fewest, most = ARITY[self.name]
        if len(self.args) < fewest or (most is not None and len(self.args) > most):
            raise ExpressionError(f"La fonction « {self.name} » n’a pas le bon nombre de valeurs.")


Node = Literal | Ref | Current | Negate | Binary | Call


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, left to right."""
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Negate):
        return (node.operand,)
    return node.args if isinstance(node, Call) else ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its level (the root is 1), without recursion: trees may be hostile."""
    waiting = [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        yield current, level
        waiting += [(child, level + 1) for child in children(current)]


def bounded(node: Node, position: int = 0) -> Node:
    """The node itself, or ``ExpressionError`` when its tree has more than ``MAX_DEPTH`` levels."""
    if any(level > MAX_DEPTH for _, level in walk(node)):
        raise too_deep(position)
    return node


def too_deep(position: int = 0) -> ExpressionError:
    return ExpressionError(
        f"La condition compte plus de {MAX_DEPTH} niveaux. Coupez-la en plusieurs.", position
    )


def references(node: Node) -> frozenset[str]:
    """Names of the questions that the expression reads."""
    return frozenset(part.name for part, _ in walk(node) if isinstance(part, Ref))


def to_json(node: Node) -> dict[str, object]:
    """A tree of plain dictionaries, the form that the tablet's JavaScript evaluates."""
    match node:
        case Literal(value):
            kind = "string" if isinstance(value, str) else "number"
            return {"type": kind, "value": value}
        case Ref(name):
            return {"type": "ref", "name": name}
        case Current():
            return {"type": "current"}
        case Negate(operand):
            return {"type": "negate", "operand": to_json(operand)}
        case Binary(op, left, right):
            return {"type": "op", "op": op, "left": to_json(left), "right": to_json(right)}
        case Call(name, args):
            return {"type": "call", "name": name, "args": [to_json(arg) for arg in args]}


def from_json(data: object) -> Node:
    """Back from ``to_json``. Raises ``ExpressionError`` on any other shape or beyond the depth."""
    return _from_json(data, 1)


def _from_json(data: object, level: int) -> Node:
    if level > MAX_DEPTH:
        raise too_deep()
    match data:
        case {"type": "string", "value": str(value), **rest} if not rest:
            return Literal(value)
        case {"type": "number", "value": int(number) | float(number), **rest} if not rest:
            return Literal(_number(number))
        case {"type": "ref", "name": str(name), **rest} if not rest:
            return Ref(name)
        case {"type": "current", **rest} if not rest:
            return Current()
        case {"type": "negate", "operand": operand, **rest} if not rest:
            return Negate(_from_json(operand, level + 1))
        case {"type": "op", "op": str(op), "left": left, "right": right, **rest} if not rest:
            return Binary(op, _from_json(left, level + 1), _from_json(right, level + 1))
        case {"type": "call", "name": str(name), "args": list(args), **rest} if not rest:
            return Call(name, tuple(_from_json(arg, level + 1) for arg in args))
    raise ExpressionError("La condition enregistrée n’a pas la forme attendue.")


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise ExpressionError("Un nombre doit être fini et sans signe.") from error
