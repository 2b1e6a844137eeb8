"""The word vectors of the French model, and how much each word is worth in a sentence.

The vectors are sorted from the most to the least frequent word: the rank of a word stands for
its frequency (Zipf's law), so that « le » weighs nearly nothing and « bailleur » much. Jobs only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.french import MODEL, FrenchModelError, Token, is_content

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_SMOOTHING = 1e-3  # « smooth inverse frequency »: Arora, Liang and Ma, 2017
_PARTS = ("tok2vec", "morphologizer", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner")


class Vectors:
    """Unit vectors of words, and the weight of each by its rank."""

    def __init__(self, rows: dict[int, int], data: Any) -> None:
        import numpy as np

        self._rows = rows
        norms = np.linalg.norm(data, axis=1, keepdims=True)
        ranks = np.arange(len(data)) + 3
        frequency = 1 / (ranks * (np.log(len(data)) + 0.58))
        weights = (_SMOOTHING / (_SMOOTHING + frequency))[:, None]
        self._weighted = (data / (norms + 1e-9) * weights).astype(np.float32)
        self.width = int(data.shape[1])

    def row(self, *forms: str) -> int:
        """The rank of the first of these forms that has a vector, or -1."""
        from spacy.strings import get_string_id

        return next(
            (row for form in forms if (row := self._rows.get(get_string_id(form), -1)) >= 0), -1
        )

    def words(self, text: str, tokens: Sequence[Token]) -> Matrix:
        """One weighted vector for each token, zero for a word that has none."""
        import numpy as np

        rows = [self.row(token.lemma, text[token.start : token.end].lower()) for token in tokens]
        found = np.zeros((len(rows), self.width), np.float32)
        for place, row in enumerate(rows):
            if row >= 0:
                found[place] = self._weighted[row]
        return found

    def sentence(self, text: str, tokens: Sequence[Token], *, content: bool) -> Matrix:
        """The weighted sum of a text's words, of unit length; zero when no word is known."""
        kept = [token for token in tokens if not content or is_content(token)]
        total = self.words(text, kept).sum(axis=0)
        whole: Matrix = unit(total[None])[0]
        return whole

    def peaks(self, text: str, tokens: Sequence[Token]) -> Matrix:
        """The highest, then the lowest, of each dimension among a text's meaning words."""
        import numpy as np

        found = self.words(text, [token for token in tokens if is_content(token)])
        if not len(found):
            return np.zeros(2 * self.width, np.float32)
        return np.concatenate([found.max(axis=0), found.min(axis=0)])


def unit(rows: Any) -> Matrix:
    """Each row divided by its length; a row of zeros stays so."""
    import numpy as np

    scaled: Matrix = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return scaled


@lru_cache(maxsize=1)
def load() -> Vectors:
    """The vectors of the French model; ``FrenchModelError`` when it is not installed."""
    import spacy

    try:
        table = spacy.load(MODEL, exclude=[*_PARTS, "senter"]).vocab.vectors
    except OSError as error:
        raise FrenchModelError(
            "Le modèle de langue française ne peut pas être chargé. Rien n'est perdu : "
            "refaites l'installation, puis relancez l'analyse."
        ) from error
    return Vectors({int(key): int(row) for key, row in table.key2row.items()}, table.data)
