"""The bench's gestures as its script sends them, words inside sentences, what is kept of them."""

from __future__ import annotations

import contextlib
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

import factories
from bench_cases import Bench
from survey_app.domain import Invalid
from survey_app.models import Coding, Excerpt, SuggestionOutcome, TextVersion
from survey_app.runtime import Runtime
from survey_app.web.coding.forms import chosen_spans

TEXT = "Le loyer 😀 monte et l’ascenseur tombe. On l’a prévenue. [PRÉNOM 1] est là."


@pytest.fixture
def page(runtime: Runtime) -> str:
    """The bench of a masked text."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        key = factories.testimony(session, held, text=TEXT, masked=TEXT).id
    return f"/codage/temoignage/{key}"


@pytest.fixture
def bench(app: Flask, page: str) -> Bench:
    return Bench(app, page)


def put(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.database.reading() as session:
        query = select(Excerpt.quote, Coding.code).join(Coding).where(Coding.state == "validated")
        return [(quote, code) for quote, code in session.execute(query.order_by(Excerpt.number))]


def test_a_gesture_answers_with_what_changed_alone(runtime: Runtime, bench: Bench) -> None:
    answer = bench.part({"phrase": "0", "suggestion": "LOG4"})
    assert (answer.status_code, answer.headers["X-Paroles-Part"]) == (200, "banc")
    assert 'id="marques-0"' in answer.text
    assert 'id="marques-0" data-coded' in answer.text
    assert "marques-1" not in answer.text
    assert "<html" not in answer.text
    assert 'id="grille"' not in answer.text
    assert len(answer.text) < 4_000
    undone = bench.part({}, "/annuler")
    assert "data-coded" not in undone.text
    assert bench.part({}, "/annuler").status_code == 409
    assert "data-coded" in bench.part({}, "/refaire").text
    assert put(runtime) == [("Le loyer 😀 monte et l’ascenseur tombe.", "LOG4")]


def test_refusals_are_french_parts_and_store_nothing(runtime: Runtime, bench: Bench) -> None:
    wrong: list[tuple[dict[str, Any], str, int]] = [
        ({"phrase": "0"}, "", 422),
        ({"phrase": "0", "code": "SIG"}, "", 422),
        ({"phrase": "99", "code": "LOG"}, "", 422),
        ({"code": "LOG"}, "", 422),
        ({"debut": "0", "fin": "9999999", "code": "LOG"}, "", 422),
        ({"debut": "8", "fin": "8", "code": "LOG"}, "", 422),
        ({"phrase": "0", "mots": "autre chose", "code": "LOG"}, "", 422),
        ({"phrase": "0", "code": "LOG", "version": "vieille"}, "", 409),
        ({"phrase": "0", "code": "LOG", "facette-humeur": "gaie"}, "", 422),
        ({"codage": "x"}, "/retirer", 404),
        ({"codage": str(uuid.uuid4()), "memo": "x"}, "/preciser", 404),
        ({}, "/preciser", 404),
    ]
    for data, gesture, status in wrong:
        answer = bench.part(data, gesture)
        assert (answer.status_code, data) == (status, data)
        assert "X-Paroles-Part" in answer.headers
        assert re.search("[a-zé] ?\\.", answer.text)
    assert put(runtime) == []


def test_words_are_coded_by_offsets_or_by_copying_them(runtime: Runtime, bench: Bench) -> None:
    start = TEXT.index("l’ascenseur")
    bench.part({"phrase": "0", "debut": start, "fin": start + 11, "code": "LOG4"})
    bench.part({"phrase": "2", "mots": " est là ", "code": "AUT"})
    html = bench.part({"mots": "prévenue", "code": "CIT"}).text
    assert ">prévenue</q>" in html
    html = bench.part({}, "/annuler").text
    html = bench.part({}, "/refaire").text
    assert [words for words, _ in put(runtime)] == ["l’ascenseur", "est là", "prévenue"]
    assert f'data-start="{start}" data-end="{start + 11}"' in html
    assert ">l’ascenseur</q>" in html
    assert html.count("data-coded") == 3


def test_precisions_by_panel_and_by_key(runtime: Runtime, bench: Bench) -> None:
    bench.part({"phrase": "0", "code": "LOG4"})
    with runtime.database.reading() as session:
        key = str(session.scalars(select(Coding.id)).one())
    for value in ("positive", "négative"):
        assert value in bench.part({"codage": key, "suivante": "tonalite"}, "/preciser").text
    assert 'id="preciser-panneau"' in bench.opened(key)
    assert 'id="preciser-panneau"' not in bench.opened("x")
    saved = bench.part(
        {"codage": key, "memo": "<b>Note</b>", "facette-tonalite": "neutre"}, "/preciser"
    ).text
    assert "&lt;b&gt;Note" in saved
    assert "neutre" in saved
    assert 'id="preciser-panneau"' not in saved
    assert bench.part({"codage": key, "suivante": "critere"}, "/preciser").status_code == 422
    assert bench.part({"codage": key, "memo": "x" * 3_000}, "/preciser").status_code == 422


def test_what_was_shown_and_chosen_is_noted_once(runtime: Runtime, bench: Bench) -> None:
    bench.part({"phrase": "0", "suggestion": "LOG4"})
    bench.part({"phrase": "0", "code": "AUT"})
    with runtime.database.reading() as session:
        rows = session.scalars(select(SuggestionOutcome).order_by(SuggestionOutcome.rank)).all()
        assert {row.code for row in rows if row.accepted} == {"LOG4"}
        assert len(rows) == len({row.code for row in rows}) > 1
        assert {(row.start, row.end) for row in rows} == {(0, TEXT.index(" On l’a"))}


@given(words=st.lists(st.sampled_from(["été", "😀", "👩🏽\u200d🏫", "banc", "é"]), min_size=1))
@settings(deadline=None)
def test_words_copied_by_hand_are_found_in_code_points(words: list[str]) -> None:
    text = TextVersion(text="Avant 🎉. " + " ".join(words) + " fin. Après.")
    [(start, end)] = chosen_spans(text, MultiDict({"phrase": "1", "mots": " ".join(words)}))
    assert text.text[start:end] == " ".join(words)
    sent = MultiDict({"debut": str(start), "fin": str(end), "mots": "x"})
    assert chosen_spans(text, sent) == [(start, end)]


@given(sent=st.text(max_size=12))
@settings(deadline=None)
def test_hostile_numbers_choose_nothing(sent: str) -> None:
    text = TextVersion(text="Une phrase.")
    form = MultiDict({"phrase": sent, "debut": sent, "fin": "x"})
    with contextlib.suppress(Invalid):
        assert chosen_spans(text, form) == [(0, 11)]
