"""``python -m analysis concordance``: each time a word is said in a table of texts, in context."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from analysis.codebook import fold
from analysis.command_texts import CommandError, corpus_of, ready, write
from analysis.concordance import WIDTH, Line, Order, concordance, lines
from analysis.corpus import Corpus
from analysis.french import FrenchModelError, Token, annotate

_HEADER = ("id", "left", "key", "right", "start", "end")
_ORDERS: dict[str, Order] = dict(zip(("lecture", "droite", "gauche"), get_args(Order), strict=True))


def main(argv: Sequence[str]) -> int:
    """Write ``id,left,key,right,start,end``; 0 when done, 2 when refused (nothing is written).

    ``start`` and ``end`` are code points in the text, from 0, half-open.
    """
    asked = _asked(argv)
    try:
        found = _run(asked)
    except (CommandError, FrenchModelError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    if not found:
        print(f"Aucun texte ne dit « {asked.word} » : la table est vide.", file=sys.stderr)
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis concordance",
        description="Écrit chaque passage où un mot est dit, sous toutes ses formes.",
    )
    parser.add_argument("--input", type=Path, required=True, help="table CSV des textes")
    parser.add_argument("--text", required=True, help="colonne du texte")
    parser.add_argument("--id", default="", help="colonne de l'identifiant (le rang sinon)")
    parser.add_argument("--word", required=True, help="mot, ou l'une de ses formes")
    parser.add_argument("--order", choices=_ORDERS, default="lecture", help="ordre des passages")
    parser.add_argument("--width", type=int, default=WIDTH, help="signes de chaque côté")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _run(asked: argparse.Namespace) -> int:
    if not asked.word.strip() or len(asked.word.split()) > 1:
        raise CommandError("--word demande un mot, et un seul.")
    if asked.width < 1:
        raise CommandError("--width demande un nombre d'au moins 1.")
    ready(asked.output)
    corpus = corpus_of(asked.input, asked.text, asked.id)
    found = _lines(corpus, asked.word.strip(), _ORDERS[asked.order], asked.width)
    rows = [(one.testimony, one.left, one.key, one.right, one.start, one.end) for one in found]
    write(asked.output, _HEADER, rows)
    return len(rows)


def _lines(corpus: Corpus, word: str, order: Order, width: int) -> list[Line]:
    texts = {one.id: one.text for one in corpus.testimonies}
    annotated = annotate(texts)
    lemmas = _lemmas(annotated, texts, fold(word))
    said = {
        key: [token._replace(lemma=word) for token in tokens if token.lemma in lemmas]
        for key, tokens in annotated.items()
    }
    postings = concordance(said, corpus, word)
    return lines(postings, texts, order, size=len(postings), width=width)


def _lemmas(
    annotated: Mapping[str, Sequence[Token]], texts: Mapping[str, str], word: str
) -> frozenset[str]:
    """The lemma that this word is, else those of which it is a form."""
    every = {token.lemma for tokens in annotated.values() for token in tokens}
    if own := frozenset(lemma for lemma in every if fold(lemma) == word):
        return own
    forms: dict[str, set[str]] = {}
    for key, tokens in annotated.items():
        for token in tokens:
            forms.setdefault(texts[key][token.start : token.end], set()).add(token.lemma)
    return frozenset().union(*(lemmas for form, lemmas in forms.items() if fold(form) == word))
