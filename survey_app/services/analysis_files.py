"""What an analysis gives to other programs: the corpus for IRaMuTeQ, the matrix, every table.

Asked for from a page, a file waits encrypted, a day at most, for whoever asked. The command writes
a whole folder. Masked words only; withdrawing a testimony deletes what was written.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from analysis import terms
from analysis.export import iramuteq, matrix
from survey_app.domain import Conflict, Invalid, NotFound
from survey_app.models import Campaign, Job, Run, now
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    analyses,
    analysis_folder,
    exchange_picture,
    import_shelf,
    jobs,
    journal,
    run_parts,
    scope,
)
from survey_app.services import annotations as readings
from survey_app.services import corpus as corpora

KIND = analysis_folder.KIND
PROFILE = "profil:"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that may be asked for: how it is named, called and served."""

    ending: str
    title: str
    mimetype: str


OFFERS = {
    "iramuteq": Offer("-iramuteq.txt", "Corpus pour IRaMuTeQ", "text/plain; charset=utf-8"),
    "matrice": Offer("-matrice.zip", "Matrice des mots", "application/zip"),
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that its author may fetch, or one under way (``job``), or neither."""

    wanted: str
    title: str
    job: Job | None
    waiting: uuid.UUID | None


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Write the file ``parameters["wanted"]`` on the shelf of who asked, or the whole folder.

    ``parameters["folder"]``, when given, names a folder that is not there yet, or is empty.
    """
    actor.require("testimony.export")
    progress(0, 4, "Lecture des témoignages")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        run = analyses.latest(session, actor, campaign)
        picture = exchange_picture.taken(session, actor, campaign)
        choices = run_parts.selection(campaign.analysis)
    loaded = picture.loaded
    _require_words(loaded)

    def counted() -> bytes:
        annotated = readings.annotated(runtime, actor, loaded, progress)
        said = terms.said(annotated, loaded.corpus, choices)
        names = {picture.labels[name]: held for name, held in picture.values.items()}
        return matrix.packed(loaded.corpus.testimonies, said, names, iramuteq.OTHER)

    def spoken() -> bytes:
        return iramuteq.write(loaded.corpus.testimonies, _short(picture.values)).encode()

    told = {"testimonies": len(loaded.corpus.testimonies), "withheld": list(picture.withheld)}
    if "folder" in parameters:
        files = {analysis_folder.CORPUS: spoken(), analysis_folder.MATRIX: counted()}
        asked = analysis_folder.Asked(actor, parameters["campaign"], parameters["folder"])
        check = _check(loaded.text_versions, run)
        number = analysis_folder.write(runtime, asked, files, check, progress)
        return told | {"files": number}
    data = spoken() if parameters["wanted"] == "iramuteq" else counted()
    waiting = _put(runtime, actor, parameters, data, loaded.text_versions)
    progress(4, 4, "Fichier prêt")
    return told | {"waiting": str(waiting)}


def _require_words(loaded: corpora.Loaded) -> None:
    if not loaded.corpus.testimonies:
        raise Invalid(
            "Cette campagne n’a encore aucun témoignage masqué.",
            "Rien n’a été écrit. Relisez et masquez au moins un témoignage.",
        )


def _short(values: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Profile questions by their own names, where nothing else is named so."""
    found = {}
    for name, held in values.items():
        short = name.removeprefix(PROFILE)
        found[name if short in values else short] = held
    return found


def _check(versions: dict[str, uuid.UUID], run: Run | None) -> Callable[[Session], None]:
    """Refuse what was made from words withdrawn meanwhile, in the session that lets it out."""

    def check(session: Session) -> None:
        analyses.require_alive(session, versions)
        if run is not None and session.get(Run, run.id) is None:
            raise Conflict(
                "L’analyse a été refaite pendant l’écriture des fichiers.",
                "Ils n’ont pas été gardés. Recommencez.",
            )

    return check


def _put(
    runtime: Runtime,
    actor: Actor,
    parameters: dict[str, Any],
    data: bytes,
    versions: dict[str, uuid.UUID],
) -> uuid.UUID:
    """Put a file on the shelf, unless a testimony of it was withdrawn meanwhile."""
    wanted = parameters["wanted"]
    with runtime.database.writing() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        analyses.require_alive(session, versions)
        name = f"{campaign.slug}{OFFERS[wanted].ending}"
        key = import_shelf.put(runtime, actor, campaign, name, data, "testimony.export")
        journal.record(
            session, actor, "export", "campaigns", campaign.id, testimonies=len(versions)
        )
    return key


def asked(actor: Actor, campaign: Campaign, wanted: str) -> dict[str, str]:
    """The parameters of the job that makes a file for this person; `NotFound` for another name."""
    if wanted not in OFFERS:
        raise NotFound()
    # Each person has a file of their own: two who ask at once do not share a job.
    return {"campaign": campaign.slug, "wanted": wanted, "account": str(actor.account_id)}


def ready(session: Session, runtime: Runtime, actor: Actor, campaign: Campaign) -> list[Ready]:
    """What this person asked for: each file that may be asked for, and where it stands."""
    since = now() - timedelta(seconds=import_shelf.LONGEST_WAIT)
    rows = session.scalars(
        scope.scoped(actor, Job)
        .where(Job.campaign_id == campaign.id, Job.kind == KIND, Job.created_at > since)
        .order_by(Job.created_at.desc(), Job.id.desc())
    ).all()
    found = []
    for wanted, offer in OFFERS.items():
        mine = [row for row in rows if row.parameters == asked(actor, campaign, wanted)]
        job = mine[0] if mine and mine[0].state in ("queued", "running") else None
        done = next((row for row in mine if row.state == "done"), None)
        key = uuid.UUID(done.result["waiting"]) if done else None
        here = key is not None and import_shelf.waits(runtime, campaign, key)
        found.append(Ready(wanted, offer.title, job, key if here else None))
    return found


def fetched(
    runtime: Runtime, actor: Actor, campaign: Campaign, waiting_id: uuid.UUID
) -> tuple[str, str, bytes]:
    """The name, kind and content of a file that this person asked for; `NotFound` otherwise."""
    kept = import_shelf.get(runtime, actor, campaign, waiting_id, "testimony.export")
    for offer in OFFERS.values():
        if kept.name.endswith(offer.ending):
            return f"{campaign.slug}{offer.ending}", offer.mimetype, kept.data
    raise NotFound()
