"""Reinert's descending classification: the largest class is divided, until there are enough.

Before a side is divided in its turn, its terms are sorted out (Reinert 1983). A term stays on a
side when at least `FEWEST` of its segments hold it, unless it belongs to the other side: less
usual here than there, with a contingency coefficient over `BELONGS`. That coefficient, of the
table (side, term present or not), is the root of χ² / (χ² + segments).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.reinert_cut import Cut, divide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ranks = NDArray[np.intp]

FEWEST = 3
BELONGS = 0.3
_DIVISIONS = 4  # at most, for each class asked: tiny classes could be cut off without end


@dataclass(slots=True, eq=False)
class Class:
    """Segments (``rows`` of the matrix) and the terms (its columns) that may divide them.

    Once divided: its two ``parts``, with the ``chi2`` of the division. A segment that holds none
    of the terms left is in neither part.
    """

    rows: Ranks
    terms: Ranks
    parts: tuple[Class, ...] = ()
    chi2: float = 0.0
    whole: bool = False

    def all(self) -> Iterator[Class]:
        """This class and those made of it, from the top."""
        yield self
        for part in self.parts:
            yield from part.all()


@dataclass(frozen=True, slots=True)
class Division:
    """One division, in the order they were made: segments divided, on each side, set aside.

    ``chi2`` is that of the table (two sides by terms), ``inertia`` the same divided by the sum of
    the table, ``along_axis`` the χ² before segments were moved, ``terms`` the terms that counted.
    """

    number: int
    segments: int
    first: int
    second: int
    set_aside: int
    terms: int
    chi2: float
    inertia: float
    along_axis: float


@dataclass(slots=True)
class Descent:
    """The tree and its divisions; ``short`` when fewer classes than asked could be made."""

    root: Class
    divisions: list[Division] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    short: bool = False

    def labels(self, rows: int) -> Ranks:
        """The class of each row, from 1 (the largest); 0 for those in none."""
        import numpy as np

        given = np.zeros(rows, dtype=np.intp)
        for number, one in enumerate(self.classes, start=1):
            given[one.rows] = number
        return given


def descend(matrix: Any, most: int, smallest: int = 1) -> Descent:
    """Divide a binary csr matrix until ``most`` classes hold ``smallest`` segments or more.

    Smaller classes are left out of ``classes``: their segments belong to none.
    """
    import numpy as np

    held = np.flatnonzero(np.diff(matrix.indptr))
    terms = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    descent = Descent(Class(held, terms))
    leaves = [descent.root]
    while len(_large(leaves, smallest)) < most:
        able = [one for one in leaves if not one.whole and len(one.rows) >= 2 * smallest]
        if not able or len(descent.divisions) >= _DIVISIONS * most:
            descent.short = True
            break
        largest = max(able, key=lambda one: len(one.rows))
        if _split(matrix, largest, descent.divisions):
            leaves.remove(largest)
            leaves.extend(largest.parts)
    large = _large(leaves, smallest) if descent.divisions else []
    descent.classes = sorted(large, key=lambda one: (-len(one.rows), int(one.rows[0])))
    return descent


def _large(leaves: list[Class], smallest: int) -> list[Class]:
    return [one for one in leaves if len(one.rows) >= max(1, smallest)]


def _split(matrix: Any, one: Class, done: list[Division]) -> bool:
    """Divide this class in place, or mark it whole."""
    import numpy as np

    table = matrix[one.rows][:, one.terms]
    held = np.flatnonzero(np.diff(table.indptr))
    present = np.flatnonzero(np.bincount(table.indices, minlength=table.shape[1]))
    if len(held) < table.shape[0] or len(present) < table.shape[1]:
        table = table[held][:, present]
    found = divide(table)
    if found is None:
        one.whole = True
        return False
    rows, terms = one.rows[held], one.terms[present]
    sides = found.first, ~found.first
    stay = kept_terms(table, found)
    parts = [Class(rows[side], terms[kept]) for side, kept in zip(sides, stay, strict=True)]
    parts.sort(key=lambda part: -len(part.rows))
    one.parts, one.chi2 = tuple(parts), found.chi2
    sizes = len(parts[0].rows), len(parts[1].rows)
    aside = len(one.rows) - len(rows)
    inertia = found.chi2 / found.mass
    done.append(
        Division(
            len(done) + 1, len(one.rows), *sizes, aside, len(terms), found.chi2, inertia,
            found.along,
        )
    )  # fmt: skip
    return True


def kept_terms(table: Any, found: Cut) -> tuple[Any, Any]:
    """For each side, which columns may go on dividing it."""
    import numpy as np

    counts = np.bincount(table.indices, minlength=table.shape[1]).astype(np.float64)
    first = found.first.astype(np.float64) @ table
    second = counts - first
    segments, size = float(table.shape[0]), float(found.first.sum())
    tilt = first * (segments - size) - second * size
    spread = counts * (segments - counts) * size * (segments - size)
    chi2 = segments * tilt**2 / np.where(spread > 0, spread, 1.0)
    shared = np.sqrt(chi2 / (chi2 + segments)) <= BELONGS
    return (
        (shared | (tilt >= 0)) & (first >= FEWEST),
        (shared | (tilt <= 0)) & (second >= FEWEST),
    )
