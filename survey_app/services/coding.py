"""Coding: sentences of a masked text become excerpts, and excerpts bear codes of the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.sentences import sentences
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Coding, CodingStep, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import excerpts, grids, scope, states, steps

OFF_TOPIC = "HOR"


def code(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    start: int,
    end: int,
    codes: Sequence[str],
    facets: Mapping[str, Any] | None = None,
    origin: str = "hand",
) -> CodingStep | None:
    """Put codes on a stretch of the masked text (code points). `None` if nothing was new."""
    return code_spans(session, actor, testimony, [(start, end)], codes, facets, origin)


def code_sentences(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    chosen: Iterable[int],
    codes: Sequence[str],
    facets: Mapping[str, Any] | None = None,
    origin: str = "hand",
) -> CodingStep | None:
    """Put codes on sentences, by their place in the text; neighbours make one excerpt."""
    cut = sentences(excerpts.masked_text(actor, testimony).text)
    wanted = sorted(set(chosen))
    if not wanted:
        raise Invalid("Aucune phrase n’est choisie.", "Cochez au moins une phrase, puis un code.")
    if wanted[0] < 0 or wanted[-1] >= len(cut):
        raise Invalid("Une phrase choisie n’est pas dans ce texte.", "Rien n’a été codé.")
    runs: list[list[int]] = []
    for index in wanted:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    spans = [(cut[run[0]].start, cut[run[-1]].end) for run in runs]
    return code_spans(session, actor, testimony, spans, codes, facets, origin)


def code_spans(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    spans: Sequence[tuple[int, int]],
    codes: Sequence[str],
    facets: Mapping[str, Any] | None = None,
    origin: str = "hand",
) -> CodingStep | None:
    """One gesture: every code on every span. Facets left out keep those already there.

    ``origin`` is « suggestion » when a person accepted what was suggested, else « hand ».
    """
    text = excerpts.open_text(actor, testimony)
    book = grids.of(session, actor, testimony.campaign)
    wanted = list(dict.fromkeys(codes))
    grids.check_codes(book, wanted)
    stored = None if facets is None else grids.check_facets(actor, book, facets)
    changes: list[tuple[Coding, dict[str, Any]]] = []
    for start, end in spans:
        excerpt = excerpts.ensure(session, actor, testimony, text, start, end)
        for name in wanted:
            change = _put(session, actor, testimony, excerpt, name, stored, origin)
            changes += [change] if change else []
    if not changes:
        return None
    session.flush()
    step = steps.keep(session, actor, testimony, "code", changes)
    excerpts.written(session, actor, testimony, "code", len(changes))
    return step


def remove(session: Session, actor: Actor, testimony: Testimony, coding: Coding) -> CodingStep:
    """Take one's own code off an excerpt; undo puts it back."""
    excerpts.open_text(actor, testimony)
    excerpt = scope.get(session, actor, Excerpt, coding.excerpt_id)
    if excerpt.testimony_id != testimony.id or coding.state != "validated":
        raise Conflict("Ce code n’est plus sur cet extrait.", "Rechargez la page.")
    if coding.coder_id != actor.account_id:
        raise Forbidden(
            "Ce code a été posé par une autre personne.",
            "Rien n’a été changé. Vous pouvez poser le vôtre à côté.",
        )
    before = steps.picture(coding)
    coding.state = "undone"
    step = steps.keep(session, actor, testimony, "remove", [(coding, before)])
    excerpts.written(session, actor, testimony, "uncode", 1)
    return step


def undo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Take back one's last gesture on this testimony."""
    excerpts.open_text(actor, testimony)
    step = steps.last(session, actor, testimony)
    if step is None:
        raise Conflict("Il n’y a rien à annuler.", "Rien n’a été changé.")
    steps.replay(session, actor, step, "before")
    excerpts.written(session, actor, testimony, "undo", len(step.coding_ids))


def redo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Put again the gesture that was taken back last."""
    excerpts.open_text(actor, testimony)
    step = steps.following(session, actor, testimony)
    if step is None:
        raise Conflict("Il n’y a rien à refaire.", "Rien n’a été changé.")
    steps.replay(session, actor, step, "after")
    excerpts.written(session, actor, testimony, "redo", len(step.coding_ids))


def finish(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Say that the coding of a testimony is complete; at least one coding must count."""
    excerpts.open_text(actor, testimony)
    if not excerpts.count(session, testimony):
        raise Invalid(
            "Aucune phrase n’est codée.",
            "Codez au moins une phrase, ou choisissez « Rien à coder ».",
        )
    if testimony.state == "masked":
        states.move(session, actor, testimony, "coded")


def nothing_to_code(session: Session, actor: Actor, testimony: Testimony) -> None:
    """« Rien à coder »: the whole text is off topic (HOR), and the coding is complete."""
    if excerpts.count(session, testimony):
        raise Conflict(
            "Des phrases sont déjà codées.", "Retirez d’abord leurs codes, ou terminez le codage."
        )
    text = excerpts.open_text(actor, testimony)
    code(session, actor, testimony, 0, len(text.text), [OFF_TOPIC])
    finish(session, actor, testimony)


def _put(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    excerpt: Excerpt,
    name: str,
    facets: dict[str, Any] | None,
    origin: str,
) -> tuple[Coding, dict[str, Any]] | None:
    """The coding with its picture before, or `None` when it was already just so."""
    query = select(Coding).where(
        Coding.excerpt_id == excerpt.id, Coding.code == name, Coding.coder_id == actor.account_id
    )
    coding = session.scalars(query).one_or_none()
    if coding is None:
        coding = Coding(
            council_id=testimony.council_id,
            created_by=actor.account_id,
            excerpt_id=excerpt.id,
            codebook_version_id=testimony.campaign.codebook_version_id,
            code=name,
            facets=facets or {},
            coder_id=actor.account_id,
            origin=origin,
            state="validated",
        )
        session.add(coding)
        return coding, steps.GONE
    before = steps.picture(coding)
    if coding.state != "validated":
        coding.facets, coding.origin = {}, origin
    coding.state = "validated"
    coding.facets = coding.facets if facets is None else facets
    return None if steps.picture(coding) == before else (coding, before)
