"""Invented campaigns to cross, and what a careful reader of the tables could work out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, product

from analysis.codebook import Codebook
from analysis.corpus import Campaign, Coding, Corpus, Excerpt, Meeting, Neighbourhood, Testimony
from analysis.crossings import ALL, Crossing, Line
from analysis.cuts import AXIS, Readings, readings, values_of, within

TEXT = "On attend le bus longtemps."
PLACES = ("QP01", "QP02", "QP03")
METHODS = ("écoute", "porte-à-porte", "micro-trottoir")
AGES = ("15_25", "26_40", "41_60", "61_plus", "")
CODES = ("LOG", "LOG1", "CAD1", "TRA1")
TONES = ("positive", "négative", "partagée")
AXES = ("1 contexte", "2 réalisations et impacts")


def campaign(seed: int, testimonies: int, meetings: int = 7) -> Corpus:
    """A coded campaign; small seeds of chance make thin columns, nested places, empty meetings."""
    pick = random.Random(seed)  # repeatable, not secret
    places, methods = pick.sample(PLACES, pick.randint(1, 3)), pick.sample(METHODS, 2)
    held = tuple(
        Meeting(
            f"m{n}",
            f"R-{n:02d}",
            pick.choice(methods),
            pick.choice(places),
            date(2026, pick.randint(3, 5), 2),
        )
        for n in range(1, meetings + 1)
    )
    said = _said(pick, held, testimonies)
    excerpts = tuple(
        Excerpt(f"x{n}", n + 1, f"t{n}", 0, len(TEXT), TEXT) for n in range(testimonies)
    )
    codings = tuple(
        Coding(excerpt.id, code, "a", {"tonalite": pick.choice(TONES), AXIS: pick.choice(AXES)})
        for excerpt in excerpts
        for code in pick.sample(CODES, pick.randint(0, 2))
    )
    quarters = tuple(Neighbourhood(code, f"Quartier {code}", "2024") for code in places)
    return Corpus(
        Campaign("essai", "Essai", neighbourhoods=quarters), held, said, excerpts, codings
    )


def _said(pick: random.Random, held: tuple[Meeting, ...], count: int) -> tuple[Testimony, ...]:
    weights = [pick.choice((1, 1, 3, 12)) for _ in AGES]
    found = []
    for n in range(count):
        age = pick.choices(AGES, weights)[0]
        meeting = pick.choice(held)
        found.append(
            Testimony(
                f"t{n}",
                n + 1,
                meeting.id,
                meeting.neighbourhood,
                TEXT,
                pick.choice((1, 1, 1, 6)),
                citable="yes",
                profile={"age": age} if age else {},
            )
        )
    return tuple(found)


def truth(corpus: Corpus, said: Readings, crossing: Crossing, code: str, key: str) -> list[int]:
    """The numbers that a line would show if nothing were masked."""
    spoken = said.speakers.get(code, ())
    kept = [name for name in spoken if within(corpus, said, name, code, key)]
    held = [
        value for name in kept for value in values_of(corpus, said, name, code, crossing.variable)
    ]
    return [held.count(value) for value, _ in crossing.columns]


def lines(crossing: Crossing) -> Iterator[tuple[str, Line]]:
    for key, view in crossing.views.items():
        for line in view:
            yield key, line


Atom = tuple[str, str, frozenset[str]]


def system(
    corpus: Corpus, book: Codebook, shown: Sequence[Crossing], code: str
) -> tuple[list[tuple[frozenset[Atom], int]], list[tuple[str, str, frozenset[Atom], int]]]:
    """What tables say together of a theme: sums known, and small cells masked.

    An unknown is (column, meeting, axes); the list of meetings is public, so is every total. The
    columns that are no meetings nor axes are those of one table: ``shown`` holds one such at most.
    """
    said = readings(corpus, book)
    people = [crossing for crossing in shown if not crossing.variable.family]
    columns = [value for crossing in people for value, _ in crossing.columns] or [""]
    held = {testimony.meeting for testimony in corpus.testimonies}
    axes = [frozenset(some) for size in range(len(AXES) + 1) for some in combinations(AXES, size)]
    universe = set(product(columns, sorted(held), axes))

    def part(key: str, crossing: Crossing, column: str | None) -> frozenset[Atom]:
        mine = crossing.variable
        name = mine.key(column) if mine.family and column is not None else ""
        return frozenset(
            atom
            for atom in universe
            if holds(corpus, atom, key)
            and (holds(corpus, atom, name) if mine.family else column in (None, atom[0]))
        )

    known = [(frozenset(universe), len(said.speakers.get(code, ())))]
    masked = []
    for crossing, (key, line) in ((one, pair) for one in shown for pair in lines(one)):
        if line.code != code:
            continue
        real = truth(corpus, said, crossing, code, key)
        if line.total is not None:
            known.append((part(key, crossing, None), line.total.testimonies))
        for (value, _), cell, number in zip(crossing.columns, line.cells, real, strict=True):
            if cell is not None:
                known.append((part(key, crossing, value), cell.testimonies))
            elif number < 5:
                masked.append((key, value, part(key, crossing, value), number))
    return list(dict.fromkeys(known)), masked


def holds(corpus: Corpus, atom: Atom, key: str) -> bool:
    family, _, value = key.partition(":")
    if family == "axe":
        return value in atom[2]
    first = next(t.id for t in corpus.testimonies if t.meeting == atom[1])
    return within(corpus, Readings({}, {}), first, ALL, key)


def bounds(
    known: list[tuple[frozenset[Atom], int]], wanted: frozenset[Atom]
) -> tuple[Fraction, Fraction]:
    """The least and the most that a masked cell can hold: exact linear programming."""
    kinds: dict[tuple[bool, ...], bool] = {}
    for atom in set().union(*(part for part, _ in known)):
        kinds.setdefault((*(atom in part for part, _ in known), atom in wanted), True)
    signatures = sorted(kinds)
    rows = [[Fraction(sign[n]) for sign in signatures] for n in range(len(known))]
    sums = [Fraction(number) for _, number in known]
    aim = [Fraction(sign[-1]) for sign in signatures]
    return -_largest(rows, sums, [-a for a in aim]), _largest(rows, sums, aim)


def _largest(rows: list[list[Fraction]], sums: list[Fraction], aim: list[Fraction]) -> Fraction:
    """The largest ``aim``·x with rows·x = sums and x ≥ 0: the simplex, by Bland's rule."""
    count, width = len(rows), len(aim)
    table = [
        [*row, *(Fraction(n == own) for own in range(count)), total]
        for n, (row, total) in enumerate(zip(rows, sums, strict=True))
    ]
    basis = [width + n for n in range(count)]
    first = [-sum(row[k] for row in table) for k in range(width)] + [Fraction(0)] * count
    _climb(table, basis, [*first, -sum(sums)], width)
    for n, held in enumerate(basis):  # the helpers left at zero leave where they can
        if held >= width:
            column = next((k for k in range(width) if table[n][k]), None)
            if column is not None:
                _turn(table, basis, n, column)
    cost = [-a for a in aim] + [Fraction(0)] * (count + 1)
    for n, held in enumerate(basis):
        if cost[held]:
            factor = cost[held]
            cost = [c - factor * t for c, t in zip(cost, table[n], strict=True)]
    return _climb(table, basis, cost, width)


def _climb(
    table: list[list[Fraction]], basis: list[int], cost: list[Fraction], width: int
) -> Fraction:
    while True:
        column = next((k for k in range(width) if cost[k] < 0), None)
        if column is None:
            return cost[-1]
        ratios = [
            (row[-1] / row[column], basis[n], n) for n, row in enumerate(table) if row[column] > 0
        ]
        line = min(ratios)[2]
        _turn(table, basis, line, column)
        factor = cost[column]
        cost[:] = [c - factor * t for c, t in zip(cost, table[line], strict=True)]


def _turn(table: list[list[Fraction]], basis: list[int], line: int, column: int) -> None:
    pivot = table[line][column]
    table[line] = [value / pivot for value in table[line]]
    for n, row in enumerate(table):
        if n != line and row[column]:
            factor = row[column]
            table[n] = [v - factor * t for v, t in zip(row, table[line], strict=True)]
    basis[line] = column
