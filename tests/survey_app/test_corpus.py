"""From rows to the corpus: masked texts only, validated codings only, one council only."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
import results_cases as cases
from survey_app.domain import Conflict, NotFound
from survey_app.models import (
    Campaign,
    Coding,
    ConsentRecord,
    Council,
    Excerpt,
    Redaction,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import corpus, results

Actors = dict[str, Actor]


@pytest.fixture
def rows(session: Session, campaign: Campaign, actors: Actors) -> list[Testimony]:
    return cases.spoken(session, campaign, actors)


def test_it_holds_masked_texts_and_no_raw_one(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    meeting = factories.meeting(session, campaign)
    factories.testimony(session, meeting, text="Madame Untel l’a dit.")
    found = corpus.load(session, actors["coordinator"], campaign).corpus
    assert [item.text for item in found.testimonies] == [
        cases.LIFT, cases.BENCH, cases.STAIRS, cases.QUIET, cases.SECRET
    ]  # fmt: skip
    assert "Karima" not in repr(found)
    assert "Untel" not in repr(found)
    assert found.pending == 1
    assert [item.citable for item in found.testimonies] == ["yes", "yes", "yes", "yes", "no"]
    assert [item.reviewed for item in found.testimonies] == [True] * 5


def test_meetings_have_labels_in_order_and_their_place(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    found = corpus.load(session, actors["coordinator"], campaign).corpus
    assert [(item.label, item.place) for item in found.meetings] == [
        ("R-01", "devant l’école"),
        ("R-02", "au marché"),
    ]
    assert found.testimonies[2].meeting == found.meetings[1].id


def test_only_validated_codings_of_living_excerpts_count(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    excerpts = session.scalars(select(Excerpt).order_by(Excerpt.number)).all()
    excerpts[0].state = "to_relocate"
    session.scalars(
        select(Coding).where(Coding.excerpt_id == excerpts[1].id)
    ).one().state = "undone"
    found = corpus.load(session, actors["coordinator"], campaign).corpus
    assert [item.label for item in found.excerpts] == ["É-0003", "É-0004", "É-0005"]
    assert len(found.codings) == 3
    basis = results.basis(session, actors["coordinator"], campaign)
    assert (basis.testimonies, basis.codings) == (5, 3)


def test_what_was_set_aside_and_masked_is_counted(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    rows[3].state, rows[3].set_aside_reason = "set_aside", "texte illisible"
    raw = rows[0].text("raw")
    assert raw is not None
    session.add(
        Redaction(
            council_id=campaign.council_id,
            testimony_id=rows[0].id,
            text_version_id=raw.id,
            start=37,
            end=43,
            category="PRÉNOM",
            placeholder="[PRÉNOM 1]",
        )
    )
    session.flush()
    found = corpus.load(session, actors["coordinator"], campaign).corpus
    assert found.exclusions == {"texte illisible": 1}
    assert found.masking_counts == {"PRÉNOM": 1}
    assert len(found.testimonies) == 4
    assert {item.testimony for item in found.excerpts} <= {item.id for item in found.testimonies}


def test_a_change_of_mind_is_heard_at_once(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    row = ConsentRecord(council_id=campaign.council_id, scope="citer", decision="withdrawn")
    rows[0].consents.append(row)
    session.flush()
    found = corpus.load(session, actors["coordinator"], campaign).corpus
    assert found.testimonies[0].citable == "no"


def test_an_excerpt_that_no_longer_fits_is_told_in_french(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]
) -> None:
    session.scalars(select(Excerpt).where(Excerpt.number == 1)).one().quote = "Autre chose."
    session.flush()
    with pytest.raises(Conflict, match="É-0001"):
        corpus.load(session, actors["coordinator"], campaign)


def test_another_council_s_words_are_not_there(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony],
    other_council: Council,
) -> None:  # fmt: skip
    stranger = factories.actors(session, other_council, suffix="-voisin")["coordinator"]
    with pytest.raises(NotFound):
        corpus.load(session, stranger, campaign)
    campaign.codebook_version_id = None
    found = corpus.load(session, stranger, campaign).corpus
    assert (found.testimonies, found.excerpts, found.meetings) == ((), (), ())
