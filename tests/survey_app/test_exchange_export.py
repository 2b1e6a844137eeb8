"""What leaves in a .qdpx: masked words, pseudonyms, groups large enough, names that stay."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

import exchange_cases as cases
from analysis import refi
from survey_app.domain import Conflict, Forbidden, NotFound
from survey_app.models import AuditEvent, Campaign, Coding, Excerpt, ExchangeGuid, Testimony
from survey_app.runtime import Runtime
from survey_app.services import erasure, exchange_picture, exchanges, import_shelf, worker

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "refi-qda" / "Project.xsd"


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


def test_what_is_coded_leaves_with_its_words(runtime: Runtime, coded: cases.Coded) -> None:
    reading = refi.read(cases.given(runtime, coded))
    assert reading.remarks == ()
    assert cases.spoken(reading) == [
        ("Le gardien ne passe plus", "LOG5 Relations avec le bailleur ou le syndic"),
        ("e\u0301puisés", cases.label("SAN1")),
        ("l’ascenseur tombe", "LOG4 Parties communes"),
        ("l’ascenseur tombe", "LOG4 Parties communes"),
    ]
    project = reading.project
    assert [source.text for source in project.sources] == list(cases.TEXTS)
    assert [source.name for source in project.sources] == ["T-0001", "T-0002", "T-0003"]
    assert [user.name for user in project.users] == ["Codeur 1", "Codeur 2"]
    assert [note.text for note in project.notes] == [
        "À relier aux pannes.\nVoir la réunion.",
        "Tonalité : négative",
    ]
    assert [group.name for group in project.groups] == ["Rencontre R-01"]
    assert len(project.groups[0].sources) == 3


def test_no_raw_word_nor_name_of_a_person_leaves(runtime: Runtime, coded: cases.Coded) -> None:
    with zipfile.ZipFile(io.BytesIO(cases.given(runtime, coded))) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    assert "masquées" in everything
    for word in ("Brut :", "Coordinator", "Evaluator", "coordinator"):
        assert word not in everything


@pytest.mark.shared
def test_the_file_follows_the_schema(runtime: Runtime, coded: cases.Coded) -> None:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(cases.given(runtime, coded))) as archive:
        document = etree.fromstring(archive.read("project.qde"))
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(document)


def test_names_are_the_same_from_one_export_to_the_next(
    runtime: Runtime, coded: cases.Coded
) -> None:
    first = cases.given(runtime, coded)
    assert cases.given(runtime, coded, "evaluator") == first
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, coded.testimonies[2])
        cases.code(session, coded.actors["councillor"], row, "Un banc", "CAD2")
    before, after = (refi.read(data).project for data in (first, cases.given(runtime, coded)))
    assert set(before.users) < set(after.users)
    assert [user.name for user in after.users] == ["Codeur 1", "Codeur 2", "Codeur 3"]
    assert before.codes == after.codes
    assert before.sources[:2] == after.sources[:2]


@pytest.mark.parametrize("state", ["undone", "blind"])
def test_codings_that_do_not_count_stay(runtime: Runtime, coded: cases.Coded, state: str) -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Coding).where(Coding.code == "LOG5")).one().state = state
    words = [quote for quote, _ in cases.spoken(refi.read(cases.given(runtime, coded)))]
    assert "Le gardien ne passe plus" not in words
    assert len(words) == 3


def test_the_consent_to_be_quoted_is_a_variable(runtime: Runtime, coded: cases.Coded) -> None:
    project = refi.read(cases.given(runtime, coded)).project
    guid = next(item.guid for item in project.variables if item.name == "Citable")
    assert [dict(case.values)[guid] for case in project.cases] == ["oui"] * 3


def test_profile_values_that_few_share_stay(runtime: Runtime, coded: cases.Coded) -> None:
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        campaign.threshold_outside = 2
        for rank, key in enumerate(coded.testimonies):
            row = session.get_one(Testimony, key)
            row.profile = {"age": "25-39" if rank else "60-74", "langue": "français"}
    project = refi.read(cases.given(runtime, coded)).project
    told = [value for case in project.cases for _, value in case.values]
    assert "60-74" not in told
    assert "25-39" not in told  # the last one would be told by what it is not
    assert told.count("français") == 3


@given(st.dictionaries(st.integers(0, 60), st.sampled_from("abcde")), st.integers(2, 12))
def test_no_group_below_the_threshold_is_ever_told(held: dict[int, str], threshold: int) -> None:
    given_values = {str(key): value for key, value in held.items()}
    kept = exchange_picture.enough(given_values, 61, threshold)
    sizes = {value: list(kept.values()).count(value) for value in kept.values()}
    assert all(size >= threshold for size in sizes.values())
    assert 61 - len(kept) == 0 or 61 - len(kept) >= threshold
    assert all(given_values[key] == value for key, value in kept.items())


def test_it_is_for_those_who_may_export(runtime: Runtime, coded: cases.Coded) -> None:
    for role in ("councillor", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            cases.given(runtime, coded, role)
    other = cases.settle(runtime, "voisin")
    with pytest.raises(NotFound):
        exchanges.work_export(runtime, other.actors["coordinator"], {"campaign": "essai"}, quiet)


def quiet(done: int, total: int, message: str) -> None:
    """Progress that nobody looks at."""


def test_each_export_is_journalled_without_words(runtime: Runtime, coded: cases.Coded) -> None:
    cases.given(runtime, coded)
    with runtime.database.reading() as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.action == "export")).one()
    assert line.details == {"testimonies": 3, "codings": 4}


def test_a_withdrawn_testimony_takes_every_file_with_it(
    runtime: Runtime, coded: cases.Coded, tmp_path: Path
) -> None:
    path = tmp_path / "projet.qdpx"
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        job = worker.jobs.create(
            session,
            coded.actors["coordinator"],
            exchanges.EXPORT,
            campaign.id,
            campaign="essai",
            file=str(path),
        )
    ended = worker.foreground(runtime, job)
    assert ended.state == "done", ended.message
    cases.given(runtime, coded)
    shelf = runtime.settings.instance / "imports"
    assert path.exists()
    assert list(shelf.glob("*/*.db"))
    with runtime.database.writing() as session:
        key = coded.testimonies[0]
        erasure.erase(session, coded.actors["coordinator"], runtime, key, "withdrawn")
    assert not path.exists()
    assert not list(shelf.glob("*/*.db"))
    with runtime.database.reading() as session:
        kept = set(session.scalars(select(ExchangeGuid.key)))
        assert str(key) not in kept
        assert str(coded.testimonies[1]) in kept
        alive = {str(found) for found in session.scalars(select(Excerpt.id))}
        held = select(ExchangeGuid.key).where(ExchangeGuid.kind == "excerpt")
        assert set(session.scalars(held)) <= alive


def test_a_withdrawal_during_the_writing_keeps_the_file_from_leaving(
    runtime: Runtime, coded: cases.Coded
) -> None:
    actor = coded.actors["coordinator"]

    def withdraw(done: int, total: int, message: str) -> None:
        if done == 2:
            with runtime.database.writing() as session:
                erasure.erase(session, actor, runtime, coded.testimonies[0], "withdrawn")

    with pytest.raises(Conflict, match="retiré pendant l’écriture"):
        exchanges.work_export(runtime, actor, {"campaign": "essai"}, withdraw)
    assert not list((runtime.settings.instance / "imports").glob("*/*.db"))


def test_somebody_else_cannot_fetch_it(runtime: Runtime, coded: cases.Coded) -> None:
    actor = coded.actors["coordinator"]
    told = exchanges.work_export(runtime, actor, {"campaign": "essai"}, quiet)
    with runtime.database.reading() as session:
        campaign = session.scalars(select(Campaign)).one()
        assert session.scalar(select(func.count()).select_from(ExchangeGuid))
        key = worker.uuid.UUID(told["waiting"])
        with pytest.raises(NotFound):
            import_shelf.get(runtime, coded.actors["evaluator"], campaign, key, "testimony.export")
