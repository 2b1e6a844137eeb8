"""Words said together, in a sentence, in a testimony, or within a few words of each other.

What is counted is exact; `analysis.association` says how strongly two words go together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from analysis.association import Index, scores
from analysis.concordance import Place
from analysis.corpus import Corpus, Testimony
from analysis.french import Token
from analysis.lexicon import surfaces
from analysis.sentences import Span, sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

Unit = Literal["sentence", "testimony", "window"]
LEAST = 3
MOST_TERMS = 80
WINDOW = 10  # terms that follow each other, tool words left out
MOST_PLACES = 50
FEWEST = 2  # testimonies: what a single one says could point at somebody


@dataclass(frozen=True, slots=True)
class Term:
    """A term, the form people say most, times said, units holding it, testimonies saying it."""

    lemma: str
    display: str
    count: int
    units: int
    testimonies: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lemmas in the order of the terms, and the places where they are said together.

    ``count`` is the number of such sentences, testimonies, or (in a window) encounters;
    ``places`` are the first of them, those of different testimonies before others.
    """

    a: str
    b: str
    count: int
    testimonies: int
    score: float
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Cooccurrences:
    """Terms, most said first; pairs, strongest first; ``units`` is how many were read."""

    unit: Unit
    index: Index
    units: int
    terms: tuple[Term, ...]
    pairs: tuple[Pair, ...]


class _Said(NamedTuple):
    """One row for each time a kept term is said: testimony, term, place among words, offsets."""

    texts: NDArray[Any]
    terms: NDArray[Any]
    ranks: NDArray[Any]
    starts: NDArray[Any]
    ends: NDArray[Any]


class _Spans(NamedTuple):
    """Stretches of texts: a testimony's rank and offsets for each."""

    texts: NDArray[Any]
    starts: NDArray[Any]
    ends: NDArray[Any]


def cooccurrences(
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    unit: Unit = "sentence",
    least: int = LEAST,
    most_terms: int = MOST_TERMS,
    index: Index = "jaccard",
    window: int = WINDOW,
) -> Cooccurrences:
    """Pairs of frequent terms said together ``least`` times or more, by several testimonies.

    A window is ``window`` terms in a row inside a testimony; the index counts the windows, and a
    pair's ``count`` the encounters of two words within one. Testimonies that ``said`` does not
    hold are left out.
    """
    import numpy as np  # heavy: only when an analysis runs

    heard = [one for one in corpus.testimonies if one.id in said]
    lemmas = _frequent(said, heard, most_terms)
    rows = _rows(said, heard, lemmas)
    if unit == "window":
        lengths = np.array([len(said[one.id]) for one in heard], dtype=np.int64)
        held, units = _windows(rows, lengths, max(2, window))
        spans, met = _encounters(rows, max(2, window))
    else:
        held, units, spans = _units(rows, heard, unit)
    incidence = _incidence(held, rows.terms, units, len(lemmas))
    strength = scores(index, incidence, units)
    pairs = []
    if unit != "window":
        met = dict(_together(incidence, least))
    for (a, b), found in met.items():
        testimonies = len(np.unique(spans.texts[found]))
        if len(found) >= least and testimonies >= FEWEST:
            places = _places(spans, found, heard)
            score = float(strength[a, b])
            pairs.append(Pair(lemmas[a], lemmas[b], len(found), testimonies, score, places))
    pairs.sort(key=lambda pair: (-pair.score, -pair.count, pair.a, pair.b))
    terms = _terms(rows, said, corpus, lemmas, np.diff(incidence.indptr).tolist())
    return Cooccurrences(unit, index, units, terms, tuple(pairs))


def _frequent(
    said: Mapping[str, Sequence[Token]], heard: Sequence[Testimony], most: int
) -> list[str]:
    """The lemmas that people say most, several testimonies at least; ties are alphabetical."""
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for one in heard:
        words = [token.lemma for token in said[one.id]]
        counts.update(words)
        spread.update(set(words))
    shared = [lemma for lemma in counts if spread[lemma] >= FEWEST]
    return sorted(shared, key=lambda lemma: (-counts[lemma], lemma))[: max(0, most)]


def _rows(
    said: Mapping[str, Sequence[Token]], heard: Sequence[Testimony], lemmas: Sequence[str]
) -> _Said:
    import numpy as np

    numbers = {lemma: number for number, lemma in enumerate(lemmas)}
    rows = [
        (text, numbers[token.lemma], rank, token.start, token.end)
        for text, one in enumerate(heard)
        for rank, token in enumerate(said[one.id])
        if token.lemma in numbers
    ]
    return _Said(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def _units(rows: _Said, heard: Sequence[Testimony], unit: Unit) -> tuple[NDArray[Any], int, _Spans]:
    """The sentence or testimony that holds each row, how many there are, and where they are."""
    import numpy as np

    cut = sentences if unit == "sentence" else _whole
    spans = [cut(one.text) for one in heard]
    firsts = np.cumsum([0, *map(len, spans)])
    begins = [[span.start for span in found] for found in spans]
    inside = [
        max(0, bisect_right(begins[text], start) - 1)
        for text, start in zip(rows.texts.tolist(), rows.starts.tolist(), strict=True)
    ]
    table = [(text, *span) for text, found in enumerate(spans) for span in found]
    columns = np.array(table, dtype=np.int64).reshape(-1, 3).T
    return firsts[rows.texts] + np.array(inside, dtype=np.int64), len(table), _Spans(*columns)


def _whole(text: str) -> tuple[Span, ...]:
    return (Span(0, len(text)),) if text.strip() else ()


def _windows(rows: _Said, lengths: NDArray[Any], size: int) -> tuple[NDArray[Any], int]:
    """For each row and each step back, the window that begins there; -1 when there is none."""
    import numpy as np

    numbers = np.where(lengths > 0, np.maximum(lengths - size + 1, 1), 0)
    firsts = np.cumsum(numbers) - numbers
    begins = rows.ranks[:, None] - np.arange(size)
    within = (begins >= 0) & (begins < numbers[rows.texts][:, None])
    return np.where(within, firsts[rows.texts][:, None] + begins, -1), int(numbers.sum())


def _incidence(held: NDArray[Any], terms: NDArray[Any], units: int, size: int) -> Any:
    """Units × terms, 1 where a unit holds a term; sparse, by columns."""
    import numpy as np
    from scipy.sparse import csc_array

    held = held if held.ndim == 2 else held[:, None]
    columns = np.repeat(terms, held.shape[1])
    kept = held.ravel() >= 0
    cells = np.unique(columns[kept] * units + held.ravel()[kept])
    ones = np.ones(len(cells), dtype=np.int64)
    where = (cells % max(1, units), cells // max(1, units))
    return csc_array((ones, where), shape=(units, size))


def _together(incidence: Any, least: int) -> Iterator[tuple[tuple[int, int], NDArray[Any]]]:
    """The units that hold both terms of each pair, from ``least`` units on."""
    import numpy as np
    from scipy.sparse import triu

    joint = triu(incidence.T @ incidence, k=1).tocsr()
    columns = [incidence.indices[low:high] for low, high in pairwise(incidence.indptr)]
    holds = np.zeros(incidence.shape[0], dtype=bool)
    for a, column in enumerate(columns):
        row = slice(joint.indptr[a], joint.indptr[a + 1])
        holds[column] = True
        for b in joint.indices[row][joint.data[row] >= least].tolist():
            yield (a, b), columns[b][holds[columns[b]]]
        holds[column] = False


def _encounters(rows: _Said, size: int) -> tuple[_Spans, dict[tuple[int, int], NDArray[Any]]]:
    """Each time two terms are said less than ``size`` words apart, and those of each pair."""
    import numpy as np

    every = np.arange(len(rows.terms))
    met = []
    for step in range(1, size):
        one, two = every[:-step], every[step:]
        near = (rows.texts[one] == rows.texts[two]) & (rows.ranks[two] - rows.ranks[one] < size)
        near &= rows.terms[one] != rows.terms[two]
        met.append(np.stack([one[near], two[near]]))
    one, two = np.concatenate(met, axis=1)
    order = np.lexsort((two, one))
    one, two = one[order], two[order]
    ends = np.maximum(rows.ends[one], rows.ends[two])
    spans = _Spans(rows.texts[one], rows.starts[one], ends)
    low = np.minimum(rows.terms[one], rows.terms[two])
    code = low * (len(every) + 1) + np.maximum(rows.terms[one], rows.terms[two])
    known, firsts = np.unique(code[by := np.argsort(code, kind="stable")], return_index=True)
    parts = np.split(by, firsts[1:])
    names = [divmod(number, len(every) + 1) for number in known.tolist()]
    return spans, dict(zip(names, parts, strict=False))


def _places(spans: _Spans, found: NDArray[Any], heard: Sequence[Testimony]) -> tuple[Place, ...]:
    """The first places in order of reading, a second of one testimony after the first of all."""
    import numpy as np

    texts = spans.texts[found]
    nth = np.arange(len(texts)) - np.searchsorted(texts, texts)
    kept = found[np.sort(np.argsort(nth, kind="stable")[:MOST_PLACES])]
    columns = (column[kept].tolist() for column in spans)
    return tuple(
        Place(heard[text].id, start, end) for text, start, end in zip(*columns, strict=True)
    )


def _terms(
    rows: _Said,
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    lemmas: Sequence[str],
    units: Sequence[int],
) -> tuple[Term, ...]:
    import numpy as np

    counts = np.bincount(rows.terms, minlength=len(lemmas)).tolist()
    seen = np.unique(np.stack([rows.terms, rows.texts]), axis=1)[0]
    spread = np.bincount(seen, minlength=len(lemmas)).tolist()
    whole = {one.id: said.get(one.id, ()) for one in corpus.testimonies}
    forms = surfaces(whole, corpus, frozenset(lemmas))
    return tuple(
        Term(lemma, " ".join(forms[lemma][0].split()), *numbers)
        for lemma, *numbers in zip(lemmas, counts, units, spread, strict=True)
    )
