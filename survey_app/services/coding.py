"""Coding: stretches of a masked text become excerpts, and excerpts bear codes of the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from analysis.suggestions import Suggestion
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Coding, CodingStep, Excerpt, Testimony, TextVersion, uuid7
from survey_app.permissions import Actor
from survey_app.services import books, excerpts, grids, outcomes, rounds, scope, states, steps

OFF_TOPIC = "HOR"
MOST_SPANS, MOST_CODES = 100, 12
"""How much one gesture may hold: the others wait for their turn while it is written."""


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
    spans = spans_of(excerpts.masked_text(actor, testimony), chosen)
    return code_spans(session, actor, testimony, spans, codes, facets, origin)


def spans_of(text: TextVersion, chosen: Iterable[int]) -> list[tuple[int, int]]:
    """The stretches that some sentences make, by their place in the text."""
    cut = text.sentences
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
    return [(cut[run[0]].start, cut[run[-1]].end) for run in runs]


def code_spans(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    spans: Sequence[tuple[int, int]],
    codes: Sequence[str],
    facets: Mapping[str, Any] | None = None,
    origin: str = "hand",
    offered: Sequence[Sequence[Suggestion]] = (),
) -> CodingStep | None:
    """One gesture: every code on every span. Facets left out keep those already there.

    ``origin`` is « suggestion » when a person accepted what was suggested, else « hand ».
    ``offered``: what was suggested for each span, noted with its fate.
    """
    text = excerpts.open_text(session, actor, testimony)
    book = books.of(session, actor, testimony.campaign)
    wanted = check_size(spans, codes)
    grids.check_codes(book, wanted)
    stored = None if facets is None else grids.check_facets(actor, book, facets)
    blind = rounds.blind_round(session, actor, testimony) is not None
    changes: list[steps.Change] = []
    touched = [excerpts.ensure(session, actor, testimony, text, *span) for span in spans]
    for excerpt in touched:
        mine = {row.code: row for row in excerpt.codings if row.coder_id == actor.account_id}
        for name in wanted:
            found = mine.get(name)
            if found is None:
                made = _new(actor, testimony, excerpt, name, stored, origin, blind=blind)
                excerpt.codings.append(made)
                changes.append((made, steps.GONE))
            elif change := _again(found, stored, origin, blind=blind):
                changes.append(change)
    step = steps.keep(session, actor, testimony, "code", changes) if changes else None
    if step is not None:
        excerpts.written(session, actor, testimony, "code", len(changes))
    for excerpt, shown in zip(touched, offered, strict=False):
        put = {row.code for row in excerpts.own(actor, excerpt)}
        outcomes.note(session, actor, testimony, excerpt.start, excerpt.end, shown, put)
    return step


def check_size(spans: Sequence[tuple[int, int]], codes: Iterable[str]) -> list[str]:
    """The codes, each once; `Invalid` when one gesture would put too much."""
    wanted = list(dict.fromkeys(codes))
    if len(spans) > MOST_SPANS or len(wanted) > MOST_CODES:
        raise Invalid(
            f"Un geste pose {MOST_CODES} codes au plus, sur {MOST_SPANS} passages au plus.",
            "Rien n’a été codé. Faites-le en plusieurs fois.",
        )
    return wanted


def own_coding(session: Session, actor: Actor, testimony: Testimony, coding: Coding) -> Excerpt:
    """The excerpt of a coding that the actor put on this testimony and may change now."""
    excerpts.open_text(session, actor, testimony)
    excerpt = scope.get(session, actor, Excerpt, coding.excerpt_id)
    if excerpt.testimony_id != testimony.id or coding.state not in excerpts.ALIVE:
        raise Conflict("Ce code n’est plus sur cet extrait.", "Rechargez la page.")
    if coding.coder_id != actor.account_id:
        raise Forbidden(
            "Ce code a été posé par une autre personne.",
            "Rien n’a été changé. Vous pouvez poser le vôtre à côté.",
        )
    return excerpt


def remove(session: Session, actor: Actor, testimony: Testimony, coding: Coding) -> CodingStep:
    """Take one's own code off an excerpt; undo puts it back."""
    own_coding(session, actor, testimony, coding)
    before = steps.picture(coding)
    coding.state = "undone"
    step = steps.keep(session, actor, testimony, "remove", [(coding, before)])
    outcomes.settle(session, testimony, step)
    excerpts.written(session, actor, testimony, "uncode", 1)
    return step


def undo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Take back one's last gesture on this testimony."""
    _replay(session, actor, testimony, "before")


def redo(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Put again the gesture that was taken back last."""
    _replay(session, actor, testimony, "after")


def _replay(session: Session, actor: Actor, testimony: Testimony, moment: str) -> None:
    excerpts.open_text(session, actor, testimony)
    taken_back = moment == "before"
    blind = rounds.blind_round(session, actor, testimony)
    pick = steps.last if taken_back else steps.following
    step = pick(session, actor, testimony, blind.created_at if blind is not None else None)
    if step is None:
        verb = "annuler" if taken_back else "refaire"
        raise Conflict(f"Il n’y a rien à {verb}.", "Rien n’a été changé.")
    book = books.of(session, actor, testimony.campaign)
    steps.replay(session, actor, step, moment, book)
    outcomes.settle(session, testimony, step)
    action = "undo" if taken_back else "redo"
    excerpts.written(session, actor, testimony, action, len(step.coding_ids))


def finish(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Say that the coding of a testimony is complete; at least one coding must be there.

    In a round of double coding, the actor is done with this text, and nothing else changes.
    """
    excerpts.open_text(session, actor, testimony)
    blind = rounds.blind_round(session, actor, testimony) is not None
    if not (_own_count(session, actor, testimony) if blind else excerpts.count(session, testimony)):
        raise Invalid(
            "Aucune phrase n’est codée.",
            "Codez au moins une phrase, ou choisissez « Rien à coder ».",
        )
    if blind:
        rounds.done(session, actor, testimony)
    elif testimony.state == "masked":
        states.move(session, actor, testimony, "coded")


def nothing_to_code(session: Session, actor: Actor, testimony: Testimony) -> None:
    """« Rien à coder »: the whole text is off topic (HOR), and the coding is complete."""
    text = excerpts.open_text(session, actor, testimony)
    blind = rounds.blind_round(session, actor, testimony) is not None
    if _own_count(session, actor, testimony) if blind else excerpts.count(session, testimony):
        raise Conflict(
            "Des phrases sont déjà codées.", "Retirez d’abord leurs codes, ou terminez le codage."
        )
    code(session, actor, testimony, 0, len(text.text), [OFF_TOPIC])
    finish(session, actor, testimony)


def _own_count(session: Session, actor: Actor, testimony: Testimony) -> int:
    rows = excerpts.everything(session, testimony)
    return sum(len(excerpts.own(actor, row)) for row in rows if row.state == "active")


def _new(
    actor: Actor,
    testimony: Testimony,
    excerpt: Excerpt,
    name: str,
    facets: dict[str, Any] | None,
    origin: str,
    *,
    blind: bool,
) -> Coding:
    return Coding(
        id=uuid7(),
        council_id=testimony.council_id,
        created_by=actor.account_id,
        excerpt_id=excerpt.id,
        codebook_version_id=testimony.campaign.codebook_version_id,
        code=name,
        facets=facets or {},
        coder_id=actor.account_id,
        origin=origin,
        state=excerpts.BLIND if blind else "validated",
    )


def _again(
    coding: Coding, facets: dict[str, Any] | None, origin: str, *, blind: bool
) -> steps.Change | None:
    """The coding put again, with its picture before; `None` when it was already just so."""
    before = steps.picture(coding)
    if coding.state != "validated" and not (blind and coding.state == excerpts.BLIND):
        coding.facets, coding.origin = {}, origin
        coding.state = excerpts.BLIND if blind else "validated"
    coding.facets = coding.facets if facets is None else facets
    return None if steps.picture(coding) == before else (coding, before)
