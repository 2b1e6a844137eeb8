"""Versions: strict reading, canonical form, fingerprint, difference."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.problems import QuestionnaireError
from questionnaires.versions import canonical, difference, fingerprint, from_dict, to_dict
from tests.questionnaires.questionnaire_strategies import json_values, questionnaires

Q01 = library.load("Q01-entretien-individuel")


def shuffled(value: object) -> object:
    """The same data with every key in the opposite order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


def with_question(questionnaire: Questionnaire, name: str, **fields: object) -> Questionnaire:
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(item, **fields) if item.name == name else item for item in section.questions
            ),
        )
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


@given(questionnaires())
def test_json_round_trip_and_key_order(questionnaire: Questionnaire) -> None:
    stored = json.loads(canonical(questionnaire))
    back = from_dict(stored)
    assert canonical(back) == canonical(questionnaire)
    assert from_dict(to_dict(back)) == back
    assert fingerprint(from_dict(shuffled(stored))) == fingerprint(questionnaire)
    assert difference(questionnaire, back) == []


@given(questionnaires(), questionnaires())
def test_difference_is_empty_exactly_when_fingerprints_are_equal(
    old: Questionnaire, new: Questionnaire
) -> None:
    assert (difference(old, new) == []) == (fingerprint(old) == fingerprint(new))


@given(st.data())
def test_any_change_of_a_question_is_seen(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([question.name for question in Q01.questions]))
    fields = {
        "label": {"fr": "Autre"},
        "hint": {"fr": "Autre", "en": "Other"},
        "required": not Q01.question(name).required,
        "probes": ({"fr": "Et alors ?"},),
        "relevant": "true()",
        "constraint": "true()",
        "constraint_message": {"fr": "Autre"},
        "max_choices": 2,
        "consent": None if Q01.question(name).consent else "voix",
        "profile": not Q01.question(name).profile,
        "appearance": "large",
        "visibility": "" if Q01.question(name).visibility else "team",
        "type": "date",
        "choices": (*Q01.question(name).choices, Choice("neuf", {"fr": "Neuf"})),
    }
    field = data.draw(st.sampled_from(sorted(fields)))
    new = with_question(Q01, name, **{field: fields[field]})
    assert fingerprint(new) != fingerprint(Q01)
    changes = difference(Q01, new)
    assert [change.where.split("/")[0] for change in changes] == [name]
    assert all(change.message.endswith(".") for change in changes)


def test_writing_of_accents_changes_nothing() -> None:
    title = Q01.title["fr"] + " é"
    composed = replace(Q01, title={"fr": title})
    decomposed = replace(Q01, title={"fr": unicodedata.normalize("NFD", title)})
    assert fingerprint(composed) == fingerprint(decomposed)
    assert difference(composed, decomposed) == []


def test_order_of_sections_questions_and_choices_counts() -> None:
    *first, last = Q01.sections
    moved = difference(Q01, replace(Q01, sections=(last, *first)))
    assert {(item.kind, item.where) for item in moved} == {
        ("moved", "photo_lieu"),
        ("moved", "relecture"),
        ("moved", "phrase_relue"),
    }
    choices = Q01.question("genre").choices
    swapped = with_question(Q01, "genre", choices=(choices[1], choices[0], choices[2]))
    (change,) = difference(Q01, swapped)
    assert (change.kind, change.where) == ("moved", "genre/femme")
    assert change.message == "Le choix « une femme » a changé de place."


def test_question_moved_to_the_next_section() -> None:
    def cut(*sections: tuple[str, ...]) -> Questionnaire:
        built = tuple(
            Section(f"s{rank}", {"fr": "S"}, tuple(Question(n, "text", {"fr": n}) for n in names))
            for rank, names in enumerate(sections)
        )
        return Questionnaire("essai", "1", {"fr": "E"}, {}, "individuel", {}, {}, built)

    old, new = cut(("a", "b"), ("c",)), cut(("a",), ("b", "c"))
    (change,) = difference(old, new)
    assert (change.kind, change.where) == ("moved", "b")
    (gone,) = difference(old, cut(("a",), ("c",)))
    assert gone.message == "La question « b » est retirée."
    (added,) = difference(cut(("a",), ("c",)), old)
    assert (added.kind, added.message) == ("added", "La question « b » est ajoutée.")


def minimal() -> dict[str, object]:
    question = {"name": "a", "type": "text", "label": {"fr": "A"}}
    section = {"name": "s", "label": {"fr": "S"}, "questions": [question]}
    return {
        "name": "essai",
        "version": "1",
        "title": {"fr": "E"},
        "purpose": {},
        "method": "individuel",
        "audience": {},
        "duration": {},
        "sections": [section],
    }


def test_minimal_form_is_read_with_its_defaults() -> None:
    questionnaire = from_dict(minimal())
    assert questionnaire.default_language == "fr"
    assert to_dict(questionnaire) == minimal()
    with pytest.raises(KeyError):
        questionnaire.question("b")
    with pytest.raises(KeyError):
        questionnaire.section("b")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"more": 1}, "fichier/essai"),
        ({"version": 1}, "fichier/essai/version"),
        ({"title": "Essai"}, "fichier/essai/title"),
        ({"title": {"fr": 1}}, "fichier/essai/title"),
        ({"title": {1: "E"}}, "fichier/essai/title"),
        ({"sections": {}}, "fichier/essai/sections"),
        ({"sections": ["x"]}, "fichier/essai/sections[1]"),
        ({"sections": [{"name": "s"}]}, "fichier/essai/sections[1]/s"),
        ({"title": {}}, "essai"),
    ],
)
def test_other_shapes_are_refused_where_they_are(change: dict[str, object], where: str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        from_dict({**minimal(), **change}, "fichier")
    assert caught.value.problem.where == where
    assert str(caught.value).startswith(where)


@given(json_values, st.sampled_from(sorted(minimal())))
def test_hostile_data_is_refused_plainly(value: object, key: str) -> None:
    for data in (value, {**minimal(), key: value}):
        try:
            questionnaire = from_dict(data)
        except QuestionnaireError:
            continue
        assert json.loads(canonical(questionnaire))
