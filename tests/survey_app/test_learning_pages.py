"""The page of trust and the list of useful texts: what they say, and to whom."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import factories
import learning_cases as cases
import pages
from analysis.suggestions import Suggestion
from survey_app.domain import Forbidden
from survey_app.models import Campaign, Council, Job, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import doubts, learning, outcomes, trust
from survey_app.services.trust import Measure

PAGE = "/codage/essai/confiance"
LIFT = Suggestion("LOG4", "LOG", 0.9, ("ascenseur",))


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime, times=2)


def flat(html: str) -> str:
    return " ".join(html.replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("good", "of", "words"),
    [
        (0, 0, "pas encore"),
        (3, 4, "3 fois sur 4"),
        (29, 29, "29 fois sur 29"),
        (24, 30, "8 fois sur 10"),
        (1, 40, "moins d’1 fois sur 10"),
        (0, 40, "0 fois sur 10"),
        (39, 40, "plus de 9 fois sur 10"),
        (40, 40, "10 fois sur 10"),
    ],
)
def test_a_measure_is_said_in_words(good: int, of: int, words: str) -> None:
    assert str(Measure(good, of)) == words


@given(st.integers(0, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_measure_is_never_a_percentage_nor_out_of_bounds(pair: tuple[int, int]) -> None:
    said = str(Measure(*pair))
    assert "%" not in said
    assert said != "10 fois sur 10" or pair[0] == pair[1]
    assert -1 <= Measure(*pair).share <= 1


def test_an_empty_campaign_says_so(runtime: Runtime, app: Flask) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    client = pages.client_for(app, "councillor")
    html = flat(client.get(PAGE).text)
    assert "Aucun codage pour l’instant." in html
    assert "la grille seule suggère" in html
    assert "Rien à proposer pour l’instant." in client.get("/codage/essai/utiles").text


def test_each_code_has_its_counts_in_words(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    with runtime.database.writing() as session:
        cases.reported(session, house)
        spoken = session.get_one(Testimony, house.waiting[0])
        outcomes.note(session, house.actors["councillor"], spoken, 0, 20, [LIFT], {"LOG4"})
        outcomes.note(session, house.actors["councillor"], spoken, 20, 40, [LIFT], ())
    html = flat(pages.client_for(app, "evaluator").get(PAGE).text)
    lift, bus = html.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:2]
    assert "LOG4" in lift
    assert "1 fois sur 2" in lift
    assert "23 fois sur 24" in lift
    assert "9 fois sur 10" in lift
    assert "MOB1" in bus
    assert "jamais proposé" in bus
    assert "MOB1, pas encore appris" in bus
    assert "0 fois sur 3" in bus
    assert "sur 48 phrases codées. 1 code appris." in html
    assert "plus de 9 fois sur 10" not in html
    assert "%" not in html.split("<main")[1]


def test_the_order_asked_for_is_followed_and_a_wrong_one_is_the_grids(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    with runtime.database.writing() as session:
        cases.reported(session, house)
        spoken = session.get_one(Testimony, house.waiting[0])
        bus = Suggestion("MOB1", "MOB", 0.9, ("bus",))
        outcomes.note(session, house.actors["councillor"], spoken, 0, 20, [bus], {"MOB1"})
    client = pages.client_for(app, "coordinator")

    def first(order: str) -> str:
        body = client.get(f"{PAGE}?tri={order}").text.split("<tbody>")[1]
        return "LOG4" if body.index("LOG4") < body.index("MOB1") else "MOB1"

    assert [first(key) for key in trust.ORDERS] == ["LOG4", "MOB1", "MOB1", "LOG4", "LOG4"]
    assert first("<script>") == "LOG4"
    assert first("") == "LOG4"


def test_hostile_words_of_a_text_are_shown_as_words(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    with runtime.database.writing() as session:
        campaign = session.get_one(Campaign, house.campaign.id)
        key = cases.told(session, campaign, "<script>alert(1)</script> {{ 7*7 }} ’ \u202e fin.")
        cases.suggested(session, house, {key: 0.9})
    html = pages.client_for(app, "councillor").get("/codage/essai/utiles").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in html


def test_the_texts_in_doubt_come_first_with_their_sentence(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    first, second, third = house.waiting
    with runtime.database.writing() as session:
        cases.suggested(session, house, {first: 0.3, second: 0.8, house.coded[0]: 0.9})
    with runtime.database.reading() as session:
        found = doubts.useful(session, house.actors["councillor"], house.campaign)
        assert [doubt.testimony.id for doubt in found] == [second, first]
        assert (found[1].place, found[1].sentence) == (0, "Mon voisin a repeint sa porte en bleu.")
        alone = doubts.useful(session, house.actors["councillor"], house.campaign, 1)
        assert [doubt.testimony.id for doubt in alone] == [second]
    html = pages.client_for(app, "councillor").get("/codage/essai/utiles").text
    assert html.index(f"/codage/temoignage/{second}#phrase-0") < html.index(str(first))
    assert str(third) not in html


def test_a_text_masked_again_is_not_shown_with_its_old_words(
    runtime: Runtime, house: cases.House
) -> None:
    key = house.waiting[0]
    with runtime.database.writing() as session:
        cases.suggested(session, house, {key: 0.9})
        cases.masked_again(session, session.get_one(Testimony, key), "Masqué.")
    with runtime.database.reading() as session:
        assert doubts.useful(session, house.actors["councillor"], house.campaign) == []


@pytest.mark.parametrize("login", ["reader", "admin", "dpo", "coordinator-voisin"])
def test_nobody_else_sees_these_pages(app: Flask, house: cases.House, login: str) -> None:
    client = pages.client_for(app, login)
    for path in (PAGE, "/codage/essai/utiles"):
        assert client.get(path).status_code == 404
    token = client.token("/compte/")
    sent = client.post("/codage/essai/apprendre", data={"csrf_token": token})
    assert sent.status_code == 404


def test_a_tap_writes_one_job_and_a_second_finds_it(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    client = pages.client_for(app, "councillor")
    first = client.send("/codage/essai/apprendre", {}, page=PAGE)
    token = client.token("/compte/")
    second = client.post("/codage/essai/apprendre", data={"csrf_token": token})
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    with runtime.database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert (job.kind, job.parameters) == ("suggestions", {"campaign": "essai"})
    assert "Un apprentissage est en cours." in flat(client.get(PAGE).text)
    waiting = client.get(first.location).text
    assert "Apprentissage des codages" in waiting
    assert PAGE in waiting


def test_who_is_not_trained_reads_but_starts_nothing(
    runtime: Runtime, app: Flask, house: cases.House
) -> None:
    with runtime.database.writing() as session:
        council = session.get_one(Council, house.campaign.council_id)
        row = factories.account(session, council, "novice", "councillor")
        novice: Actor = factories.actor(row)
    html = pages.client_for(app, "novice").get(PAGE).text
    assert "/codage/essai/apprendre" not in html
    with pytest.raises(Forbidden):
        learning.check(novice)
