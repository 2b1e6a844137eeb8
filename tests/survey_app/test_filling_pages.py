"""Pages of questions as a browser without script goes through them: types, conditions, Arabic."""

from __future__ import annotations

import html as markup
import json
import re
from typing import Any

import pytest
from flask import Flask

from every_type import model, open_walk
from interviews import answers, begin, post, step
from pages import CheckedClient, client_for
from questionnaires import expressions
from survey_app.models import Meeting
from survey_app.runtime import Runtime

AGREE = {"accord_noter": "oui", "age": "adulte"}


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def agreed(me: CheckedClient, place: dict[str, Any]) -> str:
    path = begin(me, place, "QX")
    post(me, path, accord_noter="oui")
    post(me, path, **AGREE)
    return path


def text_of(me: CheckedClient, path: str) -> str:
    return me.get(path).get_data(as_text=True)


def block(html: str, name: str) -> str:
    """The page's piece for one question."""
    start = html.index(f'data-question="{name}"')
    end = html.find("data-question=", start + 1)
    return html[start : end if end > 0 else None]


def test_every_type_of_answer_is_kept_and_shown_again(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = agreed(me, place)
    given = {"aime": ["marche", "parc"], "classement": ["voisins", "", "calme"], "echelle": "2"}
    post(me, step(path, "choix"), **given)
    kept = answers(runtime, path)
    assert (kept["aime"], kept["classement"], kept["echelle"]) == (
        ["marche", "parc"],
        ["voisins", "calme"],
        "2",
    )
    html = block(text_of(me, step(path, "choix")), "classement")
    assert re.findall(r'<option value="(\w*)" selected', html) == ["voisins", "calme"]
    measures = {
        "presents": "12",
        "jour": "2026-03-01",
        "heure": "18:30",
        "moment": "2026-03-01T18:30",
        "lieu": "halles",
    }
    assert post(me, step(path, "mesures"), **measures).status_code == 303
    kept = answers(runtime, path)
    assert {name: kept[name] for name in measures} == measures | {"presents": 12}
    html = text_of(me, step(path, "mesures"))
    for name in ("jour", "heure", "moment"):
        assert f'value="{measures[name]}"' in block(html, name)
    for kind in ('type="date"', 'type="time"', 'type="datetime-local"', 'inputmode="numeric"'):
        assert html.count(f" {kind}") == 1
    review = text_of(me, path.split("/etape/")[0] + "/relire").replace("\u00a0", " ")
    assert "1. Les voisins, 2. Le calme" in review
    assert "1er mars 2026 à 18 h 30" in review


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("presents", "une douzaine", "nombre entier"),
        ("jour", "32/01/2026", "date du calendrier"),
        ("heure", "25:00", "heure"),
        ("moment", "demain", "date avec son heure"),
    ],
)
def test_what_cannot_be_read_stays_in_the_page_as_it_was_typed(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime, name: str, typed: str, said: str
) -> None:
    path = agreed(me, place)
    answer = post(me, step(path, "mesures"), **{name: typed})
    assert answer.status_code == 422
    for html in (answer.get_data(as_text=True), text_of(me, step(path, "mesures"))):
        piece = block(html, name)
        assert f'value="{typed}"' in piece
        assert said in piece.replace("\u00a0", " ")
        assert not re.search(r' type="(date|time|datetime-local)"', piece)
    assert answers(runtime, path)[name] == typed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"aime": ["rien", "parc"]}, "ne va avec aucune autre"),
        ({"aime": ["marche", "parc", "ecole"]}, "Le maximum est de 2"),
        ({"classement": ["calme", "calme"]}, "classée deux fois"),
    ],
)
def test_the_server_judges_choices_without_any_script(
    me: CheckedClient, place: dict[str, Any], fields: dict[str, Any], said: str
) -> None:
    answer = post(me, step(agreed(me, place), "choix"), **fields)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True).replace("\u00a0", " ")


def test_conditions_travel_with_the_page_and_hidden_questions_wait_disabled(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    path = agreed(me, place)
    html = text_of(me, step(path, "choix"))
    piece = block(html, "aime_marche")
    assert piece.split("<")[0].rstrip().endswith(" hidden>")
    assert re.search(r"<textarea[^>]* disabled", piece)
    tree = re.search(r'data-relevant="([^"]+)"', piece)
    assert tree
    question = model().question("aime_marche")
    assert json.loads(markup.unescape(tree[1])) == expressions.to_json(
        expressions.parse(question.relevant)
    )
    known = re.search(r'data-known="([^"]*)"', html)
    assert known
    assert json.loads(markup.unescape(known[1])) == {"age": "adulte"}
    assert "hidden" not in block(html, "echelle").split("<")[0]


def test_without_script_the_page_comes_back_with_what_opened(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = agreed(me, place)
    choices = step(path, "choix")
    answer = post(me, choices, aime=["marche"])
    assert answer.location.endswith("/choix#q-aime_marche-question")
    again = post(me, choices, aime=["marche"], aime_marche="Le samedi.")
    assert again.location.endswith("#q-marche_detail-question")
    last = post(me, choices, aime=["marche"], aime_marche="Le samedi.", marche_detail="2")
    assert last.location.endswith("/mesures")
    assert answers(runtime, path)["marche_detail"] == 2


def test_with_a_script_what_it_showed_is_saved_at_once(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = agreed(me, place)
    shown = "aime aime_marche marche_detail classement echelle"
    answer = post(
        me, step(path, "choix"), aime=["marche"], aime_marche="Ici", marche_detail="3", shown=shown
    )
    assert answer.location.endswith("/mesures")
    assert answers(runtime, path)["marche_detail"] == 3
    refused = post(me, step(path, "choix"), aime=["parc"], shown="aime presents inconnue")
    assert refused.location.endswith("#q-classement-question")
    assert answers(runtime, path)["aime_marche"] == "Ici"


def test_the_language_of_the_person_with_french_below(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    html = text_of(me, "/collecte/commencer")
    assert "Arabe (العربية), traduction à faire relire" in html
    assert re.search(r'<p><a href="/collecte/">Revenir à «.Recueillir.»</a></p>', html)
    path = begin(me, place | {"language": "ar"}, "QX")
    piece = block(text_of(me, path), "accord_noter")
    assert 'lang="ar" dir="rtl"' in text_of(me, path)
    assert "هل أكتب كلامكم؟" in piece
    assert "Puis-je noter vos paroles" in piece
    assert re.search(r'lang="fr" dir="ltr">Oui<', piece)
    assert 'lang="ar" dir="rtl">الموافقة <small class="in-french"' in text_of(me, path)
    assert "مرحبا من \N{FIRST STRONG ISOLATE}Centre Ville\N{POP DIRECTIONAL ISOLATE}" in text_of(
        me, path
    )
    refused = post(me, path)
    assert "Il manque la réponse" in refused.get_data(as_text=True)
    assert "Enregistrer et continuer" in text_of(me, path)


def test_parts_and_silences_are_said_in_the_language_of_the_person_too(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    path = agreed(me, place | {"language": "ar"})
    listed = text_of(me, step(path, "arrets"))
    assert re.search(r'<h1 lang="ar" dir="rtl">المحطات <small[^>]*>Les arrêts</small></h1>', listed)
    entry = text_of(me, step(path, "arrets/1"))
    assert re.search(r'<h1 lang="ar" dir="rtl">محطة 1 <small[^>]*>Arrêt 1</small></h1>', entry)
    assert "<h1>Choix</h1>" in text_of(me, step(path, "choix"))  # not translated
    silent = block(text_of(me, step(path, "choix")), "aime")
    assert silent.count("Réponse ci-dessus") == 1


def test_the_bar_of_the_last_step_is_full(me: CheckedClient, place: dict[str, Any]) -> None:
    path = agreed(me, place)
    page = text_of(me, path.rsplit("/etape/", 1)[0] + "/relire")
    bar = re.search(r'<progress[^>]* max="(\d+)" value="(\d+)"', page)
    assert bar is not None
    assert bar[1] == bar[2]
    assert 'value="1"' in text_of(me, path).partition("<progress")[2].partition(">")[0]


def test_a_language_that_the_questionnaire_does_not_speak_is_refused(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.reading() as session:
        campaign = session.get_one(Meeting, place["meeting"]).campaign
        french = next(str(q.id) for q in campaign.questionnaires if q.name.startswith("Q01"))
    data = {"meeting": str(place["meeting"]), "questionnaire": french, "language": "ar"}
    answer = me.send("/collecte/commencer", data)
    assert answer.status_code == 422
    assert "dans cette langue" in answer.get_data(as_text=True)
