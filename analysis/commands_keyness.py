"""``python -m analysis keyness``: Lafon's index of each term in each part of a table of counts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis import contingency_csv
from analysis.command_texts import CommandError, write
from analysis.contingency_csv import ContingencyError
from analysis.specificities import SpecificityError, specificities


def main(argv: Sequence[str]) -> int:
    """Write the same table with scores, 4 decimals; 0 when done, 2 when refused."""
    asked = _asked(argv)
    try:
        terms, parts, counts = contingency_csv.read(_bytes(asked.input))
        scores = specificities(counts).tolist()
        lines = [
            (term, *(f"{score:z.4f}" for score in line))
            for term, line in zip(terms, scores, strict=True)
        ]
        write(asked.output, ("terme", *parts), lines)
    except (CommandError, ContingencyError, SpecificityError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis keyness",
        description="Range les mots de chaque partie d'une table : spécificités de Lafon (1980).",
        epilog="Un nombre positif : dit plus dans cette partie que dans l'ensemble. Ce n'est pas "
        "un test : il range les mots, il ne prouve rien.",
    )
    parser.add_argument(
        "--input",
        type=Path,
        required=True,
        help="table CSV : les termes, puis une partie par colonne",
    )
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
