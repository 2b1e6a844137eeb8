"""What is said for and against on a theme, side by side, as the facets of its codings tell it.

Nothing is guessed from words: where no tone was noted, no side is made, and a sentence says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Excerpt
from analysis.findings import facet_values
from analysis.representative import Said, Vector, centre_of, cosine, vectors
from analysis.tables import Counts, codes_under, counts_of, excerpts_of
from analysis.wording import count, plural

TONE, KIND = "tonalite", "kind"
GOOD, BAD, MIXED = "positive", "négative", "partagée"
MOST_FACED = 6
FACED = 0.15  # the cosine from which two excerpts of other codes speak of the same thing
_SAME_CODE = 1.0  # two excerpts of one code come before any two that only share words
_COMPARED = 60  # excerpts of each side, those nearest to the other side
_NAMED = 3  # words named beside a pair


@dataclass(frozen=True, slots=True)
class Side:
    """The excerpts that carry one value of a facet, in reading order."""

    value: str
    counts: Counts
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Faced:
    """Two excerpts of two testimonies that say the contrary of the same thing.

    ``code`` is the code they share, empty where only ``words`` (lemmas) bring them together.
    """

    good: Excerpt
    bad: Excerpt
    code: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Positions:
    """Sides by tone and by kind; ``note`` says what was not noted, and how many are on both."""

    code: str
    counts: Counts
    tones: tuple[Side, ...]
    kinds: tuple[Side, ...]
    faced: tuple[Faced, ...]
    note: str

    @property
    def opposed(self) -> bool:
        """Whether two people or more take two sides."""
        sides = {side.value: side for side in self.tones}
        if GOOD not in sides or BAD not in sides:
            return False
        who = {item.testimony for side in (GOOD, BAD) for item in sides[side].excerpts}
        return len(who) > 1

    def kind(self, value: str) -> Side:
        """The excerpts of one kind (« ressource », « proposition »), maybe none."""
        found = (side for side in self.kinds if side.value == value)
        return next(found, Side(value, Counts(), ()))


def positions(corpus: Corpus, codebook: Codebook, code: str, said: Said) -> Positions:
    """The sides taken on a theme or a code, and opposed excerpts two by two.

    ``said`` holds the words that count in each testimony; without any, pairs share a code only.
    Raises ``CodebookError`` when the grid does not hold the code.
    """
    excerpts = excerpts_of(corpus, codebook, code)
    under = codes_under(codebook, code)
    tones = sides(corpus, codebook, excerpts, under, TONE)
    return Positions(
        code,
        counts_of(corpus, excerpts),
        tones,
        sides(corpus, codebook, excerpts, under, KIND),
        _faced(corpus, under, tones, said),
        _note(corpus, codebook, excerpts, tones),
    )


def sides(
    corpus: Corpus,
    codebook: Codebook,
    excerpts: Sequence[Excerpt],
    codes: Collection[str],
    facet: str,
) -> tuple[Side, ...]:
    """The excerpts under each value that one of these codes gives them, in the grid's order."""
    carried: defaultdict[str, set[str]] = defaultdict(set)
    for coding in corpus.codings:
        if coding.code in codes:
            for value in facet_values(coding.facets, facet):
                carried[value].add(coding.excerpt)
    known = [value for item in codebook.facets if item.id == facet for value in item.values]
    order = [*known, *sorted(carried.keys() - set(known))]
    found = []
    for value in order:
        kept = tuple(item for item in excerpts if item.id in carried.get(value, ()))
        if kept:
            found.append(Side(value, counts_of(corpus, kept), kept))
    return tuple(found)


def speakers(tones: Sequence[Side], value: str) -> frozenset[str]:
    """The testimonies on one side."""
    return frozenset(
        item.testimony for side in tones if side.value == value for item in side.excerpts
    )


def _note(
    corpus: Corpus, codebook: Codebook, excerpts: Sequence[Excerpt], tones: Sequence[Side]
) -> str:
    if not excerpts:
        return "Aucun extrait n'est codé ici."
    if TONE not in {facet.id for facet in codebook.facets}:
        return "La grille n'a pas de tonalité : rien ne dit si ces paroles s'opposent."
    if not tones:
        return "Aucune tonalité n'a été notée : rien ne dit si ces paroles s'opposent."
    told = []
    noted = {item.id for side in tones for item in side.excerpts}
    missing = counts_of(corpus, [item for item in excerpts if item.id not in noted])
    if missing.testimonies:
        told.append(
            f"{count(missing.testimonies, 'témoignage')} "
            f"{plural(missing.testimonies, 'a', 'ont')} des extraits sans tonalité notée : "
            f"ils ne comptent d'aucun côté."
        )
    both = len(speakers(tones, GOOD) & speakers(tones, BAD))
    if both:
        told.append(
            f"{count(both, 'témoignage')} {plural(both, 'parle', 'parlent')} des deux façons : "
            f"{plural(both, 'il compte', 'ils comptent')} des deux côtés."
        )
    return " ".join(told)


def _faced(
    corpus: Corpus, codes: Collection[str], tones: Sequence[Side], said: Said
) -> tuple[Faced, ...]:
    """The likest pairs first, each excerpt once; those of one code before the others."""
    good, bad = (
        [item for side in tones if side.value == value for item in side.excerpts]
        for value in (GOOD, BAD)
    )
    by_code = _by_code(corpus, codes)
    inside = vectors({item.id: item for item in (*good, *bad)}.values(), said)
    ranked = []
    near = _nearest(good, bad, inside), _nearest(bad, good, inside)
    for one, two in product(*near):
        shared = by_code.get((one.id, GOOD), frozenset()) & by_code.get((two.id, BAD), frozenset())
        alike = cosine(inside[one.id], inside[two.id])
        if one.testimony != two.testimony and (shared or alike >= FACED):
            worth = alike + (_SAME_CODE if shared else 0.0)
            ranked.append((-worth, one.number, two.number, one, two, min(shared, default="")))
    ranked.sort(key=lambda item: (*item[:3], item[3].id, item[4].id))
    used: set[str] = set()
    found: list[Faced] = []
    for _, _, _, one, two, code in ranked:
        if len(found) < MOST_FACED and not used & {one.id, two.id}:
            used |= {one.id, two.id}
            found.append(Faced(one, two, code, _common(inside[one.id], inside[two.id])))
    return tuple(found)


def _nearest(
    side: Sequence[Excerpt], other: Sequence[Excerpt], inside: Mapping[str, Vector]
) -> list[Excerpt]:
    """The excerpts of a side that speak most of what the other side speaks of."""
    centre = centre_of(other, inside)
    ranked = sorted(side, key=lambda one: (-cosine(inside[one.id], centre), one.number, one.id))
    return ranked[:_COMPARED]


def _by_code(corpus: Corpus, codes: Collection[str]) -> Mapping[tuple[str, str], frozenset[str]]:
    """The codes under which each excerpt carries each tone."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for coding in corpus.codings:
        if coding.code in codes:
            for value in facet_values(coding.facets, TONE):
                found[coding.excerpt, value].add(coding.code)
    return {key: frozenset(held) for key, held in found.items()}


def _common(one: Vector, two: Vector) -> tuple[str, ...]:
    shared = sorted(one.keys() & two.keys(), key=lambda word: (-one[word] * two[word], word))
    return tuple(shared[:_NAMED])
