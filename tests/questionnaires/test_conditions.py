"""Conditions as rules and as sentences; the agreement kept apart from the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import agreement, expressions, library
from questionnaires.conditions import (
    TESTS,
    Rule,
    fitting_tests,
    from_expression,
    readable,
    sentence,
    to_expression,
)
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.problems import QuestionnaireError
from tests.questionnaires.questionnaire_strategies import trees

Q01 = library.load("Q01-entretien-individuel")
SUITE = Q01.section("quartier").relevant
YES_NO = (Choice("oui", {"fr": "Oui", "ar": "نعم"}), Choice("non", {"fr": "Non"}))
ASKED = (
    Question(
        "ici", "select_one", {"fr": "Vivez-vous ici ?", "ar": "هل تعيشون هنا؟"}, choices=YES_NO
    ),
    Question("lieux", "select_multiple", {"fr": "Où allez-vous ?"}, choices=YES_NO),
    Question("ordre", "rank", {"fr": "Dans quel ordre ?"}, choices=YES_NO),
    Question("note", "scale", {"fr": "Quelle note ?"}, choices=(Choice("1", {"fr": "basse"}),)),
    Question("enfants", "integer", {"fr": "Combien d’enfants ?"}),
    Question("arrivee", "date", {"fr": "Quand ?"}),
    Question("mot", "text", {"fr": "Un mot ?"}),
    Question("photo", "image", {"fr": "Une photo"}),
    Question("merci", "note", {"fr": "Merci"}),
)
FORM = Questionnaire(
    "essai", "1", {"fr": "Essai"}, {}, "individuel", {}, {}, (Section("a", {"fr": "A"}, ASKED),)
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    question = draw(st.sampled_from([item for item in ASKED if not item.is_note]))
    test = draw(st.sampled_from(fitting_tests(question)))
    if test in {"answered", "not_answered"}:
        return Rule(question.name, test)
    if question.choices:
        return Rule(question.name, test, draw(st.sampled_from(question.choices)).name)
    if question.type == "integer":
        return Rule(question.name, test, str(draw(st.integers(-50, 50))))
    if question.type == "date":
        return Rule(question.name, test, draw(st.dates()).isoformat())
    return Rule(question.name, test, draw(st.text("aé 'x", min_size=1, max_size=8)))


def answers_to(question: Question) -> st.SearchStrategy[object]:
    names = st.sampled_from([choice.name for choice in question.choices] or [""])
    given_answers: dict[str, st.SearchStrategy[object]] = {
        "select_multiple": st.lists(names, unique=True),
        "rank": st.lists(names, unique=True),
        "integer": st.integers(-50, 50),
        "date": st.dates().map(lambda day: day.isoformat()),
        "text": st.text("aé 'x", max_size=8),
    }
    return given_answers.get(question.type, names) | st.just("")


all_answers = st.fixed_dictionaries({item.name: answers_to(item) for item in ASKED})


def directly(rule: Rule, answers: dict[str, object]) -> bool:
    """What a rule means, told without expressions."""
    answer = answers[rule.question]
    kind = FORM.question(rule.question).type
    empty = answer in ("", [])
    if kind == "integer" and not empty and rule.value:
        mine, theirs = int(str(answer)), int(rule.value)
        return {"is": mine == theirs, "is_not": mine != theirs, "at_least": mine >= theirs}.get(
            rule.test, mine <= theirs
        )
    return {
        "is": answer == rule.value,
        "is_not": answer != rule.value,
        "contains": isinstance(answer, list) and rule.value in answer,
        "contains_not": not (isinstance(answer, list) and rule.value in answer),
        "answered": not empty,
        "not_answered": empty,
        "at_least": not empty and str(answer) >= rule.value,
        "at_most": not empty and str(answer) <= rule.value,
    }[rule.test]


@given(st.lists(rules(), max_size=4), st.sampled_from(["and", "or"]))
def test_rules_come_back_from_their_expression(asked: list[Rule], join: str) -> None:
    text = to_expression(FORM, asked, join)
    said = from_expression(text)
    assert said is not None
    assert said[0] == tuple(asked)
    assert said[1] == join or len(asked) < 2


@given(st.lists(rules(), min_size=1, max_size=4), st.sampled_from(["and", "or"]), all_answers)
def test_an_expression_means_what_its_rules_say(
    asked: list[Rule], join: str, answers: dict[str, object]
) -> None:
    node = expressions.parse(to_expression(FORM, asked, join))
    meant = [directly(rule, answers) for rule in asked]
    assert expressions.holds(node, answers) is (all(meant) if join == "and" else any(meant))


@given(trees)
def test_any_condition_reads_as_a_sentence(node: expressions.Node) -> None:
    said = sentence(expressions.to_text(node), FORM)
    assert said.startswith("Cette question est ")
    assert said.endswith(".")
    words = "".join(str(getattr(part, "value", "")) for part, _ in expressions.walk(node))
    if not {"(", ")"} & set(words):
        assert said.count("(") == said.count(")")
    for name in expressions.references(node):
        assert f"« {name} »" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Cette question est toujours posée."),
        ("${ici} = 'oui'", "si la réponse à « Vivez-vous ici ? » est « Oui »."),
        ("'oui' = ${ici}", "si la réponse à « Vivez-vous ici ? » est « Oui »."),
        (
            "${ici} = 'oui' and ${enfants} >= 3",
            "si la réponse à « Vivez-vous ici ? » est « Oui », et si la réponse à "
            "« Combien d’enfants ? » est d’au moins 3.",
        ),
        (
            "${ici} = 'oui' or ${ici} = 'non'",
            "si la réponse à « Vivez-vous ici ? » est « Oui » ou « Non ».",
        ),
        (
            "${ici} != 'oui' and ${ici} != 'non'",
            "si la réponse à « Vivez-vous ici ? » n’est ni « Oui » ni « Non ».",
        ),
        (
            "selected(${lieux}, 'oui') or ${mot} = ''",
            "si « Oui » fait partie des réponses à « Où allez-vous ? », ou si la réponse à "
            "« Un mot ? » n’est pas donnée.",
        ),
        ("not(${enfants} < 2)", "s’il n’est pas vrai que la réponse à « Combien d’enfants ? » est"),
        (
            "${mot} != '' and (${ici} = 'non' or ${enfants} > 1)",
            "est donnée, et si l’une au moins de ces conditions est vraie : la réponse à "
            "« Vivez-vous ici ? » est « Non », ou la réponse à « Combien d’enfants ? » est de plus",
        ),
        (
            "(${mot} != '' or ${enfants} > 1) and ${ici} = 'non'",
            "si (la réponse à « Un mot ? » est donnée ou la réponse à « Combien d’enfants ? » est",
        ),
        (
            "${mot} != '' or ${ici} = 'non' and ${enfants} > 1",
            "ou si à la fois la réponse à « Vivez-vous ici ? » est « Non » et la réponse à",
        ),
        ("${arrivee} <= '2026-03-01'", "« Quand ? » ne vient pas après « 01/03/2026 »."),
        ("count-selected(${lieux}) >= 2", "si le nombre de réponses cochées à « Où allez-vous ? »"),
    ],
)
def test_sentences(text: str, words: str) -> None:
    assert words in sentence(text, FORM)


def test_sentences_say_labels_in_the_language_asked_and_other_subjects() -> None:
    assert "« هل تعيشون هنا؟ » est « نعم »" in sentence("${ici} = 'oui'", FORM, "ar")
    said = sentence(". >= 1", FORM, subject="La réponse", participle="acceptée")
    assert said == "La réponse est acceptée si cette réponse est d’au moins 1."
    assert "pas lisible" in sentence("${ici} =", FORM)


def test_the_agreement_is_said_shortly_and_never_edited() -> None:
    assert sentence(SUITE, Q01) == "Cette question est posée si la personne a donné son accord."
    own = "${genre} = 'femme'"
    both = agreement.with_own(Q01, SUITE, own)
    assert agreement.split(Q01, both) == (expressions.to_text(expressions.parse(SUITE)), own)
    assert "accord, et si la réponse à « Vous êtes… » est « une femme »." in sentence(both, Q01)
    assert agreement.split(Q01, agreement.with_own(Q01, both, ""))[1] == ""
    mixed = "${age} = 'adulte' or ${genre} = 'femme'"
    assert agreement.split(Q01, agreement.with_own(Q01, SUITE, mixed))[1] == mixed
    assert agreement.with_own(Q01, own, "${age} = 'adulte'") == "${age} = 'adulte'"
    with pytest.raises(QuestionnaireError, match="pas lisible"):
        agreement.with_own(Q01, SUITE, "${genre} =")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("(${age} != 'moins_15' or ${accord_parent} = 'oui') and ${accord_noter} = 'oui'", True),
        ("not(${accord_noter} != 'oui' or (${age}='moins_15' and ${accord_parent}!='oui'))", True),
        ("${accord_noter} = 'oui'", False),
        ("${accord_noter} != 'non' and (${age} != 'moins_15' or ${accord_parent}='oui')", False),
        ("${accord_noter} = 'oui' and ${age} != 'moins_15'", False),
        ("${age} != 'moins_15' or ${accord_parent} = 'oui'", False),
        ("${accord_noter} = 'oui' and (${age} != 'moins_15' or ${accord_parent} != '')", False),
        ("true()", False),
    ],
)
def test_the_agreement_is_known_by_its_values(text: str, same: bool) -> None:
    assert (agreement.split(Q01, text)[0] != "") is same


@pytest.mark.parametrize("name", library.names())
def test_what_a_new_section_waits_for(name: str) -> None:
    questionnaire = library.load(name)
    text = agreement.going_on(questionnaire)
    assert (text != "") is (questionnaire.usage == "testimony")
    bare = replace(
        questionnaire,
        sections=tuple(replace(section, relevant="") for section in questionnaire.sections[:1]),
    )
    made = agreement.going_on(bare)
    assert agreement.split(bare, made) == (made, "")


@pytest.mark.parametrize(
    "rule",
    [
        Rule("absente", "answered"),
        Rule("merci", "answered"),
        Rule("ici", "is", "peut_etre"),
        Rule("ici", "is"),
        Rule("ici", "contains", "oui"),
        Rule("enfants", "at_least", "deux"),
        Rule("mot", "is"),
        Rule("mot", "is", "l'un \"et\" l'autre"),
        Rule("photo", "is", "x"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rule: Rule) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        to_expression(FORM, [rule])
    assert "Rien n’a été changé" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "${a} = 'x' and (${b} = 'y' or ${c} = 'z')",
        "${a} = ${b}",
        "not(${a} = 'x')",
        "${a} > 3",
        "${a} = 1.5",
        "selected(${a}, '')",
        "${a} =",
    ],
)
def test_what_rules_cannot_say_is_not_shown_as_rules(text: str) -> None:
    assert from_expression(text) is None


def test_what_a_condition_may_read() -> None:
    assert [item.name for item in readable(Q01, "accord", "age")] == ["accord_noter"]
    assert "genre" in [item.name for item in readable(Q01, "quartier")]
    walk = library.load("Q05-marche-exploratoire")
    assert "ressenti" in [item.name for item in readable(walk, "arrets", "urgence")]
    assert "ressenti" not in [item.name for item in readable(walk, "arrivee")]
    panel = library.load("Q04-porteur-de-paroles")
    assert [item.name for item in readable(panel, "seance", "lieu")] == ["debut"]
    assert {test for item in ASKED for test in fitting_tests(item)} == set(TESTS)
