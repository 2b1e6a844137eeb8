"""The grid (codebook) of a campaign: the shipped one, or the council's own published document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from analysis.codebook_file import parse
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, CodebookVersion
from survey_app.permissions import Actor, Role
from survey_app.services import scope

CRITERION = "critere"
_MAY_JUDGE = frozenset({Role.EVALUATOR, Role.COORDINATOR})


def version_of(session: Session, actor: Actor, campaign: Campaign) -> CodebookVersion:
    """The published version that the campaign codes with; `Conflict` when it has none."""
    if campaign.codebook_version_id is None:
        raise Conflict(
            "Cette campagne n’a pas encore de grille de codage.",
            "Rien n’a été changé. La coordination peut lui en donner une.",
        )
    return scope.get(session, actor, CodebookVersion, campaign.codebook_version_id)


def of(session: Session, actor: Actor, campaign: Campaign) -> Codebook:
    """The campaign's grid, as it was published: a new version of the product changes nothing."""
    document = version_of(session, actor, campaign).document
    return _parsed(json.dumps(document, ensure_ascii=False))


def may_use_facet(actor: Actor, facet: str) -> bool:
    """The evaluation criterion is for evaluators and the coordination; the others are for all."""
    return facet != CRITERION or bool(actor.roles & _MAY_JUDGE)


def check_codes(book: Codebook, codes: list[str]) -> None:
    """Raise `Invalid` unless there is at least one code and the grid holds every one."""
    if not codes:
        raise Invalid("Aucun code n’est choisi.", "Rien n’a été codé. Choisissez un code.")
    for code in codes:
        if code not in book:
            raise Invalid(
                f"Le code « {code} » n’est pas dans la grille de cette campagne.",
                "Rien n’a été codé. Choisissez un code de la liste.",
            )


def check_facets(actor: Actor, book: Codebook, facets: Mapping[str, Any]) -> dict[str, Any]:
    """The facets as they are stored: one value, or a list where several are allowed.

    Empty values are dropped. Raises `Invalid` for what the grid does not hold, or is not
    open to the actor.
    """
    known = {facet.id: facet for facet in book.facets}
    stored: dict[str, Any] = {}
    for name, given in facets.items():
        values = [value for value in ([given] if isinstance(given, str) else given) if value]
        if not values:
            continue
        facet = known.get(name)
        if facet is None or not set(values) <= set(facet.values):
            raise Invalid(
                "Une précision choisie n’est pas dans la grille.",
                "Rien n’a été codé. Choisissez-la dans la liste.",
            )
        if not may_use_facet(actor, name):
            raise Invalid(
                "Le critère d’évaluation est renseigné par l’évaluation ou la coordination.",
                "Rien n’a été codé. Laissez cette précision vide.",
            )
        if len(values) > 1 and not facet.multiple:
            raise Invalid(
                f"« {facet.label} » n’accepte qu’une réponse.",
                "Rien n’a été codé. Gardez-en une seule.",
            )
        stored[name] = sorted(set(values), key=facet.values.index) if facet.multiple else values[0]
    return stored


@lru_cache(maxsize=8)
def _parsed(document: str) -> Codebook:
    return parse(document.encode("utf-8"))
