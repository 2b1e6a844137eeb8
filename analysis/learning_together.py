"""Codes that go together: how probable each is, whatever the others are.

Three things speak for a code: the machine's score, the code's own words when a text says them
(« santé », « logement »), and how often the code is used. What each is worth is learned from the
scores of texts left out, for all codes at once: most have too few texts for a measure of their own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.codebook import Codebook, fold
from analysis.learning_features import Read, lemmas, tools

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _STEM = 4, 7  # letters of a word that tells, and those that its forms share


class Names:
    """The words of the codes' own names, and how rare each is among these texts."""

    def __init__(self, codes: Sequence[str], book: Codebook, texts: Read) -> None:
        import numpy as np

        self._width = len(codes)
        self._codes: dict[str, list[int]] = defaultdict(list)
        for rank, code in enumerate(codes):
            label = book.code(code).label if code in book else code
            for stem in _stems(word for word in _WORD.findall(fold(label)) if word not in tools()):
                self._codes[stem].append(rank)
        counts = Counter(stem for said in _said(texts) for stem in said & self._codes.keys())
        texts_and_one = len(texts) + 1
        self._worth = {
            stem: float(np.log(texts_and_one / (counts[stem] + 1)) / np.log(texts_and_one + 1))
            for stem in self._codes
        }

    def said(self, texts: Read) -> Matrix:
        """For each text and code, what its rarest own word that is said is worth (0 to 1)."""
        import numpy as np

        found = np.zeros((len(texts), self._width), np.float32)
        for row, said in enumerate(_said(texts)):
            for stem in said & self._codes.keys():
                for code in self._codes[stem]:
                    found[row, code] = max(found[row, code], self._worth[stem])
        return found


def _said(texts: Read) -> list[set[str]]:
    return [
        _stems([*_WORD.findall(fold(text)), *lemmas(tokens)])
        for text, tokens in zip(texts.texts, texts.tokens, strict=True)
    ]


def _stems(words: Any) -> set[str]:
    return {
        word[:_STEM] if len(word) > _STEM else word.rstrip("s")
        for word in words
        if len(word) >= _SHORTEST
    }


@dataclass(frozen=True)
class Blend:
    """The probability of each code by itself, from what speaks for it."""

    _names: Names
    _usual: Matrix
    _worth: Any
    _shift: float

    def probabilities(self, scores: Any, texts: Read) -> Any:
        """One for each text and code; ``scores`` are the machine's."""
        return self._of(_facts(scores, self._names.said(texts), self._usual))

    def _of(self, facts: Any) -> Any:
        import numpy as np

        return 1 / (1 + np.exp(-(facts @ self._worth + self._shift)))


def blended(scores: Any, truth: Any, names: Names, texts: Read) -> tuple[Blend, Any] | None:
    """What was learned, and what it says of the texts left out, whose ``scores`` these are.

    ``truth`` holds 1 where a text bears a code. None when every text bears every code.
    """
    from sklearn.linear_model import LogisticRegression

    answers = truth.ravel() > 0
    if answers.all() or not answers.any():
        return None
    facts = _facts(scores, names.said(texts), _usual(truth.sum(axis=0) - truth))
    spread = facts.std(axis=(0, 1)) + 1e-9
    fitted = LogisticRegression(max_iter=500).fit(
        (facts / spread).reshape(len(answers), -1), answers
    )
    usual = _usual(truth.sum(axis=0, keepdims=True))
    blend = Blend(names, usual, fitted.coef_[0] / spread, float(fitted.intercept_[0]))
    return blend, blend._of(facts)


def _usual(counts: Any) -> Any:
    """How often codes are used, as logarithms around nought."""
    import numpy as np

    logs = np.log(counts + 0.5)
    return logs - logs.mean(axis=1, keepdims=True)


def _facts(scores: Any, said: Any, usual: Any) -> Any:
    import numpy as np

    usual = np.broadcast_to(usual, scores.shape)
    return np.stack([scores, said, usual, scores * usual, said * usual], axis=-1)
