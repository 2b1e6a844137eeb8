"""Where the names of marks go on a picture: none over another, none over a mark.

Greedy and deterministic: the weightiest name first takes the nearest free place around its mark;
farther away, a thin line leads to it. A name that finds no place is left out, never forced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, hypot, pi, sin

from analysis.drawings_geometry import Box, Segment, crosses, touch, within
from analysis.lettering import Text, height_of, shorten, width_of

_NEAR = 4  # pixels between a mark and its name
_APART = 3  # pixels on each side of a name
_AWAY = (14, 30, 48, 70, 96)  # and where a line has to lead to it
_SHARES = (1, 0.6, 0.4)
_CELL = 48


@dataclass(frozen=True, slots=True)
class Wanted:
    """The name of a mark at (x, y): the weightier, the earlier placed."""

    text: str
    x: float
    y: float
    radius: float
    weight: float
    size: int = 15
    colour: str = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Placed:
    """A name in its place; ``leader`` is the line from its mark, where it stands apart."""

    text: Text
    leader: Segment | None = None


class _Taken:
    """The boxes already taken, found again by the cells of a grid; the lines, one by one."""

    def __init__(self, bounds: Box) -> None:
        self.bounds = bounds
        self.cells: dict[tuple[int, int], list[Box]] = {}
        self.lines: list[Segment] = []
        self.names: list[Box] = []

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        for column in range(floor(box[0] / _CELL), ceil(box[2] / _CELL)):
            for row in range(floor(box[1] / _CELL), ceil(box[3] / _CELL)):
                yield column, row

    def add(self, box: Box) -> None:
        for cell in self._cells(box):
            self.cells.setdefault(cell, []).append(box)

    def free(self, box: Box) -> bool:
        return (
            within(box, self.bounds)
            and not any(touch(box, other) for cell in self._cells(box) for other in self._at(cell))
            and not any(crosses(line, box) for line in self.lines)
        )

    def clear(self, line: Segment, own: Box, over: bool) -> bool:
        """Whether a leader can be drawn: it strikes out no name, nor a mark unless ``over``."""
        if any(crosses(line, box) for box in self.names):
            return False
        if over:
            return True
        (x, y), (to_x, to_y) = line
        around = (min(x, to_x) - 1, min(y, to_y) - 1, max(x, to_x) + 1, max(y, to_y) + 1)
        near = (box for cell in self._cells(around) for box in self._at(cell))
        return not any(crosses(line, box) for box in near if box != own)

    def _at(self, cell: tuple[int, int]) -> list[Box]:
        return self.cells.get(cell, [])


def placed(
    wanted: Sequence[Wanted], bounds: Box, obstacles: Sequence[Box] = (), room: float = 240
) -> list[Placed | None]:
    """The place of each name, in the given order; None where there was none left.

    ``room`` is the widest that a name may be: longer ones are cut with « … », and cut again
    rather than left out. The marks themselves are obstacles; ``obstacles`` are the others.
    """
    taken = _Taken(bounds)
    for box in obstacles:
        taken.add(box)
    for one in wanted:
        taken.add(_mark(one))
    order = sorted(range(len(wanted)), key=lambda rank: (-wanted[rank].weight, rank))
    found: list[Placed | None] = [None] * len(wanted)
    for rank in order:
        tried = (
            _place(wanted[rank], taken, room * share, over)
            for share in _SHARES
            for over in (False, True)
        )
        found[rank] = next((one for one in tried if one), None)
    return found


def _mark(one: Wanted) -> Box:
    reach = one.radius
    return one.x - reach, one.y - reach, one.x + reach, one.y + reach


def _place(one: Wanted, taken: _Taken, room: float, over: bool) -> Placed | None:
    text = shorten(one.text, one.size, room)
    wide, high = width_of(text, one.size), height_of(one.size)
    for left, top, apart in _spots(one, wide, high):
        box = (left - _APART, top, left + wide + _APART, top + high)
        if not taken.free(box):
            continue
        leader = _leader(one, box) if apart else None
        if leader and not taken.clear(leader, _mark(one), over):
            continue
        taken.add(box)
        taken.names.append(box)
        if leader:
            taken.lines.append(leader)
        return Placed(Text(left, top, text, one.size, one.colour, halo=True), leader)
    return None


def _spots(one: Wanted, wide: float, high: float) -> Iterator[tuple[float, float, bool]]:
    """Left and top of the places tried: beside the mark, then all around, farther and farther."""
    x, y, reach = one.x, one.y, one.radius + _NEAR
    slant = reach * 0.7
    yield x + reach, y - high / 2, False
    yield x - reach - wide, y - high / 2, False
    yield x - wide / 2, y - reach - high, False
    yield x - wide / 2, y + reach, False
    for across in (x + slant, x - slant - wide):
        yield across, y - slant - high, False
        yield across, y + slant, False
    for away in _AWAY:
        for turn in range(16):
            angle = 2 * pi * turn / 16
            far = one.radius + away
            at_x, at_y = x + far * cos(angle), y + far * sin(angle)
            # The name stands outwards of the point that the line reaches.
            yield at_x - wide * (1 - cos(angle)) / 2, at_y - high * (1 - sin(angle)) / 2, True


def _leader(one: Wanted, box: Box) -> Segment:
    """From the edge of the mark to the nearest point of the box."""
    to_x, to_y = min(max(one.x, box[0]), box[2]), min(max(one.y, box[1]), box[3])
    away = hypot(to_x - one.x, to_y - one.y) or 1.0
    part = one.radius / away
    return (one.x + (to_x - one.x) * part, one.y + (to_y - one.y) * part), (to_x, to_y)
