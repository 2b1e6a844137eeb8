"""Names from elsewhere made ours, and the conditions that use them rewritten to match."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires import expressions
from questionnaires.expressions import (
    ARITY,
    Binary,
    Call,
    Current,
    ExpressionError,
    Literal,
    Negate,
    Node,
    Ref,
)

LONGEST = 63
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_:.-]*)\s*\(")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_TRUTH = {"yes": "true()", "true": "true()", "no": "false()", "false": "false()"}


def question_name(name: str) -> str:
    """``Enum_Name`` gives ``enum_name``; empty when no letter or digit is left."""
    plain = choice_name(name)
    return f"q_{plain}"[:LONGEST] if plain[:1].isdigit() else plain


def choice_name(name: str) -> str:
    """Lower case without accents; whatever is not a letter or a digit becomes one underscore."""
    folded = unicodedata.normalize("NFKD", name).lower()
    ascii_only = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:LONGEST].rstrip("_")


@dataclass(frozen=True, slots=True)
class Names:
    """What became of the names: of questions, and of the choices of each question."""

    questions: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def unsupported(text: str) -> list[str]:
    """Functions that the expression calls and that we do not know, each once."""
    bare = _STRING.sub("''", text.translate(_QUOTES))
    found = dict.fromkeys(_CALL.findall(bare))
    return [name for name in found if name not in ARITY and name not in ("and", "or", "div", "mod")]


def rewritten(text: str, question: str, names: Names) -> str:
    """The expression with the new names, untouched when nothing changes.

    ``question`` is the old name of the question that carries it, which ``.`` reads. Raises
    ``ExpressionError``.
    """
    text = _TRUTH.get(text.strip().lower(), text)
    try:
        node = expressions.parse(text)
    except ExpressionError:
        straight = text.translate(_QUOTES)  # word processors curl the quotes of a condition
        if straight == text:
            raise
        text, node = straight, expressions.parse(straight)
    renamed = _renamed(node, question, names)
    return text if renamed == node else expressions.to_text(renamed)


def _renamed(node: Node, question: str, names: Names) -> Node:
    match node:
        case Ref(name):
            return Ref(names.questions.get(name, name))
        case Negate(operand):
            return Negate(_renamed(operand, question, names))
        case Binary(op, left, right):
            left, right = _choices(left, right, question, names)
            return Binary(op, _renamed(left, question, names), _renamed(right, question, names))
        case Call("selected", (one, two)):
            one, two = _choices(one, two, question, names)
            pair = _renamed(one, question, names), _renamed(two, question, names)
            return Call("selected", pair)
        case Call(name, args):
            return Call(name, tuple(_renamed(arg, question, names) for arg in args))
    return node


def _choices(left: Node, right: Node, question: str, names: Names) -> tuple[Node, Node]:
    """Two operands: a text compared with a question is the name of one of its choices."""
    return _choice(left, right, question, names), _choice(right, left, question, names)


def _choice(node: Node, other: Node, question: str, names: Names) -> Node:
    asked = question if isinstance(other, Current) else getattr(other, "name", None)
    if not isinstance(other, Ref | Current) or not isinstance(node, Literal):
        return node
    known = names.choices.get(str(asked), {})
    return Literal(known.get(str(node.value), node.value))
