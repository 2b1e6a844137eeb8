"""Expressions that a campaign may want to count as one term: « conseil citoyen », « aire de jeux ».

Candidates are noun phrases, by their parts of speech. One that is nearly always part of a longer
one is left out, by the nested counts of Frantzi, Ananiadou and Mima (2000); the others are ranked
by Dunning's log-likelihood ratio (1993) of their two ends. The score ranks: it tests nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from analysis.corpus import Corpus
from analysis.french import Token
from analysis.terms import Annotated, Selection, plain, runs, words_of

# N noun, A adjective, P preposition, D determiner.
PATTERNS = ("NA", "AN", "NN", "NPN", "NPDN", "NPNA", "NAPN")
_FIRST = {pattern[0] for pattern in PATTERNS}
_LETTERS = {"NOUN": "N", "PROPN": "N", "ADJ": "A", "ADP": "P", "DET": "D"}
_LEAST_COUNT, _LEAST_TESTIMONIES, _MOST = 3, 2, 200


@dataclass(frozen=True, slots=True)
class Expression:
    """A sequence of lemmas, its most usual form, and how much its ends attract each other."""

    lemmas: tuple[str, ...]
    display: str
    count: int
    testimonies: int
    score: float


@dataclass
class _Heard:
    """What is counted while reading: words, candidates, who says them and in which form."""

    words: Counter[str] = field(default_factory=Counter)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    voices: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def expressions(
    annotated: Annotated,
    corpus: Corpus,
    selection: Selection | None = None,
    least: int = _LEAST_COUNT,
    testimonies: int = _LEAST_TESTIMONIES,
    most: int = _MOST,
) -> tuple[Expression, ...]:
    """Expressions said at least ``least`` times in ``testimonies`` testimonies, best first.

    Both ends are words that count as terms. Those that the selection already merges are left out.
    ``CorpusError`` when a testimony was not annotated.
    """
    chosen = selection or Selection()
    heard = _read(annotated, corpus, chosen)
    usual = {
        one: count
        for one, count in heard.counts.items()
        if count >= least and len(heard.voices[one]) >= testimonies
    }
    longer = _nested(usual)
    known = set(chosen.expressions)
    total = heard.words.total()
    found = []
    for one, count in usual.items():
        inside = longer.get(one, ())
        alone = count - (sum(inside) / len(inside) if inside else 0)
        score = _ratio(count, heard.words[one[0]], heard.words[one[-1]], total)
        if alone >= least and score > 0 and one not in known:
            form = min(heard.forms[one].items(), key=lambda pair: (-pair[1], pair[0]))[0]
            found.append(Expression(one, form, count, len(heard.voices[one]), score))
    return tuple(sorted(found, key=lambda one: (-one.score, -one.count, one.lemmas))[:most])


def _read(annotated: Annotated, corpus: Corpus, chosen: Selection) -> _Heard:
    heard = _Heard()
    for testimony in corpus.testimonies:
        for run in runs(words_of(annotated, testimony), testimony.text):
            heard.words.update(token.lemma for token in run)
            for words in _candidates(run, testimony.text, chosen):
                one = tuple(word.lemma for word in words)
                heard.counts[one] += 1
                heard.voices[one].add(testimony.id)
                heard.forms[one][plain(testimony.text[words[0].start : words[-1].end])] += 1
    return heard


def _candidates(run: Sequence[Token], text: str, chosen: Selection) -> Iterator[Sequence[Token]]:
    shape = "".join(_LETTERS.get(token.pos, "-") for token in run)
    for rank, letter in enumerate(shape):
        for pattern in PATTERNS if letter in _FIRST else ():
            last = rank + len(pattern)
            if shape.startswith(pattern, rank) and all(
                chosen.keeps(end, text[end.start : end.end] if chosen.by_form else "")
                for end in (run[rank], run[last - 1])
            ):
                yield run[rank:last]


def _nested(usual: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], list[int]]:
    """For each candidate, the counts of the longer ones that hold it."""
    longer: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for one, count in usual.items():
        for size in range(2, len(one)):
            for rank in range(len(one) - size + 1):
                if one[rank : rank + size] in usual:
                    longer[one[rank : rank + size]].append(count)
    return longer


def _ratio(both: int, first: int, last: int, total: int) -> float:
    """The log-likelihood ratio of two words said together; zero when chance says them more."""
    if both * total <= first * last:
        return 0.0
    cells = (
        (both, first, last),
        (first - both, first, total - last),
        (last - both, total - first, last),
        (total - first - last + both, total - first, total - last),
    )
    return 2 * sum(
        seen * log(seen * total / (row * column)) for seen, row, column in cells if seen > 0
    )
