"""Steps of somebody who collects with a tablet, for the tests of the collecting pages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from pages import CheckedClient
from survey_app.models import Draft
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import answering, collection
from survey_app.services.filling import Spot
from survey_app.services.posting import Posted

AGREED = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui", "suites": "contact"}


def open_place(runtime: Runtime) -> dict[str, Any]:
    """A running campaign with an open meeting of the councillor, committed; its ids."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        versions = {q.name[:3]: str(q.id) for q in campaign.questionnaires}
        return {"meeting": meeting.id, "neighbourhood": campaign.neighbourhoods[0].id, **versions}


def begin(me: CheckedClient, place: dict[str, Any], questionnaire: str = "Q01") -> str:
    """Start an interview; the path of its first section."""
    data = {"meeting": str(place["meeting"]), "questionnaire": place[questionnaire]}
    data["language"] = place.get("language", "fr")
    answer = me.send("/collecte/commencer", data)
    assert answer.status_code == 303
    return str(answer.location)


def hidden(me: CheckedClient, path: str) -> dict[str, str]:
    html = me.get(path).get_data(as_text=True)
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', html)
    assert found, html
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert token
    return {"seen": found[1], "csrf_token": token[1]}


def post(me: CheckedClient, path: str, **fields: Any) -> Any:
    return me.post(path, data=hidden(me, path) | fields)


def agree(me: CheckedClient, path: str, **changes: str) -> str:
    """Go through the consent screens; the path of the next section."""
    given = AGREED | changes
    for _ in range(5):
        answer = post(me, path, **given)
        assert answer.status_code == 303
        if answer.location.split("#")[0] != path:
            return str(answer.location)
    raise AssertionError("the consent screens never end")


def step(path: str, name: str) -> str:
    return path.rsplit("/", 1)[0] + "/" + name


def draft_id(path: str) -> uuid.UUID:
    return uuid.UUID(path.split("/")[3])


def count(runtime: Runtime, model: type[Any]) -> int:
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def answers(runtime: Runtime, path: str) -> dict[str, Any]:
    with runtime.database.reading() as session:
        return session.get_one(Draft, draft_id(path)).answers


def posted(**fields: Any) -> Callable[[str], list[str]]:
    """What a browser posts: lists of texts by field name."""

    def getlist(name: str) -> list[str]:
        given = fields.get(name, [])
        return given if isinstance(given, list) else [given]

    return getlist


def save(session: Session, actor: Actor, draft: Draft, section: str, **fields: Any) -> Any:
    sent = Posted(posted(**fields), collection.stamp(draft))
    return answering.save(session, actor, draft, Spot(section), sent)


def consent(session: Session, actor: Actor, draft: Draft, **changes: str) -> None:
    """Go through the consent screens, as often as they open new questions."""
    for _ in range(4):
        if not save(session, actor, draft, "accord", **(AGREED | changes)).opened:
            return
