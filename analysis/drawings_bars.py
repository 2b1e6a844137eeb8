"""Bars on both sides of a zero (specificities), and bars by groups (waves, places)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.canvas import GREY, PALETTE, Canvas
from analysis.drawings_geometry import Box
from analysis.drawings_marks import LINE, SMALL, bar, legend, look
from analysis.lettering import INK, WHITE, Text, decimal, height_of, one_line, shorten, width_of
from analysis.pictures import Picture, drawn, notice
from analysis.wording import count, listing, plural

_WIDTH = 860
_NAMES = 300  # right edge of the names
_SIGNED_STEP, _GROUPED_STEP = 34, 30
_LEFT, _RIGHT = 372, 790  # where the signed bars may go, their values written beyond
_FULL = 430  # longest of the grouped bars
HIDDEN = "non montré"


@dataclass(frozen=True, slots=True)
class Signed:
    """A bar to the left when negative, to the right when positive."""

    label: str
    value: float
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The values of a group, one per category; None is hidden, and opens no page."""

    label: str
    values: tuple[float | None, ...]
    hrefs: tuple[str, ...] = ()


def signed_bars(
    values: Sequence[Signed],
    sides: tuple[str, str] = ("moins dit ici", "plus dit ici"),
    name: str = "specificites",
    title: str = "Mots plus ou moins dits ici qu'ailleurs",
    head: tuple[str, str] = ("Mot", "Indice"),
) -> Picture:
    """Negative values hatched to the left of a zero, positive ones filled to the right.

    In the given order; each value is written at the end of its bar, to one decimal.
    """
    if not values:
        return notice(name, title, "Aucun mot n'est dit ici plus ou moins qu'ailleurs.")
    canvas = Canvas(_WIDTH, 52 + _SIGNED_STEP * len(values))
    bottom = canvas.height - 6
    least, most = (pick([0.0, *(one.value for one in values)]) for pick in (min, max))
    span = most - least or 1
    zero = _LEFT - (_RIGHT - _LEFT) * (least / span)
    _draw_sides(canvas, (sides[0] if least < 0 else "", sides[1] if most > 0 else ""), zero)
    for rank, one in enumerate(values):
        _draw_signed(
            canvas, one, 44 + _SIGNED_STEP * rank, zero, (_RIGHT - _LEFT) * (one.value / span)
        )
    canvas.line(((zero, 36), (zero, bottom)), INK, 1.5)
    rows = tuple((one_line(one.label), decimal(one.value)) for one in values)
    return drawn(name, title, canvas, _alt_signed(values, sides), head, rows)


def _draw_sides(canvas: Canvas, sides: tuple[str, str], zero: float) -> None:
    """What each side means, above the bars and around their zero."""
    top = 20 - height_of(SMALL) / 2
    less, more = (shorten(side, SMALL, 220) for side in sides)
    left = min(zero + 10, _WIDTH - 8 - width_of(f"{more} →", SMALL))
    if more:
        canvas.text(Text(left, top, f"{more} →", SMALL, GREY))
    if less:
        end = min(zero, left) - 10 if more else zero - 10
        canvas.text(Text(end, top, f"← {less}", SMALL, GREY, anchor="end"))


def _draw_signed(canvas: Canvas, one: Signed, top: float, zero: float, reach: float) -> None:
    value = decimal(one.value, 1)
    line = top + 12 - height_of(SMALL) / 2
    room = (0, top - 4, _WIDTH, top + 28)
    with canvas.mark(f"{one.label} : {value}", one.href, room):
        label = shorten(one.label, SMALL, _NAMES - 12)
        canvas.text(Text(_NAMES, line, label, SMALL, anchor="end"))
        if reach < 0:
            canvas.rect((zero + reach, top, zero, top + 24), WHITE, PALETTE[3], "/")
            canvas.text(Text(zero + reach - 8, line, value, SMALL, anchor="end"))
        else:
            canvas.rect((zero, top, zero + max(1, reach), top + 24), PALETTE[0])
            canvas.text(Text(zero + reach + 8, line, value, SMALL))


def _alt_signed(values: Sequence[Signed], sides: tuple[str, str]) -> str:
    ordered = sorted(values, key=lambda one: -one.value)
    more = [f"« {one_line(one.label)} »" for one in ordered if one.value > 0]
    less = [f"« {one_line(one.label)} »" for one in reversed(ordered) if one.value < 0]
    told = [
        f"{side} : {listing(some[:5])}"
        for side, some in ((sides[1], more), (sides[0], less))
        if some
    ]
    return f"{count(len(values), 'barre')}. En tête, {' ; '.join(told) or 'aucun écart'}."


def grouped_bars(
    categories: Sequence[str],
    series: Sequence[Series],
    unit: str = "témoignage",
    name: str = "periodes",
    title: str = "Thèmes par période",
    first: str = "Thème",
    hidden: str = HIDDEN,
) -> Picture:
    """For each category, one bar per series: its letter, its hatching, its value.

    ``series`` hold one value per category (ValueError otherwise); ``hidden`` is written in the
    place of a value that small numbers keep from being shown.
    """
    if any(len(one.values) != len(categories) for one in series):
        raise ValueError("Chaque série doit donner une valeur à chaque catégorie.")
    if not categories or not series:
        return notice(name, title, "Rien à comparer pour le moment.")
    block = _GROUPED_STEP * len(series) + 18
    top = 14 + LINE * len(series)
    canvas = Canvas(_WIDTH, top + 10 + block * len(categories))
    looks = [look(rank) for rank in range(len(series))]
    legend(canvas, [(seen, one.label) for seen, one in zip(looks, series, strict=True)], 12, 6)
    known = [value for one in series for value in one.values if value is not None]
    most = max([abs(value) for value in known] + [1])
    for rank, category in enumerate(categories):
        y = top + 10 + block * rank
        canvas.line(((12, y - 8), (_WIDTH - 12, y - 8)), "#d0d0d0", 1)
        _draw_name(canvas, category, y + block / 2 - 9)
        for place, one in enumerate(series):
            _draw_grouped(canvas, (category, unit, hidden), one, rank, place, y, most)
    rows = tuple(
        (one_line(category), *(_written(one.values[rank], hidden) for one in series))
        for rank, category in enumerate(categories)
    )
    head = (first, *(one_line(one.label) for one in series))
    return drawn(name, title, canvas, _alt_grouped(rows, head, unit), head, rows)


def _written(value: float | None, hidden: str) -> str:
    return hidden if value is None else decimal(value, 1)


def _draw_name(canvas: Canvas, category: str, middle: float) -> None:
    with canvas.mark(category):
        label = shorten(category, SMALL, _NAMES - 16)
        top = middle - height_of(SMALL) / 2
        canvas.text(Text(_NAMES - 4, top, label, SMALL, anchor="end"))


def _draw_grouped(
    canvas: Canvas,
    told: tuple[str, str, str],
    one: Series,
    rank: int,
    place: int,
    top: float,
    most: float,
) -> None:
    category, unit, hidden = told
    value, seen = one.values[rank], look(place)
    top += _GROUPED_STEP * place
    line, left = top + 11 - height_of(SMALL) / 2, _NAMES + 30
    said = _written(value, hidden)
    more = f" {plural(round(value), unit)}" if value is not None else ""
    # The page behind a hidden number would give it away.
    href = one.hrefs[rank] if value is not None and rank < len(one.hrefs) else ""
    room: Box = (_NAMES, top - 3, _WIDTH, top + 26)
    with canvas.mark(f"{category}, {one.label} : {said}{more}", href, room):
        canvas.text(Text(left - 10, line, seen.letter, SMALL, seen.colour, anchor="end"))
        if value is None:
            canvas.text(Text(left, line, shorten(said, SMALL, _WIDTH - left - 8), SMALL, GREY))
            return
        end = left + _FULL * abs(value) / most
        if value:
            bar(canvas, seen, (left, top, max(end, left + 2), top + 22))
        canvas.text(Text(end + 8, line, said, SMALL))


def _alt_grouped(rows: Sequence[tuple[str, ...]], head: Sequence[str], unit: str) -> str:
    told = []
    for category, *values in rows[:6]:
        each = (f"{label} {said}" for label, said in zip(head[1:], values, strict=True))
        told.append(f"{category}, {', '.join(each)}")
    rest = f" ; {count(len(rows) - 6, 'autre ligne', 'autres lignes')}" if len(rows) > 6 else ""
    return f"Nombre de {unit}s. {' ; '.join(told)}{rest}."
