"""``python -m analysis correspondence``: a table of counts in, the points of its plane out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import command_texts, contingency_csv
from analysis.command_texts import CommandError
from analysis.contingency_csv import ContingencyError
from analysis.correspondence import CorrespondenceError, Plane, correspondence

_MEASURES = ("coordinate", "contribution", "cos2")


def main(argv: Sequence[str]) -> int:
    """Write the points and print the axes as JSON; 0 when done, 2 when refused."""
    asked = _asked(argv)
    try:
        plane = _plane(asked.input, asked.axes)
        head, *lines = _lines(plane, min(asked.axes, len(plane.axes)))
        command_texts.write(asked.output, [str(name) for name in head], lines)
    except (CommandError, ContingencyError, CorrespondenceError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    print(json.dumps(_summary(plane), ensure_ascii=False))
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis correspondence",
        description="Place les termes et les parties d'un tableau sur des axes "
        "(analyse des correspondances).",
    )
    parser.add_argument(
        "--input", type=Path, required=True, help="table CSV : un terme par ligne, puis les parties"
    )
    parser.add_argument("--axes", type=int, default=5, help="nombre d'axes écrits au plus")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _plane(source: Path, axes: int) -> Plane:
    if axes < 1:
        raise CommandError("--axes demande un nombre d'au moins 1.")
    try:
        data = source.read_bytes()
    except OSError as error:
        raise CommandError(f"Le fichier {source.name} ne peut pas être lu.") from error
    return correspondence(*contingency_csv.read(data))


def _summary(plane: Plane) -> dict[str, object]:
    return {
        "total": plane.total,
        "inertia": plane.inertia,
        "axes": [{"eigenvalue": axis.eigenvalue, "share": axis.share} for axis in plane.axes],
        "left_out": {"rows": plane.rows_left_out, "columns": plane.columns_left_out},
    }


def _lines(plane: Plane, axes: int) -> Iterator[Sequence[object]]:
    ranks = range(1, axes + 1)
    named = (f"{measure}_{rank}" for rank in ranks for measure in _MEASURES)
    yield ("kind", "label", "count", "mass", "inertia", *named)
    for point in (*plane.rows, *plane.columns):
        measures = zip(point.coordinates, point.contributions, point.cos2, strict=True)
        written = [f"{value:.6f}" for values in list(measures)[:axes] for value in values]
        yield (
            point.kind,
            point.label,
            point.count,
            f"{point.mass:.6f}",
            f"{point.inertia:.6f}",
            *written,
        )
