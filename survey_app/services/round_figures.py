"""How far the two people of a round agree, now or as it was when the round was closed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.agreement import CodeAgreement, Comparison, compare
from survey_app.models import AgreementRound, AuditEvent
from survey_app.permissions import Actor
from survey_app.services import journal, rounds
from survey_app.services.round_reading import Read


def comparison(session: Session, found: AgreementRound, texts: Sequence[Read]) -> Comparison:
    """How far the two agree, code by code. Once closed: as it was when the round was closed."""
    if found.state == rounds.CLOSED:
        return _kept(session, found)
    first = [codes for text in texts for codes in text.first]
    second = [codes for text in texts for codes in text.second]
    return compare(first, second)


def keep(session: Session, actor: Actor, found: AgreementRound, figures: Comparison) -> None:
    """Write in the journal, as counts, what closing is about to make impossible to count again."""
    details: dict[str, str | int | bool] = {
        row.code: f"{row.both}/{row.first}/{row.second}/{row.neither}" for row in figures.codes
    }
    details["sentences"] = f"{figures.sentences}/{figures.same}/{figures.uncoded}"
    line = journal.Line("round_closed", rounds.KIND, found.id, details=details)
    journal.record_all(session, actor, [line])


def _kept(session: Session, found: AgreementRound) -> Comparison:
    """The figures of a closed round, as `keep` wrote them."""
    query = select(AuditEvent.details).where(
        AuditEvent.record_id == found.id, AuditEvent.action == "round_closed"
    )
    details = dict(session.scalars(query.order_by(AuditEvent.at).limit(1)).one())
    sentences_, same, uncoded = map(int, details.pop("sentences").split("/"))
    codes = (CodeAgreement(code, *map(int, n.split("/"))) for code, n in details.items())
    return Comparison(sentences_, same, uncoded, tuple(sorted(codes, key=lambda row: row.code)))
