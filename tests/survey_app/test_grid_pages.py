"""The pages of grids: what they show, what they refuse, to whom they open."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from analysis import codebook, codebook_csv
from pages import CheckedClient, client_for
from rooms import furnish
from survey_app.models import Account, Campaign, CodebookVersion, Coding
from survey_app.runtime import Runtime
from survey_app.services import coding

TEXT = "Le hall est sale. Le bus passe trop tard."


@pytest.fixture
def me(app: Flask, runtime: Runtime) -> CheckedClient:
    """The coordinator of a campaign with two codings, LOG4 and MOB1."""
    furnish(runtime)
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == "essai")).one()
        evaluator = select(Account).where(Account.login == "evaluator")
        coder = factories.actor(session.scalars(evaluator).one())
        row = factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)
        coding.code_sentences(session, coder, row, [0], ["LOG4"])
        coding.code_sentences(session, coder, row, [1], ["MOB1"])
    return client_for(app, "coordinator")


def grid(runtime: Runtime, slug: str = "essai") -> str:
    with runtime.database.reading() as session:
        found = session.scalars(select(Campaign).where(Campaign.slug == slug)).one()
        return str(found.codebook_version_id)


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def begin(me: CheckedClient, runtime: Runtime) -> str:
    """Begin a draft, and say its address."""
    page = f"/grilles/versions/{grid(runtime)}"
    answer = me.send(f"{page}/brouillon", {}, page=page)
    assert answer.status_code == 303
    return str(answer.location)


def gesture(me: CheckedClient, draft: str, what: str, **data: Any) -> Any:
    """Send a form of the draft as it was shown."""
    page = f"{draft}/{what}"
    shown = words(me.get(page))
    revision = re.search(r'name="revision" type="hidden" value="(\d+)"', shown)
    assert revision is not None
    return me.send(page, {"revision": revision[1], **data})


def test_a_code_is_renamed_published_and_given_to_the_campaign(
    me: CheckedClient, runtime: Runtime
) -> None:
    draft = begin(me, runtime)
    assert gesture(me, draft, "renommer/LOG4", name="log40").status_code == 303
    assert "LOG4 s’appelle désormais LOG40." in words(me.get(draft))
    refusal = gesture(me, draft, "renommer/MOB1", name="LOG2")
    assert refusal.status_code == 422
    assert "« LOG2 » a déjà servi" in words(refusal).replace("\u202f", " ")
    made = gesture(me, draft, "publier", number="2.0.0", notes="Plus clair.")
    assert "Plus clair." in words(me.get(made.location))
    version = made.location.rsplit("/", 1)[1]
    assert "« Parties communes »" in words(me.get(f"{made.location}/comparer"))
    page = f"/grilles/campagnes/essai?version={version}"
    assert "1 change de sigle" in words(me.get(page))
    sent = {"version": version, "seen": grid(runtime)}
    assert me.send("/grilles/campagnes/essai/passer", sent, page=page).status_code == 303
    assert grid(runtime) == version
    assert codes(runtime) == ["LOG40", "MOB1"]
    again = me.send("/grilles/campagnes/essai/passer", sent, page=page)
    assert "a changé entre-temps" in words(me.get(again.location))
    me.send("/grilles/campagnes/essai/revenir", {}, page=page)
    assert codes(runtime) == ["LOG4", "MOB1"]


def codes(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        query = select(Coding.code).where(Coding.state == "validated")
        return sorted(session.scalars(query))


def test_a_page_open_too_long_does_not_write_over_somebody(
    me: CheckedClient, runtime: Runtime
) -> None:
    draft = begin(me, runtime)
    gesture(me, draft, "retirer/LOG4")
    late = me.send(f"{draft}/retirer/LOG5", {"revision": "1"})
    assert late.status_code == 409
    assert "Ce brouillon a changé" in words(late)
    assert "LOG5" in words(me.get(draft))
    undone = me.send(f"{draft}/annuler", {"revision": "1"}, page=draft)
    assert "a changé depuis" in words(me.get(undone.location))


def test_words_typed_are_shown_as_words(me: CheckedClient, runtime: Runtime) -> None:
    draft = begin(me, runtime)
    label = "<script>alert(1)</script>"
    gesture(me, draft, "code/LOG4", label=label, definition="{{ 7*7 }}", lemmas="hall\n\nporte")
    shown = words(me.get(draft))
    assert "&lt;script&gt;" in shown
    assert "{{ 7*7 }}" in shown
    assert label not in shown


@pytest.mark.parametrize(
    "path", ["code/XYZ", "diviser/LOG", "diviser/HOR", "ajouter/LOG1", "regroupement/piliers_2015"]
)
def test_pages_of_what_is_not_there_do_not_exist(
    me: CheckedClient, runtime: Runtime, path: str
) -> None:
    assert me.get(f"{begin(me, runtime)}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "words_told"),
    [
        ("grille.csv", b"code;theme;libelle;definition\nA;A;b;c\n", "forme inattendue"),
        ("grille.qdc", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "refusée, par sécurité"),
        ("grille.exe", b"MZ", "n’est pas un fichier de grille"),
    ],
)
def test_a_faulty_file_is_refused_on_its_page(
    me: CheckedClient, runtime: Runtime, name: str, data: bytes, words_told: str
) -> None:
    sent = {"grid": (io.BytesIO(data), name)}
    answer = me.send("/grilles/importer", sent)
    assert answer.status_code == 422
    assert words_told in words(answer)
    with runtime.database.reading() as session:
        assert session.scalars(
            select(CodebookVersion).where(CodebookVersion.state == "draft")
        ).all() == []  # fmt: skip


def test_a_table_becomes_a_draft(me: CheckedClient) -> None:
    data = codebook_csv.write(codebook.load())
    answer = me.send("/grilles/importer", {"grid": (io.BytesIO(data), "Notre grille.csv")})
    assert answer.status_code == 303
    shown = words(me.get(answer.location))
    assert "Notre grille" in shown
    assert "14 thèmes et 105 codes" in shown.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("kind", "begins"), [("csv", b"\xef\xbb\xbfcode;"), ("qdc", b"<?xml"), ("yaml", b"id: ")]
)
def test_a_version_is_saved_as_a_file(
    me: CheckedClient, runtime: Runtime, kind: str, begins: bytes
) -> None:
    answer = me.get(f"/grilles/versions/{grid(runtime)}/fichier.{kind}")
    assert answer.data.startswith(begins)
    name = f"grille-contrat-de-ville-1.0.0.{kind}"
    assert name in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("login", ["councillor", "evaluator"])
def test_coders_read_and_do_not_write(
    app: Flask, me: CheckedClient, runtime: Runtime, login: str
) -> None:
    draft = begin(me, runtime)
    coder = client_for(app, login)
    assert "Préparer la version" not in words(coder.get(f"/grilles/versions/{grid(runtime)}"))
    assert coder.get("/grilles/").status_code == 200
    assert coder.get(draft).status_code == 404
    assert coder.get("/grilles/campagnes/essai").status_code == 404


def test_another_council_has_other_grids(app: Flask, me: CheckedClient, runtime: Runtime) -> None:
    draft = begin(me, runtime)
    other = client_for(app, "coordinator-voisin")
    for path in (
        f"/grilles/versions/{grid(runtime)}",
        f"/grilles/versions/{grid(runtime)}/fichier.yaml",
        draft,
        f"{draft}/publier",
        "/grilles/campagnes/essai",
        "/grilles/campagnes/essai/a-repartir",
    ):
        assert other.get(path).status_code == 404, path
    foreign = {"version": grid(runtime, "voisine")}
    answer = me.send("/grilles/campagnes/essai/passer", foreign, page="/grilles/campagnes/essai")
    assert answer.status_code == 404
    for path in ("passer", "revenir", "a-repartir"):
        page = "/grilles/campagnes/voisine"
        sent = other.send(f"/grilles/campagnes/essai/{path}", foreign, page=page)
        assert sent.status_code == 404, path
