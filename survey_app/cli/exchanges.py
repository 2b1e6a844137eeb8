"""Commands for other programs: codings (REFI-QDA, .qdpx), and all that an analysis found."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.refi.remarks import KINDS, LOST, MENDED
from analysis.wording import count, plural
from survey_app.cli.campaigns import OUTPUT, SLUG
from survey_app.cli.common import campaign, command, opened, run_job
from survey_app.domain import Invalid
from survey_app.services import analysis_files, exchanges, exports

TITLES = {LOST: "Ce qui n’a pas pu être repris :", MENDED: "Ce qui a été réparé :"}


@command("export-qdpx", help="Écrit les codages d’une campagne pour un autre logiciel (.qdpx).")
@SLUG
@OUTPUT
def export(slug: str, output: Path) -> None:
    house = opened()
    file = exports.recorded(house, output)
    done = run_job(house, slug, exchanges.EXPORT, campaign=slug, file=file).result
    click.echo(
        f"{count(done['testimonies'], 'témoignage')}, {count(done['excerpts'], 'extrait')}, "
        f"{count(done['codings'], 'codage')} : {output}"
    )
    if done["left"]:
        click.echo(f"Pas encore masqués, donc laissés de côté : {done['left']}.", err=True)
    if done["withheld"]:
        names = ", ".join(done["withheld"])
        click.echo(f"Réponses trop rares, laissées de côté : {names}.", err=True)


@command("import-qdpx", help="Reprend les codages faits dans un autre logiciel (.qdpx).")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@SLUG
@click.option(
    "--account",
    "login",
    default="",
    metavar="COMPTE",
    help="Compte qui porte les codages des personnes inconnues ici (la coordination sinon).",
)
def import_(file: Path, slug: str, login: str) -> None:
    house = opened()
    data = _read(file)
    with house.database.reading() as session:
        actor, row = campaign(session, slug)
        account = exchanges.bearer(session, row, login)
    done = exchanges.bring(house, actor, slug, data, _quiet, account.id)
    added = plural(done["added"], "codage ajouté", "codages ajoutés")
    click.echo(f"{done['added']} {added}, {done['known']} déjà là. Compte : {account.login}.")
    for level, title in TITLES.items():
        lines = [item for item in done["remarks"] if KINDS[item[0]][0] == level]
        if lines:
            click.echo(title, err=True)
        for kind, about, times in lines:
            named = f" : {about}" if about else ""
            click.echo(f"  {KINDS[kind][1]}{named} ({times})", err=True)


@command(
    "export-analysis",
    help="Écrit tout ce qu’une analyse a trouvé dans un dossier nouveau : tableaux, images, "
    "corpus pour IRaMuTeQ, matrice des mots.",
)
@SLUG
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier à créer (ou vide).",
)
def export_analysis(slug: str, output: Path) -> None:
    house = opened()
    folder = exports.recorded(house, output)
    done = run_job(house, slug, analysis_files.KIND, campaign=slug, folder=folder).result
    click.echo(
        f"{count(done['files'], 'fichier écrit', 'fichiers écrits')} dans {output}, "
        f"sur {count(done['testimonies'], 'témoignage')}."
    )
    if done["withheld"]:
        names = ", ".join(done["withheld"])
        click.echo(f"Réponses trop rares, devenues « autre » : {names}.", err=True)


def _quiet(done: int, total: int, message: str) -> None:
    """A command tells its result, not its steps."""


def _read(file: Path) -> bytes:
    """The file's bytes; what is too long is refused before it is read."""
    try:
        if file.stat().st_size > exchanges.MAX_BYTES:
            raise Invalid(f"Le fichier « {file} » dépasse 256 Mo.", exchanges.LOST)
        return file.read_bytes()
    except OSError as error:
        raise Invalid(
            f"Le fichier « {file} » ne peut pas être lu ({error.strerror}).",
            "Vérifiez son nom et vos droits. Rien n’a été importé.",
        ) from None


COMMANDS = (export, import_, export_analysis)
