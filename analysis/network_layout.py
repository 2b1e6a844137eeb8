"""Where the words of a network stand: always the same places for the same links.

Stress majorization (Gansner, Koren & North 2004) from a radial drawing of the tree; then labels
that would pile up are pushed apart. Nothing is left to chance.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LETTER, _AROUND, _HEIGHT = 0.011, 0.03, 0.045  # of the sides of the picture
_TURNS = 150
_PUSHES = 400


def layout(labels: Sequence[str], edges: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """A place in the unit square for each label; ``edges`` are pairs of ranks."""
    import numpy as np  # heavy: only when an analysis runs

    if not labels:
        return []
    start = np.array(_radial(len(labels), edges))
    placed = _fitted(_flat(_stress(start, _distances(len(labels), edges))))
    widths = np.array([min(0.4, len(label) * _LETTER + _AROUND) for label in labels])
    apart = _apart(placed, widths, np.full(len(labels), _HEIGHT))
    return [(round(float(x), 4), round(float(y), 4)) for x, y in apart]


def _radial(size: int, edges: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Each branch in its own slice of the circle, as wide as it is populous; no crossing."""
    near: list[list[int]] = [[] for _ in range(size)]
    for a, b in sorted(edges):
        near[a].append(b)
        near[b].append(a)
    parents = _parents(near)
    heavy = [1] * size
    for node in reversed(parents):
        if parents[node] >= 0:
            heavy[parents[node]] += heavy[node]
    slices = {-1: (0.0, 2 * pi)}
    free = {-1: 0.0}
    depth = {-1: 0}
    places = [(0.0, 0.0)] * size
    for node, parent in parents.items():
        low, high = slices[parent]
        share = (high - low) * heavy[node] / (heavy[parent] - 1 if parent >= 0 else size)
        begin = free[parent]
        free[parent] = begin + share
        slices[node], free[node] = (begin, begin + share), begin
        depth[node] = depth[parent] + 1
        middle = begin + share / 2
        places[node] = (depth[node] * cos(middle), depth[node] * sin(middle))
    return places


def _parents(near: Sequence[Sequence[int]]) -> dict[int, int]:
    """Each node after its parent, -1 for the first of each part: the one with most links."""
    parents: dict[int, int] = {}
    for root in sorted(range(len(near)), key=lambda node: (-len(near[node]), node)):
        if root in parents:
            continue
        parents[root] = -1
        waiting = deque([root])
        while waiting:
            node = waiting.popleft()
            for other in near[node]:
                if other not in parents:
                    parents[other] = node
                    waiting.append(other)
    return parents


def _distances(size: int, edges: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """Links from each node to each other; parts that no link joins are kept a little apart."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    ends = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(edges)), (ends[0], ends[1])), shape=(size, size))
    far: NDArray[Any] = shortest_path(graph.tocsr(), directed=False, unweighted=True)
    joined = np.isfinite(far)
    far[~joined] = far[joined].max() / 2 + 1.5
    return far


def _stress(places: NDArray[Any], wanted: NDArray[Any]) -> NDArray[Any]:
    """Places whose distances are as near to those wanted as turns allow, far ones counting less."""
    import numpy as np

    if len(places) < 3:
        return places
    apart = wanted + np.eye(len(wanted))
    weights = (1 - np.eye(len(wanted))) / apart**2
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(_TURNS):
        gaps = places[:, None, :] - places[None, :, :]
        real = np.maximum(np.sqrt((gaps**2).sum(axis=2)), 1e-9)
        pulls = -weights * wanted / real
        pulls -= np.diag(pulls.sum(axis=1))
        places = inverse @ (pulls @ places)
    return places


def _flat(places: NDArray[Any]) -> NDArray[Any]:
    """Turned so that the longest side lies across, the first word on the left and above."""
    import numpy as np

    centred = places - places.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: NDArray[Any] = centred @ axes[:, ::-1]
    return turned * np.where(turned[0] > 0, -1, 1)


def _fitted(places: NDArray[Any]) -> NDArray[Any]:
    """Stretched over the square, the margins left for labels."""
    import numpy as np

    low, high = places.min(axis=0), places.max(axis=0)
    room = np.where(high - low > 1e-9, high - low, 1)
    inside: NDArray[Any] = np.where(high - low > 1e-9, (places - low) / room, 0.5)
    return 0.08 + 0.84 * inside


def _apart(places: NDArray[Any], widths: NDArray[Any], heights: NDArray[Any]) -> NDArray[Any]:
    """Boxes pushed out of one another, by the shortest way, without leaving the square."""
    import numpy as np

    sides = np.stack([widths, heights], axis=1)
    room = (sides[:, None, :] + sides[None, :, :]) / 2 + 1e-4
    order = np.sign(np.arange(len(places))[:, None] - np.arange(len(places))[None, :])
    for _ in range(_PUSHES):
        gaps = places[:, None, :] - places[None, :, :]
        over = room - np.abs(gaps)
        clash = (over > 0).all(axis=2) & (order != 0)
        if not clash.any():
            break
        across = over[:, :, 0] < over[:, :, 1]
        way = np.where(gaps != 0, np.sign(gaps), order[:, :, None])
        push = np.where(np.stack([across, ~across], axis=2), over * way / 2, 0)
        moved = places + np.where(clash[:, :, None], push, 0).sum(axis=1)
        places = np.clip(moved, sides / 2, 1 - sides / 2)
    return places
