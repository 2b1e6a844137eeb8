"""A text as numbers: its lemmas, its letters, the meaning of its words, what the grid says of it.

Everything that is counted (how rare a word is, the middle of the vectors) is counted on the texts
given when the space is made. Jobs only: numpy and scikit-learn load here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.codebook import fold
from analysis.french import Token, stop_words
from analysis.learning_grid import Grid, Said
from analysis.learning_vectors import unit
from analysis.sentences import sentences

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

_WORD = re.compile(r"\w+")
# How much each family of features weighs; set by cross-validation on labelled contributions.
_FIRST, _VECTORS, _PEAKS, _NEAR, _THEMES = 0.7, 0.7, 0.85, 0.06, 0.35


@dataclass(frozen=True, slots=True)
class Read:
    """Texts with their words and what the grid says of them."""

    texts: tuple[str, ...]
    tokens: tuple[tuple[Token, ...], ...]
    said: Said

    def __len__(self) -> int:
        return len(self.texts)

    def first(self, most: int) -> Read:
        """The first of these texts."""
        return Read(self.texts[:most], self.tokens[:most], self.said.first(most))


@dataclass(frozen=True, slots=True)
class Rows:
    """The features of texts: sparse ones (words, letters), then dense ones (meaning, grid)."""

    sparse: Any
    dense: Matrix

    def __getitem__(self, places: Any) -> Rows:
        return Rows(self.sparse[places], self.dense[places])

    def kernel(self) -> Matrix:
        """How alike any two of these texts are."""
        alike: Matrix = (self.sparse @ self.sparse.T).toarray() + self.dense @ self.dense.T
        return alike


def read(texts: Sequence[str], tokens: Sequence[Sequence[Token]] | None, grid: Grid) -> Read:
    """Texts as the features need them; their words are found here when nobody gives them."""
    from analysis.french import annotate

    if tokens is None:
        found = annotate({str(rank): text for rank, text in enumerate(texts)})
        tokens = [found[str(rank)] for rank in range(len(texts))]
    kept = tuple(tuple(mine) for mine in tokens)
    return Read(tuple(texts), kept, grid.read(texts, kept))


def lemmas(tokens: Sequence[Token]) -> list[str]:
    """The folded lemmas of the words that are not mere tools."""
    folded = [(fold(token.lemma), token.pos) for token in tokens]
    return [lemma for lemma, pos in folded if lemma and (pos == "NOUN" or lemma not in tools())]


@lru_cache(maxsize=1)
def tools() -> frozenset[str]:
    """The folded words that are mere tools."""
    return frozenset(fold(word) for word in stop_words())


def _grams(tokens: Sequence[Token]) -> list[str]:
    single = lemmas(tokens)
    return single + [f"{one} {two}" for one, two in pairwise(single)]


def _as_written(text: str) -> list[str]:
    words = _WORD.findall(fold(text))
    return words + [f"{one} {two}" for one, two in pairwise(words)]


def _opening(text: str, tokens: Sequence[Token]) -> list[str]:
    """The lemmas of the first sentence, which most often says the subject."""
    spans = sentences(text)
    end = spans[0].end if spans else 0
    return lemmas([token for token in tokens if token.start < end])


class Space:
    """Turns texts into rows; made from all the texts at hand, labelled or not."""

    def __init__(self, texts: Read, grid: Grid, *, together: bool = False) -> None:
        """``together``: texts bear several codes; then words as they are written count too,
        « aucun » and « non » among them, and the peaks of the meaning do not."""
        self._grid = grid
        self._surface = _weigher("surface", texts.texts, None) if together else None
        self._words = _weigher("word", texts.tokens, _grams)
        self._openings = _weigher("word", _pairs(texts), lambda pair: _opening(*pair))
        self._letters = _weigher("letters", texts.texts, None)
        self._centres = [_centre(block) for block in self._vectors(texts)]
        self._middle = None if together else self._peaks(texts).mean(axis=0)
        self._near = (texts.said.near.mean(axis=0), texts.said.near.std(axis=0) + 1e-6)
        self.lemmas: dict[str, int] = self._words.vocabulary_ if self._words else {}

    def rows(self, texts: Read) -> Rows:
        """The features of these texts, a constant last."""
        import numpy as np
        from scipy import sparse

        blocks = [
            weigher.transform(items) * scale
            for weigher, items, scale in (
                (self._words, texts.tokens, 1.0),
                (self._openings, _pairs(texts), _FIRST),
                (self._letters, texts.texts, 1.0),
                (self._surface, texts.texts, 1.0),
            )
            if weigher is not None
        ]
        near = (texts.said.near - self._near[0]) / self._near[1] * _NEAR
        themes = unit(np.log1p(texts.said.themes)) * _THEMES
        vectors = [
            _moved(block, centre) * _VECTORS
            for block, centre in zip(self._vectors(texts), self._centres, strict=True)
        ]
        if self._middle is not None:
            vectors.append(unit(self._peaks(texts) - self._middle) * _PEAKS)
        one = np.ones((len(texts), 1), np.float32)
        empty = sparse.csr_matrix((len(texts), 1), dtype=np.float32)
        joined = sparse.hstack([*blocks, empty], format="csr", dtype=np.float32)
        return Rows(joined, np.hstack([*vectors, near, themes, one]).astype(np.float32))

    def _vectors(self, texts: Read) -> tuple[Matrix, Matrix]:
        import numpy as np

        vectors = self._grid.vectors
        every = [
            vectors.sentence(text, mine, content=False)
            for text, mine in zip(texts.texts, texts.tokens, strict=True)
        ]
        whole = np.array(every, np.float32).reshape(len(every), vectors.width)
        return texts.said.content, whole

    def _peaks(self, texts: Read) -> Matrix:
        """The highest and lowest of each dimension among a text's words: one strong word tells."""
        import numpy as np

        vectors = self._grid.vectors
        every = [
            vectors.peaks(text, mine) for text, mine in zip(texts.texts, texts.tokens, strict=True)
        ]
        return np.array(every, np.float32).reshape(len(every), 2 * vectors.width)


def _pairs(texts: Read) -> list[tuple[str, tuple[Token, ...]]]:
    return list(zip(texts.texts, texts.tokens, strict=True))


def _weigher(kind: str, items: Sequence[Any], analyzer: Any) -> Any:
    """Rare words weigh more; None when the texts hold no word at all."""
    from numpy import float32
    from sklearn.feature_extraction.text import TfidfVectorizer

    if kind == "word":
        weigher = TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, dtype=float32)
    elif kind == "surface":
        weigher = TfidfVectorizer(
            analyzer=_as_written,
            sublinear_tf=True,
            dtype=float32,
        )
    else:
        weigher = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=2 if len(items) > 50 else 1,
            max_features=150_000,
            preprocessor=fold,
            sublinear_tf=True,
            dtype=float32,
        )
    try:
        return weigher.fit(items)
    except ValueError:
        return None


def _centre(block: Matrix) -> tuple[Any, Any]:
    """The middle of the vectors and the direction that they all share."""
    import numpy as np

    middle = block.mean(axis=0)
    moved = block - middle
    values, directions = np.linalg.eigh(moved.T @ moved)
    return middle, directions[:, int(values.argmax())]


def _moved(block: Matrix, centre: tuple[Any, Any]) -> Matrix:
    middle, shared = centre
    moved = block - middle
    return unit(moved - (moved @ shared)[:, None] * shared)
