"""Reinert's double classification: what two classifications, of shorter and longer units, share.

Consecutive segments of a testimony are put together until they hold enough different terms, once
with each of two sizes. Every class of one tree is crossed with every class of the other (1983,
1990); each crossing is weighed by the χ² of the table (in one class or not, in the other or not).
Kept: the crossings without a common segment whose χ² add up highest. A segment in none of them is
unclassified: the two classifications do not agree on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.reinert_profiles import signed
from analysis.reinert_tree import Descent, descend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ranks = NDArray[np.intp]

SIZES = (10, 15)  # different terms in a unit: the usual pair
_WIDTH = 200  # unfinished choices kept at each step of the search


class Crossing(NamedTuple):
    """Places shared by a class of each tree (``cells``, one bit a place), and their weight."""

    chi2: float
    segments: int
    cells: int


@dataclass(frozen=True, slots=True, eq=False)
class Double:
    """The class of each row from 1 (the largest), 0 for none, and the two descents."""

    labels: Ranks
    classes: int
    descents: tuple[Descent, Descent]


def double(
    matrix: Any,
    owners: Sequence[str],
    most: int,
    smallest: int = 1,
    sizes: tuple[int, int] = SIZES,
) -> Double:
    """Cross two classifications of a binary csr matrix whose row i belongs to ``owners[i]``."""
    first, one = _classified(matrix, owners, most, smallest, sizes[0])
    second, other = _classified(matrix, owners, most, smallest, sizes[1])
    ends, place, counts = _places(one, other)
    found = crossings(ends, counts, (_below(first), _below(second)), smallest)
    chosen = sorted(choose(found, most), key=lambda each: (-each.segments, each.cells))
    return Double(_labels(chosen, place), len(chosen), (first, second))


def units(matrix: Any, owners: Sequence[str], size: int) -> Ranks:
    """The unit of each row: consecutive rows of an owner, until ``size`` different terms.

    What is left at the end of an owner's rows joins its unit before, if there is one.
    """
    import numpy as np

    given = np.zeros(len(owners), dtype=np.intp)
    unit, earliest, begun, held = -1, 0, 0, set[int]()
    for row, owner in enumerate(owners):
        new = row == 0 or owner != owners[row - 1]
        if new:
            earliest = unit + 1
        if new or len(held) >= size:
            unit, begun, held = unit + 1, row, set()
        given[row] = unit
        held.update(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist())
        last = row + 1 == len(owners) or owners[row + 1] != owner
        if last and len(held) < size and unit > earliest:
            unit -= 1
            given[begun : row + 1] = unit
    return given


def _classified(
    matrix: Any, owners: Sequence[str], most: int, smallest: int, size: int
) -> tuple[Descent, Ranks]:
    """The descent of the units, and for each row the class where its unit ended (-1: none)."""
    import numpy as np
    from scipy.sparse import csr_matrix

    unit = units(matrix, owners, size)
    cells = (np.ones(len(unit)), (unit, np.arange(len(unit))))
    grouped = csr_matrix(cells, shape=(int(unit.max(initial=-1)) + 1, len(unit))) @ matrix
    grouped.sort_indices()
    grouped.data[:] = 1.0
    descent = descend(grouped, most, smallest)
    ends = np.full(grouped.shape[0], -1)
    for number, each in enumerate(descent.root.all()):
        ends[each.rows] = number
    return descent, ends[unit]


def _below(descent: Descent) -> list[frozenset[int]]:
    """For each class but the root, the numbers of the classes it holds, itself included."""
    number = {id(each): rank for rank, each in enumerate(descent.root.all())}
    below = [frozenset(number[id(part)] for part in each.all()) for each in descent.root.all()]
    return below[1:]


def _places(one: Ranks, other: Ranks) -> tuple[list[tuple[int, int]], Ranks, list[int]]:
    """The pairs of ends that rows have, which pair each row has, and how many have each."""
    import numpy as np

    pairs, place, counts = np.unique(
        np.stack((one, other), axis=1), axis=0, return_inverse=True, return_counts=True
    )
    ends = [(int(first), int(second)) for first, second in pairs]
    return ends, np.asarray(place).ravel(), [int(count) for count in counts]


def crossings(
    ends: Sequence[tuple[int, int]],
    counts: Sequence[int],
    below: tuple[Sequence[frozenset[int]], Sequence[frozenset[int]]],
    smallest: int,
) -> list[Crossing]:
    """The crossings of ``smallest`` segments or more, the strongest first; each set once."""
    total = sum(counts)
    found: dict[int, Crossing] = {}
    for first in below[0]:
        for second in below[1]:
            shared = [rank for rank, (a, b) in enumerate(ends) if a in first and b in second]
            both = sum(counts[rank] for rank in shared)
            one = sum(count for (a, _), count in zip(ends, counts, strict=True) if a in first)
            other = sum(count for (_, b), count in zip(ends, counts, strict=True) if b in second)
            chi2 = float(signed(both, one, other, total))
            cells = sum(1 << rank for rank in shared)
            if both < max(1, smallest) or chi2 <= 0:
                continue
            if cells not in found or found[cells].chi2 < chi2:
                found[cells] = Crossing(chi2, both, cells)
    return sorted(found.values(), key=lambda each: (-each.chi2, -each.segments, each.cells))


def choose(found: Sequence[Crossing], most: int) -> tuple[Crossing, ...]:
    """At most ``most`` crossings without a common segment, with the highest sum of χ².

    A search by steps that keeps the best `_WIDTH` choices: exact when there are few crossings.
    """
    best: tuple[float, int, tuple[int, ...]] = (0.0, 0, ())
    going: list[tuple[float, int, tuple[int, ...], int]] = [(0.0, 0, (), 0)]
    for _ in range(most):
        grown = [
            (score + each.chi2, held + each.segments, (*ranks, rank), cells | each.cells)
            for score, held, ranks, cells in going
            for rank, each in enumerate(found)
            if (not ranks or rank > ranks[-1]) and not cells & each.cells
        ]
        going = sorted(grown, key=lambda state: (-state[0], -state[1], state[2]))[:_WIDTH]
        if not going:
            break
        if going[0][:2] > best[:2]:
            best = going[0][:3]
    return tuple(found[rank] for rank in best[2])


def _labels(chosen: Sequence[Crossing], place: Ranks) -> Ranks:
    import numpy as np

    given = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.intp)
    for number, each in enumerate(chosen, start=1):
        given[[rank for rank in range(len(given)) if each.cells >> rank & 1]] = number
    return given[place]
