"""One division of Reinert's classification: two sides of segments that share the fewest terms.

The segments are put in order along the first axis of the correspondence analysis of the binary
matrix, cut where the χ² of the table (two sides by terms) is highest, then moved one by one while
that χ² grows (Reinert 1983, 1990). With u the segments of the first side that hold a term, c those
of both sides, r the sum of u and N the sum of c:

    χ² = N (N S - r²) / (r (N - r)), where S is the sum of u² / c

so that moving segments changes only S and r: every gain is worked out at once, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_SEED = 1983
_STEPS = 40  # vectors held while the first axis is looked for
_ROUNDS = 25
_FEW = 64  # lines: up to there every cut of the axis is corrected, not only the best one
_CLOSE = 1e-9  # below it, a difference is rounding: coordinates, eigenvalues, shares of a χ²


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A division: ``first`` tells the segments of the first side.

    ``chi2`` is that of the table of the two sides by terms, ``mass`` the sum of that table
    (``chi2 / mass`` is its inertia); ``along`` is the χ² before segments were moved.
    """

    first: Flags
    chi2: float
    mass: float
    along: float


def divide(matrix: Any) -> Cut | None:
    """The division of a binary csr matrix without empty line or column; None when nothing divides.

    No single move of a segment to the other side raises the χ² of what is returned. With few lines
    moves can stop early, on a small hill: all cuts of the axis are then tried as a start.
    """
    if min(matrix.shape) < 2:
        return None
    found = axis(matrix)
    if found is None:
        return None
    start, along = best_cut(matrix, found)
    first, chi2 = corrected(matrix, start)
    if len(found) <= _FEW:
        for other in _every_cut(found):
            moved, higher = corrected(matrix, other)
            if higher > chi2 * (1 + _CLOSE):
                first, chi2 = moved, higher
    return Cut(first, chi2, float(matrix.nnz), along)


def _every_cut(coordinates: Floats) -> Iterator[Flags]:
    import numpy as np

    order = np.argsort(coordinates, kind="stable")
    place = np.argsort(order)
    for rank in range(len(order) - 1):
        yield place <= rank


def axis(matrix: Any) -> Floats | None:
    """Coordinates of the lines on the first axis, up to scale; None when all lines are alike."""
    import numpy as np

    lines = np.diff(matrix.indptr).astype(np.float64)
    totals = _totals(matrix)
    scale = 1 / np.sqrt(totals)
    trivial = np.sqrt(totals / totals.sum())
    turned = matrix.T

    def times(vector: Floats) -> Floats:
        seen: Floats = scale * (turned @ ((matrix @ (scale * vector)) / lines))
        seen -= trivial * (trivial @ vector)
        return seen

    inertia, vector = _leading(times, len(totals))
    if inertia < _CLOSE:
        return None
    coordinates: Floats = (matrix @ (scale * vector)) / lines
    if (lines * coordinates**3).sum() < 0:  # an axis has no side of its own: long tail on the right
        coordinates *= -1
    return coordinates


def _leading(times: Any, size: int) -> tuple[float, Floats]:
    """Highest eigenvalue and vector of a positive operator, by restarted Lanczos steps."""
    import numpy as np
    from scipy.linalg import eigh_tridiagonal

    vector = np.random.default_rng(_SEED).standard_normal(size)
    vector /= np.linalg.norm(vector)
    highest = 0.0
    for _ in range(_ROUNDS):
        basis = np.zeros((min(_STEPS, size), size))
        diagonal, beside = [], []
        for step in range(len(basis)):
            basis[step] = vector
            seen = times(vector)
            diagonal.append(float(vector @ seen))
            for _again in range(2):  # once leaves rounding that grows
                seen -= basis[: step + 1].T @ (basis[: step + 1] @ seen)
            left = float(np.linalg.norm(seen))
            beside.append(left)
            if left < 1e-13:
                break
            vector = seen / left
        values, vectors = eigh_tridiagonal(np.array(diagonal), np.array(beside[:-1]))
        highest, weights = float(values[-1]), vectors[:, -1]
        vector = basis[: len(diagonal)].T @ weights
        vector /= np.linalg.norm(vector)
        if beside[-1] * abs(weights[-1]) <= _CLOSE * max(highest, _CLOSE):
            break
    return highest, vector


def chi2_of(matrix: Any, first: Flags) -> float:
    """χ² of the table of two sides by terms; 0 when a side holds nothing."""
    totals = _totals(matrix)
    inside = first.astype(totals.dtype) @ matrix
    return float(_chi2((inside**2 / totals).sum(), inside.sum(), totals.sum()))


def _totals(matrix: Any) -> Floats:
    import numpy as np

    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float64)


def _chi2(squares: Any, mass: Any, total: float) -> Any:
    """The formula above, for one division or for many at once."""
    import numpy as np

    sides = mass * (total - mass)
    safe = np.where(sides > 0, sides, 1.0)
    return np.where(sides > 0, total * (total * squares - mass**2) / safe, 0.0)


def best_cut(matrix: Any, coordinates: Floats) -> tuple[Flags, float]:
    """The cut along the axis with the highest χ², and that χ²: one pass, all cuts tried.

    Lines at the same place on the axis stay together.
    """
    import numpy as np

    order = np.argsort(coordinates, kind="stable")
    totals = _totals(matrix)
    signs = np.ones(len(order))
    squares, mass = _along(matrix[order], signs, np.zeros(len(totals)), totals)
    chi2 = _chi2(squares, mass, totals.sum())[:-1]
    placed = coordinates[order]
    chi2[np.diff(placed) <= _CLOSE * np.abs(placed).max()] = -1.0
    rank = int(np.argmax(chi2))
    first = np.zeros(len(order), dtype=bool)
    first[order[: rank + 1]] = True
    return first, float(chi2[rank])


def _along(moved: Any, signs: Floats, inside: Floats, totals: Floats) -> tuple[Floats, Floats]:
    """What S and r have gained after each move, when these lines move one after the other.

    ``signs`` is 1 for a line that enters the first side, -1 for one that leaves it.
    """
    import numpy as np

    by_term = moved.tocsc()  # within a column, the lines stay in the order of the moves
    sign = signs[by_term.indices]
    term = np.repeat(np.arange(len(totals)), np.diff(by_term.indptr))
    run = np.cumsum(sign)
    before = np.concatenate(([0.0], run))[by_term.indptr[:-1]]
    held = inside[term] + run - sign - before[term]
    change = (2 * sign * held + 1) / totals[term]
    squares = np.bincount(by_term.indices, change, minlength=moved.shape[0])
    return np.cumsum(squares), np.cumsum(signs * np.diff(moved.indptr))


def corrected(matrix: Any, first: Flags) -> tuple[Flags, float]:
    """Move segments one by one while χ² grows; the sides and their χ², which no move raises.

    Each round works out the gain of every single move, tries those that gain one after the other
    (best first, each seen after those before it) and keeps the stretch that takes χ² highest.
    """
    import numpy as np

    side = first.copy()
    totals = _totals(matrix)
    total = totals.sum()
    lines = np.diff(matrix.indptr)
    shares = matrix @ (1 / totals)
    while True:
        inside = side.astype(np.float64) @ matrix
        squares, mass = (inside**2 / totals).sum(), inside.sum()
        now = float(_chi2(squares, mass, total))
        signs = np.where(side, -1.0, 1.0)
        step = 2 * signs * (matrix @ (inside / totals)) + shares
        gains = _chi2(squares + step, mass + signs * lines, total) - now
        tried = np.flatnonzero(gains > _CLOSE * max(now, 1.0))
        if not len(tried):
            return side, now
        tried = tried[np.argsort(-gains[tried], kind="stable")]
        more, heavier = _along(matrix[tried], signs[tried], inside, totals)
        after = _chi2(squares + more, mass + heavier, total)
        kept = tried[: int(np.argmax(after)) + 1]
        side[kept] = ~side[kept]
