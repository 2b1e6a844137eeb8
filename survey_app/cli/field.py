"""The command that brings a tablet's rescue file in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from survey_app.cli.common import command, opened
from survey_app.services import rescue

TOTALS = {
    "stored": "Enregistrés",
    "known": "Déjà là",
    "drafts": "À finir dans « Recueillir »",
    "left": "Restés dans le fichier",
}


@command("import-rescue", help="Reprend le fichier de secours d’une tablette.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
def import_rescue(file: Path) -> None:
    house = opened()
    found = rescue.read(file)
    totals: Counter[str] = Counter()
    for line in rescue.bring_in(house, found):
        click.echo(line.words)
        totals[line.outcome] += 1
    click.echo(". ".join(f"{label} : {totals[name]}" for name, label in TOTALS.items()) + ".")
    if found.files:
        click.echo(
            f"Photos et voix d’entretiens en cours : {found.files}, restées dans le fichier. La "
            "tablette les envoie elle-même avec le réseau."
        )
    if totals["left"] or found.files:
        click.echo("Gardez ce fichier en lieu sûr : tout n’est pas entré.", err=True)
    else:
        click.echo("Tout est entré : vous pouvez effacer ce fichier.")


COMMANDS = (import_rescue,)
