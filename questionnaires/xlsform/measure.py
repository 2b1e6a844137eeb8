"""An XLSX workbook weighed before it is opened: no bomb, no DTD, no formula without a result."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

MAX_UNPACKED = 20_000_000
MAX_PARTS = 1_000
MAX_ELEMENTS = 1_000_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


class LimitError(ValueError):
    """The workbook is refused; the arguments are the message and what to do."""


class UncomputedError(ValueError):
    """A cell holds a formula, and the file does not hold its result; the argument is its place."""


def measure(data: bytes, rows: int, columns: int) -> None:
    """Raise `LimitError`, `UncomputedError`, or what `zipfile` and `xml.sax` say of damage.

    ``rows`` and ``columns`` are the last ones that may hold a value. The sizes that the archive
    states may be believed: `zipfile` never unpacks more than they say.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parse

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _too_big()
        weigher = _Weigher(rows, columns)
        for part in parts:
            try:
                with archive.open(part) as source:
                    parse(source, weigher, forbid_dtd=True)
            except DefusedXmlException:
                raise LimitError(
                    "Le classeur contient une déclaration (DTD) qui peut être un piège.",
                    "Recopiez les feuilles dans un classeur neuf.",
                ) from None
            except SAXParseException:
                if part.filename.endswith((".xml", ".rels")):  # pictures are not XML
                    raise


def _too_big() -> LimitError:
    return LimitError(
        "Le classeur est démesuré une fois décompressé.",
        "Retirez les images et les feuilles inutiles.",
    )


class _Weigher(ContentHandler):
    """Counts what is read, and follows the cells: any part may claim to be a sheet."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.limits = rows, columns
        self.elements = 0
        self.place = (0, 0)
        self.cell = ""
        self.formula = self.value = False

    def startDocument(self) -> None:  # noqa: N802 - named by xml.sax
        self.place = (0, 0)

    def startElement(  # noqa: N802 - named by xml.sax
        self, name: str, attrs: AttributesImpl
    ) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise _too_big()
        given = str(attrs.get("r", ""))
        match name.rpartition(":")[2]:
            case "row":
                self.place = (_number(given) or self.place[0] + 1, 0)
            case "c":
                self._open(given)
            case "f":
                self.formula = True
            case "v" | "is":
                self.value = True

    def _open(self, given: str) -> None:
        found = _PLACE.match(given)
        if given and not found:
            raise ValueError(f"not the place of a cell: {given[:20]}")
        row, column = self.place
        self.place = (int(found[2]), _rank(found[1])) if found else (row, column + 1)
        self.cell = given or f"{row}:{column + 1}"
        self.formula = self.value = False

    def endElement(self, name: str) -> None:  # noqa: N802 - named by xml.sax
        if name.rpartition(":")[2] != "c":
            return
        if self.formula and not self.value:
            raise UncomputedError(self.cell)
        if self.value and self.place[0] > self.limits[0]:
            raise LimitError(f"Une feuille a plus de {self.limits[0] - 1} lignes.", "Coupez-la.")
        if self.value and self.place[1] > self.limits[1]:
            raise LimitError(f"Une feuille a plus de {self.limits[1]} colonnes.", "Coupez-la.")


def _number(given: str) -> int:
    if given and not re.fullmatch(r"[0-9]{1,7}", given):
        raise ValueError(f"not the number of a row: {given[:20]}")
    return int(given or 0)


def _rank(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    rank = 0
    for letter in letters:
        rank = 26 * rank + ord(letter) - ord("A") + 1
    return rank
