"""What each of two people coded in a round, sentence by sentence, once both may be read.

Nothing here reads a round that is still ``open``. What is compared is what both finished, in
the text as it was masked when the round began.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from analysis.agreement import Coded, Codes, project
from analysis.sentences import Span
from survey_app.domain import Conflict
from survey_app.models import AgreementRound, AgreementText, Coding, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import excerpts, rounds

COUNTED = ("blind", "validated")


@dataclass(frozen=True, slots=True)
class Read:
    """A text that both coded: its sentences, and the codes that each of the two put on them."""

    testimony: Testimony
    version_id: uuid.UUID
    words: str
    sentences: tuple[Span, ...]
    first: tuple[Codes, ...]
    second: tuple[Codes, ...]


def read(
    session: Session, actor: Actor, found: AgreementRound, only: uuid.UUID | None = None
) -> list[Read]:
    """The texts that can be compared; `Conflict` while the two still code blind.

    ``only``: the text version to stop at, when one is enough.
    """
    actor.require("testimony.code")
    rounds.same_council(actor, found)
    if found.state == rounds.OPEN:
        raise Conflict(
            "Les deux personnes codent encore : rien ne se compare avant la fin.",
            "Revenez quand le codage est terminé, ou demandez à la coordination de l’arrêter.",
        )
    pairs = _texts(session, found, only)
    by_text = _coded(session, [row.text_version_id for row, _ in pairs], rounds.pair(found))
    kept = []
    for row, testimony in pairs:
        text = testimony.text("masked")
        if text is not None and finished(row, testimony):
            cut = text.sentences
            first, second = (project(cut, by_text[text.id, key]) for key in rounds.pair(found))
            kept.append(Read(testimony, text.id, text.text, cut, first, second))
    return kept


def finished(row: AgreementText, testimony: Testimony) -> bool:
    """Whether both coded this text to its end, and it has not been masked anew meanwhile."""
    text = testimony.text("masked")
    same = text is not None and text.id == row.text_version_id
    return row.first_done and row.second_done and same and testimony.state in excerpts.READABLE


def codings(
    session: Session, testimonies: Sequence[uuid.UUID], coders: Sequence[uuid.UUID]
) -> Sequence[Coding]:
    """What these people put on some texts and did not take back, with its excerpt."""
    query = (
        select(Coding)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.testimony_id.in_(testimonies),
            Coding.coder_id.in_(coders),
            Coding.state.in_(COUNTED),
        )
        .order_by(Excerpt.start, Excerpt.end, Coding.code, Coding.id)
        .options(joinedload(Coding.excerpt))
    )
    return session.scalars(query).all()


def _texts(
    session: Session, found: AgreementRound, only: uuid.UUID | None
) -> list[tuple[AgreementText, Testimony]]:
    """The texts of a round (or the only one wanted) with their testimonies, by number."""
    query = (
        select(AgreementText, Testimony)
        .join(Testimony, Testimony.id == AgreementText.testimony_id)
        .where(AgreementText.round_id == found.id)
        .order_by(Testimony.number)
        .options(selectinload(Testimony.texts))
    )
    if only is not None:
        query = query.where(AgreementText.text_version_id == only)
    return [(row, testimony) for row, testimony in session.execute(query)]


def _coded(
    session: Session, versions: Sequence[uuid.UUID], coders: Sequence[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], list[Coded]]:
    """What each of these people put on each of these texts, and did not take back."""
    query = (
        select(Excerpt.text_version_id, Coding.coder_id, Excerpt.start, Excerpt.end, Coding.code)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(
            Excerpt.text_version_id.in_(versions),
            Excerpt.state == "active",
            Coding.coder_id.in_(coders),
            Coding.state.in_(COUNTED),
        )
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Coded]] = defaultdict(list)
    for version_id, coder, start, end, code in session.execute(query):
        found[version_id, coder].append(Coded(start, end, code))
    return found
