"""Small campaigns of a few plain words, whose reading is known without reading French."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from analysis.corpus import Campaign, Corpus, Meeting, Neighbourhood, Testimony
from analysis.french import Token
from analysis.sentences import PLACEHOLDER
from analysis.terms import plain

_WORD = re.compile(r"[^\W\d_]+['’]?")
_LEMMAS = {"bancs": "banc", "aires": "aire", "jeux": "jeu", "les": "le", "la": "le", "des": "un"}
_KINDS = {
    "DET": "le un une",
    "ADP": "de d' du",
    "ADV": "souvent pas loin ici aussi",
    "ADJ": "citoyen public calme",
    "VERB": "manque manquent aime aide passe",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}


def words(text: str) -> tuple[Token, ...]:
    """Each run of letters, an apostrophe with it; a noun unless it is listed above."""
    blank = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    found = []
    for match in _WORD.finditer(blank):
        form = plain(match[0])
        lemma = _LEMMAS.get(form, form)
        found.append(Token(match.start(), match.end(), lemma, _KIND_OF.get(lemma, "NOUN")))
    return tuple(found)


def annotated(corpus: Corpus) -> dict[str, tuple[Token, ...]]:
    """The words of each testimony."""
    return {one.id: words(one.text) for one in corpus.testimonies}


def campaign(
    texts: Sequence[str],
    places: Sequence[str] = (),
    profiles: Sequence[Mapping[str, str]] = (),
    days: Sequence[date | None] = (),
) -> Corpus:
    """One testimony for each text, « t0 », « t1 »…; a meeting for each place (« A » for all)."""
    where = list(places) or ["A"] * len(texts)
    known = sorted(set(where))
    rows = tuple(
        Testimony(
            f"t{rank}",
            rank + 1,
            f"m-{where[rank]}",
            where[rank],
            text,
            date=days[rank] if days else None,
            profile=profiles[rank] if profiles else {},
        )
        for rank, text in enumerate(texts)
    )
    meetings = tuple(Meeting(f"m-{key}", f"R-{key}", "individuel", key) for key in known)
    names = tuple(Neighbourhood(key, f"Quartier {key}", "2024") for key in known)
    return Corpus(Campaign("essai", "Essai", neighbourhoods=names), meetings, rows)
