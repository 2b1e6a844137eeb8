"""The council's papers: begun, filled, finished, opened again, erased; who may do what."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from questionnaires import editing, library
from records_cases import Q07, Q08, Q09, Q10, Q11, minutes, posted, save
from survey_app.domain import Conflict, DomainError, Forbidden, Invalid, NotFound
from survey_app.models import Attachment, AuditEvent, Campaign, Council, Erasure, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    attachments,
    publishing,
    records,
    records_filling,
    records_offered,
    states,
)
from survey_app.services.filling import Spot
from survey_app.services.posting import Posted

Actors = dict[str, Actor]


def test_what_may_be_begun_depends_on_the_role(session: Session, actors: Actors) -> None:
    def offered(role: str) -> list[str]:
        return [offer.name for offer in records_offered.offers(session, actors[role])]

    assert offered("councillor") == offered("coordinator") == [Q07, Q08, Q09, Q10, Q11]
    assert offered("evaluator") == [Q09, Q11]
    assert offered("reader") == [Q11]  # the council's view of itself is its own
    with pytest.raises(NotFound):
        records_offered.begin(session, actors["reader"], Q09)
    with pytest.raises(NotFound):
        records_offered.begin(session, actors["reader"], Q07)
    for role in ("admin", "dpo"):
        with pytest.raises(Forbidden):
            records_offered.offers(session, actors[role])


def test_a_testimony_questionnaire_is_no_paper(session: Session, actors: Actors) -> None:
    with pytest.raises(NotFound):
        records_offered.begin(session, actors["councillor"], "Q01-entretien-individuel")


def test_begun_twice_and_left_empty_it_is_one(session: Session, actors: Actors) -> None:
    one = records_offered.begin(session, actors["councillor"], Q07)
    assert records_offered.begin(session, actors["councillor"], Q07).id == one.id
    assert records_offered.begin(session, actors["councillor2"], Q07).id != one.id
    save(session, actors["councillor"], one, "decisions", decisions="Rien.")
    assert records_offered.begin(session, actors["councillor"], Q07).id != one.id


def test_the_title_and_the_day_come_from_the_answers(session: Session, actors: Actors) -> None:
    me = actors["councillor"]
    record = records_offered.begin(session, me, Q07)
    kind = library.load(Q07).title["fr"]
    assert record.title == kind
    save(session, me, record, "seance", sujet__nr="refus", date_debat="2026-11-31")
    assert (record.title, record.held_on) == (kind, None)
    save(session, me, record, "seance", sujet="  Le\nterrain  vague ", date_debat="2026-11-03")
    assert (record.title, record.held_on) == ("Le terrain vague", date(2026, 11, 3))
    save(session, me, record, "seance", sujet="mot " * 90)
    assert len(record.title) <= 120


def test_anybody_of_the_council_goes_on_and_nobody_overwrites(
    session: Session, actors: Actors
) -> None:
    record = records_offered.begin(session, actors["councillor"], Q07)
    seen = records.stamp(record)
    save(session, actors["councillor2"], record, "decisions", decisions="Un jardin.")
    late = Posted(posted(decisions="Un parking."), seen)
    with pytest.raises(Conflict):
        records_filling.save(session, actors["councillor"], record, Spot("decisions"), late)
    assert record.answers["decisions"] == "Un jardin."


def test_entries_are_added_changed_and_removed(session: Session, actors: Actors) -> None:
    me = actors["councillor"]
    record = records_offered.begin(session, me, Q07)
    for rank, words in enumerate(("Un banc", "Un arbre", "Une lampe"), 1):
        save(session, me, record, "idees_echangees", rank, idee=words)
    save(session, me, record, "idees_echangees", 2, idee="Deux arbres")
    spot = Spot("idees_echangees", 1)
    records_filling.remove_entry(session, me, record, spot, records.stamp(record))
    ideas = [entry["idee"] for entry in record.answers["idees_echangees"]]
    assert ideas == ["Deux arbres", "Une lampe"]
    with pytest.raises(Conflict):
        records_filling.remove_entry(session, me, record, spot, "avant")
    with pytest.raises(NotFound):
        save(session, me, record, "idees_echangees", 9, idee="loin")


def test_finishing_needs_sound_answers_and_loses_nothing(session: Session, actors: Actors) -> None:
    me = actors["councillor"]
    record = records_offered.begin(session, me, Q08)
    filled = save(session, me, record, "bilan", presents="9", ont_parle="12")
    assert [problem.where for problem in filled.problems] == ["ont_parle"]
    with pytest.raises(Invalid):
        records_filling.finish(session, me, record.id)
    assert (record.state, record.answers["ont_parle"]) == ("draft", 12)
    save(session, me, record, "bilan", presents="12", ont_parle="9")
    assert records_filling.finish(session, me, record.id).state == "done"
    assert records_filling.finish(session, me, record.id).state == "done"  # a second press
    assert states.label(record) == "terminée"


def test_a_finished_paper_changes_only_once_reopened(session: Session, actors: Actors) -> None:
    record = minutes(session, actors["councillor"])
    with pytest.raises(Conflict):
        save(session, actors["councillor"], record, "decisions", decisions="Autre chose.")
    with pytest.raises(Forbidden):
        records_filling.reopen(session, actors["councillor2"], record.id)
    with pytest.raises(NotFound):
        records_filling.reopen(session, actors["evaluator"], record.id)
    assert records_filling.reopen(session, actors["coordinator"], record.id).state == "draft"
    records_filling.finish(session, actors["councillor2"], record.id)
    assert records_filling.reopen(session, actors["councillor"], record.id).state == "draft"
    moves = session.scalars(select(AuditEvent).where(AuditEvent.kind == "records")).all()
    assert [event.details["state_after"] for event in moves] == ["done", "draft"] * 2


@pytest.mark.parametrize(
    ("readers", "opened"), [("conseil", 0), ("partenaires", 1), ("quartier", 1)]
)
def test_a_reader_reads_what_the_council_shares(
    session: Session, actors: Actors, readers: str, opened: int
) -> None:
    record = minutes(session, actors["councillor"], readers)
    for role in ("councillor2", "coordinator", "evaluator"):
        assert records.get(session, actors[role], record.id) is record
    assert len(records.listed(session, actors["reader"])) == opened
    if opened:
        assert records.get(session, actors["reader"], record.id) is record
        assert not records.may_write(actors["reader"], record)
    records_filling.reopen(session, actors["coordinator"], record.id)
    with pytest.raises(NotFound):
        records.get(session, actors["reader"], record.id)


def test_readers_named_by_an_answer_that_is_no_longer_asked_read_nothing(
    session: Session, actors: Actors
) -> None:
    record = minutes(session, actors["councillor"], "partenaires")
    later = editing.set_condition(library.load(Q07), "lecture", "${etat} = 'valide'")
    version = publishing.record(session, actors["coordinator"], replace(later, version="9.0.0"))
    record.questionnaire_version = version
    session.flush()
    assert records.listed(session, actors["reader"]) == []
    assert records.listed(session, actors["councillor2"]) == [record]
    record.answers = record.answers | {"etat": "valide"}
    assert records.listed(session, actors["reader"]) == [record]


def test_another_council_has_none_of_it(
    session: Session, actors: Actors, other_council: Council
) -> None:
    record = minutes(session, actors["councillor"], "quartier")
    strangers = factories.actors(session, other_council, "-voisin")
    assert records.listed(session, strangers["coordinator"]) == []
    for act in (records.get, records.editable, records_filling.finish, records_filling.reopen):
        with pytest.raises(NotFound):
            act(session, strangers["coordinator"], record.id)
    with pytest.raises(NotFound):
        records.begin(session, strangers["coordinator"], record.questionnaire_version)


def test_papers_are_listed_by_kind_latest_first(session: Session, actors: Actors) -> None:
    me = actors["councillor"]
    first = minutes(session, me)
    second = records_offered.begin(session, me, Q10)
    records_offered.begin(session, me, Q09)
    assert records.listed(session, me) == [second, first]
    assert records.listed(session, me, Q07) == [first]
    assert set(records_offered.kinds(session, me)) == {Q07, Q10}


def test_erasing_leaves_no_row_no_photo_and_no_word(
    session: Session, actors: Actors, campaign: Campaign, runtime: Runtime
) -> None:
    record = minutes(session, actors["councillor"])
    attachments.receive(session, actors["councillor"], record, picture())
    for role in ("councillor", "reader", "evaluator"):
        with pytest.raises(Forbidden):
            records_filling.erase(session, actors[role], runtime, record.id)
    key = record.id
    records_filling.erase(session, actors["coordinator"], runtime, key)
    session.flush()
    assert session.scalar(select(func.count()).select_from(Record)) == 0
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0
    assert session.get(Erasure, key) is not None
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "erase")).one()
    assert (line.record_id, line.kind, line.details) == (key, "records", {})


def test_a_meeting_s_sheet_is_one_and_its_team_s(
    session: Session, actors: Actors, council: Council, campaign: Campaign
) -> None:
    me = actors["councillor"]
    meeting = factories.meeting(session, campaign, me, method="porteur_de_paroles")
    assert records_offered.sheets(session, me, meeting) == []
    version = factories.questionnaire(session, council, "Q04-porteur-de-paroles")
    campaign.questionnaires = [*campaign.questionnaires, version]
    record = records_offered.begin_sheet(session, me, meeting, version.id)
    assert records_offered.begin_sheet(session, me, meeting, version.id) is record
    assert [s.name for s in records.form(record).sections] == ["seance", "bilan"]
    assert record.held_on == meeting.held_on
    assert set(records.places(session, record)) == {"halles"}
    save(session, me, record, "bilan", se_sont_arretes="40", ont_parle="12")
    for role in ("councillor2", "evaluator", "reader"):
        with pytest.raises(DomainError):
            records.get(session, actors[role], record.id)
    assert records.get(session, actors["coordinator"], record.id) is record
    assert records.listed(session, me) == []
    with pytest.raises(NotFound):
        records_offered.begin_sheet(session, actors["councillor2"], meeting, version.id)
    with pytest.raises(NotFound):
        records_offered.begin_sheet(session, me, meeting, uuid.uuid4())


def test_a_meeting_is_offered_the_sheets_of_its_method(
    session: Session, actors: Actors, council: Council, campaign: Campaign
) -> None:
    me = actors["councillor"]
    names = ("Q04-porteur-de-paroles", "Q05-marche-exploratoire")
    campaign.questionnaires += [factories.questionnaire(session, council, n) for n in names]

    def offered(method: str) -> list[str]:
        meeting = factories.meeting(session, campaign, me, method=method)
        return [sheet.version.name for sheet in records_offered.sheets(session, me, meeting)]

    assert offered("marche") == ["Q05-marche-exploratoire"]
    assert offered("porteur_de_paroles") == ["Q04-porteur-de-paroles"]
    assert offered("individuel") == list(names)  # none is written for it: all of them


def test_a_sheet_keeps_only_its_own_photos(
    session: Session, actors: Actors, council: Council, campaign: Campaign
) -> None:
    me = actors["councillor"]
    version = factories.questionnaire(session, council, "Q04-porteur-de-paroles")
    campaign.questionnaires = [version]
    meeting = factories.meeting(session, campaign, me)
    record = records_offered.begin_sheet(session, me, meeting, version.id)
    for _ in range(2):
        sent = Posted(posted(), records.stamp(record), None, {"photo_panneaux": picture()})
        assert not records_filling.save(session, me, record, Spot("bilan"), sent).problems
    (kept,) = attachments.owned(session, record)
    assert record.answers["photo_panneaux"] == str(kept.id), "the one that was replaced is gone"
    sent = Posted(posted(photo_panneaux__drop="oui"), records.stamp(record))
    records_filling.save(session, me, record, Spot("bilan"), sent)
    assert attachments.owned(session, record) == []
    save(session, me, record, "bilan", photo_panneaux=str(uuid.uuid4()))
    with pytest.raises(Invalid):
        records_filling.finish(session, me, record.id)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()
