"""A campaign whose two methods speak of two things, analysed without reading French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories
import results_cases as cases
from survey_app.models import Campaign, Meeting, Run
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, concordance_reading, corpus, groups_reading, run_parts
from survey_app.services.crossings import Labels
from tests.analysis.word_cases import said_of

MODULES = ("part_words", "part_groups")
HOSTILE = "<script>alert(1)</script> & “œuvre” 👩🏽‍🦱 [PRÉNOM 1]"
EACH = "voisins jardin place quartier enfants"  # everybody says each of these, unequally
HEATING = (
    f"Chauffage humide palier. Chauffage palier chauffage coûte {EACH}{5 * ' voisins jardin'}."
)
BUSES = f"Navette retard navette arrêt. Navette retard {EACH}{5 * ' place quartier'}."
TOGETHER = f"Navette tardive {EACH} place."
MANY, FEW = 14, 3


@dataclass(frozen=True)
class Spoken:
    """A campaign in a database: its people, its newest run."""

    runtime: Runtime
    campaign: Campaign
    actors: dict[str, Actor]
    run: Run


def spoken(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """14 testimonies on heating, 14 on buses, 3 by a third method; women and men; analysed."""
    monkeypatch.setattr(run_parts, "MODULES", MODULES)
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        by = actors["councillor"]
        rooms = [
            factories.meeting(session, campaign, by, method=method, held_on=day)
            for method, day in (
                ("individuel", date(2026, 4, 2)),
                ("micro_trottoir", date(2026, 5, 2)),
                ("collectif", date(2026, 5, 9)),
            )
        ]
        for number in range(2 * MANY + FEW):
            room = rooms[min(number // MANY, 2)]
            _say(session, room, number, actors["coordinator"])
        other = factories.council(session, name="Conseil voisin")
        factories.actors(session, other, suffix="-voisin")
    run = analysed(runtime, campaign, actors["coordinator"])
    return Spoken(runtime, campaign, actors, run)


def _say(session: Session, room: Meeting, number: int, coder: Actor) -> None:
    words = (HEATING, BUSES, TOGETHER)[min(number // MANY, 2)]
    row = factories.testimony(
        session,
        room,
        masked=f"{HOSTILE} {words}" + (" Rosiers." if number == 0 else ""),
        cite="refused" if number % 2 else "granted",
        profile={"age": "jeune" if number < MANY else "moins_jeune"},
    )
    if number < 2 * MANY:
        cases.coded(session, row, "TRA1" if number >= MANY else "LOG1", coder, words)


def given(
    loaded: corpus.Loaded, choices: dict[str, Any], labels: Labels | None = None
) -> run_parts.Given:
    """Every run of letters is a word; those set aside do not count."""
    read = said_of(loaded.corpus)
    chosen = run_parts.selection(choices)
    said = {
        key: tuple(token for token in tokens if token.lemma not in chosen.added)
        for key, tokens in read.items()
    }
    return run_parts.Given(loaded.corpus, loaded.codebook, read, said, 5, labels or {}, choices)


def analysed(runtime: Runtime, campaign: Campaign, actor: Actor) -> Run:
    """Keep a run made of the parts of words, with the choices that the campaign has now."""
    with runtime.database.reading() as session:
        loaded = corpus.load(session, actor, campaign)
        choices = dict(session.get_one(Campaign, campaign.id).analysis)
    found = list(run_parts.made(given(loaded, choices), lambda *step: None))
    parts = [one for one in found if isinstance(one, run_parts.Part)]
    drawn = [one for one in found if not isinstance(one, run_parts.Part)]
    figures = analyses._figures(loaded.corpus, loaded.codebook, [])
    results = analyses.Results(figures, drawn, (), parts)
    key = analyses._keep(runtime, actor, campaign.id, loaded.text_versions, results)
    with runtime.database.reading() as session:
        return session.get_one(Run, key)


def concordance(
    spoken: Spoken,
    word: str,
    order: str = "lecture",
    page: int = 1,
    part: groups_reading.Opened | None = None,
) -> concordance_reading.Concordance | None:
    """A page of a word as a councillor opens it."""
    with spoken.runtime.database.reading() as session:
        return concordance_reading.concordance(
            session,
            spoken.actors["councillor"],
            spoken.campaign,
            spoken.run,
            word,
            order,
            page,
            part,
        )
