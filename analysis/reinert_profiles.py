"""What tells a class from the others: its terms, its passages, the groups it leans to.

The χ² of a term and a class is that of the table (in the class or not, term present or not) over
the classified segments, with a minus sign when the term is rarer there. It ranks; it tests nothing:
the people heard were not drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Arrays of classes by terms: segments of the class that hold the term, and signed χ².

    ``overall`` are the classified segments that hold each term, ``sizes`` those of each class.
    """

    inside: Floats
    chi2: Floats
    overall: Floats
    sizes: Floats


def profiles(matrix: Any, labels: Any, classes: int) -> Profiles:
    """The profile of each class, numbered from 1 in ``labels`` (0 for segments in none)."""
    import numpy as np
    from scipy.sparse import csr_matrix

    rows = np.flatnonzero(labels)
    cells = (np.ones(len(rows)), (np.asarray(labels)[rows] - 1, rows))
    member = csr_matrix(cells, shape=(classes, matrix.shape[0]))
    inside = (member @ matrix).toarray()
    sizes = np.asarray(member.sum(axis=1)).ravel()
    overall = inside.sum(axis=0)
    return Profiles(inside, signed(inside, sizes[:, None], overall, sizes.sum()), overall, sizes)


def signed(both: Any, one: Any, other: Any, total: float) -> Floats:
    """χ² of 2 × 2 tables, negative when ``both`` is below what ``one`` and ``other`` would give.

    0 where the table has an empty line or column.
    """
    import numpy as np

    both, one, other = (np.asarray(each, np.float64) for each in (both, one, other))
    tilt = both * total - one * other
    spread = one * (total - one) * other * (total - other)
    found: Floats = np.where(
        spread > 0, np.sign(tilt) * total * tilt**2 / np.where(spread > 0, spread, 1.0), 0.0
    )
    return found


def strongest(scores: Floats, most: int) -> list[int]:
    """Ranks of the highest scores above 0, the highest first; equal ones in their order."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")[:most]
    return [int(rank) for rank in order if scores[rank] > 0]


def typical(
    matrix: Any, rows: Any, chi2: Floats, owners: Sequence[str], most: int
) -> list[tuple[int, float]]:
    """The ``rows`` whose terms have the highest sum of signed χ², one a testimony at most."""
    scores = matrix[rows] @ chi2
    found: dict[str, tuple[int, float]] = {}
    for rank in strongest(scores, len(rows)):
        row = int(rows[rank])
        found.setdefault(owners[row], (row, float(scores[rank])))
        if len(found) == most:
            break
    return list(found.values())


def heard(matrix: Any, rows: Any, owners: Sequence[str]) -> tuple[int, Any]:
    """How many testimonies these rows come from, and how many of them hold each term."""
    import numpy as np
    from scipy.sparse import csr_matrix

    number: dict[str, int] = {}
    places = [number.setdefault(owners[int(row)], len(number)) for row in rows]
    cells = (np.ones(len(places)), (places, np.arange(len(places))))
    member = csr_matrix(cells, shape=(len(number), len(places)))
    held = (member @ matrix[rows]).tocsc()
    return len(number), np.diff(held.indptr)
