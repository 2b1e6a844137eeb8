"""What ships with the product, published once for a council: questionnaires and codebook."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

import analysis.codebook
from questionnaires import library, versions
from survey_app.domain import Conflict
from survey_app.models import CodebookVersion, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import journal, scope

DEFAULT_QUESTIONNAIRES = ("Q01-entretien-individuel", "Q03-micro-trottoir")


def questionnaires(
    session: Session, actor: Actor, names: Iterable[str] = DEFAULT_QUESTIONNAIRES
) -> list[QuestionnaireVersion]:
    """The shipped questionnaires of these names, as immutable versions of the council."""
    return [_questionnaire(session, actor, name) for name in names]


def _questionnaire(session: Session, actor: Actor, name: str) -> QuestionnaireVersion:
    model = library.load(name)
    fingerprint = versions.fingerprint(model)
    query = scope.scoped(actor, QuestionnaireVersion).where(
        QuestionnaireVersion.fingerprint == fingerprint
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        row = QuestionnaireVersion(
            council_id=actor.council_id,
            created_by=actor.account_id,
            name=model.name,
            version=model.version,
            language=model.default_language,
            fingerprint=fingerprint,
            document=versions.to_dict(model),
        )
        session.add(row)
        session.flush()
        journal.record(
            session,
            actor,
            "published",
            "questionnaires",
            row.id,
            name=row.name,
            version=row.version,
        )
    return row


def codebook(session: Session, actor: Actor) -> CodebookVersion:
    """The shipped codebook, as a version of the council: a later file changes nothing to it."""
    book = analysis.codebook.load()
    query = scope.scoped(actor, CodebookVersion).where(
        CodebookVersion.name == book.id, CodebookVersion.version == book.version
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        row = CodebookVersion(
            council_id=actor.council_id,
            created_by=actor.account_id,
            name=book.id,
            version=book.version,
            title=book.title,
            fingerprint=book.fingerprint,
            document=analysis.codebook.shipped(),
        )
        session.add(row)
        session.flush()
        journal.record(
            session, actor, "published", "codebooks", row.id, name=row.name, version=row.version
        )
    elif row.fingerprint != book.fingerprint:
        raise Conflict(
            f"La grille livrée a changé sans changer de version ({book.version}).",
            "Rien n’a été changé. Prévenez la personne qui a installé l’outil.",
        )
    return row
