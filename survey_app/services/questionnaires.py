"""The council's questionnaires: those published, those being written, those that ship."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import library, versions
from questionnaires.model import TESTIMONY, Questionnaire, in_language
from survey_app.domain import Conflict, Invalid, NotFound
from survey_app.models import (
    Campaign,
    CampaignQuestionnaire,
    QuestionnaireDraft,
    QuestionnaireVersion,
)
from survey_app.permissions import Actor
from survey_app.services import journal, questionnaire_starts, scope

_Uses = dict[uuid.UUID, list[Campaign]]

PUBLISHED, RETIRED = "published", "retired"
ENDED = frozenset({"returned", "purged"})
"""States of a campaign that asks nothing any more."""

LONGEST_NAME = 80
LARGEST = 400
"""Questions that a draft may have: the editor shows them all on one page."""

_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Family:
    """All the versions of one questionnaire, the last published first.

    ``campaigns`` counts those that use one of them.
    """

    name: str
    title: str
    usage: str
    versions: tuple[QuestionnaireVersion, ...]
    campaigns: int


def families(session: Session, actor: Actor) -> list[Family]:
    """The council's own questionnaires, by title."""
    actor.require("questionnaire.read")
    query = scope.scoped(actor, QuestionnaireVersion).order_by(
        QuestionnaireVersion.name, QuestionnaireVersion.created_at.desc()
    )
    used = _uses(session, actor)
    found = [
        _family(tuple(rows), used)
        for _, rows in groupby(session.scalars(query), key=lambda row: row.name)
    ]
    return sorted(found, key=lambda family: (family.title.casefold(), family.name))


def _family(
    rows: tuple[QuestionnaireVersion, ...], used: dict[uuid.UUID, list[Campaign]]
) -> Family:
    last = versions.from_draft(rows[0].document)
    campaigns = {campaign.id for row in rows for campaign in used.get(row.id, ())}
    return Family(last.name, in_language(last.title, "fr"), last.usage, rows, len(campaigns))


def _uses(session: Session, actor: Actor) -> _Uses:
    """The campaigns that ask each version."""
    query = (
        select(CampaignQuestionnaire.questionnaire_version_id, Campaign)
        .join(Campaign, Campaign.id == CampaignQuestionnaire.campaign_id)
        .where(Campaign.council_id == actor.council_id)
        .order_by(Campaign.created_at)
    )
    found: _Uses = {}
    for version_id, campaign in session.execute(query):
        found.setdefault(version_id, []).append(campaign)
    return found


def uses(session: Session, actor: Actor, version: QuestionnaireVersion) -> list[Campaign]:
    """The campaigns that ask this very version, ended ones included."""
    actor.require("questionnaire.read")
    return _uses(session, actor).get(version.id, [])


def shipped() -> list[Questionnaire]:
    """The library, in its own order."""
    return [library.load(name) for name in library.names()]


def from_shelf(name: str) -> Questionnaire:
    """A questionnaire of the library; `NotFound` when there is none of that name."""
    if name not in library.names():
        raise NotFound()
    return library.load(name)


def version(
    session: Session, actor: Actor, version_id: uuid.UUID | str
) -> tuple[QuestionnaireVersion, Questionnaire]:
    """A published version and what it says; `NotFound` in another council."""
    actor.require("questionnaire.read")
    row = scope.get(session, actor, QuestionnaireVersion, version_id)
    return row, versions.from_draft(row.document)


def previous(
    session: Session, actor: Actor, row: QuestionnaireVersion
) -> QuestionnaireVersion | None:
    """The version of the same name that was published just before, if any."""
    actor.require("questionnaire.read")
    query = scope.scoped(actor, QuestionnaireVersion).where(
        QuestionnaireVersion.name == row.name,
        QuestionnaireVersion.created_at < row.created_at,
    )
    return session.scalars(query.order_by(QuestionnaireVersion.created_at.desc())).first()


def retire(session: Session, actor: Actor, row: QuestionnaireVersion) -> None:
    """Stop offering a version. Refused while a campaign that is not over asks it."""
    actor.require("questionnaire.manage")
    mine = scope.get(session, actor, QuestionnaireVersion, row.id)
    asking = [item.title for item in uses(session, actor, mine) if item.state not in ENDED]
    if asking:
        names = ", ".join(f"« {title} »" for title in asking)
        raise Conflict(
            f"Cette version sert encore dans une campagne : {names}.",
            "Rien n’a été changé. Choisissez d’abord une autre version dans cette campagne.",
        )
    if mine.state == RETIRED:
        return
    before, mine.state = mine.state, RETIRED
    session.flush()
    journal.record(
        session,
        actor,
        "state",
        "questionnaires",
        mine.id,
        state_before=before,
        state_after=RETIRED,
        name=mine.name,
        version=mine.version,
    )


def drafts(session: Session, actor: Actor) -> list[QuestionnaireDraft]:
    """What is being written, the last touched first."""
    actor.require("questionnaire.manage")
    query = scope.scoped(actor, QuestionnaireDraft)
    return list(session.scalars(query.order_by(QuestionnaireDraft.updated_at.desc())))


def draft(session: Session, actor: Actor, draft_id: uuid.UUID | str) -> QuestionnaireDraft:
    """A questionnaire being written; `NotFound` in another council."""
    actor.require("questionnaire.manage")
    return scope.get(session, actor, QuestionnaireDraft, draft_id)


def model(row: QuestionnaireDraft) -> Questionnaire:
    """What the draft says now."""
    return versions.from_draft(row.document)


def base(row: QuestionnaireDraft) -> Questionnaire | None:
    """What the draft was when it began, or ``None`` when it began from a blank page."""
    kept = (row.trial or {}).get("base")
    return versions.from_draft(kept) if kept else None


def begin_from_shelf(session: Session, actor: Actor, name: str) -> QuestionnaireDraft:
    """A draft that starts from a questionnaire of the library."""
    found = from_shelf(name)
    return begin(session, actor, found, based=True)


def begin_from_version(
    session: Session, actor: Actor, version_id: uuid.UUID | str
) -> QuestionnaireDraft:
    """A draft that starts from a version of the council."""
    row, found = version(session, actor, version_id)
    return begin(session, actor, found, based=True, version_id=row.id)


def begin_blank(session: Session, actor: Actor, title: str, usage: str) -> QuestionnaireDraft:
    """A draft with nothing but a title and, for testimonies, the part about the agreement."""
    actor.require("questionnaire.manage")
    if not title.strip():
        raise Invalid("Il manque le titre du questionnaire.", "Écrivez-le, puis recommencez.")
    name = free_name(session, actor, title)
    made = questionnaire_starts.blank(name, title.strip(), usage)
    return begin(session, actor, made)


def begin(
    session: Session,
    actor: Actor,
    found: Questionnaire,
    *,
    based: bool = False,
    version_id: uuid.UUID | None = None,
) -> QuestionnaireDraft:
    """A draft that says what this questionnaire says; ``based``: it will be compared with it."""
    actor.require("questionnaire.manage")
    refuse_too_large(found)
    named = replace(found, name=short_name(found.name) or "questionnaire")
    document = versions.to_dict(named)
    row = QuestionnaireDraft(
        council_id=actor.council_id,
        created_by=actor.account_id,
        name=named.name,
        document=document,
        base_id=version_id,
        trial={"base": document} if based else {},
    )
    session.add(row)
    session.flush()
    return row


def refuse_too_large(found: Questionnaire) -> None:
    """Raise `Invalid` when there are too many questions for one page."""
    if len(found.questions) > LARGEST:
        raise Invalid(
            f"Un questionnaire a {LARGEST} questions au plus.",
            "Rien n’a été changé. Faites-en deux questionnaires.",
        )


def drop(session: Session, actor: Actor, row: QuestionnaireDraft) -> None:
    """Give up a draft; what is published stays."""
    session.delete(draft(session, actor, row.id))
    session.flush()


def short_name(text: str) -> str:
    """Letters without accents, digits and single hyphens: fit for an address and a file."""
    return _NOT_NAME.sub("-", questionnaire_starts.bare(text)).strip("-")[:LONGEST_NAME].strip("-")


def free_name(session: Session, actor: Actor, text: str) -> str:
    """A name made from a text, that neither the council nor the library uses yet."""
    wanted = short_name(text.casefold()) or "questionnaire"
    taken = taken_names(session, actor)
    name, rank = wanted, 2
    while name.casefold() in taken:
        name, rank = f"{wanted[: LONGEST_NAME - 5]}-{rank}", rank + 1
    return name


def taken_names(
    session: Session, actor: Actor, besides: Iterable[uuid.UUID] = ()
) -> frozenset[str]:
    """Names in use, in lower case; those of the drafts named ``besides`` are left out."""
    published = session.scalars(
        select(QuestionnaireVersion.name).where(QuestionnaireVersion.council_id == actor.council_id)
    )
    written = session.scalars(
        scope.scoped(actor, QuestionnaireDraft).where(QuestionnaireDraft.id.not_in(list(besides)))
    )
    names = [*library.names(), *published, *(row.name for row in written)]
    return frozenset(name.casefold() for name in names)


def is_testimony(found: Questionnaire) -> bool:
    """Whether residents answer it, in a campaign."""
    return found.usage == TESTIMONY
