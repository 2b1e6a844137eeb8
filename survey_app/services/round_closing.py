"""Closing a round: codes that both put, or that were kept, count from now on; the others do not.

Afterwards each person's codes cover exactly the sentences that were agreed or kept. A code over
several sentences of which some only are kept is cut: each run of kept sentences bears it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import AgreementRound, Coding, CodingStep, TextVersion, now
from survey_app.permissions import Actor
from survey_app.services import (
    arbitration,
    excerpts,
    journal,
    round_figures,
    round_reading,
    rounds,
    scope,
    states,
)
from survey_app.services.arbitration import Sentence
from survey_app.services.round_reading import Read


def undecided(listed: Sequence[Sentence]) -> int:
    """How many codes are still to be decided, over all the sentences to discuss."""
    return sum(row.decision is None for sentence in listed for row in sentence.differences)


def close(session: Session, actor: Actor, found: AgreementRound, rest: bool | None = None) -> None:
    """Make the round's codings count or not, for good. ``rest`` decides what nobody decided.

    Raises `Conflict` when something is undecided and ``rest`` is None. The codes of texts that
    were not compared (one person did not finish, or the text was masked anew) all count, as
    those of any text do. Gestures made before the closing can no longer be undone.
    """
    actor.require("campaign.manage")
    arbitration.being_discussed(found)
    texts = round_reading.read(session, actor, found)
    listed = arbitration.to_discuss(session, found, texts)
    left = undecided(listed)
    if left and rest is None:
        raise Conflict(
            f"Il reste {left} désaccords à trancher." if left > 1 else "Il reste un désaccord.",
            "Rien n’a été changé. Décidez-les, ou dites ce qu’ils deviennent tous.",
        )
    if left:
        _decide_rest(session, actor, found, listed, bool(rest))
    figures = round_figures.comparison(found, texts)
    round_figures.keep(session, actor, found, figures)
    counting = _counting(texts, arbitration.to_discuss(session, found, texts))
    compared = {text.testimony.id: text for text in texts}
    for row in rounds.texts(session, found):
        text = compared.get(row.testimony_id)
        for coding in round_reading.codings(session, [row.testimony_id], rounds.pair(found)):
            _settle(session, actor, coding, text, counting)
    session.flush()
    _finish(session, actor, found, texts)


def _decide_rest(
    session: Session, actor: Actor, found: AgreementRound, listed: Sequence[Sentence], kept: bool
) -> None:
    """One decision for all that nobody decided."""
    left = undecided(listed)
    for sentence in listed:
        for row in sentence.differences:
            if row.decision is None:
                arbitration.settle(session, actor, found, sentence, row, kept, "")
    journal.record(session, actor, "arbitrated", rounds.KIND, found.id, count=left, kept=kept)
    session.flush()


def _counting(texts: Sequence[Read], listed: Sequence[Sentence]) -> set[tuple[str, int, str]]:
    """Text version, place of the sentence and code: all that both put, or that was kept."""
    agreed = {
        (str(text.version_id), index, code)
        for text in texts
        for index, (one, other) in enumerate(zip(text.first, text.second, strict=True))
        for code in one & other
    }
    kept = {
        (str(sentence.read.version_id), sentence.index, row.code)
        for sentence in listed
        for row in sentence.differences
        if row.decision is not None and row.decision.kept
    }
    return agreed | kept


def _settle(
    session: Session,
    actor: Actor,
    coding: Coding,
    text: Read | None,
    counting: set[tuple[str, int, str]],
) -> None:
    """Give one coding its final state, cut where some of its sentences only are kept."""
    excerpt = coding.excerpt
    if text is None or excerpt.state != "active" or excerpt.text_version_id != text.version_id:
        coding.state = "validated"
        return
    inside = [
        index
        for index, span in enumerate(text.sentences)
        if span.start < excerpt.end and excerpt.start < span.end
    ]
    kept = [i for i in inside if (str(text.version_id), i, coding.code) in counting]
    coding.state = "validated" if kept == inside else "undone"
    if kept and kept != inside:
        for run in _runs(kept):
            start = max(excerpt.start, text.sentences[run[0]].start)
            end = min(excerpt.end, text.sentences[run[-1]].end)
            _put(session, actor, coding, text, (start, end))


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    """Neighbours together: 1, 2, 5 gives [1, 2] and [5]."""
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _put(
    session: Session, actor: Actor, coding: Coding, text: Read, where: tuple[int, int]
) -> None:
    """The same code by the same person on a part of its excerpt."""
    version = scope.get(session, actor, TextVersion, text.version_id)
    excerpt = excerpts.ensure(session, actor, text.testimony, version, *where)
    query = select(Coding).where(
        Coding.excerpt_id == excerpt.id,
        Coding.code == coding.code,
        Coding.coder_id == coding.coder_id,
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        row = Coding(
            council_id=coding.council_id,
            created_by=actor.account_id,
            excerpt_id=excerpt.id,
            codebook_version_id=coding.codebook_version_id,
            code=coding.code,
            facets=dict(coding.facets),
            coder_id=coding.coder_id,
            origin=coding.origin,
        )
        session.add(row)
    row.state = "validated"
    session.flush()


def _finish(session: Session, actor: Actor, found: AgreementRound, texts: Sequence[Read]) -> None:
    """Close the round; what both coded to the end is coded, and no old gesture comes back."""
    held = [row.testimony_id for row in rounds.texts(session, found)]
    session.execute(
        delete(CodingStep).where(
            CodingStep.testimony_id.in_(held), CodingStep.coder_id.in_(rounds.pair(found))
        )
    )
    found.state, found.closed_at = rounds.CLOSED, now()
    session.flush()
    for text in texts:
        if text.testimony.state == "masked" and excerpts.count(session, text.testimony):
            states.move(session, actor, text.testimony, "coded")
