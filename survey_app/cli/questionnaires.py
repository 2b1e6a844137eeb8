"""Commands on questionnaires as spreadsheets (XLSForm); they need no installation."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.wording import count, plural
from questionnaires import library, xlsform
from questionnaires.model import in_language
from questionnaires.problems import Problem
from survey_app.cli.french import Command
from survey_app.domain import Conflict, Invalid

NOTHING = "Rien n’a été écrit."


@click.command(
    "check-xlsform",
    Command,
    help="Vérifie un formulaire XLSForm (XLSX, XLS ou CSV), sans rien enregistrer.",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Print what the workbook holds, or everything that must change, with status 1."""
    imported = xlsform.read(_bytes(file), file.name)
    found = imported.questionnaire
    if found is None:
        number = len(imported.refusals)
        points = f"{count(number, 'point')} {plural(number, 'est', 'sont')} à corriger"
        click.echo(f"« {file.name} » ne peut pas être repris : {points}.", err=True)
        for problem in imported.refusals:
            click.echo(_line(problem), err=True)
        click.echo("Rien n’a été enregistré, et le fichier n’a pas changé.", err=True)
        context.exit(1)
    click.echo(in_language(found.title, found.default_language))
    click.echo(
        f"{count(len(found.sections), 'section')}, {count(len(found.questions), 'question')}, "
        f"{count(len(found.languages), 'langue')} ({', '.join(found.languages)})"
    )
    for problem in imported.notices:
        click.echo(_line(problem))
    click.echo("Ce formulaire peut être repris.")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise Invalid(
            f"Il n’y a pas de fichier « {file} »."
            if missing
            else f"Le fichier « {file} » n’a pas pu être lu.",
            "Vérifiez son nom et son dossier."
            if missing
            else "Vérifiez que c’est bien un fichier, et que vous avez le droit de le lire.",
        ) from None


def _line(problem: Problem) -> str:
    return f"- {problem.where} : {problem}"


@click.command(
    "export-xlsforms",
    Command,
    help="Écrit chaque questionnaire de la bibliothèque dans un classeur XLSForm.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier où écrire ; il est créé s’il n’existe pas.",
)
def export(output: Path) -> None:
    """Write a workbook for each questionnaire; nothing is written over what is there."""
    names = library.names()
    files = {name: output / f"{name}.xlsx" for name in names}
    there = [file.name for file in files.values() if file.exists()]
    if there:
        raise Conflict(
            f"Ces fichiers existent déjà dans « {output} » : {', '.join(there)}.",
            f"{NOTHING} Choisissez un autre dossier, ou déplacez-les.",
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            file.write_bytes(xlsform.write(library.load(name)))
            click.echo(f"{file.name}\t{in_language(library.load(name).title, 'fr')}")
    except FileExistsError:
        raise Invalid(
            f"« {output} » est un fichier, pas un dossier.",
            f"{NOTHING} Donnez le nom d’un dossier.",
        ) from None
    except OSError as error:
        raise Invalid(
            f"L’écriture dans « {output} » a échoué ({error.strerror}).",
            "Vérifiez la place libre et vos droits, puis recommencez dans un dossier vide.",
        ) from None
    click.echo(f"{count(len(names), 'classeur écrit', 'classeurs écrits')} dans {output}")


COMMANDS = (check, export)
