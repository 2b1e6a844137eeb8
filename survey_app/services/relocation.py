"""Excerpts whose text was masked again: a person says where they lie now, or gives them up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.corpus import quote_hash
from survey_app.domain import Conflict, Invalid
from survey_app.models import Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import excerpts


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
    """Say where an excerpt lies in the newest masked text; it counts again."""
    text = excerpts.open_text(actor, testimony)
    _waiting(testimony, excerpt)
    start, end = excerpts.trimmed(text, start, end)
    if excerpts.at_exactly(session, text, start, end) is not None:
        raise Conflict(
            "Un autre extrait couvre déjà exactement ces phrases.",
            "Rien n’a été changé. Abandonnez cet extrait-ci, et codez l’autre.",
        )
    excerpt.text_version_id = text.id
    excerpt.start, excerpt.end = start, end
    excerpt.quote = text.text[start:end]
    excerpt.quote_sha256 = quote_hash(excerpt.quote)
    excerpt.state = "active"
    excerpts.written(session, actor, testimony, "relocate", 1)


def invalidate(session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt) -> None:
    """Give up an excerpt whose words are gone from the newest masked text."""
    excerpts.open_text(actor, testimony)
    _waiting(testimony, excerpt)
    excerpt.state = "invalidated"
    excerpts.written(session, actor, testimony, "invalidate", 1)


def _waiting(testimony: Testimony, excerpt: Excerpt) -> None:
    if excerpt.testimony_id != testimony.id or excerpt.state != "to_relocate":
        raise Conflict("Cet extrait n’est plus à recaler.", "Rechargez la page.")
