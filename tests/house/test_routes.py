"""Who may open what: every rule × method × role, on one's own council and on another's.

The table of declarations is kept beside this file (`routes.txt`). When a route is added or its
declaration changes on purpose, write it anew with ``PAROLES_REWRITE=1 make test`` and read the
difference in the review: it is the list of what has just been opened to whom.
"""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import factories
from field_cases import seal
from pages import CheckedClient, client, client_for
from questionnaires import library, versions
from survey_app import security
from survey_app.cli.installation import route_table
from survey_app.models import (
    AgreementRound,
    Attachment,
    Campaign,
    CityContract,
    Draft,
    Job,
    Meeting,
    QuestionnaireDraft,
    RecontactEntry,
    Record,
    Recording,
    ReviewQuestion,
    SafeguardingAlert,
    Sector,
    Testimony,
    now,
    uuid7,
)
from survey_app.permissions import PERMISSIONS, Actor, Role
from survey_app.runtime import Runtime
from survey_app.services import coding, devices, media_files, syntheses

TABLE = Path(__file__).with_name("routes.txt")
CANARY = "canari-du-conseil-voisin"
VISITORS = ("anonymous", "revoked")


def settle(session: Session, name: str, slug: str, word: str) -> dict[str, Any]:
    """A council with one of everything; ``word`` is in every text that a page could show."""
    council = factories.council(session, f"Conseil {name}")
    actors = factories.actors(session, council, suffix=f"-{slug}")
    campaign = factories.campaign(session, council, slug, title=f"Campagne {word}")
    meeting = factories.meeting(session, campaign, actors["councillor"], place=f"place {word}")
    text = f"Le hall de l’immeuble est sale depuis un an, {word}."
    testimony = factories.testimony(session, meeting, text=text, masked=text)
    rows = records(campaign, meeting, actors, word)
    session.add_all(rows.values())
    session.flush()
    coded(session, testimony, actors["coordinator"])
    waiting = under_review(session, testimony, word)
    syntheses.draft(session, actors["coordinator"], campaign)
    device, _ = devices.enrol(session, actors["councillor"], f"Tablette {word}")
    return {
        "slug": slug,
        "device_id": device.id,
        "testimony_id": testimony.id,
        "meeting_id": meeting.id,
        "account_id": actors["reader"].account_id,
        "version_id": campaign.questionnaires[0].id,
        "codebook_id": campaign.codebook_version_id,
        "section": "accord",
        **dict.fromkeys(("version", "entry", "number"), 1),
        "waiting_id": uuid7(),
        "name": "nuage",
        **dict.fromkeys(("code", "theme"), "LOG"),
    } | {name: row.id for name, row in (rows | waiting).items()}


def under_review(session: Session, testimony: Testimony, word: str) -> dict[str, Any]:
    """What goes with a testimony until it is masked: a question asked, a voice."""
    common = {"council_id": testimony.council_id, "testimony_id": testimony.id}
    asked = ReviewQuestion(**common, text=word)
    sound = sha256(word.encode()).hexdigest()
    voice = Recording(**common, media_type="audio/webm", sha256=sound, size=len(word))
    session.add_all([asked, voice])
    session.flush()
    return {"question_id": asked, "recording_id": voice}


def records(
    campaign: Campaign, meeting: Meeting, actors: dict[str, Actor], word: str
) -> dict[str, Any]:
    """One row of each other kind, by the name that addresses give it."""
    common = {"council_id": campaign.council_id, "created_by": actors["coordinator"].account_id}
    place = campaign.neighbourhoods[0]
    alert = SafeguardingAlert(**common, campaign_id=campaign.id, nature="danger", contact=word)
    draft = Draft(
        **common,
        account_id=actors["councillor"].account_id,
        campaign_id=campaign.id,
        meeting_id=meeting.id,
        questionnaire_version_id=campaign.questionnaires[1].id,
        answers={"accord_noter": "oui", "va_bien": word},
        withdrawal_code="",
        updated_at=now(),
    )
    label = f"Secteur {word}"
    contact = RecontactEntry(
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        contact=word,
        left_on=now().date(),
    )
    return {
        "sector_id": Sector(**common, neighbourhood_id=place.id, name="secteur", label=label),
        "contract_id": CityContract(**common, label=f"Contrat {word}", period="2024-2030"),
        "alert_id": alert,
        "round_id": discussed(campaign, actors, word),
        "contact_id": contact,
        "job_id": Job(**common, kind="analyse", campaign_id=campaign.id, message=word),
        "draft_id": draft,
        **papers(campaign, common, word),
    }


def discussed(campaign: Campaign, actors: dict[str, Actor], word: str) -> AgreementRound:
    """A double coding that two people have finished."""
    return AgreementRound(
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        title=word,
        first_coder_id=actors["councillor"].account_id,
        second_coder_id=actors["coordinator"].account_id,
        state="arbitration",
    )


def papers(campaign: Campaign, common: dict[str, Any], word: str) -> dict[str, Any]:
    """A council's paper, a questionnaire being written, and a photo of that paper."""
    source = library.load("Q07-compte-rendu-de-debat")
    document = versions.to_dict(replace(source, title={"fr": f"Compte rendu {word}"}))
    paper = Record(
        **common,
        id=uuid7(),
        questionnaire_version_id=campaign.questionnaires[0].id,
        title=f"Débat {word}",
        answers={"recit_quartier": word},
        section="quartier",
    )
    photo = Attachment(
        **common,
        record_id=paper.id,
        media_type="image/jpeg",
        sha256="0" * 64,
        width=1,
        height=1,
        content=word.encode(),
    )
    written = QuestionnaireDraft(**common, name=source.name, document=document)
    return {"record_id": paper, "attachment_id": photo, "questionnaire_id": written}


def coded(session: Session, testimony: Testimony, by: Actor) -> None:
    """Code the whole masked text, through the service that the bench calls."""
    masked = testimony.text("masked")
    assert masked is not None
    coding.code(session, by, testimony, 0, len(masked.text), ["LOG4"])


@pytest.fixture
def houses(app: Flask, runtime: Runtime) -> dict[str, dict[str, Any]]:
    app.config["WTF_CSRF_ENABLED"] = False  # roles are looked at here, tokens elsewhere
    with runtime.database.writing() as session:
        own = settle(session, "d’ici", "ici", "bonjour")
        other = settle(session, "voisin", "voisin", CANARY)
        gone = factories.account(session, factories.council(session, "Parti"), "revoked", "admin")
        gone.active = False
    for values, word in ((own, "bonjour"), (other, CANARY)):
        voiced(runtime, values, word)
    return {"own": own, "other": other}


def voiced(runtime: Runtime, values: dict[str, Any], word: str) -> None:
    """The file of a recording, sealed to its council."""
    with runtime.database.reading() as session:
        row = session.get_one(Recording, values["recording_id"])
    target = media_files.voice(runtime, row.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(seal(runtime, row.council_id, word.encode()))


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    given = dict(values)
    if "quartiers" in rule.rule:
        given["code"] = "QP034020"
    for name, converter in rule._converters.items():
        if type(converter).__name__ == "AnyConverter":
            given[name] = sorted(converter.items)[0]
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})


def visitor(app: Flask, login: str) -> CheckedClient:
    if login == "anonymous":
        return client(app)
    return client_for(app, login if login == "revoked" else f"{login}-ici")


def routes(app: Flask, *, device: bool = False) -> list[tuple[Rule, str, str]]:
    """Each method of each rule that is not public: those of people, or those of tablets."""
    found = []
    for rule in app.url_map.iter_rules():
        declared = security.declared(app, rule.endpoint)
        assert declared is not None, rule.rule
        if not declared.action or declared.device is not device:
            continue
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(rule, method, declared.action) for method in methods]
    return found


def refused_at_the_door(status: int, method: str, endpoint: str) -> bool:
    """Sent to the login page; a refused form is kept, and logging out twice has none to keep."""
    return status == (303 if method == "GET" or endpoint == "account.logout" else 401)


def test_the_declarations_are_those_that_were_agreed(app: Flask) -> None:
    with app.app_context():
        lines = [
            f"{row['method']:5}{row['rule']}  {row['scope']}  {' '.join(row['roles'])}".rstrip()
            for row in route_table()
        ]
    if os.environ.get("PAROLES_REWRITE") == "1":
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize("login", [*VISITORS, *(role.value for role in Role)])
def test_only_the_declared_roles_get_in(
    app: Flask, houses: dict[str, dict[str, Any]], login: str
) -> None:
    person = visitor(app, login)
    wrong = []
    for rule, method, action in routes(app):
        allowed = login in {role.value for role in PERMISSIONS[action]}
        if allowed and method != "GET":
            continue  # what an allowed POST does is each room's own test
        answer = person.open(address(app, rule, houses["own"]), method=method)
        if login in VISITORS:
            good = refused_at_the_door(answer.status_code, method, rule.endpoint)
        elif allowed:
            good = answer.status_code < 500
        else:
            good = answer.status_code == 404
        if not good:
            wrong.append(f"{method} {rule.rule} -> {answer.status_code}")
        if login in VISITORS or not allowed:
            assert "bonjour" not in answer.get_data(as_text=True), rule.rule
    assert wrong == []


@pytest.mark.parametrize("login", [role.value for role in Role])
def test_another_council_does_not_exist(
    app: Flask, houses: dict[str, dict[str, Any]], login: str
) -> None:
    person = visitor(app, login)
    wrong = []
    for rule, method, _ in routes(app):
        answer = person.open(address(app, rule, houses["other"]), method=method)
        foreign = rule.arguments - {"code", "gesture", "kind"} or "voisin" in answer.request.path
        if foreign and answer.status_code != 404:
            wrong.append(f"{method} {rule.rule} -> {answer.status_code}")
        if CANARY in answer.get_data(as_text=True):
            wrong.append(f"{method} {rule.rule} shows another council’s words")
        if rule.endpoint == "account.logout":
            person = visitor(app, login)
    assert wrong == []


def test_every_get_of_the_coordinator_answers(
    app: Flask, houses: dict[str, dict[str, Any]]
) -> None:
    """The own-council half is not vacuous: with everything there, most pages do open."""
    person = visitor(app, "coordinator")
    opened = [
        rule.endpoint
        for rule, method, action in routes(app)
        if method == "GET"
        and Role.COORDINATOR in PERMISSIONS[action]
        and person.get(address(app, rule, houses["own"])).status_code == 200
    ]
    assert len(opened) > 35, sorted(opened)
