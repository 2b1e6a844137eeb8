"""Sheets to lines: each cell under the field and the language that its column names.

A column that changes what a form does, in a way that we do not, is refused row by row; one that
does not matter is told once. Nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from questionnaires.problems import Problem
from questionnaires.xlsform.columns import FACET, UNSUPPORTED, from_cell, header_parts
from questionnaires.xlsform.columns import language_code as code_of
from questionnaires.xlsform.sheets import Row, Sheet

NO = frozenset(("", "no", "false", "false()", "0", "non"))


MAX_REFUSALS = 1_000
"""Beyond, a last refusal says that there are others: nobody corrects so many at once."""


@dataclass(slots=True)
class Report:
    """What is found on the way: ``refused`` stops the reading, ``notices`` are only said."""

    refused: dict[Problem, None] = field(default_factory=dict)
    notices: list[Problem] = field(default_factory=list)

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """What is refused, each once, in the order it was found."""
        return tuple(self.refused)

    @property
    def full(self) -> bool:
        """Whether so much is refused that the rest is no longer listed."""
        return len(self.refused) > MAX_REFUSALS

    def refuse(self, where: str, message: str, remedy: str, code: str = "unsupported") -> None:
        """``code`` is ``unsupported`` (a feature that we lack) or ``invalid`` (a fault)."""
        if len(self.refused) < MAX_REFUSALS:
            self.refused[Problem(f"xlsform-{code}", where, message, remedy)] = None
        elif not self.full:
            more = "D’autres points ne sont pas listés ici."
            last = Problem("xlsform-more", "classeur", more, "Corrigez d’abord ceux-ci.")
            self.refused[last] = None

    def notice(self, where: str, message: str, remedy: str = "") -> None:
        self.notices.append(Problem("xlsform-notice", where, message, remedy))


@dataclass(frozen=True, slots=True)
class Line:
    """A row: plain cells and texts by field, as the sheet holds them (`from_cell` reads them)."""

    where: str
    plain: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]

    def __getitem__(self, name: str) -> str:
        return self.plain.get(name, "").strip()

    def exact(self, name: str) -> str:
        """The plain cell with its spaces, signs decoded."""
        return from_cell(self.plain.get(name, ""))

    def labels(self, name: str) -> dict[str, str]:
        """The texts by language, signs decoded."""
        return {code: from_cell(text) for code, text in self.texts.get(name, {}).items()}

    def facets(self) -> dict[str, str]:
        """The cells of the ``paroles_facet_…`` columns."""
        found = ((name, self.exact(name)) for name in self.plain if name.startswith(FACET))
        return {from_cell(name.removeprefix(FACET)): value for name, value in found}


def where(sheet: str, number: int) -> str:
    """The place of a problem, as the person finds it in the workbook."""
    return f"feuille {sheet}, ligne {number}"


@dataclass(frozen=True, slots=True)
class _Column:
    field: str
    language: str | None  # None: a plain cell


class Lines:
    """The lines of one sheet; ``texts`` and ``plain`` are the fields that it may have."""

    def __init__(
        self, sheet: Sheet, texts: Collection[str], plain: Collection[str], report: Report
    ) -> None:
        self.sheet = sheet
        self.report = report
        self.fields = frozenset(texts), frozenset(plain)
        self.double = any("::" in header for header in sheet.header)

    def languages(self) -> list[str]:
        """Languages that the headers name, in their order; ``""`` when a text names none."""
        found = [header_parts(header, self.double) for header in self.sheet.header]
        codes = [
            code_of(name) or "" if name not in ("", "default") else ""
            for field_, name in found
            if field_ in self.fields[0]
        ]
        return list(dict.fromkeys(codes))

    def read(self, default_language: str) -> list[Line]:
        """Every row that holds something; a text without a language is in the default one."""
        columns: dict[str, _Column] = {}
        others: dict[str, tuple[str, list[Row]]] = {}
        for header in self.sheet.header:
            name, language = header_parts(header, self.double)
            used = [row for row in self.sheet.rows if header in row.cells]
            if name in self.fields[0]:
                columns[header] = _Column(name, self._code(header, language, default_language))
            elif (name in self.fields[1] and not language) or name.startswith(FACET):
                columns[header] = _Column(name, None)
            elif used:
                others[header] = (name, used)
        self._twice(columns)
        for header, (name, used) in others.items():
            self._other(header, name, used)
        if self.sheet.nameless:
            self.report.notice(
                where(self.sheet.name, self.sheet.nameless[0]),
                "Des cases n’ont pas de nom de colonne au-dessus d’elles : "
                "elles ne sont pas reprises.",
            )
        return [self._line(row, columns) for row in self.sheet.rows]

    def _twice(self, columns: Mapping[str, _Column]) -> None:
        seen: dict[_Column, str] = {}
        for header, column in columns.items():
            if column in seen:
                self.report.refuse(
                    where(self.sheet.name, 1),
                    f"Les colonnes « {seen[column]} » et « {header} » disent la même chose.",
                    "Gardez-en une seule.",
                    "invalid",
                )
            seen[column] = header

    def _line(self, row: Row, columns: Mapping[str, _Column]) -> Line:
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for header, cell in row.cells.items():
            column = columns.get(header)
            if column is None:
                continue
            if column.language is None:
                plain[column.field] = cell
            else:
                texts.setdefault(column.field, {})[column.language] = cell
        return Line(where(self.sheet.name, row.number), plain, texts)

    def _code(self, header: str, language: str, default: str) -> str:
        if language in ("", "default"):
            return default
        code = code_of(language)
        if code is None:
            self.report.refuse(
                where(self.sheet.name, 1),
                f"La langue de la colonne « {header} » n’est pas reconnue.",
                "Écrivez son code entre parenthèses : deux ou trois lettres, avec le pays s’il le "
                "faut. Par exemple « label::Français (fr) » ou « label::Português (pt-BR) ».",
            )
        return code or default

    def _other(self, header: str, name: str, used: list[Row]) -> None:
        if self.sheet.name != "survey" or name not in UNSUPPORTED:
            count = f"{len(used)} ligne{'s' if len(used) > 1 else ''}"
            self.report.notice(
                where(self.sheet.name, 1), f"La colonne « {header} » ({count}) n’est pas reprise."
            )
            return
        for row in used:
            cell = row.cells[header].strip()
            if name == "read_only" and cell.lower() in NO:
                continue
            if name == "parameters" and cell.startswith("max-pixels=") and " " not in cell:
                continue  # the size of a photo: ours are always made smaller
            self.report.refuse(
                where(self.sheet.name, row.number),
                f"La colonne « {header} » n’est pas prise en charge : {cell[:200]}",
                "Videz cette case, ou retirez la question.",
            )
