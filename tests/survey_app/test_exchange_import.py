"""Codings that come back: taken once, whoever made them, and what is left aside is said."""

from __future__ import annotations

import io
import uuid

import pytest
from sqlalchemy import select

import exchange_cases as cases
import factories
from analysis import refi
from analysis.refi import model
from exchange_cases import kinds, rewritten, same, strange_guids, without_codings
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import Account, Coding, Excerpt, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import exchange_match, exchanges


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


def test_our_own_file_adds_nothing(runtime: Runtime, coded: cases.Coded) -> None:
    before = cases.codings(runtime)
    told = cases.brought(runtime, coded, cases.given(runtime, coded))
    assert told == {"added": 0, "known": 4, "remarks": []}
    assert cases.codings(runtime) == before


def test_what_was_lost_here_comes_back_as_it_was(runtime: Runtime, coded: cases.Coded) -> None:
    before, data = cases.codings(runtime), cases.given(runtime, coded)
    without_codings(runtime)
    assert cases.brought(runtime, coded, data) == {"added": 4, "known": 0, "remarks": []}
    after = cases.codings(runtime)
    assert [(q, c, f) for q, c, _, f in after] == [(q, c, f) for q, c, _, f in before]
    assert {origin for _, _, origin, _ in after} == {"import"}
    with runtime.database.reading() as session:
        memos = set(session.scalars(select(Excerpt.memo)))
        signed = set(session.scalars(select(Coding.coder_id)))
    assert memos == {"", "À relier aux pannes.\nVoir la réunion."}
    coders = {coded.actors[name].account_id for name in ("coordinator", "evaluator")}
    assert signed == coders
    assert cases.brought(runtime, coded, data)["known"] == 4
    assert passages(cases.given(runtime, coded)) == passages(data)


def passages(data: bytes) -> set[tuple[str, int, int, str, str, str]]:
    """Every coding of a file under its own names: excerpt, place, coding, code, coder."""
    return {
        (passage.guid, passage.start, passage.end, item.guid, item.code, item.user)
        for source in refi.read(data).project.sources
        for passage in source.selections
        for item in passage.codings
    }


def test_a_file_saved_by_another_program_is_known_by_its_words(
    runtime: Runtime, coded: cases.Coded
) -> None:
    data = rewritten(cases.given(runtime, coded), strange_guids, same)
    before = cases.codings(runtime)
    told = cases.brought(runtime, coded, data)
    assert (told["added"], told["known"]) == (0, 4)
    assert cases.codings(runtime) == before
    without_codings(runtime)
    told = cases.brought(runtime, coded, data)
    assert told["added"] == 3  # two strangers who put the same code become one
    assert kinds(told) == {"user": 3, "same": 1, "variable": 3, "case": 3, "group": 1}
    assert cases.brought(runtime, coded, data)["added"] == 0


def crlf(text: str) -> str:
    return "\ufeff" + text.replace("\n", "\r\n") + "\r\n"


def test_a_byte_mark_returns_and_a_last_line_change_no_place(
    runtime: Runtime, coded: cases.Coded
) -> None:
    data, before = cases.given(runtime, coded), cases.codings(runtime)
    without_codings(runtime)
    told = cases.brought(runtime, coded, rewritten(data, same, crlf))
    assert told["added"] == 4
    assert [row[:2] for row in cases.codings(runtime)] == [row[:2] for row in before]


def test_accents_written_otherwise_keep_their_places() -> None:
    ours = "L’été dernier, à l’école."
    theirs = "L’e\u0301te\u0301 dernier, a\u0300 l’e\u0301cole."
    found = exchange_match.placed(theirs, ours)
    assert found is not None
    place, mended = found
    start = theirs.index("dernier")
    assert ours[place(start) : place(start + 7)] == "dernier"
    assert mended
    assert exchange_match.placed("Autre chose.", ours) is None


def test_what_cannot_be_taken_is_listed(runtime: Runtime, coded: cases.Coded) -> None:
    data = cases.given(runtime, coded)
    without_codings(runtime)
    project = refi.read(data).project
    target = io.BytesIO()
    unknown = model.Code(str(uuid.uuid4()), "Humeur du jour")
    first = project.sources[0]
    passage = model.Selection(
        str(uuid.uuid4()), 0, 5, "L’été", codings=(model.Coding(str(uuid.uuid4()), unknown.guid),)
    )
    foreign = model.Source(str(uuid.uuid4()), "Ailleurs", "Un autre texte.")
    changed = model.Source(
        project.sources[1].guid,
        "T-0002",
        "Réécrit. " + project.sources[1].text,
        selections=project.sources[1].selections,
    )
    sources = (
        model.Source(first.guid, first.name, first.text, selections=(*first.selections, passage)),
        changed,
        foreign,
    )
    made = model.Project(
        "x", "x", project.users, (*project.codes, unknown), sources=sources, notes=project.notes
    )
    refi.write(made, target)
    told = cases.brought(runtime, coded, target.getvalue())
    assert told["added"] == 3
    assert told["remarks"] == [
        ["unknown_code", "Humeur du jour", 1],
        ["changed_text", "T-0002", 1],
        ["unknown_source", "Ailleurs", 1],
        ["moved", "T-0002", 1],
    ]


def test_facets_that_differ_are_said_and_those_of_here_stay(
    runtime: Runtime, coded: cases.Coded
) -> None:
    data = cases.given(runtime, coded)
    with runtime.database.writing() as session:
        rows = session.scalars(select(Coding).where(Coding.state == "validated")).all()
        row = next(row for row in rows if row.facets)
        row.facets = {"tonalite": "partagée"}
        mine = row.id
    told = cases.brought(runtime, coded, data)
    assert kinds(told)["facets"] == 1
    with runtime.database.reading() as session:
        assert session.get_one(Coding, mine).facets == {"tonalite": "partagée"}


def test_what_was_taken_off_here_is_not_put_again(runtime: Runtime, coded: cases.Coded) -> None:
    data = cases.given(runtime, coded)
    with runtime.database.writing() as session:
        session.scalars(select(Coding).where(Coding.code == "LOG5")).one().state = "undone"
    told = cases.brought(runtime, coded, data)
    assert told["remarks"] == [["removed", "LOG5", 1]]
    assert told["added"] == 0


def test_a_testimony_that_is_filed_or_rewritten_is_left(
    runtime: Runtime, coded: cases.Coded
) -> None:
    data = cases.given(runtime, coded)
    without_codings(runtime)
    with runtime.database.writing() as session:
        session.get_one(Testimony, coded.testimonies[0]).state = "filed"
        second = session.get_one(Testimony, coded.testimonies[1])
        session.add(
            TextVersion(
                council_id=second.council_id,
                testimony_id=second.id,
                sequence=3,
                kind="masked",
                text="Le hall est propre.",
            )
        )
    told = cases.brought(runtime, coded, data)
    assert told["added"] == 0
    assert kinds(told) == {"closed": 3, "changed_text": 1}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 abim\xc3\xa9"])
def test_a_file_that_is_none_is_refused_in_words(
    runtime: Runtime, coded: cases.Coded, data: bytes
) -> None:
    before = cases.codings(runtime)
    with pytest.raises(Invalid, match="Rien n’a été importé"):
        cases.brought(runtime, coded, data)
    assert cases.codings(runtime) == before


def test_it_is_for_the_coordination_of_this_council(runtime: Runtime, coded: cases.Coded) -> None:
    data = cases.given(runtime, coded)
    for role in ("councillor", "evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            cases.brought(runtime, coded, data, role)
    other = cases.settle(runtime, "voisin")
    with pytest.raises(NotFound):
        exchanges.bring(runtime, other.actors["coordinator"], "essai", data, cases.quiet)
    told = cases.brought(runtime, other, data)  # same words, another council: matched by them
    assert told["known"] == 4


def test_the_command_line_finds_who_signs(runtime: Runtime, coded: cases.Coded) -> None:
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, coded.testimonies[0])
        assert exchanges.bearer(session, row.campaign).login == "coordinator"
        assert exchanges.bearer(session, row.campaign, "evaluator").login == "evaluator"
        with pytest.raises(Invalid, match="« personne »"):
            exchanges.bearer(session, row.campaign, "personne")
        other = factories.account(session, factories.council(session, "Autre"), "autre", "admin")
        with pytest.raises(Invalid):
            exchanges.bearer(session, row.campaign, other.login)
        assert session.get(Account, other.id) is not None
