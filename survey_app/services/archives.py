"""Zipped documents from outside: measured before they are unpacked, then read as a stream of XML.

Nothing is ever built whole: whoever reads sees one tag or one piece of text at a time.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Literal, NamedTuple
from xml.parsers import expat  # a stream whose document types are refused, see `events`

from survey_app.domain import Invalid

NOTHING = "Rien n’a été importé, et rien n’a été perdu."
MAX_UNPACKED_BYTES = 128 * 1024 * 1024
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_RATIO = 100  # a sheet of words or numbers unpacks to 3 to 20 times its size
FREE_BYTES = 4 * 1024 * 1024  # below this, whatever the ratio, a part cannot do harm
MAX_DEPTH = 200
CHUNK = 64 * 1024
# What reading a file that is damaged, locked by a password or made up may raise.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES = {
    f"{_ODF}office:1.0": "office",
    f"{_ODF}table:1.0": "table",
    f"{_ODF}text:1.0": "text",
    f"{_ODF}drawing:1.0": "draw",
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}


class Event(NamedTuple):
    """A tag that opens (with its attributes) or closes, or text. Names are « table:table-row »."""

    kind: Literal["start", "end", "text"]
    value: str
    attributes: dict[str, str]


@contextmanager
def readable(name: str, what: str) -> Iterator[None]:
    """Turn whatever a damaged file raises into `Invalid`. ``what``: « classeur », « document »."""
    try:
        yield
    except DAMAGED:
        raise Invalid(
            f"Le {what} « {name} » ne s’ouvre pas : il est abîmé, ou protégé par un mot de passe, "
            "ou d’un autre format que son nom ne le dit.",
            f"Ouvrez-le dans votre logiciel et enregistrez-le à nouveau. {NOTHING}",
        ) from None


@contextmanager
def part(file: BinaryIO, inside: str, name: str, what: str) -> Iterator[IO[bytes]]:
    """One part of an archive, refused when it would unpack beyond reason.

    The sizes may be believed: `zipfile` never unpacks more than they say.
    """
    with zipfile.ZipFile(file) as archive:
        found = archive.getinfo(inside)
        total = sum(entry.file_size for entry in archive.infolist())
        allowed = max(FREE_BYTES, min(MAX_PART_BYTES, MAX_RATIO * found.compress_size))
        if total > MAX_UNPACKED_BYTES or found.file_size > allowed:
            raise excessive(name, what)
        with archive.open(found) as source:
            yield source


def excessive(name: str, what: str) -> Invalid:
    """The refusal of a file that says little and would fill the memory."""
    return Invalid(
        f"Le {what} « {name} » est démesuré une fois décompressé.",
        f"Coupez-le, ou enregistrez-le dans un format plus simple. {NOTHING}",
    )


def events(source: IO[bytes]) -> Iterator[Event]:
    """The tags and texts of an XML part, in order; `ValueError` for a document type or a pit."""
    found: list[Event] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("tags too deep")
        short = {_short(key): value for key, value in attributes.items()}
        found.append(Event("start", _short(name), short))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Event("end", _short(name), {}))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: found.append(Event("text", text, {}))
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while chunk := source.read(CHUNK):
        parser.Parse(chunk, False)
        yield from found
        found.clear()
    parser.Parse(b"", True)
    yield from found


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type declares entities: no honest file needs one")


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{PREFIXES.get(space, '?')}:{local}"
