"""The sentences where two people's blind codes differ, and what is decided of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from analysis.sentences import Span
from survey_app.domain import Conflict, Invalid
from survey_app.models import (
    AgreementRound,
    Arbitration,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor
from survey_app.services import excerpts, journal, round_reading, rounds
from survey_app.services.round_reading import Read

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A code that one of the two alone put on a sentence; ``by`` is 0 or 1, as in `rounds.pair`."""

    code: str
    by: int
    decision: Arbitration | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to discuss, the codes that both put on it, and those that one alone put."""

    read: Read
    index: int
    shared: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def span(self) -> Span:
        return self.read.sentences[self.index]

    @property
    def words(self) -> str:
        return self.read.words[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of a round; ``words`` is empty where the text has been masked anew since."""

    testimony: Testimony
    words: str
    row: Arbitration


def to_discuss(session: Session, found: AgreementRound, texts: Sequence[Read]) -> list[Sentence]:
    """The sentences where the two differ, in the order of testimonies and of the words."""
    decided = {
        (row.text_version_id, row.start, row.code): row
        for row in session.scalars(select(Arbitration).where(Arbitration.round_id == found.id))
    }
    listed = []
    for text in texts:
        for index, (one, other) in enumerate(zip(text.first, text.second, strict=True)):
            start = text.sentences[index].start
            differences = tuple(
                Difference(code, int(code in other), decided.get((text.version_id, start, code)))
                for code in sorted(one ^ other)
            )
            if differences:
                listed.append(Sentence(text, index, tuple(sorted(one & other)), differences))
    return listed


def decisions(session: Session, actor: Actor, found: AgreementRound) -> list[Decided]:
    """All that was decided in a round, in the order of testimonies and of the words."""
    actor.require("testimony.code")
    rounds.same_council(actor, found)
    query = (
        select(Arbitration, TextVersion, Testimony)
        .join(TextVersion, TextVersion.id == Arbitration.text_version_id)
        .join(Testimony, Testimony.id == TextVersion.testimony_id)
        .where(Arbitration.round_id == found.id)
        .order_by(Testimony.number, Arbitration.start, Arbitration.code)
        .options(selectinload(Testimony.texts))
    )
    listed = []
    for row, version, testimony in session.execute(query):
        shown = testimony.text("masked") is version and testimony.state in excerpts.READABLE
        listed.append(Decided(testimony, version.text[row.start : row.end] if shown else "", row))
    return listed


def decide(
    session: Session,
    actor: Actor,
    found: AgreementRound,
    where: tuple[uuid.UUID, int, str],
    kept: bool,
    reason: str = "",
) -> Arbitration:
    """Record what becomes of a code on a sentence: kept or not, and why. Changes the last one.

    ``where``: the text version, the sentence's first code point, the code.
    """
    actor.require("campaign.manage")
    being_discussed(found)
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            f"La raison dépasse {LONGEST_REASON} caractères.", "Rien n’a été changé. Abrégez-la."
        )
    version_id, start, code = where
    texts = round_reading.read(session, actor, found, version_id)
    for sentence in to_discuss(session, found, texts):
        for difference in sentence.differences:
            if (sentence.span.start, difference.code) == (start, code):
                row = settle(session, actor, found, sentence, difference, kept, reason.strip())
                journal.record(
                    session, actor, "arbitrated", rounds.KIND, found.id, code=code, kept=kept
                )
                session.flush()
                return row
    raise Conflict("Cette phrase n’est plus à discuter.", "Rien n’a été changé. Rechargez la page.")


def being_discussed(found: AgreementRound) -> None:
    """Raise `Conflict` unless the two have finished and the round is not closed yet."""
    if found.state == rounds.CLOSED:
        raise Conflict("Ce double codage est clos.", "Les décisions ne changent plus.")
    if found.state != rounds.ARBITRATION:
        raise Conflict(
            "Les deux personnes codent encore.", "Rien n’a été changé. Attendez la fin du codage."
        )


def settle(
    session: Session,
    actor: Actor,
    found: AgreementRound,
    sentence: Sentence,
    difference: Difference,
    kept: bool,
    reason: str,
) -> Arbitration:
    """Write one decision, or change it, with the next flush."""
    row = difference.decision or Arbitration(
        council_id=found.council_id,
        created_by=actor.account_id,
        round_id=found.id,
        text_version_id=sentence.read.version_id,
        start=sentence.span.start,
        end=sentence.span.end,
        code=difference.code,
    )
    row.kept, row.reason = kept, reason
    session.add(row)
    return row
