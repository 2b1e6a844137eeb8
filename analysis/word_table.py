"""How often each word is said in each part of a campaign, as a plane takes it.

Where the parts are people (a place, a method), small counts are masked as in any table, then each
masked one is replaced by its share of their sum: what is worked out from the table shows nothing
that the masked table hides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.corpus import Corpus
from analysis.french import Token
from analysis.groups import Group
from analysis.pictures import OUTSIDE_THRESHOLD
from analysis.suppression import hidden

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 150
LEAST = 3  # testimonies that say a word: rarer ones would make the axes by themselves


@dataclass(frozen=True, slots=True, eq=False)
class WordTable:
    """Words, most said first, × parts (key, label): times said. ``left_out``: parts too small."""

    lemmas: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    counts: NDArray[Any]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """By word: times and testimonies in each part, testimonies in any; people of each part."""

    said: Mapping[str, Counter[int]]
    told: Mapping[str, Counter[int]]
    heard: Counter[str]
    people: Counter[int]


def word_table(
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    group: Group,
    threshold: int,
    most: int = MOST,
) -> WordTable:
    """The ``most`` said words; parts of ``threshold`` testimonies (11 where they are people).

    Words said by fewer than three testimonies (11 where parts are people) are left out, and those
    of which every count is masked.
    """
    import numpy as np  # heavy: only when an analysis runs

    found = _counted(said, corpus, group)
    ranks = range(len(group.parts))
    floor = OUTSIDE_THRESHOLD if group.sensitive else threshold
    kept = [rank for rank in ranks if found.people[rank] >= floor]
    lemmas, rows = [], []
    weights = [sum(counts[rank] for counts in found.said.values()) for rank in ranks]
    for lemma in sorted(found.said, key=lambda lemma: (-found.said[lemma].total(), lemma)):
        if found.heard[lemma] < (OUTSIDE_THRESHOLD if group.sensitive else LEAST):
            continue
        row = [float(found.said[lemma][rank]) for rank in ranks]
        if group.sensitive:
            heard = [found.told[lemma][rank] for rank in ranks]
            masked = hidden(heard, OUTSIDE_THRESHOLD)
            if masked.issuperset(kept):
                continue
            row = evened(row, weights, masked)
        lemmas.append(lemma)
        rows.append([row[rank] for rank in kept])
        if len(lemmas) == most:
            break
    return WordTable(
        tuple(lemmas),
        tuple(group.parts[rank] for rank in kept),
        np.array(rows, dtype=np.float64).reshape(len(rows), len(kept)),
        tuple(group.parts[rank][1] for rank in ranks if rank not in kept),
    )


def evened(row: Sequence[float], weights: Sequence[float], masked: frozenset[int]) -> list[float]:
    """The row, its masked cells known by their sum alone, shared as their parts weigh."""
    total = sum(row[rank] for rank in masked)
    whole = sum(weights[rank] for rank in masked)
    return [
        (total * weights[rank] / whole if whole else 0.0) if rank in masked else value
        for rank, value in enumerate(row)
    ]


def _counted(said: Mapping[str, Sequence[Token]], corpus: Corpus, group: Group) -> _Counted:
    times: defaultdict[str, Counter[int]] = defaultdict(Counter)
    told: defaultdict[str, Counter[int]] = defaultdict(Counter)
    heard: Counter[str] = Counter()
    people: Counter[int] = Counter()
    for testimony in corpus.testimonies:
        spans = group.spans.get(testimony.id, ())
        people.update({rank for _, _, rank in spans})
        # The spans of one part never overlap: a word is counted once in each part that holds it.
        inside = Counter(
            (token.lemma, rank)
            for token in said.get(testimony.id, ())
            for start, end, rank in spans
            if start <= token.start < end
        )
        for (lemma, rank), number in inside.items():
            times[lemma][rank] += number
            told[lemma][rank] += 1
        heard.update({lemma for lemma, _ in inside})
    return _Counted(times, told, heard, people)
