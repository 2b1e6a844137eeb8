"""The plane of a correspondence analysis: words and groups, near when they go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.canvas import GREY, PALETTE, Canvas
from analysis.drawings_geometry import Box
from analysis.drawings_geometry import Point as Spot
from analysis.drawings_labels import Placed, Wanted, placed
from analysis.drawings_marks import SMALL
from analysis.lettering import INK, WHITE, Text, decimal, height_of, one_line
from analysis.pictures import Picture, drawn, notice
from analysis.wording import count, listing

ROW, COLUMN = "row", "column"
_WIDTH, _HEIGHT = 860, 760
_FIELD: Box = (40, 48, 850, 714)
_MARGIN = 46
_SMALL_MARK, _LARGE_MARK = 5, 8
_LARGE = 17
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Point:
    """A word (``kind`` ROW) or a group (COLUMN); y grows upwards; ``weight`` keeps its name."""

    label: str
    x: float
    y: float
    kind: str = ROW
    weight: float = 0
    href: str = ""


def plane(
    points: Sequence[Point],
    shares: tuple[float, float] = (0.0, 0.0),
    axes: tuple[int, int] = (1, 2),
    kinds: tuple[str, str] = ("mot", "groupe"),
    name: str = "plan",
    title: str = "Mots et groupes",
) -> Picture:
    """Rows as white discs, columns as black squares, one scale for the two axes.

    ``shares``: parts of the inertia, from 0 to 1, of the axes whose numbers are ``axes``;
    ``kinds`` names a row and a column in the singular.
    """
    if not points:
        return notice(name, title, "Pas assez de mots et de groupes pour dessiner un plan.")
    canvas = Canvas(_WIDTH, _HEIGHT)
    spots, middle = _spots(points)
    named = [
        f"Axe {axis}" + (f" ({decimal(100 * share, 1)} % de l'inertie)" if share else "")
        for axis, share in zip(axes, shares, strict=True)
    ]
    keys = _axes(canvas, middle, named)
    _legend(canvas, kinds)
    labels = placed(_wanted(points, spots), _FIELD, keys)
    for kind in (ROW, COLUMN):  # groups above words
        for point, spot, label in zip(points, spots, labels, strict=True):
            if point.kind == kind:
                _draw(canvas, point, spot, label, kinds)
    left = sum(label is None for label in labels)
    head = ("Nom", "Sorte", *(f"Axe {axis}" for axis in axes))
    rows = tuple(
        (one_line(one.label), _said(one, kinds), decimal(one.x), decimal(one.y)) for one in points
    )
    return drawn(name, title, canvas, _alt(points, named, kinds, left), head, rows)


def _said(point: Point, kinds: tuple[str, str]) -> str:
    return kinds[1] if point.kind == COLUMN else kinds[0]


def _spots(points: Sequence[Point]) -> tuple[list[Spot], Spot]:
    """Where each point goes, and the origin: all of them inside, the same unit both ways."""
    across, down = [0.0, *(one.x for one in points)], [0.0, *(-one.y for one in points)]
    wide, high = max(across) - min(across), max(down) - min(down)
    room = _FIELD[2] - _FIELD[0] - 2 * _MARGIN, _FIELD[3] - _FIELD[1] - 2 * _MARGIN
    scales = [
        size / extent for size, extent in zip(room, (wide, high), strict=True) if extent > _TINY
    ]
    scale = min(scales, default=1.0)
    at_x = (_FIELD[0] + _FIELD[2] - scale * (max(across) + min(across))) / 2
    at_y = (_FIELD[1] + _FIELD[3] - scale * (max(down) + min(down))) / 2
    spots = [(at_x + scale * x, at_y + scale * y) for x, y in zip(across, down, strict=True)]
    return spots[1:], spots[0]


def _axes(canvas: Canvas, middle: Spot, named: Sequence[str]) -> list[Box]:
    """The two axes through the origin and their names; returns the room that the names take."""
    left, top, right, bottom = _FIELD
    x, y = middle
    canvas.line(((left, y), (right, y)), "#8a8a8a", 1, (6, 4))
    canvas.line(((x, top), (x, bottom)), "#8a8a8a", 1, (6, 4))
    high = height_of(SMALL)
    flat = Text(right, bottom + 8, f"{named[0]} →", SMALL, GREY, anchor="end")
    upright = Text(8, (top + bottom) / 2, f"{named[1]} →", SMALL, GREY, turned=True)
    for text in (flat, upright):
        canvas.text(text)
    return [(x - 1, y - high / 4, x + 1, y + high / 4)]


def _legend(canvas: Canvas, kinds: tuple[str, str]) -> None:
    top = 22 - height_of(SMALL) / 2
    canvas.circle(50, 22, _SMALL_MARK + 1, WHITE, PALETTE[0])
    canvas.text(Text(64, top, f"{kinds[0]}s", SMALL))
    canvas.rect((222, 14, 238, 30), INK)
    canvas.text(Text(246, top, f"{kinds[1]}s", SMALL))


def _wanted(points: Sequence[Point], spots: Sequence[Spot]) -> list[Wanted]:
    """Names of groups before those of words, whatever their weights."""
    heaviest = max(abs(one.weight) for one in points) + 1
    found = []
    for one, (x, y) in zip(points, spots, strict=True):
        group = one.kind == COLUMN
        radius, size = (_LARGE_MARK, _LARGE) if group else (_SMALL_MARK, SMALL)
        weight = one.weight + 2 * heaviest * group
        found.append(
            Wanted(one.label, x, y, radius + 2, weight, size, INK if group else PALETTE[0])
        )
    return found


def _draw(
    canvas: Canvas, point: Point, spot: Spot, label: Placed | None, kinds: tuple[str, str]
) -> None:
    x, y = spot
    reach = _LARGE_MARK if point.kind == COLUMN else _SMALL_MARK
    room = (x - reach - 5, y - reach - 5, x + reach + 5, y + reach + 5)
    with canvas.mark(f"{point.label} ({_said(point, kinds)})", point.href, room):
        if label and label.leader:
            canvas.line(label.leader, GREY, 1)
        if point.kind == COLUMN:
            canvas.rect((x - reach, y - reach, x + reach, y + reach), INK)
        else:
            canvas.circle(x, y, reach, WHITE, PALETTE[0])
        if label:
            canvas.text(label.text)


def _alt(points: Sequence[Point], named: Sequence[str], kinds: tuple[str, str], left: int) -> str:
    groups = [f"« {one_line(one.label)} »" for one in points if one.kind == COLUMN]
    words = len(points) - len(groups)
    said = f"Plan de {count(words, kinds[0])} et {count(len(groups), kinds[1])}"
    said += f" ({listing(groups)})" if groups else ""
    said += f", {named[0]} à l'horizontale, {named[1]} à la verticale."
    if left:
        said += f" {count(left, 'nom')} sans place sur l'image : tout est dans le tableau."
    return said
