"""Commands on campaigns: list, create, import, analyse, write the synthesis, export."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from analysis.wording import count, plural
from survey_app.cli.common import campaign, command, council, opened, run_job, steps
from survey_app.domain import NotFound
from survey_app.models import Campaign
from survey_app.permissions import system_actor
from survey_app.services import campaigns as service
from survey_app.services import demo, exports, imports, syntheses

SLUG = click.option("--campaign", "slug", required=True, metavar="NOM", help="Nom de la campagne.")
OUTPUT = click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Fichier à écrire.",
)


@command("campaigns", help="Liste les campagnes : nom et titre, la plus ancienne d’abord.")
def listed() -> None:
    with opened().database.reading() as session:
        rows = session.scalars(select(Campaign).order_by(Campaign.created_at, Campaign.id))
        for row in rows:
            click.echo(f"{row.slug}\t{row.title}")


@command(
    "create-campaign",
    help="Crée une campagne, en brouillon. Les CODE écrits à la fin sont d’autres quartiers, "
    "comme si --neighbourhood était répété.",
)
@click.argument("slug", metavar="NOM")
@click.option("--title", required=True, metavar="TITRE", help="Titre de la campagne.")
@click.option(
    "--neighbourhood",
    "codes",
    multiple=True,
    required=True,
    metavar="CODE",
    help="Code du quartier (QP034020). Peut être répété.",
)
@click.option("--council", "name", default="", metavar="CONSEIL", help="Nom du conseil.")
@click.argument("more", nargs=-1, metavar="[CODE]...")
def create(slug: str, title: str, codes: tuple[str, ...], name: str, more: tuple[str, ...]) -> None:
    with opened().database.writing() as session:
        owner = council(session, name)
        row = service.create(session, system_actor(owner.id), slug, title, [*codes, *more])
        click.echo(f"Campagne « {row.slug} » créée pour {owner.name}, en brouillon.")
        invented = demo.present(session)
    if invented is not None and invented.id == owner.id:
        click.echo(
            "Attention : ce conseil est celui de la démonstration, dont les mots de passe sont "
            "connus de tous. Pour de vraies paroles, faites une installation à part.",
            err=True,
        )


@command("import-testimonies", help="Importe des témoignages existants (CSV, XLSX ou ODS).")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
@SLUG
@click.option("--text", required=True, metavar="COLONNE", help="Colonne du texte.")
@click.option("--id", "identifier", default="", metavar="COLONNE", help="Colonne de l’identifiant.")
@click.option("--date", default="", metavar="COLONNE", help="Colonne de la date.")
@click.option("--place", default="", metavar="COLONNE", help="Colonne du lieu.")
@click.option("--dry-run", is_flag=True, help="Vérifie tout, sans rien enregistrer.")
def import_testimonies(
    file: Path, slug: str, text: str, identifier: str, date: str, place: str, dry_run: bool
) -> None:
    house = opened()
    columns = imports.Columns(text, identifier, date, place)
    with house.database.writing() as session:
        actor, row = campaign(session, slug)
        report = imports.import_testimonies(
            session, actor, house.keys, row, file, columns, steps("Témoignages lus")
        )
        if dry_run:
            session.rollback()
    for note in report.notes:
        click.echo(note, err=True)
    added = plural(
        report.stored,
        "serait ajouté" if dry_run else "ajouté",
        "seraient ajoutés" if dry_run else "ajoutés",
    )
    click.echo(
        f"{count(report.rows, 'ligne lue', 'lignes lues')} : "
        f"{count(report.stored, 'témoignage')} {added}, {report.duplicates} déjà là."
    )
    if report.withdrawn:
        click.echo(f"Retirés depuis un import précédent, laissés de côté : {report.withdrawn}.")
    click.echo(
        "Essai seulement : rien n’a été enregistré."
        if dry_run
        else "Ce qui vient d’un import est marqué « importé, non relu » et n’est pas cité."
    )


@command("analyse", help="Analyse une campagne : comptes par thème, mots, nuage.")
@SLUG
def analyse(slug: str) -> None:
    job = run_job(opened(), slug, "analyse", campaign=slug)
    click.echo(f"Analyse terminée : {count(job.result['testimonies'], 'témoignage')}.")


@command("synthesis", help="Écrit la synthèse d’une campagne dans un dossier.")
@SLUG
@click.option(
    "--format",
    "formats",
    default=",".join(exports.FORMATS),
    show_default=True,
    metavar="LISTE",
    help="Formats voulus, séparés par des virgules.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier où écrire.",
)
@click.option("--version", "number", type=int, default=None, metavar="N", help="Version voulue.")
def synthesis(slug: str, formats: str, output: Path, number: int | None) -> None:
    house = opened()
    wanted = exports.check_formats(formats)
    with house.database.writing() as session:
        actor, row = campaign(session, slug)
        versions = syntheses.listed(session, actor, row)
        if number is not None:
            versions = [item for item in versions if item.version == number]
            if not versions:
                raise NotFound(f"La version {number} n’existe pas.", "Rien n’a été écrit.")
        if not versions or (number is None and versions[0].state == "draft"):
            versions = [syntheses.draft(session, actor, row)]
        chosen = versions[0]
        shown = syntheses.document(chosen)
    job = run_job(
        house,
        slug,
        "export",
        synthesis=str(chosen.id),
        formats=wanted,
        folder=exports.recorded(house, output),
    )
    if not shown.coded:
        click.echo("Aucun passage n’est encore codé : la synthèse le dit, et porte « BROUILLON ».")
    elif shown.draft:
        click.echo("La synthèse porte « BROUILLON » : " + " ".join(shown.identity.reasons))
    for name in job.result["files"]:
        click.echo(name)


@command("export-testimonies", help="Écrit les témoignages masqués d’une campagne (JSON).")
@SLUG
@OUTPUT
def export_testimonies(slug: str, output: Path) -> None:
    house = opened()
    job = run_job(house, slug, "testimonies", campaign=slug, file=exports.recorded(house, output))
    written, waiting = job.result["testimonies"], job.result["waiting"]
    click.echo(f"{count(written, 'témoignage écrit', 'témoignages écrits')} dans {output}")
    if waiting:
        click.echo(f"Pas encore masqués, donc laissés de côté : {waiting}.", err=True)


COMMANDS = (listed, create, import_testimonies, analyse, synthesis, export_testimonies)
