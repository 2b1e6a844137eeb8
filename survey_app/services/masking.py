"""Masking: a person chooses the words to cover, sees the result, confirms an immutable text."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import CodingStep, Excerpt, Redaction, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    custody,
    journal,
    masking_search,
    masking_steps,
    placeholders,
    review_questions,
    states,
    unprinting,
)
from survey_app.services.custody import working_text
from survey_app.services.placeholders import NOTHING_DONE, Placed, Span


def chosen(session: Session, testimony: Testimony) -> Sequence[Redaction]:
    """The words covered so far in the text under review, in order of appearance."""
    query = select(Redaction).where(
        Redaction.text_version_id == working_text(testimony).id, Redaction.state == "accepted"
    )
    return session.scalars(query.order_by(Redaction.start)).all()


def add(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    start: int,
    end: int,
    category: str,
    *,
    everywhere: bool = False,
) -> int:
    """Cover one stretch of the text, and ``everywhere`` its words stand; returns how many.

    What it overlaps in the same category is merged; in another one, it is refused.
    """
    text = open_text(session, actor, testimony)
    start, end = placeholders.snap(text.text, start, end)
    spans = [_span(row) for row in chosen(session, testimony)]
    for span in [span for span in spans if span.overlaps(start, end)]:
        if span.category == category:
            start, end = min(start, span.start), max(end, span.end)
            spans.remove(span)
    here = Span(start, end, category)
    alike = []
    if everywhere:
        alike = masking_search.uncovered(text, text.text[start:end], category, [*spans, here])
    with masking_steps.gesture(session, actor, testimony, "cover"):
        _store(session, actor, testimony, [*spans, here, *alike])
    return 1 + len(alike)


def add_words(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    words: str,
    category: str,
    *,
    everywhere: bool = True,
) -> int:
    """Cover words typed by hand, whole, case and accents aside; returns how many passages.

    Not ``everywhere``: only the first passage that is not covered yet.
    """
    text = open_text(session, actor, testimony)
    spans = [_span(row) for row in chosen(session, testimony)]
    found = masking_search.uncovered(text, words, category, spans, everywhere=everywhere)
    if not found:
        raise Invalid(
            "Ces mots ne sont pas dans le texte, ou ils sont déjà masqués.",
            f"{NOTHING_DONE} Vérifiez l’orthographe dans le texte.",
        )
    with masking_steps.gesture(session, actor, testimony, "cover"):
        _store(session, actor, testimony, [*spans, *found])
    return len(found)


def remove(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    redaction: Redaction,
    *,
    alike: bool = False,
) -> None:
    """Show words again, before the masking is confirmed; ``alike``: all with that placeholder."""
    rows, gone = _with_alike(session, actor, testimony, redaction, alike=alike)
    with masking_steps.gesture(session, actor, testimony, "show"):
        _store(session, actor, testimony, [_span(row) for row in rows if row not in gone])


def change_category(
    session: Session, actor: Actor, testimony: Testimony, redaction: Redaction, category: str
) -> int:
    """Say that covered words are of another category, wherever they bear the same placeholder.

    Returns how many passages changed; none when they were of that category already.
    """
    placeholders.check_category(category)
    _, wanted = _with_alike(session, actor, testimony, redaction, alike=True)
    changed = [row for row in wanted if row.category != category]
    with masking_steps.gesture(session, actor, testimony, "category"):
        for row in changed:
            row.category = category
        session.flush()
        renumber(session, actor, testimony)
    return len(changed)


def undo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Take back the last gesture on this text, whoever made it."""
    open_text(session, actor, testimony)
    _replay(session, actor, testimony, masking_steps.last(session, actor, testimony))


def redo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Put again the last gesture that was taken back."""
    open_text(session, actor, testimony)
    _replay(session, actor, testimony, masking_steps.following(session, actor, testimony))


def preview(session: Session, actor: Actor, testimony: Testimony) -> tuple[str, tuple[Placed, ...]]:
    """The text as it would be masked now, and which words each placeholder covers."""
    actor.require("testimony.mask")
    custody.require_raw(actor, testimony)
    spans = [_span(row) for row in chosen(session, testimony)]
    return placeholders.preview(working_text(testimony).text, spans)


def confirm(session: Session, actor: Actor, testimony: Testimony) -> TextVersion:
    """Write the masked text, which never changes, and send the testimony to coding.

    With no word chosen it records « rien à masquer ». When the newest masked text is already
    the same, it is kept, and its excerpts count again. What was asked about the text is erased.
    Pages go through `masking_confirm`, which makes sure that this is what was read.
    """
    text = open_text(session, actor, testimony)
    masked, placed = placeholders.preview(
        text.text, [_span(row) for row in chosen(session, testimony)]
    )
    version = testimony.text("masked")
    if version is None or version.text != masked:
        version = TextVersion(
            council_id=testimony.council_id,
            created_by=actor.account_id,
            sequence=max(row.sequence for row in testimony.texts) + 1,
            kind="masked",
            text=masked,
            parts=placeholders.shift(text.parts, placed),
            source_id=text.id,
        )
        testimony.texts.append(version)
        session.flush()
    _settle_excerpts(session, testimony, version)
    states.move(session, actor, testimony, "masked")
    review_questions.forget(session, testimony)
    masking_steps.forget(session, testimony)
    journal.record(
        session, actor, "mask", "testimonies", testimony.id,
        before=text.text, after=masked, redactions=len(placed), nothing=not placed,
    )  # fmt: skip
    return version


def reopen(session: Session, runtime: Runtime, actor: Actor, testimony: Testimony) -> None:
    """The coordinator opens a masked text again; its excerpts no longer count meanwhile.

    Its words leave the syntheses and files that quote them.
    """
    actor.require("testimony.set_aside")
    custody.same_council(actor, testimony)
    working_text(testimony)
    for state in ("filed", "coded", "masked"):
        if testimony.state == state:
            following = {"filed": "coded", "coded": "masked", "masked": "reviewed"}[state]
            states.move(session, actor, testimony, following)
    if testimony.state != "reviewed":
        raise Conflict("Ce témoignage n’a pas de masquage à reprendre.", NOTHING_DONE)
    _settle_excerpts(session, testimony, None)
    unprinting.unprint(session, runtime, actor, testimony)


def renumber(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Number again all that is covered, after a proposal was accepted."""
    _store(session, actor, testimony, [_span(row) for row in chosen(session, testimony)])


def open_text(session: Session, actor: Actor, testimony: Testimony) -> TextVersion:
    """The text to mask, if the actor may mask it now; the coordinator becomes its reviewer."""
    actor.require("testimony.mask")
    custody.same_council(actor, testimony)
    if testimony.state != "reviewed":
        raise Conflict(
            f"Ce témoignage est « {states.label(testimony)} » : il n’est pas à masquer.",
            f"{NOTHING_DONE} Rechargez la page pour voir son état actuel.",
        )
    custody.hold(session, actor, testimony)
    return working_text(testimony)


def _span(row: Redaction) -> Span:
    return Span(row.start, row.end, row.category)


def _same(row: Redaction, other: Redaction) -> bool:
    return row.placeholder == other.placeholder


def _with_alike(
    session: Session, actor: Actor, testimony: Testimony, redaction: Redaction, *, alike: bool
) -> tuple[Sequence[Redaction], list[Redaction]]:
    """All that is covered, and in it this passage with, maybe, those of its placeholder."""
    open_text(session, actor, testimony)
    rows = chosen(session, testimony)
    if redaction not in rows:
        raise Conflict("Ces mots ne sont plus masqués.", "Rechargez la page.")
    return rows, [row for row in rows if row is redaction or (alike and _same(row, redaction))]


def _replay(session: Session, actor: Actor, testimony: Testimony, step: CodingStep | None) -> None:
    if step is None:
        raise Conflict("Il n’y a aucun geste à reprendre.", f"{NOTHING_DONE} Rechargez la page.")
    masking_steps.replay(session, testimony, step)
    renumber(session, actor, testimony)


def _one_answer(text: TextVersion, start: int, end: int) -> None:
    """A placeholder stands inside one answer: the parts of the masked text stay exact."""
    inside = any(part["start"] <= start and end <= part["end"] for part in text.parts)
    if text.parts and not inside:
        raise Invalid(
            "La sélection couvre plusieurs réponses.",
            f"{NOTHING_DONE} Masquez les mots réponse par réponse.",
        )


def _store(session: Session, actor: Actor, testimony: Testimony, spans: Sequence[Span]) -> None:
    """Keep exactly these spans, numbered again in order of appearance."""
    text = working_text(testimony)
    for span in spans:
        _one_answer(text, span.start, span.end)
    placed = {item.span: item for item in placeholders.place(text.text, spans)}
    for row in chosen(session, testimony):
        item = placed.pop(_span(row), None)
        if item is None and row.origin == "person":
            session.delete(row)
        elif item is None:  # a proposal accepted, then taken back: it is not proposed again
            row.state, row.placeholder = "refused", ""
        else:
            row.placeholder = item.placeholder
    for span, item in placed.items():
        session.add(
            Redaction(
                council_id=testimony.council_id,
                created_by=actor.account_id,
                testimony_id=testimony.id,
                text_version_id=text.id,
                start=span.start,
                end=span.end,
                category=span.category,
                placeholder=item.placeholder,
            )
        )
    session.flush()


def _settle_excerpts(session: Session, testimony: Testimony, version: TextVersion | None) -> None:
    """Excerpts of ``version`` count; those of any other masked text wait to be relocated."""
    for row in session.scalars(select(Excerpt).where(Excerpt.testimony_id == testimony.id)):
        if row.state in ("active", "to_relocate"):
            here = version is not None and row.text_version_id == version.id
            row.state = "active" if here else "to_relocate"
