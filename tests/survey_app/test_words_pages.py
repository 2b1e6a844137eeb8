"""The pages of words: what they show, to whom, and that every number opens its sentences."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import results_cases
import words_cases as cases
from pages import CheckedClient, client_for
from survey_app.models import Campaign, Picture
from survey_app.runtime import Runtime
from survey_app.services import part_groups, word_choices

HOME = "/resultats/essai"
PAGES = ("mots", "mots/choix", "concordance?mot=navette", "specificites")


@pytest.fixture
def spoken(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> cases.Spoken:
    return cases.spoken(runtime, monkeypatch)


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path if path.startswith("/") else f"{HOME}/{path}")
    assert answer.status_code == status, (path, answer.status_code)
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(answer.get_data(as_text=True)))


def chosen(spoken: cases.Spoken) -> dict[str, object]:
    with spoken.runtime.database.reading() as session:
        return word_choices.current(session.get_one(Campaign, spoken.campaign.id)).as_dict()


def test_every_word_of_the_list_opens_as_many_lines_as_it_says(
    app: Flask, spoken: cases.Spoken
) -> None:
    person = client_for(app, "councillor")
    page = person.get(f"{HOME}/mots").get_data(as_text=True)
    found = re.findall(
        r'href="(/[^"]*concordance[^"]*)"><bdi>[^<]+</bdi></a></th>\s*<td>nom</td>\s*'
        r'<td class="number">(\d+)</td>\s*<td class="number">(\d+)</td>',
        page,
    )
    assert len(found) > 10
    for url, times, voices in found[:6]:
        opened = text(person, html.unescape(url))
        assert f"{times} fois, dans {voices} témoignages" in opened
        assert opened.count('<span class="kwic__left"') == min(50, int(times))
    assert "dit un peu partout" in page
    assert "rosiers" not in page.lower()
    assert "Écarter" not in page
    assert "Aucun mot de la liste" in text(person, "mots?debut=zzz")
    assert "Aucune suite de mots" in text(person, "mots?liste=suites")
    assert "1 fois, dans 1 témoignage" in text(person, "concordance?mot=rosiers")


def test_hostile_words_are_shown_as_words(app: Flask, spoken: cases.Spoken) -> None:
    person = client_for(app, "councillor")
    raw = person.get(f"{HOME}/concordance?mot=chauffage").get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "&lt;script&gt;alert(1)" in raw
    assert "[PRÉNOM 1]" in html.unescape(raw)
    asked = person.get(f"{HOME}/concordance?mot=%3Cscript%3E&ordre=droite")
    assert "<script>" not in asked.get_data(as_text=True).replace("<script type", "")
    assert "Personne ne dit ce mot" in text(person, "concordance?mot=%22%27%00%F0%9F%91%A9")
    text(person, "concordance?mot=navette&ordre=hasard", 404)
    text(person, "concordance?mot=navette&page=99", 404)
    text(person, "concordance?mot=navette&page=-1", 404)


def test_a_word_is_set_aside_and_taken_back_in_one_tap(app: Flask, spoken: cases.Spoken) -> None:
    desk = client_for(app, "coordinator")
    page = f"{HOME}/mots"
    answer = desk.send(f"{page}/ecarter", {"ecarter": "navette", "sorte": "NOUN"}, page=page)
    assert answer.status_code == 303
    assert "sorte=NOUN" in answer.location
    told = text(desk, answer.location)
    assert "« navette » est mis à l’écart. Relancez l’analyse" in told
    assert "Les mots qui comptent ont été changés depuis cette analyse" in told
    assert chosen(spoken)["added"] == ["navette"]
    desk.send(f"{page}/ecarter", {"remettre": "navette"}, page=page)
    assert chosen(spoken)["added"] == []
    refused = desk.send(f"{page}/ecarter", {"ecarter": "a" * 200}, page=page)
    assert refused.status_code == 422
    assert client_for(app, "councillor").post(f"{page}/ecarter").status_code == 400


def test_choices_are_kept_and_a_refusal_keeps_what_was_typed(
    app: Flask, spoken: cases.Spoken
) -> None:
    desk = client_for(app, "coordinator")
    page = f"{HOME}/mots/choix"
    wanted = {
        "kinds": ["NOUN", "ADV"],
        "added": "Mairie\r\n  ville \r\n",
        "restored": "chose",
        "expressions": "conseil citoyen",
        "ngrams": "2",
    }
    wrong = desk.send(page, wanted | {"expressions": "seul"})
    assert wrong.status_code == 422
    told = html.unescape(wrong.get_data(as_text=True))
    assert "de 2 à 6 mots" in told
    assert "ville" in told
    late = desk.send(page, wanted | {"seen": "autre"})
    assert late.status_code == 422
    assert "Une autre personne" in html.unescape(late.get_data(as_text=True))
    assert chosen(spoken)["added"] == []
    assert desk.send(page, wanted | {"kinds": []}).status_code == 422
    assert desk.send(page, wanted).status_code == 303
    assert chosen(spoken) == {
        "kinds": ["NOUN", "ADV"],
        "added": ["mairie", "ville"],
        "restored": ["chose"],
        "expressions": ["conseil citoyen"],
        "ngrams": 2,
    }
    assert "mairie" in text(desk, page)
    assert client_for(app, "councillor").get(page).status_code == 404


def test_each_part_opens_its_numbers_and_a_masked_one_stays_closed(
    app: Flask, spoken: cases.Spoken
) -> None:
    person = client_for(app, "councillor")
    assert "Logement" in text(person, "specificites")
    part = person.get(f"{HOME}/specificites?par=theme&partie=LOG").get_data(as_text=True)
    found = re.findall(
        r'href="(/[^"]*partie=LOG)">(\d+)<span class="visually-hidden"> fois « ([^<]+) »', part
    )
    assert found
    for url, times, _ in found:
        opened = text(person, html.unescape(url))
        assert f"{times} fois, dans" in opened
        assert "Seulement dans une partie, Thème : Logement" in opened
    assert "<svg" in part
    masked = text(person, "specificites?par=methode")
    assert "masqué" in masked
    assert "partie=Entretien" not in masked
    text(person, "specificites?par=methode&partie=Entretien collectif", 404)
    text(person, "specificites?par=signe", 404)
    text(person, "concordance?mot=place&par=methode&partie=Entretien collectif", 404)


def test_a_profile_never_says_where_and_when(app: Flask, spoken: cases.Spoken) -> None:
    person = client_for(app, "councillor")
    part = text(person, "specificites?par=age&partie=jeune")
    url = re.search(r'href="(/[^"]*partie=jeune)">', part)
    assert url
    opened = text(person, url[1])
    assert "pourraient désigner quelqu’un" in opened
    assert "Témoignage " not in opened.split("kwic")[-1]
    assert "devant l’école" not in opened
    assert "devant l’école" in text(person, "concordance?mot=jardin")


def test_a_page_of_fifty_leads_to_the_next_in_the_same_order(
    app: Flask, spoken: cases.Spoken
) -> None:
    person = client_for(app, "councillor")
    first = text(person, "concordance?mot=quartier&ordre=gauche")
    assert first.count("kwic__left") == 50
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert "ordre=gauche" in following[1]
    assert 'start="51"' in text(person, following[1])


@pytest.mark.parametrize("page", PAGES)
def test_another_council_finds_nothing(app: Flask, spoken: cases.Spoken, page: str) -> None:
    assert client_for(app, "coordinator-voisin").get(f"{HOME}/{page}").status_code == 404
    assert client_for(app, "reader").get(f"{HOME}/{page}").status_code == 404


def test_before_any_analysis_each_page_says_what_to_do(app: Flask, runtime: Runtime) -> None:
    results_cases.house(runtime)
    person = client_for(app, "coordinator")
    assert "Lancez l’analyse" in text(person, "mots")
    assert "Lancez l’analyse" in text(person, "concordance?mot=banc")
    assert "Il faut une analyse" in text(person, "specificites")
    assert "Après une première analyse" in text(person, "mots/choix")
    text(person, "specificites?par=theme", 404)


def test_an_empty_campaign_has_empty_pages(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    person = client_for(app, "councillor")
    for page in ("mots", "concordance", "specificites"):
        assert "analyse" in text(person, page)


def test_past_the_last_picture_the_page_says_why_there_is_none(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_groups, "MOST_PICTURES", 1)
    spoken = cases.spoken(runtime, monkeypatch)
    person = client_for(app, "councillor")
    with runtime.database.reading() as session:
        names = session.scalars(select(Picture.name).where(Picture.run_id == spoken.run.id)).all()
    assert names == ["specificites-00-00"]
    told = {part: text(person, f"specificites?par=theme&partie={part}") for part in ("LOG", "TRA")}
    assert sorted("Pas d’image ici" in page for page in told.values()) == [False, True]
    assert sorted("<svg" in page for page in told.values()) == [False, True]
