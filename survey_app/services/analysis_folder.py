"""What an analysis found, in a folder: tables, pictures, corpus, matrix; all or nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from analysis import canvas
from analysis.wording import french_date
from survey_app.domain import DomainError, Invalid
from survey_app.models import Campaign, Job, Picture, Run, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, jobs, journal, result_tables, scope

KIND = "analysis-files"
CORPUS, MATRIX, README = "iramuteq.txt", "matrice.zip", "LISEZMOI.txt"
TABLES, IMAGES = "tableaux", "images"
_LAYOUT = (
    CORPUS,
    MATRIX,
    README,
    *(f"{TABLES}/*.{kind}" for kind in result_tables.FORMATS),
    *(f"{IMAGES}/*.{kind}" for kind in ("svg", "png")),
)
_UNSAFE = re.compile(r"[^\w.-]+")
_ABOUT = """{title}
Analyse du {day}.{warning}

{corpus} : les témoignages masqués, au format d'IRaMuTeQ (UTF-8, un texte par témoignage).
{matrix} : combien de fois chaque témoignage dit chaque mot (MatrixMarket, mots, témoignages).
{tables}/ : les tableaux de l'analyse, en CSV et en XLSX. Les nombres trop petits y sont masqués.
{images}/ : les images de l'analyse, en SVG et en PNG.

Les tableaux et les images peuvent être diffusés. Le corpus et la matrice sont faits pour un
travail d'évaluation : ils ne se publient pas, et s'effacent quand ce travail est fini. Une réponse
trop rare y est « autre ».
Ces nombres parlent des personnes rencontrées, pas de tous les habitants.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which campaign, in which folder (as `exports.recorded` says it)."""

    actor: Actor
    slug: str
    folder: str


def write(
    runtime: Runtime,
    asked: Asked,
    files: Mapping[str, bytes],
    check: Callable[[Session], None],
    progress: jobs.Progress,
) -> int:
    """Write the folder with these files, the tables and the pictures; returns how many files.

    ``check`` raises when something was withdrawn: nothing is then left on the disk.
    """
    place = (runtime.settings.instance / asked.folder).resolve()
    progress(2, 4, "Écriture des tableaux et des images")
    _require_free(place)
    draft = _draft(place)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        with runtime.database.reading() as session:
            campaign = scope.campaign(session, asked.actor, asked.slug)
            _fill(session, asked.actor, campaign, draft)
        for name, data in files.items():
            (draft / name).write_bytes(data)
        number = sum(1 for path in draft.rglob("*") if path.is_file())
        progress(3, 4, "Mise en place des fichiers")
        with runtime.database.writing() as session:
            check(session)
            campaign = scope.campaign(session, asked.actor, asked.slug)
            journal.record(session, asked.actor, "export", "campaigns", campaign.id, count=number)
            draft.replace(place)
    except OSError as error:
        raise DomainError(
            f"Le dossier « {place} » n’a pas pu être écrit ({error.strerror}).",
            "Les témoignages sont intacts, et rien n’a été laissé. Choisissez un autre dossier.",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    progress(4, 4, "Fichiers écrits")
    return number


def _draft(place: Path) -> Path:
    """Where the folder is written before it takes its name: always the same, so as to find it."""
    return place.with_name(f".paroles-{place.name}")


def _require_free(place: Path) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise Invalid(
            f"Le dossier « {place} » contient déjà quelque chose.",
            "Rien n’a été écrit. Donnez le nom d’un dossier nouveau, ou vide.",
        )


def _fill(session: Session, actor: Actor, campaign: Campaign, folder: Path) -> None:
    run = analyses.latest(session, actor, campaign)
    if run is None:
        raise Invalid(
            "Cette campagne n’a pas encore été analysée.",
            "Rien n’a été écrit. Lancez d’abord « paroles analyse ».",
        )
    for name in (TABLES, IMAGES):
        (folder / name).mkdir()
    for rank, table in enumerate(result_tables.every(session, actor, run), start=1):
        for kind in result_tables.FORMATS:
            path = folder / TABLES / f"{rank:03}-{_UNSAFE.sub('-', table.name)}.{kind}"
            path.write_bytes(result_tables.written(table, kind, campaign, run))
    _draw(session, actor, run, folder / IMAGES)
    told = _ABOUT.format(
        title=campaign.title,
        day=french_date(run.created_at.date()),
        warning=" Démonstration : témoignages inventés." if campaign.fictitious else "",
        corpus=CORPUS,
        matrix=MATRIX,
        tables=TABLES,
        images=IMAGES,
    )
    (folder / README).write_text(told, encoding="utf-8")


def _draw(session: Session, actor: Actor, run: Run, folder: Path) -> None:
    mine = (Picture.run_id == run.id, Picture.council_id == actor.council_id)
    names = session.scalars(select(Picture.name).where(*mine).order_by(Picture.name)).all()
    for rank, name in enumerate(names, start=1):
        row = session.scalars(select(Picture).where(*mine, Picture.name == name)).one()
        stem = folder / f"{rank:03}-{_UNSAFE.sub('-', name)}"
        stem.with_name(f"{stem.name}.svg").write_text(canvas.without_links(row.svg), "utf-8")
        stem.with_name(f"{stem.name}.png").write_bytes(row.png)
        session.expunge(row)


def forget(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Delete, once committed, the folders written of this campaign: all hold everybody's words.

    Only what we wrote there; a folder that is then empty goes too.
    """
    asked = select(Job.parameters).where(Job.campaign_id == testimony.campaign_id, Job.kind == KIND)
    names = {given["folder"] for given in session.scalars(asked) if "folder" in given}
    places = [(runtime.settings.instance / name).resolve() for name in sorted(names)]

    def after_commit(_: Session) -> None:
        for place in places:
            shutil.rmtree(_draft(place), ignore_errors=True)
            for path in [path for pattern in _LAYOUT for path in place.glob(pattern)]:
                path.unlink(missing_ok=True)
            for folder in (place / TABLES, place / IMAGES, place):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()

    event.listen(session, "after_commit", after_commit, once=True)
