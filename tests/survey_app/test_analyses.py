"""The analysis of a campaign, for real: words read once, counts, cloud, and one current run."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select

import factories
import results_cases as cases
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Annotation, Campaign, Run, Testimony
from survey_app.runtime import Runtime
from survey_app.services import analyses, results

ASK = {"campaign": "essai"}


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def analyse(house: cases.House, told: list[tuple[int, int, str]] | None = None) -> dict[str, Any]:
    said = [] if told is None else told
    coordinator = house.actors["coordinator"]
    return analyses.work(house.runtime, coordinator, ASK, lambda *step: said.append(step))


def run_of(house: cases.House) -> Run:
    with house.runtime.database.reading() as session:
        found = analyses.latest(session, house.actors["coordinator"], house.campaign)
        assert found is not None
        assert {"nuage", "themes"} <= {picture.name for picture in found.pictures}
        return found


def test_a_run_counts_words_and_themes_and_is_told_step_by_step(house: cases.House) -> None:
    told: list[tuple[int, int, str]] = []
    assert analyse(house, told)["testimonies"] == 5
    shares = [done / total for done, total, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    run = run_of(house)
    assert run.figures["totals"] == {"testimonies": 5, "meetings": 2, "people": 5}
    themes = {item["code"]: item["testimonies"] for item in run.figures["themes"]}
    assert {code: number for code, number in themes.items() if number} == {"LOG": 4, "CAD": 1}
    assert run.figures["uncoded"] == 0
    words = {word.lemma: word for word in analyses.words_of(run)}
    assert (words["ascenseur"].count, words["ascenseur"].testimonies) == (3, 3)
    assert not any("prénom" in lemma.lower() for lemma in words)
    with house.runtime.database.reading() as session:
        cloud = analyses.cloud_of(session, run)
    assert cloud is not None
    assert cloud.png.startswith(b"\x89PNG")
    assert cloud.alt


def test_the_next_run_reads_only_what_is_new_and_replaces_the_last(
    house: cases.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse(house)
    first = run_of(house)
    with house.runtime.database.writing() as session:
        meeting = factories.meeting(session, session.get_one(Campaign, house.campaign.id))
        factories.testimony(session, meeting, masked="Une boulangerie manque ici.")
    given: dict[str, str] = {}
    real = analyses.french.entries

    def spied(texts: dict[str, str]) -> Any:
        given.update(texts)
        return real(texts)

    monkeypatch.setattr(analyses.french, "entries", spied)
    analyse(house)
    assert list(given.values()) == ["Une boulangerie manque ici."]
    second = run_of(house)
    assert second.id != first.id
    assert second.figures["totals"]["testimonies"] == 6
    with house.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1
        assert session.scalar(select(func.count()).select_from(Annotation)) == 6


def test_words_withdrawn_while_it_ran_are_not_kept(
    house: cases.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = analyses._figures

    def withdrawn_meanwhile(*given: Any) -> Any:
        with house.runtime.database.writing() as session:
            session.execute(delete(Testimony).where(Testimony.id == house.testimonies[0].id))
        return real(*given)

    monkeypatch.setattr(analyses, "_figures", withdrawn_meanwhile)
    with pytest.raises(Conflict, match="retirée"):
        analyse(house)
    with house.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 0
        assert session.scalar(select(func.count()).select_from(Annotation)) == 4


def test_an_empty_campaign_is_refused_and_a_councillor_too(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        factories.campaign(session, council)
    with pytest.raises(Invalid, match="aucun témoignage masqué"):
        analyses.work(runtime, actors["evaluator"], ASK, lambda *step: None)
    with pytest.raises(Forbidden):
        analyses.work(runtime, actors["councillor"], ASK, lambda *step: None)


def test_a_run_knows_when_it_is_old(house: cases.House) -> None:
    coordinator = house.actors["coordinator"]
    run = cases.analysed(house.runtime, coordinator, house.campaign)
    with house.runtime.database.writing() as session:
        basis = results.basis(session, coordinator, house.campaign)
        assert basis == results.Basis(testimonies=5, codings=5, pending=0)
        assert not results.outdated(session, house.campaign, run, basis)
        row = session.get_one(Testimony, house.testimonies[1].id)
        cases.coded(session, row, "LOG1", coordinator)
        basis = results.basis(session, coordinator, house.campaign)
        assert results.outdated(session, house.campaign, run, basis)
