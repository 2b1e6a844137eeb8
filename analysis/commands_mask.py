"""``python -m analysis mask``: what to mask in texts kept as JSON, one object a line."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis import persons
from analysis.french import FrenchModelError
from analysis.masking import Proposal, propose

_TOGETHER = 200  # lines read at a time: the model is quicker with many, memory stays small
_LONE = re.compile("[\ud800-\udfff]")  # half of a sign: JSON can escape it, UTF-8 cannot hold it
_NOTHING = "Rien n’a été écrit."


class _RefusedError(Exception):
    """What is wrong with the input, in French, for the person at the terminal."""


def main(argv: Sequence[str]) -> int:
    """Add ``spans`` to each line; 0 when done, 2 when the input is refused (nothing is written).

    ``spans`` holds half-open code-point offsets in ``text``, a category and a French reason.
    Other fields (but ``spans``) and the order of the lines are kept; a blank line stays blank.
    """
    parser = argparse.ArgumentParser(
        prog="python -m analysis mask",
        description="Propose ce qu’il faudrait masquer dans des textes (JSON, un par ligne).",
    )
    parser.add_argument("--input", required=True, type=Path, help="fichier JSONL, champ « text »")
    parser.add_argument("--output", required=True, type=Path, help="fichier JSONL à écrire")
    parser.add_argument("--without-model", action="store_true", help="règles et listes seulement")
    asked = parser.parse_args(argv)
    try:
        _write(asked.output, _lines(asked.input, model=not asked.without_model))
    except (_RefusedError, FrenchModelError) as refusal:
        print(str(refusal), file=sys.stderr)
        return 2
    return 0


def _lines(path: Path, *, model: bool) -> Iterator[str]:
    held: list[dict[str, Any] | None] = []
    for row in _rows(path):
        held.append(row)
        if len(held) == _TOGETHER:
            yield from _masked(held, model=model)
            held = []
    yield from _masked(held, model=model)


def _rows(path: Path) -> Iterator[dict[str, Any] | None]:
    """The objects of the file, None for a blank line."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                yield _row(raw, number)
    except OSError as error:
        raise _RefusedError(f"Le fichier {path} ne peut pas être lu. {_NOTHING}") from error


def _row(raw: bytes, number: int) -> dict[str, Any] | None:
    try:
        said = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        row = json.loads(said) if said else None
    except UnicodeDecodeError as error:
        raise _RefusedError(f"Ligne {number} : ce n’est pas de l’UTF-8. {_NOTHING}") from error
    except (ValueError, RecursionError) as error:
        raise _RefusedError(f"Ligne {number} : ce n’est pas du JSON. {_NOTHING}") from error
    if said and not isinstance(row, dict):
        raise _RefusedError(
            f"Ligne {number} : un objet JSON est attendu, entre accolades. {_NOTHING}"
        )
    if row is not None and not isinstance(row.get("text"), str):
        raise _RefusedError(f"Ligne {number} : il manque « text », un texte. {_NOTHING}")
    return row


def _masked(rows: Sequence[dict[str, Any] | None], *, model: bool) -> Iterator[str]:
    texts = {str(rank): row["text"] for rank, row in enumerate(rows) if row is not None}
    read = persons.find(texts) if model and texts else {}
    for rank, row in enumerate(rows):
        if row is None:
            yield "\n"
            continue
        found = propose(row["text"], (), read.get(str(rank), ()))
        yield _json({**row, "spans": [_span(one) for one in found]}) + "\n"


def _json(row: dict[str, Any]) -> str:
    said = json.dumps(row, ensure_ascii=False)
    return json.dumps(row) if _LONE.search(said) else said


def _span(one: Proposal) -> dict[str, Any]:
    return {"start": one.start, "end": one.end, "category": one.kind, "reason": one.reason}


def _write(path: Path, lines: Iterator[str]) -> None:
    """The whole file or none: it takes its name once everything is in it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _RefusedError(f"Le fichier {path} ne peut pas être écrit. {_NOTHING}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        Path(name).replace(path)
    except OSError as error:
        raise _RefusedError(f"Le fichier {path} ne peut pas être écrit. {_NOTHING}") from error
    finally:
        Path(name).unlink(missing_ok=True)
