"""Coding beside a round: nobody touches what is discussed, and nothing of the other shows."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
import pages
from bench_cases import Bench, key_of, masked_anew, one
from round_cases import TEXT, Tour, both_done, counted, decide, put, seen, tour
from survey_app.domain import Conflict
from survey_app.models import Campaign, Coding, Excerpt
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, details, excerpts, relocation, round_closing, rounds

Actors = dict[str, Actor]
WAITS = "attend l’arbitrage du double codage"


@pytest.fixture
def discussed(session: Session, campaign: Campaign, actors: Actors) -> Tour:
    """LOG4 agreed, MOB by one and CAD by the other on the bus; both are done."""
    made = tour(session, campaign, actors)
    text = made.texts[0]
    for by, name in ((made.one, "MOB"), (made.two, "CAD")):
        put(session, by, text, [0], "LOG4")
        put(session, by, text, [1], name)
    coding.undo(session, made.two, text)
    coding.redo(session, made.two, text)
    coding.code_sentences(session, made.one, text, [3], ["SAN"])
    coding.undo(session, made.one, text)
    both_done(session, made)
    session.flush()
    assert made.round.state == rounds.ARBITRATION
    return made


GESTURES: dict[str, Any] = {
    "code": lambda s, by, row: coding.code_sentences(s, by, row, [1], ["CAD"]),
    "code again": lambda s, by, row: coding.code_sentences(s, by, row, [1], ["MOB"]),
    "undo": coding.undo,
    "redo": coding.redo,
    "remove": lambda s, by, row: coding.remove(s, by, row, one(s, by, "MOB")),
    "specify": lambda s, by, row: details.specify(s, by, row, one(s, by, "MOB"), {}, "Une note."),
    "next value": lambda s, by, row: details.next_value(s, by, row, one(s, by, "MOB"), "tonalite"),
    "finish": coding.finish,
    "nothing": coding.nothing_to_code,
}


@pytest.mark.parametrize("verb", GESTURES)
def test_a_text_under_arbitration_is_touched_by_nobody(
    session: Session, actors: Actors, discussed: Tour, verb: str
) -> None:
    text, before = discussed.texts[0], seen(session, discussed)
    assert [row.code for sentence in before for row in sentence.differences] == ["CAD", "MOB"]
    with pytest.raises(Conflict, match=WAITS):
        GESTURES[verb](session, discussed.one, text)
    if verb in ("code", "undo", "finish"):
        for name in ("evaluator", "coordinator", "councillor2"):
            with pytest.raises(Conflict, match=WAITS):
                GESTURES[verb](session, actors[name], text)
    session.flush()
    assert seen(session, discussed) == before
    assert (counted(session), text.state) == ([], "masked")


def test_coding_opens_again_once_the_round_is_closed(session: Session, discussed: Tour) -> None:
    text = discussed.texts[0]
    with pytest.raises(Conflict, match=WAITS):
        coding.code_sentences(session, discussed.one, text, [3], ["SAN"])
    decide(session, discussed, 0, "MOB", kept=True)
    round_closing.close(session, discussed.coordinator, discussed.round, rest=False)
    coding.code_sentences(session, discussed.one, text, [3], ["SAN"])
    assert "SAN" in {code for _, code, _ in counted(session)}


def test_only_the_texts_of_the_round_wait(
    session: Session, actors: Actors, discussed: Tour
) -> None:
    other = factories.testimony(session, discussed.texts[0].meeting, masked=TEXT)
    coding.code_sentences(session, discussed.one, other, [0], ["LOG4"])
    assert not excerpts.bench(session, discussed.one, other).closed
    assert excerpts.bench(session, actors["coordinator"], discussed.texts[0]).closed


def test_the_bench_of_a_text_under_arbitration_is_read_only(runtime: Runtime, app: Flask) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        made = tour(session, factories.campaign(session, council), actors)
        text = made.texts[0]
        for by, name in ((made.one, "MOB"), (made.two, "CAD")):
            put(session, by, text, [1], name)
        page = f"/codage/temoignage/{text.id}"
    sitting = Bench(app, page)
    with runtime.database.writing() as session:
        rounds.end(session, made.coordinator, session.merge(made.round))
    mine = {"codage": key_of(runtime, "MOB")}
    for gesture, sent in (
        ("", {"phrase": "1", "code": "CAD"}),
        ("/annuler", {}),
        ("/refaire", {}),
        ("/retirer", mine),
        ("/preciser", mine | {"suivante": "tonalite"}),
    ):
        answer = sitting.part(sent, gesture)
        assert (gesture, answer.status_code) == (gesture, 409)
        assert WAITS in answer.text
    plain = {"csrf_token": sitting.token, "version": sitting.version}
    assert sitting.client.post(f"{page}/terminer", data=plain).status_code == 409
    for login in ("councillor", "evaluator", "coordinator"):
        shown = pages.client_for(app, login).get(page).text
        assert WAITS in shown
        assert 'name="phrase"' not in shown
        assert 'form="annuler"' not in shown
    with runtime.database.reading() as session:
        assert set(session.scalars(select(Coding.state))) == {"blind"}


def test_a_blind_coder_is_not_sent_the_note_of_another(runtime: Runtime, app: Flask) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        made = tour(session, factories.campaign(session, council), actors)
        put(session, made.one, made.texts[0], [0], "LOG4")
        row = one(session, made.one, "LOG4")
        row.excerpt.memo = "Vu par une autre."
        page = f"/codage/temoignage/{made.texts[0].id}"
    sitting, key = Bench(app, page), key_of(runtime, "LOG4")
    panel = sitting.opened(key)
    assert 'id="preciser-panneau"' in panel
    assert "Vu par une autre" not in panel
    sent = {"codage": key, "memo": "", "facette-tonalite": "neutre"}
    assert sitting.part(sent, "/preciser").status_code == 200
    with runtime.database.reading() as session:
        assert session.scalars(select(Excerpt.memo)).one() == "Vu par une autre."


@pytest.fixture
def lost(session: Session, campaign: Campaign, actors: Actors) -> Tour:
    """Both coded the hall, the second alone the bus; the text was masked anew since."""
    made = tour(session, campaign, actors)
    text = made.texts[0]
    put(session, made.one, text, [0], "LOG4")
    put(session, made.two, text, [0], "CIT")
    session.flush()
    masked_anew(session, TEXT)
    put(session, made.two, text, [1], "LOG4")
    session.flush()
    return made


def held(session: Session, by: Actor) -> list[tuple[str, str, str, str]]:
    """Words and state of excerpts, code and state of their codes, of one person."""
    session.flush()
    query = (
        select(Excerpt.quote, Excerpt.state, Coding.code, Coding.state)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Coding.coder_id == by.account_id)
        .order_by(Excerpt.start)
    )
    return [tuple(row) for row in session.execute(query)]


def test_relocating_blind_tells_nothing_and_moves_ones_own_codes_alone(
    session: Session, lost: Tour
) -> None:
    text, theirs = lost.texts[0], held(session, lost.two)
    [row] = excerpts.bench(session, lost.one, text).to_relocate
    bus = excerpts.masked_text(lost.one, text).sentences[1]
    relocation.relocate(session, lost.one, text, row, bus.start, bus.end)
    assert held(session, lost.one) == [("Le bus passe.", "active", "LOG4", "blind")]
    assert held(session, lost.two) == theirs
    bench = excerpts.bench(session, lost.one, text)
    assert (bench.to_relocate, len(bench.excerpts)) == ((), 1)
    for gesture in (relocation.invalidate, relocation.relocate):
        place = (bus.start, bus.end) if gesture is relocation.relocate else ()
        with pytest.raises(Conflict, match="n’est plus à recaler"):
            gesture(session, lost.one, text, row, *place)
    relocation.invalidate(session, lost.two, text, row)
    assert row.state == "invalidated"


def test_giving_up_blind_leaves_what_the_other_coded(session: Session, lost: Tour) -> None:
    text, theirs = lost.texts[0], held(session, lost.two)
    [row] = excerpts.bench(session, lost.one, text).to_relocate
    relocation.invalidate(session, lost.one, text, row)
    assert held(session, lost.one) == [("Le hall est sale.", "to_relocate", "LOG4", "undone")]
    assert held(session, lost.two) == theirs
    hall = excerpts.masked_text(lost.one, text).sentences[0]
    relocation.relocate(session, lost.two, text, row, hall.start, hall.end)
    assert ("Le hall est sale.", "active", "CIT", "blind") in held(session, lost.two)


def test_ones_own_excerpt_there_is_still_said_and_a_code_taken_off_there_comes_back(
    session: Session, lost: Tour
) -> None:
    text = lost.texts[0]
    [row] = excerpts.bench(session, lost.one, text).to_relocate
    bus = excerpts.masked_text(lost.one, text).sentences[1]
    put(session, lost.one, text, [1], "LOG4")
    session.flush()
    with pytest.raises(Conflict, match="exactement"):
        relocation.relocate(session, lost.one, text, row, bus.start, bus.end)
    coding.undo(session, lost.one, text)
    row.memo = "À revoir."
    relocation.relocate(session, lost.one, text, row, bus.start, bus.end)
    assert ("Le bus passe.", "active", "LOG4", "blind") in held(session, lost.one)
    assert ("Le hall est sale.", "to_relocate", "LOG4", "undone") in held(session, lost.one)
    [moved] = excerpts.bench(session, lost.one, text).excerpts
    assert moved.memo == "À revoir."
