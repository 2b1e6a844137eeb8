"""Proposals to mask: the machine points at words, a person accepts or refuses each.

A proposal is a `Redaction` in the state « proposed »; nothing is covered before it is
« accepted ». What was refused is not proposed again, even in a corrected text.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis import persons
from analysis.french import pipeline_id
from analysis.masking import propose
from analysis.sentences import Span
from survey_app.domain import Conflict
from survey_app.models import (
    Annotation,
    Campaign,
    Meeting,
    Redaction,
    Sector,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import annotations as readings
from survey_app.services import jobs, masking, masking_batch, masking_steps, scope
from survey_app.services.custody import working_text
from survey_app.services.placeholders import CATEGORIES, check_category, fold

ROUNDS = 5
_TOGETHER = 50


def pending(session: Session, testimony: Testimony) -> list[Redaction]:
    """The proposals nobody has answered, in order; what a person covered answers them too."""
    text = working_text(testimony)
    query = select(Redaction).where(
        Redaction.text_version_id == text.id, Redaction.state == "proposed"
    )
    covered = [(row.start, row.end) for row in masking.chosen(session, testimony)]
    rows = session.scalars(query.order_by(Redaction.start))
    return [row for row in rows if not _overlaps(row, covered)]


def refresh(session: Session, testimony: Testimony) -> int:
    """Propose what the rules, the first names and a finished reading see; returns how many.

    Doing it again adds nothing but what a new reading found.
    """
    text = working_text(testimony)
    known = session.scalars(select(Redaction).where(Redaction.testimony_id == testimony.id)).all()
    taken = [(row.start, row.end) for row in known if row.text_version_id == text.id]
    refused = _refused(testimony, known)
    found = propose(text.text, places(session, testimony), reading(session, text) or ())
    fresh = [
        one
        for one in found
        if not _overlaps(one, taken)
        and fold(text.text[one.start : one.end]) not in refused
        and _inside_one_answer(text, one.start, one.end)
    ]
    session.add_all(
        Redaction(
            council_id=testimony.council_id,
            testimony_id=testimony.id,
            text_version_id=text.id,
            start=one.start,
            end=one.end,
            category=one.category if one.category in CATEGORIES else "AUTRE",
            origin=one.why,
            state="proposed",
        )
        for one in fresh
    )
    session.flush()
    return len(fresh)


def accept(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    rows: Iterable[Redaction],
    category: str = "",
) -> int:
    """Cover these proposals, and the same words wherever they are proposed too.

    ``category`` is that of the placeholder when the proposal's own is wrong.
    """
    text = masking.open_text(session, actor, testimony)
    if category:
        check_category(category)
    wanted = _alike(session, testimony, text, rows)
    with masking_steps.gesture(session, actor, testimony, "cover"):
        for row in wanted:
            row.state, row.created_by = "accepted", actor.account_id
            row.category = category or row.category
        session.flush()
        masking.renumber(session, actor, testimony)
    return len(wanted)


def refuse(session: Session, actor: Actor, testimony: Testimony, rows: Iterable[Redaction]) -> int:
    """Leave these words as they are, and the same words wherever they are proposed too."""
    text = masking.open_text(session, actor, testimony)
    wanted = _alike(session, testimony, text, rows)
    with masking_steps.gesture(session, actor, testimony, "leave"):
        for row in wanted:
            row.state, row.created_by = "refused", actor.account_id
        session.flush()
    return len(wanted)


def reading(session: Session, text: TextVersion) -> tuple[Span, ...] | None:
    """The persons that the job found in this text; None while it has not read it."""
    query = select(Annotation.document).where(Annotation.text_version_id == text.id)
    entry = session.scalars(query).first()
    return persons.decode(entry, text.text) if entry is not None else None


def batch(
    session: Session, actor: Actor, campaign: Campaign
) -> tuple[list[tuple[Testimony, TextVersion]], int]:
    """Short testimonies with nothing proposed, and how many others wait for an answer."""
    for _ in range(ROUNDS):
        rows = masking_batch.waiting(session, actor, campaign, ("accepted", "proposed"))
        if not sum([refresh(session, row) for row in rows]):
            break
    held = (
        scope.scoped(actor, Testimony)
        .join(Meeting, Meeting.id == Testimony.meeting_id)
        .join(Redaction, Redaction.testimony_id == Testimony.id)
        .where(
            Testimony.campaign_id == campaign.id,
            Testimony.state == "reviewed",
            Meeting.method == "micro_trottoir",
            Redaction.state == "proposed",
        )
        .with_only_columns(func.count(Testimony.id.distinct()))
    )
    return masking_batch.batch(session, actor, campaign), session.scalar(held) or 0


def unread(session: Session, actor: Actor, campaign: Campaign) -> list[TextVersion]:
    """The texts to mask that the job has not read yet."""
    rows = session.scalars(
        scope.scoped(actor, Testimony).where(
            Testimony.campaign_id == campaign.id, Testimony.state == "reviewed"
        )
    )
    texts = [working_text(row) for row in rows]
    return [text for text in texts if reading(session, text) is None]


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Look for names, with the language model, in the texts to mask of a campaign (a slug)."""
    actor.require("testimony.mask")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        texts = [(text.id, text.text) for text in unread(session, actor, campaign)]
    for done in range(0, len(texts), _TOGETHER):
        progress(done, len(texts), f"Recherche des noms : {done} textes sur {len(texts)}")
        some = {str(key): words for key, words in texts[done : done + _TOGETHER]}
        _keep(runtime, {uuid.UUID(key): spans for key, spans in persons.find(some).items()})
    progress(len(texts), len(texts), "Recherche des noms terminée")
    return {"texts": len(texts)}


def _keep(runtime: Runtime, found: dict[uuid.UUID, tuple[Span, ...]]) -> None:
    """Keep each reading and propose what it adds; a text erased meanwhile leaves nothing."""
    with runtime.database.writing() as session:
        alive = session.scalars(select(TextVersion).where(TextVersion.id.in_(found))).all()
        entries = {key: persons.encode(spans) for key, spans in found.items()}
        readings.put(session, alive, entries, pipeline_id() + readings.NAMES)
        session.flush()
        for text in alive:
            testimony = session.get_one(Testimony, text.testimony_id)
            if testimony.state == "reviewed":
                refresh(session, testimony)


def _alike(
    session: Session, testimony: Testimony, text: TextVersion, rows: Iterable[Redaction]
) -> list[Redaction]:
    """The unanswered proposals with the words and category of these."""

    def said(row: Redaction) -> tuple[str, str]:
        return row.category, fold(text.text[row.start : row.end])

    present = pending(session, testimony)
    wanted = {said(row) for row in rows if row in present}
    if not wanted:
        raise Conflict("Cette proposition a déjà sa réponse.", "Rechargez la page.")
    return [row for row in present if said(row) in wanted]


def _refused(testimony: Testimony, rows: Sequence[Redaction]) -> Collection[str]:
    texts = {text.id: text.text for text in testimony.texts}
    return {
        fold(texts[row.text_version_id][row.start : row.end])
        for row in rows
        if row.state == "refused"
    }


def places(session: Session, testimony: Testimony) -> list[str]:
    """Names of the towns, quarters and sectors around: they are kept."""
    around = testimony.campaign.neighbourhoods
    sectors = select(Sector.label).where(
        Sector.council_id == testimony.council_id,
        Sector.neighbourhood_id.in_([row.id for row in around]),
    )
    named = [name for row in around for name in (row.name, row.municipality)]
    return [*named, testimony.meeting.place, *session.scalars(sectors)]


def _overlaps(one: Any, taken: Iterable[tuple[int, int]]) -> bool:
    return any(start < one.end and one.start < end for start, end in taken)


def _inside_one_answer(text: TextVersion, start: int, end: int) -> bool:
    inside = any(part["start"] <= start and end <= part["end"] for part in text.parts)
    return inside or not text.parts
