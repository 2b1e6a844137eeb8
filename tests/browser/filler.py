"""Page objects made from a questionnaire: whoever fills it sees what a person sees.

Each visible question of a page gets the answer that `plan` draws from its type. What was
answered is remembered, so that a test can compare it with what was kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from PIL import Image
from playwright.sync_api import Locator

from questionnaires import expressions
from questionnaires.model import RECORD, Question, Questionnaire, Section
from tests.browser.person import Person

AGREED = {
    "accord_noter": "oui",
    "age": "40_59",
    "accord_citer": "apres_relecture",
    "relecture": "oui",
}
SILENT = ("ne_sait_pas", "refus")
ENTRIES = 2


def photo() -> bytes:
    """A picture of no place in particular."""
    data = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).convert("RGB").save(data, "JPEG")
    return data.getvalue()


def leading(whole: Questionnaire) -> frozenset[str]:
    """The questions that some condition reads: silence there would close a branch."""
    conditions = [section.relevant for section in whole.sections]
    conditions += [question.relevant for question in whole.questions]
    found = (expressions.references(expressions.parse(text)) for text in conditions if text)
    return frozenset().union(*found)


def plan(question: Question, rank: int, speaks: bool, *, last: bool = False) -> Any:
    """An answer to a question, as its JSON value; ``last`` prefers the last choices.

    One question in five is met with « Je ne sais pas » or « Je ne veux pas répondre », unless the
    person ``speaks``.
    """
    if question.name in AGREED:
        return AGREED[question.name]
    silent = (sum(map(ord, question.name)) + 4 * last) % 9
    if question.offers_non_response and not speaks and silent < len(SILENT):
        return {"non_response": SILENT[silent]}
    choices = [choice.name for choice in question.choices if not choice.exclusive]
    choices = choices[::-1] if last else choices
    several = choices[: min(question.max_choices or 2, len(choices))]
    return {
        "text": f"{question.name} {rank} : « déjà dit », l’œuf 👩🏽‍🌾 à 5 €",
        "place": f"Devant l’école {rank}",
        "integer": 3,
        "date": "2026-03-02",
        "time": "18:30",
        "dateTime": "2026-03-02T18:30",
        "image": "photo",
        # Ticked boxes come back in the order of the page, whatever the order of the taps.
        "select_multiple": [c.name for c in question.choices if c.name in several],
        "rank": several,
    }.get(question.type, choices[0] if choices else None)


class Filler:
    """Goes through the pages of one questionnaire; ``kept`` is what it answered."""

    def __init__(
        self, person: Person, whole: Questionnaire, places: Mapping[str, str], *, last: bool = False
    ) -> None:
        self.person, self.whole, self.places, self.last = person, whole, dict(places), last
        self.leading = leading(whole)
        self.kept: dict[str, Any] = {}
        self.seen: list[str] = []

    @property
    def section(self) -> Section | None:
        """The section of the page that is open, if it is one."""
        found = re.search(r"/etape/(\w+)", self.person.page.url)
        return self.whole.section(found[1]) if found else None

    def go_through(self, look: bool = False) -> None:
        """Fill page after page until one that is no section."""
        for _ in range(60):
            section = self.section
            if section is None:
                return
            if look and section.name not in self.seen:
                self.person.look(f"q-{self.whole.name[:3]}-{section.name}")
            self.seen.append(section.name)
            if section.is_repeat:
                self._entries(section, look=look)
            else:
                self.kept |= self._page(section, 1)
            with self._next_page():
                self.person.press("Enregistrer et continuer|^Continuer$")
        raise AssertionError(f"the questionnaire never ends: {self.seen[-5:]}")

    def _next_page(self) -> AbstractContextManager[Any]:
        """Wait for the page that a gesture leads to: a slow machine still shows the old one."""
        return self.person.page.expect_navigation()

    def _entries(self, section: Section, *, look: bool) -> None:
        given = self.kept.setdefault(section.name, [])
        while len(given) < ENTRIES:
            with self._next_page():
                self.person.follow("^Ajouter")
            if look and not given:
                self.person.look(f"q-{self.whole.name[:3]}-{section.name}-1")
            entry: dict[str, Any] = {}
            # Without a script, an answer may open questions that the next page shows.
            for _ in range(4):
                entry |= self._page(section, len(given) + 1)
                with self._next_page():
                    self.person.press("^Enregistrer$")
                if not re.search(r"/etape/\w+/\d+", self.person.page.url):
                    break
            given.append(entry)

    def _page(self, section: Section, rank: int) -> dict[str, Any]:
        """Answer every question that can be seen, in order."""
        answered: dict[str, Any] = {}
        for question in section.questions:
            box = self.person.page.locator(f"#q-{question.name}-question")
            if question.is_note or box.count() == 0 or not box.is_visible():
                continue
            # « Sans réponse » is not offered on the council's own papers.
            speaks = question.name in self.leading or self.whole.usage == RECORD
            value = plan(question, rank, speaks, last=self.last)
            if question.type == "place" and isinstance(value, str) and self.places:
                value = next(iter(self.places))
            self._put(box, question, value)
            answered[question.name] = value
        return answered

    def _put(self, box: Locator, question: Question, value: Any) -> None:
        name = question.name
        if isinstance(value, dict):
            box.locator(f'[name="{name}__nr"][value="{value["non_response"]}"]').check()
        elif question.type == "rank":
            for at, choice in enumerate(value):
                box.locator(f'select[name="{name}"]').nth(at).select_option(choice)
        elif question.type == "image":
            file = {"name": "lieu.jpg", "mimeType": "image/jpeg", "buffer": photo()}
            box.locator('input[type="file"]').set_input_files(file)
        elif question.choices or (question.type == "place" and self.places):
            for choice in value if isinstance(value, list) else [value]:
                box.locator(f'input[name="{name}"][value="{choice}"]').check()
        else:
            box.locator(f'[name="{name}"]').fill(str(value))
