"""The grid (codebook) of a campaign: the shipped one, or the council's own published document."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from analysis.codebook_changes import compose, from_dict, mapping
from analysis.codebook_compare import rank, same_names
from analysis.codebook_file import from_document
from survey_app.domain import Conflict, Invalid, NotFound
from survey_app.models import Campaign, CodebookVersion
from survey_app.permissions import Actor, Role
from survey_app.services import scope

CRITERION = "critere"
PUBLISHED = "published"
LONGEST_CHAIN = 200  # versions that lie between two of them
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
    return book(version_of(session, actor, campaign))


def book(row: CodebookVersion) -> Codebook:
    """What a version, or a draft, of a grid says."""
    return _parsed(json.dumps(row.document, ensure_ascii=False))


def versions(session: Session, actor: Actor, name: str = "") -> list[CodebookVersion]:
    """The council's published versions, or those of one grid: by grid, the newest first."""
    actor.require("codebook.read")
    query = scope.scoped(actor, CodebookVersion).where(CodebookVersion.state == PUBLISHED)
    if name:
        query = query.where(CodebookVersion.name == name)
    found = sorted(session.scalars(query), key=lambda row: rank(row.version), reverse=True)
    return sorted(found, key=lambda row: row.name)


def version(session: Session, actor: Actor, version_id: uuid.UUID | str) -> CodebookVersion:
    """A published version that the actor may read; `NotFound` otherwise."""
    actor.require("codebook.read")
    row = scope.get(session, actor, CodebookVersion, version_id)
    if row.state != PUBLISHED:
        raise NotFound()
    return row


def made_from(session: Session, actor: Actor, row: CodebookVersion) -> CodebookVersion | None:
    """The published version that a version or a draft was made from, if any."""
    wanted = row.migrations[0].get("from", "") if row.migrations else ""
    return next(
        (item for item in versions(session, actor, row.name) if item.version == wanted), None
    )


def become(
    session: Session, actor: Actor, before: CodebookVersion, after: CodebookVersion
) -> dict[str, tuple[str, ...]]:
    """The codes of ``after`` that stand for each code of ``before``; none once retired.

    The changes of every version in between are followed; grids that are not made from one
    another are related by the names of their codes.
    """
    steps: list[CodebookVersion] = []
    row: CodebookVersion | None = after
    while row is not None and row.id != before.id and len(steps) < LONGEST_CHAIN:
        steps.append(row)
        row = made_from(session, actor, row)
    if row is None or row.id != before.id:
        return same_names(book(before), book(after))
    found: dict[str, tuple[str, ...]] = {
        code.code: (code.code,) for code in book(before).all_codes()
    }
    last = book(before)
    for step in reversed(steps):
        found = compose(found, _step(last, step))
        last = book(step)
    return dict(found)


def _step(base: Codebook, row: CodebookVersion) -> dict[str, tuple[str, ...]]:
    """What one version made of the codes of the version before."""
    told = row.migrations[0]
    changes = [from_dict(change) for change in told["changes"]]
    if "source" not in told:
        return mapping(base, changes)
    source = from_document(told["source"])
    return compose(same_names(base, source), mapping(source, changes))


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


@lru_cache(maxsize=32)
def _parsed(document: str) -> Codebook:
    return from_document(json.loads(document))
