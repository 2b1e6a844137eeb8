"""Expressions as people write them: text to tree (precedence climbing) and tree to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from questionnaires.expression_nodes import (
    ARITY,
    MAX_DEPTH,
    PRECEDENCE,
    Binary,
    Call,
    Current,
    ExpressionError,
    Literal,
    Negate,
    Node,
    Ref,
    bounded,
    too_deep,
)

MAX_LENGTH = 10_000
"""Code points of an expression."""

# A tree of MAX_DEPTH levels may need two nested readings a level (right operand, parenthesis).
_MAX_NESTING = 2 * MAX_DEPTH + 2
_UNARY = 7

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<ref>\$\{\s*(?P<refname>[A-Za-z_][A-Za-z0-9_.-]*)\s*\})
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<string>'[^']*'|"[^"]*")
  | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
  | (?P<symbol><=|>=|!=|[=<>+*(),.-])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(_unreadable(text, position), position)
        kind = str(match.lastgroup)
        if kind == "refname" or match.group("ref"):
            found.append(_Token("ref", match.group("refname"), position))
        elif kind != "space":
            found.append(_Token(kind, match.group(), position))
        position = match.end()
    found.append(_Token("end", "", position))
    return found


def _unreadable(text: str, position: int) -> str:
    if text[position] in "'\"":
        return "Un texte commence par un guillemet qui n’est jamais fermé."
    if text.startswith("${", position):
        return "Le nom de question entre ${ et } est absent ou mal écrit."
    return f"Le signe « {text[position]} » n’a pas sa place ici."


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.index = 0
        self.nesting = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.index]

    def take(self) -> _Token:
        token = self.next
        self.index += 1
        return token

    def expect(self, symbol: str) -> None:
        token = self.next
        if (token.kind, token.text) != ("symbol", symbol):
            found = f"« {token.text} »" if token.text else "la fin"
            raise ExpressionError(f"On attend « {symbol} » et on trouve {found}.", token.position)
        self.index += 1

    def whole(self) -> Node:
        node = self.expression(1)
        if self.next.kind != "end":
            raise ExpressionError(
                f"« {self.next.text} » est en trop, ou il manque un opérateur avant.",
                self.next.position,
            )
        return node

    def expression(self, lowest: int) -> Node:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise too_deep(self.next.position)
        left = self.unary()
        while self.next.kind in ("name", "symbol") and (
            PRECEDENCE.get(self.next.text, 0) >= lowest
        ):
            operator = self.take().text
            left = Binary(operator, left, self.expression(PRECEDENCE[operator] + 1))
        self.nesting -= 1
        return left

    def unary(self) -> Node:
        signs = 0
        while (self.next.kind, self.next.text) == ("symbol", "-"):
            self.take()
            signs += 1
        node = self.primary()
        for _ in range(signs):
            node = Negate(node)
        return node

    def primary(self) -> Node:
        token = self.take()
        match token.kind, token.text:
            case "number", text:
                return _at(token, lambda: Literal(float(text)))
            case "string", text:
                return Literal(text[1:-1])
            case "ref", text:
                return Ref(text)
            case "symbol", ".":
                return Current()
            case "symbol", "(":
                node = self.expression(1)
                self.expect(")")
                return node
            case "name", text if text not in PRECEDENCE:
                return self.call(token)
        found = f"« {token.text} »" if token.text else "la fin de la condition"
        raise ExpressionError(f"On attend une valeur et on trouve {found}.", token.position)

    def call(self, token: _Token) -> Node:
        if token.text not in ARITY:
            message = f"La fonction « {token.text} » n’est pas prise en charge."
            raise ExpressionError(message, token.position)
        self.expect("(")
        args: list[Node] = []
        if self.next.text != ")" or self.next.kind != "symbol":
            args.append(self.expression(1))
            while (self.next.kind, self.next.text) == ("symbol", ","):
                self.take()
                args.append(self.expression(1))
        self.expect(")")
        return _at(token, lambda: Call(token.text, tuple(args)))


def _at(token: _Token, make: Callable[[], Node]) -> Node:
    """Build a node; its refusal takes the position of the token."""
    try:
        return make()
    except ExpressionError as error:
        raise ExpressionError(error.message, token.position) from None


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """The tree of an expression.

    Raises ``ExpressionError`` with the position and a French sentence: unknown sign or function,
    missing value, more than ``MAX_LENGTH`` code points or ``MAX_DEPTH`` levels.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"La condition dépasse {MAX_LENGTH} signes.", MAX_LENGTH)
    return bounded(_Parser(text).whole())


def to_text(node: Node) -> str:
    """The expression as text, with the fewest parentheses; ``parse`` gives the same tree back."""
    match node:
        case Literal(value):
            if isinstance(value, str):
                return f"'{value}'" if "'" not in value else f'"{value}"'
            return _plain_number(value)
        case Ref(name):
            return f"${{{name}}}"
        case Current():
            return "."
        case Negate(operand):
            return f"-{_inside(operand, _UNARY)}"
        case Binary(op, left, right):
            rank = PRECEDENCE[op]
            return f"{_inside(left, rank)} {op} {_inside(right, rank + 1)}"
        case Call(name, args):
            return f"{name}({', '.join(to_text(arg) for arg in args)})"


def _inside(node: Node, lowest: int) -> str:
    text = to_text(node)
    if isinstance(node, Binary) and PRECEDENCE[node.op] < lowest:
        return f"({text})"
    return text


def _plain_number(value: float) -> str:
    """The shortest digits that read back as the same number; the grammar has no exponent."""
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")
