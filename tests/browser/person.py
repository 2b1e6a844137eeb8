"""Somebody in front of a screen: goes to pages, reads, taps; each page is looked at and judged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from pages import client_for

CAPTURES = Path(__file__).parent / "captures"
WIDTHS = (360, 820, 1280)
HEIGHT = 1100
# A refusal is what some pages are asked for, and having no network is no fault of a page.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)


class Person:
    """One person with a browser of their own, logged in or not."""

    def __init__(self, context: BrowserContext, site: str, name: str) -> None:
        self.context, self.site, self.name = context, site, name
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"pageerror {error}"))

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(f"{message.text} ({self.page.url})")

    def go(self, path: str) -> Person:
        self.page.goto(path if path.startswith("http") else self.site + path)
        return self

    def press(self, words: str) -> Person:
        """Press the button that carries these words."""
        self.page.get_by_role("button", name=re.compile(words, re.I)).first.click()
        return self

    def follow(self, words: str) -> Person:
        """Follow the link that carries these words."""
        self.page.get_by_role("link", name=re.compile(words, re.I)).first.click()
        return self

    def write(self, label: str, words: str) -> Person:
        self.page.get_by_label(re.compile(label, re.I)).first.fill(words)
        return self

    def choose(self, label: str, within: str = "") -> Person:
        """Tap a radio or a checkbox by its words, inside the group whose legend is ``within``."""
        scope: Any = self.page
        if within:
            scope = self.page.get_by_role("group", name=re.compile(within, re.I)).first
        scope.get_by_label(re.compile(label, re.I)).first.check()
        return self

    def sees(self, words: str) -> bool:
        """Whether the page says these words, whatever its non-breaking spaces."""
        flat = re.sub(r"\s+", " ", self.page.inner_text("body"))
        return re.sub(r"\s+", " ", words).casefold() in flat.casefold()

    def look(self, name: str) -> Person:
        """Judge the page and keep pictures of it: it must have no fault at all."""
        faults = self.faults(name)
        assert not faults, faults
        return self

    def faults(self, name: str) -> list[str]:
        """What is wrong with the page: overflow at three widths, axe's findings, complaints."""
        CAPTURES.mkdir(exist_ok=True)
        self.page.wait_for_load_state()
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            self.page.screenshot(path=str(CAPTURES / f"{name}-{width}.png"), full_page=True)
            if wide > width:
                found.append(f"{name}: {wide} px wide on a screen of {width} px")
        self.page.set_viewport_size({"width": 820, "height": HEIGHT})
        for fault in Axe().run(self.page).response["violations"]:
            found += [f"{name}: {fault['id']} {node['html'][:160]}" for node in fault["nodes"]]
        found += [f"{name}: {complaint}" for complaint in self.complaints]
        self.complaints.clear()
        return found


class World:
    """The site and everybody who comes to it."""

    def __init__(self, app: Flask, site: str, browser: Browser) -> None:
        self.app, self.site, self.browser = app, site, browser
        self._people: list[Person] = []

    def person(self, login: str = "", *, javascript: bool = True, **options: Any) -> Person:
        """A new browser, logged in as this account (by its session cookie) when one is named."""
        context = self.browser.new_context(
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": 820, "height": HEIGHT},
            **options,
        )
        context.set_default_timeout(10_000)
        if login:
            cookie = client_for(self.app, login).get_cookie("paroles")
            assert cookie is not None
            context.add_cookies([{"name": "paroles", "value": cookie.value, "url": self.site}])
        person = Person(context, self.site, login or "visitor")
        self._people.append(person)
        return person

    def close(self) -> None:
        for person in self._people:
            person.context.close()
