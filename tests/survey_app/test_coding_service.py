"""Coding: excerpts point exactly at words, every gesture can be taken back and put again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from analysis.sentences import sentences
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import (
    Campaign,
    CodebookVersion,
    Coding,
    Council,
    Excerpt,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, excerpts, grids, masking, relocation

TEXT = "Le soir, 😀 l’ascenseur tombe en panne. [PRÉNOM 1] monte à pied.\n\nUn banc est arrivé."
Actors = dict[str, Actor]


@pytest.fixture
def masked(session: Session, campaign: Campaign) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)


def alive(session: Session, row: Testimony) -> set[tuple[str, str, str]]:
    """What is coded: words, code, facets."""
    return {
        (excerpt.quote, coded.code, json.dumps(coded.facets, sort_keys=True))
        for excerpt in excerpts.everything(session, row)
        for coded in excerpts.live(excerpt)
        if excerpt.state == "active"
    }


def test_sentences_become_an_excerpt_with_words_number_and_hash(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    coding.code_sentences(session, actors["councillor"], masked, [1, 0], ["LOG4", "SAN7"])
    row = session.scalars(select(Excerpt)).one()
    text = masked.text("masked")
    assert text is not None
    assert row.quote == "Le soir, 😀 l’ascenseur tombe en panne. [PRÉNOM 1] monte à pied."
    assert text.text[row.start : row.end] == row.quote
    assert row.quote_sha256 == hashlib.sha256(row.quote.encode()).hexdigest()
    assert (row.number, row.text_version_id) == (1, text.id)
    assert {coded.code for coded in excerpts.live(row)} == {"LOG4", "SAN7"}


def test_excerpts_are_reused_overlap_and_are_numbered_in_the_campaign(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    coding.code_sentences(session, actors["councillor"], masked, [0], ["LOG4"])
    coding.code_sentences(session, actors["evaluator"], masked, [0], ["LOG4"])
    coding.code_sentences(session, actors["councillor"], masked, [0, 1], ["LOG"])
    coding.code_sentences(session, actors["councillor"], masked, [0, 2], ["CAD"])
    other = factories.testimony(session, masked.meeting, masked="Le bus est rare.")
    coding.code(session, actors["councillor"], other, 0, 16, ["MOB1"])
    rows = session.scalars(select(Excerpt).order_by(Excerpt.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [len(excerpts.live(row)) for row in rows] == [3, 1, 1, 1]
    assert rows[2].quote == "Un banc est arrivé."
    assert coding.code(session, actors["councillor"], other, 0, 16, ["MOB1"]) is None


def test_who_may_code(
    session: Session, council: Council, actors: Actors, masked: Testimony
) -> None:
    novice = factories.actor(factories.account(session, council, "novice", "councillor"))
    with pytest.raises(Forbidden, match="formé"):
        coding.code(session, novice, masked, 0, 5, ["LOG"])
    expert = factories.actor(factories.account(session, council, "expert", "evaluator"))
    assert coding.code(session, expert, masked, 0, 5, ["LOG"]) is not None
    for role in ("reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            coding.code(session, actors[role], masked, 0, 5, ["LOG"])
        with pytest.raises(Forbidden):
            excerpts.bench(session, actors[role], masked)


def test_another_council_neither_reads_nor_codes(
    session: Session, other_council: Council, masked: Testimony
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for attempt in (
        lambda: excerpts.bench(session, stranger, masked),
        lambda: coding.code(session, stranger, masked, 0, 5, ["LOG"]),
        lambda: coding.undo(session, stranger, masked),
        lambda: coding.finish(session, stranger, masked),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize("state", ["deposited", "to_review", "reviewed", "filed", "set_aside"])
def test_only_masked_texts_are_coded(
    session: Session, actors: Actors, masked: Testimony, state: str
) -> None:
    masked.state = state
    with pytest.raises(Conflict):
        coding.code(session, actors["coordinator"], masked, 0, 5, ["LOG"])


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [
        (0, 0, ["LOG"]),
        (-2, 5, ["LOG"]),
        (0, 999, ["LOG"]),
        (0, 5, []),
        (0, 5, ["SIG"]),
        (0, 5, ["x"]),
    ],
)
def test_wrong_spans_and_codes_are_refused(
    session: Session, actors: Actors, masked: Testimony, start: int, end: int, codes: list[str]
) -> None:
    with pytest.raises(Invalid):
        coding.code(session, actors["coordinator"], masked, start, end, codes)
    assert session.scalar(select(func.count()).select_from(Coding)) == 0


@pytest.mark.parametrize("chosen", [[], [9], [-1]])
def test_sentences_must_exist(
    session: Session, actors: Actors, masked: Testimony, chosen: list[int]
) -> None:
    with pytest.raises(Invalid):
        coding.code_sentences(session, actors["coordinator"], masked, chosen, ["LOG"])


def test_facets_come_from_the_grid_and_the_criterion_is_reserved(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    given_facets: dict[str, Any] = {
        "tonalite": "négative", "kind": "", "transversal": ["jeunesse", "jeunesse"],
    }  # fmt: skip
    coding.code_sentences(session, actors["councillor"], masked, [0], ["LOG"], given_facets)
    row = session.scalars(select(Coding)).one()
    assert row.facets == {"tonalite": "négative", "transversal": ["jeunesse"]}
    for wrong in (
        {"tonalite": "bof"}, {"humeur": "gaie"}, {"tonalite": ["neutre", "négative"]},
        {"critere": "impact"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            coding.code_sentences(session, actors["councillor"], masked, [1], ["LOG"], wrong)
    judged = {"critere": "impact"}
    coding.code_sentences(session, actors["evaluator"], masked, [1], ["LOG"], judged)
    assert ("[PRÉNOM 1] monte à pied.", "LOG", '{"critere": "impact"}') in alive(session, masked)


def test_finishing_needs_a_code_and_losing_the_last_one_reopens(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    who = actors["councillor"]
    with pytest.raises(Invalid, match="Aucune phrase"):
        coding.finish(session, who, masked)
    coding.code_sentences(session, who, masked, [0], ["LOG"])
    coding.finish(session, who, masked)
    coding.finish(session, who, masked)
    assert masked.state == "coded"
    coding.undo(session, who, masked)
    assert masked.state == "masked"
    coding.redo(session, who, masked)
    assert masked.state == "masked"


def test_nothing_to_code_is_off_topic(session: Session, actors: Actors, masked: Testimony) -> None:
    coding.nothing_to_code(session, actors["councillor"], masked)
    assert masked.state == "coded"
    assert {(quote, name) for quote, name, _ in alive(session, masked)} == {(TEXT, "HOR")}
    with pytest.raises(Conflict):
        coding.nothing_to_code(session, actors["councillor"], masked)


def test_lost_excerpts_are_relocated_or_given_up_by_a_person(
    session: Session, runtime: Runtime, actors: Actors, campaign: Campaign
) -> None:
    who = actors["coordinator"]
    row = factories.testimony(
        session, factories.meeting(session, campaign),
        text="Karima monte. Le bus passe.", masked="Karima monte. Le bus passe.",
    )  # fmt: skip
    coding.code_sentences(session, who, row, [0], ["LOG4"])
    coding.code_sentences(session, who, row, [1], ["MOB1"])
    masking.reopen(session, runtime, who, row)
    masking.add_words(session, who, row, "Karima", "PRÉNOM")
    masking.confirm(session, who, row)
    shown = excerpts.bench(session, who, row)
    assert (shown.excerpts, len(shown.to_relocate)) == ((), 2)
    with pytest.raises(Conflict, match="masqué à nouveau"):
        coding.undo(session, who, row)
    moved, dropped = shown.to_relocate
    span = sentences(shown.text.text)[0]
    relocation.relocate(session, who, row, moved, span.start, span.end)
    assert (moved.quote, moved.state, moved.number) == ("[PRÉNOM 1] monte.", "active", 1)
    assert moved.quote_sha256 == hashlib.sha256(moved.quote.encode()).hexdigest()
    with pytest.raises(Conflict, match="exactement"):
        relocation.relocate(session, who, row, dropped, span.start, span.end)
    relocation.invalidate(session, who, row, dropped)
    with pytest.raises(Conflict):
        relocation.invalidate(session, who, row, dropped)
    assert {name for _, name, _ in alive(session, row)} == {"LOG4"}


def test_a_councils_own_grid_is_read_from_its_document(
    session: Session, actors: Actors, masked: Testimony, campaign: Campaign
) -> None:
    document = {
        "id": "petite", "version": "1.0.0", "langue": "fr", "licence": "EUPL-1.2",
        "titre": "Petite grille", "resume": "Deux thèmes.",
        "themes": [{
            "code": "EAU", "libelle": "Eau", "pilier": "cadre_de_vie", "definition": "L’eau.",
            "inclure": "x", "exclure": "y",
            "sous_themes": [{"code": "EAU1", "libelle": "Fontaine", "definition": "Boire."}],
        }],
        "codes_de_relecture": [{"code": "HOR", "libelle": "Hors sujet", "definition": "Autre."}],
        "facettes": [], "regroupements": [],
    }  # fmt: skip
    version = CodebookVersion(
        council_id=campaign.council_id, name="petite", version="1.0.0", title="Petite grille",
        fingerprint="0" * 64, document=document,
    )  # fmt: skip
    session.add(version)
    session.flush()
    campaign.codebook_version_id = version.id
    assert [c.code for c in grids.of(session, actors["coordinator"], campaign).all_codes()] == [
        "EAU", "EAU1", "HOR",
    ]  # fmt: skip
    coding.code_sentences(session, actors["coordinator"], masked, [0], ["EAU1"])
    with pytest.raises(Invalid, match="n’est pas dans la grille"):
        coding.code_sentences(session, actors["coordinator"], masked, [0], ["LOG"])
    campaign.codebook_version_id = None
    with pytest.raises(Conflict, match="grille"):
        coding.code_sentences(session, actors["coordinator"], masked, [0], ["EAU1"])
