"""Learning from codings, as a job: what people coded is read, and every text gets suggestions.

The model is used at once and thrown away: what it suggests and how it did are kept, never it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from analysis import french
from analysis.codebook import Codebook
from analysis.suggestions import MOST
from analysis.wording import count
from survey_app.domain import Forbidden, Invalid
from survey_app.models import (
    Campaign,
    Coding,
    Job,
    SuggestionReport,
    SuggestionSheet,
    TextVersion,
)
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import excerpts, grids, jobs, lessons, outcomes, scope, suggestions

if TYPE_CHECKING:
    from analysis.learning import Model

KIND = "suggestions"
ENOUGH = 20
"""So many codings of a code before it is learned; so many new ones before learning again."""
TELLING = 4
"""So many words that say something, before a sentence may teach all it can."""


def check(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor may have the machine learn: who may code, may."""
    actor.require("testimony.code")
    if not excerpts.may_code(actor):
        raise Forbidden(
            "Votre compte n’est pas encore formé au codage.",
            "Rien n’a été lancé. La coordination peut l’indiquer après la formation.",
        )


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Learn from the codings of a campaign (a slug) and suggest for each of its texts to code."""
    check(actor)
    slug = parameters["campaign"]
    suggestions.read_words(runtime, actor, slug, _third(progress), excerpts.READABLE)
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, slug)
        book = grids.of(session, actor, campaign)
        whole = lessons.newest(session, actor, campaign, excerpts.READABLE)
        todo = lessons.newest(session, actor, campaign, excerpts.CODABLE)
        taught = lessons.taught(session, actor, campaign, whole, book)
        free = lessons.untaught(session, todo, taught)
    if not whole:
        raise Invalid(
            "Cette campagne n’a encore aucun témoignage masqué.",
            "Relisez et masquez au moins un témoignage, puis recommencez.",
        )
    progress(1, 3, "Apprentissage des codages")
    model = _learn(taught, free, book)
    _forget(runtime, campaign, todo)
    for done in range(0, len(todo), lessons.TOGETHER):
        shares = len(todo) + 2 * done, 3 * len(todo)
        progress(*shares, f"Suggestions : {done} textes sur {len(todo)}")
        _suggest(runtime, campaign, model, _name(taught), todo[done : done + lessons.TOGETHER])
    _report(runtime, actor, campaign, model, taught)
    progress(3, 3, "Suggestions prêtes")
    return {"texts": len(todo), "sentences": len(taught), "learned": len(model.learned)}


def _learn(
    taught: Sequence[lessons.Lesson], free: Sequence[lessons.Lesson], book: Codebook
) -> Model:
    from analysis.learning import train

    return train(
        [lesson.sentence for lesson in taught],
        [lesson.codes for lesson in taught],
        book,
        tokens=[lesson.tokens for lesson in taught],
        others=[lesson.sentence for lesson in free],
        other_tokens=[lesson.tokens for lesson in free],
    )


def _name(taught: Sequence[lessons.Lesson]) -> str:
    """What suggests, as the sheets and the outcomes keep it."""
    return count(len(taught), "phrase codée", "phrases codées") if taught else outcomes.GRID


def _suggest(
    runtime: Runtime, campaign: Campaign, model: Model, name: str, keys: Sequence[uuid.UUID]
) -> None:
    """Suggest for each sentence of some texts, and keep it."""
    with runtime.database.reading() as session:
        readings = list(lessons.read(session, keys))
    texts = [sentence for reading in readings for sentence in reading.sentences]
    tokens = [words for reading in readings for words in reading.tokens]
    offers = iter(model.suggest(texts, tokens=tokens, most=MOST))
    hesitations = map(_useful, model.unsure(texts, tokens=tokens), tokens)
    sheets = {
        reading.text_version: [
            {
                "start": span.start,
                "end": span.end,
                "unsure": next(hesitations),
                "offers": [
                    {"code": one.code, "score": round(one.score, 4), "words": list(one.words)}
                    for one in next(offers)
                ],
            }
            for span in reading.spans
        ]
        for reading in readings
    }
    _keep(runtime, campaign, name, sheets)


def _third(progress: jobs.Progress) -> jobs.Progress:
    """The first third of the way, for the reading of words."""

    def told(done: int, total: int, message: str) -> None:
        progress(done, 3 * max(total, 1), message)

    return told


def _forget(runtime: Runtime, campaign: Campaign, kept: Collection[uuid.UUID]) -> None:
    """Drop the sheets of texts that are no longer to code, or were masked again since."""
    with runtime.database.writing() as session:
        mine = SuggestionSheet.campaign_id == campaign.id
        known = set(session.scalars(select(SuggestionSheet.text_version_id).where(mine)))
        gone = list(known.difference(kept))
        for first in range(0, len(gone), lessons.TOGETHER):
            some = gone[first : first + lessons.TOGETHER]
            session.execute(
                delete(SuggestionSheet).where(mine, SuggestionSheet.text_version_id.in_(some))
            )


def _useful(unsure: float, tokens: Sequence[french.Token]) -> float:
    """How much coding a sentence would teach: a greeting is unclear too, and teaches nothing."""
    return round(unsure * min(1.0, sum(map(french.is_content, tokens)) / TELLING), 4)


def _keep(
    runtime: Runtime, campaign: Campaign, name: str, sheets: dict[uuid.UUID, list[dict[str, Any]]]
) -> None:
    """Write the sheets of some texts in place of older ones; one erased meanwhile has none."""
    with runtime.database.writing() as session:
        mine = TextVersion.id.in_(sheets)
        alive = session.scalars(select(TextVersion.id).where(mine)).all()
        session.execute(delete(SuggestionSheet).where(SuggestionSheet.text_version_id.in_(alive)))
        session.add_all(
            SuggestionSheet(
                text_version_id=key,
                council_id=campaign.council_id,
                campaign_id=campaign.id,
                model=name,
                unsure=max((line["unsure"] for line in sheets[key]), default=0.0),
                sentences=sheets[key],
            )
            for key in alive
        )


def _report(
    runtime: Runtime,
    actor: Actor,
    campaign: Campaign,
    model: Model,
    taught: Sequence[lessons.Lesson],
) -> None:
    """Keep how the model did, in counts, in place of what was kept of the one before."""
    tried = model.report
    figures = {
        "sentences": len(taught),
        "first": [round(tried.right_first * tried.texts), tried.texts],
        "codes": {
            one.code: {
                "right": [round((one.precision or 0) * one.first), one.first],
                "found": [round(one.recall * one.texts), one.texts],
                "learned": one.code in model.learned,
            }
            for one in tried.codes
        },
    }
    with runtime.database.writing() as session:
        mine = SuggestionReport.campaign_id == campaign.id
        session.execute(delete(SuggestionReport).where(mine))
        session.add(
            SuggestionReport(
                council_id=campaign.council_id,
                created_by=actor.account_id,
                campaign_id=campaign.id,
                model=_name(taught),
                figures=figures,
            )
        )


def latest(session: Session, actor: Actor, campaign: Campaign) -> SuggestionReport | None:
    """How the last model of a campaign did; None while nothing was tried."""
    return session.scalars(
        scope.scoped(actor, SuggestionReport)
        .where(SuggestionReport.campaign_id == campaign.id)
        .order_by(SuggestionReport.created_at.desc(), SuggestionReport.id.desc())
    ).first()


def fresh(session: Session, actor: Actor, campaign: Campaign) -> int:
    """How many codings that count were put since the machine last learned, or tried to."""
    last = session.scalar(
        scope.scoped(actor, Job)
        .where(Job.campaign_id == campaign.id, Job.kind == KIND)
        .with_only_columns(func.max(Job.created_at))
    )
    query = lessons.counted(actor, campaign)
    if last is not None:
        query = query.where(Coding.created_at > last)
    return session.scalar(query.with_only_columns(func.count())) or 0


def enqueue_due(runtime: Runtime) -> list[uuid.UUID]:
    """Write down a job for each campaign with enough new codings since the last one.

    Counted from the last job whatever became of it, so that one that fails is not tried again
    every minute. Returns the jobs' ids.
    """
    with runtime.database.reading() as session:
        due = [row for row in session.scalars(select(Campaign)) if _is_due(session, row)]
    if not due:
        return []
    with runtime.database.writing() as session:
        return [
            jobs.create(session, system_actor(row.council_id), KIND, row.id, campaign=row.slug).id
            for row in due
        ]


def _is_due(session: Session, campaign: Campaign) -> bool:
    machine = system_actor(campaign.council_id)
    if fresh(session, machine, campaign) < ENOUGH:
        return False
    return jobs.pending(session, machine, KIND, campaign.id) is None
