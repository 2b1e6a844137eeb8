"""Excerpts whose text was masked again: a person says where they lie now, or gives them up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.corpus import quote_hash
from survey_app.domain import Conflict, Invalid
from survey_app.models import Coding, Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import excerpts, rounds


def run_of(text: TextVersion, chosen: Sequence[int]) -> tuple[int, int]:
    """The stretch from the first to the last of some neighbouring sentences."""
    cut, wanted = text.sentences, sorted(set(chosen))
    if not wanted or wanted[-1] >= len(cut) or wanted[-1] - wanted[0] != len(wanted) - 1:
        raise Invalid(
            "Cochez une phrase, ou plusieurs qui se suivent, là où l’extrait se trouve.",
            "Rien n’a été changé.",
        )
    return cut[wanted[0]].start, cut[wanted[-1]].end


def relocate(
    session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt, start: int, end: int
) -> None:
    """Say where an excerpt lies in the newest masked text; it counts again.

    Where a double coding hides codes from the actor, theirs alone go there: nothing done or
    answered tells which words somebody else coded.
    """
    text = excerpts.open_text(session, actor, testimony)
    seen, hidden = _waiting(session, actor, testimony, excerpt)
    start, end = excerpts.trimmed(text, start, end)
    there = excerpts.at_exactly(session, text, start, end)
    if there is not None and _parted(session, actor, testimony, there)[0]:
        raise Conflict(
            "Un autre extrait couvre déjà exactement ces phrases.",
            "Rien n’a été changé. Abandonnez cet extrait-ci, et codez l’autre.",
        )
    if there is None and not hidden:
        excerpt.text_version_id = text.id
        excerpt.start, excerpt.end = start, end
        excerpt.quote = text.text[start:end]
        excerpt.quote_sha256 = quote_hash(excerpt.quote)
        excerpt.state = "active"
    else:
        target = excerpts.ensure(session, actor, testimony, text, start, end)
        target.memo = target.memo or excerpt.memo
        _carry(seen, target)
        if not hidden:
            excerpt.state = "invalidated"
    excerpts.written(session, actor, testimony, "relocate", 1)


def invalidate(session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt) -> None:
    """Give up an excerpt whose words are gone; codes hidden from the actor stay to relocate."""
    excerpts.open_text(session, actor, testimony)
    seen, hidden = _waiting(session, actor, testimony, excerpt)
    if hidden:
        for coding in seen:
            coding.state = "undone"
    else:
        excerpt.state = "invalidated"
    excerpts.written(session, actor, testimony, "invalidate", 1)


def _waiting(
    session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt
) -> tuple[list[Coding], list[Coding]]:
    """The codes of an excerpt to relocate: those that the actor sees, those that they don't."""
    seen, hidden = _parted(session, actor, testimony, excerpt)
    mine = excerpt.testimony_id == testimony.id and (seen or not hidden)
    if not mine or excerpt.state != "to_relocate":
        raise Conflict("Cet extrait n’est plus à recaler.", "Rechargez la page.")
    return seen, hidden


def _parted(
    session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt
) -> tuple[list[Coding], list[Coding]]:
    blind = rounds.blind_round(session, actor, testimony) is not None
    seen = excerpts.own(actor, excerpt) if blind else excerpts.live(excerpt)
    there = [coding for coding in excerpt.codings if coding.state in excerpts.ALIVE]
    return seen, [coding for coding in there if coding not in seen]


def _carry(codings: Sequence[Coding], target: Excerpt) -> None:
    """Put codes on another excerpt, in the place of the same ones taken off there before."""
    old = {(row.code, row.coder_id): row for row in target.codings}
    for coding in codings:
        again = old.get((coding.code, coding.coder_id))
        if again is None:
            coding.excerpt = target
            continue
        again.state, again.origin = coding.state, coding.origin
        again.facets = dict(coding.facets)
        coding.state = "undone"
