"""Corrections: a repaired text beside the first one, which is never written over."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import Redaction, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import custody, journal, placeholders, states
from survey_app.services.custody import working_text


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
    custody.hold(session, actor, testimony)
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


def stale() -> Conflict:
    """The refusal of what was written from a text that has changed since."""
    return Conflict(
        "Le texte a été corrigé entre-temps dans une autre fenêtre.",
        "Rien n’a été remplacé. Copiez ce que vous avez écrit, puis rechargez la page.",
    )


def segments(text: TextVersion) -> list[str]:
    """The answers that make the text, in order; the whole text when it has no parts."""
    return [text.text[part["start"] : part["end"]] for part in text.parts] or [text.text]


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
