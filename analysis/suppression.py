"""Which counts may be shown so that no small count can be worked out from those that are.

Two guards. In one line of a table (`hidden`), the cells below the threshold are masked, then
others until what is masked together leaves each masked cell a wide enough range. Over several
tables of the same people (`Released`), a count is let out only if no small count becomes a sum or
a difference of what is out: an exact test, by elimination, however many tables are put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

Atoms = frozenset[int]
_PRIME = 2_147_483_629  # below 2³¹: a product of two remainders fits in 64 bits


def hidden(
    counts: Sequence[int],
    threshold: int,
    caps: Sequence[int] | None = None,
    also: Collection[int] = (),
) -> frozenset[int]:
    """Ranks of the cells to mask in a line whose sum is public.

    Cells below ``threshold`` (zeros too) and those masked ``also`` for another reason, then the
    smallest others, until every masked cell could hold at least ``threshold`` + 1 different values.
    ``caps`` are the most that each cell may hold.
    """
    masked = {rank for rank, count in enumerate(counts) if count < threshold or rank in also}
    if not masked:
        return frozenset()
    most = list(caps) if caps is not None else [sum(counts)] * len(counts)
    others = sorted(set(range(len(counts))) - masked, key=lambda rank: (counts[rank], rank))
    for rank in others:
        if _wide(counts, masked, most, threshold):
            break
        masked.add(rank)
    return frozenset(masked)


def closed(
    tables: Sequence[Sequence[int]],
    lines: Sequence[Sequence[int]],
    threshold: int,
    masked: Collection[int],
) -> frozenset[int]:
    """Ranks to mask in all ``tables`` alike, ``masked`` included; each line has a public sum."""
    found, before = set(masked), -1
    while before < len(found):
        before = len(found)
        for counts, line in product(tables, lines):
            also = [place for place, rank in enumerate(line) if rank in found]
            hides = hidden([counts[rank] for rank in line], threshold, also=also)
            found |= {line[place] for place in hides}
    return frozenset(found)


def _wide(counts: Sequence[int], masked: Collection[int], most: Sequence[int], width: int) -> bool:
    """Whether each masked cell, known only by their sum, keeps a range of ``width`` or more."""
    total = sum(counts[rank] for rank in masked)
    room = sum(min(most[rank], total) for rank in masked)
    for rank in masked:
        mine = min(most[rank], total)
        if mine - max(0, total - (room - mine)) < width:
            return False
    return len(masked) > 1


class Watched:
    """Groups of atoms of which no small count may be worked out; the public whole is left out."""

    def __init__(self, atoms: int, groups: Iterable[Atoms]) -> None:
        import numpy as np  # heavy: only when an analysis runs

        kept = [group for group in groups if 0 < len(group) < atoms]
        self.lines = np.zeros((len(kept), atoms), dtype=np.int64)
        for rank, group in enumerate(kept):
            self.lines[rank, list(group)] = 1


class Released:
    """What was let out so far of people cut into atoms; the number of them all is public.

    ``groups`` gives the number of people in each atom, for each group of columns shown together.
    """

    def __init__(self, watched: Watched, groups: Sequence[Sequence[int]], threshold: int) -> None:
        import numpy as np  # heavy: only when an analysis runs

        atoms = watched.lines.shape[1]
        self._threshold = threshold
        self._groups = np.array(groups, dtype=np.int64).reshape(len(groups), atoms)
        small = (watched.lines @ self._groups.T < threshold).any(axis=1)
        self._basis: list[tuple[int, NDArray[Any]]] = []
        self._left = watched.lines[small]
        self._know(0, np.ones(atoms, dtype=np.int64))

    def let_out(self, group: Atoms) -> bool:
        """Show the counts of these atoms, unless a count below the threshold would follow."""
        import numpy as np  # heavy: only when an analysis runs

        atoms = sorted(group)
        if (self._groups[:, atoms].sum(axis=1) < self._threshold).any():
            return False
        line = np.zeros(self._groups.shape[1], dtype=np.int64)
        line[atoms] = 1
        for pivot, known in self._basis:
            line = (line - line[pivot] * known) % _PRIME
        if not line.any():
            return True
        pivot = int(line.nonzero()[0][0])
        return self._know(pivot, line * pow(int(line[pivot]), -1, _PRIME) % _PRIME)

    def let_out_all(
        self,
        groups: Sequence[Atoms],
        lines: Sequence[Sequence[int]],
        masked: Collection[int] = (),
    ) -> frozenset[int]:
        """Show as many of these groups as can be together; returns their ranks.

        ``lines`` are ranks of groups that make a whole whose count is out: what stays masked in
        one is never a small sum. Those ``masked`` stay so.
        """
        tables = [[int(counts[sorted(group)].sum()) for group in groups] for counts in self._groups]
        basis, left = list(self._basis), self._left.copy()
        hides = closed(tables, lines, self._threshold, masked)
        while True:
            shown = [rank for rank in range(len(groups)) if rank not in hides]
            refused = {rank for rank in shown if not self.let_out(groups[rank])}
            if not refused:
                return frozenset(shown)
            self._basis, self._left = list(basis), left.copy()
            hides = closed(tables, lines, self._threshold, hides | refused)

    def _know(self, pivot: int, line: NDArray[Any]) -> bool:
        """Add a line to what is known, unless a watched group would then be known entirely."""
        touched = self._left[:, pivot].nonzero()[0]
        after = self._left[touched]
        after = (after - after[:, [pivot]] * line) % _PRIME
        if not after.any(axis=1).all():
            return False
        self._left[touched] = after
        self._basis.append((pivot, line))
        return True
