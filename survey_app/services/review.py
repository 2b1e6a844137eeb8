"""Review: somebody who did not collect a testimony reads it, corrects it, decides."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Review, Testimony, now
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import alerts, attachments, custody, scope, states, unprinting
from survey_app.services.corrections import correct as correct
from survey_app.services.corrections import segments as segments
from survey_app.services.corrections import stale as stale
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
# One more where photos were taken: nobody masks a photo, it is kept whole or erased.
PHOTOS_CHECK = {"no_face": "Sur les photos, aucun visage, aucune plaque, aucun nom ne se voit."}
PHOTOS_MUST = {"no_face": "Quelqu’un peut être reconnu sur une photo : effacez-la d’abord."}
DECISIONS: dict[str, str] = {
    "accept": "Accepter",
    "set_aside": "Écarter",
    "orient": "Orienter",
    "hand_over": "Laisser à une autre personne",
}
ORIENTED = "situation à orienter"
# Readers of a synthesis see how many were set aside for each: never free words.
SET_ASIDE_REASONS = (
    "doublon",
    "hors sujet",
    "texte illisible",
    "accord non confirmé",
    ORIENTED,
    "demande de la personne",
    "autre raison",
)
MAX_DETAIL = 500


def checklist(session: Session, testimony: Testimony) -> dict[str, str]:
    """The questions to answer before this testimony goes on."""
    return CHECKLIST | (PHOTOS_CHECK if attachments.owned(session, testimony) else {})


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
    custody.refuse_collector(actor, testimony)
    present = custody.open_review(session, testimony)
    if present is not None and testimony.reviewer_id == actor.account_id:
        return present
    if testimony.reviewer_id not in (None, actor.account_id) and not custody.is_coordinator(actor):
        raise Conflict(
            "Une autre personne relit déjà ce témoignage.",
            "Rien n’a été changé. Choisissez-en un autre dans la file.",
        )
    return custody.assign(session, actor, testimony)


def decide(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    decision: str,
    given: Mapping[str, bool],
    *,
    reason: str = "",
    detail: str = "",
    nature: str = "",
    instruction: str = "",
) -> Review:
    """Close the review: accept, set aside with a reason, orient, or leave it to somebody else.

    ``given`` answers the `checklist`; ``reason`` is in `SET_ASIDE_REASONS`, ``detail`` stays with
    the review; ``nature`` and ``instruction`` are for « Orienter » (see `alerts.open_alert`). No
    synthesis draws on a text under review: what had been masked left them when it was set aside.
    """
    actor.require("testimony.review")
    review = _mine_to_decide(session, actor, testimony)
    if decision != "hand_over":
        custody.refuse_collector(actor, testimony)
    if decision not in DECISIONS:
        raise Invalid("Aucune décision n’est choisie.", "Choisissez-en une, puis validez.")
    points = checklist(session, testimony)
    if decision == "accept":
        _check_answers(points, given)
        states.move(session, actor, testimony, "reviewed")
    elif decision == "set_aside":
        review.reason = _put_aside(session, actor, testimony, reason, detail)
    elif decision == "orient":
        alerts.open_alert(session, actor, testimony.campaign, nature, instruction)
        _put_aside(session, actor, testimony, ORIENTED)
    else:
        testimony.reviewer_id = None
    review.checklist = {key: bool(given[key]) for key in points if key in given}
    review.decision = decision
    review.done_at = now()
    states.move(session, actor, review, "done", decision=decision)
    return review


def set_aside(
    session: Session,
    runtime: Runtime,
    actor: Actor,
    testimony: Testimony,
    reason: str,
    detail: str = "",
) -> None:
    """The coordinator sets a testimony aside, at any moment after its deposit.

    Its words leave the syntheses and files that quote them.
    """
    actor.require("testimony.set_aside")
    custody.same_council(actor, testimony)
    said = _put_aside(session, actor, testimony, reason, detail)
    if said:
        review = Review(
            council_id=testimony.council_id,
            testimony_id=testimony.id,
            created_by=actor.account_id,
            reviewer_id=actor.account_id,
            decision="set_aside",
            reason=said,
            done_at=now(),
            state="to_do",
        )
        session.add(review)
        session.flush()
        states.move(session, actor, review, "done", decision="set_aside")
    unprinting.unprint(session, runtime, actor, testimony)


def restore(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Bring back to review a testimony that was set aside."""
    actor.require("testimony.set_aside")
    custody.same_council(actor, testimony)
    states.move(session, actor, testimony, "to_review")
    testimony.set_aside_reason = ""
    testimony.reviewer_id = None


def details(
    session: Session, actor: Actor, testimonies: Iterable[Testimony]
) -> dict[uuid.UUID, str]:
    """The newest sentence said when each testimony was set aside, for the coordinator."""
    actor.require("testimony.set_aside")
    query = (
        scope.scoped(actor, Review)
        .where(
            Review.testimony_id.in_([row.id for row in testimonies]),
            Review.decision == "set_aside",
        )
        .order_by(Review.done_at)
    )
    return {row.testimony_id: row.reason for row in session.scalars(query)}


def _mine_to_decide(session: Session, actor: Actor, testimony: Testimony) -> Review:
    custody.same_council(actor, testimony)
    review = custody.open_review(session, testimony)
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


def _check_answers(points: Mapping[str, str], given: Mapping[str, bool]) -> None:
    if not points.keys() <= given.keys():
        raise Invalid(
            "Il manque des réponses à la liste de relecture.",
            "Répondez oui ou non à chaque point, puis validez.",
        )
    for key, message in (MUST | PHOTOS_MUST).items():
        if key in points and not given[key]:
            raise Invalid(message, "Votre décision n’a pas encore été enregistrée.")


def _put_aside(
    session: Session, actor: Actor, testimony: Testimony, reason: str, detail: str = ""
) -> str:
    """Set aside for a reason of the list; returns the sentence said with it, tidied."""
    said = " ".join(detail.split())
    if reason not in SET_ASIDE_REASONS:
        raise Invalid(
            "Dites pourquoi il est écarté.",
            "Le témoignage n’est pas encore écarté. Choisissez une raison dans la liste.",
        )
    if len(said) > MAX_DETAIL:
        raise Invalid(
            f"La phrase est trop longue ({MAX_DETAIL} caractères au plus).",
            "Le témoignage n’est pas encore écarté. Raccourcissez-la.",
        )
    states.move(session, actor, testimony, "set_aside")
    testimony.set_aside_reason = reason
    return said
