"""The paragraphs of a transcript from outside: DOCX, ODT or TXT, read with limits."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from survey_app.domain import Invalid
from survey_app.services import archives, delimited
from survey_app.services.archives import Event
from survey_app.services.opendocument import Words, without_asides

SUFFIXES = frozenset({".docx", ".odt", ".txt"})
WHAT = "document"
MAX_CHARACTERS = 4_000_000
MAX_PARAGRAPHS = 100_000
LONGEST_LABEL = 60  # characters of a first cell that says who speaks
# What a document holds beside the words that are read: text moved away, a second copy of a box.
ASIDE = frozenset({"w:moveFrom", "mc:Fallback"})
MARKS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}


def paragraphs(name: str, data: bytes, encoding: str = "") -> tuple[list[str], str]:
    """The paragraphs in order, empty ones left out, and the encoding of a TXT.

    Notes, headers, comments and deleted text are left out. A row of two cells, who speaks and
    what they say, becomes one paragraph. Raises `Invalid` with a sentence for people.
    """
    if not data:
        raise Invalid(f"Le fichier « {name} » est vide.", archives.NOTHING)
    suffix, used = Path(name).suffix.lower(), ""
    if suffix == ".txt":
        decoded = delimited.decode(name, data, encoding, "un fichier")
        found, used = iter(decoded.text.splitlines()), decoded.encoding
    elif suffix == ".docx":
        found = _zipped(name, data, "word/document.xml")
    elif suffix == ".odt":
        found = _zipped(name, data, "content.xml")
    else:
        raise Invalid(
            f"Le fichier « {name} » n’est ni un DOCX, ni un ODT, ni un TXT.",
            f"Enregistrez-le dans l’un de ces formats. {archives.NOTHING}",
        )
    kept: list[str] = []
    total = 0
    for paragraph in found:
        total += len(paragraph)
        if total > MAX_CHARACTERS or len(kept) > MAX_PARAGRAPHS:
            raise archives.excessive(name, WHAT)
        if paragraph.strip():
            kept.append(paragraph.strip())
    if not kept:
        raise Invalid(f"Le fichier « {name} » ne contient aucun texte.", archives.NOTHING)
    return kept, used


def _zipped(name: str, data: bytes, inside: str) -> Iterator[str]:
    with (
        archives.readable(name, WHAT),
        archives.part(io.BytesIO(data), inside, name, WHAT) as source,
    ):
        events = archives.events(source)
        if inside == "content.xml":
            yield from _Odt().read(without_asides(events))
        else:
            yield from _Docx().read(_without_moved(events))


def _without_moved(events: Iterator[Event]) -> Iterator[Event]:
    depth = 0
    for event in events:
        if event.value in ASIDE and event.kind != "text":
            depth += 1 if event.kind == "start" else -1
        elif not depth:
            yield event


class _Rows:
    """Paragraphs as they close; those of a row of two cells are brought together."""

    ROW, CELL = "", ""

    def __init__(self) -> None:
        self._cells: list[list[str]] = []
        self._rows = 0

    def read(self, events: Iterator[Event]) -> Iterator[str]:
        """The paragraphs that the events of a document write."""
        for event in events:
            kind, value, _ = event
            if value == self.ROW and kind != "text":
                self._rows += 1 if kind == "start" else -1
                if not self._rows:
                    yield from self._row()
            elif value == self.CELL and kind == "start" and self._rows == 1:
                self._cells.append([])
            else:
                for line in self.take(event):
                    if self._cells:
                        self._cells[-1].append(line)
                    else:
                        yield line

    def take(self, event: Event) -> list[str]:
        """The paragraphs that this event ends."""
        raise NotImplementedError

    def _row(self) -> Iterator[str]:
        cells, self._cells = [[t for t in cell if t.strip()] for cell in self._cells], []
        if len(cells) == 2 and len(cells[0]) == 1 and cells[1]:
            label = cells[0][0].strip().rstrip(":—– \u00a0\u202f")
            if label and len(label) <= LONGEST_LABEL:
                yield f"{label} : {cells[1][0]}"
                yield from cells[1][1:]
                return
        for cell in cells:
            yield from cell


class _Docx(_Rows):
    ROW, CELL = "w:tr", "w:tc"

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._in_text = False

    def take(self, event: Event) -> list[str]:
        kind, value, _ = event
        if kind == "text":
            if self._in_text:
                self._pieces.append(event.value)
        elif value == "w:t":
            self._in_text = kind == "start"
        elif kind == "start" and value in MARKS:
            self._pieces.append(MARKS[value])
        elif value == "w:p":
            line = "".join(self._pieces)
            self._pieces.clear()
            return [line]
        return []


class _Odt(_Rows):
    ROW, CELL = "table:table-row", "table:table-cell"

    def __init__(self) -> None:
        super().__init__()
        self._words = Words()

    def take(self, event: Event) -> list[str]:
        self._words.take(event)
        lines, self._words.lines = self._words.lines, []
        return lines
