"""Suggestions that learn: first from the grid alone, then from what people coded.

The grid's prototypes (keywords, definitions) speak alone as long as nothing is coded; what they
say counts less for a code as its codings grow, from 5 to 20. Texts that nobody coded teach too:
what the machine guesses of them, with little weight, shows it words that no coding holds yet.
The same codings always give the same suggestions. Jobs only; a model is used, then thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.codebook import Codebook
from analysis.french import Token
from analysis.learning_features import Read, Rows, Space, read
from analysis.learning_grid import Grid
from analysis.learning_offers import Offerer
from analysis.learning_report import NOTHING, Report, measure
from analysis.learning_ridge import (
    Scale,
    Weights,
    as_bold,
    calibrated,
    shares,
    solve,
    unseen,
)
from analysis.learning_taught import ENOUGH, Taught, kept, spelling, spread, taught
from analysis.learning_together import Blend, Names, blended
from analysis.learning_vectors import Vectors, load
from analysis.suggestions import MOST, Suggestion

_MOST_OTHERS = 1_000  # the time to learn grows with the cube of what is read
_FEWEST_OTHERS = 100  # fewer uncoded texts teach nothing sure
# Set by cross-validation on labelled contributions.
_CALM_ALONE = 4.0
_MOST_CALM, _CALMER = 3.0, 1_000  # codings: the more, the calmer
_GUESS, _GUESS_ALONE = 6.0, 4.0  # how boldly guesses are made while learning
_SURE, _SURE_ALONE, _SURE_GRID = 5.0, 8.0, 6.0  # slopes of probability before any measure
_AT_ONCE = 1_000  # texts read at once, to spare memory
_HINT = 0.2  # what prototypes count for when codes do not exclude one another
_FADE = 5  # codings of a code that weigh as much as its prototype
_TEACH = 0.1  # what an uncoded text counts for, next to a coded one


@dataclass(frozen=True)
class Model:
    """What was learned. ``learned`` are the codes with at least 20 codings.

    ``report`` says how the machine did on the codings it had not seen (leave-one-out).
    """

    learned: tuple[str, ...]
    report: Report
    _grid: Grid
    _space: Space
    _offerer: Offerer
    _weights: Weights | None
    _scale: Scale | Blend
    _fading: Any
    _spelling: dict[str, str]

    def suggest(
        self,
        texts: Sequence[str],
        tokens: Sequence[Sequence[Token]] | None = None,
        most: int = MOST,
    ) -> list[tuple[Suggestion, ...]]:
        """For each text, at most ``most`` codes, the most probable first, with their words.

        Two or three when the machine is sure, up to six when not, none below a floor. Scores
        are probabilities. ``tokens`` are those of each text; found here when not given.
        """
        return [
            offers
            for found in self._portions(texts, tokens)
            for offers in self._offerer.offers(found, self._likely(found), self._weights, most)
        ]

    def unsure(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]] | None = None
    ) -> list[float]:
        """How much the machine hesitates on each text: 0 (sure) to 1 (all codes as likely)."""
        import numpy as np

        doubts: list[float] = []
        for found in self._portions(texts, tokens):
            likely = self._likely(found) + 1e-9
            likely = likely / likely.sum(axis=1, keepdims=True)
            entropy = -(likely * np.log(likely)).sum(axis=1) / np.log(max(likely.shape[1], 2))
            doubts += [float(one) for one in entropy.clip(0, 1)]
        return doubts

    def _portions(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]] | None
    ) -> Iterator[Read]:
        for first in range(0, len(texts), _AT_ONCE):
            last = first + _AT_ONCE
            mine = tokens[first:last] if tokens is not None else None
            yield read(texts[first:last], mine, self._grid)

    def _likely(self, texts: Read) -> Any:
        """The probability of each code for each text."""
        codes = self._offerer.codes
        prior = self._grid.of_labels(texts.said, codes, self._spelling)
        scores = prior * self._fading
        if self._weights is not None:
            scores = scores + self._weights.scores(self._space.rows(texts))
        if isinstance(self._scale, Blend):
            return self._scale.probabilities(scores, texts)
        return self._scale.probabilities(scores)


def train(
    texts: Sequence[str],
    labels: Sequence[Sequence[str]],
    book: Codebook,
    *,
    tokens: Sequence[Sequence[Token]] | None = None,
    vectors: Vectors | None = None,
    others: Sequence[str] = (),
    other_tokens: Sequence[Sequence[Token]] | None = None,
) -> Model:
    """Learn from coded texts; ``labels`` are each text's codes (a text without any is left out).

    ``others`` are uncoded texts, best those to be coded: they teach how people speak here.
    Labels that are not codes of the grid are codes in their own right. Nothing coded: the grid
    alone suggests, a theme at a time.
    """
    grid = Grid(book, vectors) if vectors is not None else _grid(book)
    places = kept(texts, labels)
    mine = [tokens[place] for place in places] if tokens is not None else None
    coded = read([texts[place] for place in places], mine, grid)
    pool = spread(range(len(others)), _MOST_OTHERS)
    ours = [other_tokens[place] for place in pool] if other_tokens is not None else None
    free = read([others[place] for place in pool], ours, grid)
    lesson = taught([labels[place] for place in places], book)
    seen = read([*coded.texts, *free.texts], [*coded.tokens, *free.tokens], grid)
    known = seen if seen.texts else read([""], [()], grid)
    space = Space(known, grid, together=lesson.together)
    return _Lesson(grid, space, seen, len(coded), lesson).model()


@lru_cache(maxsize=2)
def _grid(book: Codebook) -> Grid:
    """The prototypes of a grid, made once for each version of it."""
    return Grid(book, load())


class _Lesson:
    """One training: the first ``coded`` of the texts seen bear codes, the others do not."""

    def __init__(self, grid: Grid, space: Space, seen: Read, coded: int, taught: Taught) -> None:
        self.grid, self.space, self.seen, self.taught, self.coded = grid, space, seen, taught, coded
        self.others = len(seen) - coded
        self.spelling = spelling(seen)
        self.rows = space.rows(seen) if seen.texts else None
        self.prior = grid.of_labels(seen.said, taught.codes, self.spelling)
        hint = _HINT if taught.together else 1.0
        self.fading = hint * _FADE / (_FADE + taught.counts)

    def model(self) -> Model:
        """The weights, the scale and the figures."""
        weights, scale, fading, report = self._learned() if self.coded else self._alone()
        codes, counts = self.taught.codes, self.taught.counts
        learned = tuple(code for code, count in zip(codes, counts, strict=True) if count >= ENOUGH)
        offerer = Offerer(self.grid, self.space, codes, not self.coded)
        return Model(
            learned,
            report,
            self.grid,
            self.space,
            offerer,
            weights,
            scale,
            fading,
            self.spelling,
        )

    def _learned(self) -> tuple[Weights, Scale | Blend, Any, Report]:
        """From codings; the figures and the scale come from texts left out."""
        rows, taught = self._rows(), self.taught
        kernel = rows.kernel()
        mine = slice(0, self.coded)
        calm = min(1 + self.coded / _CALMER, _MOST_CALM)
        targets, worth = 2 * taught.truth - 1, taught.worth()
        left_out = unseen(kernel[mine, mine], targets, worth, calm) + self._hinted()[mine]
        weights = solve(rows[mine], kernel[mine, mine], targets, worth, calm)
        blend = self._blended(left_out) if taught.together else None
        if blend is not None:
            report = measure(blend[1], taught.truth, taught.codes)
            return weights, blend[0], self.fading, report
        scale = calibrated(left_out, taught.truth, _SURE)
        report = measure(left_out, taught.truth, taught.codes)
        if taught.together or self.others < _FEWEST_OTHERS:
            return weights, scale, self.fading, report
        weights, guessed = self._guessing(rows, kernel, weights, calm)
        return weights, as_bold(scale, left_out, guessed), self.fading, report

    def _blended(self, left_out: Any) -> tuple[Blend, Any] | None:
        mine = self.seen.first(self.coded)
        names = Names(self.taught.codes, self.grid.book, self.seen)
        return blended(left_out, self.taught.truth, names, mine)

    def _guessing(
        self, rows: Rows, kernel: Any, weights: Weights, calm: float
    ) -> tuple[Weights, Any]:
        """Learn again, twice, from the guesses made on uncoded texts; what is guessed at last."""
        import numpy as np

        free, hinted = slice(self.coded, None), self._hinted()
        targets, worth = 2 * self.taught.truth - 1, self.taught.worth()
        part = _TEACH * ENOUGH / (ENOUGH + self.coded / len(self.taught.codes))
        for _ in range(2):
            guesses = shares(_GUESS * (weights.scores(rows[free]) + hinted[free]))
            weights = solve(
                rows,
                kernel,
                np.vstack([targets, 2 * guesses - 1]),
                np.concatenate([worth, part * _even(guesses)]),
                calm,
            )
        return weights, weights.scores(rows[free]) + hinted[free]

    def _hinted(self) -> Any:
        """What the prototypes add, less for a code that was much used."""
        return self.prior * self.fading

    def _alone(self) -> tuple[Weights | None, Scale, Any, Report]:
        """From the grid: its guesses on all the texts, made even, then learned from."""
        if self.others < _FEWEST_OTHERS:
            return None, Scale(_SURE_GRID), self.fading, NOTHING
        rows = self._rows()
        kernel = rows.kernel()
        guesses = shares(_GUESS_ALONE * self.prior)
        for _ in range(2):
            weights = solve(rows, kernel, guesses, _even(guesses), _CALM_ALONE)
            learned = weights.scores(rows)
            guesses = shares(_GUESS_ALONE * self.prior + 2 * _GUESS_ALONE * learned)
        return weights, Scale(_SURE_ALONE), 0.0 * self.fading, NOTHING

    def _rows(self) -> Rows:
        if self.rows is None:
            raise ValueError("A lesson needs a text.")
        return self.rows


def _even(guesses: Any) -> Any:
    """Worths that keep a code guessed everywhere from drowning the others."""
    import numpy as np

    frequent = np.maximum(guesses.mean(axis=0) * guesses.shape[1], 0.25)
    return (guesses / frequent).sum(axis=1)
