"""Versions of a council: what ships with the product is published once, drafts when ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session

import analysis.codebook
from questionnaires import library, reading, versions
from questionnaires.model import Questionnaire
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
    query = scope.scoped(actor, QuestionnaireVersion).where(
        QuestionnaireVersion.fingerprint == versions.fingerprint(model)
    )
    return session.scalars(query).one_or_none() or record(session, actor, model)


def record(session: Session, actor: Actor, model: Questionnaire) -> QuestionnaireVersion:
    """A new version of the council, journalled: its document never changes afterwards."""
    row = QuestionnaireVersion(
        council_id=actor.council_id,
        created_by=actor.account_id,
        name=model.name,
        version=model.version,
        language=model.default_language,
        language_level=_level(model),
        fingerprint=versions.fingerprint(model),
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


def _level(model: Questionnaire) -> str:
    """The reading index of its words out of 100 or so; empty in another language than French."""
    ease = reading.report(model).ease if model.default_language == "fr" else None
    return "" if ease is None else f"{ease:.0f}"


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


class SealedError(RuntimeError):
    """Somebody tried to change a published questionnaire."""


def _sealed(mapper: Mapper[Any], connection: object, target: QuestionnaireVersion) -> None:
    for name in _NEVER_CHANGED:
        if inspect(target).attrs[name].history.has_changes():
            raise SealedError(f"{name} of a published questionnaire never changes")


_NEVER_CHANGED = ("name", "version", "language", "fingerprint", "document")
event.listen(QuestionnaireVersion, "before_update", _sealed)
