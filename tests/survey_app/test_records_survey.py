"""Separate answers: nothing kept says who gave them; read together from five, all at once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import factories
from questionnaires import editing, library
from records_cases import Q07, Q09, Q11, answer, save
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Base, Council, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    publishing,
    records,
    records_filling,
    records_offered,
    records_survey,
)

Actors = dict[str, Actor]
FIRST_OF_YEAR = datetime(records_survey.meetings.today().year, 1, 1, tzinfo=UTC)


def people(session: Session, council: Council, number: int) -> list[Actor]:
    return [
        factories.actor(factories.account(session, council, f"membre{rank}", "councillor"))
        for rank in range(number)
    ]


def everything(session: Session) -> dict[str, list[str]]:
    """Every cell of every table, as text, accounts and their roles left out."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in {"accounts", "account_roles"}:
            continue
        rows = session.execute(text(f'SELECT * FROM "{table.name}"'))
        found[table.name] = [str(cell) for row in rows for cell in row]
    return found


def holding(session: Session, *keys: uuid.UUID) -> list[str]:
    words = [word for key in keys for word in (str(key), key.hex)]
    return [
        name
        for name, cells in everything(session).items()
        if any(word in cell for cell in cells for word in words)
    ]


def test_a_given_answer_leads_back_to_nobody(
    session: Session, council: Council, actors: Actors, runtime: Runtime
) -> None:
    answer(session, runtime, actors["coordinator"], Q09)  # publishes it, in its own name
    (me,) = people(session, council, 1)
    draft = records_offered.begin(session, me, Q09)
    assert records_offered.begin(session, me, Q09) is draft
    save(session, me, draft, "engagement", envie="Les voisins.")
    draft_id, account = draft.id, me.account_id
    assert account is not None
    assert holding(session, account) == ["records"]
    records_survey.give(session, me, runtime, draft_id)
    assert holding(session, account, draft_id) == []
    given = session.scalars(select(Record)).all()
    assert {row.state for row in given} == {"waiting"}
    assert {(row.created_by, row.title, row.section, row.held_on) for row in given} == {
        (None, "", "", None)
    }
    assert {row.created_at for row in given} | {row.updated_at for row in given} == {FIRST_OF_YEAR}
    assert {row.id.version for row in given} == {4}
    kinds = session.scalars(select(AuditEvent.kind)).all()
    assert set(kinds) == {"questionnaires"}


def test_no_name_of_a_photo_goes_into_the_urn(
    session: Session, actors: Actors, runtime: Runtime
) -> None:
    asked, name = editing.add_question(library.load(Q09), "engagement", "image", "Une photo ?")
    version = publishing.record(session, actors["coordinator"], replace(asked, version="9.0.0"))
    draft = records.begin(session, actors["councillor"], version)
    draft.answers = {"envie": "Les voisins.", name: str(uuid.uuid4())}
    records_survey.give(session, actors["councillor"], runtime, draft.id)
    assert session.scalars(select(Record)).one().answers == {"envie": "Les voisins."}


@pytest.mark.parametrize("column", ["rowid", "id"])
def test_neither_ids_nor_rows_keep_the_order_of_the_answers(
    session: Session, council: Council, runtime: Runtime, column: str
) -> None:
    hours = text(f"SELECT json_extract(answers, '$.heures_mois') FROM records ORDER BY {column}")
    newest_is_last = []
    for rank, me in enumerate(people(session, council, 12)):
        answer(session, runtime, me, Q09, engagement={"heures_mois": str(rank)})
        kept = [row[0] for row in session.execute(hours)]
        newest_is_last.append(kept[-1] == rank)
    assert sorted(kept) == list(range(12))
    # By chance alone, once in 479,001,600 times.
    assert not all(one < other for one, other in pairwise(kept))
    assert not all(newest_is_last)


def test_nobody_reads_one_answer(
    session: Session, council: Council, actors: Actors, runtime: Runtime
) -> None:
    me = actors["councillor"]
    draft = records_offered.begin(session, me, Q09)
    for role in ("councillor2", "coordinator", "evaluator", "reader"):
        with pytest.raises(NotFound):
            records.get(session, actors[role], draft.id)
    records_survey.give(session, me, runtime, draft.id)
    given = session.scalars(select(Record.id)).one()
    for role in ("councillor", "coordinator", "evaluator", "reader"):
        for act in (records.get, records.editable, records_filling.finish, records_filling.reopen):
            with pytest.raises(NotFound):
                act(session, actors[role], given)
    with pytest.raises(NotFound):
        records_filling.erase(session, actors["coordinator"], runtime, given)
    assert records.listed(session, me) == []
    assert records_survey.drafts(session, me) == []


def test_an_unsound_answer_stays_a_draft(
    session: Session, actors: Actors, runtime: Runtime
) -> None:
    me = actors["councillor"]
    draft = records_offered.begin(session, me, Q11)
    with pytest.raises(Invalid):  # whose column it belongs to must be said
        records_survey.give(session, me, runtime, draft.id)
    save(session, me, draft, "reunions", invitations="3", participations="4")
    save(session, me, draft, "vous", repond_comme="conseil")
    with pytest.raises(Invalid):
        records_survey.give(session, me, runtime, draft.id)
    assert draft.answers["participations"] == 4
    records_survey.abandon(session, me, runtime, draft.id)
    assert session.scalars(select(Record)).all() == []


def test_the_urn_opens_from_five_and_all_at_once(
    session: Session, council: Council, actors: Actors, runtime: Runtime
) -> None:
    team = people(session, council, 7)
    for me in team[:4]:
        version = answer(session, runtime, me)
    with pytest.raises(Conflict):
        records_survey.open_urns(session, actors["councillor"], version)
    assert records_survey.counted(session, actors["councillor"], version) == {}
    answer(session, runtime, team[4])
    assert records_survey.open_urns(session, actors["councillor"], version) == 5
    answer(session, runtime, team[5])
    with pytest.raises(Conflict):  # one more would be read as the difference
        records_survey.open_urns(session, actors["councillor"], version)
    (year,) = records_survey.counted(session, actors["councillor"], version)
    assert year == FIRST_OF_YEAR.year
    (found,) = records_survey.rounds(session, actors["councillor"])
    assert (found.counted, found.waiting) == (5, 1)
    with pytest.raises(Forbidden):
        records_survey.open_urns(session, actors["evaluator"], version)
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "read_together")).one()
    assert (line.record_id, line.details) == (version.id, {"answers": 5})


def test_each_column_of_a_mirror_opens_for_itself(
    session: Session, council: Council, actors: Actors, runtime: Runtime
) -> None:
    sides = ["conseil"] * 5 + ["elus", "etat", "services", "bailleur"]
    for me, place in zip(people(session, council, 9), sides, strict=True):
        version = answer(session, runtime, me, Q11, vous={"repond_comme": place})
    assert records_survey.waiting(session, actors["reader"], version) == {"ours": 5, "theirs": 4}
    assert records_survey.open_urns(session, actors["coordinator"], version) == 5
    assert records_survey.waiting(session, actors["reader"], version) == {"ours": 0, "theirs": 4}
    answer(session, runtime, actors["reader"], Q11, vous={"repond_comme": "autre"})
    assert records_survey.open_urns(session, actors["coordinator"], version) == 5


def test_only_who_takes_part_reads_together(
    session: Session, actors: Actors, other_council: Council, runtime: Runtime
) -> None:
    own = answer(session, runtime, actors["councillor"], Q09)
    shared = answer(session, runtime, actors["councillor"], Q11, vous={"repond_comme": "conseil"})
    paper = records_offered.begin(session, actors["councillor"], Q07).questionnaire_version
    assert records_survey.get(session, actors["reader"], shared.id) is shared
    with pytest.raises(NotFound):
        records_survey.get(session, actors["reader"], own.id)
    assert [r.version for r in records_survey.rounds(session, actors["reader"])] == [shared]
    with pytest.raises(NotFound):
        records_survey.get(session, actors["coordinator"], paper.id)
    stranger = factories.actors(session, other_council, "-voisin")["coordinator"]
    for act in (records_survey.counted, records_survey.waiting, records_survey.open_urns):
        with pytest.raises(NotFound):
            act(session, stranger, own)
    assert records_survey.rounds(session, stranger) == []


def test_the_coordination_erases_a_whole_survey(
    session: Session, council: Council, actors: Actors, runtime: Runtime
) -> None:
    for me in people(session, council, 6):
        version = answer(session, runtime, me, Q09, engagement={"envie": "marqueur-envie"})
    records_survey.open_urns(session, actors["coordinator"], version)
    with pytest.raises(Forbidden):
        records_survey.clear(session, actors["councillor"], runtime, version)
    assert records_survey.clear(session, actors["coordinator"], runtime, version) == 6
    assert session.scalars(select(Record)).all() == []


def test_a_given_answer_leaves_no_trace_in_the_write_ahead_log(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        (me,) = people(session, council, 1)
        draft = records_offered.begin(session, me, Q09)
        save(session, me, draft, "engagement", envie="marqueur-brouillon")
        draft_id = draft.id
    with runtime.database.writing() as session:
        records_survey.give(session, me, runtime, draft_id)
    assert runtime.database.path is not None
    log = runtime.database.path.with_name(runtime.database.path.name + "-wal")
    assert log.stat().st_size == 0
