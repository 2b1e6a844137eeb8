"""A councillor's own tablet, enrolled at the real server: what it sends and what arrived."""

from __future__ import annotations

from playwright.sync_api import Page
from sqlalchemy import select

import envelopes
from field_cases import Field
from survey_app.models import Testimony
from tests.browser.field_modules import Tablet

SENDING = "**/terrain/api/envois"


class Sender(Tablet):
    """The modules of the tablet, with the account and the device that the server knows."""

    def __init__(self, page: Page, site: str, field: Field) -> None:
        super().__init__(page, site)
        self.field = field
        self.prepare(field.token)

    def prepare(self, token: str) -> str:
        """Enrol as the server's answer says, and unlock."""
        return self.enrol(
            device={"id": str(self.field.device_id), "token": token},
            profile={"id": str(self.field.actors["councillor"].account_id), "name": "Amina"},
            council={"id": str(self.field.council), "name": "Conseil"},
            recipients=list(self.field.runtime.keys.recipients(self.field.council)),
        )

    def testify(self, times: int = 1, *, finish: bool = True, **answers: object) -> list[str]:
        """Finish this many interviews, or only begin them; their ids."""
        plain = self.field.plain()
        given = {
            "form": "q01",
            "fingerprint": plain["questionnaire"],
            "campaign": plain["campaign"],
            "meeting": plain["meeting"],
            "language": "fr",
            "answers": envelopes.ANSWERS | answers,
        }
        script = """
          const made = [];
          for (let left = given[1]; left; left -= 1) {
            const draft = await drafts.begin(session, given[0]);
            if (given[2]) await outbox.finish(session, draft);
            made.push(draft.id);
          }
          return made;"""
        return list(self.run(script, [given, times, finish]))

    def sync(self) -> dict[str, object]:
        """« Envoyer maintenant »."""
        return dict(self.run("return sync.syncAll();"))

    def lines(self) -> list[dict[str, object]]:
        return list(self.run("return outbox.list(session.profile.id);"))

    def states(self) -> set[object]:
        return {line["state"] for line in self.lines()}

    def waiting(self) -> list[str]:
        """The ids of all that is still on the tablet."""
        return sorted(row["id"] for row in self.rows("outbox"))

    def stored(self) -> list[str]:
        """The ids of the testimonies that the server holds."""
        with self.field.runtime.database.reading() as session:
            return sorted(str(key) for key in session.scalars(select(Testimony.id)))
