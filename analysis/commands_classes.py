"""``python -m analysis classes``: the classes of a binary matrix kept as MatrixMarket."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import command_texts
from analysis.command_texts import CommandError

if TYPE_CHECKING:
    from analysis.reinert_tree import Descent

_NOTHING = "Rien n'a été écrit."
_MOST_ROWS = 20_000_000
_MOST_TERMS = 5_000_000
_MOST_CELLS = 100_000_000  # written in the file: beyond, the memory of a small machine is at risk


def main(argv: Sequence[str]) -> int:
    """Write ``row,class`` and print the divisions as JSON; 2 when refused (nothing is written).

    Rows are numbered from 1, as in the matrix; class 1 is the largest, 0 stands for none.
    """
    asked = _asked(argv)
    try:
        if asked.classes < 2:
            raise CommandError("--classes demande un nombre d'au moins 2.")
        if asked.smallest < 1:
            raise CommandError("--smallest demande un nombre d'au moins 1.")
        matrix = _matrix(asked.input)
        from analysis.reinert_tree import descend

        descent = descend(matrix, asked.classes, asked.smallest)
        labels = descent.labels(matrix.shape[0]).tolist()
        command_texts.write(asked.output, ("row", "class"), enumerate(labels, start=1))
    except CommandError as refusal:
        print(f"{refusal} {_NOTHING}", file=sys.stderr)
        return 2
    print(json.dumps(_report(descent, labels, matrix, asked.classes), ensure_ascii=False, indent=1))
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis classes",
        description="Classe les lignes d'une matrice par la méthode descendante de Reinert.",
    )
    parser.add_argument(
        "--input", type=Path, required=True, help="matrice MatrixMarket : passages par mots"
    )
    parser.add_argument("--classes", type=int, required=True, help="nombre de classes voulues")
    parser.add_argument(
        "--smallest", type=int, default=1, help="lignes au moins dans une classe (1 sinon)"
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="table CSV à écrire : row (à partir de 1), class (0 : aucune)",
    )
    return parser.parse_args(argv)


def _matrix(path: Path) -> Any:
    """The matrix as a binary csr of floats: every count above 0 is 1."""
    import numpy as np
    from scipy.io import mminfo, mmread
    from scipy.sparse import csr_matrix

    try:
        rows, terms, cells, _, kind, _ = mminfo(path)
        if rows > _MOST_ROWS or terms > _MOST_TERMS or cells > _MOST_CELLS:
            raise CommandError(f"La matrice {path.name} est trop grande.")
        if kind == "complex":
            raise CommandError(f"La matrice {path.name} contient des nombres complexes.")
        read = csr_matrix(mmread(path))
    except CommandError:
        raise
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
    except (ValueError, OverflowError, MemoryError, StopIteration) as error:
        raise CommandError(f"Le fichier {path.name} n'est pas une matrice MatrixMarket.") from error
    if not np.isfinite(read.data).all() or (read.data < 0).any():
        raise CommandError(f"La matrice {path.name} doit contenir des nombres, 0 ou plus.")
    read.sum_duplicates()
    read.eliminate_zeros()
    read.data = np.ones(read.nnz)
    return read


def _report(descent: Descent, labels: Sequence[int], matrix: Any, asked: int) -> dict[str, Any]:
    made, stopped = len(descent.classes), None
    if not made:
        stopped = "Les lignes se ressemblent trop : aucune classe n'a pu être formée."
    elif descent.short:
        stopped = f"{made} classes sur {asked} : aucune ne peut plus être partagée."
    return {
        "rows": matrix.shape[0],
        "terms": matrix.shape[1],
        "asked": asked,
        "classes": made,
        "sizes": [len(one.rows) for one in descent.classes],
        "unclassified": labels.count(0),
        "stopped": stopped,
        "splits": [asdict(division) for division in descent.divisions],
    }
