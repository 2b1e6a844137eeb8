"""The gestures of a masking, one step each: what « annuler » takes back and « rétablir » redoes.

A step holds places in the text, never its words. Steps live until the masking is confirmed, and
belong to the text rather than to a person: who takes the testimony over may undo too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import CodingStep, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.services import scope
from survey_app.services.custody import working_text

ACTION = "mask"
# What each gesture is called after « annuler » and « rétablir ».
GESTURES: dict[str, str] = {
    "cover": "masquer",
    "show": "démasquer",
    "leave": "laisser",
    "category": "changer la catégorie de",
}
Mark = tuple[int, int, str, str, str]
"""Start, end, origin, category and state of one redaction."""


@dataclass(frozen=True, slots=True)
class Told:
    """A step as people read it: what was done, to which words, and to how many other passages."""

    verb: str
    words: str
    others: int


@contextmanager
def gesture(session: Session, actor: Actor, testimony: Testimony, name: str) -> Iterator[None]:
    """Keep what happens inside as one step; what had been undone can't be redone any more."""
    before = _marks(session, testimony)
    yield
    after = _marks(session, testimony)
    if before == after:
        return
    session.execute(delete(CodingStep).where(*_of(testimony), CodingStep.undone.is_(True)))
    kept = {
        "text": str(working_text(testimony).id),
        "gesture": name,
        "gone": sorted((before - after).elements()),
        "come": sorted((after - before).elements()),
    }
    session.add(
        CodingStep(
            council_id=testimony.council_id,
            created_by=actor.account_id,
            testimony_id=testimony.id,
            coder_id=actor.account_id,
            action=ACTION,
            coding_ids=[kept],
        )
    )
    session.flush()


def last(session: Session, actor: Actor, testimony: Testimony) -> CodingStep | None:
    """The gesture that « annuler » would take back; none from before a correction."""
    newest = (CodingStep.created_at.desc(), CodingStep.id.desc())
    query = _steps(actor, testimony, undone=False).order_by(*newest)
    return _of_this_text(testimony, session.scalars(query.limit(1)).first())


def following(session: Session, actor: Actor, testimony: Testimony) -> CodingStep | None:
    """The gesture that « rétablir » would put again."""
    query = _steps(actor, testimony, undone=True).order_by(CodingStep.created_at, CodingStep.id)
    return _of_this_text(testimony, session.scalars(query.limit(1)).first())


def told(testimony: Testimony, step: CodingStep) -> Told:
    """How a step is said, with the words as they stand in the text."""
    kept = step.coding_ids[0]
    places = sorted({(mark[0], mark[1]) for mark in kept["come"] or kept["gone"]})
    start, end = places[0]
    words = working_text(testimony).text[start:end]
    return Told(GESTURES[kept["gesture"]], words, len(places) - 1)


def replay(session: Session, testimony: Testimony, step: CodingStep) -> None:
    """Undo the step, or redo it when it was undone; placeholders are numbered by the caller."""
    kept = step.coding_ids[0]
    leaving, coming = ("gone", "come") if step.undone else ("come", "gone")
    rows = {_mark(row): row for row in _rows(session, testimony)}
    wanted = {_place(mark): mark for mark in kept[coming]}
    for mark in kept[leaving]:
        row = rows.get(tuple(mark))
        if row is None:
            raise Conflict("Ce geste ne peut plus être repris.", "Rechargez la page.")
        following_mark = wanted.pop(_place(mark), None)
        if following_mark is None:
            session.delete(row)
        else:
            row.category, row.state = following_mark[3:]
            row.placeholder = ""
    for start, end, origin, category, state in wanted.values():
        session.add(
            Redaction(
                council_id=testimony.council_id,
                created_by=step.coder_id,
                testimony_id=testimony.id,
                text_version_id=working_text(testimony).id,
                start=start,
                end=end,
                origin=origin,
                category=category,
                state=state,
            )
        )
    step.undone = not step.undone
    session.flush()


def forget(session: Session, testimony: Testimony) -> None:
    """Once the masking is confirmed, nothing of how it was done is kept."""
    session.execute(delete(CodingStep).where(*_of(testimony)))


def _rows(session: Session, testimony: Testimony) -> Iterable[Redaction]:
    here = Redaction.text_version_id == working_text(testimony).id
    return session.scalars(select(Redaction).where(here, Redaction.state != "replaced"))


def _marks(session: Session, testimony: Testimony) -> Counter[Mark]:
    return Counter(_mark(row) for row in _rows(session, testimony))


def _mark(row: Redaction) -> Mark:
    return row.start, row.end, row.origin, row.category, row.state


def _place(mark: Any) -> tuple[int, int, str]:
    return mark[0], mark[1], mark[2]


def _of(testimony: Testimony) -> tuple[Any, ...]:
    return CodingStep.testimony_id == testimony.id, CodingStep.action == ACTION


def _steps(actor: Actor, testimony: Testimony, *, undone: bool) -> Select[CodingStep]:
    mine = scope.scoped(actor, CodingStep).where(*_of(testimony))
    return mine.where(CodingStep.undone.is_(undone))


def _of_this_text(testimony: Testimony, step: CodingStep | None) -> CodingStep | None:
    """Places in a text that was corrected since lead nowhere."""
    if step is None or step.coding_ids[0]["text"] != str(working_text(testimony).id):
        return None
    return step
