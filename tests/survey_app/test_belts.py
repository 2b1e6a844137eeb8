"""Last refusals, whatever pages let through: pictures, withdrawn cards, retired forms, numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import factories
import photo_files as files
from envelopes import envelope
from pages import client_for
from questionnaires import library, versions
from questionnaires.model import Questionnaire
from records_cases import Q07, minutes
from rooms import furnish, shown
from survey_app.domain import Invalid
from survey_app.models import (
    Campaign,
    Council,
    Erasure,
    Meeting,
    QuestionnaireVersion,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    attachments,
    campaign_questionnaires,
    collection,
    consents,
    copying,
    deposit,
    erasure,
    records_access,
)
from survey_app.services.copying import Sheet

Actors = dict[str, Actor]
CARD = "ABCD-EFGH-JKMN"
PHOTO = "01a20927-a053-7850-9a81-8487ce6880a8"


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: Actors) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"])


def unconditional(name: str) -> Questionnaire:
    """A form that asks everybody everything, as no safeguard would let it be published."""
    whole = library.load(name)
    sections = [
        replace(
            section,
            relevant="",
            questions=tuple(replace(item, relevant="") for item in section.questions),
        )
        for section in whole.sections
    ]
    return replace(whole, sections=tuple(sections))


SAID = {"accord_noter": "oui", "accord_citer": "oui", "accord_parent": "oui"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"age": "15_17", "accord_voix": "oui"}, "enregistrer la voix"),
        ({"age": "moins_15", "accord_photo": "oui"}, "prendre une photo"),
        ({"age": "15_17", "photo_lieu": PHOTO}, "l’accord écrit des parents"),
        ({"age": "15_17", "accord_parent_ecrit": "non", "accord_voix": "oui"}, "Avant 18 ans"),
        ({"age": "40_59", "photo_lieu": PHOTO}, "sans l’accord pour la photo"),
        ({"age": "40_59", "accord_photo": "non", "photo_lieu": PHOTO}, "sans l’accord pour"),
        ({"age": "15_17", "accord_parent_ecrit": "oui", "photo_lieu": PHOTO}, "sans l’accord"),
        ({"age": "15_17", "accord_parent_ecrit": "oui", "accord_voix": "oui"}, ""),
        ({"age": "40_59", "accord_photo": "oui", "photo_lieu": PHOTO}, ""),
        ({"age": "15_17", "accord_voix": "non", "accord_photo": "non"}, ""),
    ],
)
def test_voice_and_picture_need_their_agreements(
    meeting: Meeting, given: dict[str, str], said: str
) -> None:
    content = deposit.Content(unconditional("Q01-entretien-individuel"), SAID | given, "")
    problems = deposit.consent_problems(content, envelope(meeting))
    assert (problems != []) is bool(said)
    assert said in " ".join(problems)


@pytest.mark.parametrize("by", ["resident", "coordination"])
def test_a_withdrawn_testimony_does_not_come_back_from_its_paper(
    session: Session, runtime: Runtime, meeting: Meeting, actors: Actors, by: str
) -> None:
    me, version = actors["councillor"], meeting.campaign.questionnaires[0]

    def copy(card: str) -> Testimony:
        sheet = Sheet(factories.date(2026, 3, 31), card)
        draft = copying.start(session, me, runtime.keys, meeting, version, sheet)
        draft.answers = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui"}
        done = collection.deposit(session, me, runtime.keys, draft.id)
        return session.get_one(Testimony, done.id)

    row = copy(CARD)
    if by == "resident":
        erasure.by_resident(session, runtime, row)
    else:
        erasure.erase(session, actors["coordinator"], runtime, row.id, "asked")
    assert session.query(WithdrawalCode).count() == 0
    with pytest.raises(Invalid, match="a été retiré"):
        copy(CARD.lower().replace("-", " "))
    assert copy(consents.new_code()).number == 2
    kept = session.query(Erasure).filter_by(reason=erasure.CARD).one()
    assert kept.council_id is None, "it is counted nowhere"
    assert kept.record_id.hex in deposit.code_hash(runtime.keys, CARD)
    kept_ids = {found.record_id for found in session.query(Erasure)}
    session.query(Erasure).delete()
    erasure.replay(session, runtime, kept_ids)
    with pytest.raises(Invalid, match="a été retiré"):
        copy(CARD)


def test_a_retired_version_is_not_asked(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    version = campaign.questionnaires[0]
    version.state = "retired"
    session.flush()
    before = list(campaign.questionnaires)
    with pytest.raises(Invalid, match="est retirée"):
        campaign_questionnaires.choose(session, actors["coordinator"], campaign, [str(version.id)])
    assert campaign.questionnaires == before


def test_an_answer_no_longer_asked_does_not_open_a_paper(
    session: Session, council: Council, actors: Actors
) -> None:
    record = minutes(session, actors["councillor"], "quartier")
    assert records_access.readable(actors["reader"], record)
    whole = library.load(Q07)
    last = whole.section("fin")
    asks = tuple(
        replace(item, relevant="${etat} = 'valide'") if item.name == "lecture" else item
        for item in last.questions
    )
    sections = tuple(
        replace(item, questions=asks) if item is last else item for item in whole.sections
    )
    changed = replace(whole, version="9.0.0", sections=sections)
    row = QuestionnaireVersion(
        council_id=council.id,
        name=changed.name,
        version=changed.version,
        fingerprint=versions.fingerprint(changed),
        document=versions.to_dict(changed),
    )
    session.add(row)
    record.questionnaire_version = row
    session.flush()
    assert not records_access.readable(actors["reader"], record)
    record.answers = record.answers | {"etat": "valide"}
    assert records_access.readable(actors["reader"], record)


def test_a_photo_taken_away_leaves_the_log_at_once(runtime: Runtime, tmp_path: Any) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        record = minutes(session, actors["councillor"])
        attachments.receive(session, actors["councillor"], record, files.jpeg())
    path = runtime.database.path
    assert path is not None
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 0
    with runtime.database.writing() as session:
        assert attachments.drop(session, session.merge(record), []) == 1
    assert log.stat().st_size == 0


@pytest.mark.parametrize("typed", ["9" * 400, "9" * 5000, "-1", "10001", "1e3", "²"])
def test_numbers_out_of_all_bounds_are_refused(app: Flask, runtime: Runtime, typed: str) -> None:
    furnish(runtime)
    boss = client_for(app, "coordinator")
    for name in ("residents", "organisations"):
        sent = {"name": "Conseil", "kind": "table", name: typed}
        assert boss.send("/administration/conseil", sent).status_code == 422
    for name in ("threshold_inside", "threshold_outside"):
        sent = {"title": "T", "threshold_inside": "5", "threshold_outside": "11", name: typed}
        assert boss.send("/administration/campagnes/nouvelle", sent).status_code == 422


def test_a_number_out_of_bounds_is_told_in_french(app: Flask, runtime: Runtime) -> None:
    furnish(runtime)
    sent = {"name": "Conseil", "kind": "table", "residents": "9" * 400}
    page = shown(client_for(app, "coordinator").send("/administration/conseil", sent))
    assert "Un nombre entre 0 et 10000." in page
