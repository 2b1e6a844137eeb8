"""What the reviewer of a testimony asks of who collected it, and what they answer.

The words of the testimony are the reviewer's from its deposit on: who collected is shown its
number, its meeting and the question, nothing of the text. Question and answer may hold words
that nobody masked: they are erased with the testimony, and as soon as it is masked.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from questionnaires import library
from questionnaires.model import Labels, in_language
from survey_app import sqlite
from survey_app.domain import Conflict, DomainError, Forbidden, Invalid, NotFound
from survey_app.models import Account, ReviewQuestion, Testimony, now
from survey_app.permissions import Actor
from survey_app.services import accounts, campaigns, custody, intake_check, journal, scope, states

MAX_TEXT = 1000
MAX_ANSWER = 4000
"""Longest question and longest answer, in characters."""
# Before the masking is confirmed, the text may still be corrected from what was answered.
ASKED_IN = ("to_review", "reviewed")
WAITING, ANSWERED = "waiting", "answered"
NOT_SENT = "Rien n’a été envoyé, et ce que vous avez écrit est encore là."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with the words of the questionnaire's question that it is about, if any."""

    row: ReviewQuestion
    about: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked about a testimony, oldest first, and whether the actor may ask more."""

    asked: tuple[Asked, ...]
    may_ask: bool


def ask(
    session: Session, actor: Actor, testimony: Testimony, text: str, question: str = ""
) -> ReviewQuestion:
    """Ask something of who collected the testimony, about one question of it or the whole.

    The same question still without an answer is not asked twice. Raises `Invalid` for words
    that do not fit, and whatever `require_asking` raises.
    """
    require_asking(session, actor, testimony)
    words = _words(text, MAX_TEXT, "Votre question")
    if question and not any(question in group for group in topics(testimony).values()):
        raise Invalid("Cette question n’est pas dans le questionnaire.", NOT_SENT)
    for row in _rows(session, testimony):
        if row.answered_at is None and (row.text, row.question) == (words, question):
            return row
    row = ReviewQuestion(
        council_id=testimony.council_id,
        created_by=actor.account_id,
        testimony_id=testimony.id,
        question=question,
        text=words,
    )
    session.add(row)
    session.flush()
    journal.record(session, actor, "ask_collector", "testimonies", testimony.id)
    return row


def answer(
    session: Session, actor: Actor, row: ReviewQuestion, text: str = "", *, unknown: bool = False
) -> None:
    """Answer the reviewer, in words or with « Je ne sais plus » (``unknown``), once.

    Raises `NotFound` for whoever did not collect the testimony, `Invalid` for words that do
    not fit or that « Je ne sais plus » would lose, `Conflict` where another answer is there.
    """
    _require_collector(actor, row)
    if unknown and text.strip():
        raise Invalid(
            "Vous avez écrit une réponse et choisi « Je ne sais plus ».",
            f"{NOT_SENT} Envoyez votre réponse, ou effacez-la pour choisir « Je ne sais plus ».",
        )
    words = "" if unknown else _words(text, MAX_ANSWER, "Votre réponse")
    if row.answered_at is not None:
        if row.answer == words:
            return
        raise Conflict(
            "Une réponse à cette question est déjà partie.",
            "Elle est gardée telle quelle. Pour la compléter, parlez à la personne qui relit.",
        )
    row.answer, row.answered_at = words, now()
    journal.record(session, actor, "answer_reviewer", "testimonies", row.testimony_id)


def of_testimony(session: Session, actor: Actor, testimony: Testimony) -> Exchange:
    """What was asked and answered, for who may read the unmasked words (else `Forbidden`)."""
    actor.require("testimony.raw")
    custody.require_raw(actor, testimony)
    asked = tuple(_asked(row) for row in _rows(session, testimony))
    return Exchange(asked, _may_ask(session, actor, testimony))


def listed_for_collector(session: Session, actor: Actor) -> list[Asked]:
    """The questions that wait for an answer of the actor, oldest first."""
    actor.require("testimony.collect")
    query = (
        scope.scoped(actor, ReviewQuestion)
        .join(Testimony, Testimony.id == ReviewQuestion.testimony_id)
        .where(
            Testimony.collector_id == actor.account_id,
            Testimony.state.in_(ASKED_IN),
            ReviewQuestion.answered_at.is_(None),
        )
        .order_by(ReviewQuestion.created_at, ReviewQuestion.id)
    )
    return [_asked(row) for row in session.scalars(query)]


def for_collector(session: Session, actor: Actor, question_id: uuid.UUID) -> Asked:
    """One question, for who collected the testimony; `NotFound` for everybody else."""
    row = session.scalars(
        scope.scoped(actor, ReviewQuestion).where(ReviewQuestion.id == question_id)
    ).one_or_none()
    if row is None:
        raise _gone()
    _require_collector(actor, row)
    return _asked(row)


def standing(
    session: Session, actor: Actor, testimonies: Iterable[Testimony]
) -> dict[uuid.UUID, str]:
    """`WAITING` or `ANSWERED` for each of these testimonies about which something was asked."""
    actor.require("testimony.review")
    query = scope.scoped(actor, ReviewQuestion).where(
        ReviewQuestion.testimony_id.in_([row.id for row in testimonies])
    )
    found: dict[uuid.UUID, str] = {}
    for row in session.scalars(query):
        if row.answered_at is None:
            found[row.testimony_id] = WAITING
        else:
            found.setdefault(row.testimony_id, ANSWERED)
    return found


def topics(testimony: Testimony) -> dict[str, dict[str, str]]:
    """What may be asked about: name and words of each question, under its section's title."""
    version = testimony.questionnaire_version
    if version is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for section in intake_check.asked_in(version, testimony.campaign).sections:
        inside = {
            question.name: _in_french(testimony, question.label)
            for question in section.questions
            if not question.is_note
        }
        if inside:
            found.setdefault(_in_french(testimony, section.label), {}).update(inside)
    return found


def require_asking(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Raise, with the reason, unless the actor reviews the testimony and somebody may answer."""
    actor.require("testimony.review")
    custody.require_raw(actor, testimony)
    custody.refuse_collector(actor, testimony)
    if testimony.state not in ASKED_IN:
        raise Conflict(
            f"Ce témoignage est « {states.label(testimony)} » : la question viendrait trop tard.",
            "Rien n’a été changé. Revenez à la file.",
        )
    if actor.account_id is None or testimony.reviewer_id != actor.account_id:
        raise Forbidden(
            "C’est la personne qui relit ce témoignage qui pose une question.",
            "Rien n’a été changé. Prenez-le d’abord dans la file, s’il est libre.",
        )
    if not _can_answer(session, actor, testimony):
        raise Conflict(
            "Personne ne peut répondre : aucun autre compte ouvert n’a recueilli ce témoignage.",
            "Rien n’a été changé. Décidez d’après le texte, ou demandez à la coordination.",
        )


def forget(session: Session, testimony: Testimony) -> None:
    """Erase what was asked and answered about a testimony, log of the database included."""
    rows = _rows(session, testimony)
    for row in rows:
        session.delete(row)
    session.flush()
    if rows:
        event.listen(session, "after_commit", _empty_log, once=True)


def _empty_log(session: Session) -> None:
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        sqlite.empty_wal(engine)


def _may_ask(session: Session, actor: Actor, testimony: Testimony) -> bool:
    try:
        require_asking(session, actor, testimony)
    except DomainError:
        return False
    return True


def _can_answer(session: Session, actor: Actor, testimony: Testimony) -> bool:
    """Whether somebody else collected the testimony, whose account still opens the questions."""
    if testimony.collector_id in (None, actor.account_id):
        return False
    collector = session.get_one(Account, testimony.collector_id)
    return collector.active and accounts.actor_of(collector).can("testimony.collect")


def _require_collector(actor: Actor, row: ReviewQuestion) -> None:
    actor.require("testimony.collect")
    testimony = row.testimony
    mine = row.council_id == actor.council_id and actor.account_id is not None
    if not mine or testimony.collector_id != actor.account_id or testimony.state not in ASKED_IN:
        raise _gone()


def _gone() -> NotFound:
    return NotFound(
        "Aucune question n’attend votre réponse ici.",
        "Une question s’efface quand le témoignage est masqué, écarté ou retiré. "
        "Revenez à « Recueillir ».",
    )


def _rows(session: Session, testimony: Testimony) -> list[ReviewQuestion]:
    query = select(ReviewQuestion).where(ReviewQuestion.testimony_id == testimony.id)
    return list(session.scalars(query.order_by(ReviewQuestion.created_at, ReviewQuestion.id)))


def _asked(row: ReviewQuestion) -> Asked:
    return Asked(row, _about(row.testimony, row.question) if row.question else "")


def _about(testimony: Testimony, name: str) -> str:
    """The words of the question of that name; « » if the questionnaire does not know it."""
    version = testimony.questionnaire_version
    if version is None:
        return ""
    try:
        return _in_french(testimony, intake_check.parsed(version).question(name).label)
    except KeyError:
        return ""


def _in_french(testimony: Testimony, labels: Labels) -> str:
    """A label as the campaign says it."""
    values = campaigns.placeholders(testimony.campaign, testimony.meeting.neighbourhood)
    return library.fill(in_language(labels, "fr"), values)


def _words(text: str, most: int, named: str) -> str:
    words = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise Invalid(f"{named} est vide.", "Écrivez-la, puis envoyez-la.")
    if "\x00" in words:
        raise Invalid(f"{named} contient un caractère illisible.", NOT_SENT)
    if len(words) > most:
        raise Invalid(
            f"{named} est trop longue : {most} caractères au plus.",
            f"{NOT_SENT} Raccourcissez-la.",
        )
    return words
