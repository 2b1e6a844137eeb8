"""Changes of a questionnaire: each gives a sound one, keeps names, or is refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questionnaires import editing, library
from questionnaires.edit_tools import MAX_NAME, MEANINGFUL, name_from
from questionnaires.languages import missing, translate
from questionnaires.model import Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.safeguards import check
from questionnaires.types import TYPES, WITH_CHOICES
from questionnaires.validation import RESERVED, verify
from questionnaires.versions import difference, from_dict, to_dict
from tests.questionnaires.questionnaire_strategies import questionnaires, signs

Q01 = library.load("Q01-entretien-individuel")
Q03 = library.load("Q03-micro-trottoir")
WALK = library.load("Q05-marche-exploratoire")

words = st.text(signs, min_size=1, max_size=60)
spoken = words.filter(lambda text: bool(text.strip()))
forms = st.sampled_from([Q01, Q03, WALK]) | questionnaires()


def names(questionnaire: Questionnaire) -> list[str]:
    return [question.name for question in questionnaire.questions]


def refused(change: Callable[[], object]) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        change()
    assert "Rien n’a été changé." in str(caught.value)
    return str(caught.value)


def outcome(change: Callable[[], object]) -> object:
    """What the change gives, or its refusal."""
    try:
        return change()
    except QuestionnaireError as error:
        return error


@st.composite
def operations(draw: st.DrawFn, form: Questionnaire) -> Callable[[], object]:
    """Any change, sensible or not, of a questionnaire."""
    question = draw(st.sampled_from(form.questions))
    section = draw(st.sampled_from(form.sections)).name
    choice = draw(st.sampled_from([c.name for c in question.choices] or ["absent"]))
    label, step = draw(words), draw(st.integers(-3, 3))
    kind = draw(st.sampled_from([*TYPES, "autre"]))
    name = question.name
    return draw(
        st.sampled_from(
            [
                lambda: editing.add_section(form, label, after=section)[0],
                lambda: editing.add_section(form, label, repeat=label)[0],
                lambda: editing.rename_section(form, section, label),
                lambda: editing.move_section(form, section, step),
                lambda: editing.remove_section(form, section),
                lambda: editing.add_question(form, section, kind, label, after=name)[0],
                lambda: editing.change_question(form, name, label=label, hint=label),
                lambda: editing.change_question(form, name, type=kind),
                lambda: editing.change_question(form, name, max_choices=step),
                lambda: editing.change_question(form, name, probes=[label, ""], required=True),
                lambda: editing.move_question(form, name, step),
                lambda: editing.remove_question(form, name),
                lambda: editing.add_choice(form, name, label)[0],
                lambda: editing.change_choice(form, name, choice, label=label, exclusive=True),
                lambda: editing.move_choice(form, name, choice, step),
                lambda: editing.remove_choice(form, name, choice),
                lambda: editing.set_condition(form, name, label),
                lambda: editing.set_condition(form, name, f"${{{form.questions[0].name}}} != ''"),
                lambda: editing.set_section_condition(form, section, label),
                lambda: editing.change_questionnaire(form, title=label, purpose=label),
            ]
        )
    )


@settings(deadline=None, max_examples=250)
@given(st.data())
def test_no_operation_breaks_a_questionnaire(data: st.DataObject) -> None:
    form = data.draw(forms)
    for _ in range(3):
        before = to_dict(form)
        new = outcome(data.draw(operations(form)))
        if isinstance(new, QuestionnaireError):
            assert new.problem.code == "edit-refused"
            assert "Rien n’a été changé." in new.problem.remedy
            continue
        assert isinstance(new, Questionnaire)
        assert to_dict(form) == before
        assert verify(new) == []
        assert len(set(names(new))) == len(names(new))
        assert from_dict(to_dict(new)) is not None
        form = new


@settings(deadline=None)
@given(st.data(), spoken)
def test_names_stay_when_words_change(data: st.DataObject, label: str) -> None:
    form = data.draw(forms)
    question = data.draw(st.sampled_from(form.questions))
    new = editing.change_question(form, question.name, label=label, hint=label)
    assert names(new) == names(form)
    assert {change.where for change in difference(form, new)} <= {question.name}
    changed = new.question(question.name)
    for language in set(form.languages) - {form.default_language}:
        assert changed.label.get(language) == question.label.get(language)
        assert changed.hint.get(language) == question.hint.get(language)
    for choice in question.choices:
        new = editing.change_choice(new, question.name, choice.name, label=label)
    assert [c.name for c in new.question(question.name).choices] == [
        choice.name for choice in question.choices
    ]


@settings(deadline=None)
@given(st.data(), st.integers(1, 4))
def test_up_then_down_changes_nothing(data: st.DataObject, step: int) -> None:
    form = data.draw(forms)
    question = data.draw(st.sampled_from(form.questions)).name
    section = data.draw(st.sampled_from(form.sections)).name
    moves: list[Callable[[Questionnaire, int], Questionnaire]] = [
        lambda q, by: editing.move_question(q, question, by),
        lambda q, by: editing.move_section(q, section, by),
    ]
    move = data.draw(st.sampled_from(moves))
    way = data.draw(st.sampled_from([1, -1]))
    try:
        moved = move(form, way * step)
    except QuestionnaireError:
        assume(False)
        return
    assert move(moved, -way * step) == form


@given(st.lists(words, max_size=12), st.sampled_from(["question", "choix"]))
def test_names_made_from_words(labels: list[str], fallback: str) -> None:
    taken: list[str] = []
    for label in labels:
        taken.append(name_from(label, taken, fallback))
    assert len(set(taken)) == len(taken)
    for name in taken:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert "__" not in name
        assert len(name) <= MAX_NAME


def test_names_read_like_the_words() -> None:
    assert name_from("Où vivez-vous, à Orzy ?", (), "question") == "ou_vivez_vous_a_orzy"
    assert name_from("2 cœurs", (), "question") == "question_2_coeurs"
    assert name_from("أين؟", ("question",), "question") == "question_2"
    for word in ("Âge", "Code", "Présents", "Suites"):
        _, name = editing.add_question(Q01, "quartier", "text", word)
        assert name not in MEANINGFUL


def test_a_variant_of_the_interview() -> None:
    form = editing.change_questionnaire(Q01, title="Entretien à Orzy")
    form, part = editing.add_section(form, "La cantine", after="sujets")
    form, asked = editing.add_question(
        form, part, "select_one", "Vos enfants y mangent-ils ?", choices=["Oui", "Non", "Parfois"]
    )
    form, why = editing.add_question(form, part, "text", "Pourquoi ?")
    form = editing.set_condition(form, why, f"${{{asked}}} = 'non'")
    form = editing.change_question(form, why, probes=["Depuis quand ?"], hint="Laissez parler.")
    form = editing.remove_question(form, "egalite")
    assert [section.name for section in form.sections][4:6] == ["la_cantine", "changements"]
    assert [choice.name for choice in form.question(asked).choices] == ["oui", "non", "parfois"]
    assert form.section(part).relevant == form.section("quartier").relevant
    assert verify(form) == []
    assert check(form) == []


def test_every_type_can_be_added_and_become_another() -> None:
    for kind in TYPES:
        form, name = editing.add_question(Q01, "quartier", kind, f"Essai {kind}", after="aime")
        where = names(form)
        assert where.index(name) == where.index("aime") + 1
        for other in TYPES:
            changed = editing.change_question(form, name, type=other)
            assert bool(changed.question(name).choices) is (other in WITH_CHOICES)
            if kind in WITH_CHOICES and other in WITH_CHOICES:
                assert [c.name for c in changed.question(name).choices] == [
                    c.name for c in form.question(name).choices
                ]
    scale, name = editing.add_question(Q01, "quartier", "scale", "Quelle note ?")
    assert [c.name for c in scale.question(name).choices] == ["1", "2", "3", "4", "5"]
    assert editing.add_choice(scale, name, "plus encore")[1] == "6"


def test_what_a_condition_reads_stays_before_it() -> None:
    said = refused(lambda: editing.remove_question(Q01, "anciennete"))
    assert "« Dans quelle partie du quartier habitez-vous ? » dépend de la réponse à" in said
    assert "Changez d’abord cette condition" in said
    said = refused(lambda: editing.move_question(Q01, "anciennete", 1))
    assert "Gardez cet ordre" in said
    assert "dépend de la réponse" in refused(lambda: editing.move_question(Q01, "secteur", -1))
    assert "La partie « " in refused(lambda: editing.remove_section(Q01, "accord"))
    assert "dépend" in refused(lambda: editing.move_section(Q01, "accord", 1))
    said = refused(lambda: editing.remove_choice(Q01, "anciennete", "n_habite_pas"))
    assert "attend la réponse « Je n’y habite pas »" in said
    assert "attend la réponse" in refused(
        lambda: editing.change_question(Q01, "anciennete", type="text")
    )
    assert "dépend" in refused(lambda: editing.set_condition(Q01, "aime", "${une_chose} = ''"))
    form = editing.set_condition(Q01, "secteur", "")
    assert "anciennete" not in names(editing.remove_question(form, "anciennete"))


def test_answers_of_an_entry_stay_in_the_entry() -> None:
    last = WALK.section("arrets").questions[-1].name
    form = editing.set_condition(WALK, last, "${ressenti} = '1'")
    inside = len(form.section("arrets").questions)
    assert "dépend" in refused(lambda: editing.move_question(form, last, inside))
    said = refused(lambda: editing.set_condition(WALK, "points_importants", "${ressenti} = '1'"))
    assert "dépend" in said


def test_refusals_say_what_to_do() -> None:
    assert "déjà la première" in refused(lambda: editing.move_question(Q01, "information", -1))
    assert "déjà la dernière" in refused(lambda: editing.move_question(Q01, "phrase_relue", 1))
    assert "plus loin" in refused(lambda: editing.move_section(Q01, "relecture", 1))
    assert "plus loin" in refused(lambda: editing.move_choice(Q01, "genre", "femme", -1))
    assert "n’existe plus" in refused(lambda: editing.remove_question(Q01, "absente"))
    assert "n’existe plus" in refused(lambda: editing.remove_section(Q01, "absente"))
    assert "n’existe plus" in refused(lambda: editing.remove_choice(Q01, "genre", "absent"))
    assert "sans choix" in refused(lambda: editing.add_choice(Q01, "aime", "Oui"))
    assert "pas lisible au signe" in refused(lambda: editing.set_condition(Q01, "aime", "${age} ="))
    assert "Il manque un texte" in refused(lambda: editing.change_question(Q01, "aime", label=" "))
    form = Q01
    for choice in ("femme", "homme"):
        form = editing.remove_choice(form, "genre", choice)
    assert "dernier choix" in refused(lambda: editing.remove_choice(form, "genre", "autre"))


def test_choices_keep_their_number_in_bounds() -> None:
    form = Q01
    for choice in [c.name for c in Q01.question("sujets").choices][2:]:
        form = editing.remove_choice(form, "sujets", choice)
    assert form.question("sujets").max_choices == 2
    form, name = editing.add_choice(form, "sujets", "Le logement")
    assert (name, form.question("sujets").choices[-1].theme) == ("le_logement", None)
    form = editing.move_choice(form, "sujets", name, -2)
    order = [choice.name for choice in form.question("sujets").choices]
    assert order == ["le_logement", "logement", "proprete"]


def test_translations_follow_their_text() -> None:
    form = editing.change_question(Q03, "va_bien", probes=["Un lieu ?", "Des gens ?"])
    paths = ("question:va_bien/probes/1", "question:va_bien/probes/2")
    form = translate(form, "ar", dict(zip(paths, ("مكان؟", "ناس؟"), strict=True)))
    assert missing(form, "ar") == []
    swapped = editing.change_question(form, "va_bien", probes=["Des gens ?", "Un lieu ?", "Quoi ?"])
    probes = swapped.question("va_bien").probes
    assert [probe.get("ar") for probe in probes] == ["ناس؟", "مكان؟", None]
    rephrased = editing.change_question(form, "va_bien", probes=["Quel lieu ?", "Des gens ?"])
    assert [p.get("ar") for p in rephrased.question("va_bien").probes] == ["مكان؟", "ناس؟"]
    fewer = editing.change_question(form, "va_bien", probes=["Des gens ?", ""])
    assert fewer.question("va_bien").probes == ({"fr": "Des gens ?", "ar": "ناس؟"},)


@pytest.mark.parametrize("label", ["Go", "Seen", "shown", "csrf token"])
def test_no_question_takes_the_name_of_a_page_s_own_field(label: str) -> None:
    whole, name = editing.add_question(
        library.load("Q01-entretien-individuel"), "idees", "text", label
    )
    assert name not in RESERVED
    assert not verify(whole)
