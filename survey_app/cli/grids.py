"""Commands on grids: write the one of a campaign to a file, read one from a file."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.wording import count
from survey_app.cli.campaigns import OUTPUT, SLUG
from survey_app.cli.common import campaign, command, council, opened
from survey_app.domain import Conflict, Invalid
from survey_app.permissions import system_actor
from survey_app.services import grid_drafts, grid_files, grids, whole_files


@command(
    "export-grille", help="Écrit la grille d’une campagne (.yaml, .csv, .qdc selon la fin du nom)."
)
@SLUG
@OUTPUT
def export(slug: str, output: Path) -> None:
    with opened().database.reading() as session:
        actor, found = campaign(session, slug)
        row = grids.version_of(session, actor, found)
        kind = output.suffix.lower().lstrip(".").replace("yml", "yaml")
        data = grid_files.export(session, actor, row, kind, found)
        if output.exists():
            raise Conflict(f"Le fichier « {output} » existe déjà.", "Rien n’a été écrit.")
        whole_files.write(output, data)
        click.echo(f"{row.title}, version {row.version} : {output}")


@command("import-grille", help="Lit une grille (.yaml, .csv ou .qdc) et en fait un brouillon.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@click.option("--council", "name", default="", metavar="CONSEIL", help="Nom du conseil.")
@click.option("--publish", "number", default="", metavar="NUMÉRO", help="Publie sous ce numéro.")
def import_(file: Path, name: str, number: str) -> None:
    try:
        data = file.read_bytes()
    except OSError:
        raise Invalid(
            f"Le fichier « {file} » n’a pas pu être lu.", "Vérifiez son nom et vos droits."
        ) from None
    read = grid_files.read(file.name, data)
    with opened().database.writing() as session:
        actor = system_actor(council(session, name).id)
        row = grid_drafts.begin_from_file(session, actor, read.book, read.licence)
        codes = count(len(read.book.all_codes()), "code")
        click.echo(f"{row.title} : {count(len(read.book.themes), 'thème')}, {codes}.")
        for loss in read.losses:
            click.echo(f"- {loss}")
        if number:
            grid_drafts.publish(session, actor, row, row.revision, number)
            click.echo(f"Version {row.version} publiée.")
        else:
            click.echo("C’est un brouillon : relisez-le dans « Grilles », puis publiez-le.")


COMMANDS = (export, import_)
