"""The demonstration's people at work: they meet, listen, review, mask and code like anybody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from questionnaires.testimony import PRESENT
from survey_app.domain import Invalid
from survey_app.keys import KeyRing
from survey_app.models import Campaign, Meeting, Testimony
from survey_app.permissions import Actor
from survey_app.services import coding, consents, custody, intake, masking, meetings, review
from survey_app.services.counters import Counters

PARIS = ZoneInfo("Europe/Paris")
NAMESPACE = uuid.UUID("0d3a6f0e-6c1f-5b7e-9d52-7a1c5e0b2f84")


def identifier(key: str) -> uuid.UUID:
    """The lasting id of a testimony of the demonstration (``bed-01``)."""
    return uuid.uuid5(NAMESPACE, key)


def withdrawal_code(keys: KeyRing, key: str) -> str:
    """The paper code of a demonstration testimony: always the same in one installation."""
    digest = bytes.fromhex(keys.keyed_hash("demo-code", key))
    alphabet = consents.CODE_ALPHABET
    return consents.shown(
        "".join(alphabet[byte % len(alphabet)] for byte in digest[: consents.CODE_LENGTH])
    )


@dataclass(slots=True)
class Walk:
    """One campaign and the actors who bring its testimonies from the street to the codings."""

    session: Session
    keys: KeyRing
    campaign: Campaign
    people: Mapping[str, Actor]

    def meeting(self, entry: Mapping[str, Any], voices: list[Any]) -> None:
        """Plan a meeting, open it, take in what was said there, close it with its counters."""
        collector = self.people[entry["collector"]]
        places = {row.code: row.id for row in self.campaign.neighbourhoods}
        plan = meetings.Plan(
            neighbourhood_id=places[entry["neighbourhood"]],
            method=entry["method"],
            held_on=entry["date"],
            place=entry["place"],
            sector=entry["sector"],
            team=entry.get("team", ""),
            weather=entry.get("weather", ""),
        )
        meeting = meetings.plan(self.session, collector, self.campaign, plan)
        meetings.start(self.session, collector, meeting)
        for item in voices:
            self._receive(collector, meeting, item)
        meetings.close(self.session, collector, meeting, Counters(**entry["counters"]))

    def _receive(self, collector: Actor, meeting: Meeting, item: Mapping[str, Any]) -> None:
        prints = {row.name: row.fingerprint for row in self.campaign.questionnaires}
        held_on = meeting.held_on or meetings.today()
        envelope = intake.Envelope(
            id=identifier(item["key"]),
            council_id=self.campaign.council_id,
            meeting_id=meeting.id,
            questionnaire=prints[item["questionnaire"]],
            answers=item["answers"],
            withdrawal_code=withdrawal_code(self.keys, item["key"]),
            claimed_at=datetime.combine(held_on, time(16), tzinfo=PARIS),
            origin="demo",
            source_id=item["key"],
            said_on=held_on,
            persons=item["answers"].get(PRESENT, 1),
        )
        receipt = intake.receive(self.session, collector, self.keys, envelope)
        if not receipt.kept:
            raise Invalid(f"Témoignage {item['key']} : {' '.join(receipt.problems)}")

    def testimony(self, item: Mapping[str, Any]) -> None:
        """Review, mask and code one testimony, each gesture by the person that the story names.

        A ``state`` in the story stops there: the rest is left for whoever discovers the desk.
        """
        state = item.get("state", "coded")
        if state == "to_review":
            return
        testimony = self.session.get_one(Testimony, identifier(item["key"]))
        reviewer = self.people[item["reviewer"]]
        review.take(self.session, reviewer, testimony)
        custody.read_raw(self.session, reviewer, testimony)
        checklist = dict.fromkeys(review.CHECKLIST, True) | {"no_identity": not item["mask"]}
        review.decide(self.session, reviewer, testimony, "accept", checklist)
        if state == "reviewed":
            return
        self._mask(reviewer, testimony, item["mask"])
        if state == "coded":
            self._code(testimony, item["codings"])

    def _mask(self, reviewer: Actor, testimony: Testimony, masks: list[Any]) -> None:
        text = custody.working_text(testimony).text
        for mask in masks:
            start = -1
            for _ in range(mask.get("occurrence", 1)):
                start = text.index(mask["words"], start + 1)
            end = start + len(mask["words"])
            masking.add(self.session, reviewer, testimony, start, end, mask["category"])
        masking.confirm(self.session, reviewer, testimony)

    def _code(self, testimony: Testimony, codings: list[Any]) -> None:
        masked = testimony.text("masked")
        text = masked.text if masked else ""
        for entry in codings:
            coder = self.people[entry["coder"]]
            start = text.index(entry["quote"])
            end = start + len(entry["quote"])
            coding.code(
                self.session, coder, testimony, start, end, entry["codes"], entry.get("facets")
            )
        coding.finish(self.session, self.people[codings[-1]["coder"]], testimony)
