"""``python -m analysis suggest``: suggestions for a table of texts, learned from another or not."""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis import codebook
from analysis.codebook import CodebookError
from analysis.french import FrenchModelError
from analysis.suggestions import MOST, Suggestion

_HEADER = ("id", "rank", "code", "score", "reason")
_DELIMITERS = ",;\t"
_LONGEST = 10_000_000  # characters in one cell


class CommandError(ValueError):
    """What was asked cannot be done; the message says why, in French."""


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
    if not asked.output.absolute().parent.is_dir():
        raise CommandError(f"Le dossier de {asked.output.name} n'existe pas. Créez-le d'abord.")
    book = codebook.load(asked.codebook)
    todo = _rows(asked.input, asked.text, asked.id)
    taught = _rows(asked.train, asked.text, asked.label) if asked.train else []
    labels = [_labels(row[asked.label], asked.separator) for row in taught]
    texts = [row[asked.text] for row in todo]
    from analysis.learning import train

    model = train([row[asked.text] for row in taught], labels, book, others=texts)
    offers = model.suggest(texts, most=asked.top)
    _write(asked.output, [row[asked.id] for row in todo], offers)


def _labels(cell: str, separator: str) -> tuple[str, ...]:
    pieces = cell.split(separator) if separator else [cell]
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a table in UTF-8, with or without a byte-order mark; « , », « ; » or tabs."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"Le fichier {path.name} n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 »."
        ) from error
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_LONGEST)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        present = reader.fieldnames or ()
        missing = [column for column in columns if column not in present]
        if missing:
            raise CommandError(
                f"La colonne « {missing[0]} » manque dans {path.name}. "
                f"Colonnes présentes : {', '.join(map(str, present)) or 'aucune'}."
            )
        return [{column: row[column] or "" for column in columns} for row in reader]
    except csv.Error as error:
        raise CommandError(f"Le fichier {path.name} n'est pas une table CSV lisible.") from error


def _write(path: Path, ids: Sequence[str], offers: Sequence[Sequence[Suggestion]]) -> None:
    """The whole table at once: an interrupted writing leaves what was there before."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_HEADER)
    for key, shown in zip(ids, offers, strict=True):
        for rank, one in enumerate(shown, start=1):
            reason = ", ".join(one.words)
            writer.writerow((key, rank, one.code, f"{one.score:.4f}", reason))
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".suggestions-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(table.getvalue())
        Path(name).replace(path)
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être écrit.") from error
