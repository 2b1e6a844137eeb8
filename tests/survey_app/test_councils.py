"""The council, its neighbourhoods of both generations, its sectors and contracts."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import factories
from conftest import SHARED
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Neighbourhood, Sector
from survey_app.services import councils, neighbourhoods


def test_the_shipped_list_holds_105_valid_neighbourhoods():
    rows = neighbourhoods.known()
    assert len(rows) == len({row.code for row in rows}) == 105
    for row in rows:
        assert neighbourhoods.checked_code(row.code) == (row.code, "2015")
        assert re.fullmatch(r"[0-9]{5}", row.insee_code)
        assert row.name
        assert row.department


@pytest.mark.shared
def test_the_shipped_list_says_what_its_source_says():
    with (SHARED / "data" / "qpv_occitanie.csv").open(encoding="utf-8-sig") as file:
        source = {
            row["code_qp"]: (row["nom_qp"], row["nom_commune"]) for row in csv.DictReader(file)
        }
    assert {row.code: (row.name, row.municipality) for row in neighbourhoods.known()} == source


def test_a_shipped_neighbourhood_is_made_once_on_demand(session):
    first = neighbourhoods.by_code(session, " qp034022 ")
    assert (first.municipality, first.generation, first.insee_code) == ("Lodève", "2015", "34142")
    assert neighbourhoods.by_code(session, "QP034022") is first
    assert len(session.scalars(select(Neighbourhood)).all()) == 1


@pytest.mark.parametrize("code", ["", "QP03402", "QX034022", "QP0340222", "QP03402é", "QP-34022"])
def test_codes_that_are_not_codes_are_refused(session, code):
    with pytest.raises(Invalid, match="code"):
        neighbourhoods.by_code(session, code)


@given(st.from_regex(r"Q[PN][0-9A-Z]{6}", fullmatch=True), st.booleans())
def test_every_well_formed_code_is_read_with_its_generation(code, lower):
    typed = f" {code[:2]} {code[2:]}\n"
    found = neighbourhoods.checked_code(typed.lower() if lower else typed)
    assert found == (code, "2015" if code[1] == "P" else "2024")


def test_an_unknown_code_is_added_by_hand(session, actors):
    with pytest.raises(Invalid, match="pas encore connu"):
        neighbourhoods.by_code(session, "QN03401M")
    with pytest.raises(Invalid, match="liste livrée"):
        neighbourhoods.add(session, actors["coordinator"], "QN03401M")
    with pytest.raises(Invalid, match="Insee"):
        neighbourhoods.add(session, actors["coordinator"], "QN03401M", "Centre", "Lodève", "341")
    row = neighbourhoods.add(
        session, actors["coordinator"], "qn03401m", " Centre  élargi ", "Lodève", "34142"
    )
    assert (row.code, row.generation, row.name) == ("QN03401M", "2024", "Centre élargi")
    assert neighbourhoods.by_code(session, "QN03401M") is row
    assert neighbourhoods.of_council(session, actors["coordinator"]) == [row]


def test_the_list_of_a_council_holds_what_it_works_in(session, actors, campaign, other_council):
    theirs = factories.actors(session, other_council, "-voisin")
    lodeve = neighbourhoods.by_code(session, "QP034022")
    neighbourhoods.by_code(session, "QP030015")
    councils.add_sector(session, actors["coordinator"], lodeve, "La place")
    codes = [row.code for row in neighbourhoods.of_council(session, actors["coordinator"])]
    assert codes == ["QP034020", "QP034022"]
    assert neighbourhoods.of_council(session, theirs["coordinator"]) == []


@pytest.mark.parametrize("role", ["councillor", "evaluator", "reader", "dpo"])
def test_only_admins_and_coordinators_manage_the_council(session, actors, role):
    place = factories.neighbourhood(session)
    for act in (
        lambda: councils.edit(session, actors[role], name="X", kind="Y"),
        lambda: councils.add_sector(session, actors[role], place, "Le port"),
        lambda: neighbourhoods.add(session, actors[role], "QP034022"),
        lambda: councils.save_contract(session, actors[role], label="C", period="2024-2030"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_council_is_edited_and_journalled(session, actors, council):
    councils.edit(
        session,
        actors["admin"],
        name=" Conseil  des Halles ",
        kind="conseil citoyen",
        mandate="Ligne une\r\nLigne deux",
        composition={"residents": 14, "organisations": 5},
    )
    assert council.name == "Conseil des Halles"
    assert council.mandate == "Ligne une\nLigne deux"
    assert council.composition == {"residents": 14, "organisations": 5}
    assert session.scalars(select(AuditEvent.action)).all() == ["council_edited"]
    with pytest.raises(Invalid, match="nom du conseil"):
        councils.edit(session, actors["admin"], name="  ", kind="conseil citoyen")
    with pytest.raises(Invalid, match="membres"):
        councils.edit(session, actors["admin"], name="A", kind="B", composition={"residents": -1})


@pytest.mark.parametrize(
    "label",
    [
        "12 rue des Lilas",
        "3 bis, avenue de la Gare",
        "rue des Lilas 12",
        "14B allée du Parc",
        "bâtiment 4",
        "Appt 12",
        "12, Place du Marché",
    ],
)
def test_addresses_are_not_sectors_unless_meant(session, actors, label):
    place = factories.neighbourhood(session)
    with pytest.raises(Invalid, match="ressemble à une adresse") as error:
        councils.add_sector(session, actors["coordinator"], place, label)
    assert error.value.code == "address"
    kept = councils.add_sector(session, actors["coordinator"], place, label, accept_address=True)
    assert kept.label == label


@pytest.mark.parametrize(
    "label",
    ["Les Halles", "Autour de l’école", "Cité des 4000", "Rue Haute", "Place du 8 mai 1945 nord"],
)
def test_plain_places_pass(label):
    assert not councils.looks_like_address(label)


def test_sectors_keep_their_name_when_renamed(session, actors, council):
    place = factories.neighbourhood(session)
    acting = actors["coordinator"]
    sector = councils.add_sector(session, acting, place, "Autour de l’Œuvre")
    assert sector.name == "autour-de-l-oeuvre"
    given_name = councils.add_sector(session, acting, place, "Les rues hautes", "rues-hautes")
    assert given_name.name == "rues-hautes"
    with pytest.raises(Conflict, match="existe déjà"):
        councils.add_sector(session, acting, place, "AUTOUR DE L’ŒUVRE")
    twin = councils.add_sector(session, acting, place, "Autour de l'Oeuvre !")
    assert twin.name == "autour-de-l-oeuvre-2"
    councils.rename_sector(session, acting, sector.id, "Côté jardin")
    assert (sector.name, sector.label) == ("autour-de-l-oeuvre", "Côté jardin")
    councils.remove_sector(session, acting, sector.id)
    assert [row.label for row in councils.sectors(session, acting, place)] == [
        "Autour de l'Oeuvre !",
        "Les rues hautes",
    ]


def test_a_sector_in_use_stays(session, actors, campaign):
    acting = actors["coordinator"]
    place = campaign.neighbourhoods[0]
    (halles,) = councils.sectors(session, acting, place)
    meeting = factories.meeting(session, campaign, sector="halles")
    with pytest.raises(Conflict, match="sert déjà"):
        councils.remove_sector(session, acting, halles.id)
    meeting.sector = ""
    testimony = factories.testimony(session, meeting, answers={"lieu": "halles", "sujets": ["a"]})
    with pytest.raises(Conflict):
        councils.remove_sector(session, acting, halles.id)
    testimony.answers = {"sujets": ["halles"]}
    councils.remove_sector(session, acting, halles.id)
    assert session.scalars(select(Sector)).all() == []


def test_another_councils_sectors_do_not_exist(session, actors, other_council):
    theirs = factories.actors(session, other_council, "-voisin")["coordinator"]
    place = factories.neighbourhood(session)
    sector = councils.add_sector(session, theirs, place, "Chez eux")
    with pytest.raises(NotFound):
        councils.rename_sector(session, actors["coordinator"], sector.id, "Chez nous")
    with pytest.raises(NotFound):
        councils.remove_sector(session, actors["coordinator"], sector.id)
    assert councils.sectors(session, actors["coordinator"]) == []


def test_contracts(session, actors, other_council):
    acting = actors["coordinator"]
    row = councils.save_contract(session, acting, label="Contrat", period=" 2015 – 2023 ")
    assert row.period == "2015-2023"
    councils.save_contract(
        session,
        acting,
        row.id,
        label="Contrat 2030",
        period="2024-2030",
        grouping_id="quartiers_2030",
    )
    assert [(c.label, c.period) for c in councils.contracts(session, acting)] == [
        ("Contrat 2030", "2024-2030")
    ]
    for period in ("2023-2015", "2015", "", "demain"):
        with pytest.raises(Invalid, match="période"):
            councils.save_contract(session, acting, label="C", period=period)
    with pytest.raises(Invalid, match="regroupement"):
        councils.save_contract(session, acting, label="C", period="2024-2030", grouping_id="x")
    theirs = factories.actors(session, other_council, "-voisin")["coordinator"]
    with pytest.raises(NotFound):
        councils.save_contract(session, theirs, row.id, label="À nous", period="2024-2030")


@given(st.text(max_size=200))
def test_slugs_are_always_fit_for_addresses(text):
    made = councils.slug(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", made)
    assert len(made) <= 60
    assert councils.slug(made) == made
