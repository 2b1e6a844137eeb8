"""The sheet ``survey``: its rows made sections of questions, in the form that the model reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.model import Choice, Question
from questionnaires.xlsform.choices import NAME_IT, List, Texts, is_yes
from questionnaires.xlsform.columns import OURS, enforced, from_lines, without_enforced
from questionnaires.xlsform.expressions import expression
from questionnaires.xlsform.lines import NO, Line
from questionnaires.xlsform.names import Names, question_name
from questionnaires.xlsform.sheets import UnreadableError
from questionnaires.xlsform.types import METADATA, own_type, word_of

_CONTROL = re.compile(r"(begin|end)[ _](group|repeat|loop|lgroup|looped group)\b")

MAX_OFFERED = 50_000
"""Choices of all the questions together: a long list asked a thousand times is a trap."""


@dataclass(slots=True)
class Asked:
    """A question: its row, its data, its list of choices and its name in the workbook."""

    line: Line
    data: dict[str, object]
    name: str
    list_name: str = ""


@dataclass(slots=True)
class Group:
    """A section: its row (none for questions that stand outside any group) and its data."""

    line: Line | None
    data: dict[str, object]
    asked: list[Asked] = field(default_factory=list)


class Survey:
    """Reads the rows one after the other; ``groups`` is what they make."""

    def __init__(self, lists: Mapping[str, List], texts: Texts) -> None:
        self.lists = lists
        self.texts = texts
        self.report = texts.report
        self.groups: list[Group] = []
        self.open: list[tuple[str, Line]] = []
        self.offered = 0

    def read(self, lines: list[Line]) -> None:
        for line in lines:
            if is_yes(line["disabled"]):
                self.report.notice(
                    line.where, "Cette ligne est désactivée : elle n’est pas reprise."
                )
            elif line["type"]:
                self._row(line, " ".join(line["type"].split()))
            elif line["name"] or line.texts.get("label"):
                self.report.refuse(
                    line.where, "Cette ligne n’a pas de type.", "Écrivez-le.", "invalid"
                )
            else:
                self.report.notice(
                    line.where, "Cette ligne n’a ni type ni nom : elle n’est pas reprise."
                )
        for word, line in self.open:
            self.report.refuse(
                line.where,
                f"« begin_{word} » n’a pas de fin.",
                f"Ajoutez « end_{word} ».",
                "invalid",
            )

    def _row(self, line: Line, kind: str) -> None:
        control = _CONTROL.match(kind)
        if control is None and kind in METADATA:
            self.report.notice(
                line.where, f"« {kind} » est noté par l’appareil : l’outil ne le garde pas."
            )
        elif control is None:
            self._question(line, kind)
        elif control[1] == "end":
            self._end(line, control[2])
        else:
            self._begin(line, "repeat" if control[2] == "looped group" else control[2])

    def _end(self, line: Line, word: str) -> None:
        if not self.open or self.open[-1][0] != ("repeat" if word == "looped group" else word):
            self.report.refuse(
                line.where, f"« end_{word} » ne ferme rien.", "Retirez cette ligne.", "invalid"
            )
        if self.open:
            self.open.pop()

    def _begin(self, line: Line, word: str) -> None:
        if word not in ("group", "repeat"):
            self.report.refuse(
                line.where,
                f"« begin_{word} » n’est pas pris en charge.",
                "Écrivez les questions l’une après l’autre, dans un groupe.",
            )
        if self.open:
            outer = self.open[-1]
            self.report.refuse(
                line.where,
                f"« begin_{word} » est dans un autre groupe ({outer[1].where}) : "
                "un seul niveau est pris en charge.",
                "Fermez le premier avant d’ouvrir le second.",
            )
        else:
            self.groups.append(Group(line, self._section(line, word)))
        self.open.append((word, line))

    def _section(self, line: Line, word: str) -> dict[str, object]:
        name = line.exact(f"{OURS}name") or question_name(line["name"])
        if not name:
            self.report.refuse(line.where, "Ce groupe n’a pas de nom.", NAME_IT, "invalid")
        label = self.texts.labels(line, "label")
        if not label:
            label = {self.texts.default: "Questions"}
            self.report.notice(line.where, "Ce groupe n’a pas de titre : « Questions ».")
        for extra in ("appearance", "hint"):
            if line[extra] or extra in line.texts:
                self.report.notice(line.where, f"« {extra} » d’un groupe n’est pas repris.")
        repeat = self.texts.labels(line, f"{OURS}repeat") if word == "repeat" else {}
        return {
            "name": name,
            "label": label,
            "relevant": expression(line, "relevant", self.report),
            "kind": line.exact(f"{OURS}kind"),
            "repeat": repeat or (label if word == "repeat" else {}),
            "max_repeats": self._limit(line, f"{OURS}max_repeats") or self._count(line),
        }

    def _count(self, line: Line) -> int | None:
        """A fixed number of entries is our limit; a computed one is refused."""
        if not line["repeat_count"]:
            return None
        if re.fullmatch(r"[0-9]{1,6}", line["repeat_count"]):
            self.report.notice(line.where, "Le nombre de répétitions devient un maximum.")
            return int(line["repeat_count"])
        self.report.refuse(
            line.where,
            f"Un nombre de répétitions calculé n’est pas pris en charge : {line['repeat_count']}",
            "Écrivez un nombre, ou videz la case « repeat_count ».",
        )
        return None

    def _limit(self, line: Line, name: str) -> int | None:
        text = line[name]
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            self.report.refuse(
                line.where, f"« {text} » n’est pas un nombre ({name}).", "Corrigez-le.", "invalid"
            )
        return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None

    def _question(self, line: Line, kind: str) -> None:
        word, list_name = word_of(line, kind, self.lists, self.report)
        if not word:
            return
        ours, appearance = own_type(line, word, self.report)
        raw = line["name"]
        if not raw and word == "note":
            raw = f"note_{line.where.rpartition(' ')[2]}"
        if not question_name(raw):
            self.report.refuse(line.where, "Cette question n’a pas de nom.", NAME_IT, "invalid")
        label = self.texts.labels(line, "label")
        if not label:
            self.report.refuse(
                line.where, "Cette question n’a pas de texte.", "Écrivez-le.", "invalid"
            )
        self._count_choices(line, list_name)
        asked = Asked(line, {}, raw, list_name)
        limit = self._limit(line, f"{OURS}max_choices")
        asked.data = {
            "name": question_name(raw),
            "type": ours,
            "label": label,
            "hint": self.texts.labels(line, "hint"),
            "probes": self._probes(line),
            "required": self._required(line),
            "relevant": expression(line, "relevant", self.report),
            "constraint": self._constraint(line, ours, list_name, limit),
            "constraint_message": self.texts.labels(line, "constraint_message"),
            "choices": list(self.lists[list_name].choices) if list_name in self.lists else [],
            "max_choices": limit,
            "consent": line.exact(f"{OURS}consent") or None,
            "profile": is_yes(line[f"{OURS}profile"]),
            "appearance": appearance,
            "visibility": line.exact(f"{OURS}visibility"),
            "choices_from": line.exact(f"{OURS}choices_from") or None,
            "facets": line.facets(),
        }
        self._home(line).asked.append(asked)

    def _count_choices(self, line: Line, list_name: str) -> None:
        self.offered += len(self.lists[list_name].choices) if list_name in self.lists else 0
        if self.offered > MAX_OFFERED:
            raise UnreadableError(
                f"Les questions proposent plus de {MAX_OFFERED} choix en tout.",
                "Coupez le classeur en plusieurs questionnaires.",
                line.where,
            )

    def _home(self, line: Line) -> Group:
        """The section that the question belongs to, a new one when it stands in no group."""
        if not self.open and (not self.groups or self.groups[-1].line is not None):
            rank = sum(group.line is None for group in self.groups) + 1
            label = {self.texts.default: "Questions"}
            self.groups.append(Group(None, {"name": f"hors_groupe_{rank}", "label": label}))
            self.report.notice(
                line.where,
                "Les questions écrites hors de tout groupe forment une section « Questions ».",
            )
        return self.groups[-1]

    def _probes(self, line: Line) -> list[dict[str, str]]:
        cells = {
            code: from_lines(cell) for code, cell in line.texts.get("guidance_hint", {}).items()
        }
        self.texts.labels(line, "guidance_hint")
        longest = max((len(lines) for lines in cells.values()), default=0)
        probes = [
            {
                code: lines[rank]
                for code, lines in cells.items()
                if rank < len(lines) and lines[rank]
            }
            for rank in range(longest)
        ]
        return [probe for probe in probes if probe]

    def _required(self, line: Line) -> bool:
        said = line["required"]
        if not is_yes(said) and said.lower() not in NO:
            self.report.refuse(
                line.where,
                f"Une réponse obligatoire sous condition n’est pas prise en charge : {said}",
                "Écrivez « yes » ou laissez la case vide.",
            )
        return is_yes(said)

    def _constraint(self, line: Line, ours: str, list_name: str, limit: int | None) -> str:
        """The question's own constraint, without the rule that says its choices' limits."""
        choices = self.lists[list_name] if list_name in self.lists else List((), {})
        named = zip(choices.renamed, choices.choices, strict=False)
        built = tuple(Choice(old, {}, bool(choice["exclusive"])) for old, choice in named)
        rule = enforced(Question("q", ours, {}, choices=built, max_choices=limit))
        return without_enforced(expression(line, "constraint", self.report), rule)


def renamings(groups: list[Group], lists: Mapping[str, List]) -> Names:
    """What became of the names of the questions and of their choices."""
    asked = [question for group in groups for question in group.asked]
    return Names(
        {question.name: question_name(question.name) for question in asked},
        {q.name: lists[q.list_name].renamed for q in asked if q.list_name in lists},
    )
