"""What a tablet takes aboard: all that its collector needs to listen without any network.

The same words give the same package, byte for byte: its hash is the answer's ETag. The key of a
form is the hash of all it holds, so that an interview begun on one form stays on that form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from questionnaires import library
from questionnaires.model import Labels, Questionnaire, Section, in_language
from survey_app.domain import Forbidden
from survey_app.models import Account, Campaign, Council, Meeting, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import aboard_forms, campaigns, intake, meetings, scope, starting

VERSION = 1
MOST_RENDERED = 500  # forms kept ready in one process

Package = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One questionnaire in one language, with the words and places of one neighbourhood."""

    whole: Questionnaire
    language: str
    words: Mapping[str, str]
    places: Mapping[str, str]

    def say(self, labels: Labels) -> str:
        """A text of the questionnaire in French, its placeholders filled.

        The tablet makes the paper code itself: ``{code_retrait}`` stays as it is written.
        """
        return library.fill(in_language(labels, "fr"), self.words)


Render = Callable[[Sheet, Section], str]
"""The HTML of a section's questions, for answers that are all empty."""

_RENDERED: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the view knows: ``recipients`` are the age keys that testimonies are sealed to, and
    ``withdrawal_page`` is the whole address that the paper receipt gives."""

    recipients: Sequence[str]
    withdrawal_page: str
    render: Render


def package(session: Session, actor: Actor, frame: Frame) -> Package:
    """The whole package of one account.

    Raises `Forbidden` for who may not collect, and for what is not an account.
    """
    actor.require("testimony.collect")
    if actor.account_id is None:
        raise Forbidden()
    council = session.get_one(Council, actor.council_id)
    current = [
        meeting
        for meeting in meetings.listed(session, actor, meeting_states=("open", "planned"))
        if meeting.campaign.state == "running"
    ]
    running = {meeting.campaign_id: meeting.campaign for meeting in current}
    for campaign in meetings.campaigns(session, actor):
        if campaign.state == "running":
            running[campaign.id] = campaign
    account = scope.get(session, actor, Account, actor.account_id)
    return {
        "version": VERSION,
        "council": {"id": str(council.id), "name": council.name},
        "account": {"id": str(account.id), "name": account.display_name},
        "recipients": list(frame.recipients),
        "campaigns": [_campaign(running[key], frame) for key in sorted(running)],
        "meetings": [_meeting(meeting) for meeting in current],
        "forms": _forms(session, current, frame.render),
    }


def etag(content: bytes) -> str:
    """The hash that tells a tablet whether its package is the latest."""
    return hashlib.sha256(content).hexdigest()[:32]


def serialised(package: Package) -> bytes:
    """The package as it travels; the same package gives the same bytes."""
    return json.dumps(package, ensure_ascii=False, separators=(",", ":")).encode()


def _campaign(campaign: Campaign, frame: Frame) -> dict[str, Any]:
    until = campaign.retention_until
    return {
        "id": str(campaign.id),
        "title": campaign.title,
        "slug": campaign.slug,
        "controller": campaign.controller,
        "dpo_contact": campaign.dpo_contact,
        "retention_until": campaigns.in_full(until) if until else None,
        "withdrawal_page": frame.withdrawal_page,
        "fictitious": campaign.fictitious,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": str(meeting.id),
        "campaign": str(meeting.campaign_id),
        "neighbourhood": {
            "id": str(meeting.neighbourhood_id),
            "name": meeting.neighbourhood.name,
        },
        "method": meeting.method,
        "place": meeting.place,
        "held_on": meeting.held_on.isoformat() if meeting.held_on else None,
        "state": meeting.state,
        "collective": meeting.method in intake.COLLECTIVE,
    }


def _forms(session: Session, current: Sequence[Meeting], render: Render) -> list[dict[str, Any]]:
    """One form a campaign, neighbourhood, questionnaire and language, in the order of meetings."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for meeting in current:
        places = meetings.places(session, meeting.council_id, meeting.neighbourhood_id)
        words = campaigns.placeholders(meeting.campaign, meeting.neighbourhood)
        for version in starting.offered(meeting):
            whole = intake.asked_in(version, meeting.campaign)
            for language in whole.languages:
                key = (meeting.campaign_id, meeting.neighbourhood_id, version.id, language)
                if key not in found:
                    sheet = Sheet(whole, language, words, places)
                    found[key] = _form(meeting, version, sheet, render)
    return list(found.values())


def _form(
    meeting: Meeting, version: QuestionnaireVersion, sheet: Sheet, render: Render
) -> dict[str, Any]:
    """A form, made once by process for the same words: versions never change."""
    around = [str(meeting.campaign_id), str(meeting.neighbourhood_id), version.fingerprint]
    lists = campaigns.lists(meeting.campaign)
    said = [*around, sheet.language, dict(sheet.words), dict(sheet.places), lists]
    known = json.dumps(said, sort_keys=True)
    if known not in _RENDERED:
        if len(_RENDERED) >= MOST_RENDERED:
            _RENDERED.clear()
        _RENDERED[known] = _made(dict(zip(_AROUND, around, strict=True)), sheet, render)
    return _RENDERED[known]


_AROUND = ("campaign", "neighbourhood", "fingerprint")


def _made(around: dict[str, str], sheet: Sheet, render: Render) -> dict[str, Any]:
    whole = sheet.whole
    described = aboard_forms.described(whole, sheet.language, sheet.words, sheet.places)
    for section, told in zip(whole.sections, described["sections"], strict=True):
        told["html"] = render(sheet, section)
    form = {
        **around,
        "name": whole.name,
        "title": sheet.say(whole.title),
        "duration": sheet.say(whole.duration),
        "method": whole.method.replace("-", "_"),
        "unproofread": sheet.language in whole.unproofread,
        **described,
    }
    digest = hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()
    return {"key": digest[:32], **form}
