"""Which questionnaires a campaign asks, chosen among the council's own and the shipped ones."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from questionnaires import library, versions
from questionnaires.model import TESTIMONY, Questionnaire, in_language
from survey_app.domain import Invalid, NotFound
from survey_app.models import Campaign, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import campaign_fields, journal, publishing, scope

SHIPPED = "bibliotheque:"
"""Before the name of a shipped questionnaire that the council has not published yet."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire that a campaign may ask. ``key`` is a version's id, or a shipped name."""

    key: str
    title: str
    purpose: str
    duration: str
    version: str
    chosen: bool
    shipped: bool


def offers(session: Session, actor: Actor, campaign: Campaign) -> list[Offer]:
    """What may be asked: the campaign's own first, then the council's, then the shipped ones.

    Of a questionnaire with several versions, the last published and those in use are offered.
    """
    actor.require("campaign.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    chosen = {row.id for row in mine.questionnaires}
    query = scope.scoped(actor, QuestionnaireVersion).order_by(QuestionnaireVersion.created_at)
    rows = list(session.scalars(query.where(QuestionnaireVersion.state == "published")))
    last = {row.name: row.id for row in rows}
    kept = [row for row in rows if row.id in chosen or last[row.name] == row.id]
    own = [
        _offer(str(row.id), versions.from_draft(row.document), chosen=row.id in chosen)
        for row in kept
        if versions.from_draft(row.document).usage == TESTIMONY
    ]
    known = {row.fingerprint for row in rows}
    shipped = [
        _offer(SHIPPED + name, found, shipped=True)
        for name in library.names()
        if (found := library.load(name)).usage == TESTIMONY
        and versions.fingerprint(found) not in known
    ]
    return sorted(own, key=lambda offer: (not offer.chosen, offer.title)) + shipped


def _offer(key: str, found: Questionnaire, *, chosen: bool = False, shipped: bool = False) -> Offer:
    return Offer(
        key=key,
        title=in_language(found.title, "fr"),
        purpose=in_language(found.purpose, "fr"),
        duration=in_language(found.duration, "fr"),
        version=found.version,
        chosen=chosen,
        shipped=shipped,
    )


def choose(
    session: Session, actor: Actor, campaign: Campaign, keys: Iterable[str]
) -> list[QuestionnaireVersion]:
    """Ask these questionnaires from now on. An interview already begun goes on with its own.

    Raises `Invalid` when none is left, or when one needs what the campaign does not say yet
    although listening has begun.
    """
    actor.require("campaign.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    rows = {row.id: row for row in (_published(session, actor, key) for key in keys)}
    if not rows:
        raise Invalid(
            "Aucun questionnaire n’est choisi.", "Rien n’a été changé. Gardez-en au moins un."
        )
    twice = [
        name for name, count in Counter(row.name for row in rows.values()).items() if count > 1
    ]
    if twice:
        title = next(row.document["title"]["fr"] for row in rows.values() if row.name == twice[0])
        raise Invalid(
            f"Deux versions de « {title} » sont choisies.",
            "Rien n’a été changé. Gardez-en une : on les confondrait en commençant un entretien.",
        )
    before = set(campaign_fields.gaps(mine))
    mine.questionnaires = list(rows.values())
    added = [words for name, words in campaign_fields.gaps(mine).items() if name not in before]
    if mine.state != "draft" and added:
        raise Invalid(
            " ".join(added), "Complétez la campagne avec « Modifier », puis choisissez de nouveau."
        )
    session.flush()
    journal.record(session, actor, "campaign_questionnaires", "campaigns", mine.id, count=len(rows))
    return mine.questionnaires


def _published(session: Session, actor: Actor, key: str) -> QuestionnaireVersion:
    if key.startswith(SHIPPED):
        name = key.removeprefix(SHIPPED)
        if name not in library.names():
            raise NotFound()
        row = publishing.questionnaires(session, actor, [name])[0]
    else:
        try:
            row = scope.get(session, actor, QuestionnaireVersion, uuid.UUID(key))
        except ValueError:
            raise NotFound() from None
        if row.state != "published":
            raise Invalid(
                "Cette version du questionnaire est retirée : on ne peut plus la poser.",
                "Rien n’a été changé. Choisissez une autre version.",
            )
    if versions.from_draft(row.document).usage != TESTIMONY:
        raise Invalid(
            "Cette fiche ne recueille pas de témoignage.",
            "Elle se remplit dans « Nos fiches ».",
        )
    return row
