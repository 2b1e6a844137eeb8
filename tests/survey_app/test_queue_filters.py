"""Queues narrowed by what was coded, by whom, and by the words of the masked texts."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import factories
import pages
import results_cases as cases
from analysis import search
from survey_app.models import Campaign, Coding, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, queue, queue_filters
from survey_app.services.queue_filters import Filters

Actors = dict[str, Actor]


@pytest.fixture
def told(session: Session, campaign: Campaign, actors: Actors) -> list[Testimony]:
    """Three masked texts: the first coded by one councillor, the second by the other."""
    held = factories.meeting(session, campaign)
    rows = [
        factories.testimony(session, held, masked=words)
        for words in (
            "L’ascenseur est en panne.",
            "La sécurité, le soir, m’inquiète.",
            "Rien à redire.",
        )
    ]
    coding.code_sentences(session, actors["councillor"], rows[0], [0], ["LOG"])
    coding.code_sentences(session, actors["councillor2"], rows[1], [0], ["TRA"])
    return rows


def seen(session: Session, actor: Actor, campaign: Campaign, filters: Filters) -> list[int]:
    found = queue.page(session, actor, campaign, "a-coder", filters)
    assert queue.counts(session, actor, campaign, filters)["a-coder"] == len(found.rows)
    return [row.number for row in found.rows]


@pytest.mark.parametrize(
    ("codes", "who", "words", "expected"),
    [
        ((), "", "", [1, 2, 3]),
        (("LOG", "LOG1"), "", "", [1]),
        (("TRA",), "", "", [2]),
        ((), "councillor", "", [1]),
        (("TRA",), "councillor", "", []),
        ((), "", "SECURITE", [2]),
        ((), "", "ascens*", [1]),
        ((), "", "securite ascenseur", []),
        ((), "", "«panne»", [1]),
    ],
)
def test_a_theme_a_coder_and_words_narrow_a_queue(
    session: Session,
    campaign: Campaign,
    actors: Actors,
    told: list[Testimony],
    codes: tuple[str, ...],
    who: str,
    words: str,
    expected: list[int],
) -> None:
    filters = Filters(
        codes=codes,
        coder=actors[who].account_id if who else None,
        terms=search.parse(words) if words else (),
    )
    assert seen(session, actors["coordinator"], campaign, filters) == expected


@pytest.mark.parametrize("state", ["undone", "blind"])
def test_a_coding_that_does_not_count_finds_nothing(
    session: Session, campaign: Campaign, actors: Actors, told: list[Testimony], state: str
) -> None:
    for row in session.query(Coding):
        row.state = state
    session.flush()
    desk = actors["coordinator"]
    assert seen(session, desk, campaign, Filters(codes=("LOG",))) == []
    assert queue_filters.coders(session, desk, campaign) == {}


def test_a_text_that_is_not_masked_is_never_searched(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    held = factories.meeting(session, campaign)
    factories.testimony(session, held, text="Madame Martin a peur.")
    filters = Filters(terms=search.parse("martin"))
    assert queue.page(session, actors["coordinator"], campaign, "a-relire", filters).rows == []


def test_only_the_newest_masked_text_is_searched(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    row = factories.testimony(session, factories.meeting(session, campaign), masked="Chez Martin.")
    old = row.texts[-1]
    session.add(
        type(old)(
            testimony_id=row.id, council_id=row.council_id, sequence=old.sequence + 1,
            kind="masked", text="Chez [NOM 1].", parts=[], source_id=old.source_id,
        )
    )  # fmt: skip
    session.flush()
    desk = actors["coordinator"]
    assert seen(session, desk, campaign, Filters(terms=search.parse("martin"))) == []
    assert seen(session, desk, campaign, Filters(terms=search.parse("chez"))) == [1]
    found = queue_filters.passages(session, [row], search.parse("chez"))
    assert "".join(piece.text for piece in found[row.id][0]) == "Chez [NOM 1]."


def test_the_page_shows_the_passages_and_keeps_the_filters(runtime: Runtime, app: Flask) -> None:
    cases.house(runtime)
    visitor = pages.client_for(app, "coordinator")
    shown = visitor.get("/codage/essai?file=a-coder&mots=ASCENSEUR&theme=LOG").text
    assert "<mark>ascenseur</mark>" in shown
    assert "theme=LOG" in shown  # in the links of the queues
    refused = visitor.get("/codage/essai?mots=*&theme=ZZZ&codeur=moi")
    assert refused.status_code == 200
    assert "Écrivez au moins un mot" in refused.text
