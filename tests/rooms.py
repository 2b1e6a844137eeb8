"""What the tests of the administration's pages share."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Select, select
from werkzeug.test import TestResponse

import factories
from pages import Page
from survey_app.runtime import Runtime


def furnish(runtime: Runtime) -> None:
    """Two councils with their accounts and a campaign each, all committed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
        other = factories.council(session, "Conseil voisin")
        factories.actors(session, other, "-voisin")
        factories.campaign(session, other, "voisine")


def one(runtime: Runtime, query: Select[Any]) -> Any:
    with runtime.database.reading() as session:
        return session.scalars(query).one()


def rows(runtime: Runtime, model: type[Any]) -> list[Any]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(model)))


def shown(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def form_of(answer: TestResponse) -> dict[str, str]:
    forms = [form for form in Page(shown(answer)).forms if form["action"] != "/compte/deconnexion"]
    return forms[0]["fields"]


def typed_in(html: str) -> dict[str, object]:
    """What a browser would send from the page's main form: values, areas, ticked boxes."""
    main = html[html.index("<main") : html.index("</main>")]
    found: dict[str, object] = {}
    for name, value in re.findall(
        r'<textarea[^>]* name="(\w+)"[^>]*>\s*(.*?)</textarea>', main, re.S
    ):
        found[name] = value
    for tag in re.findall(r"<input[^>]*>", main):
        name = re.search(r'name="([\w-]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag) and name[1] != "csrf_token":
            found[name[1]] = value[1] if value else ""
    ticked = r'<input checked[^>]*name="methods"[^>]*value="(\w+)"'
    found["methods"] = re.findall(ticked, main)
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', main, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found
