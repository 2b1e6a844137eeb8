"""Review: who may read and decide, what is refused, and that nothing is overwritten."""

from __future__ import annotations

from datetime import UTC

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from review_cases import YES, collected, lines
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, Council, Review, SafeguardingAlert, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import alerts, review

Actors = dict[str, Actor]


@pytest.fixture
def deposited(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    """A testimony that ``councillor`` collected."""
    return collected(session, campaign, actors["councillor"])


def test_somebody_else_takes_reads_and_accepts(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    reader = actors["councillor2"]
    taken = review.take(session, reader, deposited)
    assert (deposited.state, deposited.reviewer_id) == ("to_review", reader.account_id)
    assert review.take(session, reader, deposited) is taken
    assert review.read_raw(session, reader, deposited).text == factories.WORDS
    assert lines(session, "read_raw") == 1
    review.decide(session, reader, deposited, "accept", YES)
    assert deposited.state == "reviewed"
    assert (taken.state, taken.decision, taken.checklist) == ("done", "accept", YES)
    assert taken.done_at is not None


def test_the_collector_may_not_review(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.take(session, actors["councillor"], deposited)
    assert deposited.state == "deposited"
    deposited.collector_id = actors["coordinator"].account_id
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.take(session, actors["coordinator"], deposited)


def test_the_single_person_exception_is_journalled(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    deposited.campaign.single_person_exception = True
    review.take(session, actors["councillor"], deposited)
    assert lines(session, "single_person_review") == 1


@pytest.mark.parametrize("role", ["evaluator", "reader", "admin", "dpo"])
def test_other_roles_neither_take_nor_read(
    session: Session, actors: Actors, deposited: Testimony, role: str
) -> None:
    with pytest.raises(Forbidden):
        review.take(session, actors[role], deposited)
    with pytest.raises(Forbidden):
        review.read_raw(session, actors[role], deposited)
    assert lines(session, "read_raw") == 0


def test_only_the_assigned_reviewer_and_the_coordinator_read_the_raw_text(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    with pytest.raises(Forbidden):
        review.read_raw(session, actors["councillor2"], deposited)
    with pytest.raises(Forbidden):
        review.read_raw(session, actors["councillor"], deposited)
    review.take(session, actors["councillor2"], deposited)
    review.read_raw(session, actors["coordinator"], deposited)
    review.read_raw(session, actors["councillor2"], deposited)
    deposited.state = "masked"
    with pytest.raises(Forbidden):
        review.read_raw(session, actors["councillor2"], deposited)
    review.read_raw(session, actors["coordinator"], deposited)
    assert lines(session, "read_raw") == 3


def test_another_council_sees_nothing(
    session: Session, runtime: Runtime, other_council: Council, actors: Actors, deposited: Testimony
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for attempt in (
        lambda: review.take(session, stranger, deposited),
        lambda: review.read_raw(session, stranger, deposited),
        lambda: review.decide(session, stranger, deposited, "accept", YES),
        lambda: review.correct(session, stranger, deposited, ["x"]),
        lambda: review.set_aside(session, runtime, stranger, deposited, "doublon"),
        lambda: review.restore(session, stranger, deposited),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_what_one_reviews_another_does_not_take_except_the_coordinator(
    session: Session, campaign: Campaign, actors: Actors, council: Council
) -> None:
    row = factories.testimony(session, factories.meeting(session, campaign))
    review.take(session, actors["councillor2"], row)
    with pytest.raises(Conflict, match="relit déjà"):
        review.take(session, actors["councillor"], row)
    review.take(session, actors["coordinator"], row)
    with pytest.raises(Forbidden):
        review.decide(session, actors["councillor2"], row, "accept", YES)
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert lines(session, "take_over") == 1


def test_the_checklist_must_be_whole_and_its_musts_be_yes(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    reader = actors["councillor2"]
    review.take(session, reader, deposited)
    with pytest.raises(Invalid, match="manque des réponses"):
        review.decide(session, reader, deposited, "accept", {"consent": True})
    for key, message in review.MUST.items():
        with pytest.raises(Invalid, match=message[:20]):
            review.decide(session, reader, deposited, "accept", YES | {key: False})
    with pytest.raises(Invalid, match="Aucune décision"):
        review.decide(session, reader, deposited, "", YES)
    assert deposited.state == "to_review"
    review.decide(session, reader, deposited, "accept", YES | {"no_identity": False})
    assert deposited.state == "reviewed"


def test_setting_aside_needs_a_reason_and_can_be_taken_back(
    session: Session, runtime: Runtime, actors: Actors, deposited: Testimony
) -> None:
    reader = actors["councillor2"]
    review.take(session, reader, deposited)
    with pytest.raises(Invalid, match="pourquoi"):
        review.decide(session, reader, deposited, "set_aside", {}, reason="Karima a crié")
    with pytest.raises(Invalid, match="trop longue"):
        review.decide(
            session, reader, deposited, "set_aside", {}, reason="doublon", detail="x" * 501
        )
    row = review.decide(
        session,
        reader,
        deposited,
        "set_aside",
        {},
        reason="doublon",
        detail=" la feuille\nde  lundi ",
    )
    assert (deposited.state, deposited.set_aside_reason) == ("set_aside", "doublon")
    assert row.reason == "la feuille de lundi"
    assert review.details(session, actors["coordinator"], [deposited]) == {
        deposited.id: "la feuille de lundi"
    }
    with pytest.raises(Forbidden):
        review.restore(session, reader, deposited)
    review.restore(session, actors["coordinator"], deposited)
    assert (deposited.state, deposited.reviewer_id) == ("to_review", None)
    review.take(session, reader, deposited)
    review.decide(session, reader, deposited, "accept", YES)
    with pytest.raises(Forbidden):
        review.set_aside(session, runtime, reader, deposited, "doublon")
    with_words = "Karima l’a demandé."
    review.set_aside(
        session, runtime, actors["coordinator"], deposited, "demande de la personne", with_words
    )
    assert deposited.set_aside_reason == "demande de la personne"
    assert review.details(session, actors["coordinator"], [deposited])[deposited.id] == with_words
    assert deposited.state == "set_aside"


def test_handing_over_frees_the_testimony(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    review.take(session, actors["councillor2"], deposited)
    review.decide(session, actors["councillor2"], deposited, "hand_over", {})
    assert (deposited.state, deposited.reviewer_id) == ("to_review", None)
    review.take(session, actors["coordinator"], deposited)
    review.decide(session, actors["coordinator"], deposited, "accept", YES)
    assert deposited.state == "reviewed"


def test_an_alert_holds_neither_words_nor_a_way_back(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    reader = actors["councillor2"]
    review.take(session, reader, deposited)
    with pytest.raises(Invalid, match="nature"):
        review.decide(session, reader, deposited, "orient", YES, instruction="contact")
    review.decide(
        session, reader, deposited, "orient", YES, nature="violence", instruction="3919",
        reason="Karima a dit que…",
    )  # fmt: skip
    session.flush()
    alert = session.scalars(select(SafeguardingAlert)).one()
    assert deposited.state == "set_aside"
    assert deposited.set_aside_reason == review.ORIENTED
    assert alert.contact == deposited.campaign.safeguarding_contact
    columns = {c.name: getattr(alert, c.key) for c in SafeguardingAlert.__table__.columns}
    assert "testimony_id" not in columns
    assert alert.created_by is None
    assert alert.created_at.astimezone(UTC).time().isoformat() == "00:00:00"
    assert alert.id.version == 4
    assert not any("Karima" in str(value) for value in columns.values())
    paired = select(AuditEvent).where(AuditEvent.record_id == alert.id)
    assert session.scalars(paired).all() == []


def test_alerts_are_forwarded_then_closed_by_the_coordinator(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    desk = actors["coordinator"]
    alert = alerts.open_alert(session, actors["councillor"], campaign, "child", "119")
    assert alerts.still_open(session, desk, campaign) == 1
    with pytest.raises(Forbidden):
        alerts.listed(session, actors["councillor"], campaign)
    with pytest.raises(Conflict):
        alerts.close(session, desk, alert)
    alerts.forward(session, desk, alert)
    assert alert.forwarded_at is not None
    alerts.close(session, desk, alert)
    assert [row.state for row in alerts.listed(session, desk, campaign)] == ["closed"]
    assert alerts.still_open(session, desk, campaign) == 0
