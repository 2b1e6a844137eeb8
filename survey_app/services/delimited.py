"""Text files from outside: their encoding and separator guessed, said, and changed at will."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.domain import Invalid
from survey_app.services.archives import NOTHING

MAX_CELL = 4_000_000  # above any testimony: the length of a text is judged later, with its row
BINARY = frozenset(range(32)) - {9, 10, 12, 13}
SEPARATORS = ",;\t|"
SEPARATOR_NAMES = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 avec marque (BOM)",
    "cp1252": "Windows-1252 (ancien Excel)",
    "iso8859-15": "Latin-9 (ISO-8859-15)",
    "latin-1": "Latin-1 (ISO-8859-1)",
    "utf-16": "UTF-16",
}
OTHER = (
    "Le fichier n’est pas en UTF-8 : il a été lu en Windows-1252 (Latin-1). "
    "Vérifiez que les accents sont justes."
)
# French letters and marks in UTF-8 (à to ÿ, œ, « », the space before « : », ’, …, and what Excel
# puts first): no French text in Windows-1252 holds these bytes side by side.
IN_UTF8 = re.compile(
    rb"\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xc2[\xa0\xab\xbb]|\xe2\x80[\x99\xa6]|\xef\xbb\xbf"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding it was read in, and what people should know of it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(name: str, data: bytes, encoding: str = "", what: str = "un tableau") -> Decoded:
    """UTF-8 or UTF-16 with their marks, UTF-8 without, else the Windows-1252 of old Excel.

    ``encoding`` (a key of `ENCODINGS`) is used instead of a guess. Raises `Invalid` where the
    file is not text in it.
    """
    if encoding:
        return _as_asked(name, data, encoding, what)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return Decoded(data.decode("utf-16"), "utf-16", ("Fichier lu en UTF-16.",))
        except UnicodeDecodeError:
            raise _not_text(name, what) from None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
        if "\0" in text.split("\n", 1)[0]:
            raise _not_text(name, what)
        return Decoded(text, "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        if any(byte in BINARY for byte in data[:65_536]):
            raise _not_text(name, what) from None
        _refuse_mixture(name, data, error.start)
    try:
        return Decoded(data.decode("cp1252"), "cp1252", (OTHER,))
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1", (OTHER,))


def _as_asked(name: str, data: bytes, encoding: str, what: str) -> Decoded:
    if encoding not in ENCODINGS:
        raise Invalid("Cet encodage n’est pas proposé.", f"Choisissez-en un autre. {NOTHING}")
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        raise Invalid(
            f"Le fichier « {name} » ne se lit pas en {ENCODINGS[encoding]}.",
            f"Choisissez un autre encodage. {NOTHING}",
        ) from None
    if "\0" in text.split("\n", 1)[0]:
        raise _not_text(name, what)
    return Decoded(text, encoding)


def _refuse_mixture(name: str, data: bytes, wrong: int) -> None:
    """Raise `Invalid` where a file is partly in UTF-8: its « é » would be kept as « Ã© ».

    ``wrong``: where the first byte that is not UTF-8 stands.
    """
    proper = IN_UTF8.search(data)
    if proper is None:
        return
    line, stray = (data.count(b"\n", 0, place) + 1 for place in (proper.start(), wrong))
    raise Invalid(
        f"Le fichier « {name} » mélange deux encodages : la ligne {line} est en UTF-8, "
        f"la ligne {stray} contient des lettres qui n’en sont pas.",
        f"Corrigez la ligne {stray} dans votre tableur, puis enregistrez à nouveau le fichier "
        f"au format CSV (UTF-8). {NOTHING}",
    )


def _not_text(name: str, what: str) -> Invalid:
    return Invalid(
        f"Le fichier « {name} » n’est pas {what} de texte.",
        "Ouvrez-le dans le logiciel qui l’a fait et enregistrez-le au format CSV (UTF-8) ou "
        f"texte (UTF-8). {NOTHING}",
    )


def separator_of(text: str) -> str:
    """The separator that cuts the header in most cells; the comma where none does."""
    header = text.split("\n", 1)[0]
    return max(SEPARATORS, key=lambda mark: (header.count(mark), -SEPARATORS.index(mark)))


def rows(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a CSV; raises `Invalid` with the line where it cannot be read."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid(
                f"La ligne {line} du fichier n’a pas pu être lue : un guillemet n’est pas "
                "refermé, ou une case est démesurée.",
                f"Corrigez cette ligne. {NOTHING}",
            ) from None
