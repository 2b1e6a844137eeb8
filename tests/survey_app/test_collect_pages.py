"""The interview, as somebody with a tablet goes through it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from interviews import (
    AGREED,
    agree,
    answers,
    begin,
    count,
    open_place,
    post,
    step,
)
from pages import CheckedClient, client_for
from survey_app.models import Draft, Meeting, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import consents


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def test_from_the_big_button_to_the_paper_code(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    assert "Commencer un témoignage" in me.get("/collecte/").get_data(as_text=True)
    path = begin(me, place)
    first = me.get(path).get_data(as_text=True)
    assert "Ville d’essai" in first
    assert "31 décembre 2030" in first
    assert "{" not in re.sub(r"<[^>]+>", "", first)
    assert "Étape\u00a01" in first or "Étape 1" in first
    path = agree(me, path)
    visited = []
    while "/etape/" in path:
        visited.append(path.rsplit("/", 1)[1])
        words = {"aime": "Le marché.", "recit_quartier": "Le matin, l’école."}
        if path.endswith("quartier"):
            answer = post(me, path, **words, complique__nr="ne_sait_pas")
        else:
            answer = post(me, path)
        assert answer.status_code == 303
        path = answer.location
    assert visited == ["profil", "quartier", "sujets", "changements", "idees", "relecture"]
    assert path.endswith("/relire")
    review = me.get(path).get_data(as_text=True)
    assert "Le matin, l’école." in review
    assert "Je ne sais pas" in review
    done = me.send(path, {})
    assert done.status_code == 303
    receipt = me.get(done.location).get_data(as_text=True)
    code = re.search(r'paper-code">([^<]+)<', receipt)
    assert code
    assert consents.is_code(code[1])
    assert "reçu" in receipt
    again = me.get(done.location).get_data(as_text=True)
    assert code[1] not in again
    assert "reçu" in again
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        assert stored.state == "to_review"
        assert stored.texts[0].text == "Le matin, l’école.\n\nLe marché."


def test_terminer_pressed_twice_stores_once_and_still_says_received(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place, "Q03")
    agree(me, path)
    review = path.split("/etape/")[0] + "/relire"
    token = me.token(review)
    first = me.post(review, data={"csrf_token": token})
    second = me.post(review, data={"csrf_token": token})
    assert first.location == second.location
    assert "n° 1" in me.get(second.location).get_data(as_text=True).replace("\u00a0", " ")
    assert count(runtime, Testimony) == 1
    assert count(runtime, Draft) == 0
    resumed = me.get(path.split("/etape/")[0])
    assert resumed.location == first.location


def test_a_refusal_keeps_nothing_and_counts_one(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    answer = post(me, begin(me, place), accord_noter="non")
    assert answer.location.endswith("/merci")
    assert "Rien" in me.get(answer.location).get_data(as_text=True)
    assert count(runtime, Draft) == 0
    assert count(runtime, Testimony) == 0
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, place["meeting"]).refusals == 1


def test_an_agreement_taken_back_later_asks_before_erasing(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    post(me, step(path, "quartier"), aime="Le marché.")
    answer = post(me, path, **(AGREED | {"accord_noter": "non"}))
    assert "arreter" in answer.location
    assert answers(runtime, path)["aime"] == "Le marché."
    page = me.get(answer.location).get_data(as_text=True)
    assert "Tout effacer" in page
    assert "Garder" not in page


@pytest.mark.parametrize(("go", "kept"), [("keep", 1), ("erase", 0)])
def test_stopping_on_the_way(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime, go: str, kept: int
) -> None:
    path = begin(me, place)
    agree(me, path)
    answer = post(me, step(path, "quartier"), aime="Le marché.", go="stop")
    assert answer.location.endswith("/arreter")
    done = me.send(answer.location, {"go": go})
    assert done.status_code == 303
    me.get(done.location)
    assert count(runtime, Testimony) == kept
    assert count(runtime, Draft) == 0


def test_stop_and_keep_pressed_twice_gives_the_same_receipt(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    stop = path.split("/etape/")[0] + "/arreter"
    page = me.get(stop).get_data(as_text=True)
    assert re.search(r'paper-code">([^<]+)<', page)
    data = {"csrf_token": me.token(stop), "go": "keep"}
    first, second = me.post(stop, data=data), me.post(stop, data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    receipt = me.get(first.location).get_data(as_text=True)
    assert "Recopiez-le sur la carte" in receipt
    assert "auprès du conseil citoyen" in receipt  # this machine's address is for nobody else
    assert count(runtime, Testimony) == 1
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, place["meeting"]).stopped == 1


def test_erased_words_leave_the_write_ahead_log_at_once(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    post(me, step(path, "quartier"), aime="Le marché.")
    log = Path(f"{runtime.database.path}-wal")
    assert log.stat().st_size > 0
    stop = path.split("/etape/")[0] + "/arreter"
    assert me.send(stop, {"go": "erase"}).status_code == 303
    assert log.stat().st_size == 0


def test_a_contradiction_put_on_pause_is_shown_again(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    path = begin(me, place)
    agree(me, path)
    target = step(path, "quartier")
    post(me, target, aime="Le marché.", aime__nr="refus", go="pause")
    html = me.get(target).get_data(as_text=True)
    assert "Le marché." in html
    ticked = [tag for tag in re.findall(r"<input[^>]*>", html) if 'name="aime__nr"' in tag]
    assert ['value="refus"' in tag for tag in ticked if "checked" in tag] == [True]
    review = path.split("/etape/")[0] + "/relire"
    assert "Gardez l’une des deux" in me.get(review).get_data(as_text=True)
    assert me.send(review, {}).status_code == 422


def test_an_erasure_asked_for_at_the_last_reading_is_not_finished(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place, "Q03")
    agree(me, path)
    post(me, step(path, "relecture"), relecture="effacer")
    refused = me.send(path.split("/etape/")[0] + "/relire", {})
    assert refused.status_code == 422
    assert "effacez tout" in refused.get_data(as_text=True)
    assert count(runtime, Testimony) == 0


@pytest.mark.parametrize(
    ("phrase", "warned"),
    [
        ("Une phrase jamais dite.", True),
        ("Un banc devant l’école.", False),
        ("Un banc devant l’école.\r\nLe marché.", False),
        ("Un banc devant l’école.\r\nJamais dit.", True),
    ],
)
def test_a_phrase_read_back_that_was_not_noted_is_said_before_the_end(
    me: CheckedClient, place: dict[str, Any], phrase: str, warned: bool
) -> None:
    path = begin(me, place)
    agree(me, path, accord_citer="apres_relecture")
    post(me, step(path, "quartier"), aime="Le marché.", complique="Un banc devant l’école. Rien.")
    post(me, step(path, "relecture"), phrase_relue=phrase)
    review = path.split("/etape/")[0] + "/relire"
    html = me.get(review).get_data(as_text=True)
    assert ("ne pourra pas être citée" in html) is warned
    assert me.send(review, {}).status_code == 303


def _ticked(html: str, name: str) -> list[str]:
    tags = [tag for tag in re.findall(r"<input[^>]*>", html) if f'name="{name}"' in tag]
    return re.findall(r'value="([^"]*)"', " ".join(tag for tag in tags if "checked" in tag))


def test_the_questionnaire_that_fits_the_meeting_is_already_chosen(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    assert _ticked(me.get("/collecte/commencer").get_data(as_text=True), "questionnaire") == [
        place["Q01"]
    ]
    with runtime.database.writing() as session:
        first = session.get_one(Meeting, place["meeting"])
        maker = Actor(first.council_id, first.created_by)
        street = factories.meeting(session, first.campaign, maker, method="micro_trottoir").id
    both = me.get("/collecte/commencer").get_data(as_text=True)
    assert (_ticked(both, "meeting"), _ticked(both, "questionnaire")) == ([], [])
    chosen = me.get(f"/collecte/commencer?rencontre={street}").get_data(as_text=True)
    assert _ticked(chosen, "meeting") == [str(street)]
    assert _ticked(chosen, "questionnaire") == [place["Q03"]]
    assert me.send("/collecte/commencer", {}).status_code == 422
    assert me.send("/collecte/commencer", {"meeting": str(street)}).status_code == 303
    with runtime.database.reading() as session:
        assert str(session.scalars(select(Draft)).one().questionnaire_version_id) == place["Q03"]


def test_stopping_before_the_agreement_can_only_erase(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    stop = path.split("/etape/")[0] + "/arreter"
    refused = me.send(stop, {"go": "keep"})
    assert refused.status_code == 422
    assert "à revoir" in refused.get_data(as_text=True)
    assert count(runtime, Draft) == 1


@pytest.mark.parametrize("go", ["pause", "back"])
def test_pausing_or_going_back_saves_first(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime, go: str
) -> None:
    path = begin(me, place)
    agree(me, path)
    answer = post(me, step(path, "quartier"), aime="En plein milieu", vivre_ici="9", go=go)
    assert answer.status_code == 303
    assert answers(runtime, path)["aime"] == "En plein milieu"
    assert answers(runtime, path)["vivre_ici"] == "9"
    resumed = me.get(path.split("/etape/")[0])
    assert resumed.location.endswith("/quartier")
    html = me.get(resumed.location).get_data(as_text=True)
    assert "En plein milieu" in html
    assert "ne fait pas partie des choix" in html
    assert "Reprendre" in me.get("/collecte/").get_data(as_text=True)


def test_the_phrase_read_back_is_asked_for_before_the_end(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path, accord_citer="apres_relecture")
    review = path.split("/etape/")[0] + "/relire"
    refused = me.send(review, {})
    assert refused.status_code == 422
    assert "à revoir" in refused.get_data(as_text=True)
    post(me, step(path, "relecture"), phrase_relue="Un banc devant l’école.")
    done = me.send(review, {})
    assert done.status_code == 303
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        assert consents.approved_phrases(stored) == ("Un banc devant l’école.",)
