"""How far the two people of a round agree, now or as it was when the round was closed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.agreement import CodeAgreement, Comparison, compare
from survey_app.models import AgreementRound
from survey_app.permissions import Actor
from survey_app.services import journal, rounds
from survey_app.services.round_reading import Read


def comparison(found: AgreementRound, texts: Sequence[Read]) -> Comparison:
    """How far the two agree, code by code. Once closed: as it was when the round was closed."""
    if found.state == rounds.CLOSED:
        return _kept(found)
    first = [codes for text in texts for codes in text.first]
    second = [codes for text in texts for codes in text.second]
    return compare(first, second)


def keep(session: Session, actor: Actor, found: AgreementRound, figures: Comparison) -> None:
    """Keep with the round what closing is about to make impossible to count again."""
    found.figures = {
        "sentences": [figures.sentences, figures.same, figures.uncoded],
        "codes": {
            row.code: [row.both, row.first, row.second, row.neither] for row in figures.codes
        },
    }
    journal.record(session, actor, "round_closed", rounds.KIND, found.id)


def _kept(found: AgreementRound) -> Comparison:
    """The figures of a closed round, as `keep` wrote them."""
    codes = (CodeAgreement(code, *counts) for code, counts in found.figures["codes"].items())
    ordered = tuple(sorted(codes, key=lambda row: row.code))
    sentences, same, uncoded = found.figures["sentences"]
    return Comparison(sentences, same, uncoded, ordered)
