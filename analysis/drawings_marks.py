"""The look of groups: a shape, a hatching, a dash and a letter as well as a colour.

So a picture printed in black and white, or seen by somebody who sees colours otherwise, still
tells its groups apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.canvas import GREY, PALETTE, Canvas
from analysis.drawings_geometry import Box, outline
from analysis.lettering import WHITE, Text, height_of, shorten, width_of

_SHAPES = ("circle", "square", "diamond", "hexagon", "triangle", "funnel")
_HATCHES = ("", "/", "-", "x", "|", "\\", "+")
_DASHES: tuple[tuple[float, ...], ...] = ((), (8, 4), (2, 4), (12, 4, 2, 4))
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SLIM = {"triangle": 0.85, "funnel": 0.85}  # their corners reach far
_LETTERED = 11  # the smallest radius that holds a letter
SMALL = 15
LINE = 34  # height of a line of a legend


@dataclass(frozen=True, slots=True)
class Look:
    """How the group of a rank is drawn; ``hatch`` empty means filled."""

    letter: str
    shape: str
    hatch: str
    dash: tuple[float, ...]
    colour: str


def look(rank: int) -> Look:
    """The look of the group of this rank, from 0; two groups of 40 never look alike."""
    again, place = divmod(rank, len(_LETTERS))
    return Look(
        _LETTERS[place] + (str(again + 1) if again else ""),
        _SHAPES[rank % len(_SHAPES)],
        _HATCHES[rank % len(_HATCHES)],
        _DASHES[rank % len(_DASHES)],
        PALETTE[rank % len(PALETTE)],
    )


def symbol(canvas: Canvas, seen: Look, x: float, y: float, radius: float) -> None:
    """The mark of a group, its letter in the middle where there is room for one."""
    lettered = radius >= _LETTERED
    fill = WHITE if seen.hatch else seen.colour
    middle = y + {"triangle": 1, "funnel": -1}.get(seen.shape, 0) * radius * 0.1
    _outline(canvas, seen, (x, y, radius), fill, seen.hatch)
    if lettered and seen.hatch:
        half = width_of(seen.letter, SMALL) / 2 + 2
        canvas.rect((x - half, middle - 8, x + half, middle + 8), WHITE)
        _outline(canvas, seen, (x, y, radius), "", "")
    if lettered:
        colour = seen.colour if seen.hatch else WHITE
        top = middle - height_of(SMALL) / 2
        canvas.text(Text(x, top, seen.letter, SMALL, colour, anchor="middle"))


def _outline(
    canvas: Canvas, seen: Look, place: tuple[float, float, float], fill: str, hatch: str
) -> None:
    x, y, radius = place
    if seen.shape == "circle":
        canvas.circle(x, y, radius, fill, seen.colour, hatch)
    else:
        corners = outline(seen.shape, x, y, radius * _SLIM.get(seen.shape, 1))
        canvas.polygon(corners, fill, seen.colour, hatch)


def reach(seen: Look, radius: float) -> float:
    """How far the mark of a group goes from its middle, across or down."""
    corners = outline(seen.shape, 0, 0, radius * _SLIM.get(seen.shape, 1))
    return max(abs(length) for corner in corners for length in corner)


def bar(canvas: Canvas, seen: Look, box: Box) -> None:
    """A bar of a group, filled or hatched as its mark is."""
    canvas.rect(box, WHITE if seen.hatch else seen.colour, seen.colour, seen.hatch)


def legend(canvas: Canvas, groups: Sequence[tuple[Look, str]], left: float, top: float) -> float:
    """One line per group, its mark then its name; returns where the picture goes on, below."""
    room = canvas.width - left - 44
    for rank, (seen, name) in enumerate(groups):
        middle = top + 17 + LINE * rank
        symbol(canvas, seen, left + 14, middle, 11)
        line = top + 17 + LINE * rank - height_of(SMALL) / 2
        canvas.text(Text(left + 36, line, shorten(name, SMALL, room), SMALL, GREY))
    return top + LINE * len(groups)
