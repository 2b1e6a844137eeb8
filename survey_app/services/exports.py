"""Files that leave the house: the synthesis in each format (a job), and the testimonies as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

import analysis.corpus as pure
from analysis.export import WRITERS, write
from survey_app.domain import Conflict, DomainError, Invalid
from survey_app.models import Campaign, Job, Synthesis, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import consents, jobs, journal, kept, scope, syntheses, whole_files
from survey_app.services import corpus as corpora

FORMATS = tuple(WRITERS)
STEM = "synthese"
SCOPES = ("noter", "citer", "voix", "photo", "recontact")


def check_formats(text: str) -> list[str]:
    """``docx,pdf,json`` as a list; raises `Invalid` for a format that nobody writes here."""
    wanted = [item.strip().lower() for item in text.split(",") if item.strip()]
    unknown = [item for item in wanted if item not in WRITERS]
    if unknown or not wanted:
        raise Invalid(
            f"Format inconnu : {', '.join(unknown) or 'aucun'}.",
            f"Les formats possibles sont {', '.join(FORMATS)}. Rien n’a été écrit.",
        )
    return list(dict.fromkeys(wanted))


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Write ``synthese.<format>`` of a synthesis version in a folder; returns the files' paths."""
    actor.require("synthesis.export")
    formats = list(parameters["formats"])
    place = runtime.settings.instance / parameters["folder"]
    with runtime.database.reading() as session:
        row = syntheses.get(session, actor, parameters["synthesis"])
        shown, identifier, before = syntheses.document(row), row.id, kept.whole(row)
    files: list[str] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        for done, name in enumerate(formats):
            progress(done, len(formats), f"Écriture du fichier {name.upper()}")
            path = place / f"{STEM}.{name}"
            write(shown, name, path)
            files.append(str(path.resolve()))
    except OSError as error:
        raise DomainError(
            f"Le dossier « {place} » n’a pas pu être écrit ({error.strerror}).",
            "La synthèse est intacte. Choisissez un autre dossier.",
        ) from None
    with runtime.database.reading() as session:
        if kept.whole(session.get_one(Synthesis, identifier)) != before:
            for name in files:
                Path(name).unlink(missing_ok=True)
            raise Conflict(
                "La synthèse a changé pendant l’écriture des fichiers.",
                "Ils n’ont pas été gardés. Recommencez.",
            )
    progress(len(formats), len(formats), "Fichiers écrits")
    return {"files": files}


def recorded(runtime: Runtime, place: Path) -> str:
    """A folder as a job remembers it: inside the data folder, it may move along with it."""
    whole, data = place.resolve(), runtime.settings.instance
    return str(whole.relative_to(data) if whole.is_relative_to(data) else whole)


def folder(runtime: Runtime, campaign: Campaign, row: Synthesis) -> Path:
    """Where the files that the pages offer are written, one folder a version."""
    return runtime.exports / campaign.slug / f"v{row.version}"


def written(runtime: Runtime, campaign: Campaign, row: Synthesis) -> dict[str, Path]:
    """The files of a version by format; one made before it was published is not its file."""
    since = row.published_at.timestamp() if row.published_at else 0.0
    found = {name: folder(runtime, campaign, row) / f"{STEM}.{name}" for name in FORMATS}
    return {
        name: path
        for name, path in found.items()
        if path.is_file() and path.stat().st_mtime >= since
    }


def forget(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Delete, once the session is committed, every file of ours that may hold this testimony.

    After the commit, a job still writing sees that its synthesis changed and keeps nothing.
    """
    mine = select(Job.kind, Job.parameters).where(Job.campaign_id == testimony.campaign_id)
    data, key = runtime.settings.instance, str(testimony.id)
    asked = session.execute(mine.where(Job.kind.in_(("export", "testimonies")))).all()
    folders = {data / given["folder"] for kind, given in asked if kind == "export"}
    lists = {data / given["file"] for kind, given in asked if kind == "testimonies"}

    def after_commit(session: Session) -> None:
        for path in [path for place in folders for path in _files_in(place)]:
            path.unlink(missing_ok=True)
        for path in lists:
            if path.is_file() and key in path.read_text(encoding="utf-8", errors="replace"):
                path.unlink()

    event.listen(session, "after_commit", after_commit, once=True)


def _files_in(place: Path) -> list[Path]:
    """Our files in a folder that somebody chose, and what a killed writer left; nothing else."""
    return [
        path
        for name in FORMATS
        for path in (place / f"{STEM}.{name}", *place.glob(f".{STEM}-*.{name}"))
    ]


def testimonies(session: Session, actor: Actor, campaign: Campaign) -> list[dict[str, Any]]:
    """The campaign's masked testimonies as plain records, oldest number first.

    Those that nobody has masked yet are left out: `corpora.load` never gives a raw text.
    """
    actor.require("testimony.export")
    loaded = corpora.load(session, actor, campaign)
    rows = {
        str(row.id): row
        for row in session.scalars(
            scope.scoped(actor, Testimony).where(Testimony.campaign_id == campaign.id)
        )
    }
    return [
        {
            "id": item.id,
            "number": item.number,
            "meeting": item.meeting,
            "neighbourhood": item.neighbourhood,
            "date": item.date.isoformat() if item.date else None,
            "persons": item.persons,
            "profile": dict(item.profile),
            "consents": _consents(rows[item.id], item),
            "approved_phrases": list(item.approved_phrases),
            "source_id": rows[item.id].source_id,
            "reviewed": item.reviewed,
            "text": item.text,
        }
        for item in loaded.corpus.testimonies
    ]


def write_testimonies(session: Session, actor: Actor, campaign: Campaign, path: Path) -> int:
    """Write `testimonies` as UTF-8 JSON, whole or not at all; returns how many."""
    records = testimonies(session, actor, campaign)
    whole_files.write(path, json.dumps(records, ensure_ascii=False, indent=1).encode())
    journal.record(session, actor, "export", "campaigns", campaign.id, testimonies=len(records))
    return len(records)


def work_testimonies(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Write the masked testimonies in ``parameters["file"]``; also says how many are not masked.

    In a writing transaction: a withdrawal waits for the file, then deletes it.
    """
    progress(0, 1, "Écriture des témoignages")
    with runtime.database.writing() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        path = runtime.settings.instance / parameters["file"]
        written = write_testimonies(session, actor, campaign, path)
        waiting = corpora.pending(session, campaign)
    progress(1, 1, "Témoignages écrits")
    return {"testimonies": written, "waiting": waiting}


def _consents(row: Testimony, item: pure.Testimony) -> dict[str, bool]:
    """Each scope as yes or no; ``citer`` is yes only when something may really be quoted."""
    given = {
        name: record.decision in {"granted", "approved"}
        for name, record in consents.current(row).items()
    }
    return {name: given.get(name, False) for name in SCOPES} | {
        "citer": item.citable == "yes" or bool(item.approved_phrases)
    }
