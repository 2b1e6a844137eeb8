"""``python -m analysis network``: the words of a table of texts that are said together."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from analysis.association import Index
from analysis.command_texts import CommandError, corpus_of, ready, write
from analysis.cooccurrence import LEAST, MOST_TERMS, WINDOW, Unit, cooccurrences
from analysis.corpus import CorpusError
from analysis.french import FrenchModelError, annotate
from analysis.network import Network, network
from analysis.terms import said

_HEADER = ("a", "b", "weight", "count", "testimonies", "tree", "group_a", "group_b")
_UNITS: dict[str, Unit] = dict(
    zip(("phrase", "temoignage", "fenetre"), get_args(Unit), strict=True)
)
_INDICES: dict[str, Index] = dict(
    zip(
        ("jaccard", "dice", "cosinus", "equivalence", "vraisemblance"), get_args(Index), strict=True
    )
)


def main(argv: Sequence[str]) -> int:
    """Write the links, strongest first, and print the groups; 2 when refused (nothing written)."""
    asked = _asked(argv)
    try:
        found = _run(asked)
    except (CommandError, CorpusError, FrenchModelError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    print(found.alt)
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis network",
        description="Écrit les liens entre les mots les plus dits, et nomme leurs groupes.",
    )
    parser.add_argument("--input", type=Path, required=True, help="table CSV des textes")
    parser.add_argument("--text", required=True, help="colonne du texte")
    parser.add_argument("--id", default="", help="colonne de l'identifiant (le rang sinon)")
    parser.add_argument("--unit", choices=_UNITS, default="phrase", help="dits ensemble où ?")
    parser.add_argument("--window", type=int, default=WINDOW, help="mots d'une fenêtre")
    parser.add_argument("--index", choices=_INDICES, default="jaccard", help="force d'un lien")
    parser.add_argument("--most", type=int, default=MOST_TERMS, help="mots au plus")
    parser.add_argument("--least", type=int, default=LEAST, help="fois ensemble, au moins")
    parser.add_argument("--links", type=int, default=0, help="liens à ajouter à l'arbre")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _run(asked: argparse.Namespace) -> Network:
    fewest = {"most": 2, "least": 1, "links": 0, "window": 2}
    for name, number in fewest.items():
        if getattr(asked, name) < number:
            raise CommandError(f"--{name} demande un nombre d'au moins {number}.")
    ready(asked.output)
    corpus = corpus_of(asked.input, asked.text, asked.id)
    words = said(annotate({one.id: one.text for one in corpus.testimonies}), corpus)
    found = cooccurrences(
        words,
        corpus,
        _UNITS[asked.unit],
        asked.least,
        asked.most,
        _INDICES[asked.index],
        asked.window,
    )
    drawn = network(found, asked.links)
    group = {node.lemma: node.community + 1 for node in drawn.nodes}
    rows = []
    for edge in drawn.edges:
        numbers = f"{edge.weight:.4f}", edge.count, edge.testimonies, int(edge.tree)
        rows.append((edge.a, edge.b, *numbers, group[edge.a], group[edge.b]))
    write(asked.output, _HEADER, rows)
    return drawn
