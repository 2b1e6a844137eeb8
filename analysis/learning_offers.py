"""From probabilities to what is shown: how many codes, and the words that speak for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.french import Token, is_content
from analysis.learning_features import Read, Space, lemmas
from analysis.learning_grid import Grid
from analysis.learning_ridge import Weights
from analysis.suggestions import Suggestion

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

FLOOR = 0.01  # less probable than this is never shown
_SURE = 0.9  # a first code so probable is shown with one other, a less probable one with two
_LEFT = 0.05  # then enough is shown when what is not shown weighs less than this
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Offerer:
    """Shows codes; ``alone``: from the grid only, one code of each theme."""

    grid: Grid
    space: Space
    codes: tuple[str, ...]
    alone: bool

    def offers(
        self, texts: Read, likely: Any, weights: Weights | None, most: int
    ) -> list[tuple[Suggestion, ...]]:
        """The suggestions of each text; none for a text whose words say nothing."""
        found = []
        for rank in range(len(texts)):
            tokens = texts.tokens[rank]
            told = any(map(is_content, tokens)) if self.alone else bool(tokens)
            places = self._shown(likely[rank], most) if told else []
            spoken = self._spoken(texts.texts[rank], tokens, places, weights)
            found.append(
                tuple(
                    self._offer(texts, rank, place, float(likely[rank, place]), words)
                    for place, words in zip(places, spoken, strict=True)
                )
            )
        return found

    def _shown(self, likely: Any, most: int) -> list[int]:
        import numpy as np

        order = np.argsort(-likely, kind="stable")
        left = float(likely.sum())
        shown: list[int] = []
        sure = not self.alone and likely.max() >= _SURE  # the grid alone was never checked here
        least = 2 if sure else 3
        for place in order[:most]:
            if likely[place] < FLOOR or (len(shown) >= least and left < _LEFT):
                break
            shown.append(int(place))
            left -= float(likely[place])
        return shown

    def _offer(
        self, texts: Read, rank: int, place: int, score: float, words: tuple[str, ...]
    ) -> Suggestion:
        code, book = self.codes[place], self.grid.book
        theme = book.code(code).theme if code in book else ""
        keywords = texts.said.words[rank].get(theme, ()) if theme else ()
        said = tuple(dict.fromkeys((*keywords, *words)))[:_WORDS]
        if self.alone:
            code = self.grid.narrowed(texts.said, rank, theme, code)
        return Suggestion(code, theme, round(min(max(score, 0.0), 1.0), 6), said)

    def _spoken(
        self, text: str, tokens: Sequence[Token], places: list[int], weights: Weights | None
    ) -> list[tuple[str, ...]]:
        """For each of these codes, the words of this text that say it more than other codes."""
        import numpy as np

        kept = [token for token in tokens if is_content(token)]
        if weights is None or not kept or not places:
            return [()] * len(places)
        says = self._contributions(text, kept, weights)
        says = (says - says.mean(axis=1, keepdims=True))[:, places]
        spoken = []
        for column in says.T:
            order = np.argsort(-column, kind="stable")
            best = [kept[rank] for rank in order if column[rank] > 0]
            said = dict.fromkeys(text[one.start : one.end].lower() for one in best)
            spoken.append(tuple(said)[:_WORDS])
        return spoken

    def _contributions(self, text: str, tokens: Sequence[Token], weights: Weights) -> Matrix:
        """What each word adds to each code, by itself and by its meaning."""
        import numpy as np

        vectors = self.grid.vectors
        meaning = vectors.words(text, tokens)
        says: Matrix = meaning @ weights.dense[: vectors.width] / max(len(tokens), 1) ** 0.5
        for rank, token in enumerate(tokens):
            place = self.space.lemmas.get(next(iter(lemmas([token])), ""))
            if place is not None:
                says[rank] += np.asarray(weights.sparse[place]) / len(tokens) ** 0.5
        return says
