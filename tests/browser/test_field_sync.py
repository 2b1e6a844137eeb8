"""Bringing the outbox home: whatever the network does, each testimony arrives, and once."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route
from sqlalchemy import select

import envelopes
from field_cases import Field, settle
from survey_app.models import Draft, Meeting, RecontactEntry, Testimony
from survey_app.runtime import Runtime
from survey_app.services import rescue
from tests.browser.field_modules import PASSPHRASE
from tests.browser.field_sending import SENDING, Sender

pytestmark = pytest.mark.browser


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return settle(runtime)


@pytest.fixture
def tablet(field: Field, context: BrowserContext, site: str) -> Sender:
    return Sender(context.new_page(), site, field)


def test_everything_leaves_once_and_each_line_is_verified(tablet: Sender, field: Field) -> None:
    made = tablet.testify(3)
    tablet.run(
        """
        await outbox.queueEvent(session, "refusal", { meeting: given.meeting });
        await outbox.queueEvent(session, "stopped", { meeting: given.meeting });
        await outbox.queueEvent(session, "contact",
          { campaign: given.campaign, contact: "06 00 00 00 00" });""",
        field.plain(),
    )
    assert tablet.states() == {"waiting"}
    assert tablet.sync() == {"failure": None, "waiting": 0, "rejected": 0}
    assert tablet.stored() == sorted(made)
    assert tablet.waiting() == []
    assert tablet.states() == {"verified"}
    with field.runtime.database.reading() as session:
        meeting = session.get_one(Meeting, field.meeting.id)
        assert (meeting.refusals, meeting.stopped) == (1, 1)
        [contact] = session.scalars(select(RecontactEntry))
        assert contact.contact == "06 00 00 00 00"
        numbers = {str(one.id): one.number for one in session.scalars(select(Testimony))}
    lines = tablet.lines()
    assert {line["id"]: line["number"] for line in lines} == numbers
    assert {row["kind"] for row in tablet.rows("sent")} == {"testimony", "refusal", "stopped"}
    assert tablet.rows("profiles")[0]["contact_at"]
    assert tablet.sync()["failure"] is None
    assert tablet.stored() == sorted(made)


def test_an_answer_that_is_lost_is_asked_again(tablet: Sender, field: Field) -> None:
    made = tablet.testify(24)
    loses = cycle((True, True, False))
    lost = []

    def flaky(route: Route) -> None:
        answer = route.fetch()
        if next(loses):
            lost.append(answer.status)
            route.abort()
        else:
            route.fulfill(response=answer)

    tablet.page.route(SENDING, flaky)
    for _ in range(30):
        answer = tablet.sync()
        if not answer["waiting"]:
            break
        assert answer["failure"]["code"] == "network"
        assert "Rien n’est perdu" in answer["failure"]["message"]
    assert lost == [200] * 6
    assert tablet.waiting() == []
    assert tablet.stored() == sorted(made)
    assert tablet.states() == {"verified"}


def test_the_words_of_one_leave_while_another_holds_the_tablet(
    tablet: Sender, field: Field
) -> None:
    made = tablet.testify()
    tablet.enrol("Boris")
    assert tablet.lines() == []
    assert tablet.sync()["waiting"] == 0
    assert tablet.stored() == made
    assert tablet.lines() == []


def test_two_tabs_never_send_at_the_same_time(
    tablet: Sender, field: Field, context: BrowserContext, site: str
) -> None:
    made = tablet.testify(3)
    second = Sender(context.new_page(), site, field)
    bodies: list[Any] = []
    context.on("request", lambda sent: bodies.append(sent) if "envois" in sent.url else None)
    held: list[Route] = []
    context.route(SENDING, lambda route: held.append(route))
    tablet.run("window.first = sync.syncAll();")
    tablet.page.wait_for_timeout(500)
    assert second.sync() == {"failure": None, "waiting": 3, "rejected": 0}
    assert tablet.run("return sync.syncAll() === first;")
    [only] = held
    only.continue_()
    assert tablet.run("return first;")["waiting"] == 0
    assert len(bodies) == 1
    assert tablet.stored() == sorted(made)


def test_batches_are_small(tablet: Sender, field: Field) -> None:
    tablet.testify(23)
    sizes: list[int] = []

    def count(route: Route) -> None:
        sizes.append(len(route.request.post_data_json["items"]))
        route.continue_()

    tablet.page.route(SENDING, count)
    tablet.sync()
    assert sizes == [10, 10, 3]


def test_a_batch_weighs_less_than_a_megabyte_and_a_contact_travels_apart(tablet: Sender) -> None:
    profile = tablet.enrol()
    batches = tablet.run(
        """
        const { nextBatch } = await import("/static/field/receipts.js");
        await store.write(["outbox"], async (tx) => {
          for (const [rank, size] of [300, 300, 300, 900, 2].entries()) {
            await tx.store.add({ id: `b${rank}`, profile: given, kind: "testimony",
              state: "waiting", sealed: new Uint8Array(size * 1000) });
          }
          await tx.store.add({ id: "a-contact", profile: given, kind: "contact",
            state: "waiting", sealed: new Uint8Array(9) });
        });
        const tried = new Set();
        const found = [];
        for (;;) {
          const ids = (await nextBatch(given, tried, false)).map(({ id }) => id);
          if (!ids.length) return found;
          found.push(ids);
          for (const id of ids) tried.add(id);
        }""",
        profile,
    )
    assert batches == [["b0", "b1"], ["b2"], ["b3"], ["b4"], ["a-contact"]]


def test_pauses_grow_to_five_minutes_and_the_network_ends_them(
    tablet: Sender, field: Field
) -> None:
    made = tablet.testify()
    tablet.page.route(SENDING, lambda route: route.abort())
    pauses = tablet.run("""
      const real = window.setTimeout;
      window.pauses = [];
      Math.random = () => 1;
      window.setTimeout = (fn, ms) => {
        if (ms >= 1000) pauses.push(ms);
        return real(fn, pauses.length < 10 || ms < 1000 ? 0 : ms);
      };
      sync.start();
      while (pauses.length < 10) await new Promise((done) => real(done, 20));
      return pauses;""")
    assert pauses == [2000 * 2**step for step in range(8)] + [300_000] * 2
    tablet.page.unroute(SENDING)
    tablet.page.context.set_offline(True)
    tablet.page.context.set_offline(False)
    tablet.run("""
      const real = () => new Promise((done) => requestAnimationFrame(done));
      while ((await outbox.counts()).total) await real();""")
    assert tablet.stored() == made


def test_what_is_finished_without_network_leaves_by_itself_when_it_returns(
    tablet: Sender, field: Field
) -> None:
    tablet.run("""
      window.told = [];
      sync.subscribe((state) => told.push(state));
      sync.start();""")
    tablet.page.context.set_offline(True)
    made = tablet.testify(2)
    tablet.page.wait_for_function("() => told.at(-1).waiting === 2 && told.at(-1).next")
    assert tablet.run("return told.at(-1).failure.code;") == "network"
    assert tablet.stored() == []
    tablet.page.context.set_offline(False)
    tablet.page.wait_for_function("() => told.at(-1).waiting === 0 && !told.at(-1).running")
    assert tablet.run("return told.at(-1).failure;") is None
    assert tablet.stored() == sorted(made)
    more = tablet.testify()
    tablet.page.wait_for_function("() => told.at(-1).waiting === 0 && !told.at(-1).running")
    tablet.page.wait_for_timeout(300)
    assert tablet.stored() == sorted(made + more)


def test_the_passphrase_is_not_needed_to_send(tablet: Sender, field: Field) -> None:
    """Anybody who holds the tablet lets its words leave; nobody reads them."""
    made = tablet.testify()
    tablet.page.reload()
    tablet.sync()
    assert tablet.stored() == made
    assert tablet.run(
        "return vault.unlock(given, 'pas la bonne phrase').catch((error) => error.name);",
        str(field.actors["councillor"].account_id),
    ) == ("WrongPassphrase")
    assert PASSPHRASE not in str(tablet.rows("profiles"))


def test_a_rescue_file_and_the_network_bring_each_testimony_once(
    tablet: Sender, field: Field, tmp_path: Path
) -> None:
    first = tablet.testify(2)
    tablet.sync()
    second = tablet.testify(2)
    text = tablet.run(
        "return (await rescue.rescueFile(given)).blob.text();",
        str(field.actors["councillor"].account_id),
    )
    (tmp_path / "secours.json").write_text(text, encoding="utf-8")
    lines = list(rescue.bring_in(field.runtime, rescue.read(tmp_path / "secours.json")))
    assert [line.outcome for line in lines] == ["stored", "stored"]
    assert tablet.stored() == sorted(first + second)
    assert tablet.sync() == {"failure": None, "waiting": 0, "rejected": 0}
    assert tablet.stored() == sorted(first + second)
    assert tablet.states() == {"verified"}


def test_a_draft_of_the_rescue_file_is_resumed_at_the_desk(
    tablet: Sender, field: Field, tmp_path: Path
) -> None:
    [key] = tablet.testify(finish=False)
    text = tablet.run(
        "return (await rescue.rescueFile(given)).blob.text();",
        str(field.actors["councillor"].account_id),
    )
    (tmp_path / "secours.json").write_text(text, encoding="utf-8")
    read = rescue.read(tmp_path / "secours.json")
    assert [line.outcome for line in rescue.bring_in(field.runtime, read)] == ["drafts"]
    with field.runtime.database.reading() as session:
        [draft] = session.scalars(select(Draft))
        assert str(draft.id) == key
        assert draft.answers == envelopes.ANSWERS
    assert [line.outcome for line in rescue.bring_in(field.runtime, read)] == ["known"]
