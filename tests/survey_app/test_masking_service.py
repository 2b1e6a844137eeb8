"""Masking through the service: choosing, taking back, confirming, opening again."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, Council, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    coding,
    masking,
    masking_batch,
    masking_confirm,
    masking_proposals,
    review,
)

YES = dict.fromkeys(review.CHECKLIST, True)
TEXT = "Karima monte six étages. KARIMA a appelé Paul.\n\nPaul n’est pas venu 😀."
PARTS = [{"question": "p1", "start": 0, "end": 46}, {"question": "p2", "start": 48, "end": 71}]
Actors = dict[str, Actor]


@pytest.fixture
def reviewed(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    """A testimony that ``councillor2`` reviewed and may mask."""
    held = factories.meeting(session, campaign, actors["councillor"], method="micro_trottoir")
    row = factories.testimony(session, held, text=TEXT, collector=actors["councillor"])
    row.texts[0].parts = PARTS
    review.take(session, actors["councillor2"], row)
    review.decide(session, actors["councillor2"], row, "accept", YES)
    return row


def words(session: Session, row: Testimony) -> list[tuple[str, str]]:
    text = review.working_text(row).text
    return [(text[r.start : r.end], r.placeholder) for r in masking.chosen(session, row)]


def test_everywhere_then_one_selection_then_confirm(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    assert masking.add_words(session, who, reviewed, "karima", "PRÉNOM") == 2
    masking.add(session, who, reviewed, 41, 46, "PRÉNOM")
    assert words(session, reviewed) == [
        ("Karima", "[PRÉNOM 1]"), ("KARIMA", "[PRÉNOM 1]"), ("Paul.", "[PRÉNOM 2]"),
    ]  # fmt: skip
    shown, _ = masking.preview(session, who, reviewed)
    version = masking.confirm(session, who, reviewed)
    assert version.text == shown
    assert version.text.startswith("[PRÉNOM 1] monte six étages. [PRÉNOM 1] a appelé [PRÉNOM 2]")
    assert [version.text[p["start"] : p["end"]] for p in version.parts] == version.text.split(
        "\n\n"
    )
    assert [part["question"] for part in version.parts] == ["p1", "p2"]
    assert (reviewed.state, version.kind, version.source_id) == (
        "masked", "masked", reviewed.texts[0].id,
    )  # fmt: skip
    assert reviewed.texts[0].text == TEXT


def test_a_selection_may_cover_its_words_everywhere_and_typed_words_once(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    assert masking.add(session, who, reviewed, 0, 6, "PRÉNOM", everywhere=True) == 2
    assert masking.add_words(session, who, reviewed, "paul", "NOM", everywhere=False) == 1
    assert words(session, reviewed) == [
        ("Karima", "[PRÉNOM 1]"), ("KARIMA", "[PRÉNOM 1]"), ("Paul", "[NOM 1]"),
    ]  # fmt: skip


def test_words_are_shown_again_one_or_all(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add_words(session, who, reviewed, "Paul", "PRÉNOM")
    masking.add_words(session, who, reviewed, "Karima", "PRÉNOM")
    assert [name for _, name in words(session, reviewed)] == ["[PRÉNOM 1]"] * 2 + ["[PRÉNOM 2]"] * 2
    masking.remove(session, who, reviewed, masking.chosen(session, reviewed)[0], alike=True)
    assert words(session, reviewed) == [("Paul", "[PRÉNOM 1]"), ("Paul", "[PRÉNOM 1]")]
    gone = masking.chosen(session, reviewed)[0]
    masking.remove(session, who, reviewed, gone)
    assert len(words(session, reviewed)) == 1
    with pytest.raises(Conflict):
        masking.remove(session, who, reviewed, gone)


def test_overlaps_merge_in_a_category_and_are_refused_across(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add(session, who, reviewed, 0, 6, "PRÉNOM")
    masking.add(session, who, reviewed, 3, 12, "PRÉNOM")
    assert words(session, reviewed) == [("Karima monte", "[PRÉNOM 1]")]
    with pytest.raises(Invalid, match="déjà masquée"):
        masking.add(session, who, reviewed, 7, 16, "LIEU")
    with pytest.raises(Invalid, match="plusieurs réponses"):
        masking.add(session, who, reviewed, 41, 52, "AUTRE")
    with pytest.raises(Invalid, match="pas dans le texte"):
        masking.add_words(session, who, reviewed, "Fatou", "PRÉNOM")
    assert words(session, reviewed) == [("Karima monte", "[PRÉNOM 1]")]


def test_nothing_to_mask_is_one_gesture_and_is_said(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    version = masking.confirm(session, actors["councillor2"], reviewed)
    assert version.text == TEXT
    session.flush()
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "mask")).one()
    assert line.details == {"redactions": 0, "nothing": True}
    with pytest.raises(Conflict):
        masking.confirm(session, actors["councillor2"], reviewed)


@pytest.mark.parametrize("role", ["councillor", "evaluator", "admin", "reader"])
def test_who_did_not_review_does_not_mask(
    session: Session, actors: Actors, reviewed: Testimony, role: str
) -> None:
    with pytest.raises(Forbidden):
        masking.confirm(session, actors[role], reviewed)
    with pytest.raises(Forbidden):
        masking.preview(session, actors[role], reviewed)
    assert reviewed.state == "reviewed"


def test_another_council_does_not_mask(
    session: Session, runtime: Runtime, other_council: Council, reviewed: Testimony
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    with pytest.raises(NotFound):
        masking.confirm(session, stranger, reviewed)
    with pytest.raises(NotFound):
        masking.reopen(session, runtime, stranger, reviewed)


def test_a_correction_carries_the_chosen_words(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add_words(session, who, reviewed, "Karima", "PRÉNOM")
    masking.add_words(session, who, reviewed, "Paul", "PRÉNOM")
    review.correct(session, who, reviewed, ["Le soir, Karima monte.", "Paul n’est pas venu."])
    assert words(session, reviewed) == [("Karima", "[PRÉNOM 1]"), ("Paul", "[PRÉNOM 2]")]
    version = masking.confirm(session, who, reviewed)
    assert version.text == "Le soir, [PRÉNOM 1] monte.\n\n[PRÉNOM 2] n’est pas venu."
    kept = select(func.count()).select_from(Redaction).where(Redaction.state == "accepted")
    assert session.scalar(kept) == 2


def test_opening_again_stops_the_excerpts_from_counting(
    session: Session, runtime: Runtime, actors: Actors, reviewed: Testimony
) -> None:
    who, desk = actors["councillor2"], actors["coordinator"]
    first = masking.confirm(session, who, reviewed)
    coding.code(session, who, reviewed, 0, 24, ["LOG4"])
    coding.finish(session, who, reviewed)
    with pytest.raises(Forbidden):
        masking.reopen(session, runtime, who, reviewed)
    masking.reopen(session, runtime, desk, reviewed)
    excerpt = coding.excerpts.everything(session, reviewed)[0]
    assert (reviewed.state, excerpt.state) == ("reviewed", "to_relocate")
    assert masking.confirm(session, desk, reviewed) is first
    assert excerpt.state == "active"
    masking.reopen(session, runtime, desk, reviewed)
    masking.add_words(session, desk, reviewed, "Karima", "PRÉNOM")
    second = masking.confirm(session, desk, reviewed)
    assert (second.sequence, first.text) == (3, TEXT)
    assert excerpt.state == "to_relocate"
    assert coding.excerpts.count(session, reviewed) == 0


def test_an_import_can_be_masked_afterwards(
    session: Session, runtime: Runtime, campaign: Campaign, actors: Actors
) -> None:
    held = factories.meeting(session, campaign)
    row = factories.testimony(session, held, text="Karima parle.", masked="Karima parle.")
    masking.reopen(session, runtime, actors["coordinator"], row)
    masking.add_words(session, actors["coordinator"], row, "Karima", "PRÉNOM")
    assert masking.confirm(session, actors["coordinator"], row).text == "[PRÉNOM 1] parle."


def test_the_batch_shows_and_confirms_micro_trottoir_only(
    session: Session, campaign: Campaign, actors: Actors, reviewed: Testimony
) -> None:
    who = actors["councillor2"]
    talk = factories.meeting(session, campaign, method="individuel")
    long = factories.testimony(
        session, talk, state="reviewed", reviewer_id=who.account_id, text="Un entretien."
    )
    begun = factories.testimony(
        session, reviewed.meeting, state="reviewed", reviewer_id=who.account_id, text="Ali."
    )
    masking.add_words(session, who, begun, "Ali", "PRÉNOM")
    assert [row for row, _ in masking_batch.batch(session, who, campaign)] == [reviewed]
    assert masking_batch.batch(session, actors["councillor"], campaign) == []
    with pytest.raises(Invalid, match="coché"):
        masking_confirm.confirm_batch(session, who, [])
    masking_proposals.refresh(session, reviewed)
    masking_proposals.refuse(session, who, reviewed, masking_proposals.pending(session, reviewed))
    rows = [(row, masking_confirm.shown(session, row)) for row in (long, reviewed, begun)]
    done, kept = masking_confirm.confirm_batch(session, who, rows, hasty=True)
    assert (done, [item.testimony for item in kept]) == (1, [long, begun])
    assert all("en lot" in item.why.message for item in kept)
    assert {long.state, begun.state} == {"reviewed"}
    assert reviewed.state == "masked"


@pytest.fixture
def own(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    """A testimony that the coordinator collected and ``councillor2`` reviewed."""
    held = factories.meeting(session, campaign, method="micro_trottoir")
    row = factories.testimony(session, held, text=TEXT, collector=actors["coordinator"])
    review.take(session, actors["councillor2"], row)
    review.decide(session, actors["councillor2"], row, "accept", YES)
    return row


def test_the_coordinator_does_not_mask_their_own_collecting(
    session: Session, campaign: Campaign, actors: Actors, own: Testimony
) -> None:
    desk = actors["coordinator"]
    for refused in (
        lambda: masking.add(session, desk, own, 0, 6, "PRÉNOM"),
        lambda: masking.add_words(session, desk, own, "Karima", "PRÉNOM"),
        lambda: masking.confirm(session, desk, own),
        lambda: masking_confirm.confirm_batch(session, desk, [(own, "")]),
    ):
        with pytest.raises(Forbidden, match="Vous avez recueilli"):
            refused()
    assert masking_batch.batch(session, desk, campaign) == []
    assert (own.state, own.reviewer_id) == ("reviewed", actors["councillor2"].account_id)
    campaign.single_person_exception = True
    assert [row for row, _ in masking_batch.batch(session, desk, campaign)] == [own]
    masking.add_words(session, desk, own, "Karima", "PRÉNOM")
    campaign.single_person_exception = False
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        masking.confirm(session, desk, own)


def test_the_coordinator_who_masks_takes_the_testimony_over(
    session: Session, actors: Actors, reviewed: Testimony
) -> None:
    desk = actors["coordinator"]
    masking.add_words(session, desk, reviewed, "Karima", "PRÉNOM")
    masking.add_words(session, desk, reviewed, "Paul", "PRÉNOM")
    assert reviewed.reviewer_id == desk.account_id
    session.flush()
    taken = select(AuditEvent.actor_id).where(AuditEvent.action == "take_over")
    assert session.scalars(taken).all() == [desk.account_id]
    with pytest.raises(Forbidden):
        masking.confirm(session, actors["councillor2"], reviewed)
