"""What the grid alone says of a text: its keywords, and how near the text is to each code.

A code is known by its label, its definition and its keywords: the mean of their vectors is its
prototype. A label that the grid does not hold is known by its own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.codebook import Code, Codebook, fold
from analysis.french import Token, annotate
from analysis.learning_vectors import Vectors, unit
from analysis.suggestions import suggest

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

KEYWORDS = 0.3  # what a keyword adds to a nearness (a cosine); set by measure
_MOST_KEYWORDS = 2.0
_NAME = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What the grid says of texts: rows are texts; ``near`` is per code, ``themes`` per theme.

    ``words`` holds, for each text, the words said that are keywords of each theme.
    """

    near: Matrix
    themes: Matrix
    words: tuple[dict[str, tuple[str, ...]], ...]
    content: Matrix

    def first(self, most: int) -> Said:
        """Of the first texts."""
        return Said(self.near[:most], self.themes[:most], self.words[:most], self.content[:most])


class Grid:
    """The prototypes of a grid's codes, made once."""

    def __init__(self, book: Codebook, vectors: Vectors) -> None:
        self.book = book
        self.vectors = vectors
        self.codes = tuple(code for code in book.all_codes() if code.theme)
        self.themes = tuple(theme.code for theme in book.themes)
        self._places = {
            theme: [rank for rank, code in enumerate(self.codes) if code.theme == theme]
            for theme in self.themes
        }
        self.middle, self.prototypes = self._prototypes()

    def _prototypes(self) -> tuple[Any, Matrix]:
        import numpy as np

        texts = {
            f"{rank} {part}": said
            for rank, code in enumerate(self.codes)
            for part, said in enumerate(_parts(code))
            if said
        }
        if not texts:
            return np.zeros(self.vectors.width, np.float32), np.zeros(
                (0, self.vectors.width), np.float32
            )
        tokens = annotate(texts)
        parts = self.embedded(list(texts.values()), [tokens[key] for key in texts])
        middle = parts.mean(axis=0)
        total = np.zeros((len(self.codes), self.vectors.width), np.float32)
        for key, part in zip(texts, parts, strict=True):
            total[int(key.split()[0])] += part
        return middle, unit(unit(total) - middle)

    def embedded(self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]) -> Matrix:
        """The vectors of the content words of each text."""
        import numpy as np

        rows = [
            self.vectors.sentence(text, mine, content=True)
            for text, mine in zip(texts, tokens, strict=True)
        ]
        return np.array(rows, np.float32).reshape(len(rows), self.vectors.width)

    def read(self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]) -> Said:
        """What the grid says of each text."""
        import numpy as np

        content = self.embedded(texts, tokens)
        near = self._centred(content) @ self.prototypes.T
        themes = np.zeros((len(texts), len(self.themes)), np.float32)
        words = []
        for rank, (text, mine) in enumerate(zip(texts, tokens, strict=True)):
            found = suggest(text, self.book, mine, most=len(self.themes))
            for one in found:
                themes[rank, self.themes.index(one.theme)] = one.score
            words.append({one.theme: one.words for one in found})
        return Said(near, themes, tuple(words), content)

    def _centred(self, content: Matrix) -> Matrix:
        known = (content**2).sum(axis=1, keepdims=True) > 0
        centred: Matrix = unit((content - self.middle) * known)
        return centred

    def of_themes(self, said: Said) -> Matrix:
        """How much each text speaks of each theme: its two nearest codes, and its keywords."""
        import numpy as np

        found: Matrix = (np.minimum(said.themes, _MOST_KEYWORDS) * KEYWORDS).astype(np.float32)
        for rank, theme in enumerate(self.themes):
            places = self._places[theme]
            found[:, rank] += np.sort(said.near[:, places], axis=1)[:, -2:].mean(axis=1)
        return found

    def of_labels(self, said: Said, labels: Sequence[str], spelling: Mapping[str, str]) -> Matrix:
        """How much each text speaks of each label, a code of the grid or any other name."""
        import numpy as np

        places = {code.code: rank for rank, code in enumerate(self.codes)}
        found = np.zeros((len(said.near), len(labels)), np.float32)
        themes = self.of_themes(said)
        centred = self._centred(said.content)
        for rank, label in enumerate(labels):
            if label in self.themes:
                found[:, rank] = themes[:, self.themes.index(label)]
            elif label in places:
                theme = self.themes.index(self.codes[places[label]].theme)
                keywords = np.minimum(said.themes[:, theme], _MOST_KEYWORDS)
                found[:, rank] = said.near[:, places[label]] + KEYWORDS * keywords
            elif label not in self.book:  # HOR, AUT and INC are a person's judgement
                found[:, rank] = centred @ self._name(label, spelling)
        return found

    def _name(self, label: str, spelling: Mapping[str, str]) -> Any:
        """The vector of a label's own words: « education_jeunesse » is read « éducation »."""
        words = [word.lower() for word in _NAME.findall(label)]
        words = [spelling.get(fold(word), word) for word in words]
        tokens, start = [], 0
        for word in words:
            tokens.append(Token(start, start + len(word), word, "NOUN"))
            start += len(word) + 1
        vector = self.vectors.sentence(" ".join(words), tokens, content=True)
        return self._centred(vector[None])[0]

    def narrowed(self, said: Said, text: int, theme: str, code: str) -> str:
        """The code of a theme that a text is nearest to, when its words point at none."""
        if code != theme:
            return code
        places = [place for place in self._places[theme] if self.codes[place].code != theme]
        if not places:
            return theme
        best = max(places, key=lambda place: float(said.near[text, place]))
        return self.codes[best].code


def _parts(code: Code) -> tuple[str, str, str]:
    return code.label, code.definition, ", ".join(code.lemmas)
