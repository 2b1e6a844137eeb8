"""How often each meaningful word is said, and by how many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.corpus import Corpus, CorpusError
from analysis.french import Token, is_content


@dataclass(frozen=True, slots=True)
class WordCount:
    """A lemma: times said, testimonies saying it, and the forms it takes, most frequent first."""

    lemma: str
    count: int
    testimonies: int
    forms: tuple[str, ...]

    @property
    def display(self) -> str:
        """The form people said most: the word to show."""
        return self.forms[0]


def frequencies(annotated: Mapping[str, Sequence[Token]], corpus: Corpus) -> list[WordCount]:
    """Content words of the corpus, most frequent first; ties by testimonies, then alphabetical.

    ``annotated`` is keyed by testimony id and made from the testimonies' own texts;
    ``CorpusError`` when a testimony is missing.
    """
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for testimony in corpus.testimonies:
        if testimony.id not in annotated:
            raise CorpusError(
                f"Les mots du témoignage {testimony.number} n'ont pas été préparés. "
                "Rien n'est perdu : relancez l'analyse."
            )
        said = [token for token in annotated[testimony.id] if is_content(token)]
        for token in said:
            counts[token.lemma] += 1
            forms[token.lemma][testimony.text[token.start : token.end]] += 1
        spread.update({token.lemma for token in said})
    found = [
        WordCount(lemma, count, spread[lemma], _forms(forms[lemma]))
        for lemma, count in counts.items()
    ]
    return sorted(found, key=lambda word: (-word.count, -word.testimonies, word.lemma))


def _forms(surfaces: Counter[str]) -> tuple[str, ...]:
    """Surface forms without regard to capitals; each is written as it most often is."""
    merged: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for surface, count in surfaces.items():
        merged[surface.lower()].append((count, surface))
    ranked = sorted(merged, key=lambda low: (-sum(count for count, _ in merged[low]), low))
    # Among equals « poubelle » comes before « Poubelle »: small letters sort after capitals.
    return tuple(max(merged[low])[1] for low in ranked)
