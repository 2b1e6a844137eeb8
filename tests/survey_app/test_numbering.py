"""Numbers that people read are given once, whatever is erased."""

from __future__ import annotations

import threading

import factories
from survey_app.models import Campaign
from survey_app.runtime import Runtime
from survey_app.services import erasure, numbering


def test_the_number_of_an_erased_testimony_is_never_given_again(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        meeting = factories.meeting(session, factories.campaign(session, council))
        first = factories.testimony(session, meeting)
        last = factories.testimony(session, meeting)
        assert (first.number, last.number) == (1, 2)
    with runtime.database.writing() as session:
        erasure.erase(session, actors["coordinator"], runtime, last.id, "decision")
    with runtime.database.writing() as session:
        assert factories.testimony(session, meeting).number == 3


def test_two_at_once_get_two_numbers(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        campaign = factories.campaign(session, factories.council(session)).id
    taken: list[int] = []

    def take() -> None:
        for _ in range(5):
            with runtime.database.writing() as session:
                taken.append(numbering.following(session, campaign, Campaign.last_excerpt))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 31))
