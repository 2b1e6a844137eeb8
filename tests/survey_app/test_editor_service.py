"""Drafts of questionnaires: started, changed by one person at a time, undone, protected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from editor_cases import Q01, Q03, change, retitled
from questionnaires import editing, library, safeguards
from questionnaires.conditions import Rule
from questionnaires.model import Question
from survey_app.domain import Conflict, Invalid
from survey_app.models import QuestionnaireDraft, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import (
    questionnaire_edits,
    questionnaire_gestures,
    questionnaire_publishing,
    questionnaire_starts,
    questionnaires,
)
from survey_app.services.questionnaire_gestures import ChoiceSheet, QuestionSheet


@pytest.fixture
def desk(session: Session, actors: dict[str, Actor]) -> Actor:
    return actors["coordinator"]


@pytest.fixture
def draft(session: Session, desk: Actor) -> QuestionnaireDraft:
    return questionnaires.begin_from_shelf(session, desk, Q01)


def test_a_draft_starts_as_the_library_says(session, desk, draft):
    assert questionnaires.model(draft) == library.load(Q01)
    assert questionnaires.base(draft) == library.load(Q01)
    assert questionnaire_publishing.changes(draft) == []
    assert session.scalars(select(QuestionnaireVersion)).all() == []


def test_a_blank_testimony_protects_people_from_its_first_question(session, desk):
    row = questionnaires.begin_blank(session, desk, "Le marché du samedi", "testimony")
    assert row.name == "le-marche-du-samedi"
    whole, _ = editing.add_question(
        questionnaires.model(row), "questions", "text", "Que trouvez-vous au marché ?"
    )
    assert safeguards.check(whole) == []
    assert questionnaire_publishing.problems(whole) == []
    assert "accord_noter" in whole.section("questions").relevant
    again = questionnaires.begin_blank(session, desk, "Le marché du samedi", "testimony")
    assert again.name == "le-marche-du-samedi-2"


@pytest.mark.parametrize("usage", ["record", "survey"])
def test_a_blank_paper_asks_no_agreement(session, desk, usage):
    row = questionnaires.begin_blank(session, desk, "Notre fiche", usage)
    model = questionnaires.model(row)
    assert questionnaire_publishing.problems(model) == []
    assert not any(question.consent for question in model.questions)


def test_two_people_never_write_over_each_other(session, desk, draft):
    seen = draft.revision
    questionnaire_edits.apply(session, desk, draft, seen, retitled("Premier"))
    with pytest.raises(Conflict, match="encore à l’écran"):
        questionnaire_edits.apply(session, desk, draft, seen, retitled("Second"))
    assert questionnaires.model(draft).title == {"fr": "Premier"}


def test_a_change_that_changes_nothing_leaves_no_trace(session, desk, draft):
    before = draft.revision
    change(session, desk, draft, retitled(library.load(Q01).title["fr"]))
    assert draft.revision == before
    assert questionnaire_edits.undoable(draft) == []


def test_the_last_twenty_changes_are_undone_one_by_one(session, desk, draft):
    for rank in range(25):
        change(session, desk, draft, retitled(f"Titre {rank}"))
    assert [item.message for item in questionnaire_edits.last_change(draft)] == [
        "Le questionnaire : le titre a changé."
    ]
    for rank in range(23, 3, -1):
        questionnaire_edits.undo(session, desk, draft, draft.revision)
        assert questionnaires.model(draft).title == {"fr": f"Titre {rank}"}
    with pytest.raises(Conflict, match="plus de changement"):
        questionnaire_edits.undo(session, desk, draft, draft.revision)


def test_undoing_needs_the_present_revision_too(session, desk, draft):
    change(session, desk, draft, retitled("Un"))
    with pytest.raises(Conflict):
        questionnaire_edits.undo(session, desk, draft, draft.revision - 1)


@pytest.mark.parametrize(
    "edit",
    [
        lambda q: editing.change_question(q, "accord_citer", required=False),
        lambda q: editing.set_condition(q, "accord_citer", ""),
        lambda q: editing.add_choice(q, "accord_noter", "Peut-être")[0],
        lambda q: editing.remove_question(q, "suites"),
        lambda q: editing.add_question(q, "accord", "text", "Votre nom ?")[0],
        lambda q: editing.move_question(q, "suites", 1),
        lambda q: editing.change_question(q, "code", type="text"),
    ],
)
def test_the_agreement_keeps_its_structure(session, desk, draft, edit):
    with pytest.raises(Invalid, match=r"protège les personnes|Rien n’a été changé"):
        change(session, desk, draft, edit)
    assert questionnaires.model(draft) == library.load(Q01)


def test_nothing_comes_before_the_agreement(session, desk, draft):
    first = questionnaires.model(draft).section("profil").questions[0].name
    with pytest.raises(Invalid):
        change(session, desk, draft, lambda q: editing.move_question(q, first, -1))
    with pytest.raises(Invalid):
        change(session, desk, draft, lambda q: editing.move_section(q, "profil", -1))


def test_the_words_of_the_agreement_may_change(session, desk, draft):
    new = "Êtes-vous d’accord pour que j’écrive ce que vous dites, sans votre nom ?"
    change(session, desk, draft, lambda q: editing.change_question(q, "accord_noter", label=new))
    model = questionnaires.model(draft)
    assert model.question("accord_noter").label == {"fr": new}
    assert questionnaire_publishing.problems(model) == []


def test_the_agreement_of_the_library_can_be_put_back(session, desk, draft):
    whole = questionnaires.model(draft)
    bad = replace(
        whole,
        sections=tuple(
            replace(section, questions=section.questions[:2])
            if section.kind == "consent"
            else replace(section, relevant="${accord_noter} = 'oui'")
            for section in whole.sections
        ),
    )
    row = questionnaires.begin(session, desk, bad)
    assert questionnaire_publishing.problems(bad)
    change(session, desk, row, questionnaire_starts.with_agreement)
    model = questionnaires.model(row)
    assert questionnaire_publishing.problems(model) == []
    assert model.section("quartier").relevant == whole.section("quartier").relevant


def test_a_reworded_question_makes_its_translation_to_be_proofread(session, desk):
    row = questionnaires.begin_from_shelf(session, desk, Q03)
    whole = replace(questionnaires.model(row), unproofread=())
    row = questionnaires.begin(session, desk, whole)
    name = whole.sections[-1].questions[0].name
    change(session, desk, row, lambda q: editing.change_question(q, name, label="Autre chose ?"))
    assert questionnaires.model(row).unproofread == ("ar",)


def test_the_page_of_a_question_is_one_change(session, desk, draft):
    sheet = QuestionSheet(
        label="Quels sujets comptent ?",
        kind="select_multiple",
        max_choices=2,
        choices=[ChoiceSheet("logement", "Se loger"), ChoiceSheet("proprete", "La propreté", True)],
        added=["Les animaux", " "],
        gesture="up",
        target="proprete",
    )
    change(session, desk, draft, lambda q: questionnaire_gestures.changed(q, "sujets", sheet))
    asked = questionnaires.model(draft).question("sujets")
    assert (asked.type, asked.max_choices) == ("select_multiple", 2)
    assert [choice.name for choice in asked.choices][:2] == ["proprete", "logement"]
    assert asked.choice("logement").label == {"fr": "Se loger"}
    assert asked.choice("logement").theme == "LOG"
    assert asked.choice("proprete").exclusive
    assert asked.choices[-1].label == {"fr": "Les animaux"}
    assert len(questionnaire_edits.undoable(draft)) == 1


def test_a_type_without_choices_forgets_what_it_cannot_have(session, desk, draft):
    sheet = QuestionSheet(label="Quels sujets ?", kind="text", max_choices=3, actions=True)
    change(session, desk, draft, lambda q: questionnaire_gestures.changed(q, "sujets", sheet))
    asked = questionnaires.model(draft).question("sujets")
    assert (asked.choices, asked.max_choices, asked.choices_from) == ((), None, None)


def test_a_condition_keeps_the_agreement(session, desk, draft):
    rules = [Rule("evolution", "is", "degrade"), Rule("vivre_ici", "at_most", "2")]
    change(
        session,
        desk,
        draft,
        lambda q: questionnaire_gestures.conditioned(q, "partie", "idees", rules, "or"),
    )
    model = questionnaires.model(draft)
    assert model.section("idees").relevant.startswith("${accord_noter} = 'oui'")
    own = questionnaire_gestures.own_condition(model, "partie", "idees")
    assert own == "${evolution} = 'degrade' or ${vivre_ici} <= '2'"
    assert questionnaire_publishing.problems(model) == []
    change(
        session,
        desk,
        draft,
        lambda q: questionnaire_gestures.conditioned(q, "partie", "idees", [], "and"),
    )
    assert questionnaires.model(draft) == library.load(Q01)


def test_a_question_cannot_go_while_another_waits_for_it(session, desk, draft):
    change(
        session,
        desk,
        draft,
        lambda q: questionnaire_gestures.conditioned(
            q, "question", "evolution_raison", [Rule("evolution", "is", "degrade")], "and"
        ),
    )
    with pytest.raises(Invalid, match="dépend de la réponse"):
        change(
            session,
            desk,
            draft,
            lambda q: questionnaire_gestures.gesture(q, "question", "evolution", "remove"),
        )


def test_a_draft_has_so_many_questions_at_most(session, desk, draft):
    whole = library.load(Q01)
    many = tuple(Question(f"en_plus_{rank}", "text", {"fr": "Encore ?"}) for rank in range(400))
    section = replace(whole.section("idees"), questions=many)
    large = replace(
        whole, sections=tuple(section if s.name == "idees" else s for s in whole.sections)
    )
    with pytest.raises(Invalid, match="400 questions au plus"):
        questionnaires.begin(session, desk, large)
    with pytest.raises(Invalid, match="400 questions au plus"):
        change(session, desk, draft, lambda _: large)
