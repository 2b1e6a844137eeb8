"""The printing room: forms for whoever listens, cards whose codes are kept nowhere."""

from __future__ import annotations

import io
import re
import secrets
import uuid
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from pages import CheckedClient, client_for
from questionnaires import library
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, Council, Sector, WithdrawalCode
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import consents, paper
from survey_app.services.campaign_questionnaires import SHIPPED

CODE = re.compile("[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    """A running campaign, its people, and a council next door."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        campaign = factories.campaign(session, council)
        neighbour = factories.council(session, "Conseil voisin")
        other = factories.campaign(session, neighbour, "voisin", title="Ailleurs")
        return {
            "slug": campaign.slug,
            "questionnaire": str(campaign.questionnaires[1].id),
            "other": str(other.questionnaires[1].id),
            "code": campaign.neighbourhoods[0].code,
        }


def test_no_two_cards_of_a_print_share_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("A" * 24 + "B" * 12)
    monkeypatch.setattr(secrets, "choice", lambda _signs: next(drawn))
    assert paper.new_codes(2) == ["AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB"]


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def words_of(data: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return re.sub(r"[\s\u200b]+", " ", text)


def print_cards(person: CheckedClient, place: dict[str, Any], **fields: str) -> Any:
    form = {"campaign": place["slug"], "place": place["code"], "sheets": "2"} | fields
    return person.send("/papier/cartes", form, page="/papier/")


def test_the_room_says_the_three_gestures_and_offers_the_campaign_s_forms(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    page = me.get("/papier/").get_data(as_text=True)
    for word in ("Imprimez", "Notez", "Saisissez plus tard", "Formulaire vierge (PDF)"):
        assert word in page
    assert place["questionnaire"] in page
    assert place["other"] not in page
    assert "en arabe" in page
    assert "traduction à faire relire" in page
    shipped = [name for name in library.names() if SHIPPED + name in page.replace("%3A", ":")]
    assert len(shipped) == len(library.names()) - 2


def test_a_form_carries_what_the_campaign_says(me: CheckedClient, place: dict[str, Any]) -> None:
    query = {"questionnaire": place["questionnaire"], "campagne": place["slug"]}
    answer = me.get("/papier/formulaire", query_string=query)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="Q03-micro-trottoir-fr.pdf"'
    text = words_of(answer.data)
    for said in ("Ville d’essai", "31 décembre 2030", "Les Halles", "Centre Ville"):
        assert said in text
    assert "……" not in text
    assert "{" not in text


def test_a_form_without_a_campaign_leaves_dots(me: CheckedClient, place: dict[str, Any]) -> None:
    query = {"questionnaire": SHIPPED + "Q05-marche-exploratoire"}
    text = words_of(me.get("/papier/formulaire", query_string=query).data)
    assert "……" in text
    assert "Ville d’essai" not in text


def test_a_form_in_arabic(me: CheckedClient, place: dict[str, Any]) -> None:
    query = {"questionnaire": place["questionnaire"], "langue": "ar", "campagne": place["slug"]}
    answer = me.get("/papier/formulaire", query_string=query)
    assert "Q03-micro-trottoir-ar.pdf" in answer.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/Lang"] == "ar"


def test_in_arabic_the_signs_that_keep_a_name_whole_are_printed() -> None:
    whole = "\N{FIRST STRONG ISOLATE}Les Cités (34)\N{POP DIRECTIONAL ISOLATE}"
    reversing = "\N{RIGHT-TO-LEFT OVERRIDE}"
    assert paper._isolating(f"{reversing}في {whole}") == f"في {whole}"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"questionnaire": "../../etc"}, 404),
        ({"questionnaire": SHIPPED + "Q99-inconnu"}, 404),
        ({"questionnaire": str(uuid.UUID(int=1))}, 404),
        ({"questionnaire": SHIPPED + "Q01-entretien-individuel", "langue": "zh"}, 422),
        ({"questionnaire": SHIPPED + "Q01-entretien-individuel", "campagne": "voisin"}, 404),
        (
            {"questionnaire": SHIPPED + "Q01-entretien-individuel", "campagne": "essai"}
            | {"quartier": "QP000000"},
            404,
        ),
    ],
)
def test_what_does_not_exist_is_not_printed(
    me: CheckedClient, place: dict[str, Any], query: dict[str, str], status: int
) -> None:
    answer = me.get("/papier/formulaire", query_string=query)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"


def test_another_council_s_questionnaire_does_not_exist(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    answer = me.get("/papier/formulaire", query_string={"questionnaire": place["other"]})
    assert answer.status_code == 404
    assert me.get("/papier/?campagne=voisin").status_code == 404
    assert print_cards(me, place, campaign="voisin").status_code == 404


def test_cards_have_valid_codes_that_are_stored_nowhere(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    answer = print_cards(me, place)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'filename="cartes-de-retrait-essai.pdf"' in answer.headers["Content-Disposition"]
    text = words_of(answer.data)
    codes = CODE.findall(text)
    assert len(codes) == len(set(codes)) == 16
    assert all(consents.is_code(code) for code in codes)
    assert "31 décembre 2030" in text
    assert "dpo@exemple.invalid" in text
    assert "auprès du conseil citoyen" in text
    with runtime.database.reading() as session:
        assert session.scalars(select(WithdrawalCode)).all() == []
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "print_cards")).one()
        assert event.details == {"count": 16}
        assert event.kind == "campaigns"
    kept = [path for path in runtime.settings.instance.rglob("*") if path.is_file()]
    assert all(codes[0].encode() not in path.read_bytes() for path in kept)


def test_two_printings_never_share_a_code(me: CheckedClient, place: dict[str, Any]) -> None:
    first, second = (set(CODE.findall(words_of(print_cards(me, place).data))) for _ in range(2))
    assert first
    assert not first & second


@pytest.mark.parametrize("sheets", ["0", "21", "-3", "beaucoup", "", "9" * 400])
def test_a_wrong_number_of_sheets_is_said(
    me: CheckedClient, place: dict[str, Any], sheets: str
) -> None:
    answer = print_cards(me, place, sheets=sheets)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "de 1 à 20" in page
    if sheets:
        assert f'value="{sheets}"' in page


def test_no_card_before_the_campaign_is_ready_nor_after_the_listening(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Campaign).where(Campaign.slug == "essai")).one().state = "review"
    assert 'name="sheets"' not in me.get("/papier/").get_data(as_text=True)
    with runtime.database.writing() as session:
        session.scalars(select(Campaign).where(Campaign.slug == "essai")).one().state = "running"
    token = me.token("/papier/")
    with runtime.database.writing() as session:
        session.scalars(select(Campaign).where(Campaign.slug == "essai")).one().state = "draft"
    form = {"campaign": "essai", "place": place["code"], "sheets": "1", "csrf_token": token}
    answer = me.post("/papier/cartes", data=form)
    assert answer.status_code == 422
    assert "Rien n’a été imprimé" in answer.get_data(as_text=True)
    with runtime.database.reading() as session:
        events = select(AuditEvent).where(AuditEvent.action == "print_cards")
        assert session.scalars(events).all() == []


def test_an_evaluator_prints_forms_but_no_card(app: Flask, place: dict[str, Any]) -> None:
    person = client_for(app, "evaluator")
    page = person.get("/papier/").get_data(as_text=True)
    assert "Formulaire vierge" in page
    assert "Cartes de retrait" not in page
    assert person.post("/papier/cartes", data={}).status_code in {400, 404}
    for role in ("reader", "admin", "dpo"):
        assert client_for(app, role).get("/papier/").status_code == 404


def test_with_several_neighbourhoods_one_is_chosen(
    app: Flask, me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == "essai")).one()
        second = factories.neighbourhood(session, "QP034021", "Les Pins")
        second.municipality = "Lunel"
        campaign.neighbourhoods = [*campaign.neighbourhoods, second]
        council = campaign.council_id
        row = Sector(council_id=council, neighbourhood_id=second.id, name="pins", label="La pinède")
        session.add(row)
    page = me.get("/papier/").get_data(as_text=True)
    assert "Pour quel quartier" in page
    # One button and one line of the cards' list each, with the town.
    for name in ("Bédarieux – Centre Ville", "Lunel – Les Pins"):
        assert page.count(f">{name}<") == 2, name
    plan = me.get("/collecte/rencontres/nouvelle/essai")
    assert "Lunel – Les Pins (QP034021)" in plan.get_data(as_text=True)
    desk = client_for(app, "councillor2").get("/relecture/essai")
    assert 'value="QP034021">Lunel – Les Pins<' in desk.get_data(as_text=True)
    query = {"questionnaire": place["questionnaire"], "campagne": "essai"}
    undecided = words_of(me.get("/papier/formulaire", query_string=query).data)
    assert "La pinède" not in undecided
    assert "Les Halles" not in undecided
    query["quartier"] = "QP034021"
    assert "La pinède" in words_of(me.get("/papier/formulaire", query_string=query).data)
    cards = words_of(print_cards(me, place | {"code": "QP034021"}, sheets="1").data)
    assert cards.count("Les Pins") == 8


def test_without_a_campaign_the_library_is_still_printable(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    page = client_for(app, "councillor").get("/papier/").get_data(as_text=True)
    assert "pointillés" in page
    assert "Q01-entretien-individuel" in page
    assert 'name="sheets"' not in page


def test_rights_are_the_service_s_too(
    session: Session, actors: dict[str, Actor], campaign: Campaign, other_council: Council
) -> None:
    stranger = factories.actors(session, other_council, "-x")["coordinator"]
    key = str(campaign.questionnaires[0].id)
    for role in ("reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            paper.form(session, actors[role], key, "fr")
        with pytest.raises(Forbidden):
            paper.offers(session, actors[role], campaign)
        with pytest.raises(Forbidden):
            paper.others(session, actors[role], campaign)
    for role in ("reader", "evaluator", "admin", "dpo"):
        with pytest.raises(Forbidden):
            paper.cards(session, actors[role], campaign, None, 1)
    with pytest.raises(NotFound):
        paper.form(session, stranger, key, "fr")
    with pytest.raises(NotFound):
        paper.form(session, stranger, SHIPPED + "Q03-micro-trottoir", "fr", campaign)
    with pytest.raises(NotFound):
        paper.cards(session, stranger, campaign, None, 1)
    with pytest.raises(NotFound):
        paper.offers(session, stranger, campaign)
    with pytest.raises(Invalid):
        paper.cards(session, actors["councillor"], campaign, None, 21)


def test_a_language_that_no_font_here_draws_is_not_offered(
    session: Session, actors: dict[str, Actor]
) -> None:
    found = {offer.key: offer for offer in paper.others(session, actors["councillor"], None)}
    offer = found[SHIPPED + "Q03-micro-trottoir"]
    assert [code for code, _, _ in offer.languages] == ["fr", "ar"]
    assert [draft for _, _, draft in offer.languages] == [False, True]
