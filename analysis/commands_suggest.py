"""``python -m analysis suggest``: suggestions for a table of texts, learned from another or not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import codebook, command_texts
from analysis.codebook import CodebookError
from analysis.command_texts import CommandError
from analysis.french import FrenchModelError
from analysis.suggestions import MOST, Suggestion

_HEADER = ("id", "rank", "code", "score", "reason")


def main(argv: Sequence[str]) -> int:
    """Write ``id,rank,code,score,reason``; 0 when done, 2 when refused (nothing is written)."""
    asked = _asked(argv)
    try:
        _run(asked)
    except (CommandError, CodebookError, FrenchModelError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis suggest",
        description="Suggère des codes pour une table de textes, apprise d'une autre ou non.",
    )
    parser.add_argument("--codebook", type=Path, help="grille YAML (celle du projet sinon)")
    parser.add_argument("--train", type=Path, help="table CSV de textes déjà codés")
    parser.add_argument("--label", help="colonne des codes, dans la table des textes codés")
    parser.add_argument("--separator", default="", help="ce qui sépare plusieurs codes")
    parser.add_argument("--input", type=Path, required=True, help="table CSV des textes à coder")
    parser.add_argument("--text", required=True, help="colonne du texte")
    parser.add_argument("--id", required=True, help="colonne de l'identifiant")
    parser.add_argument("--top", type=int, default=MOST, help="nombre de suggestions au plus")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _run(asked: argparse.Namespace) -> None:
    if asked.top < 1:
        raise CommandError("--top demande un nombre d'au moins 1.")
    if (asked.train is None) != (asked.label is None):
        raise CommandError("--train et --label vont ensemble : donnez les deux, ou aucun.")
    command_texts.ready(asked.output)
    book = codebook.load(asked.codebook)
    todo = command_texts.table(asked.input, asked.text, asked.id)
    taught = command_texts.table(asked.train, asked.text, asked.label) if asked.train else []
    labels = [_labels(row[asked.label], asked.separator) for row in taught]
    texts = [row[asked.text] for row in todo]
    from analysis.learning import train

    model = train([row[asked.text] for row in taught], labels, book, others=texts)
    offers = model.suggest(texts, most=asked.top)
    lines = _lines([row[asked.id] for row in todo], offers)
    command_texts.write(asked.output, _HEADER, lines)


def _labels(cell: str, separator: str) -> tuple[str, ...]:
    pieces = cell.split(separator) if separator else [cell]
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _lines(
    ids: Sequence[str], offers: Sequence[Sequence[Suggestion]]
) -> Iterator[tuple[str, int, str, str, str]]:
    for key, shown in zip(ids, offers, strict=True):
        for rank, one in enumerate(shown, start=1):
            yield key, rank, one.code, f"{one.score:.4f}", ", ".join(one.words)
