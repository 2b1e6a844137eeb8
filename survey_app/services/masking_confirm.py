"""Confirming a masking that somebody has read: the form says what it showed, and it still stands.

What a page shows is told by `shown`: the text version, and a fingerprint of the places proposed
and covered in it, never of their words. A text corrected meanwhile, a proposal nobody has seen or
words shown again in another window refuse the gesture, and the page is read anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import Testimony
from survey_app.permissions import Actor
from survey_app.services import masking, masking_batch, masking_proposals
from survey_app.services.custody import working_text

READ_AGAIN = "Rien n’a été confirmé et rien n’est perdu. Relisez la page ci-dessous, puis répondez."


class Changed(Conflict):
    """What the form showed is no longer what stands: the page is to be read again."""


class Unanswered(Conflict):
    """Words are proposed, or the search for names has not read the text: a person must say so."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A testimony of a batch that was not confirmed, and why."""

    testimony: Testimony
    why: Conflict


def shown(session: Session, testimony: Testimony) -> str:
    """What a page opened now shows of this testimony, as its forms carry it."""
    rows = [*masking_proposals.pending(session, testimony), *masking.chosen(session, testimony)]
    marks = sorted((row.start, row.end, row.category, row.state) for row in rows)
    digest = hashlib.sha256(json.dumps(marks).encode()).hexdigest()[:32]
    return f"{working_text(testimony).id}.{digest}"


def require_unchanged(session: Session, testimony: Testimony, told: str) -> None:
    """Look for proposals again, then raise `Changed` unless the form showed what stands now."""
    masking_proposals.refresh(session, testimony)
    if told == shown(session, testimony):
        return
    version = told.partition(".")[0]
    if not version:
        what = "La page envoyée ne dit pas quel texte vous avez lu."
    elif version != str(working_text(testimony).id):
        what = "Le texte a été corrigé depuis que vous avez ouvert la page."
    else:
        what = "Les mots proposés ou masqués ont changé depuis que vous avez ouvert la page."
    raise Changed(what, READ_AGAIN)


def unread(session: Session, testimony: Testimony) -> bool:
    """Whether the search for names has not read this text yet."""
    return masking_proposals.reading(session, working_text(testimony)) is None


def confirm(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    told: str,
    *,
    leave: bool = False,
    hasty: bool = False,
) -> None:
    """Confirm the masking that a form showed (``told``, from `shown`).

    ``leave``: the proposals it listed stay readable; ``hasty``: it said that names are still
    being searched for. Raises `Changed`, or `Unanswered` when one of these is missing.
    """
    masking.open_text(session, actor, testimony)
    require_unchanged(session, testimony, told)
    if not hasty and unread(session, testimony):
        raise Unanswered(
            "La recherche des noms n’a pas fini de lire ce texte.",
            "Rien n’a été confirmé et rien n’est perdu. Attendez un instant, puis recommencez.",
        )
    waiting = masking_proposals.pending(session, testimony)
    if waiting and not leave:
        raise Unanswered(
            "Des mots sont proposés au masquage.",
            "Rien n’a été changé. Ouvrez le témoignage pour répondre à chaque proposition.",
        )
    if waiting:
        masking_proposals.refuse(session, actor, testimony, waiting)
    masking.confirm(session, actor, testimony)


def confirm_batch(
    session: Session,
    actor: Actor,
    ticked: Iterable[tuple[Testimony, str]],
    *,
    hasty: bool = False,
) -> tuple[int, list[Kept]]:
    """« Rien à masquer » for each testimony ticked, with what the page showed of it.

    Returns how many are confirmed, and those that are not because something changed.
    """
    rows = list(ticked)
    if not rows:
        raise Invalid("Aucun témoignage n’est coché.", "Cochez ceux où il n’y a rien à masquer.")
    kept: list[Kept] = []
    for testimony, told in rows:
        try:
            with session.begin_nested():
                masking_batch.require_bare(session, testimony)
                confirm(session, actor, testimony, told, hasty=hasty)
        except Conflict as why:
            kept.append(Kept(testimony, why))
    return len(rows) - len(kept), kept
