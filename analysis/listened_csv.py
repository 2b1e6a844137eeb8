"""Reference figures of a neighbourhood (INSEE's, say) read from a table, each with its source.

Columns: indicateur, source, annee, perimetre, groupe, and part (in percent) or effectif. An
optional column « reponses » names the answers of the questionnaire that make a group.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.codebook import fold
from analysis.csv_text import decoded

MOST_LINES = 10_000
LONGEST_CELL = 300
_NEEDED = ("indicateur", "source", "annee", "perimetre", "groupe")
_NAMES = {
    "millesime": "annee",
    "code": "perimetre",
    "quartier": "perimetre",
    "pourcentage": "part",
    "nombre": "effectif",
}
_SECRET = {"s", "ns", "nd", "nc", "na", "n/a", "secret"}  # how statisticians write « not told »
_TOTAL = {"ensemble", "total", "population"}
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_ALL = 101  # rounded shares may add up to a little more than 100


class FiguresError(ValueError):
    """The table cannot be read; the message names the line, in French."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A group in a perimeter. ``share`` is in percent; None where the source does not tell it.

    ``answers`` are those of the questionnaire that make the group, where the table names them.
    """

    indicator: str
    source: str
    year: int
    perimeter: str
    group: str
    share: float | None = None
    count: int | None = None
    answers: tuple[str, ...] = ()
    line: int = 0

    @property
    def block(self) -> tuple[str, str, int, str]:
        """What its share is a share of."""
        return (fold(self.indicator), self.source, self.year, self.perimeter)


def read_reference(data: bytes) -> tuple[Reference, ...]:
    """The groups of the table, in its order; the lines « Ensemble » only serve as totals.

    UTF-8 or Windows, with or without a byte-order mark; « ; », « , » or tabs; decimal comma or
    point. Shares are worked out where only numbers of people are given. ``FiguresError`` names
    the line of a missing or impossible figure, of a group written twice.
    """
    found = [_reference(number, cells) for number, cells in _lines(data)]
    if not found:
        raise FiguresError("Ligne 2 : le tableau n'a aucun chiffre.")
    blocks: dict[tuple[str, str, int, str], dict[str, Reference]] = {}
    for row in found:
        block = blocks.setdefault(row.block, {})
        group = fold(row.group)
        if group in block:
            raise FiguresError(
                f"Ligne {row.line} : le groupe « {row.group} » est déjà à la ligne "
                f"{block[group].line}."
            )
        block[group] = row
    shared = {row.line: row for block in blocks.values() for row in _shared(block)}
    return tuple(shared[row.line] for row in found if row.line in shared)


def _shared(block: dict[str, Reference]) -> Iterator[Reference]:
    """The groups of a block without its total, each with its share."""
    groups = [row for name, row in block.items() if name not in _TOTAL]
    given = [row.share is not None for row in groups]
    counted = [row for row in groups if row.share is None and row.count is not None]
    if any(given) and counted:
        raise FiguresError(
            f"Ligne {counted[0].line} : « {counted[0].indicator} » mêle des parts et des "
            "effectifs. Donnez la même chose pour tous les groupes."
        )
    total = sum(row.share or 0 for row in groups)
    if total > _ALL:
        raise FiguresError(
            f"Ligne {groups[-1].line} : les parts de « {groups[-1].indicator} » font "
            f"{total:.0f} %, plus que l'ensemble."
        )
    whole = next((row.count for name, row in block.items() if name in _TOTAL and row.count), None)
    known = sum(row.count or 0 for row in groups)
    if whole is not None and known > whole:
        raise FiguresError(
            f"Ligne {groups[-1].line} : les groupes de « {groups[-1].indicator} » comptent "
            "plus de personnes que l'ensemble."
        )
    if whole is None and all(row.count is not None for row in groups):
        whole = known
    for row in groups:
        if row.share is None and row.count is not None and whole:
            yield replace(row, share=100 * row.count / whole)
        else:
            yield row


def _reference(number: int, cells: dict[str, str]) -> Reference:
    empty = next((name for name in _NEEDED if not cells[name]), None)
    if empty is not None:
        raise FiguresError(f"Ligne {number} : la case « {empty} » est vide.")
    year = cells["annee"]
    if not re.fullmatch(r"(19|20)[0-9]{2}", year):
        raise FiguresError(f"Ligne {number} : « {year} » n'est pas une année.")
    part, people = cells["part"], cells["effectif"]
    if not part and not people:
        raise FiguresError(
            f"Ligne {number} : il manque la part ou l'effectif. Si la source ne le dit pas, "
            "écrivez « nd »."
        )
    answers = (item.strip() for item in re.split(r"[|+]", cells["reponses"]))
    return Reference(
        indicator=cells["indicateur"],
        source=cells["source"],
        year=int(year),
        perimeter=cells["perimetre"].upper(),
        group=cells["groupe"],
        share=_share(number, part),
        count=_count(number, people),
        answers=tuple(item for item in answers if item),
        line=number,
    )


def _share(number: int, cell: str) -> float | None:
    if not cell or fold(cell) in _SECRET:
        return None
    bare = _SPACES.sub("", cell).removesuffix("%").replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,12})?", bare) or float(bare) > 100:
        raise FiguresError(f"Ligne {number} : « {cell} » n'est pas une part entre 0 et 100.")
    return float(bare)


def _count(number: int, cell: str) -> int | None:
    if not cell or fold(cell) in _SECRET:
        return None
    bare = _SPACES.sub("", cell)
    if not re.fullmatch(r"[0-9]{1,9}", bare):
        raise FiguresError(f"Ligne {number} : « {cell} » n'est pas un nombre de personnes.")
    return int(bare)


def _lines(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that are not empty, each with its number in the file and its cells by name."""
    text = _text(data)
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    head: list[str] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if head:
                    yield number, _cells(number, head, row)
                else:
                    head = _head(number, row)
            number = reader.line_num + 1
            if number > MOST_LINES:
                raise FiguresError(f"Ligne {number} : le tableau est trop long.")
    except csv.Error as error:
        raise FiguresError(f"Ligne {number} : elle n'a pas pu être lue.") from error


def _head(number: int, row: list[str]) -> list[str]:
    bare = [fold(cell.strip()) for cell in row]
    head = [_NAMES.get(name, name) for name in bare]
    missing = [name for name in _NEEDED if name not in head]
    if not {"part", "effectif"} & set(head):
        missing.append("part » ou « effectif")
    if missing:
        raise FiguresError(f"Ligne {number} : il manque la colonne « {missing[0]} ».")
    double = next((name for name in head if name and head.count(name) > 1), None)
    if double is not None:
        raise FiguresError(f"Ligne {number} : la colonne « {double} » est écrite deux fois.")
    return head


def _cells(number: int, head: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(head):
        raise FiguresError(
            f"Ligne {number} : elle a {len(row)} cases, il en faut {len(head)}. Une virgule "
            "décimale entre des virgules demande des guillemets."
        )
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise FiguresError(f"Ligne {number} : une case est démesurée.")
    absent = dict.fromkeys(("part", "effectif", "reponses"), "")
    return absent | dict(zip(head, (cell.strip() for cell in row), strict=True))


def _text(data: bytes) -> str:
    text = decoded(data)
    if text is None:
        raise FiguresError("Ligne 1 : ce n'est pas un tableau de texte. Enregistrez-le en CSV.")
    return text
