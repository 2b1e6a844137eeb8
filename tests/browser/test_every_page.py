"""Every page that a link leads to, for every role: axe finds nothing, nothing overflows."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.person import Person, World

PER_ENDPOINT = 2  # two records of a kind show what the second hundred would
LOGINS = ("", "amina", "chloe", "denis", "elsa", "fatou", "gilles", "hana")
MOST_PAGES = 400


def links(person: Person) -> list[str]:
    """Addresses of this site that the page links to, without their fragments."""
    # Not « link.href », which is no address where the link stands in a drawing.
    found = person.page.eval_on_selector_all(
        "a[href]", "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
    )
    return [urldefrag(link).url for link in found if link.startswith(person.site)]


def endpoint(app: Flask, address: str) -> str:
    """Which view answers this address; empty for files and what is not a page."""
    path = urlsplit(address).path
    with app.test_request_context(path) as context:
        context.match_request()
        return context.request.endpoint or ""


def walk(app: Flask, person: Person, name: str) -> tuple[Counter[str], list[str]]:
    """Visit pages breadth first, a few of each kind; what was seen, and every fault found."""
    seen: Counter[str] = Counter()
    faults: list[str] = []
    waiting, known = [person.site + "/"], {person.site + "/"}
    while waiting and sum(seen.values()) < MOST_PAGES:
        address = waiting.pop(0)
        kind = endpoint(app, address)
        if not kind or kind == "static" or seen[kind] >= PER_ENDPOINT:
            continue
        reached = person.page.request.get(address)
        if not reached.headers.get("content-type", "").startswith("text/html"):
            continue
        seen[kind] += 1
        if reached.status != 200:
            faults.append(f"{kind}: {address} answers {reached.status}")
            continue
        faults += person.go(address).faults(f"{name}-{kind}-{seen[kind]}")
        for link in links(person):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return seen, faults


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("login", LOGINS)
def test_every_page_is_clean(demo_app: Flask, demo_site: str, browser: Browser, login: str) -> None:
    world = World(demo_app, demo_site, browser)
    try:
        seen, faults = walk(demo_app, world.person(login), login or "visiteur")
    finally:
        world.close()
    assert faults == []
    expected = {
        "": {"account.home", "account.login", "withdrawal.start"},
        "amina": {"collect.home", "review.queue", "coding.queue", "results.home"},
        "denis": {"collect.home", "review.queue", "coding.queue", "results.home", "admin.home"},
        "gilles": {"admin.home"},
    }
    assert expected.get(login, {"account.home"}) <= set(seen)
