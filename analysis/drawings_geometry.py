"""The plane geometry of the pictures: hatching, dashes, the outlines of marks, boxes that touch.

Lengths are SVG pixels; y grows downwards. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, cos, floor, hypot, isfinite, pi, sin

Point = tuple[float, float]
Segment = tuple[Point, Point]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_TILTS: dict[str, tuple[float, ...]] = {
    "/": (pi / 4,),
    "\\": (-pi / 4,),
    "-": (0.0,),
    "|": (pi / 2,),
}
_TILTS |= {"x": (pi / 4, -pi / 4), "+": (0.0, pi / 2)}
# Corners and the angle of the first one, in turns of the clock from three hours.
_CORNERS = {
    "square": (4, pi / 4),
    "diamond": (4, 0.0),
    "triangle": (3, -pi / 2),
    "funnel": (3, pi / 2),
    "hexagon": (6, 0.0),
}
OUTLINES = ("circle", *_CORNERS)


def number(length: float) -> str:
    """A length as SVG writes it, to a tenth of a pixel; ValueError where it is none."""
    if not isfinite(length):
        raise ValueError("Une image ne peut pas montrer une valeur qui n'est pas un nombre.")
    return f"{round(length, 1) + 0.0:.1f}".removesuffix(".0")


def outline(kind: str, x: float, y: float, radius: float) -> tuple[Point, ...]:
    """The corners of a mark whose area is near that of a disc; a circle has 32."""
    corners, first = _CORNERS.get(kind, (32, 0.0))
    area = corners / 2 * sin(2 * pi / corners)
    reach = radius * (pi / area) ** 0.5
    angles = [first + 2 * pi * rank / corners for rank in range(corners)]
    return tuple((x + reach * cos(angle), y + reach * sin(angle)) for angle in angles)


def rectangle(box: Box) -> tuple[Point, ...]:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def hatched(corners: Sequence[Point], style: str, gap: float = 6) -> tuple[Segment, ...]:
    """The parallel lines that fill a convex outline; ``style`` is one of ``/ \\ - | x +``."""
    found: list[Segment] = []
    for tilt in _TILTS[style] if style else ():
        along, across = (cos(tilt), -sin(tilt)), (sin(tilt), cos(tilt))
        depths = [x * across[0] + y * across[1] for x, y in corners]
        for rank in range(ceil(min(depths) / gap), floor(max(depths) / gap) + 1):
            cut = _cut(corners, depths, rank * gap)
            if len(cut) > 1:
                cut.sort(key=lambda point: point[0] * along[0] + point[1] * along[1])
                found.append((cut[0], cut[-1]))
    return tuple(found)


def _cut(corners: Sequence[Point], depths: Sequence[float], depth: float) -> list[Point]:
    """Where the sides of an outline are crossed by the line at this depth."""
    found = []
    for rank, (x, y) in enumerate(corners):
        after = (rank + 1) % len(corners)
        here, there = depths[rank] - depth, depths[after] - depth
        if here * there <= 0 and here != there:
            part = here / (here - there)
            found.append((x + part * (corners[after][0] - x), y + part * (corners[after][1] - y)))
    return found


def dashed(points: Sequence[Point], dash: Sequence[float]) -> tuple[Segment, ...]:
    """The drawn parts of a line, given the lengths of its dashes and gaps in turn."""
    found: list[Segment] = []
    rank, left = 0, float(dash[0])
    for (x, y), (to_x, to_y) in pairwise(points):
        length, done = hypot(to_x - x, to_y - y), 0.0
        while length - done > 1e-9:
            step = min(left, length - done)
            ends = [
                (x + (to_x - x) * at / length, y + (to_y - y) * at / length)
                for at in (done, done + step)
            ]
            if rank % 2 == 0:
                found.append((ends[0], ends[1]))
            done, left = done + step, left - step
            if left <= 1e-9:
                rank += 1
                left = float(dash[rank % len(dash)])
    return tuple(found)


def touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def within(inner: Box, outer: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def crosses(segment: Segment, box: Box) -> bool:
    """Whether a straight line goes through a box (Liang and Barsky 1984)."""
    (x, y), (to_x, to_y) = segment
    first, last = 0.0, 1.0
    for start, move, low, high in ((x, to_x - x, box[0], box[2]), (y, to_y - y, box[1], box[3])):
        if move == 0:
            if not low < start < high:
                return False
            continue
        ends = sorted(((low - start) / move, (high - start) / move))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first < last
