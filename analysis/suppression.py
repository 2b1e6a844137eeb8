"""Which counts may be shown so that no small count can be worked out from those that are.

Two guards. In one line of a table (`hidden`), the cells below the threshold are masked, then others
until what is masked together leaves each masked cell a wide enough range. Over several tables of
the same people (`Released`), a count is let out only if no small count becomes a sum or a difference
of what is out: the test is exact, by elimination, whatever the number of tables put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

Atoms = frozenset[int]
_PRIME = 2_147_483_629  # below 2³¹: a product of two remainders fits in 64 bits


def hidden(
    counts: Sequence[int], threshold: int, caps: Sequence[int] | None = None
) -> frozenset[int]:
    """Ranks of the cells to mask in a line whose sum is public.

    Cells below ``threshold`` (zeros too), then the smallest others, until every masked cell could
    hold at least ``threshold`` + 1 different values. ``caps`` are the most that each cell may hold.
    """
    masked = {rank for rank, count in enumerate(counts) if count < threshold}
    if not masked:
        return frozenset()
    most = list(caps) if caps is not None else [sum(counts)] * len(counts)
    others = sorted(set(range(len(counts))) - masked, key=lambda rank: (counts[rank], rank))
    for rank in others:
        if _wide(counts, masked, most, threshold):
            break
        masked.add(rank)
    return frozenset(masked)


def _wide(counts: Sequence[int], masked: Collection[int], most: Sequence[int], width: int) -> bool:
    """Whether each masked cell, known only by their sum, keeps a range of ``width`` or more."""
    total = sum(counts[rank] for rank in masked)
    room = sum(min(most[rank], total) for rank in masked)
    for rank in masked:
        mine = min(most[rank], total)
        if mine - max(0, total - (room - mine)) < width:
            return False
    return len(masked) > 1


class Released:
    """What was let out so far of a set of people cut into ``atoms``; their whole is public.

    ``watched`` are the groups of atoms of which no small count may be worked out.
    """

    def __init__(self, atoms: int, watched: Iterable[Atoms], groups: Sequence[Sequence[int]]):
        self._atoms = atoms
        self._groups = groups
        self._watched = [group for group in watched if group and len(group) < atoms]
        self._basis: list[tuple[int, NDArray[Any]]] = []
        self._left: NDArray[Any] | None = None

    def smallest(self, group: Atoms) -> int:
        """The smallest count that these atoms have in any of the groups of people."""
        return min((sum(line[atom] for atom in group) for line in self._groups), default=0)

    def let_out(self, group: Atoms, threshold: int) -> bool:
        """Show the counts of these atoms, unless a count below the threshold would follow."""
        if self.smallest(group) < threshold:
            return False
        left = self._left if self._left is not None else self._start(threshold)
        line = self._reduced(self._vector(group))
        if not line.any():
            return True
        pivot, line = self._normal(line)
        after = (left - left[:, [pivot]] * line) % _PRIME
        if not after.any(axis=1).all():
            return False
        self._basis.append((pivot, line))
        self._left = after
        return True

    def _start(self, threshold: int) -> NDArray[Any]:
        """The small groups to watch, less what the public whole already says of them."""
        import numpy as np  # heavy: only when an analysis runs

        small = [group for group in self._watched if self.smallest(group) < threshold]
        lines = [self._vector(group) for group in small]
        left = np.array(lines, dtype=np.int64).reshape(len(lines), self._atoms)
        whole = np.ones(self._atoms, dtype=np.int64)
        self._basis.append((0, whole))
        self._left = (left - left[:, [0]] * whole) % _PRIME
        return self._left

    def _vector(self, group: Atoms) -> NDArray[Any]:
        import numpy as np  # heavy: only when an analysis runs

        line = np.zeros(self._atoms, dtype=np.int64)
        line[list(group)] = 1
        return line

    def _reduced(self, line: NDArray[Any]) -> NDArray[Any]:
        for pivot, known in self._basis:
            line = (line - line[pivot] * known) % _PRIME
        return line

    @staticmethod
    def _normal(line: NDArray[Any]) -> tuple[int, NDArray[Any]]:
        """The line made one at its first place that is not zero, and that place."""
        pivot = int(line.nonzero()[0][0])
        return pivot, (line * pow(int(line[pivot]), -1, _PRIME)) % _PRIME
