"""The collecting pages, as somebody with a tablet goes through them."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from pages import CheckedClient, client_for
from survey_app.models import Campaign, Draft, Meeting, RecontactEntry, Testimony
from survey_app.runtime import Runtime
from survey_app.services import consents

AGREED = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui", "suites": "contact"}


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    """A running campaign with an open meeting of the councillor, committed; its ids."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        versions = {q.name[:3]: str(q.id) for q in campaign.questionnaires}
        return {"meeting": meeting.id, "neighbourhood": campaign.neighbourhoods[0].id, **versions}


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def begin(me: CheckedClient, place: dict[str, Any], questionnaire: str = "Q01") -> str:
    """Start an interview; the path of its first section."""
    data = {"meeting": str(place["meeting"]), "questionnaire": place[questionnaire]}
    answer = me.send("/collecte/commencer", data)
    assert answer.status_code == 303
    return str(answer.location)


def hidden(me: CheckedClient, path: str) -> dict[str, str]:
    html = me.get(path).get_data(as_text=True)
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', html)
    assert found, html
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert token
    return {"seen": found[1], "csrf_token": token[1]}


def post(me: CheckedClient, path: str, **fields: Any) -> Any:
    return me.post(path, data=hidden(me, path) | fields)


def agree(me: CheckedClient, path: str, **changes: str) -> str:
    """Go through the consent screens; the path of the next section."""
    given = AGREED | changes
    for _ in range(5):
        answer = post(me, path, **given)
        assert answer.status_code == 303
        if answer.location.split("#")[0] != path:
            return str(answer.location)
    raise AssertionError("the consent screens never end")


def step(path: str, name: str) -> str:
    return path.rsplit("/", 1)[0] + "/" + name


def draft_id(path: str) -> uuid.UUID:
    return uuid.UUID(path.split("/")[3])


def count(runtime: Runtime, model: type[Any]) -> int:
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def answers(runtime: Runtime, path: str) -> dict[str, Any]:
    with runtime.database.reading() as session:
        return session.get_one(Draft, draft_id(path)).answers


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


def test_a_contact_is_left_apart(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    done = me.send(path.split("/etape/")[0] + "/relire", {})
    assert "/collecte/contact/essai" in me.get(done.location).get_data(as_text=True)
    assert me.send("/collecte/contact/essai", {"contact": " "}).status_code == 422
    assert me.send("/collecte/contact/essai", {"contact": "a@exemple.invalid"}).status_code == 303
    assert count(runtime, RecontactEntry) == 1


def test_a_meeting_from_its_plan_to_its_counters(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    assert me.get("/collecte/rencontres/nouvelle").location.endswith("/essai")
    form = {
        "neighbourhood": str(place["neighbourhood"]),
        "method": "individuel",
        "held_on": "2026-04-03",
        "place": "au marché",
    }
    wrong = me.send("/collecte/rencontres/nouvelle/essai", form | {"held_on": "hier"})
    assert wrong.status_code == 422
    assert "au marché" in wrong.get_data(as_text=True)
    planned = me.send("/collecte/rencontres/nouvelle/essai", form | {"go": "plan"})
    assert planned.status_code == 303
    path = planned.location
    assert me.send(f"{path}/ouvrir", {}, page=path).status_code == 303
    assert me.send(f"{path}/refus", {}, page=path).status_code == 303
    page = me.get(f"{path}/fermer").get_data(as_text=True)
    assert re.search(r'name="refusals"[^>]*value="1"', page)
    counted = {"approached": "9", "refusals": "1", "stopped": "0", "present_women": "5"}
    missing = me.send(f"{path}/fermer", counted)
    assert missing.status_code == 422
    assert 'value="9"' in missing.get_data(as_text=True)
    assert me.send(f"{path}/fermer", counted | {"present_men": "trois"}).status_code == 422
    assert me.send(f"{path}/fermer", counted | {"present_men": "3"}).status_code == 303
    assert "close" in me.get(path).get_data(as_text=True)
    me.get("/collecte/rencontres")
    with runtime.database.reading() as session:
        states = session.scalars(select(Meeting.state).order_by(Meeting.id)).all()
        assert sorted(states) == ["closed", "open"]


def test_others_find_nothing(app: Flask, me: CheckedClient, place: dict[str, Any]) -> None:
    path = begin(me, place)
    for login in ("councillor2", "coordinator"):
        visitor = client_for(app, login)
        assert visitor.get(path).status_code == 404
        assert visitor.get("/collecte/").status_code == 200
    assert (
        client_for(app, "councillor2").get(f"/collecte/rencontres/{place['meeting']}").status_code
        == 404
    )
    assert (
        client_for(app, "coordinator").get(f"/collecte/rencontres/{place['meeting']}").status_code
        == 200
    )
    for login in ("evaluator", "reader", "admin", "dpo"):
        assert client_for(app, login).get("/collecte/").status_code == 404


def test_another_council_finds_nothing(
    app: Flask, me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    with runtime.database.writing() as session:
        neighbour = factories.council(session, "Conseil voisin")
        factories.actors(session, neighbour, "-b")
        factories.campaign(session, neighbour, slug="voisine")
    stranger = client_for(app, "coordinator-b")
    for url in (path, f"/collecte/rencontres/{place['meeting']}", "/collecte/contact/essai"):
        assert stranger.get(url).status_code == 404
    assert "Vivre ici" not in stranger.get("/collecte/rencontres").get_data(as_text=True)


def test_a_campaign_not_running_takes_no_interview(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Campaign)).one().state = "review"
    data = {"meeting": str(place["meeting"]), "questionnaire": place["Q01"]}
    answer = me.send("/collecte/commencer", data)
    assert answer.status_code == 422
    assert count(runtime, Draft) == 0
