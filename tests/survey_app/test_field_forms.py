"""What the tablet knows of a questionnaire: its conditions, its words, its sentences."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from every_type import model
from questionnaires import library
from questionnaires.adapt import testimony_part as part
from questionnaires.expressions import from_json, parse
from questionnaires.model import TESTIMONY
from survey_app.services import aboard_forms, filling
from survey_app.services.aboard_sentences import DEFAULT_RULE, sentences

NAMES = [name for name in library.names() if library.load(name).usage == TESTIMONY]
SLOT = re.compile(r"\{([^}]*)\}")


def described(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"language": "fr", "words": {}, "places": {}} | changes
    return aboard_forms.described(model(), given["language"], given["words"], given["places"])


def test_every_sentence_says_what_happened_and_leaves_only_known_slots() -> None:
    told = sentences()
    slots = {code: set(SLOT.findall(text)) for code, text in told.items() if "{" in text}
    assert slots == {
        "required": {"label"},
        "constraint": {"message"},
        "unknown-question": {"name"},
        "too-long": {"count", "limit"},
        "too-many-choices": {"count", "limit"},
        "exclusive-choice": {"choice"},
        "too-many-entries": {"label", "count", "limit"},
        "minor": {"what"},
    }
    assert told["not-a-number"].startswith("Cette réponse n’est pas un nombre entier.")
    assert told["minor"].startswith("Avant 18 ans, il faut l’accord écrit des parents pour {what}.")
    assert told["refus"] == "Je ne veux pas répondre"
    assert len(set(told.values())) == len(told)
    assert not [text for text in told.values() if "!" in text or "10000" in text]
    assert DEFAULT_RULE == "Cette réponse ne respecte pas la règle de la question."


@pytest.mark.parametrize("name", NAMES)
def test_a_form_says_all_that_its_questionnaire_asks(name: str) -> None:
    whole = part(library.load(name))
    form = aboard_forms.described(whole, "fr", {}, {"halles": "Les Halles"})
    assert json.loads(json.dumps(form)) == form
    assert form["places"] == {"halles": "Les Halles"}
    for section, told in zip(whole.sections, form["sections"], strict=True):
        assert (told["max_entries"] is not None) == section.is_repeat
        assert told["max_entries"] in {None, filling.limit(section)}
        for question, said in zip(section.questions, told["questions"], strict=True):
            assert (said["name"], said["type"]) == (question.name, question.type)
            assert [one["name"] for one in said["choices"]] == [c.name for c in question.choices]
            for condition in ("relevant", "constraint"):
                text = getattr(question, condition)
                tree = said[condition]
                assert (tree is None) == (not text)
                assert tree is None or from_json(tree) == parse(text)


def test_titles_are_in_the_language_and_problems_in_french() -> None:
    form = described(language="ar", words={"quartier": "Centre Ville"})
    assert (form["language"], form["direction"]) == ("ar", "rtl")
    stops = next(one for one in form["sections"] if one["name"] == "arrets")
    assert (stops["title"], stops["french_title"]) == ("المحطات", "Les arrêts")
    assert (stops["repeat"], stops["french_repeat"], stops["max_entries"]) == ("محطة", "Arrêt", 3)
    first = form["sections"][0]["questions"][0]
    assert first["label"] == "Bonjour de Centre Ville."
    asked = form["sections"][0]["questions"][1]
    assert (asked["consent"], asked["required"], asked["offers_non_response"]) == (
        "noter",
        True,
        False,
    )


def test_the_code_of_the_card_waits_for_the_tablet() -> None:
    whole = library.load("Q03-micro-trottoir")
    form = aboard_forms.described(whole, "fr", {"quartier": "X"}, {})
    labels = [one["label"] for section in form["sections"] for one in section["questions"]]
    assert any("{code_retrait}" in label for label in labels)
    assert not any("{quartier}" in label for label in labels)
