"""A campaign of three subjects in three places, whose words are known without reading French."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

import factories
import results_cases as cases
from analysis.codebook import load
from analysis.corpus import (
    Campaign,
    Coding,
    Corpus,
    Excerpt,
    Meeting,
    Neighbourhood,
    Testimony,
)
from survey_app.models import Campaign as CampaignRow
from survey_app.models import Run
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, run_parts
from survey_app.services import corpus as corpora
from tests.analysis.word_cases import said_of

MODULES = ("part_words", "part_groups", "part_network", "part_classes", "part_plane")
SUBJECTS = {
    "LOG": "ascenseur panne bailleur loyer palier fuite cave digicode hall radiateur",
    "TRA": "bus chauffeur ligne navette trajet retard gare abonnement correspondance soir",
    "CAD": "banc fontaine arbre pelouse poubelle toboggan ombre parc trottoir lampadaire",
}
CODES = {"LOG": "LOG1", "TRA": "TRA1", "CAD": "CAD1"}
PLACES = {"QP034020": "Centre Ville", "QP034021": "Les Halles", "QP034022": "La Gare"}
SHARED = "quartier voisin enfants mairie attendre"
HOSTILE = "<script>alert(1)</script> & « œuvre » 👩🏽‍🦱"


def words(number: int, subject: str) -> str:
    """Five sentences of about forty words on a subject, always the same for a number."""
    pick = random.Random(number)
    own, shared = SUBJECTS[subject].split(), SHARED.split()
    said = [
        [pick.choice(own if pick.random() < 0.8 else shared) for _ in range(38)] for _ in range(5)
    ]
    return " ".join(f"{' '.join(one).capitalize()}." for one in said)


def corpus(size: int = 60, placed: bool = False) -> Corpus:
    """``size`` testimonies, each on one subject and coded so; ``placed``: a place for each one."""
    subjects, places = list(SUBJECTS), list(PLACES)
    meetings = tuple(Meeting(f"m{rank}", f"R-0{rank}", "m", key) for rank, key in enumerate(places))
    rows = []
    for number in range(size):
        place = number % 3 if placed else 0
        text = words(number, subjects[number % 3])
        rows.append(Testimony(f"t{number}", number + 1, f"m{place}", places[place], text))
    excerpts = tuple(
        Excerpt(f"e{row.number}", row.number, row.id, 0, len(row.text), row.text) for row in rows
    )
    codings = tuple(
        Coding(f"e{row.number}", CODES[subjects[rank % 3]], "c") for rank, row in enumerate(rows)
    )
    known = tuple(Neighbourhood(code, name, "2015") for code, name in PLACES.items())
    campaign = Campaign("essai", "Essai", neighbourhoods=known)
    return Corpus(campaign, meetings, tuple(rows), excerpts, codings)


def given(found: Corpus, threshold: int = 5) -> run_parts.Given:
    said = said_of(found)
    return run_parts.Given(found, load(), said, said, threshold, {})


@dataclass(frozen=True)
class Heard:
    """A campaign in a database, analysed."""

    campaign: CampaignRow
    actors: Mapping[str, Actor]
    run: Run
    stranger: Actor = field(kw_only=True)


def heard(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, size: int = 60, hostile: str = HOSTILE
) -> Heard:
    """The same campaign in rows, one refused quotation out of two; its words need no spaCy."""
    subjects = list(SUBJECTS)
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        for number in range(size):
            subject = subjects[number % 3]
            row = factories.testimony(
                session,
                meeting,
                masked=f"{hostile} {words(number, subject)}",
                cite="refused" if number % 2 else "granted",
            )
            cases.coded(session, row, CODES[subject], actors["coordinator"])
        other = factories.council(session, name="Conseil voisin")
        strangers = factories.actors(session, other, suffix="-voisin")
    run = analysed(runtime, monkeypatch, campaign, actors["coordinator"])
    return Heard(campaign, actors, run, stranger=strangers["coordinator"])


def analysed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, campaign: CampaignRow, actor: Actor
) -> Run:
    """Keep a run made of these parts only."""
    monkeypatch.setattr(run_parts, "MODULES", MODULES)
    with runtime.database.reading() as session:
        loaded = corpora.load(session, actor, campaign)
    said = said_of(loaded.corpus)
    made = run_parts.Given(loaded.corpus, loaded.codebook, said, said, 5, {})
    everything = list(run_parts.made(made, lambda *step: None))
    parts = [one for one in everything if isinstance(one, run_parts.Part)]
    drawn = [one for one in everything if not isinstance(one, run_parts.Part)]
    figures = analyses._figures(loaded.corpus, loaded.codebook, [])
    found = analyses.Results(figures, drawn, (), parts)
    key = analyses._keep(runtime, actor, campaign.id, loaded.text_versions, found)
    with runtime.database.reading() as session:
        return session.get_one(Run, key)
