"""From rows to the frozen `analysis.corpus.Corpus` that every figure and quotation comes from."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import analysis.corpus as pure
from analysis import codebook as shipped
from survey_app.domain import Conflict
from survey_app.models import (
    Account,
    Campaign,
    CityContract,
    Coding,
    ConsentRecord,
    Council,
    Excerpt,
    Meeting,
    QuestionnaireVersion,
    Redaction,
    Testimony,
    TextVersion,
    now,
)
from survey_app.permissions import Actor
from survey_app.services import consents, grids, periods, phrases, scope
from survey_app.services.meetings import METHOD_LABELS

COUNTED = ("masked", "coded", "filed")
PENDING = ("deposited", "to_review", "reviewed")
READ = (
    Testimony.id,
    Testimony.number,
    Testimony.meeting_id,
    Testimony.persons,
    Testimony.said_on,
    Testimony.reviewer_id,
    Testimony.profile,
    TextVersion.id.label("text_id"),
    TextVersion.text,
    QuestionnaireVersion.name,
    QuestionnaireVersion.version,
)
CODED = (
    Excerpt.id,
    Excerpt.text_version_id,
    Excerpt.number,
    Excerpt.testimony_id,
    Excerpt.start,
    Excerpt.end,
    Excerpt.quote,
    Coding.code,
    Coding.facets,
    Account.display_name,
)


@dataclass(frozen=True)
class Loaded:
    """A corpus, its grid, and for each testimony the id of the masked text it was read from."""

    corpus: pure.Corpus
    codebook: shipped.Codebook
    text_versions: dict[str, uuid.UUID]


def load(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    *,
    only: Collection[uuid.UUID] | None = None,
) -> Loaded:
    """The campaign as the analysis sees it: masked texts and validated codings, nothing else.

    Columns, not objects: a campaign of thousands opens behind a click. ``only`` keeps the
    testimonies of a page: enough to show their excerpts, not to count the rest.
    """
    meetings = {item.id: item for item in meetings_of(session, actor, campaign)}
    testimonies, versions = _testimonies(session, actor, campaign, meetings, only)
    book = grids.of(session, actor, campaign) if campaign.codebook_version_id else shipped.load()
    excerpts, codings = _coded(session, actor, campaign, set(versions.values()), only)
    try:
        corpus = pure.Corpus(
            campaign=_campaign(session, campaign),
            meetings=tuple(meetings.values()),
            testimonies=testimonies,
            excerpts=excerpts,
            codings=codings,
            codebook_version=f"{book.id} {book.version}",
            masking_counts=_maskings(session, campaign) if only is None else {},
            exclusions=_exclusions(session, campaign) if only is None else {},
            pending=pending(session, campaign) if only is None else 0,
            taken_at=now(),
        )
    except pure.CorpusError as error:
        raise Conflict(
            str(error), "Rien n’a été changé. Recalez ou abandonnez cet extrait."
        ) from None
    return Loaded(corpus, book, versions)


def _testimonies(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    meetings: dict[str, pure.Meeting],
    only: Collection[uuid.UUID] | None,
) -> tuple[tuple[pure.Testimony, ...], dict[str, uuid.UUID]]:
    """Each testimony with its newest masked text, in order of number."""
    given = _consents(session, campaign, only)
    rows = session.execute(
        select(*READ)
        .join(TextVersion, TextVersion.testimony_id == Testimony.id)
        .outerjoin(
            QuestionnaireVersion, Testimony.questionnaire_version_id == QuestionnaireVersion.id
        )
        .where(
            Testimony.council_id == actor.council_id,
            Testimony.campaign_id == campaign.id,
            Testimony.state.in_(COUNTED),
            TextVersion.kind == "masked",
            *([Testimony.id.in_(only)] if only is not None else []),
        )
        .order_by(Testimony.number, TextVersion.sequence)
    )
    found: dict[str, pure.Testimony] = {}
    versions = {}
    for row in rows:
        versions[str(row.id)] = row.text_id
        meeting = meetings[str(row.meeting_id)]
        found[str(row.id)] = _testimony(row, meeting, given.get(row.id, {}))
    return tuple(found.values()), versions


def _testimony(
    row: Any, meeting: pure.Meeting, given: dict[str, tuple[str, str]]
) -> pure.Testimony:
    """One row of `READ`, with its meeting and the consents that stand for it."""
    citable, accepted = consents.standing(given)
    return pure.Testimony(
        id=str(row.id),
        number=row.number,
        meeting=meeting.id,
        neighbourhood=meeting.neighbourhood,
        text=row.text,
        persons=row.persons,
        date=row.said_on or meeting.date,
        reviewed=row.reviewer_id is not None,
        citable=citable,
        approved_phrases=tuple(phrase for phrase in accepted if phrase in row.text),
        questionnaire=f"{row.name} (version {row.version})" if row.name else "",
        profile={name: str(value) for name, value in row.profile.items()},
    )


def _consents(
    session: Session, campaign: Campaign, only: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, dict[str, tuple[str, str]]]:
    """What stands for quoting each testimony: the latest decision of each scope."""
    rows = session.execute(
        select(
            ConsentRecord.testimony_id,
            ConsentRecord.scope,
            ConsentRecord.decision,
            ConsentRecord.approved_phrase,
        )
        .join(Testimony, Testimony.id == ConsentRecord.testimony_id)
        .where(
            Testimony.campaign_id == campaign.id,
            ConsentRecord.scope.in_(("noter", "citer")),
            *([Testimony.id.in_(only)] if only is not None else []),
        )
        .order_by(ConsentRecord.created_at, ConsentRecord.id)
    )
    found: dict[uuid.UUID, dict[str, tuple[str, str]]] = defaultdict(dict)
    for testimony_id, name, decision, phrase in rows:
        found[testimony_id][name] = (decision, phrase)
    approved = [
        (key, row["citer"][1]) for key, row in found.items() if row.get("citer", ("", ""))[1]
    ]
    for key, phrase in phrases.all_masked(session, approved).items():
        found[key]["citer"] = (found[key]["citer"][0], phrase)
    return found


def _coded(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    texts: set[uuid.UUID],
    only: Collection[uuid.UUID] | None,
) -> tuple[tuple[pure.Excerpt, ...], tuple[pure.Coding, ...]]:
    pairs = session.execute(
        select(*CODED)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .join(Account, Account.id == Coding.coder_id)
        .where(
            Excerpt.council_id == actor.council_id,
            Excerpt.campaign_id == campaign.id,
            Excerpt.state == "active",
            Coding.state == "validated",
            *([Excerpt.testimony_id.in_(only)] if only is not None else []),
        )
        .order_by(Excerpt.number, Coding.created_at, Coding.code)
    )
    excerpts: dict[uuid.UUID, pure.Excerpt] = {}
    codings = []
    for key, text, number, told, start, end, quote, code, said, coder in pairs:
        if text not in texts:
            continue
        if key not in excerpts:
            excerpts[key] = pure.Excerpt(str(key), number, str(told), start, end, quote)
        facets = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        codings.append(pure.Coding(excerpts[key].id, code, coder, facets))
    return tuple(excerpts.values()), tuple(codings)


def meetings_of(session: Session, actor: Actor, campaign: Campaign) -> tuple[pure.Meeting, ...]:
    """Its meetings in order of day, each with the label that people read, and its period."""
    rows = session.scalars(
        scope.scoped(actor, Meeting)
        .where(Meeting.campaign_id == campaign.id)
        .order_by(Meeting.held_on, Meeting.id)
    )
    meetings = tuple(
        pure.Meeting(
            id=str(row.id),
            label=f"R-{rank:02d}",
            method=METHOD_LABELS.get(row.method, row.method),
            neighbourhood=row.neighbourhood.code,
            date=row.held_on,
            place=row.place,
            approached=row.approached,
            refusals=row.refusals,
            stopped=row.stopped,
            present_women=row.present_women,
            present_men=row.present_men,
        )
        for rank, row in enumerate(rows, start=1)
    )
    return periods.placed(session, actor, campaign, meetings)


def _campaign(session: Session, campaign: Campaign) -> pure.Campaign:
    council = session.get_one(Council, campaign.council_id)
    contract = session.get(CityContract, campaign.contract_id) if campaign.contract_id else None
    return pure.Campaign(
        slug=campaign.slug,
        title=campaign.title,
        question=campaign.question,
        council=council.name,
        controller=campaign.controller,
        city_contract=f"{contract.label}, {contract.period}" if contract else "",
        neighbourhoods=tuple(
            pure.Neighbourhood(row.code, row.name, row.generation, row.municipality)
            for row in campaign.neighbourhoods
        ),
        single_person_exception=campaign.single_person_exception,
        fictitious=campaign.fictitious,
    )


def _maskings(session: Session, campaign: Campaign) -> dict[str, int]:
    query = (
        select(Redaction.category, func.count())
        .join(Testimony, Testimony.id == Redaction.testimony_id)
        .where(
            Testimony.campaign_id == campaign.id,
            Testimony.state.in_(COUNTED),
            Redaction.state == "accepted",
        )
        .group_by(Redaction.category)
        .order_by(Redaction.category)
    )
    return dict(session.execute(query).all())


def _exclusions(session: Session, campaign: Campaign) -> dict[str, int]:
    reasons = session.scalars(
        select(Testimony.set_aside_reason).where(
            Testimony.campaign_id == campaign.id, Testimony.state == "set_aside"
        )
    )
    return dict(Counter(reason or "raison non dite" for reason in reasons))


def pending(session: Session, campaign: Campaign) -> int:
    """How many testimonies still wait for review or masking."""
    waiting = (Testimony.campaign_id == campaign.id, Testimony.state.in_(PENDING))
    return session.scalar(select(func.count()).select_from(Testimony).where(*waiting)) or 0
