"""What a campaign that nobody has coded yet seems to speak of: a help to begin, never a finding."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.french import Token
from analysis.suggestions import suggest
from analysis.wording import count, listing

MOST_WORDS = 6
FEWEST = 2  # a theme that the words of a single testimony point at could point at somebody
NOTE = (
    "Ces thèmes sont ceux que les mots semblent désigner. Personne ne les a vérifiés : ce ne sont "
    "pas des constats, et rien ici ne compte avant qu'une personne ait codé."
)


@dataclass(frozen=True, slots=True)
class Pointed:
    """A theme, how many testimonies have words for it, and the most usual of those words."""

    theme: str
    label: str
    testimonies: int
    words: tuple[str, ...]


def pointed(
    corpus: Corpus, codebook: Codebook, annotated: Mapping[str, Sequence[Token]]
) -> tuple[Pointed, ...]:
    """Themes that the words of at least two testimonies point at, the most frequent first."""
    heard: Counter[str] = Counter()
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for testimony in corpus.testimonies:
        tokens = annotated.get(testimony.id, ())
        for found in suggest(testimony.text, codebook, tokens):
            heard[found.theme] += 1
            words[found.theme].update({word.lower() for word in found.words})
    labels = {theme.code: theme.label for theme in codebook.themes}
    order = {code: rank for rank, code in enumerate(labels)}
    return tuple(
        Pointed(code, labels[code], heard[code], _shared(words[code]))
        for code in sorted(heard, key=lambda code: (-heard[code], order[code]))
        if heard[code] >= FEWEST
    )


def _shared(words: Counter[str]) -> tuple[str, ...]:
    """The words that several testimonies say, most said first."""
    ranked = sorted(words, key=lambda word: (-words[word], word))
    return tuple(word for word in ranked if words[word] >= FEWEST)[:MOST_WORDS]


def sentence(found: Sequence[Pointed], most: int = 5) -> str:
    """One sentence for the exploratory section of a synthesis; nothing when nothing points."""
    if not found:
        return ""
    said = listing(
        [f"{item.label} ({count(item.testimonies, 'témoignage')})" for item in found], most
    )
    return f"Les mots semblent désigner surtout : {said}. {NOTE}"
