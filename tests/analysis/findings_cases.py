"""Hand-made words of testimonies, for the tests of what helps to write findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis.corpus import Corpus
from analysis.french import Token

_WORD = re.compile(r"\w{4,}")


def words_of(corpus: Corpus) -> Mapping[str, Sequence[Token]]:
    """Every word of four letters or more as a noun that is its own lemma."""
    return {
        testimony.id: [
            Token(found.start(), found.end(), found[0].lower(), "NOUN")
            for found in _WORD.finditer(testimony.text)
        ]
        for testimony in corpus.testimonies
    }
