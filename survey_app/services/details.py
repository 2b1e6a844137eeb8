"""What a coder says more of an excerpt: the facets of their code, a memo beside the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from survey_app.domain import Conflict, Invalid
from survey_app.models import Coding, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import books, excerpts, grids, rounds, steps
from survey_app.services.coding import own_coding

LONGEST_MEMO = 2_000


def specify(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    coding: Coding,
    facets: Mapping[str, Any],
    memo: str | None = None,
    shown: str | None = None,
) -> bool:
    """Replace the facets of one's own coding and the memo of its excerpt: one gesture to undo.

    ``memo`` left out stays, and so does one sent back just as it was ``shown`` (by default, as it
    is). Facets that the actor may not fill stay too. False if nothing changed.
    """
    excerpt = own_coding(session, actor, testimony, coding)
    book = books.of(session, actor, testimony.campaign)
    kept = {
        name: value for name, value in coding.facets.items() if not grids.may_use_facet(actor, name)
    }
    before: list[steps.Change] = [
        (coding, steps.picture(coding)),
        (excerpt, steps.picture(excerpt)),
    ]
    coding.facets = kept | grids.check_facets(actor, book, facets)
    if memo is not None:
        said, seen = _tidy(memo), _tidy(excerpt.memo if shown is None else shown)
        if said not in (seen, _tidy(excerpt.memo)):
            _check_memo(session, actor, testimony, said, seen, excerpt)
            excerpt.memo = said
    changes = [(row, picture) for row, picture in before if steps.picture(row) != picture]
    if not changes:
        return False
    steps.keep(session, actor, testimony, "specify", changes)
    excerpts.written(session, actor, testimony, "specify", len(changes))
    return True


def next_value(
    session: Session, actor: Actor, testimony: Testimony, coding: Coding, name: str
) -> str:
    """Give a facet of one's own coding its next value, none after the last; returns it.

    This is what one key does. Where several values are allowed, one replaces those there.
    """
    book = books.of(session, actor, testimony.campaign)
    facet = next((one for one in book.facets if one.id == name), None)
    if facet is None:
        raise Invalid("Cette précision n’est pas dans la grille.", "Rien n’a été changé.")
    present = coding.facets.get(name, "")
    single = present if isinstance(present, str) else (present or [""])[-1]
    order = ["", *facet.values]
    place = order.index(single) if single in order else 0
    value = order[(place + 1) % len(order)]
    specify(session, actor, testimony, coding, _open(actor, book, coding) | {name: value})
    return value


def _open(actor: Actor, book: Codebook, coding: Coding) -> dict[str, Any]:
    """The facets of a coding that the actor may fill, as the present grid knows them."""
    known = {facet.id for facet in book.facets if grids.may_use_facet(actor, facet.id)}
    return {name: value for name, value in coding.facets.items() if name in known}


def _tidy(memo: str) -> str:
    """A note as it is kept: browsers send its ends of lines in their own way."""
    return memo.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check_memo(
    session: Session, actor: Actor, testimony: Testimony, said: str, seen: str, excerpt: Excerpt
) -> None:
    """Raise when this new note cannot take the place of the present one, seen as ``seen``."""
    if len(said) > LONGEST_MEMO:
        raise Invalid(
            f"Cette note dépasse {LONGEST_MEMO} caractères.",
            "Rien n’a été changé. Raccourcissez-la.",
        )
    if rounds.blind_round(session, actor, testimony) is not None:
        raise Conflict(
            "Pendant un double codage, les notes restent fermées : l’autre personne les verrait.",
            "Rien n’a été changé. Vous pourrez écrire la note une fois le tour terminé.",
        )
    present = _tidy(excerpt.memo)
    if seen != present:
        now = f"Elle dit maintenant : « {present} »." if present else "Elle est maintenant vide."
        yours = f"La vôtre : « {said} »." if said else "Vous l’aviez vidée."
        raise Conflict(
            f"La note de cet extrait a été changée entre-temps. {now} {yours}",
            "Rien n’a été remplacé. Rechargez la page, puis écrivez la note qui convient.",
        )
