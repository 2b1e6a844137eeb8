"""How often each term is said, by how many, in which forms, and how evenly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.corpus import Corpus
from analysis.french import Token, is_content
from analysis.terms import words_of


@dataclass(frozen=True, slots=True)
class WordCount:
    """A lemma: times said, testimonies saying it, and the forms it takes, most frequent first."""

    lemma: str
    count: int
    testimonies: int
    forms: tuple[str, ...]

    @property
    def display(self) -> str:
        """The form people said most: the word to show."""
        return self.forms[0]


@dataclass(frozen=True, slots=True)
class Term(WordCount):
    """A term and how it spreads.

    ``uneven`` over testimonies, and ``uneven_meetings`` over meetings, are Gries's normalised
    deviation of proportions: 0 when each says the term in proportion to the terms it says at
    all, 1 when a single one says it, among the shortest.
    """

    meetings: int
    uneven: float
    uneven_meetings: float

    @property
    def lone(self) -> bool:
        """Whether one testimony alone says it: never to be shown outside, nor in a list."""
        return self.testimonies < 2


def frequencies(annotated: Mapping[str, Sequence[Token]], corpus: Corpus) -> list[WordCount]:
    """Content words of the corpus, most frequent first; ties by testimonies, then alphabetical.

    ``annotated`` is keyed by testimony id and made from the testimonies' own texts;
    ``CorpusError`` when a testimony is missing.
    """
    kept = {
        testimony.id: [token for token in words_of(annotated, testimony) if is_content(token)]
        for testimony in corpus.testimonies
    }
    spread = _counts(kept, {key: key for key in kept})
    forms = surfaces(kept, corpus)
    found = [
        WordCount(lemma, sum(inside.values()), len(inside), forms[lemma])
        for lemma, inside in spread.items()
    ]
    return sorted(found, key=_order)


def lexicon(said: Mapping[str, Sequence[Token]], corpus: Corpus, least: int = 1) -> list[Term]:
    """The terms that ``analysis.terms`` kept (or sequences of them), most frequent first.

    Those said ``least`` times or more. ``CorpusError`` when a testimony is missing. A meeting
    counts where one of its testimonies says the term.
    """
    kept = {testimony.id: words_of(said, testimony) for testimony in corpus.testimonies}
    sizes = {key: len(tokens) for key, tokens in kept.items()}
    if least > 1:
        total = Counter(token.lemma for tokens in kept.values() for token in tokens)
        kept = {
            key: [token for token in tokens if total[token.lemma] >= least]
            for key, tokens in kept.items()
        }
    meeting_of = {testimony.id: testimony.meeting for testimony in corpus.testimonies}
    by_testimony = _counts(kept, {key: key for key in kept})
    by_meeting = _counts(kept, meeting_of)
    held: Counter[str] = Counter()
    for key, size in sizes.items():
        held[meeting_of[key]] += size
    forms = surfaces(kept, corpus)
    among, between = Evenness(sizes), Evenness(held)
    found = [
        Term(
            lemma,
            sum(inside.values()),
            len(inside),
            forms[lemma],
            len(by_meeting[lemma]),
            among.deviation(inside),
            between.deviation(by_meeting[lemma]),
        )
        for lemma, inside in by_testimony.items()
    ]
    return sorted(found, key=_order)


@dataclass(frozen=True)
class Evenness:
    """The parts over which terms spread, and their sizes in terms."""

    sizes: Mapping[str, int]

    @cached_property
    def _whole(self) -> int:
        return sum(self.sizes.values())

    @cached_property
    def _smallest(self) -> int:
        return min((size for size in self.sizes.values() if size), default=0)

    def deviation(self, counts: Mapping[str, int]) -> float:
        """Gries's normalised deviation of proportions (2008; Lijffijt and Gries 2012), 0 to 1.

        Half the sum of the gaps between each part's share of the term and its share of all words,
        over the most it can be: one minus the share of the smallest part. Empty parts are no
        parts; with one part only there is nothing to be uneven: 0.
        """
        said, whole = sum(counts.values()), self._whole
        if not said or self._smallest == whole:
            return 0.0
        inside = sum(self.sizes[part] for part in counts)
        gaps = sum(abs(count * whole - said * self.sizes[part]) for part, count in counts.items())
        raw = (gaps + said * (whole - inside)) / (2 * said * whole)
        return min(1.0, raw / (1 - self._smallest / whole))


def surfaces(
    said: Mapping[str, Sequence[Token]], corpus: Corpus, only: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """The forms of each lemma (of those in ``only``), the most frequent first."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for testimony in corpus.testimonies:
        for token in said[testimony.id]:
            if only is None or token.lemma in only:
                forms[token.lemma][testimony.text[token.start : token.end]] += 1
    return {lemma: _forms(surfaces) for lemma, surfaces in forms.items()}


def _counts(
    said: Mapping[str, Sequence[Token]], part_of: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """For each lemma, how often each part says it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, tokens in said.items():
        part = part_of[key]
        for token in tokens:
            found[token.lemma][part] += 1
    return found


def _order(word: WordCount) -> tuple[int, int, str]:
    return -word.count, -word.testimonies, word.lemma


def _forms(surfaces: Counter[str]) -> tuple[str, ...]:
    """Surface forms without regard to capitals; each is written as it most often is."""
    merged: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for surface, count in surfaces.items():
        merged[surface.lower()].append((count, surface))
    ranked = sorted(merged, key=lambda low: (-sum(count for count, _ in merged[low]), low))
    # Among equals « poubelle » comes before « Poubelle »: small letters sort after capitals.
    return tuple(max(merged[low])[1] for low in ranked)
