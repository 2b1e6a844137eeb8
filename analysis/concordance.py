"""A word with what stands around it, each time it is said (a concordance, or KWIC).

Three orders: as one reads; by the words that follow; by the words that come before, read
backwards. Accents and capitals do not count in either. The orders are computed once for the
campaign, so that a page of lines needs only the texts it shows.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from analysis.codebook import fold
from analysis.contexts import after, before, shown
from analysis.corpus import Corpus, Testimony
from analysis.french import Token
from analysis.sentences import PLACEHOLDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

Order = Literal["reading", "right", "left"]
MOST_TERMS = 2_000
WIDTH = 60  # code points on each side
_STEPS = (1, 2, 4, 8)  # 16 words are compared on each side; then the order of reading decides
_LETTER = "[^\\W_][\u0300-\u036f]*"
_WORD = re.compile(f"{PLACEHOLDER.pattern}|(?:{_LETTER})+")


class PostingsError(ValueError):
    """What was kept of a word cannot be trusted; the message says what to do, in French."""


class Place(NamedTuple):
    """A stretch of a testimony's text: half-open code-point offsets."""

    testimony: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A word between its contexts: ``left`` ends at ``start``, ``right`` begins at ``end``."""

    testimony: str
    left: str
    key: str
    right: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term is said, as one reads; ``right`` and ``left`` are ranks in the other orders.

    ``ranks`` point into ``testimonies``, the ids of the whole corpus that all terms share.
    """

    lemma: str
    testimonies: tuple[str, ...]
    ranks: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    right: Sequence[int]
    left: Sequence[int]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def said_by(self) -> int:
        """How many testimonies say it: what only one says is not shown outside."""
        return len(set(self.ranks))

    def places(self, order: Order = "reading", start: int = 0, size: int = 50) -> tuple[Place, ...]:
        """A page of places in this order: their testimonies are the only ones to load."""
        kept = {"reading": range(len(self)), "right": self.right, "left": self.left}[order]
        return tuple(
            Place(self.testimonies[self.ranks[at]], self.starts[at], self.ends[at])
            for at in kept[max(0, start) : max(0, start) + max(0, size)]
        )

    def packed(self) -> str:
        """Compact JSON, without the shared list of testimonies."""
        lengths = [end - start for start, end in zip(self.starts, self.ends, strict=True)]
        columns = [self.ranks, self.starts, lengths, self.right, self.left]
        entry = [self.lemma, *map(list, columns)]
        return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def unpack(cls, packed: str, testimonies: tuple[str, ...]) -> Postings:
        """What `packed` made; ``PostingsError`` when it does not hold together."""
        try:
            lemma, *columns = json.loads(packed)
            ranks, starts, lengths, right, left = (array("I", column) for column in columns)
            ends = array("I", map(sum, zip(starts, lengths, strict=True)))
            every = list(range(len(ranks)))
            whole = len(ranks) == len(starts) and sorted(right) == every == sorted(left)
            sound = whole and isinstance(lemma, str) and all(lengths)
            if not sound or any(rank >= len(testimonies) for rank in ranks):
                raise ValueError
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise PostingsError(
                "La concordance gardée pour ce mot est abîmée. Rien n'est perdu : "
                "relancez l'analyse."
            ) from error
        return cls(lemma, testimonies, ranks, starts, ends, right, left)


def index(
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    most: int = MOST_TERMS,
    asked: Collection[str] = (),
) -> dict[str, Postings]:
    """The ``most`` frequent terms and those ``asked``, most frequent first, then alphabetical.

    A term asked for that nobody says has no places. Testimonies that ``said`` does not hold
    are left out.
    """
    counts = Counter(token.lemma for one in corpus.testimonies for token in said.get(one.id, ()))
    ranked = sorted(counts, key=lambda lemma: (-counts[lemma], lemma))[: max(0, most)]
    further = sorted(set(asked) - set(ranked), key=lambda lemma: (-counts[lemma], lemma))
    return _postings([*ranked, *further], said, corpus)


def concordance(said: Mapping[str, Sequence[Token]], corpus: Corpus, lemma: str) -> Postings:
    """The places of one term: only the texts that say it are read."""
    return _postings([lemma], said, corpus)[lemma]


def lines(
    postings: Postings,
    texts: Mapping[str, str],
    order: Order = "reading",
    start: int = 0,
    size: int = 50,
    width: int = WIDTH,
) -> list[Line]:
    """A page of the concordance; ``texts`` hold at least the testimonies of `Postings.places`.

    Contexts are cut between words, masked passages stay whole, and line ends show as spaces:
    ``left`` and ``right`` have as many code points as the text they stand for.
    """
    found = []
    for place in postings.places(order, start, size):
        text = texts[place.testimony]
        left = before(text, place.start, width)
        right = after(text, place.end, width)
        key = shown(text[place.start : place.end])
        around = shown(text[left : place.start]), shown(text[place.end : right])
        found.append(Line(place.testimony, around[0], key, around[1], place.start, place.end))
    return found


def _postings(
    terms: Sequence[str], said: Mapping[str, Sequence[Token]], corpus: Corpus
) -> dict[str, Postings]:
    """Places gathered by term, then sorted by what surrounds them."""
    import numpy as np  # heavy: only when an analysis runs

    numbers = {lemma: number for number, lemma in enumerate(terms)}
    rows = [
        (numbers[token.lemma], rank, token.start, token.end)
        for rank, testimony in enumerate(corpus.testimonies)
        for token in said.get(testimony.id, ())
        if token.lemma in numbers
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    table = table[np.lexsort((table[:, 3], table[:, 2], table[:, 1], table[:, 0]))]
    right, left = _sides(corpus.testimonies, table)
    ids = tuple(testimony.id for testimony in corpus.testimonies)
    bounds = np.searchsorted(table[:, 0], np.arange(len(terms) + 1))
    found = {}
    for lemma, low, high in zip(terms, bounds[:-1], bounds[1:], strict=True):
        orders = (np.argsort(side[low:high], kind="stable") for side in (right, left))
        columns = (*table[low:high, 1:].T, *orders)
        found[lemma] = Postings(lemma, ids, *map(_small, columns))
    return found


def _sides(
    testimonies: Sequence[Testimony], table: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each row of the table, the rank of the words after it and of those before it."""
    import numpy as np

    ranks = np.unique(table[:, 1])
    texts = [testimonies[rank].text for rank in ranks]
    offsets = np.cumsum([0, *(len(text) + 1 for text in texts)])
    starts, ends, keys = _words(texts, offsets)
    base = offsets[np.searchsorted(ranks, table[:, 1])]
    following = np.searchsorted(starts, base + table[:, 3], side="left")
    preceding = np.searchsorted(ends, base + table[:, 2], side="right") - 1
    return _order(keys)[following], _order(keys[::-1])[::-1][preceding]


def _words(
    texts: Sequence[str], offsets: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Where the words of the texts put end to end stand, and their ranks in the alphabet.

    A masked passage is one word. Each end of a text is a word of its own, before all others and
    in order of reading: no comparison goes beyond it.
    """
    import numpy as np

    starts, ends, keys = array("q", [-1]), array("q", [-1]), array("q", [-1])
    numbers: dict[str, int] = {}
    for text, offset in zip(texts, offsets.tolist(), strict=False):
        for match in _WORD.finditer(text):
            starts.append(offset + match.start())
            ends.append(offset + match.end())
            keys.append(numbers.setdefault(match[0], len(numbers)))
        starts.append(offset + len(text))
        ends.append(offset + len(text))
        keys.append(-1)
    folded = [fold(word).strip("[]") for word in numbers]
    alphabet = {word: rank for rank, word in enumerate(sorted(set(folded)))}
    ranks = np.array([alphabet[word] for word in folded] + [0]) + len(texts) + 1
    numbered = np.asarray(keys)
    is_end = numbered < 0
    return (
        np.asarray(starts),
        np.asarray(ends),
        np.where(is_end, np.cumsum(is_end) - 1, ranks[numbered]),
    )


def _order(keys: NDArray[Any]) -> NDArray[Any]:
    """The rank of each position by the keys from it on: prefix doubling (Manber & Myers 1993)."""
    import numpy as np

    ranks = keys
    for step in _STEPS:
        following = np.zeros_like(ranks)
        following[:-step] = ranks[step:] + 1
        _, ranks = np.unique(ranks * (ranks.max() + 2) + following, return_inverse=True)
    return ranks


def _small(values: NDArray[Any]) -> array[int]:
    return array("I", values.astype("uint32").tobytes())
