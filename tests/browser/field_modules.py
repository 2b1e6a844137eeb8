"""A tablet in a councillor's hands: the modules of the offline app, in a real Chromium."""

from __future__ import annotations

import base64
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from playwright.sync_api import Page

from survey_app import create_app
from survey_app.runtime import Runtime
from survey_app.settings import Settings
from tests.browser.serving import served

PASSPHRASE = "trois cerises au marché"
MODULES = ("store", "ids", "vault", "seal", "drafts", "outbox", "sync", "rescue")
# Any page of ours will do: these modules touch no element.
DOOR = "/connexion"


@contextmanager
def quiet_site(migrated: Path, folder: Path) -> Iterator[str]:
    """The address of an installation that nobody writes in: it serves many tests."""
    shutil.copytree(migrated, folder)
    settings = Settings(instance=folder / "instance", key_dir=folder / "keys", testing=True)
    runtime = Runtime.start(settings)
    with served(create_app(runtime=runtime)) as address:
        yield address
    runtime.database.close()


class Tablet:
    """One page with our modules; ``keys`` are the council's, which the tablet never has."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.keys = pyrage.x25519.Identity.generate()
        page.goto(site + DOOR)

    def run(self, body: str, given: object = None) -> Any:
        """Run this script; `store`, `vault`, `drafts`… are our modules, `given` is the argument."""
        names = ", ".join(MODULES)
        imports = ", ".join(f'import("/static/field/{name}.js")' for name in MODULES)
        return self.page.evaluate(
            f"async (given) => {{ const [{names}] = await Promise.all([{imports}]); {body} }}",
            given,
        )

    def enrol(self, name: str = "Amina", **changes: object) -> str:
        """Enrol a profile under `PASSPHRASE` and unlock it as ``window.session``; its id."""
        enrolment = self.enrolment(name) | changes
        self.run(
            "await vault.enrol(given[0], given[1]);"
            "window.session = await vault.unlock(given[0].profile.id, given[1]);",
            [enrolment, PASSPHRASE],
        )
        return str(enrolment["profile"]["id"])

    def enrolment(self, name: str) -> dict[str, Any]:
        """What the server answers when a tablet is enrolled."""
        return {
            "device": {"id": str(uuid.uuid4()), "token": "jeton-de-" + name},
            "profile": {"id": str(uuid.uuid4()), "name": name},
            "council": {"id": str(uuid.uuid4()), "name": "Conseil des Cerisiers"},
            "recipients": [str(self.keys.to_public())],
        }

    def unlock(self, profile: str) -> None:
        self.run("window.session = await vault.unlock(given[0], given[1]);", [profile, PASSPHRASE])

    def begin(self, **answers: object) -> str:
        """Start an interview as ``window.draft``; its id."""
        return str(
            self.run(
                """
                window.draft = await drafts.begin(session, {
                  form: "q03", fingerprint: "f".repeat(64), campaign: "c", meeting: "m",
                  language: "fr", answers: given });
                return draft.id;
                """,
                answers,
            )
        )

    def finish(self, **answers: object) -> dict[str, str]:
        """A finished testimony: its id and digest."""
        self.begin(**answers)
        return dict(self.run("return outbox.finish(session, draft);"))

    def rows(self, store: str) -> list[dict[str, Any]]:
        """What a store holds; bytes come as base64 text."""
        return list(
            self.run(
                """
                const read = (item) => (item instanceof Uint8Array ? seal.base64(item)
                  : Array.isArray(item) ? item.map(read)
                  : item && typeof item === "object"
                  ? Object.fromEntries(Object.entries(item).map(([k, v]) => [k, read(v)])) : item);
                return read(await (await store.database()).getAll(given));
                """,
                store,
            )
        )

    def opened(self, sealed: str) -> bytes:
        """What was sealed, as the council's server opens it."""
        return bytes(pyrage.decrypt(base64.b64decode(sealed), [self.keys]))
