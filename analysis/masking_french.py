"""Which words are common French ones, by the dictionary that the language model carries.

For jobs and commands only: the pipeline is the caller's, already loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from analysis.codebook import fold

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import Lemmatizer

_ENDINGS = ("", "s", "e", "es")


class Dictionary:
    """Common words of French, their forms and the words that they come from."""

    def __init__(self, pipeline: Language) -> None:
        lookups = cast("Lemmatizer", pipeline.get_pipe("lemmatizer")).lookups
        forms = lookups.get_table("lemma_lookup")
        tables = [lookups.get_table(name) for name in ("lemma_index", "lemma_exc")]
        self._forms = forms
        self._verbs = frozenset(word for table in tables for word in table["verb"])
        self._adverbs = frozenset(tables[0]["adv"])
        self._adjectives = frozenset(word for table in tables for word in table["adj"])
        listed = {word for table in tables for words in table.values() for word in words}
        bases = ([said] if isinstance(said, str) else said for said in forms.values())
        self._usual = self._adverbs.union(*bases)
        self._listed = listed | self._usual
        self._plain = frozenset(fold(word) for word in self._listed)

    def holds(self, word: str) -> bool:
        """Whether this very word is one of them, or its plural."""
        low = word.lower()
        return any(
            bare in self._forms or bare in self._listed for bare in (low, low.removesuffix("s"))
        )

    def usual(self, word: str) -> bool:
        """Whether it is an adverb or has several forms: « maison », not « pat » nor « song »."""
        low = word.lower()
        return any(
            bare in self._forms or bare in self._usual for bare in (low, low.removesuffix("s"))
        )

    def resembles(self, word: str) -> bool:
        """Whether it is one of them with or without its accents, its « s » or its « e »."""
        low = word.lower()
        for ending in _ENDINGS:
            bare = low.removesuffix(ending)
            if bare in self._forms or bare in self._listed or fold(bare) in self._plain:
                return True
        parts = [part for part in low.split("-") if part]
        return len(parts) > 1 and all(self.resembles(part) for part in parts)

    def stands(self, word: str) -> bool:
        """Whether it may well follow a name: an adverb, a verb or a usual adjective."""
        low = word.lower()
        bases = self._forms.get(low, ())
        bases = [bases] if isinstance(bases, str) else bases
        if low in self._adverbs or low in self._verbs or not self._verbs.isdisjoint(bases):
            return True
        return self.usual(low) and not self._adjectives.isdisjoint((low, *bases))
