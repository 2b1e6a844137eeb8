"""What the commands on tables share: one read, as rows or as a corpus, and one written whole."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.corpus import Campaign, Corpus, Meeting, Testimony

_DELIMITERS = ",;\t"
_LONGEST = 10_000_000  # characters in one cell


class CommandError(ValueError):
    """What was asked cannot be done; the message says why, in French."""


def corpus_of(path: Path, text: str, key: str = "") -> Corpus:
    """The table's texts as the testimonies of one meeting, in its order.

    Without ``key``, a text is known by its rank, from 1. A table in UTF-8, with or without a
    byte-order mark; « , », « ; » or tabs.
    """
    rows = table(path, text, *([key] if key else []))
    testimonies: dict[str, Testimony] = {}
    for number, row in enumerate(rows, start=1):
        name = row[key] if key else str(number)
        if not name.strip():
            raise CommandError(f"Le texte {number} de {path.name} n'a pas d'identifiant.")
        if name in testimonies:
            raise CommandError(
                f"L'identifiant « {name} » revient dans {path.name}, au texte {number}. "
                "Donnez à chaque texte le sien, ou ne donnez pas --id."
            )
        testimonies[name] = Testimony(name, number, "table", "", row[text])
    meeting = Meeting("table", path.name, "", "")
    return Corpus(Campaign("table", path.name), (meeting,), tuple(testimonies.values()))


def ready(path: Path) -> None:
    """Refuse a table that could not be written, before any long work."""
    if not path.absolute().parent.is_dir():
        raise CommandError(f"Le dossier de {path.name} n'existe pas. Créez-le d'abord.")


def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The whole table, however long: what was there stays until everything is in it."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".table-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
        Path(name).replace(path)
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être écrit.") from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def table(path: Path, *columns: str) -> list[dict[str, str]]:
    """These columns of each row of a table in UTF-8; « , », « ; » or tabs."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"Le fichier {path.name} n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 »."
        ) from error
    first = text.split("\n", 1)[0]
    csv.field_size_limit(_LONGEST)
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count)
    )
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
