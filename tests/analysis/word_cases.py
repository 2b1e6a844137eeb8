"""Small corpora of made-up words, for what counts words and shows them in context."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st

from analysis.corpus import Campaign, Corpus, Meeting, Testimony
from analysis.french import Token
from analysis.sentences import PLACEHOLDER

WORDS = ("bus", "École", "ecole", "école", "loyer", "Bus", "œuvre", "12", "oe\u0301")
SIGNS = (
    " ",
    " ",
    " ",
    ". ",
    "\n",
    "\n\n",
    "’",
    " [PRÉNOM 1] ",
    "[courriel masqué]",
    "👩🏽‍🦱",
    "-",
    "\xa0?",
)

texts = st.lists(st.sampled_from(WORDS + SIGNS), max_size=30).map("".join)


def corpus_of(found: Sequence[str]) -> Corpus:
    rows = tuple(
        Testimony(f"t{number}", number, "m", "q", text) for number, text in enumerate(found, 1)
    )
    return Corpus(Campaign("essai", "Essai"), (Meeting("m", "m", "m", "q"),), rows)


def said_of(corpus: Corpus) -> dict[str, tuple[Token, ...]]:
    """Every run of ASCII letters is a word, whatever stands around; masked passages hold none."""
    return {one.id: tuple(_tokens(one.text)) for one in corpus.testimonies}


def _tokens(text: str) -> list[Token]:
    blank = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    return [
        Token(*found.span(), found[0].lower(), "NOUN")
        for found in re.finditer("[^\\W\\d_]+", blank)
    ]
