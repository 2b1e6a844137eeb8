"""``python -m analysis duplicates``: the texts of a table that are nearly copies of one another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import command_texts
from analysis.command_texts import CommandError
from analysis.near_duplicates import LEAST, SIZE, THRESHOLD, pairs
from analysis.shared_passages import passages

_HEADER = ("id_a", "id_b", "similarity", "shared")
_SHINGLES = range(5, 9)
_BETWEEN = " […] "  # between two passages that do not follow one another


def main(argv: Sequence[str]) -> int:
    """Write ``id_a,id_b,similarity,shared``; 0 when done, 2 when refused (nothing is written).

    Pairs are in the order of the table; ``shared`` is what the first text says like the second.
    """
    asked = _asked(argv)
    try:
        _check(asked)
        read = command_texts.table(asked.input, asked.id, asked.text)
        rows = [(row[asked.id], row[asked.text]) for row in read]
        found = _found(rows, asked.threshold, asked.size, asked.least)
        command_texts.write(asked.output, _HEADER, found)
    except CommandError as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis duplicates",
        description="Liste les textes presque identiques. Rien n'est fusionné ni supprimé.",
    )
    parser.add_argument("--input", type=Path, required=True, help="table CSV des textes")
    parser.add_argument("--text", required=True, help="colonne du texte")
    parser.add_argument("--id", required=True, help="colonne de l'identifiant")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="de 0 à 1 (0.8 sinon)")
    parser.add_argument("--size", type=int, default=SIZE, help="signes comparés à la fois (5 à 8)")
    parser.add_argument("--least", type=int, default=LEAST, help="suites de signes au moins")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _check(asked: argparse.Namespace) -> None:
    if not 0 < asked.threshold <= 1:
        raise CommandError("--threshold demande un nombre plus grand que 0 et d'au plus 1.")
    if asked.size not in _SHINGLES:
        raise CommandError("--size demande un nombre de 5 à 8.")
    if asked.least < 1:
        raise CommandError("--least demande un nombre d'au moins 1.")
    command_texts.ready(asked.output)


def _found(
    rows: Sequence[tuple[str, str]], threshold: float, size: int, least: int
) -> Iterator[tuple[str, str, str, str]]:
    """The lines to write; rows are known by rank, since an identifier may come back."""
    texts = {str(rank): text for rank, (_, text) in enumerate(rows)}
    for pair in pairs(texts, threshold, size, least):
        one, two = int(pair.one), int(pair.two)
        said = rows[one][1]
        shared = [said[part.start : part.end] for part in passages(said, rows[two][1])]
        yield rows[one][0], rows[two][0], f"{pair.similarity:.4f}", _BETWEEN.join(shared)
