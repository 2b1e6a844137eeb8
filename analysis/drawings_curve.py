"""The saturation curve: what is heard for the first time, meeting after meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from analysis.canvas import GREY, PALETTE, Canvas
from analysis.drawings_geometry import Point
from analysis.drawings_marks import SMALL
from analysis.lettering import WHITE, Text, decimal, height_of, one_line, shorten
from analysis.pictures import Picture, drawn, notice
from analysis.wording import count

_WIDTH, _HEIGHT = 860, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 830, 56, 448
_SEEN, _EXPECTED = PALETTE[0], PALETTE[3]
_DASH = (9, 5)
_PALE = "#d0d0d0"
_MOST_MARKS = 24  # numbers written under the axis


@dataclass(frozen=True, slots=True)
class Step:
    """A meeting: ``seen`` in all since the first, ``expected`` on average in any order."""

    label: str
    seen: int
    expected: float | None = None
    href: str = ""


def curve(
    steps: Sequence[Step],
    across: str = "Rencontres, dans l'ordre des dates",
    upwards: str = "Thèmes entendus au moins une fois",
    name: str = "saturation",
    title: str = "Ce qui est entendu, rencontre après rencontre",
    head: tuple[str, str, str, str, str] = ("Rang", "Rencontre", "En tout", "Nouveaux", "Attendus"),
) -> Picture:
    """Observed: a full line with points. Expected: dashed with white squares.

    The expected column is left out where no step has an expected value.
    """
    if not steps:
        return notice(name, title, "Aucune rencontre à montrer pour le moment.")
    hopes = [step.expected for step in steps if step.expected is not None]
    most = max([float(step.seen) for step in steps] + hopes + [1.0])
    gap = _gap(most)
    high = gap * ceil(most / gap)
    canvas = Canvas(_WIDTH, _HEIGHT)
    _axes(canvas, len(steps), gap, high, across, upwards)
    spots = [_spot(rank, len(steps), step.seen / high) for rank, step in enumerate(steps)]
    _draw_expected(canvas, steps, high)
    if len(spots) > 1:
        canvas.line(spots, _SEEN, 3)
    for rank, (step, (x, y)) in enumerate(zip(steps, spots, strict=True), 1):
        said = f"{rank}, {step.label} : {step.seen}"
        with canvas.mark(said, step.href, (x - 12, y - 12, x + 12, y + 12)):
            canvas.circle(x, y, 5, _SEEN)
    _legend(canvas, bool(hopes))
    rows = _rows(steps, bool(hopes))
    return drawn(name, title, canvas, _alt(steps, rows, upwards), head[: 4 + bool(hopes)], rows)


def _spot(rank: int, steps: int, part: float) -> Point:
    wide = _RIGHT - _LEFT - 24
    at = rank / (steps - 1) if steps > 1 else 0.5
    return _LEFT + 12 + wide * at, _BOTTOM - (_BOTTOM - _TOP) * part


def _gap(most: float) -> float:
    """A round step that makes at most six of them: 1, 2 or 5 times a power of ten."""
    rough = most / 6
    power = 10 ** floor(log10(rough)) if rough > 0 else 1
    gap = next((part * power for part in (1, 2, 5) if part * power >= rough), 10 * power)
    return max(1, gap)


def _axes(canvas: Canvas, steps: int, gap: float, high: float, across: str, upwards: str) -> None:
    half = height_of(SMALL) / 2
    for rank in range(round(high / gap) + 1):
        y = _BOTTOM - (_BOTTOM - _TOP) * rank * gap / high
        canvas.line(((_LEFT, y), (_RIGHT, y)), _PALE if rank else GREY, 1)
        written = decimal(rank * gap)
        canvas.text(Text(_LEFT - 8, y - half, written, SMALL, GREY, anchor="end"))
    each = ceil(steps / _MOST_MARKS)
    for rank in range(0, steps, each):
        x, _ = _spot(rank, steps, 0)
        canvas.line(((x, _BOTTOM), (x, _BOTTOM + 6)), GREY, 1)
        canvas.text(Text(x, _BOTTOM + 8, str(rank + 1), SMALL, GREY, anchor="middle"))
    said = shorten(across, SMALL, _RIGHT - _LEFT)
    canvas.text(Text(_RIGHT, _BOTTOM + 34, said, SMALL, GREY, anchor="end"))
    said = shorten(upwards, SMALL, _BOTTOM - _TOP)
    canvas.text(Text(8, (_TOP + _BOTTOM) / 2, said, SMALL, GREY, turned=True))


def _draw_expected(canvas: Canvas, steps: Sequence[Step], high: float) -> None:
    spots = [
        _spot(rank, len(steps), step.expected / high)
        for rank, step in enumerate(steps)
        if step.expected is not None
    ]
    if len(spots) > 1:
        canvas.line(spots, _EXPECTED, 2.5, _DASH)
    for x, y in spots if len(spots) <= _MOST_MARKS else ():
        canvas.rect((x - 4, y - 4, x + 4, y + 4), WHITE, _EXPECTED)


def _legend(canvas: Canvas, expected: bool) -> None:
    y, half = 24, height_of(SMALL) / 2
    canvas.line(((_LEFT, y), (_LEFT + 44, y)), _SEEN, 3)
    canvas.circle(_LEFT + 22, y, 5, _SEEN)
    canvas.text(Text(_LEFT + 54, y - half, "Entendu", SMALL))
    if expected:
        left = _LEFT + 170
        canvas.line(((left, y), (left + 44, y)), _EXPECTED, 2.5, _DASH)
        canvas.rect((left + 18, y - 4, left + 26, y + 4), WHITE, _EXPECTED)
        said = "Attendu si les rencontres venaient dans un autre ordre"
        canvas.text(Text(left + 54, y - half, said, SMALL))


def _rows(steps: Sequence[Step], expected: bool) -> tuple[tuple[str, ...], ...]:
    rows, before = [], 0
    for rank, step in enumerate(steps, 1):
        hope = "" if step.expected is None else decimal(step.expected, 1)
        numbers = (str(step.seen), str(step.seen - before))
        rows.append((str(rank), one_line(step.label), *numbers, *((hope,) if expected else ())))
        before = step.seen
    return tuple(rows)


def _alt(steps: Sequence[Step], rows: Sequence[tuple[str, ...]], upwards: str) -> str:
    fresh = [rank for rank, row in enumerate(rows, 1) if row[3] != "0"]
    said = f"{one_line(upwards)} : {steps[-1].seen} après {count(len(steps), 'rencontre')}."
    return f"{said} Les derniers nouveaux viennent à la rencontre {fresh[-1]}." if fresh else said
