"""Whatever is typed on the collecting pages comes back as it was said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from interviews import agree, answers, begin, hidden, open_place, post, step
from pages import CheckedClient, client_for
from survey_app.models import Testimony
from survey_app.runtime import Runtime


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


HOSTILE = {
    "100,000 characters": "é" * 100_000,
    "emoji": "👩‍👩‍👧 c’est 🏙️ " * 50,
    "right to left": "\u202eمرحبا بكم\u202c في الحي",
    "markup": '<script>alert(1)</script> & "quotes" {{ 7*7 }}',
    "lines": "une\n\n\ntrois",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_any_words_come_back_as_they_were_said(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime, words: str
) -> None:
    path = begin(me, place)
    agree(me, path)
    answer = post(me, step(path, "quartier"), recit_quartier=words.replace("\n", "\r\n"))
    assert answer.status_code == 303
    assert answers(runtime, path)["recit_quartier"] == words
    page = me.get(path.split("/etape/")[0] + "/relire").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "49 " not in page
    me.send(path.split("/etape/")[0] + "/relire", {})
    with runtime.database.reading() as session:
        assert session.scalars(select(Testimony)).one().texts[0].text == words


def test_one_character_too_many_is_kept_and_explained(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    answer = post(me, step(path, "quartier"), aime="é" * 100_001)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "100001 signes" in html.replace("\u202f", "")
    assert "é" * 100_001 in html
    assert len(answers(runtime, path)["aime"]) == 100_001


def test_an_invisible_character_is_offered_mended(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    answer = post(me, step(path, "quartier"), aime="avant\0après")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "invisibles" in html
    assert "avantaprès" in html
    assert post(me, step(path, "quartier"), aime="avantaprès").status_code == 303
    assert answers(runtime, path)["aime"] == "avantaprès"


def test_another_tab_saved_first_and_nothing_typed_is_lost(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    target = step(path, "quartier")
    old = hidden(me, target)
    post(me, target, aime="Premier onglet")
    answer = me.post(target, data=old | {"aime": "Second onglet"})
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "Second onglet" in html
    assert "Premier onglet" in html
    assert answers(runtime, path)["aime"] == "Premier onglet"
    fresh = re.search(r'name="seen"[^>]*value="([^"]+)"', html)
    assert fresh
    chosen = me.post(target, data=old | {"seen": fresh[1], "aime": "Second onglet"})
    assert chosen.status_code == 303
    assert answers(runtime, path)["aime"] == "Second onglet"


def test_what_will_be_left_out_is_shown_before_the_end(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    path = begin(me, place)
    agree(me, path)
    post(me, step(path, "profil"), anciennete="1_5", secteur="halles")
    post(me, step(path, "profil"), anciennete="n_habite_pas", secteur="halles")
    page = me.get(path.split("/etape/")[0] + "/relire").get_data(as_text=True)
    assert "Ce qui ne sera pas gardé" in page
    assert "Les Halles" in page


def test_open_fields_carry_the_warning_and_the_probes(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    path = begin(me, place)
    agree(me, path)
    html = me.get(step(path, "quartier")).get_data(as_text=True)
    assert html.count('dir="auto"') == 3
    assert html.count("aucun détail de santé") == 3
    assert "Pour relancer" in html
    assert html.count("Je ne veux pas répondre") == 4
