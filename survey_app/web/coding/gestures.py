"""Each gesture on the bench: done in turn with the other coders, then shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from analysis.sentences import Span
from analysis.suggestions import Suggestion
from survey_app.domain import DomainError, Invalid
from survey_app.models import Campaign, Coding, CodingStep, Testimony, TextVersion
from survey_app.services import (
    books,
    coding,
    details,
    excerpts,
    review,
    rounds,
    scope,
    suggestions,
)
from survey_app.services.excerpts import Bench
from survey_app.web.coding import drawing
from survey_app.web.coding.forms import chosen_facets, chosen_spans, sent_facets
from survey_app.web.request import actor, db, runtime

_WITH = (joinedload(Testimony.campaign).lazyload(Campaign.neighbourhoods),)
"""What a gesture reads of a testimony's campaign, and what it never does."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a gesture leaves: where the page comes back to, and what of the bench it changed.

    ``step`` is the gesture when it put codes; ``within`` the stretch of text that it touched,
    `None` when anything may have changed.
    """

    anchor: str = "texte"
    step: CodingStep | None = None
    within: Span | None = None


Act = Callable[[Testimony], Done]


def done(testimony_id: uuid.UUID, act: Act) -> Response:
    """Do a gesture and answer: the part that changed to the script, else the page again.

    Coders write in turn: nothing but the writing itself happens meanwhile. Refusals are told to
    the script here, and left to the caller otherwise.
    """
    part = drawing.part_asked()
    try:
        with runtime().database.turn():
            testimony = scope.get(db(), actor(), Testimony, testimony_id, *_WITH)
            left = act(testimony)
            if part:  # before the commit: a session that writes would take SQLite's lock again
                bench = excerpts.bench(db(), actor(), testimony, left.step, left.within)
            db().commit()
    except DomainError as error:
        if not part:
            raise
        db().rollback()
        return drawing.refused(error)
    if not part:
        return back(testimony, left.anchor)
    book = books.of(db(), actor(), testimony.campaign)
    return drawing.part(testimony, bench, book, within=left.within)


def back(testimony: Testimony, anchor: str = "") -> Response:
    """To the bench, by its address."""
    target = url_for("coding.bench", testimony_id=testimony.id, _anchor=anchor or None)
    return redirect(target, 303)


def put(testimony_id: uuid.UUID) -> Response:
    """The pressed codes on what is chosen; what was suggested there is noted with its fate."""
    accepted = request.form.getlist("suggestion")
    pressed = request.form.getlist("code") or accepted
    origin = suggestions.ORIGIN if pressed is accepted else "hand"

    def act(testimony: Testimony) -> Done:
        text = excerpts.open_text(db(), actor(), testimony)
        if request.form.get("version", "") != str(text.id):
            raise review.stale()
        chosen = chosen_spans(text, request.form)
        coding.check_size(chosen, pressed)  # before looking for what was suggested on it all
        spans = [excerpts.trimmed(text, *span) for span in chosen]
        within = excerpts.covered(text, spans[0][0], spans[-1][1])
        offered = _offered(testimony, text, spans, within)
        facets = chosen_facets(request.form)
        step = coding.code_spans(db(), actor(), testimony, spans, pressed, facets, origin, offered)
        touched = Span(within[0].start, within[-1].end)
        return Done(f"phrase-{text.sentences.index(within[0])}", step, touched)

    return done(testimony_id, act)


def _offered(
    testimony: Testimony,
    text: TextVersion,
    spans: Sequence[tuple[int, int]],
    within: tuple[Span, ...],
) -> list[tuple[Suggestion, ...]]:
    """What the page suggested for each stretch of these sentences: nothing in a blind round."""
    if rounds.blind_round(db(), actor(), testimony) is not None:
        return []
    book = books.of(db(), actor(), testimony.campaign)
    shown = suggestions.for_bench(db(), Bench(actor(), text, within), book)
    return [_shown(span, within, shown) for span in spans]


def _shown(
    span: tuple[int, int], cut: Sequence[Span], offers: Sequence[tuple[Suggestion, ...]]
) -> tuple[Suggestion, ...]:
    """What the page shows for a stretch: the suggestions of the sentences that it touches."""
    return suggestions.merge(
        found
        for one, found in zip(cut, offers, strict=True)
        if one.start < span[1] and span[0] < one.end
    )


def remove(testimony: Testimony) -> Done:
    """Take one's own code off."""
    coding.remove(db(), actor(), testimony, _named(request.form.get("codage", "")))
    return Done()


def specify(testimony: Testimony) -> Done:
    """The facets and memo of a code, from its panel; or one facet's next value, from a key."""
    row = _named(request.form.get("codage", ""))
    one = request.form.get("suivante", "")
    if one:
        details.next_value(db(), actor(), testimony, row, one)
    elif "memo" in request.form:
        memo, shown = request.form["memo"], request.form.get("memo_lu", "")
        details.specify(db(), actor(), testimony, row, sent_facets(request.form), memo, shown)
    else:
        raise Invalid("Rien n’est précisé.", "Rien n’a été changé.")
    return Done()


def undo(testimony: Testimony) -> Done:
    coding.undo(db(), actor(), testimony)
    return Done()


def redo(testimony: Testimony) -> Done:
    coding.redo(db(), actor(), testimony)
    return Done()


def _named(key: str) -> Coding:
    return scope.get(db(), actor(), Coding, key)
