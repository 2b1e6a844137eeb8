"""What might name a person in a text: proposals only, a person accepts or refuses each.

Nothing here loads spaCy: the names that a job found with it are given as ``persons``. Offsets
are half-open code points. Towns, schools, public places and institutions are kept.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.first_names import NO_NAMES, people, places, surnames_end
from analysis.masking_rules import numbers_and_marks
from analysis.masking_words import Word, in_group, words_of
from analysis.sentences import PLACEHOLDER, Span

# Why a stretch is proposed, as people read it. A key is at most twelve characters.
REASONS: dict[str, str] = {
    "prenom": "ce mot est un prénom",
    "apres": "ce mot suit « ma voisine », « s’appelle » ou des mots semblables",
    "titre": "un nom suit « monsieur » ou « madame »",
    "suite": "ce mot suit un prénom",
    "famille": "un nom suit « la famille », « chez les » ou des mots semblables",
    "langue": "la lecture automatique y voit le nom d’une personne",
    "telephone": "cela ressemble à un numéro de téléphone",
    "courriel": "cela ressemble à une adresse de courriel",
    "iban": "cela ressemble à un numéro de compte en banque",
    "nir": "cela ressemble à un numéro de sécurité sociale",
    "plaque": "cela ressemble à une plaque d’immatriculation",
    "numero": "cela ressemble à un numéro de dossier",
    "adresse": "cela ressemble à une adresse",
    "porte": "cela dit où la personne habite dans l’immeuble",
    "naissance": "cela dit une date de naissance",
    "age": "cela dit l’âge d’une personne nommée",
    "lien": "cela mène à une page ou à un compte",
    "role": "cette fonction, ici, désigne une seule personne",
    "sante": "cela dit une maladie ou un handicap",
    "origine": "cela dit l’origine d’une personne",
    "religion": "cela dit la religion d’une personne",
}

# How a reason is called where more than the product's categories are wanted.
_KINDS = {"iban": "IBAN", "nir": "NIR", "plaque": "PLAQUE", "porte": "APPARTEMENT"}
_PAGE = re.compile(r"\b(?:https?://|www\.)\S+")
_AGE = re.compile(r"[ \u00a0]?[,(]?[ \u00a0]?(?P<age>\d{1,3}[ \u00a0]ans)\b")


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """Words that a person may want to cover, the category they would take, and why."""

    start: int
    end: int
    category: str
    why: str

    @property
    def kind(self) -> str:
        """The category, but IBAN, NIR, PLAQUE and APPARTEMENT by their own names."""
        return _KINDS.get(self.why, self.category)

    @property
    def reason(self) -> str:
        """Why, in a French sentence."""
        return REASONS[self.why]


def propose(
    text: str, known_places: Iterable[str] = (), persons: Sequence[Span] = ()
) -> tuple[Proposal, ...]:
    """The stretches to look at, in order and apart; a masked passage is never proposed.

    Where two overlap they are one, which bears the longest one's category and reason.
    """
    words = words_of(text)
    public = places(words, known_places)
    found = [_whole(Proposal(*item), words) for item in numbers_and_marks(text)]
    found += [Proposal(*item) for item in people(words, public)]
    found += _of_model(words, _said(text, persons), public)
    found += _alike(words, found, public)
    found += _ages(text, found)
    masked = [match.span() for match in PLACEHOLDER.finditer(text)]
    free = [one for one in found if not any(a < one.end and one.start < b for a, b in masked)]
    return tuple(_merged(free))


def _said(text: str, persons: Sequence[Span]) -> list[Span]:
    """Without what was read in the address of a page."""
    pages = [match.span() for match in _PAGE.finditer(text)]
    return [one for one in persons if not any(a < one.end and one.start < b for a, b in pages)]


def _of_model(
    words: Sequence[Word], persons: Sequence[Span], public: frozenset[int]
) -> list[Proposal]:
    """What the model calls a person, word by word."""
    found = []
    starts = [word.start for word in words]
    for span in persons:
        inside = range(bisect_left(starts, span.start), bisect_left(starts, span.end))
        held = [(rank, words[rank]) for rank in inside if len(words[rank].text) > 1]
        small = not any(word.capital for _, word in held)
        for place, (rank, word) in enumerate(held):
            aside = any(in_group(name, word) for name in NO_NAMES) or in_group("pays", word)
            doubtful = len(held) == 1 and _doubtful(words, rank)
            if rank in public or word.tool or aside or doubtful:
                continue
            if word.capital or small:
                category = "PRÉNOM" if word.name or (place == 0 and not word.surname) else "NOM"
                found.append(Proposal(word.start, word.end, category, "langue"))
                end = surnames_end(words, rank, public)
                if end > rank + 1:
                    after = words[rank + 1].start
                    found.append(Proposal(after, words[end - 1].end, "NOM", "suite"))
    return found


def _doubtful(words: Sequence[Word], rank: int) -> bool:
    """A single word that no list knows, led by capitals or by an article: « la Bithynie »."""
    word = words[rank]
    if word.name or word.surname:
        return False
    article = rank > 0 and word.gap in ("", "'") and in_group("articles", words[rank - 1])
    return article or (word.first and word.text.isupper())


def _whole(one: Proposal, words: Sequence[Word]) -> Proposal:
    """An address with the rest of its name, be it in small letters: « 8 rue victor hugo »."""
    if one.why != "adresse":
        return one
    end = one.end
    for word in words[bisect_left(words, end, key=lambda word: word.start) :]:
        if word.gap or word.first or word.tool or not (word.sure or word.surname):
            break
        end = word.end
    return replace(one, end=end)


def _alike(
    words: Sequence[Word], found: Sequence[Proposal], public: frozenset[int]
) -> list[Proposal]:
    """The same name elsewhere in the text, however it is written there."""
    at = {(one.start, one.end): one for one in found if one.why in ("prenom", "apres", "titre")}
    named = {
        word.folded: at[word.start, word.end]
        for word in words
        if (word.start, word.end) in at and word.kind != "mot" and len(word.text) > 2
    }
    return [
        Proposal(word.start, word.end, named[word.folded].category, named[word.folded].why)
        for rank, word in enumerate(words)
        if word.folded in named and rank not in public
    ]


def _ages(text: str, found: Sequence[Proposal]) -> list[Proposal]:
    """« Karima, 43 ans »: an age says more beside a name."""
    named = (one.end for one in found if one.category in ("PRÉNOM", "NOM"))
    matches = filter(None, (_AGE.match(text, end) for end in named))
    return [Proposal(*match.span("age"), "AUTRE", "age") for match in matches]


def _merged(found: Sequence[Proposal]) -> list[Proposal]:
    """Apart and in order. Among equals, the rules come before the names, and they before spaCy."""
    order = {id(one): rank for rank, one in enumerate(found)}
    kept: list[Proposal] = []
    strength: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end, order[id(one)])):
        mine = (one.end - one.start, -order[id(one)])
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
            strength.append(mine)
            continue
        last = kept.pop()
        best = one if mine > strength[-1] else last
        kept.append(Proposal(last.start, max(last.end, one.end), best.category, best.why))
        strength[-1] = max(mine, strength[-1])
    return kept
