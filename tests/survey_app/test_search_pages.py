"""Searching masked texts of one's own council, from masking to erasure."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from sqlalchemy import select, text

import factories
import results_cases as cases
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import Campaign, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import erasure, masking, search


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def numbers(house: cases.House, query: str, role: str = "evaluator", **asked: object) -> list[int]:
    with house.runtime.database.reading() as session:
        found = search.look_for(session, house.actors[role], query, **asked)  # type: ignore[arg-type]  # as the page gives them
    assert found.total >= len(found.hits)
    return [hit.number for hit in found.hits]


def read(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_masked_words_are_found_and_raw_ones_never(house: cases.House) -> None:
    assert numbers(house, "ASCENSEUR") == [1, 3, 4]
    assert numbers(house, "ascenseur panne") == [1]
    assert numbers(house, "Karima") == []
    assert numbers(house, "printemps", file="a-coder") == [2]
    assert numbers(house, "printemps", file="pret") == []
    with house.runtime.database.reading() as session:
        raw = session.scalars(select(TextVersion.words).where(TextVersion.kind == "raw")).all()
    assert set(raw) == {""}


def test_only_who_reads_masked_texts_and_only_their_council(house: cases.House) -> None:
    stranger = cases.stranger(house)
    with house.runtime.database.reading() as session:
        assert search.look_for(session, stranger, "ascenseur").total == 0
        for role in ("reader", "admin", "dpo"):
            with pytest.raises(Forbidden):
                search.look_for(session, house.actors[role], "ascenseur")
        with pytest.raises(Invalid, match="au moins un mot"):
            search.look_for(session, stranger, "%")
        with pytest.raises(NotFound):
            search.look_for(session, stranger, "ascenseur", page=2)


def test_a_text_masked_again_is_found_by_its_new_words_only(house: cases.House) -> None:
    runtime, coordinator = house.runtime, house.actors["coordinator"]
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[1].id)
        masking.reopen(session, runtime, coordinator, row)
    assert numbers(house, "banc") == []
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[1].id)
        masking.add_words(session, coordinator, row, "banc", "AUTRE")
        masking.confirm(session, coordinator, row)
    assert numbers(house, "banc") == []
    assert numbers(house, "printemps") == [2]


def test_an_erased_testimony_leaves_no_word_to_find(house: cases.House) -> None:
    runtime = house.runtime
    with runtime.database.writing() as session:
        erasure.erase(
            session, house.actors["coordinator"], runtime, house.testimonies[0].id, "asked"
        )
    assert numbers(house, "panne") == [5]
    with runtime.database.reading() as session:
        held = session.execute(text("select count(*) from text_versions where words like '%six%'"))
        assert held.scalar() == 0


def test_the_page_marks_the_words_and_escapes_the_rest(app: Flask, house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        meeting = factories.meeting(session, session.get_one(Campaign, house.campaign.id))
        factories.testimony(session, meeting, masked="Le <script>alert(1)</script> du café & thé.")
    person = client_for(app, "evaluator")
    page = read(person, "/recherche/?q=CAFE")
    assert "<mark>café</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "1\u00a0témoignage" in page
    assert "jamais les textes bruts" in html.unescape(read(person, "/recherche/"))


@pytest.mark.parametrize(
    "query", ["", "%25", "%00", "'%20OR%201=1--", '"', "*", "a*", "(((", "%C2%AB", "x" * 300]
)
def test_a_hostile_or_empty_query_gets_a_sentence(
    app: Flask, house: cases.House, query: str
) -> None:
    page = client_for(app, "evaluator").get(f"/recherche/?q={query}")
    assert page.status_code in (200, 422)
    assert "Rechercher dans les témoignages" in html.unescape(page.get_data(as_text=True))


def test_filters_pages_and_what_does_not_exist(app: Flask, house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        meeting = factories.meeting(session, session.get_one(Campaign, house.campaign.id))
        for _ in range(search.PAGE + 1):
            factories.testimony(session, meeting, masked="La fontaine coule.")
    person = client_for(app, "evaluator")
    first = read(person, "/recherche/?q=fontaine&campagne=essai&file=a-coder")
    assert "Page 1 sur 2" in first
    assert "file=a-coder" in first
    assert "Page 2 sur 2" in read(person, "/recherche/?q=fontaine&page=2")
    read(person, "/recherche/?q=fontaine&page=3", 404)
    read(person, "/recherche/?q=fontaine&campagne=ailleurs", 404)
    assert "Aucun texte" in read(person, "/recherche/?q=introuvable")
    read(client_for(app, "reader"), "/recherche/?q=fontaine", 404)


def test_texts_masked_before_the_search_existed_are_found(house: cases.House) -> None:
    house.runtime.database.downgrade("20261123_02")
    house.runtime.database.upgrade()
    assert numbers(house, "ascenseur") == [1, 3, 4]
    assert numbers(house, "Karima") == []
