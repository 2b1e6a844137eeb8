"""The seven written files read back, each with its own library, into one comparable shape."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
from docx import Document
from hypothesis import strategies as st
from odfdo import Document as OpenDocument
from openpyxl import load_workbook

from tests.analysis.strategies import texts

# Two texts that may be quoted: anything at all, but not blank.
QUOTABLE = st.one_of(texts(min_size=1), st.text(min_size=1)).filter(str.strip)
QUOTATIONS = st.tuples(QUOTABLE, QUOTABLE)
VOID = frozenset({"meta", "img", "link", "br", "input"})
_SOURCE = re.compile(r"^«\u00a0(.*)\u00a0»\s*\[(É-\d+),.*\]$", re.DOTALL)


@dataclass
class Written:
    """Quotations of the body and rows of the annex, as (excerpt, words)."""

    quotations: set[tuple[str, str]] = field(default_factory=set)
    annex: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""


def _gather(quoted: list[str], tables: list[list[list[str]]], text: str) -> Written:
    found = [_SOURCE.match(item) for item in quoted]
    assert all(found), quoted
    annex = [(row[0], row[-1]) for table in tables if len(table[0]) == 6 for row in table[1:]]
    return Written({(item[2], item[1]) for item in found if item}, annex, text)


def docx(path: Path) -> Written:
    document = Document(str(path))
    quoted = [item.text for item in document.paragraphs if item.style.name == "Quote"]
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    ]
    text = "\n".join(item.text for item in document.paragraphs)
    return _gather(quoted, tables, text)


def odt(path: Path) -> Written:
    body = OpenDocument(str(path)).body
    quoted = [item.inner_text for item in body.get_paragraphs() if item.style == "Quotations"]
    tables = [
        [
            [cell.get_paragraphs()[0].inner_text for cell in row.get_elements("table:table-cell")]
            for row in table.get_elements(".//table:table-row")
        ]
        for table in body.get_tables()
    ]
    text = "\n".join(item.inner_text for item in [*body.headers, *body.get_paragraphs()])
    return _gather(quoted, tables, text)


class Page(HTMLParser):
    """Every element with its attributes and all the text inside it, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: tuple[str, dict[str, str | None], list[str]] = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, said in self.open:
            said.append(data)

    def texts(self, tag: str) -> list[str]:
        return ["".join(said) for name, _, said in self.elements if name == tag]


def html(path: Path) -> Written:
    page = Page(path.read_text(encoding="utf-8"))
    tables: list[list[list[str]]] = []
    for name, _, said in page.elements:
        if name == "table":
            tables.append([])
        elif name == "tr":
            tables[-1].append([])
        elif name in ("th", "td"):
            tables[-1][-1].append("".join(said))
    return _gather(page.texts("blockquote"), tables, "".join(page.texts("body")))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    """A sheet of the workbook as records, empty cells as empty texts."""
    book = load_workbook(path)
    head, *lines = book[name].iter_rows(values_only=True)
    book.close()
    return [
        {str(key): "" if cell is None else cell for key, cell in zip(head, line, strict=True)}
        for line in lines
    ]


def pdf(path: Path) -> str:
    """All the words, however lines and pages were broken."""
    said = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return re.sub(r"[\s\u00ad\u2010-]+", "", said)


def data(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
