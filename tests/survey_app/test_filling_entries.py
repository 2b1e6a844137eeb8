"""Parts that are asked again and again: a list, a page an entry, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from every_type import open_walk
from interviews import answers, begin, hidden, post, step
from pages import CheckedClient, client_for
from survey_app.models import Testimony
from survey_app.runtime import Runtime


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


@pytest.fixture
def stops(me: CheckedClient, place: dict[str, Any]) -> str:
    """The address of the repeated part of an interview that agreed."""
    path = begin(me, place, "QX")
    for _ in range(2):
        post(me, path, accord_noter="partie", age="adulte")
    return step(path, "arrets")


def add(me: CheckedClient, stops: str, rank: int, **fields: Any) -> Any:
    return post(me, f"{stops}/{rank}", **fields)


def text_of(me: CheckedClient, path: str) -> str:
    return me.get(path).get_data(as_text=True)


def test_entries_are_added_changed_and_listed(
    me: CheckedClient, stops: str, runtime: Runtime
) -> None:
    assert "Rien n’est encore noté ici" in text_of(me, stops)
    first = add(me, stops, 1, nom_arret="L’école", va_bien="oui", go="again")
    assert first.location.endswith("/arrets/2")
    opened = add(me, stops, 2, nom_arret="La gare", va_bien="non")
    assert opened.location.endswith("/arrets/2#q-pourquoi-question")
    assert add(me, stops, 2, nom_arret="La gare", va_bien="non", pourquoi="Noire").location == stops
    page = text_of(me, stops)
    assert "Arrêt 2" in page
    assert "La gare · Non · Noire" in page
    add(me, stops, 1, nom_arret="L’école Jean-Moulin", va_bien="oui")
    assert [item["nom_arret"] for item in answers(runtime, stops)["arrets"]] == [
        "L’école Jean-Moulin",
        "La gare",
    ]


def test_an_entry_left_empty_is_not_added_and_a_wrong_one_is_kept(
    me: CheckedClient, stops: str, runtime: Runtime
) -> None:
    assert add(me, stops, 1).location == stops
    assert answers(runtime, stops)["arrets"] == []
    wrong = add(me, stops, 1, va_bien="peut-être")
    assert wrong.status_code == 422
    assert answers(runtime, stops)["arrets"] == [{"va_bien": "peut-être"}]
    assert "à revoir" in text_of(me, stops)
    assert "ne fait pas partie des choix" in text_of(me, f"{stops}/1")
    review = stops.split("/etape/")[0] + "/relire"
    assert me.send(review, {}).status_code == 422


def test_no_more_than_the_limit(me: CheckedClient, stops: str) -> None:
    for rank in (1, 2):
        add(me, stops, rank, nom_arret=f"Lieu {rank}")
    assert add(me, stops, 3, nom_arret="Lieu 3", go="again").location == stops
    page = text_of(me, stops)
    assert "Ajouter :" not in page.replace("\u00a0", " ")
    assert "Le maximum est atteint" in page
    assert me.get(f"{stops}/4").status_code == 404
    assert me.get(f"{stops}/0").status_code == 404


def test_an_entry_is_shown_before_it_is_removed(
    me: CheckedClient, stops: str, runtime: Runtime
) -> None:
    for rank, name in enumerate(("L’école", "La gare"), 1):
        add(me, stops, rank, nom_arret=name)
    page = f"{stops}/1/retirer"
    assert "L’école" in text_of(me, page)
    old = hidden(me, page)
    add(me, stops, 2, nom_arret="La gare, le soir")
    assert me.post(page, data=old).status_code == 409
    assert len(answers(runtime, stops)["arrets"]) == 2
    assert me.post(page, data=hidden(me, page)).location == stops
    assert answers(runtime, stops)["arrets"] == [{"nom_arret": "La gare, le soir"}]
    assert me.get(f"{stops}/2/retirer").status_code == 404


@pytest.mark.parametrize(
    ("go", "target"),
    [("pause", "/collecte/"), ("stop", "/arreter"), ("back", "/mesures"), ("continue", "/fin")],
)
def test_from_the_list_one_goes_on_or_leaves(
    me: CheckedClient, stops: str, go: str, target: str
) -> None:
    assert me.send(stops, {"go": go}).location.endswith(target)
    resumed = me.get(stops.split("/etape/")[0])
    assert resumed.location == stops


@pytest.mark.parametrize("go", ["pause", "stop", "back"])
def test_leaving_an_entry_saves_it_first(
    me: CheckedClient, stops: str, runtime: Runtime, go: str
) -> None:
    assert add(me, stops, 1, nom_arret="En plein milieu", go=go).status_code == 303
    assert answers(runtime, stops)["arrets"] == [{"nom_arret": "En plein milieu"}]


def test_another_tab_saved_an_entry_first(me: CheckedClient, stops: str, runtime: Runtime) -> None:
    old = hidden(me, f"{stops}/1")
    add(me, stops, 1, nom_arret="Premier onglet")
    answer = me.post(f"{stops}/1", data=old | {"nom_arret": "Second onglet"})
    assert answer.status_code == 409
    for words in ("Premier onglet", "Second onglet"):
        assert words in answer.get_data(as_text=True)
    assert answers(runtime, stops)["arrets"] == [{"nom_arret": "Premier onglet"}]


def test_a_group_that_agrees_in_part_is_stored_with_its_entries_and_persons(
    me: CheckedClient, stops: str, runtime: Runtime
) -> None:
    post(me, step(stops, "mesures"), presents="7")
    add(me, stops, 1, nom_arret="L’école", va_bien="oui")
    add(me, stops, 2, nom_arret="La gare", va_bien="non", pourquoi="", pourquoi__nr="refus")
    review = stops.split("/etape/")[0] + "/relire"
    page = text_of(me, review)
    assert page.index("Arrêt 1") < page.index("Arrêt 2")
    assert me.send(review, {}).status_code == 303
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        assert stored.persons == 7
        assert [part["question"] for part in stored.texts[0].parts] == [
            "arrets.1.nom_arret",
            "arrets.2.nom_arret",
        ]
        assert stored.texts[0].text == "L’école\n\nLa gare"
        assert len(stored.answers["arrets"]) == 2
        assert {row.scope: row.decision for row in stored.consents}["noter"] == "granted"


def test_what_an_entry_held_is_said_when_it_will_not_be_kept(
    me: CheckedClient, stops: str, runtime: Runtime
) -> None:
    add(me, stops, 1, nom_arret="La gare", va_bien="non")
    add(me, stops, 1, nom_arret="La gare", va_bien="non", pourquoi="Trop noire")
    add(me, stops, 1, nom_arret="La gare", va_bien="oui", pourquoi="Trop noire")
    page = text_of(me, stops.split("/etape/")[0] + "/relire").replace("\u00a0", " ")
    left = page[page.index("Ce qui ne sera pas gardé") :]
    assert "Arrêt 1 : Pourquoi" in left
    assert "Trop noire" in left
