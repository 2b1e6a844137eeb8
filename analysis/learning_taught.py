"""The codings to learn from: which texts, which codes, and how much each counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.codebook import Codebook, fold
from analysis.learning_features import Read

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

ENOUGH = 20  # codings from which a code is learned
_MOST_LABELLED = 3_000  # the time to learn grows with the cube of this
_TOGETHER = 0.05  # when so many texts bear several codes, codes do not exclude one another
_BALANCE = 0.75  # 1: rare codes count as much as frequent ones; 0: each text counts the same


@dataclass(frozen=True, slots=True)
class Taught:
    """The codings to learn from, one row of ``truth`` for each text."""

    codes: tuple[str, ...]
    truth: Matrix
    together: bool

    @property
    def counts(self) -> Any:
        return self.truth.sum(axis=0)

    def worth(self) -> Any:
        """What each text counts for: rare codes more, when texts bear one code each."""
        import numpy as np

        if self.together:
            return np.ones(len(self.truth))
        rarity = len(self.truth) / (np.count_nonzero(self.counts) * np.maximum(self.counts, 1))
        return ((self.truth * rarity).max(axis=1)) ** _BALANCE


def kept(texts: Sequence[str], labels: Sequence[Sequence[str]]) -> list[int]:
    """The texts to learn from: coded, each pair of text and codes once, at most so many.

    When there are too many, those with the rarest codes stay, then texts spread evenly.
    """
    seen: dict[tuple[str, frozenset[str]], int] = {}
    for place, (text, codes) in enumerate(zip(texts, labels, strict=True)):
        if any(codes):
            seen.setdefault((fold(text), frozenset(codes)), place)
    places = sorted(seen.values())
    if len(places) <= _MOST_LABELLED:
        return places
    counts = Counter(code for place in places for code in labels[place] if code)
    rare = [p for p in places if min(counts[c] for c in labels[p] if c) <= 2 * ENOUGH]
    rare = spread(rare, _MOST_LABELLED)
    common = sorted(set(places).difference(rare))
    return sorted([*rare, *spread(common, _MOST_LABELLED - len(rare))])


def spread(places: Sequence[int], most: int) -> list[int]:
    """At most so many of these, evenly spread."""
    if len(places) <= most:
        return list(places)
    return [places[rank * len(places) // most] for rank in range(most)]


def taught(labels: Sequence[Sequence[str]], book: Codebook) -> Taught:
    """The table of codings; the codes are the grid's as soon as one label is one of them."""
    import numpy as np

    used = {code for codes in labels for code in codes if code}
    if not used:
        codes = tuple(theme.code for theme in book.themes)
    elif any(code in book for code in used):
        mine = [c.code for c in book.all_codes() if c.theme or c.code in used]
        codes = (*mine, *sorted(used.difference(mine)))
    else:
        codes = tuple(sorted(used))
    places = {code: rank for rank, code in enumerate(codes)}
    truth = np.zeros((len(labels), len(codes)), np.float32)
    for row, several in enumerate(labels):
        truth[row, [places[code] for code in several if code]] = 1
    mixed = float((truth.sum(axis=1) > 1).mean()) if len(labels) else 0.0
    return Taught(codes, truth, mixed >= _TOGETHER)


def spelling(texts: Read) -> dict[str, str]:
    """Folded words to the way people most write them: « education » to « éducation »."""
    counts: Counter[str] = Counter(
        text[token.start : token.end].lower()
        for text, tokens in zip(texts.texts, texts.tokens, strict=True)
        for token in tokens
    )
    found: dict[str, str] = {}
    for word in sorted(counts, key=lambda word: (counts[word], word)):
        found[fold(word)] = word
    return found
