"""Do two people put the same codes on the same sentences? Three figures for each code.

A sentence bears a code for a person when one of their excerpts with that code overlaps it,
however the excerpts were cut. Figures that cannot be computed say why instead.

Sources: J. Cohen, « A Coefficient of Agreement for Nominal Scales », Educational and
Psychological Measurement 20 (1960), 37-46; K. Krippendorff, « Computing Krippendorff's
Alpha-Reliability » (University of Pennsylvania, 2011), nominal metric, missing values allowed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

Codes = frozenset[str]
Patterns = Mapping[tuple[Hashable | None, ...], int]
"""How many units bear each row of values, one value a person; ``None`` where one gave none."""

NOTHING = "Il n’y a aucune phrase à comparer."
CONSTANT = "Les deux personnes ont fait partout le même choix : il n’y a rien à distinguer."


class Coded(NamedTuple):
    """A code put on a stretch of a text (half-open code points)."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or ``None`` and the reason why there is none, in French."""

    value: float | None
    reason: str = ""


def project(sentences: Sequence[tuple[int, int]], coded: Iterable[Coded]) -> tuple[Codes, ...]:
    """The codes that each sentence bears: those of every stretch that overlaps it."""
    rows = list(coded)
    return tuple(
        frozenset(row.code for row in rows if row.start < end and start < row.end)
        for start, end in sentences
    )


def percentage(patterns: Patterns) -> Figure:
    """Share (0 to 1) of the units that two people read and where both gave the same value."""
    pairs = _complete(patterns)
    total = pairs.total()
    return Figure(float(_observed(pairs))) if total else Figure(None, NOTHING)


def kappa(patterns: Patterns) -> Figure:
    """Cohen's kappa of two people: (po - pe) / (1 - pe), over the units that both read.

    po is the share of equal values; pe the share that two people would reach by chance, each
    keeping their own frequencies. Undefined when both give one same value everywhere.
    """
    pairs = _complete(patterns)
    total = pairs.total()
    if not total:
        return Figure(None, NOTHING)
    first, second = (_margin(pairs, side) for side in (0, 1))
    by_chance = sum(Fraction(first[value] * second[value], total * total) for value in first)
    if by_chance == 1:
        return Figure(None, CONSTANT)
    return Figure(float((_observed(pairs) - by_chance) / (1 - by_chance)))


def alpha(patterns: Patterns) -> Figure:
    """Krippendorff's alpha for names: 1 - Do / De, for any number of people, some missing.

    In a unit with m values, each ordered pair of them weighs 1 / (m - 1); Do counts the pairs
    that differ, De those that would, if the n values of all paired units were dealt at random.
    Units with fewer than two values weigh nothing. Undefined when one value alone was given.
    """
    differing, margins = Fraction(0), Counter[Hashable]()
    for row, times in patterns.items():
        values = Counter(value for value in row if value is not None)
        m = values.total()
        if m < 2:
            continue
        unequal = m * m - sum(count * count for count in values.values())
        differing += Fraction(times * unequal, m - 1)
        margins.update({value: times * count for value, count in values.items()})
    n = margins.total()
    if not n:
        return Figure(None, NOTHING)
    expected = n * n - sum(count * count for count in margins.values())
    if not expected:
        return Figure(None, CONSTANT)
    return Figure(float(1 - (n - 1) * differing / expected))


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """For one code, on how many sentences both put it, the first only, the second only, neither."""

    code: str
    both: int
    first: int
    second: int
    neither: int

    @property
    def sentences(self) -> int:
        return self.both + self.first + self.second + self.neither

    @property
    def same(self) -> int:
        """Sentences where the two chose alike: both put the code, or neither did."""
        return self.both + self.neither

    @property
    def patterns(self) -> Patterns:
        return {
            (True, True): self.both,
            (True, False): self.first,
            (False, True): self.second,
            (False, False): self.neither,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two people's codes on the same sentences, code by code in alphabetical order.

    ``sentences`` are those compared, ``same`` those of them with exactly the same codes.
    ``uncoded`` sentences got no code from anybody; they are among the ones compared or not.
    """

    sentences: int
    same: int
    uncoded: int
    codes: tuple[CodeAgreement, ...]

    def with_uncoded(self) -> Comparison:
        """The same, counting as agreement the sentences that nobody coded."""
        more = self.uncoded
        codes = tuple(replace(row, neither=row.neither + more) for row in self.codes)
        return Comparison(self.sentences + more, self.same + more, more, codes)


def compare(first: Sequence[Codes | None], second: Sequence[Codes | None]) -> Comparison:
    """Compare sentence by sentence; ``None`` where a person did not read: it is left out.

    Sentences that nobody coded are left out too and counted apart: see `with_uncoded`.
    """
    read = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    coded = [(a, b) for a, b in read if a or b]
    names = sorted({name for a, b in coded for name in a | b})
    return Comparison(
        sentences=len(coded),
        same=sum(a == b for a, b in coded),
        uncoded=len(read) - len(coded),
        codes=tuple(_of_code(name, coded) for name in names),
    )


def _of_code(name: str, coded: Sequence[tuple[Codes, Codes]]) -> CodeAgreement:
    seen = Counter((name in a, name in b) for a, b in coded)
    return CodeAgreement(
        name, seen[True, True], seen[True, False], seen[False, True], seen[False, False]
    )


def _complete(patterns: Patterns) -> Counter[tuple[Hashable, Hashable]]:
    """The rows of exactly two people where both gave a value."""
    found: Counter[tuple[Hashable, Hashable]] = Counter()
    for row, times in patterns.items():
        one, other = row
        if one is not None and other is not None and times:
            found[one, other] += times
    return found


def _observed(pairs: Counter[tuple[Hashable, Hashable]]) -> Fraction:
    return Fraction(sum(n for (one, other), n in pairs.items() if one == other), pairs.total())


def _margin(pairs: Counter[tuple[Hashable, Hashable]], side: int) -> Counter[Hashable]:
    margin: Counter[Hashable] = Counter()
    for row, times in pairs.items():
        margin[row[side]] += times
    return margin
