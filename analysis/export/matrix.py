"""How many times each testimony says each term, for R, Python or a class analysis made elsewhere.

The matrix is in MatrixMarket (NIST, coordinate integer general): a line for each count above 0,
rows and columns from 1. Row n is line n of the documents, column n is line n of the terms.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.corpus import Testimony
from analysis.export.sheets import Row
from analysis.export.tables import as_csv
from analysis.french import Token

LEAST = 2  # testimonies that say a term: what one alone says could point at somebody
MATRIX, TERMS, DOCUMENTS = "matrice.mtx", "termes.txt", "documents.csv"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same counts give the same bytes


@dataclass(frozen=True, slots=True)
class Counted:
    """Terms in alphabetical order; for each row, the columns (from 0) it counts, in order."""

    terms: tuple[str, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def cells(self) -> int:
        """How many counts are above 0."""
        return sum(map(len, self.rows))


def counted(testimonies: Sequence[Testimony], said: Mapping[str, Sequence[Token]]) -> Counted:
    """The terms that ``LEAST`` testimonies or more say, counted in each."""
    times = [
        Counter(" ".join(token.lemma.split()) for token in said.get(testimony.id, ()))
        for testimony in testimonies
    ]
    spread = Counter(term for row in times for term in row if term)
    terms = tuple(sorted(term for term, number in spread.items() if number >= LEAST))
    ranks = {term: rank for rank, term in enumerate(terms)}
    rows = tuple(
        tuple(sorted((ranks[term], number) for term, number in row.items() if term in ranks))
        for row in times
    )
    return Counted(terms, rows)


def market(table: Counted) -> str:
    """The counts as MatrixMarket."""
    lines = [
        "%%MatrixMarket matrix coordinate integer general",
        f"{len(table.rows)} {len(table.terms)} {table.cells}",
    ]
    for number, row in enumerate(table.rows, start=1):
        lines += [f"{number} {column + 1} {times}" for column, times in row]
    return "\n".join(lines) + "\n"


def packed(
    testimonies: Sequence[Testimony],
    said: Mapping[str, Sequence[Token]],
    variables: Mapping[str, Mapping[str, str]],
    other: str,
) -> bytes:
    """The zip of the matrix, its terms and its documents, with what ``variables`` say of these.

    ``other`` stands where a variable says nothing of a testimony.
    """
    table = counted(testimonies, said)
    rows: list[Row] = []
    for number, (testimony, row) in enumerate(zip(testimonies, table.rows, strict=True), start=1):
        told = [held.get(testimony.id, other) for held in variables.values()]
        rows.append((number, testimony.number, sum(times for _, times in row), *told))
    head = ("ligne", "témoignage", "mots comptés", *variables)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (MATRIX, market(table).encode()),
            (TERMS, "".join(f"{term}\n" for term in table.terms).encode()),
            (DOCUMENTS, as_csv(head, rows)),
        ):
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, content)
    return target.getvalue()
