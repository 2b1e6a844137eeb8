"""OpenDocument files (ODS, ODT) from outside, read tag by tag: no count they give is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from survey_app.domain import Invalid
from survey_app.services import archives
from survey_app.services.archives import Event
from survey_app.services.cells import Uncomputed, number

MAX_CELLS = 1_024  # of one row: those beyond are empty in any honest file
MAX_SHEET_ROWS = 1_048_576  # what a spreadsheet allows
MAX_CHARACTERS = 128 * 1024 * 1024  # of all rows, repeats included
MAX_SPACES = 100  # in a row: a count that a file may exaggerate
BLANKS = re.compile(r"[ \t\r\n]+")
NUMBERS = frozenset({"float", "percentage", "currency"})
CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
# What stands in a text without being its words.
ASIDE = frozenset(
    {
        "office:annotation",
        "text:note",
        "text:tracked-changes",
        "text:sequence-decls",
        "table:shapes",
    }
)


class Words:
    """The text of one cell or paragraph, as OpenDocument writes spaces, tabs and line ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0
        self._pieces: list[str] = []
        self._raw: list[str] = []

    def take(self, event: Event) -> None:
        """Listen to an event inside the cell or paragraph."""
        kind, value, attributes = event
        if value in {"text:p", "text:h"} and kind != "text":
            self._depth += 1 if kind == "start" else -1
            if self._depth == 0 or kind == "start":
                self._end_line()
            return
        if self._depth < 1:
            return
        if kind == "text":
            self._raw.append(value)
        elif kind == "start" and value == "text:s":
            self._literal(" " * min(MAX_SPACES, repeats(attributes, "text:c")))
        elif kind == "start" and value == "text:tab":
            self._literal("\t")
        elif kind == "start" and value == "text:line-break":
            self._literal("\n")

    def _literal(self, text: str) -> None:
        self._flush()
        self._pieces.append(text)

    def _flush(self) -> None:
        text = BLANKS.sub(" ", "".join(self._raw))
        self._pieces.append(text if self._pieces else text.lstrip(" "))
        self._raw.clear()

    def _end_line(self) -> None:
        if self._raw or self._pieces or self._depth == 0:
            self._flush()
            self.lines.append("".join(self._pieces))
            self._pieces.clear()


def repeats(attributes: dict[str, str], name: str) -> int:
    """How often a tag says it is repeated: once at least."""
    return max(1, int(attributes.get(name, "1")))


def without_asides(events: Iterator[Event]) -> Iterator[Event]:
    """The events outside comments, notes, drawings and deleted text."""
    aside = ""
    depth = 0
    for event in events:
        if not aside and event.kind == "start" and event.value in ASIDE:
            aside = event.value
        if aside:
            if event.value == aside and event.kind != "text":
                depth += 1 if event.kind == "start" else -1
                aside = aside if depth else ""
            continue
        yield event


def rows(file: BinaryIO, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet; raises `Invalid` where it is damaged, or a bomb."""
    budget = MAX_CHARACTERS
    blank = position = 0
    with (
        archives.readable(name, "classeur"),
        archives.part(file, "content.xml", name, "classeur") as source,
    ):
        for cells, times in _rows(without_asides(archives.events(source))):
            position += times
            if position > MAX_SHEET_ROWS:
                return  # trailing empty rows, or a trap that holds nothing we would read
            if not cells:
                blank += times
                continue
            budget -= times * sum(map(len, cells))
            if budget < 0 or len(cells) > MAX_CELLS:
                raise archives.excessive(name, "classeur")
            yield from ([] for _ in range(blank))
            blank = 0
            yield from (cells for _ in range(times))


def _rows(events: Iterator[Event]) -> Iterator[tuple[list[str], int]]:
    """Each row of the first table, and how often it is repeated."""
    cells: list[tuple[str, int]] = []
    words, attributes, times, tables = Words(), {"": ""}, 1, 0
    for event in events:
        kind, value, given = event
        if value == "table:table" and kind != "text":
            tables += 1 if kind == "start" else -1
            if tables == 0:
                return
        elif tables != 1:
            continue
        elif value == "table:table-row":
            if kind == "start":
                cells, times = [], repeats(given, "table:number-rows-repeated")
            else:
                yield _wide(cells), times
        elif value in CELLS:
            if kind == "start":
                words, attributes = Words(), given
            else:
                cells.append((_value(words, attributes), _columns(attributes)))
        else:
            words.take(event)


def _columns(attributes: dict[str, str]) -> int:
    return repeats(attributes, "table:number-columns-repeated")


def _wide(cells: list[tuple[str, int]]) -> list[str]:
    """The cells of a row, one by one, without the empty ones at its end."""
    while cells and not cells[-1][0] and not isinstance(cells[-1][0], Uncomputed):
        cells.pop()
    if len(cells) > MAX_CELLS or sum(times for _, times in cells) > MAX_CELLS:
        raise Invalid(
            f"Une ligne du classeur a plus de {MAX_CELLS} cases.",
            f"Ôtez les colonnes inutiles. {archives.NOTHING}",
        )
    return [value for value, times in cells for _ in range(times)]


def _value(words: Words, attributes: dict[str, str]) -> str:
    """A cell as XLSX would give it, so that both formats of a table bring the same texts."""
    kind = attributes.get("office:value-type", "")
    if kind in NUMBERS:
        return number(float(attributes["office:value"]))
    if kind == "date":
        return attributes["office:date-value"][:10]
    if kind == "boolean":
        return attributes["office:boolean-value"].capitalize()
    text = "\n".join(words.lines) or attributes.get("office:string-value", "")
    if not text and not kind and "table:formula" in attributes:
        return Uncomputed()
    return text
