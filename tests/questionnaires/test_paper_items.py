"""What a blank form asks on paper: numbers, conditions, room to answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from questionnaires import library
from questionnaires.adapt import with_lists
from questionnaires.library import PLACEHOLDERS
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.paper import items as paper_items
from questionnaires.paper.conditions import Conditions
from questionnaires.paper.words import ARABIC, CHROMES, FRENCH


def form(*questions: Question, **fields: Any) -> Questionnaire:
    section = Section("partie", {"fr": "Partie"}, questions, **fields)
    empty = {"fr": "Pour essayer"}
    return Questionnaire("essai", "1.0.0", empty, empty, "fiche", empty, empty, (section,))


def items(questionnaire: Questionnaire, language: str = "fr", **words: str) -> list[dict[str, Any]]:
    data = paper_items.sheet(questionnaire, words, {}, language)
    return [
        item
        for section in data["sections"]
        for entry in section["entries"]
        for item in entry["items"]
    ]


def item(question: Question, **fields: Any) -> dict[str, Any]:
    return items(form(question, **fields))[0]


YES_NO = (Choice("oui", {"fr": "Oui"}), Choice("non", {"fr": "Non"}))


def test_conditions_name_the_numbers_that_are_printed() -> None:
    asked = library.load("Q01-entretien-individuel")
    found = {entry.get("number"): entry for entry in items(asked)}
    assert found[2]["condition"] == "Seulement si la réponse à la question 1 est « Oui »."
    assert found[4]["condition"] == "Seulement si la personne a donné son accord."
    assert "la question 5 est « Oui »" in found[6]["condition"]
    asking = next(e for e in found.values() if e["label"].startswith("Quelle phrase acceptez"))
    assert "la question 4 est" in asking["condition"]
    told = "".join(entry["condition"] for entry in items(asked))
    assert "\ue000" not in told
    assert "question 0" not in told


def test_the_agreement_is_said_once_not_above_each_part() -> None:
    data = paper_items.sheet(library.load("Q01-entretien-individuel"), {}, {}, "fr")
    first, *later = data["sections"]
    assert first["going_on"] == FRENCH.going_on
    assert [part["condition"] for part in later] == [""] * len(later)
    assert [part["going_on"] for part in later] == [""] * len(later)


def test_the_same_condition_again_is_said_shortly() -> None:
    data = paper_items.sheet(library.load("Q14-emploi-developpement-economique"), {}, {}, "fr")
    said = [part["condition"] for part in data["sections"]]
    assert FRENCH.same in said
    assert said[said.index(FRENCH.same) - 1].startswith("Seulement si")


def test_conditions_in_arabic_are_said_in_arabic_where_rules_can() -> None:
    found = {
        entry.get("number"): entry for entry in items(library.load("Q03-micro-trottoir"), "ar")
    }
    assert "السؤال 1" in found[2]["condition"]
    assert "«نعم»" in found[2]["condition"]
    assert ARABIC.agreed in found[4]["condition"]
    asked = form(
        Question("un", "integer", {"fr": "Un"}),
        Question("deux", "text", {"fr": "Deux"}, relevant="${un} + 1 > 2"),
    )
    assert items(asked, "ar")[1]["condition"].startswith("Seulement si la réponse à la question 1")


def test_a_condition_in_rules_of_every_kind_is_said() -> None:
    asked = form(
        Question("un", "select_one", {"fr": "Un"}, choices=YES_NO),
        Question("deux", "select_multiple", {"fr": "Deux"}, choices=YES_NO),
        Question("trois", "integer", {"fr": "Trois"}),
    )
    said = Conditions(asked, {"un": 1, "deux": 2, "trois": 3}, "ar", ARABIC)
    for text in (
        "${un} != 'oui'",
        "selected(${deux}, 'oui')",
        "not(selected(${deux}, 'oui'))",
        "${un} = ''",
        "${un} != ''",
        "${trois} >= 2 and ${trois} <= 4",
        "${trois} >= 2 or ${un} = 'oui'",
    ):
        assert re.search(r"السؤال [123]", said.said(text)), text
    assert said.said("") == ""
    assert "Seulement" not in said.said("${trois} >= 2")


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [
        ("text", {"kind": "lines", "count": 5}),
        ("integer", {"kind": "cells", "cells": [5]}),
        ("date", {"kind": "cells", "cells": [2, 2, 4]}),
        ("time", {"kind": "cells", "cells": [2, 2]}),
        ("dateTime", {"kind": "cells", "cells": [2, 2, 4, 0, 2, 2]}),
        ("place", {"kind": "lines", "count": 1}),
        ("image", {"kind": "lines", "count": 1}),
    ],
)
def test_each_type_has_its_room(kind: str, drawn: dict[str, Any]) -> None:
    made = item(Question("q", kind, {"fr": "Question"}))
    assert made["widget"] == drawn
    assert made["help"] or kind == "text"
    assert (made["warning"] != "") == (kind == "text")


def test_choices_are_boxes_and_ranks_say_how_many() -> None:
    alone = (*YES_NO, Choice("rien", {"fr": "Rien"}, exclusive=True))
    several = item(Question("q", "select_multiple", {"fr": "Q"}, choices=alone, max_choices=2))
    assert several["widget"]["choices"] == ["Oui", "Non", "Rien (seule réponse)"]
    assert "2 réponses au plus" in several["help"]
    ranked = item(Question("q", "rank", {"fr": "Q"}, choices=alone))
    assert ranked["widget"]["kind"] == "ranks"
    assert "jusqu’à 3" in ranked["help"]
    assert item(Question("q", "scale", {"fr": "Q"}, choices=YES_NO))["widget"]["kind"] == "scale"


def test_not_answering_is_offered_where_the_tool_offers_it() -> None:
    assert item(Question("q", "text", {"fr": "Q"}))["no_answer"] == [
        "Je ne sais pas",
        "Je ne veux pas répondre",
    ]
    paper_of_the_council = replace(form(Question("q", "text", {"fr": "Q"})), usage="record")
    assert items(paper_of_the_council)[0]["no_answer"] == []
    required = item(Question("q", "text", {"fr": "Q"}, required=True))
    assert required["no_answer"] == []
    assert "Réponse nécessaire" in required["help"]


@pytest.mark.parametrize(("most", "copies"), [(None, 3), (1, 1), (4, 4), (500, 6)])
def test_a_repeated_part_is_printed_again_and_again(most: int | None, copies: int) -> None:
    asked = form(Question("q", "text", {"fr": "Q"}), repeat={"fr": "Arrêt"}, max_repeats=most)
    part = paper_items.sheet(asked, {}, {}, "fr")["sections"][0]
    assert [entry["title"] for entry in part["entries"]] == [
        f"Arrêt {rank}" for rank in range(1, copies + 1)
    ]
    assert str(copies) in part["copies"]
    assert {entry["items"][0]["number"] for entry in part["entries"]} == {1}


def test_the_sheet_of_the_meeting_comes_last() -> None:
    data = paper_items.sheet(library.load("Q04-porteur-de-paroles"), {}, {}, "fr")
    met = [part["meeting"] for part in data["sections"]]
    assert met == ["", "", "", FRENCH.meeting, ""]
    asked = [
        entry["number"]
        for entry in items(library.load("Q04-porteur-de-paroles"))
        if "number" in entry
    ]
    assert asked == list(range(1, len(asked) + 1))


def test_what_the_campaign_does_not_say_is_left_to_the_hand() -> None:
    asked = library.load("Q06-evaluation-contrat-de-ville")
    bare = items(asked)
    known = next(e for e in bare if e.get("widget", {}).get("choices", [""])[0] == paper_items.DOTS)
    brought = with_lists(asked, {"actions": {"jardin": "Le jardin partagé"}})
    filled = next(e for e in items(brought) if e.get("number") == known["number"])
    assert filled["widget"]["choices"][0] == "Le jardin partagé"
    assert paper_items.DOTS not in filled["widget"]["choices"]
    assert paper_items.DOTS in bare[0]["label"]
    told = items(asked, **{name: f"dit-{name}" for name in PLACEHOLDERS})
    assert "dit-responsable" in told[0]["label"]
    assert paper_items.DOTS not in told[0]["label"]


def test_the_sectors_are_boxes() -> None:
    asked = form(Question("lieu", "place", {"fr": "Où ?"}))
    data = paper_items.sheet(asked, {}, {"halles": "Les Halles", "gare": "La gare"}, "fr")
    widget = data["sections"][0]["entries"][0]["items"][0]["widget"]
    assert widget == {"kind": "boxes", "choices": ["Les Halles", "La gare"]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Votre code est sur la carte que je vous donne. Gardez-le bien."),
        ("ar", "رمزكم مكتوب على البطاقة التي أعطيكم إياها. احتفظوا به جيدًا."),
    ],
)
def test_on_paper_the_code_is_said_to_be_on_the_card(language: str, said: str) -> None:
    labels = [entry["label"] for entry in items(library.load("Q03-micro-trottoir"), language)]
    assert sum(said in label for label in labels) == 1
    inside = Question("q", "note", {"fr": "Merci. Avec {code_retrait}, relisez vos paroles."})
    assert item(inside)["label"] == f"Merci. Avec {FRENCH.card}, relisez vos paroles."


def test_the_list_is_spoken_of_only_where_it_is_printed() -> None:
    place = Question("q", "place", {"fr": "Où ?"}, hint={"fr": "Choisissez dans la liste. Un mot."})
    assert item(place)["hint"] == "Un mot."
    data = paper_items.sheet(form(place), {}, {"halles": "Les Halles"}, "fr")
    assert data["sections"][0]["entries"][0]["items"][0]["hint"].startswith(FRENCH.choose)


def test_a_value_keeps_its_order_in_arabic() -> None:
    labels = {"fr": "Ici, {quartier} ?", "ar": "هنا {quartier} ؟"}
    asked = form(Question("q", "text", labels))
    assert items(asked, "ar", quartier="Les Cités (34)")[0]["label"] == (
        "هنا \N{FIRST STRONG ISOLATE}Les Cités (34)\N{POP DIRECTIONAL ISOLATE} ؟"
    )
    assert items(asked, quartier="Les Cités (34)")[0]["label"] == "Ici, Les Cités (34) ?"


def test_only_a_testimony_has_a_card_and_asks_who_listens() -> None:
    testimony, record, survey = (
        paper_items.sheet(library.load(name), {}, {}, "fr")
        for name in (
            "Q03-micro-trottoir",
            "Q10-evaluer-nos-actions",
            "Q09-fonctionnement-collectif",
        )
    )
    assert testimony["stub"]
    assert len(testimony["heading"]) == 3
    assert not record["stub"]
    assert not survey["stub"]
    assert survey["heading"] == []
    notes = [e for e in items(library.load("Q09-fonctionnement-collectif")) if e["kind"] == "note"]
    assert [note["hint"] for note in notes] == [""]


def test_every_language_says_everything() -> None:
    for chrome in CHROMES.values():
        assert set(chrome.heading) == {"testimony", "record", "survey"}
        assert "{page}" in chrome.page
        assert "{pages}" in chrome.page
        assert "{count}" in chrome.copies
        assert "{count}" in chrome.rank
