"""From draft to version: what is wrong, what could be better, and what nobody changes any more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from questionnaires import languages, library, reading, safeguards, versions
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem
from questionnaires.versions import Change
from survey_app.domain import Conflict, Invalid
from survey_app.models import QuestionnaireDraft, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import publishing, questionnaire_edits, questionnaires, scope

MANY = 40
"""Questions from which a conversation becomes long."""

_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}\Z")


def problems(questionnaire: Questionnaire) -> list[Problem]:
    """What keeps a questionnaire from being published."""
    return [*safeguards.check(questionnaire), *languages.verify_languages(questionnaire)]


def advice(questionnaire: Questionnaire) -> list[Problem]:
    """What makes a questionnaire hard to follow; it can be published all the same."""
    found = [
        Problem(
            "long-sentence",
            where,
            f"Une phrase de {words} mots : « {sentence} »",
            f"Coupez-la : {reading.LONGEST} mots au plus se comprennent d’une écoute.",
        )
        for where, sentence, words in reading.report(questionnaire).too_long
    ]
    count = sum(not question.is_note for question in questionnaire.questions)
    if count > MANY:
        message = f"Ce questionnaire compte {count} questions."
        remedy = f"Au-delà de {MANY}, beaucoup de personnes s’arrêtent. Retirez-en."
        found.append(Problem("many-questions", questionnaire.name, message, remedy))
    return found


def changes(row: QuestionnaireDraft) -> list[Change]:
    """What the draft changes to the questionnaire that it began from."""
    base = questionnaires.base(row)
    return versions.difference(base, questionnaires.model(row)) if base else []


def proposed(session: Session, actor: Actor, row: QuestionnaireDraft) -> str:
    """The number to offer: a small step when only words changed, a larger one otherwise."""
    actor.require("questionnaire.manage")
    model, base = questionnaires.model(row), questionnaires.base(row)
    last = max([_rank(model.version), *map(_rank, _numbers(session, actor, model.name))])
    major, minor, patch = last
    if base is None and not major:
        return "1.0.0"
    if base is not None and _bones(base) == _bones(model):
        return f"{major}.{minor}.{patch + 1}"
    return f"{major}.{minor + 1}.0"


def publish(
    session: Session, actor: Actor, row: QuestionnaireDraft, revision: int, number: str
) -> QuestionnaireVersion:
    """Make a version that nothing changes any more, and close the draft.

    Raises `Invalid` for a problem or a number that does not follow, `Conflict` when the draft
    changed meanwhile or says what a version already says.
    """
    mine = questionnaire_edits.opened(session, actor, row, revision)
    model = questionnaires.model(mine)
    _refuse_problems(problems(model))
    _refuse_same(session, actor, model)
    number = number.strip()
    _refuse_number(number, _numbers(session, actor, model.name))
    version = publishing.record(session, actor, replace(model, version=number))
    session.delete(mine)
    session.flush()
    return version


def _numbers(session: Session, actor: Actor, name: str) -> list[str]:
    """The numbers already given under that name, by the council or by the library."""
    shipped = [library.load(name).version] if name in library.names() else []
    return [*shipped, *(row.version for row in _published(session, actor, name))]


def _published(session: Session, actor: Actor, name: str) -> Sequence[QuestionnaireVersion]:
    query = scope.scoped(actor, QuestionnaireVersion).where(QuestionnaireVersion.name == name)
    return session.scalars(query).all()


def _rank(number: str) -> tuple[int, ...]:
    """A number as it is compared; what is not one comes before all."""
    read = tuple(map(int, number.split("."))) if _NUMBER.match(number) else ()
    return (*read, 0, 0, 0)[:3]


def _bones(questionnaire: Questionnaire) -> object:
    same = replace(questionnaire, name="", version="", unproofread=())
    return questionnaire_edits.bones(versions.to_dict(same))


def _refuse_problems(found: Sequence[Problem]) -> None:
    if found:
        count = f"{len(found)} points sont" if len(found) > 1 else "Un point est"
        raise Invalid(
            f"{count} encore à régler avant de publier.",
            "Rien n’a été publié. La liste est sur cette page.",
        )


def _refuse_same(session: Session, actor: Actor, model: Questionnaire) -> None:
    known = [(row.version, row.fingerprint) for row in _published(session, actor, model.name)]
    if model.name in library.names():
        shelf = library.load(model.name)
        known.append((shelf.version, versions.fingerprint(shelf)))
    for number, fingerprint in known:
        if versions.fingerprint(replace(model, version=number)) == fingerprint:
            raise Conflict(
                f"Ce brouillon dit exactement la même chose que la version {number}.",
                "Rien n’a été publié. Servez-vous de cette version, ou changez le brouillon.",
            )


def _refuse_number(number: str, given: Sequence[str]) -> None:
    if not _NUMBER.match(number):
        raise Invalid(
            f"« {number} » n’est pas un numéro de version.",
            "Rien n’a été publié. Écrivez des nombres séparés par des points, comme 1.2.0.",
        )
    highest = max(given, key=_rank, default="")
    if highest and _rank(number) <= _rank(highest):
        raise Invalid(
            f"La version {number} ne suit pas la version {highest}, déjà donnée.",
            f"Rien n’a été publié. Choisissez un numéro plus grand que {highest}.",
        )
