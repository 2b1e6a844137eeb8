"""Every paper of the council and every meeting's sheet, filled in the browser, script or not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import factories
from questionnaires import answers, library
from questionnaires.adapt import meeting_part
from questionnaires.model import RECORD, TESTIMONY, Questionnaire
from survey_app.models import Attachment, Record
from survey_app.runtime import Runtime
from tests.browser.filler import Filler
from tests.browser.person import Person, World
from tests.browser.test_library_forms_browser import PLACES, differences, settle

PAPERS = [name for name in library.names() if library.load(name).usage != TESTIMONY]
SHEETS = [name for name in library.names() if meeting_part(library.load(name))]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])


def fill(person: Person, whole: Questionnaire, places: dict[str, str], last: bool) -> Filler:
    """Fill every page, then press « Terminer »."""
    filler = Filler(person, whole, places, last=last)
    filler.go_through()
    person.press("^Terminer")
    assert person.complaints == []
    return filler


@both_ways
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_of_the_council_is_filled_and_kept(
    runtime: Runtime, world: World, name: str, javascript: bool
) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    whole = library.load(name)
    person = world.person("councillor", javascript=javascript).go("/fiches/")
    person.page.locator(f'form:has(input[name="sheet"][value="{name}"]) button').click()
    filler = fill(person, whole, {}, last=javascript)
    with runtime.database.reading() as session:
        row = session.scalars(select(Record)).one()
        assert differences(row.answers, filler.kept) == {}
        assert answers.check(whole, answers.from_json(row.answers)).ok
        assert (row.created_by is not None) is (whole.usage == RECORD)


@both_ways
@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_of_a_meeting_is_filled_and_kept(
    runtime: Runtime, world: World, name: str, javascript: bool
) -> None:
    place = settle(runtime, name)
    whole = meeting_part(library.load(name))
    assert whole is not None
    person = world.person("councillor", javascript=javascript)
    person.go(f"/collecte/rencontres/{place.meeting}").follow("Fiche de la rencontre")
    person.press("Remplir|Commencer")
    filler = fill(person, whole, PLACES, last=javascript)
    with runtime.database.reading() as session:
        row = session.scalars(select(Record)).one()
        assert row.meeting_id == place.meeting
        assert differences(row.answers, filler.kept) == {}
        assert set(session.scalars(select(Attachment.record_id))) <= {row.id}
