"""Imports that meet a double coding, another grid or another import: each is told and harmless."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

import exchange_cases as cases
from analysis.codebook_steps import Change
from exchange_cases import kinds, rewritten, same, strange_guids, without_codings
from survey_app.domain import Conflict
from survey_app.models import (
    AgreementRound,
    AuditEvent,
    Campaign,
    Coding,
    Excerpt,
    Testimony,
)
from survey_app.runtime import Runtime
from survey_app.services import (
    exchange_names,
    exchanges,
    grid_drafts,
    grid_moves,
    grids,
    round_closing,
    round_opening,
    rounds,
)


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One coding in each transaction, so that something can happen in between."""
    monkeypatch.setattr(exchanges, "PACKET", 1)
    return


def opened(runtime: Runtime, of: cases.Coded, rank: int) -> uuid.UUID:
    """A round of the coordination and the evaluation on one text."""
    a, b = of.actors["evaluator"], of.actors["coordinator"]
    assert a.account_id is not None
    assert b.account_id is not None
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, of.testimonies[rank])
        pair = (a.account_id, b.account_id)
        return round_opening.open_round(session, b, row.campaign, pair, [row]).id


def on_text(runtime: Runtime, of: cases.Coded, rank: int) -> set[tuple[str, str, str]]:
    """Code, state and origin of every coding of a text, and the memos of its excerpts."""
    with runtime.database.reading() as session:
        rows = session.execute(
            select(Coding.code, Coding.state, Coding.origin)
            .join(Excerpt, Excerpt.id == Coding.excerpt_id)
            .where(Excerpt.testimony_id == of.testimonies[rank])
        )
        found = {(code, state, origin) for code, state, origin in rows}
        memos = select(Excerpt.memo).where(
            Excerpt.testimony_id == of.testimonies[rank], Excerpt.memo != ""
        )
        return found | {("memo", memo, "") for memo in session.scalars(memos)}


def interrupting(at: int, act: Callable[[], object]) -> Callable[[int, int, str], None]:
    """A progress that does something once, before the packet of this rank (from 1)."""
    calls = Counter[str]()

    def progress(done: int, total: int, message: str) -> None:
        calls[message] += 1
        if message == "Codages importés" and calls[message] == at:
            act()

    return progress


@pytest.mark.parametrize("discussed", [False, True])
def test_a_text_in_double_coding_receives_nothing_until_it_is_closed(
    runtime: Runtime, coded: cases.Coded, discussed: bool
) -> None:
    data = rewritten(cases.given(runtime, coded), strange_guids, same)
    without_codings(runtime)
    found = opened(runtime, coded, 0)
    me = coded.actors["coordinator"]
    with runtime.database.writing() as session:
        first = session.get_one(Testimony, coded.testimonies[0])
        cases.code(session, coded.actors["evaluator"], first, "l’ascenseur tombe", "LOG4")
        if discussed:
            rounds.end(session, me, session.get_one(AgreementRound, found))
    told = cases.brought(runtime, coded, data)
    assert (told["added"], told["known"]) == (1, 0)
    assert ["round", "T-0001", 3] in told["remarks"]
    assert not {"removed", "memo", "note"} & set(kinds(told))
    assert on_text(runtime, coded, 0) == {("LOG4", "blind", "hand")}
    with runtime.database.writing() as session:
        row = session.get_one(AgreementRound, found)
        if not discussed:
            rounds.end(session, me, row)
        round_closing.close(session, me, row, rest=True)
    again = cases.brought(runtime, coded, data)
    assert "round" not in kinds(again)
    assert again["added"] >= 1
    assert {code for code, _, _ in on_text(runtime, coded, 0)} == {"LOG4", "SAN1", "memo"}


def test_a_forged_file_tells_nothing_of_a_blind_coding(
    runtime: Runtime, coded: cases.Coded
) -> None:
    opened(runtime, coded, 2)
    words = "c’est tout ce qu’on demande"
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, coded.testimonies[2])
        cases.code(session, coded.actors["evaluator"], row, words, "LOG4")
    data = cases.given(runtime, coded)
    other = str(coded.actors["evaluator"].account_id)
    with runtime.database.reading() as session:
        names = exchange_names.known(session, session.scalars(select(Campaign)).one())
    start = cases.TEXTS[2].index(words)

    def forged(code: str) -> bytes:
        passage = (
            f'<PlainTextSelection guid="{uuid.uuid4()}" name="" startPosition="{start}" '
            f'endPosition="{start + len(words)}"><Coding guid="{uuid.uuid4()}" '
            f'creatingUser="{names["user", other]}"><CodeRef targetGUID="{names["code", code]}"/>'
            "</Coding></PlainTextSelection>"
        )
        source = names["source", str(coded.testimonies[2])]

        def change(document: str) -> str:
            bare = re.sub("<PlainTextSelection.*?</PlainTextSelection>", "", document, flags=re.S)
            pattern = rf'(<TextSource[^>]*guid="{source}"[^>]*?)(?:/>|>\s*</TextSource>)'
            made, times = re.subn(pattern, rf"\1>{passage}</TextSource>", bare, flags=re.S)
            assert times == 1, bare
            return made

        return rewritten(data, change, same)

    told = [cases.brought(runtime, coded, forged(code)) for code in ("LOG4", "LOG5")]
    assert told[0] == told[1]
    assert ["round", "T-0003", 1] in told[0]["remarks"]
    assert on_text(runtime, coded, 2) == {("LOG4", "blind", "hand")}


def test_a_round_that_opens_halfway_is_seen(
    runtime: Runtime, coded: cases.Coded, one_by_one: None
) -> None:
    data = cases.given(runtime, coded)
    without_codings(runtime)
    progress = interrupting(2, lambda: opened(runtime, coded, 1))
    told = exchanges.bring(runtime, coded.actors["coordinator"], coded.slug, data, progress)
    assert told["added"] == 3
    assert told["remarks"] == [["round", "T-0002", 1]]
    assert on_text(runtime, coded, 1) == set()


def test_a_memo_that_waits_is_said(runtime: Runtime, coded: cases.Coded) -> None:
    data = cases.given(runtime, coded)
    with runtime.database.writing() as session:
        session.execute(update(Excerpt).values(memo=""))
    progress = interrupting(1, lambda: opened(runtime, coded, 0))
    told = exchanges.bring(runtime, coded.actors["coordinator"], coded.slug, data, progress)
    assert told == {"added": 0, "known": 4, "remarks": [["round", "T-0001", 1]]}
    with runtime.database.reading() as session:
        assert set(session.scalars(select(Excerpt.memo))) == {""}


def new_grid(runtime: Runtime, of: cases.Coded) -> None:
    """LOG5 is retired, SAN1 becomes SAN20, and the campaign passes to that version."""
    me = of.actors["coordinator"]
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        row = grid_drafts.begin(session, me, grids.version_of(session, me, campaign))
        for change in (
            Change("retire", code="LOG5"),
            Change("rename", code="SAN1", target="SAN20"),
        ):
            grid_drafts.change(session, me, row, row.revision, change)
        book = grid_drafts.proposed(session, me, row)
        version = grid_drafts.publish(session, me, row, row.revision, book, "Après un an.")
        grid_moves.apply(session, me, campaign, version)


def test_a_grid_that_changes_halfway_stops_the_import(
    runtime: Runtime, coded: cases.Coded, one_by_one: None
) -> None:
    data = cases.given(runtime, coded)
    without_codings(runtime)
    me = coded.actors["coordinator"]
    progress = interrupting(3, lambda: new_grid(runtime, coded))
    with pytest.raises(Conflict, match="2 codages déjà ajoutés restent"):
        exchanges.bring(runtime, me, coded.slug, data, progress)

    def stored() -> list[str]:
        with runtime.database.reading() as session:
            campaign = session.scalars(select(Campaign)).one()
            book = grids.of(session, me, campaign)
            rows = session.scalars(select(Coding)).all()
            assert {row.codebook_version_id for row in rows} == {campaign.codebook_version_id}
            assert all(row.code in book for row in rows if row.state == "validated")
            return sorted(row.code for row in rows if row.state == "validated")

    assert stored() == ["LOG4", "LOG4"]
    with runtime.database.reading() as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "import")).all()
        assert [line.details["codings"] for line in lines] == [2]
    told = cases.brought(runtime, coded, data)
    assert (told["added"], told["known"]) == (0, 2)
    assert kinds(told)["unknown_code"] == 2
    assert stored() == ["LOG4", "LOG4"]


def test_two_imports_of_a_campaign_wait_for_each_other(
    runtime: Runtime, coded: cases.Coded, one_by_one: None
) -> None:
    """The same strangers, carried by two accounts: who comes second finds them there."""
    data = rewritten(cases.given(runtime, coded), strange_guids, same)
    without_codings(runtime)
    told: dict[str, dict[str, Any]] = {}

    def bring(name: str, progress: Callable[[int, int, str], None]) -> None:
        signs = coded.actors[name].account_id
        me = coded.actors["coordinator"]
        told[name] = exchanges.bring(runtime, me, coded.slug, data, progress, signs)

    other = threading.Thread(target=bring, args=("evaluator", cases.quiet))

    def meanwhile() -> None:
        other.start()
        other.join(1)  # time enough to end, were it not waiting
        assert other.is_alive()

    bring("coordinator", interrupting(1, meanwhile))
    other.join(30)
    assert (told["coordinator"]["added"], told["evaluator"]["added"]) == (3, 0)
    assert told["evaluator"]["known"] == 4
    assert len(cases.codings(runtime)) == 3
