"""Exchanging codings with NVivo, ATLAS.ti, MAXQDA, QualCoder: two jobs, one each way.

A file asked for from a page waits encrypted, a day at most, for whoever asked; withdrawing a
testimony deletes every file that holds it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import refi
from analysis.refi import archive
from analysis.refi.remarks import gathered
from analysis.wording import count
from survey_app.domain import Conflict, Invalid
from survey_app.models import Account, Campaign, Testimony
from survey_app.permissions import Actor, Role
from survey_app.runtime import Runtime
from survey_app.services import corpus as corpora
from survey_app.services import (
    exchange_files,
    exchange_match,
    exchange_names,
    exchange_picture,
    exchange_plan,
    exchange_project,
    exchange_store,
    import_shelf,
    jobs,
    journal,
    scope,
    whole_files,
)
from survey_app.services.exchange_picture import Picture
from survey_app.services.exchange_plan import Plan, Wanted

EXPORT, IMPORT = exchange_files.EXPORT, "qdpx-import"
ORIGIN = "Paroles"
MAX_BYTES = archive.MAX_FILE
PACKET = 40  # codings stored in one transaction: the desk does not wait behind an import
LOST = "Rien n’a été importé, et rien n’a été perdu."


def work_export(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Write a campaign as .qdpx, in ``parameters["file"]`` or on the shelf of who asked."""
    actor.require("testimony.export")
    progress(0, 3, "Lecture des témoignages et des codages")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        picture = exchange_picture.taken(session, actor, campaign)
    guids = exchange_names.drawn(runtime, campaign, picture.names())
    progress(1, 3, "Écriture du fichier")
    content = BytesIO()
    refi.write(exchange_project.of(picture, guids, ORIGIN), content)
    progress(2, 3, "Mise à disposition")
    result = _given(runtime, actor, parameters, picture, content.getvalue())
    progress(3, 3, "Fichier prêt")
    return result


def _given(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], picture: Picture, data: bytes
) -> dict[str, Any]:
    """Put the file where it was asked for, unless a testimony of it was withdrawn meanwhile."""
    corpus, waiting = picture.loaded.corpus, ""
    with runtime.database.writing() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        _still_here(session, campaign, set(corpus.testimony_by_id))
        if "file" in parameters:
            whole_files.write(runtime.settings.instance / parameters["file"], data)
        else:
            name = f"{campaign.slug}.qdpx"
            key = import_shelf.put(runtime, actor, campaign, name, data, "testimony.export")
            waiting = str(key)
        texts, codings = len(corpus.testimonies), len(picture.coded)
        journal.record(
            session, actor, "export", "campaigns", campaign.id, testimonies=texts, codings=codings
        )
        left = corpora.pending(session, campaign)
    excerpts_told = len({row.excerpt_id for row in picture.coded})
    counts = {"testimonies": texts, "excerpts": excerpts_told, "codings": codings, "left": left}
    return counts | {"waiting": waiting, "withheld": list(picture.withheld)}


def work_import(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Import the file that waits on the shelf; it leaves the shelf whatever it was worth."""
    key = uuid.UUID(parameters["waiting"])
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        data = import_shelf.get(runtime, actor, campaign, key).data
    try:
        return bring(runtime, actor, parameters["campaign"], data, progress)
    finally:
        with runtime.database.writing() as session:
            import_shelf.drop(session, runtime, campaign, key)
            session.connection()


def bring(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    data: bytes,
    progress: jobs.Progress,
    bearer: uuid.UUID | None = None,
) -> dict[str, Any]:
    """Add the codings of a file, packet by packet; returns counts and remarks.

    ``bearer`` signs what people unknown here coded: the actor's account by default.
    Doing it again adds nothing; two imports of one campaign wait for each other.
    """
    actor.require("testimony.import")
    signs = bearer or actor.account_id
    if signs is None:
        raise Invalid("Aucun compte ne porterait les codages.", f"Nommez-en un. {LOST}")
    progress(0, 1, "Lecture du fichier")
    try:
        reading = refi.read(data)
    except refi.RefiError as error:
        raise Invalid(str(error)) from None
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, slug)
    with exchange_files.alone(runtime, campaign):
        with runtime.database.reading() as session:
            campaign = scope.campaign(session, actor, slug)
            plan = exchange_plan.of(session, actor, campaign, reading, signs)
        added = _written(runtime, actor, campaign, plan, progress)
    remarks = [[item.kind, item.about, item.count] for item in gathered(plan.remarks)]
    return {"added": added, "known": plan.known, "remarks": remarks}


def _written(
    runtime: Runtime, actor: Actor, campaign: Campaign, plan: Plan, progress: jobs.Progress
) -> int:
    """Store the plan, packet by packet; how many codings. `Conflict` once the grid has changed."""
    total, added, same_grid = sum(map(len, plan.wanted.values())), 0, True
    for packets in _packets(plan):
        progress(added, total, "Codages importés")
        with runtime.database.writing() as session:
            now = scope.get(session, actor, Campaign, campaign.id)
            same_grid = now.codebook_version_id == plan.version
            if not same_grid:
                break
            held = exchange_match.in_rounds(session, campaign)
            for key, wanted, last in packets:
                added += exchange_store.stored(session, actor, plan, key, wanted, held, memos=last)
    with runtime.database.writing() as session:
        journal.record(session, actor, "import", "campaigns", campaign.id, codings=added)
    if not same_grid:
        kept = count(added, "codage déjà ajouté reste", "codages déjà ajoutés restent")
        raise Conflict(
            "La grille de la campagne a changé pendant l’import, qui s’est arrêté.",
            f"Rien n’est perdu : {kept}. Importez de nouveau le fichier : "
            "rien ne sera ajouté deux fois.",
        )
    progress(total, total, "Codages importés")
    return added


def _packets(plan: Plan) -> Iterator[list[tuple[uuid.UUID, list[Wanted], bool]]]:
    """What is stored together, so that nobody else waits long: about `PACKET` codings.

    For each testimony, some of its codings, and whether they are its last.
    """
    packets: list[tuple[uuid.UUID, list[Wanted], bool]] = []
    held = 0
    for key in dict.fromkeys([*plan.wanted, *plan.memos]):
        wanted = plan.wanted.get(key, [])
        for start in range(0, max(1, len(wanted)), PACKET):
            part = wanted[start : start + PACKET]
            packets.append((key, part, start + PACKET >= len(wanted)))
            held += 1 + len(part)
            if held >= PACKET:
                yield packets
                packets, held = [], 0
    if packets:
        yield packets


def bearer(session: Session, campaign: Campaign, login: str = "") -> Account:
    """Who signs an import made at the command line: the account named, else a coordinator."""
    query = select(Account).where(Account.council_id == campaign.council_id, Account.active)
    rows = session.scalars(query.order_by(Account.created_at, Account.id)).all()
    for row in rows:
        if row.login == login if login else Role.COORDINATOR in row.role_names:
            return row
    who = f"aucun compte actif ne s’appelle « {login} »" if login else "personne ne la coordonne"
    raise Invalid(
        f"Les codages doivent être portés par un compte, or {who}.",
        f"Nommez un compte du conseil avec « --account ». {LOST}",
    )


def _still_here(session: Session, campaign: Campaign, told: set[str]) -> None:
    query = select(Testimony.id).where(
        Testimony.campaign_id == campaign.id, Testimony.state.in_(corpora.COUNTED)
    )
    if told - {str(key) for key in session.scalars(query)}:
        raise Conflict(
            "Un témoignage a été retiré pendant l’écriture du fichier.",
            "Le fichier n’a pas été gardé. Recommencez.",
        )
