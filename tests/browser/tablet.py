"""What the tests of the tablet share: preparing it, opening it, beginning an interview."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

import factories
from survey_app.models import Meeting
from survey_app.runtime import Runtime
from tests.browser.person import Person, World

PHRASE = "quatre mots sans lien"
FINISH = """async ([answers, phrase]) => {
  const drafts = await import("/static/field/drafts.js");
  const outbox = await import("/static/field/outbox.js");
  const { database } = await import("/static/field/store.js");
  const { unlock } = await import("/static/field/vault.js");
  const [profile] = await (await database()).getAll("profiles");
  const session = await unlock(profile.id, phrase);
  const { package: aboard } = await (await database()).get("aboard", profile.id);
  const form = aboard.forms.find((one) => one.name.startsWith("Q01") && one.language === "fr");
  const [meeting] = aboard.meetings;
  const draft = await drafts.begin(session, {
    form: form.key, fingerprint: form.fingerprint, meeting: meeting.id,
    campaign: meeting.campaign, language: "fr",
  });
  await draft.save({ answers });
  return (await outbox.finish(session, draft)).id;
}"""
OTHER_PHRASE = "une autre phrase à moi"
TERRAIN = "/terrain/"


def furnish(runtime: Runtime, *, state: str = "open") -> Meeting:
    """A council with its people, a running campaign and a meeting of each councillor."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        mine = factories.meeting(session, campaign, actors["councillor"], state=state)
        factories.meeting(session, campaign, actors["councillor2"], place="sous la halle")
    return mine


def fill_phrase(person: Person, phrase: str) -> None:
    person.page.locator("#phrase").fill(phrase)
    again = person.page.locator("#encore")
    if again.count():
        again.fill(phrase)


def prepare(person: Person, phrase: str = PHRASE) -> Person:
    """The one visit with the network: enrolled, questionnaires aboard, the page kept."""
    person.go("/terrain/preparer")
    person.page.wait_for_selector("#phrase")
    fill_phrase(person, phrase)
    person.press("Préparer cette tablette")
    heading(person, "La tablette est prête")
    return person


def heading(person: Person, words: str) -> None:
    expect(person.page.get_by_role("heading", level=1)).to_have_text(
        re.compile(words.replace(" ", r"\s")), timeout=30_000
    )


def unlock(person: Person, phrase: str = PHRASE, name: str = "") -> Person:
    """Open the tablet from its lock screen."""
    if name:
        person.page.get_by_label(re.compile(name)).check()
    fill_phrase(person, phrase)
    person.press("^Ouvrir$")
    heading(person, "Bonjour")
    return person


def opened(world: World, login: str = "councillor") -> Person:
    """A prepared tablet, unlocked, online."""
    person = prepare(world.person(login))
    person.go(TERRAIN)
    return unlock(person)


def begin(person: Person, questionnaire: str = "Micro-trottoir") -> Person:
    """Begin an interview in French with the only meeting there is."""
    person.press("Commencer un témoignage")
    heading(person, "Commencer un témoignage")
    person.choose(questionnaire, within="Le questionnaire")
    person.press("^Commencer$")
    person.page.wait_for_selector("[data-question]")
    return person


def finish(person: Person, answers: dict[str, object]) -> str:
    """A Q01 testimony finished by the tablet's own modules, without its screens; its id."""
    found: str = person.page.evaluate(FINISH, [answers, PHRASE])
    return found


def rows(page: Page, store: str) -> list[dict[str, object]]:
    """What a store of the tablet's database holds, without its bytes."""
    found: list[dict[str, object]] = page.evaluate(
        """async (store) => {
          const { database } = await import("/static/field/store.js");
          return JSON.parse(JSON.stringify(await (await database()).getAll(store)));
        }""",
        store,
    )
    return found
