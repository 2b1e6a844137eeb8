"""Every term said in a campaign, as columns of numbers: what counting by part starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.corpus import Corpus
from analysis.french import Token
from analysis.groups import Group
from analysis.terms import words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Occurrences:
    """One line for each term said, in reading order.

    ``term`` and ``voice`` are ranks in ``lemmas`` (sorted) and ``testimonies`` (in order of the
    corpus); ``totals``: times each lemma is said; ``voices``: testimonies that say it.
    """

    lemmas: tuple[str, ...]
    testimonies: tuple[str, ...]
    term: NDArray[Any]
    voice: NDArray[Any]
    start: NDArray[Any]
    end: NDArray[Any]
    totals: NDArray[Any]
    voices: NDArray[Any]

    def kept(self, least: int, voices: int) -> NDArray[Any]:
        """Ranks of the lemmas said ``least`` times or more, by as many testimonies as that."""
        found: NDArray[Any] = ((self.totals >= least) & (self.voices >= voices)).nonzero()[0]
        return found

    def inside(self, group: Group) -> tuple[NDArray[Any], NDArray[Any]]:
        """The terms that begin in each part: their lines, and the rank of the part for each."""
        import numpy as np  # heavy: only when an analysis runs

        rank = {testimony: place for place, testimony in enumerate(self.testimonies)}
        spans = [
            (rank[testimony], *span)
            for testimony, held in group.spans.items()
            if testimony in rank
            for span in held
        ]
        voice, start, end, part = np.array(spans, dtype=np.int64).reshape(-1, 4).T
        wide = 1 + max(int(self.start.max(initial=0)), int(end.max(initial=0)))
        places = self.voice * wide + self.start
        first = places.searchsorted(voice * wide + start)
        lengths = places.searchsorted(voice * wide + end) - first
        shift = np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
        return np.arange(lengths.sum()) + shift, np.repeat(part, lengths)

    def positions(self, lines: NDArray[Any], most: int) -> tuple[tuple[str, int, int], ...]:
        """Where these lines stand in the texts, one from each testimony first."""
        seen: dict[int, int] = {}
        ranked = []
        for line in lines.tolist():
            voice = int(self.voice[line])
            seen[voice] = turn = seen.get(voice, -1) + 1
            ranked.append((turn, line))
        return tuple(
            (self.testimonies[self.voice[line]], int(self.start[line]), int(self.end[line]))
            for _, line in sorted(ranked)[:most]
        )


def occurrences(said: Mapping[str, Sequence[Token]], corpus: Corpus) -> Occurrences:
    """The terms of `analysis.terms`; ``CorpusError`` when a testimony has none prepared."""
    import numpy as np  # heavy: only when an analysis runs

    held = [words_of(said, testimony) for testimony in corpus.testimonies]
    lemmas = tuple(sorted({token.lemma for tokens in held for token in tokens}))
    rank = {lemma: place for place, lemma in enumerate(lemmas)}
    lines = [
        (rank[token.lemma], voice, token.start, token.end)
        for voice, tokens in enumerate(held)
        for token in sorted(tokens, key=_place)
    ]
    term, voice, start, end = np.array(lines, dtype=np.int64).reshape(-1, 4).T.copy()
    each = np.unique(term * max(1, len(held)) + voice) // max(1, len(held))
    return Occurrences(
        lemmas,
        tuple(testimony.id for testimony in corpus.testimonies),
        term,
        voice,
        start,
        end,
        np.bincount(term, minlength=len(lemmas)),
        np.bincount(each, minlength=len(lemmas)),
    )


def _place(token: Token) -> tuple[int, int]:
    return token.start, token.end
