"""A councillor who listens with the tablet: its real page, its real modules, one interview."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pyrage
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

import factories
from survey_app.models import Account
from survey_app.runtime import Runtime
from survey_app.services import aboard
from survey_app.web.field.aboard import render
from tests.browser.person import Person, World

PASSPHRASE = "trois cerises au marché"
MODULES = ("store", "vault", "seal", "drafts")
WITHDRAWAL = "https://paroles.exemple/retrait"

SHOW = """
  const { showInterview } = await import("/static/field/interview.js");
  const { package: kept } = await (await store.database()).get("aboard", session.profile.id);
  const find = (list, id) => kept[list].find((one) => (one.key ?? one.id) === id);
  const { data } = draft;
  window.ended = null;
  window.talk = showInterview(document.querySelector("main"), {
    session, draft, form: find("forms", data.form), campaign: find("campaigns", data.campaign),
    meeting: find("meetings", data.meeting), onDone: (kind) => { window.ended = kind; },
    onLeave: () => { window.ended = "paused"; },
  });
"""


class Tablet:
    """The tablet's own page, that app.js has opened; ``keys`` are the council's, never there."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.keys = pyrage.x25519.Identity.generate()
        self.open()

    def open(self) -> None:
        self.page.goto(self.site + "/terrain/")
        self.page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("() => document.querySelector('main h1').tabIndex === -1")

    def run(self, body: str, given: object = None) -> Any:
        """Run this script; `store`, `vault`, `drafts`… are our modules, `given` is the argument."""
        names = ", ".join(MODULES)
        imports = ", ".join(f'import("/static/field/{name}.js")' for name in MODULES)
        return self.page.evaluate(
            f"async (given) => {{ const [{names}] = await Promise.all([{imports}]); {body} }}",
            given,
        )

    def enrol(self, name: str) -> str:
        """Enrol a profile under `PASSPHRASE`; its id."""
        enrolment = {
            "device": {"id": str(uuid.uuid4()), "token": "jeton-de-" + name},
            "profile": {"id": str(uuid.uuid4()), "name": name},
            "council": {"id": str(uuid.uuid4()), "name": "Conseil des Cerisiers"},
            "recipients": [str(self.keys.to_public())],
        }
        self.run("await vault.enrol(given[0], given[1]);", [enrolment, PASSPHRASE])
        return str(enrolment["profile"]["id"])

    def unlock(self, profile: str) -> None:
        self.run("window.session = await vault.unlock(given[0], given[1]);", [profile, PASSPHRASE])

    def rows(self, store: str) -> list[dict[str, Any]]:
        """What a store holds; what is sealed comes as base64 text."""
        script = """
          const rows = await (await store.database()).getAll(given);
          return rows.map(({ id, kind, sealed }) =>
            ({ id, kind, sealed: sealed ? seal.base64(sealed) : null }));"""
        return list(self.run(script, store))

    def opened(self, sealed: str) -> Any:
        """What was sealed, as the council's server opens it."""
        return json.loads(pyrage.decrypt(base64.b64decode(sealed), [self.keys]))


class Listener:
    """Somebody whose tablet is enrolled, and who has the real package aboard."""

    def __init__(self, world: World, runtime: Runtime, place: dict[str, Any]) -> None:
        self.person: Person = world.person()
        self.page = self.person.page
        self.tablet = Tablet(self.page, world.site)
        self.profile = self.tablet.enrol("Amina")
        self.tablet.unlock(self.profile)
        self.package = self._package(world.app, runtime)
        self.meeting = str(place["meeting"])
        self.take_aboard()

    def _package(self, app: Flask, runtime: Runtime) -> dict[str, Any]:
        frame = aboard.Frame([str(self.tablet.keys.to_public())], WITHDRAWAL, render)
        with app.test_request_context(), runtime.database.reading() as session:
            account = session.scalars(select(Account).where(Account.login == "councillor")).one()
            return aboard.package(session, factories.actor(account), frame)

    def take_aboard(self) -> None:
        self.tablet.run(
            """await store.write(["aboard"], (tx) => tx.store.put(
                 { profile: session.profile.id, etag: "x", package: JSON.parse(given) }));""",
            json.dumps(self.package),
        )

    def begin(self, title: str = "Tous les types", language: str = "fr", **answers: Any) -> None:
        """Start an interview on the form of that title."""
        form = next(
            form
            for form in self.package["forms"]
            if title in form["title"] and form["language"] == language
        )
        fields = {
            "form": form["key"],
            "fingerprint": form["fingerprint"],
            "meeting": self.meeting,
            "campaign": form["campaign"],
            "language": language,
            "answers": answers,
        }
        self.tablet.run("window.draft = await drafts.begin(session, given);" + SHOW, fields)

    def reopen(self) -> None:
        """Unlock the tablet again, and go back to the interview in progress."""
        self.tablet.open()
        self.tablet.unlock(self.profile)
        self.tablet.run(
            """const [latest] = await drafts.list(session);
            window.draft = await drafts.open(session, latest.id);"""
            + SHOW
        )

    def answers(self) -> Any:
        """What the only draft holds on the disk, once it is saved."""
        return self.draft()["answers"]

    def draft(self) -> Any:
        self.tablet.run("if (window.draft) await draft.flush();")
        [kept] = self.tablet.run("return drafts.list(session);")
        return kept["data"]

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """What waits to leave of that kind, as the council's server will open it."""
        rows = [row for row in self.tablet.rows("outbox") if row["kind"] == kind]
        return [self.tablet.opened(row["sealed"]) for row in rows]

    def title(self) -> str:
        return str(self.page.get_by_role("heading", level=1).inner_text())

    def question(self, name: str) -> Any:
        return self.page.locator(f'[data-question="{name}"]')

    def visible(self) -> list[str]:
        found = self.page.eval_on_selector_all(
            ".question:not([hidden])", "all => all.map(one => one.dataset.question)"
        )
        return list(found)

    def agree(self, yes: str = "Oui", adult: str = "Adulte") -> None:
        """The first section of the questionnaire of every type."""
        self.question("accord_noter").get_by_label(yes, exact=True).check()
        self.question("age").get_by_label(adult, exact=True).check()
        self.person.press("^Continuer$")
