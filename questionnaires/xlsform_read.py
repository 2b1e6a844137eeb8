"""The sheet ``survey``: its rows made sections of questions, in the form that the model reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.model import Choice, Question
from questionnaires.types import TYPES
from questionnaires.xlsform_choices import NAME_IT, List, Texts, is_yes
from questionnaires.xlsform_columns import OURS, enforced, from_lines, without_enforced
from questionnaires.xlsform_expressions import expression
from questionnaires.xlsform_lines import NO, Line
from questionnaires.xlsform_names import Names, question_name
from questionnaires.xlsform_write import read_type

_KINDS = {"string": "text", "int": "integer", "photo": "image", "datetime": "dateTime"}
_PLAIN = frozenset(("text", "integer", "date", "time", "dateTime", "note", "image"))
METADATA = frozenset(
    "start end today deviceid subscriberid simserial phonenumber username email audit imei".split()
)
_CONTROL = re.compile(r"(begin|end)[ _](group|repeat|loop|lgroup|looped group)\b")
_SELECT = re.compile(
    r"(?P<word>select_one|select one from|select one|select1|add select one prompt using|"
    r"select_multiple|select all that apply from|select all that apply|"
    r"add select multiple prompt using|rank) (?P<list>\S+)(?P<other> or[ _].*)?\Z"
)


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

    def read(self, lines: list[Line]) -> None:
        for line in lines:
            if is_yes(line["disabled"]):
                self.report.notice(line.where, "Cette ligne est désactivée : pas reprise.")
            elif line["type"]:
                self._row(line, " ".join(line["type"].split()))
            elif line["name"] or line.texts.get("label"):
                self.report.refuse(
                    line.where, "Cette ligne n’a pas de type.", "Écrivez-le.", "invalid"
                )
            else:
                self.report.notice(line.where, "Cette ligne n’a ni type ni nom : pas reprise.")
        for word, line in self.open:
            self.report.refuse(
                line.where, f"« begin_{word} » n’a pas de fin.", f"Ajoutez « end_{word} ».", "invalid"
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
        word, list_name = self._word(line, kind)
        if not word:
            return
        ours, appearance = self._ours(line, word)
        raw = line["name"]
        if not raw and word == "note":
            raw = f"note_{line.where.rpartition(' ')[2]}"
        if not question_name(raw):
            self.report.refuse(line.where, "Cette question n’a pas de nom.", NAME_IT, "invalid")
        label = self.texts.labels(line, "label")
        if not label:
            self.report.refuse(line.where, "Cette question n’a pas de texte.", "Écrivez-le.", "invalid")
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
        self._home().asked.append(asked)

    def _home(self) -> Group:
        """The section that the question belongs to, a new one when it stands in no group."""
        if not self.open and (not self.groups or self.groups[-1].line is not None):
            rank = sum(group.line is None for group in self.groups) + 1
            data = {"name": f"questions_{rank}", "label": {self.texts.default: "Questions"}}
            self.groups.append(Group(None, dict(data)))
        if not self.groups:  # inside a group that was refused
            self.groups.append(Group(None, {}))
        return self.groups[-1]

    def _word(self, line: Line, kind: str) -> tuple[str, str]:
        """XLSForm's own word for the type, and the list of choices; both empty when refused."""
        plain = _KINDS.get(kind.lower(), kind)
        if plain in _PLAIN:
            return plain, ""
        select = _SELECT.match(kind)
        if select is None or "${" in kind:
            self.report.refuse(
                line.where,
                f"Le type « {kind} » n’est pas pris en charge.",
                "Choisissez un autre type de question, ou retirez cette ligne.",
            )
            return "", ""
        if select["other"]:
            self.report.refuse(
                line.where,
                "« or_other » n’est pas pris en charge.",
                "Ajoutez un choix « Autre » et une question pour préciser.",
            )
        if select["list"] not in self.lists:
            self.report.refuse(
                line.where,
                f"La liste « {select['list']} » n’est pas dans la feuille choices.",
                "Ajoutez ses choix, ou corrigez le nom de la liste.",
                "invalid",
            )
        word = select["word"]
        several = "multiple" in word or "all that apply" in word
        return ("rank" if word == "rank" else "select_multiple" if several else "select_one"), (
            select["list"]
        )

    def _ours(self, line: Line, word: str) -> tuple[str, str]:
        appearance = line.exact("appearance")
        said = line[f"{OURS}type"]
        if not said:
            return read_type(word, appearance)
        if said not in TYPES:
            self.report.refuse(
                line.where, f"Le type « {said} » n’existe pas.", "Corrigez-le.", "invalid"
            )
        scale = (said, word) == ("scale", "select_one")
        return said, read_type(word, appearance)[1] if scale else appearance

    def _probes(self, line: Line) -> list[dict[str, str]]:
        cells = {code: from_lines(cell) for code, cell in line.texts.get("guidance_hint", {}).items()}
        self.texts.labels(line, "guidance_hint")
        longest = max((len(lines) for lines in cells.values()), default=0)
        probes = [
            {code: lines[rank] for code, lines in cells.items() if rank < len(lines) and lines[rank]}
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
