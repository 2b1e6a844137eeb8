"""Correspondence analysis: which terms and which parts of a table go together, on a few axes.

Benzécri, *L'analyse des données* (1973); notations of Greenacre, *Correspondence Analysis in
Practice* (2017): the standardised residuals of the table are cut by singular values. Nothing is
tested: people met by chance are no sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

MOST_CELLS = 20_000_000
_NOTHING = 1e-14  # an inertia below is only rounding
UNSAID = (
    "Deux points proches ont des profils qui se ressemblent : des mots dits dans les mêmes "
    "parties, ou des parties qui disent les mêmes mots. La distance entre un mot et une partie ne "
    "se mesure pas. La part de l'inertie dit combien de l'écart à l'équilibre tient sur l'axe, et "
    "non une part des personnes. Un point mal représenté peut paraître proche par hasard."
)


class CorrespondenceError(ValueError):
    """The table has no plane; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Axis:
    """``share``: of the total inertia, from 0 to 1."""

    eigenvalue: float
    share: float


@dataclass(frozen=True, slots=True)
class Point:
    """A term or a part. ``coordinates`` are principal; one value for each axis in each tuple.

    ``contributions``: its share of the inertia of the axis. ``cos2``: the share of its own
    distance to the centre that the axis shows (all 0 for a point at the centre).
    """

    label: str
    kind: Literal["row", "column"]
    count: int
    mass: float
    inertia: float
    coordinates: tuple[float, ...]
    contributions: tuple[float, ...]
    cos2: tuple[float, ...]

    def quality(self, axes: int = 2) -> float:
        """How much of its distance to the centre the first ``axes`` show, from 0 to 1."""
        return sum(self.cos2[:axes])


@dataclass(frozen=True, slots=True)
class Plane:
    """``inertia`` is χ²/N; the axes are all those that bear some, the widest first."""

    total: int
    inertia: float
    axes: tuple[Axis, ...]
    rows: tuple[Point, ...]
    columns: tuple[Point, ...]
    rows_left_out: tuple[str, ...] = ()
    columns_left_out: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """What was left out, in French; empty when nothing was."""
        names = (*self.rows_left_out, *self.columns_left_out)
        if not names:
            return ""
        more = f" et {len(names) - 8} autres" if len(names) > 8 else ""
        return f"Laissés de côté, car jamais comptés : {', '.join(names[:8])}{more}."


def correspondence(
    terms: Sequence[str], parts: Sequence[str], counts: Sequence[Sequence[int]] | Array
) -> Plane:
    """The plane of a table of counts: ``terms`` in lines, ``parts`` in columns.

    Lines and columns without any count are left out, and named. ``CorrespondenceError`` when
    fewer than two lines or two columns are left.
    """
    import numpy as np  # heavy: only when an analysis runs

    table = _checked(np.asarray(counts, dtype=np.float64).reshape(len(terms), len(parts)))
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    kept = table[rows][:, columns]
    if min(kept.shape) < 2:
        raise CorrespondenceError(
            "Il faut au moins deux termes et deux parties qui ne soient pas vides pour un plan."
        )
    names = [term for term, keep in zip(terms, rows, strict=True) if keep]
    groups = [part for part, keep in zip(parts, columns, strict=True) if keep]
    total = kept.sum()
    masses = kept.sum(axis=1) / total, kept.sum(axis=0) / total
    residuals = _residuals(kept / total, *masses)
    left, values, right = _axes(residuals, names, groups)
    inertia = float((residuals**2).sum())
    points = (
        _points("row", names, kept.sum(axis=1), masses[0], left, values, residuals),
        _points("column", groups, kept.sum(axis=0), masses[1], right, values, residuals.T),
    )
    return Plane(
        total=round(float(total)),
        inertia=inertia,
        axes=tuple(Axis(float(value), float(value) / inertia) for value in values**2),
        rows=points[0],
        columns=points[1],
        rows_left_out=tuple(term for term, keep in zip(terms, rows, strict=True) if not keep),
        columns_left_out=tuple(part for part, keep in zip(parts, columns, strict=True) if not keep),
    )


def _checked(table: Array) -> Array:
    """A table that can be placed: not too large, counts and nothing else."""
    import numpy as np

    if table.size > MOST_CELLS:
        raise CorrespondenceError("Le tableau est trop grand : gardez les termes les plus dits.")
    if table.size and not (np.isfinite(table).all() and (table >= 0).all()):
        raise CorrespondenceError("Le tableau contient autre chose que des nombres de fois.")
    return table


def _residuals(shares: Array, rows: Array, columns: Array) -> Array:
    """(p - r c) / √(r c): their squares sum to χ²/N."""
    import numpy as np

    expected = np.outer(rows, columns)
    found: Array = (shares - expected) / np.sqrt(expected)
    return found


def _axes(
    residuals: Array, names: Sequence[str], groups: Sequence[str]
) -> tuple[Array, Array, Array]:
    """Singular vectors (rows, columns) and values; the heaviest column of an axis is positive."""
    import numpy as np

    tall = residuals.shape[0] >= residuals.shape[1]
    short = residuals if tall else residuals.T  # the same axes, whichever side is given as lines
    left, values, right = np.linalg.svd(short, full_matrices=False)
    kept = values**2 > _NOTHING
    left, values, right = left[:, kept], values[kept], right[kept].T
    ordered = groups if tall else names
    for axis in range(len(values)):
        weights = np.round(np.abs(right[:, axis]), 9)
        leader = min(range(len(ordered)), key=lambda rank: (-weights[rank], ordered[rank]))
        if right[leader, axis] < 0:
            left[:, axis], right[:, axis] = -left[:, axis], -right[:, axis]
    return (left, values, right) if tall else (right, values, left)


def _points(
    kind: Literal["row", "column"],
    labels: Sequence[str],
    counts: Array,
    masses: Array,
    vectors: Array,
    values: Array,
    residuals: Array,
) -> tuple[Point, ...]:
    import numpy as np

    coordinates = vectors * values / np.sqrt(masses)[:, None]
    contributions = vectors**2
    inertias = (residuals**2).sum(axis=1)
    own = (vectors * values) ** 2
    shown = own.sum(axis=1, keepdims=True)
    cos2 = np.divide(own, shown, out=np.zeros_like(own), where=shown > _NOTHING * 1e-6)
    return tuple(
        Point(label, kind, round(count), mass, inertia, tuple(where), tuple(given), tuple(seen))
        for label, count, mass, inertia, where, given, seen in zip(
            labels,
            counts.tolist(),
            masses.tolist(),
            inertias.tolist(),
            coordinates.tolist(),
            contributions.tolist(),
            cos2.tolist(),
            strict=True,
        )
    )
