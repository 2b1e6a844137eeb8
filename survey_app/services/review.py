"""Review: somebody who did not collect a testimony reads it, corrects it, decides."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Redaction, Review, Testimony, TextVersion, now
from survey_app.permissions import Actor
from survey_app.services import alerts, custody, journal, placeholders, states
from survey_app.services.custody import read_raw as read_raw
from survey_app.services.custody import working_text as working_text

# Five plain questions, answered yes or no. Those of MUST must be yes for a testimony to go on.
CHECKLIST: dict[str, str] = {
    "consent": "La personne est d’accord pour que ses mots soient notés, et le texte le respecte.",
    "own_words": "Ce sont les mots de la personne, pas un résumé ni l’avis de qui a noté.",
    "no_identity": "Personne n’est reconnaissable dans ce texte.",
    "no_danger": "Rien ne signale une personne en danger, et personne n’est accusé.",
    "clear": "Le texte se comprend sans avoir été là.",
}
MUST = {
    "consent": "L’accord de la personne n’est pas respecté : ce témoignage doit être écarté.",
    "own_words": "Ce ne sont pas les mots de la personne : corrigez le texte, ou écartez-le.",
    "no_danger": "Une personne est en danger ou accusée : choisissez « Orienter ».",
}
DECISIONS: dict[str, str] = {
    "accept": "Accepter",
    "set_aside": "Écarter",
    "orient": "Orienter",
    "hand_over": "Laisser à une autre personne",
}
ORIENTED = "situation à orienter"
MAX_REASON = 500


def take(session: Session, actor: Actor, testimony: Testimony) -> Review:
    """Become the reviewer of a testimony that waits; never of one's own collecting.

    A coordinator may take over what somebody else had begun. Taking again changes nothing.
    """
    actor.require("testimony.review")
    custody.same_council(actor, testimony)
    if actor.account_id is None:
        raise Forbidden("Une relecture est faite par une personne, avec son propre compte.")
    if testimony.state not in states.QUEUES["a-relire"]:
        raise Conflict(
            f"Ce témoignage n’attend plus de relecture : il est « {states.label(testimony)} ».",
            "Rien n’a été changé. Choisissez-en un autre dans la file.",
        )
    present = _open_review(session, testimony)
    if present is not None and testimony.reviewer_id == actor.account_id:
        return present
    if testimony.reviewer_id not in (None, actor.account_id) and not custody.is_coordinator(actor):
        raise Conflict(
            "Une autre personne relit déjà ce témoignage.",
            "Rien n’a été changé. Choisissez-en un autre dans la file.",
        )
    _other_than_collector(session, actor, testimony)
    return _assign(session, actor, testimony, present)


def decide(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    decision: str,
    checklist: Mapping[str, bool],
    *,
    reason: str = "",
    nature: str = "",
    instruction: str = "",
) -> Review:
    """Close the review: accept, set aside with a reason, orient, or leave it to somebody else.

    ``nature`` and ``instruction`` are read for « Orienter » only (see `alerts.open_alert`).
    """
    actor.require("testimony.review")
    review = _mine_to_decide(session, actor, testimony)
    if decision not in DECISIONS:
        raise Invalid("Aucune décision n’est choisie.", "Choisissez-en une, puis validez.")
    answers = {key: bool(checklist[key]) for key in CHECKLIST if key in checklist}
    if decision == "accept":
        _check_answers(answers)
        states.move(session, actor, testimony, "reviewed")
    elif decision == "set_aside":
        _put_aside(session, actor, testimony, reason)
    elif decision == "orient":
        alerts.open_alert(session, actor, testimony.campaign, nature, instruction)
        _put_aside(session, actor, testimony, ORIENTED)
    else:
        testimony.reviewer_id = None
    review.checklist = answers
    review.decision = decision
    review.reason = testimony.set_aside_reason if testimony.state == "set_aside" else ""
    review.done_at = now()
    states.move(session, actor, review, "done", decision=decision)
    return review


def correct(
    session: Session, actor: Actor, testimony: Testimony, answers: Sequence[str]
) -> TextVersion:
    """Write a corrected text, answer by answer, beside the one it corrects (never over it).

    ``answers`` has one string per part of the present text (one in all when it has no parts).
    Words already chosen for masking are looked for again in the new text.
    """
    actor.require("testimony.review")
    custody.require_raw(actor, testimony)
    if testimony.state not in ("to_review", "reviewed"):
        raise Conflict(
            f"Ce témoignage est « {states.label(testimony)} » : son texte ne se corrige plus.",
            "Rien n’a été changé.",
        )
    before = working_text(testimony)
    text, parts = _rewritten(before, answers)
    if text == before.text:
        return before
    after = TextVersion(
        council_id=testimony.council_id,
        created_by=actor.account_id,
        sequence=max(version.sequence for version in testimony.texts) + 1,
        kind="corrected",
        text=text,
        parts=parts,
        source_id=before.id,
    )
    testimony.texts.append(after)
    session.flush()
    _carry_redactions(session, before, after)
    journal.record(
        session, actor, "correct", "testimonies", testimony.id, before=before.text, after=text
    )
    return after


def set_aside(session: Session, actor: Actor, testimony: Testimony, reason: str) -> None:
    """The coordinator sets a testimony aside, at any moment after its deposit."""
    actor.require("testimony.set_aside")
    custody.same_council(actor, testimony)
    _put_aside(session, actor, testimony, reason)


def restore(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Bring back to review a testimony that was set aside."""
    actor.require("testimony.set_aside")
    custody.same_council(actor, testimony)
    states.move(session, actor, testimony, "to_review")
    testimony.set_aside_reason = ""
    testimony.reviewer_id = None


def stale() -> Conflict:
    """The refusal of what was written from a text that has changed since."""
    return Conflict(
        "Le texte a été corrigé entre-temps dans une autre fenêtre.",
        "Rien n’a été remplacé. Copiez ce que vous avez écrit, puis rechargez la page.",
    )


def segments(text: TextVersion) -> list[str]:
    """The answers that make the text, in order; the whole text when it has no parts."""
    return [text.text[part["start"] : part["end"]] for part in text.parts] or [text.text]


def _open_review(session: Session, testimony: Testimony) -> Review | None:
    query = select(Review).where(Review.testimony_id == testimony.id, Review.state == "to_do")
    return session.scalars(query).first()


def _other_than_collector(session: Session, actor: Actor, testimony: Testimony) -> None:
    if testimony.collector_id != actor.account_id:
        return
    if not testimony.campaign.single_person_exception:
        raise Forbidden(
            "Vous avez recueilli ce témoignage : une autre personne doit le relire.",
            "Rien n’a été changé. Il reste dans la file des autres personnes du conseil.",
        )
    journal.record(session, actor, "single_person_review", "testimonies", testimony.id)


def _assign(session: Session, actor: Actor, testimony: Testimony, present: Review | None) -> Review:
    if testimony.state == "deposited":
        states.move(session, actor, testimony, "to_review")
    testimony.reviewer_id = actor.account_id
    review = present or Review(
        council_id=testimony.council_id, testimony_id=testimony.id, created_by=actor.account_id
    )
    review.reviewer_id = actor.account_id
    session.add(review)
    session.flush()
    journal.record(session, actor, "take_over" if present else "take", "testimonies", testimony.id)
    return review


def _mine_to_decide(session: Session, actor: Actor, testimony: Testimony) -> Review:
    custody.same_council(actor, testimony)
    review = _open_review(session, testimony)
    if review is None or testimony.state != "to_review":
        raise Conflict(
            "Cette relecture est déjà terminée, ou n’a pas commencé.",
            "Rien n’a été changé. Revenez à la file pour voir où en est le témoignage.",
        )
    if actor.account_id is None or testimony.reviewer_id != actor.account_id:
        raise Forbidden(
            "C’est la personne qui relit ce témoignage qui décide.",
            "Rien n’a été changé. Prenez-le d’abord dans la file, s’il est libre.",
        )
    return review


def _check_answers(answers: Mapping[str, bool]) -> None:
    if len(answers) < len(CHECKLIST):
        raise Invalid(
            "Il manque des réponses à la liste de relecture.",
            "Répondez oui ou non aux cinq points, puis validez.",
        )
    for key, message in MUST.items():
        if not answers[key]:
            raise Invalid(message, "Votre décision n’a pas encore été enregistrée.")


def _put_aside(session: Session, actor: Actor, testimony: Testimony, reason: str) -> None:
    why = " ".join(reason.split())
    if not why or len(why) > MAX_REASON:
        raise Invalid(
            f"Dites en une phrase pourquoi il est écarté ({MAX_REASON} caractères au plus).",
            "Le témoignage n’est pas encore écarté.",
        )
    states.move(session, actor, testimony, "set_aside")
    testimony.set_aside_reason = why


def _rewritten(before: TextVersion, answers: Sequence[str]) -> tuple[str, list[dict[str, object]]]:
    old = before.parts or [{"start": 0, "end": len(before.text)}]
    if len(answers) != len(old):
        raise stale()
    clean = [
        unicodedata.normalize("NFC", answer).replace("\r\n", "\n").replace("\r", "\n").strip()
        for answer in answers
    ]
    if any("\x00" in answer for answer in clean) or not any(clean):
        raise Invalid(
            "Le texte corrigé est vide ou contient un caractère illisible.",
            "Rien n’a été remplacé. Pour ne pas garder ce témoignage, choisissez « Écarter ».",
        )
    text, at, parts = "", 0, []
    for part, answer in zip(old, clean, strict=True):
        text += before.text[at : part["start"]]
        parts.append({**part, "start": len(text), "end": len(text) + len(answer)})
        text, at = text + answer, part["end"]
    return text + before.text[at:], parts if before.parts else []


def _carry_redactions(session: Session, before: TextVersion, after: TextVersion) -> None:
    """Cover again, in the corrected text, each word that was chosen in the one before."""
    chosen = session.scalars(
        select(Redaction).where(
            Redaction.text_version_id == before.id, Redaction.state == "accepted"
        )
    ).all()
    kept: list[placeholders.Span] = []
    for row in chosen:
        row.state = "replaced"
    wanted = {(before.text[row.start : row.end], row.category) for row in chosen}
    for words, category in sorted(wanted, key=lambda pair: (-len(pair[0]), *pair)):
        found = placeholders.everywhere(after.text, words, category)
        kept += placeholders.outside(found, [(span.start, span.end) for span in kept])
    for placed in placeholders.place(after.text, kept):
        session.add(
            Redaction(
                council_id=after.council_id,
                created_by=after.created_by,
                testimony_id=after.testimony_id,
                text_version_id=after.id,
                start=placed.span.start,
                end=placed.span.end,
                category=placed.span.category,
                placeholder=placed.placeholder,
            )
        )
