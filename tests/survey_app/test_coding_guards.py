"""What the bench refuses, so that nobody's work is changed unseen: notes, old pages, size."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import factories
from analysis.codebook import load
from bench_cases import Bench, key_of, masked_anew, one
from round_cases import TEXT
from survey_app.domain import Invalid
from survey_app.models import Campaign, Coding, Excerpt, SuggestionOutcome, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, details

Actors = dict[str, Actor]


@pytest.fixture
def spoken(session: Session, campaign: Campaign) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)


@pytest.fixture
def page(runtime: Runtime) -> str:
    """The bench of a masked text, with many sentences after the first four."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        words = TEXT + " Le bus passe. Oui." * 110
        key = factories.testimony(session, held, text=words, masked=words).id
    return f"/codage/temoignage/{key}"


def test_a_gesture_asks_for_its_rounds_once(runtime: Runtime, app: Flask, page: str) -> None:
    sitting, asked = Bench(app, page), []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(runtime.database.engine, "before_cursor_execute", note)
    assert sitting.part({"phrase": "0", "code": "LOG4"}).status_code == 200
    event.remove(runtime.database.engine, "before_cursor_execute", note)
    assert len([said for said in asked if "agreement_rounds" in said]) == 1


# Notes


def test_a_note_that_was_not_touched_stays_as_another_wrote_it(
    runtime: Runtime, app: Flask, page: str
) -> None:
    first, second = Bench(app, page), Bench(app, page, "councillor2")
    first.part({"phrase": "0", "code": "LOG4"})
    second.part({"phrase": "0", "code": "CIT"})
    mine, theirs = key_of(runtime, "LOG4"), key_of(runtime, "CIT")
    assert 'name="memo_lu" value=""' in first.opened(mine)
    second.part({"codage": theirs, "memo": "De la seconde.", "memo_lu": ""}, "/preciser")
    kept = {"codage": mine, "memo": "", "memo_lu": "", "facette-tonalite": "positive"}
    assert first.part(kept, "/preciser").status_code == 200
    with runtime.database.reading() as session:
        assert session.scalars(select(Excerpt.memo)).one() == "De la seconde."
        assert session.scalars(select(Coding.facets)).all() == [{"tonalite": "positive"}, {}]
    assert 'name="memo_lu" value="De la seconde."' in first.opened(mine)
    answer = first.part(kept | {"memo": "De la première.", "memo_lu": "Autre."}, "/preciser")
    assert answer.status_code == 409
    assert "« De la première. »" in words_of(answer.text)
    assert "« De la seconde. »" in words_of(answer.text)
    emptied = first.part(kept | {"memo": "", "memo_lu": "De la seconde.\r\n"}, "/preciser")
    assert emptied.status_code == 200
    with runtime.database.reading() as session:
        assert session.scalars(select(Excerpt.memo)).one() == ""


def words_of(text: str) -> str:
    """The words of a part, with ordinary spaces."""
    return re.sub("[\u00a0\u202f]", " ", html.unescape(text))


def test_a_long_note_that_came_with_an_import_does_not_block(
    session: Session, actors: Actors, spoken: Testimony
) -> None:
    who = actors["councillor"]
    coding.code_sentences(session, who, spoken, [0], ["LOG4"])
    row = one(session, who, "LOG4")
    long = "\r\n" + "Mot.\r\n" * 1_000
    row.excerpt.memo = long
    session.flush()
    as_sent = long.replace("\r\n", "\n").replace("\n", "\r\n")[2:]
    positive = {"tonalite": "positive"}
    assert details.specify(session, who, spoken, row, positive, as_sent, long)
    assert (row.facets, row.excerpt.memo) == (positive, long)
    with pytest.raises(Invalid, match="2000"):
        details.specify(session, who, spoken, row, {}, long + "Plus.", long)


# What became of suggestions


def test_a_suggestion_taken_off_is_no_longer_kept(runtime: Runtime, app: Flask, page: str) -> None:
    sitting = Bench(app, page)
    other = Bench(app, page, "councillor2")

    def kept() -> list[tuple[str, bool]]:
        with runtime.database.reading() as session:
            query = (
                select(SuggestionOutcome)
                .where(SuggestionOutcome.code == "MOB1")
                .order_by(SuggestionOutcome.created_at)
            )
            return [(row.code, row.accepted) for row in session.scalars(query)]

    for who in (other, sitting):
        assert who.part({"phrase": "1", "suggestion": "MOB1"}).status_code == 200
    assert kept() == [("MOB1", True)] * 2
    for gesture, left in (("/annuler", False), ("/refaire", True)):
        assert sitting.part({}, gesture).status_code == 200
        assert kept() == [("MOB1", True), ("MOB1", left)]
    with runtime.database.reading() as session:
        newest = select(Coding.id).order_by(Coding.created_at.desc()).limit(1)
        mine = {"codage": str(session.scalars(newest).one())}
    sitting.part(mine, "/retirer")
    assert kept() == [("MOB1", True), ("MOB1", False)]
    sitting.part({}, "/annuler")
    sitting.part(mine | {"suivante": "tonalite"}, "/preciser")
    sitting.part({}, "/annuler")
    assert kept() == [("MOB1", True), ("MOB1", True)]


# The size of a gesture


def test_one_gesture_puts_so_much_and_no_more(runtime: Runtime, app: Flask, page: str) -> None:
    sitting, codes = Bench(app, page), [code.code for code in load().all_codes()]
    for places, names in ((101, 1), (1, 13)):
        sent = {"phrase": [str(4 + 2 * n) for n in range(places)], "code": codes[:names]}
        answer = sitting.part(sent)
        assert answer.status_code == 422
        assert "12 codes au plus, sur 100 passages au plus" in answer.text
    with runtime.database.reading() as session:
        assert session.scalars(select(Coding)).all() == []
    sent = {"phrase": [str(4 + 2 * n) for n in range(100)], "code": codes[:2] * 12}
    assert sitting.part(sent).status_code == 200
    with runtime.database.reading() as session:
        assert len(session.scalars(select(Coding)).all()) == 200


# Excerpts to relocate


@pytest.mark.parametrize("more", [{}, {"abandonner": "oui"}])
def test_relocating_from_an_old_page_changes_nothing(
    runtime: Runtime, app: Flask, page: str, more: dict[str, str]
) -> None:
    sitting = Bench(app, page)
    sitting.part({"phrase": "2", "code": "CAD"})
    with runtime.database.writing() as session:
        masked_anew(session, "Une phrase de plus. " + TEXT)
    shown = sitting.client.get(page).text.split('id="recaler"')[1]
    fresh = re.search(r'name="version" value="([^"]+)"', shown)
    assert fresh
    with runtime.database.reading() as session:
        lost = str(session.scalars(select(Excerpt.id)).one())
    sent = {"csrf_token": sitting.token, "extrait": lost, "phrase": "3"} | more

    def sent_from(version: str) -> str:
        sitting.client.post(f"{page}/recaler", data=sent | {"version": version})
        with runtime.database.reading() as session:
            return session.scalars(select(Excerpt.state)).one()

    assert sent_from(sitting.version) == "to_relocate"
    assert "corrigé entre-temps" in sitting.client.get(page).text
    assert sent_from("") == "to_relocate"
    assert sent_from(fresh[1]) == ("invalidated" if more else "active")
