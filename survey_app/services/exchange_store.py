"""Writing what an import planned: each testimony is looked at again, for it may have changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Coding, Excerpt, Testimony, TextVersion, uuid7
from survey_app.permissions import Actor
from survey_app.services import excerpts, exchange_names, exchange_project
from survey_app.services.exchange_plan import Plan, Wanted


def stored(
    session: Session,
    actor: Actor,
    plan: Plan,
    key: uuid.UUID,
    packet: list[Wanted],
    held: Collection[uuid.UUID],
    *,
    memos: bool,
) -> int:
    """Store some codings of one testimony; how many. It may have changed since the plan.

    ``held``: the testimonies that a round of double coding holds now.
    """
    testimony, target = session.get(Testimony, key), plan.targets[key]
    text = testimony.text("masked") if testimony is not None else None
    if testimony is None or text is None or text.id != target.text_id:
        plan.say("changed_text", "", max(1, len(packet)))
        return 0
    if testimony.state not in excerpts.CODABLE or key in held:
        why = "round" if testimony.state in excerpts.CODABLE else "closed"
        plan.say(why, exchange_project.label(testimony.number), max(1, len(packet)))
        return 0
    added = _codings(session, actor, plan, testimony, text, packet)
    if memos:
        _memos(session, plan, testimony, target.text_id)
    return added


def _codings(
    session: Session,
    actor: Actor,
    plan: Plan,
    testimony: Testimony,
    text: TextVersion,
    packet: list[Wanted],
) -> int:
    # The file's own names are kept, so that it is known again.
    guids: dict[exchange_names.Name, str] = {}
    added = 0
    for item in packet:
        excerpt = excerpts.ensure(session, actor, testimony, text, *item.span)
        if any((row.code, row.coder_id) == (item.code, item.coder) for row in excerpt.codings):
            plan.known += 1
            continue
        fresh = excerpt in session.new
        coding = _coding(actor, testimony, plan.version, excerpt, item)
        excerpt.codings.append(coding)
        added += 1
        if fresh and item.passage and item.passage not in guids.values():
            guids["excerpt", str(excerpt.id)] = item.passage
        if item.guid:
            guids["coding", str(coding.id)] = item.guid
    exchange_names.lend(session, testimony.campaign, guids)
    return added


def _coding(
    actor: Actor, testimony: Testimony, version: uuid.UUID, excerpt: Excerpt, item: Wanted
) -> Coding:
    return Coding(
        id=uuid7(),
        council_id=testimony.council_id,
        created_by=actor.account_id,
        excerpt_id=excerpt.id,
        codebook_version_id=version,
        code=item.code,
        facets=item.facets,
        coder_id=item.coder,
        origin="import",
        state="validated",
    )


def _memos(session: Session, plan: Plan, testimony: Testimony, text_id: uuid.UUID) -> None:
    """Put the file's memos on excerpts that have none; a different one is not replaced."""
    for (start, end), memo in plan.memos.get(testimony.id, {}).items():
        query = select(Excerpt).where(
            Excerpt.text_version_id == text_id, Excerpt.start == start, Excerpt.end == end
        )
        excerpt = session.scalars(query).one_or_none()
        if excerpt is not None and not excerpt.memo:
            excerpt.memo = memo
        elif excerpt is None or excerpt.memo != memo:
            plan.say("memo", exchange_project.label(testimony.number))
