"""What the tests of learning share: invented sentences, two codes put often enough to learn."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

import factories
import results_cases
from analysis.sentences import sentences
from survey_app.models import (
    Campaign,
    SuggestionReport,
    SuggestionSheet,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime

PLACES = (
    "au bâtiment B", "dans la tour", "chez ma sœur", "près du parc", "au sixième", "en bas",
    "rue des Halles", "derrière l’école", "au centre", "près de la gare", "au bloc A", "ici",
)  # fmt: skip
TIMES = ("ce matin", "tout l’hiver")
LIFT = "L’ascenseur est encore en panne {place}, {time}, et personne ne le répare."
BUS = "Le bus passe trop rarement {place}, {time}, on attend à l’arrêt."
ELSEWHERE = LIFT.format(place="au fond de la cour", time="hier")
UNKNOWN = "Mon voisin a repeint sa porte en bleu. Le bus est en retard et l’ascenseur aussi."


@dataclass(frozen=True)
class House:
    """A campaign with two codes that were put often, a third once, and texts still to code."""

    runtime: Runtime
    campaign: Campaign
    actors: dict[str, Actor]
    coded: list[uuid.UUID]
    waiting: list[uuid.UUID]


def house(runtime: Runtime, *, times: int = 24) -> House:
    """``times`` texts of each of two codes, finished; three to code; a council beside."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = factories.meeting(session, campaign, actors["councillor"])
        coded = []
        moments = [(place, time) for time in TIMES for place in PLACES][:times]
        for place, time in moments:
            for sentence, code in ((LIFT, "LOG4"), (BUS, "MOB1")):
                text = sentence.format(place=place, time=time)
                row = factories.testimony(session, held, text=text, masked=text, state="coded")
                results_cases.coded(session, row, code, actors["coordinator"])
                coded.append(row.id)
        waiting = [told(session, campaign, text) for text in (UNKNOWN, ELSEWHERE, "Bonjour.")]
        factories.actors(session, factories.council(session, "Conseil voisin"), suffix="-voisin")
    return House(runtime, campaign, actors, coded, waiting)


def told(session: Session, campaign: Campaign, text: str) -> uuid.UUID:
    """One more text to code."""
    held = factories.meeting(session, campaign)
    row: Testimony = factories.testimony(session, held, text=text, masked=text)
    return row.id


def masked_again(session: Session, row: Testimony, text: str) -> uuid.UUID:
    """A newer masked text of a testimony."""
    made = TextVersion(
        council_id=row.council_id, testimony_id=row.id, sequence=3, kind="masked", text=text
    )
    session.add(made)
    session.flush()
    session.refresh(row)
    return made.id


def suggested(session: Session, house: House, unsure: dict[uuid.UUID, float]) -> None:
    """What a job would leave of texts to code: one offer a sentence, and how unsure it is."""
    for key, doubt in unsure.items():
        text = session.get_one(Testimony, key).text("masked")
        assert text is not None
        offer = {"code": "LOG4", "score": 0.6, "words": ["ascenseur"]}
        lines = [
            {"start": span.start, "end": span.end, "unsure": doubt / (rank + 1), "offers": [offer]}
            for rank, span in enumerate(sentences(text.text))
        ]
        session.add(
            SuggestionSheet(
                text_version_id=text.id,
                council_id=house.campaign.council_id,
                campaign_id=house.campaign.id,
                model="48 phrases codées",
                unsure=doubt,
                sentences=lines,
            )
        )


def reported(session: Session, house: House) -> None:
    """What a job would leave of its trial: a code learned, another not."""
    figures = {
        "sentences": 48,
        "first": [44, 48],
        "codes": {
            "LOG4": {"right": [23, 24], "found": [35, 40], "learned": True},
            "MOB1": {"right": [0, 0], "found": [0, 3], "learned": False},
        },
    }
    session.add(
        SuggestionReport(
            council_id=house.campaign.council_id,
            campaign_id=house.campaign.id,
            model="48 phrases codées",
            figures=figures,
        )
    )
