"""A condition's tree said in French: labels instead of names, as few parentheses as can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from questionnaires.expressions import Binary, Call, Current, Literal, Negate, Node, Ref
from questionnaires.model import Labels, Question, Questionnaire, in_language

_JOINS = {"and": "et", "or": "ou"}
_NUMBERS = {
    "<": "est de moins de",
    "<=": "est d’au plus",
    ">": "est de plus de",
    ">=": "est d’au moins",
}
_DAYS = {
    "<": "vient avant",
    "<=": "ne vient pas après",
    ">": "vient après",
    ">=": "ne vient pas avant",
}
_ARITHMETIC = {
    "+": "plus",
    "-": "moins",
    "*": "multiplié par",
    "div": "divisé par",
    "mod": "modulo",
}
_TRUTHS = frozenset({"and", "or", "=", "!=", *_NUMBERS})


def chain(node: Node, operator: str) -> list[Node]:
    """The operands of a run of the same ``and`` or ``or``, left to right; else the node alone."""
    if isinstance(node, Binary) and node.op == operator:
        return [*chain(node.left, operator), *chain(node.right, operator)]
    return [node]


@dataclass(frozen=True, slots=True)
class Words:
    """Says conditions about one questionnaire; ``language`` is the one of the labels."""

    questionnaire: Questionnaire
    language: str = "fr"

    def reasons(self, node: Node | None, first: str = "") -> str:
        """« si …, et si … »: ``first`` is a reason said before those of the tree."""
        operator = "and"
        parts = [] if node is None else chain(node, "and")
        if not first and len(parts) == 1 and len(chain(parts[0], "or")) > 1:
            same = self._together("or", chain(parts[0], "or"))
            operator, parts = ("and", parts) if same else ("or", chain(parts[0], "or"))
        same = self._together(operator, parts) if len(parts) > 1 else None
        said = [first] if first else []
        if same:
            said.append(same)
        else:
            said += [self._reason(part, part is parts[-1]) for part in parts]
        return f", {_JOINS[operator]} ".join(_si(reason) for reason in said)

    def _reason(self, node: Node, last: bool) -> str:
        for operator in ("or", "and"):
            parts = chain(node, operator)
            if len(parts) > 1 and not self._together(operator, parts):
                said = [self.clause(part, inside=True) for part in parts]
                if operator == "or" and last:
                    return f"l’une au moins de ces conditions est vraie : {', ou '.join(said)}"
                if operator == "and":
                    return f"à la fois {' et '.join(said)}"
        return self.clause(node, inside=True)

    def clause(self, node: Node, inside: bool = False) -> str:
        """A proposition: « la réponse à « … » est « … » »; ``inside`` another, in parentheses."""
        match node:
            case Binary("and" | "or" as operator, _, _):
                parts = chain(node, operator)
                same = self._together(operator, parts)
                if same:
                    return same
                joined = f" {_JOINS[operator]} ".join(self.clause(p, inside=True) for p in parts)
                return f"({joined})" if inside else joined
            case Binary("=" | "!=" as operator, left, right):
                return self._equality(left, right, operator == "=")
            case Binary(operator, left, right) if operator in _NUMBERS:
                return self._order(operator, left, right)
            case Call("not", (Call("selected", args),)):
                return self._selected(args, "ne fait pas partie")
            case Call("not", (operand,)):
                return f"il n’est pas vrai que {self.clause(operand, inside=True)}"
            case Call("selected", args):
                return self._selected(args, "fait partie")
            case Call("true" | "false" as name):
                return "c’est toujours le cas" if name == "true" else "ce n’est jamais le cas"
        return f"{self.value(node)} n’est ni vide ni zéro"

    def value(self, node: Node, of: Question | None = None) -> str:
        """What a value is called; ``of`` is the question whose answers it is compared with."""
        match node:
            case Literal(str(text)):
                choice = of.choice(text) if of else None
                return f"« {self._label(choice.label) if choice else _day(text)} »"
            case Literal(number):
                return format(Decimal(repr(number)).normalize(), "f").replace(".", ",")
            case Ref(name):
                return f"la réponse à « {self._called(name)} »"
            case Current():
                return "cette réponse"
            case Negate(operand):
                return f"moins {self._operand(operand)}"
            case Binary(operator, left, right) if operator not in _TRUTHS:
                return f"{self._operand(left)} {_ARITHMETIC[operator]} {self._operand(right)}"
            case Call(name, args) if name not in {"not", "selected", "true", "false"}:
                return self._called_value(name, args)
        return f"le fait que {self.clause(node, inside=True)}"

    def _called_value(self, name: str, args: tuple[Node, ...]) -> str:
        if name == "today":
            return "la date du jour"
        if name == "if":
            yes, no = self.value(args[1]), self.value(args[2])
            return f"({yes} {_si(self.clause(args[0], inside=True))}, sinon {no})"
        if name == "coalesce":
            return f"({', à défaut '.join(self.value(arg) for arg in args)})"
        if name == "count-selected" and isinstance(args[0], Ref):
            return f"le nombre de réponses cochées à « {self._called(args[0].name)} »"
        what = "mots" if name == "count-selected" else "signes"
        return f"le nombre de {what} {_of(self.value(args[0] if args else Current()))}"

    def _equality(self, left: Node, right: Node, equal: bool) -> str:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right = right, left
        if isinstance(right, Literal) and right.value == "":
            return f"{self.value(left)} {'n’est pas' if equal else 'est'} donnée"
        verb = "est" if equal else "n’est pas"
        if not isinstance(right, Literal):
            return f"{self.value(left)} {verb} la même chose que {self.value(right)}"
        return f"{self.value(left)} {verb} {self.value(right, self._question(left))}"

    def _order(self, operator: str, left: Node, right: Node) -> str:
        days = any(self._is_day(side) for side in (left, right))
        verb = (_DAYS if days else _NUMBERS)[operator]
        one = self.value(left, self._question(right))
        two = self.value(right, self._question(left))
        return f"{one} {verb} {two}"

    def _selected(self, args: tuple[Node, ...], verb: str) -> str:
        chosen = self.value(args[1], self._question(args[0]))
        if isinstance(args[0], Ref):
            return f"{chosen} {verb} des réponses à « {self._called(args[0].name)} »"
        return f"{chosen} {verb} {_of(self.value(args[0]))}"

    def _together(self, operator: str, parts: list[Node]) -> str | None:
        """« est A ou B », « n’est ni A ni B »: several values of one question, else ``None``."""
        wanted = "=" if operator == "or" else "!="
        names, values = set[str](), list[str]()
        for part in parts:
            match part:
                case Binary(sign, Ref(name), Literal(value)) if sign == wanted and value != "":
                    names.add(name)
                    values.append(self.value(Literal(value), self._question(Ref(name))))
                case _:
                    return None
        if len(names) != 1 or len(values) < 2:
            return None
        subject = f"la réponse à « {self._called(names.pop())} »"
        if operator == "or":
            return f"{subject} est {', '.join(values[:-1])} ou {values[-1]}"
        return f"{subject} n’est ni {' ni '.join(values)}"

    def _operand(self, node: Node) -> str:
        text = self.value(node)
        return f"({text})" if isinstance(node, Binary) else text

    def _is_day(self, node: Node) -> bool:
        question = self._question(node)
        return node == Call("today") or (question is not None and question.type == "date")

    def _question(self, node: Node) -> Question | None:
        name = node.name if isinstance(node, Ref) else None
        return next((item for item in self.questionnaire.questions if item.name == name), None)

    def _called(self, name: str) -> str:
        question = self._question(Ref(name))
        return self._label(question.label) if question else name

    def _label(self, labels: Labels) -> str:
        words = in_language(labels, self.language, self.questionnaire.default_language)
        return " ".join(words.split())


def _si(reason: str) -> str:
    return f"s’{reason}" if reason.startswith("il ") else f"si {reason}"


def _of(text: str) -> str:
    return f"du {text[3:]}" if text.startswith("le ") else f"de {text}"


def _day(text: str) -> str:
    """An ISO day as French people write it; any other text as it is."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}" if len(text) == 10 else text
    except ValueError:
        return text
