"""Themes that come together: in the same testimonies, and in the same passages.

A passage is shared when excerpts of the two themes overlap: two people who code the same sentence
seldom choose the same first and last words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Excerpt
from analysis.tables import Counts, counts_of

CAUTION = (
    "Deux thèmes qui viennent ensemble sont dits par les mêmes personnes ou dans les mêmes "
    "phrases. Cela ne dit pas que l'un cause l'autre, ni que tout le quartier les relie. Les "
    "thèmes dont on parle beaucoup viennent souvent ensemble : regardez aussi le nombre de chacun."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes, in the order of the grid, and how often each and both are heard.

    ``excerpts``: those of either theme in the testimonies of both, in reading order; ``shared``:
    those among them that overlap one of the other theme. Both lead back to the sentences.
    """

    one: str
    other: str
    labels: tuple[str, str]
    alone: tuple[Counts, Counts]
    together: Counts
    same_passage: Counts
    testimonies: tuple[str, ...]
    excerpts: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def similarity(self) -> float:
        """Jaccard's index, from 0 to 1: a weight for a picture, never printed as a share."""
        either = sum(counts.testimonies for counts in self.alone) - self.together.testimonies
        return self.together.testimonies / either


def theme_pairs(corpus: Corpus, codebook: Codebook) -> tuple[Pair, ...]:
    """Every two themes that a testimony holds together, the most often first.

    ``CodebookError`` when a coding holds a code that the grid does not.
    """
    labels = {theme.code: theme.label for theme in codebook.themes}
    said = _said(corpus, codebook)
    alone = {code: counts_of(corpus, _all(said[code])) for code in labels if code in said}
    found = [
        _pair(corpus, said, (one, other), (labels[one], labels[other]), (alone[one], alone[other]))
        for one, other in combinations(alone, 2)
        if said[one].keys() & said[other].keys()
    ]
    # The sort is stable: pairs as frequent stay in the order of the grid.
    return tuple(sorted(found, key=lambda pair: (-pair.together.testimonies, -len(pair.shared))))


def _said(corpus: Corpus, codebook: Codebook) -> dict[str, dict[str, list[Excerpt]]]:
    """For each theme, the excerpts of each testimony that speaks of it, in reading order."""
    number = {testimony.id: testimony.number for testimony in corpus.testimonies}
    coded: dict[str, set[str]] = {}
    for coding in corpus.codings:
        theme = codebook.theme_of(coding.code)
        if theme:
            coded.setdefault(theme.code, set()).add(coding.excerpt)
    found: dict[str, dict[str, list[Excerpt]]] = {}
    for code, ids in coded.items():
        excerpts = (corpus.excerpt_by_id[excerpt] for excerpt in ids)
        mine = found.setdefault(code, {})
        for excerpt in sorted(
            excerpts, key=lambda item: (number[item.testimony], item.start, item.end, item.number)
        ):
            mine.setdefault(excerpt.testimony, []).append(excerpt)
    return found


def _all(by_testimony: Mapping[str, Sequence[Excerpt]]) -> list[Excerpt]:
    return [excerpt for excerpts in by_testimony.values() for excerpt in excerpts]


def _pair(
    corpus: Corpus,
    said: Mapping[str, Mapping[str, Sequence[Excerpt]]],
    codes: tuple[str, str],
    labels: tuple[str, str],
    alone: tuple[Counts, Counts],
) -> Pair:
    ones, others = said[codes[0]], said[codes[1]]
    both: list[str] = [testimony for testimony in ones if testimony in others]
    behind: dict[str, Excerpt] = {}
    shared: dict[str, Excerpt] = {}
    for testimony in both:
        mine, theirs = ones[testimony], others[testimony]
        every = sorted((*mine, *theirs), key=lambda item: (item.start, item.end, item.number))
        behind |= {excerpt.id: excerpt for excerpt in every}
        overlap = {e.id for a in mine for b in theirs if _overlap(a, b) for e in (a, b)}
        shared |= {excerpt.id: excerpt for excerpt in every if excerpt.id in overlap}
    return Pair(
        one=codes[0],
        other=codes[1],
        labels=labels,
        alone=alone,
        together=counts_of(corpus, behind.values()),
        same_passage=counts_of(corpus, shared.values()),
        testimonies=tuple(both),
        excerpts=tuple(behind),
        shared=tuple(shared),
    )


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return one.start < other.end and other.start < one.end
