"""Gestures of the masking desk as a browser without script makes them: forms sent as they came."""

from __future__ import annotations

import uuid

from werkzeug.test import TestResponse

import pages

BATCH = "/relecture/essai/rien-a-masquer"


def url(key: uuid.UUID, *more: str) -> str:
    return "/".join(("/relecture/temoignage", str(key), *more))


def carried(html: str, action: str | None, **more: str) -> dict[str, str]:
    """What the form of a page that goes to ``action`` sends, buttons aside."""
    found = [form["fields"] for form in pages.Page(html).forms if form["action"] == action]
    assert found, action
    fields: dict[str, str] = found[-1]
    return fields | more


def first_tap(reader: pages.CheckedClient, key: uuid.UUID) -> TestResponse:
    """« Confirmer » as the masking page offers it now."""
    action = url(key, "masquage", "confirmer")
    return reader.post(action, data=carried(reader.get(url(key, "masquage")).text, action))


def second_tap(reader: pages.CheckedClient, key: uuid.UUID, asked: TestResponse) -> TestResponse:
    """« Confirmer en laissant ces mots », or « sans attendre », as the page that asks offers it."""
    action = url(key, "masquage", "confirmer")
    return reader.post(action, data=carried(asked.text, action, sans="oui"))


def confirm(reader: pages.CheckedClient, key: uuid.UUID) -> TestResponse:
    """Two taps: the search for names has not read the text, since no worker runs here."""
    return second_tap(reader, key, first_tap(reader, key))
