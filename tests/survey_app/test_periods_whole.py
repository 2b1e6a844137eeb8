"""Periods from the choice to the excerpts: the whole job, then each number opened."""

from __future__ import annotations

import html
import re

from flask import Flask

import listened_cases as seasons
from pages import client_for
from survey_app.runtime import Runtime
from survey_app.services import analyses


def test_every_number_of_a_period_opens_that_many(app: Flask, runtime: Runtime) -> None:
    actors = seasons.seasons(runtime)
    seasons.chosen(runtime, actors["coordinator"])
    analyses.work(runtime, actors["coordinator"], {"campaign": "essai"}, lambda *step: None)
    person = client_for(app, "councillor")
    page = html.unescape(person.get("/resultats/essai/periodes").get_data(as_text=True))
    shown = re.findall(r'<a href="(/[^"]+extraits[^"]*)"><strong>(\d+)', page)
    assert sorted(int(number) for _, number in shown) == [15, 15, 18, 18]
    for url, number in shown:
        answer = person.get(url)
        assert answer.status_code == 200, url
        assert f"{number} témoignages ·" in html.unescape(answer.get_data(as_text=True)).replace(
            "\u00a0", " "
        )
    drawn = re.findall(r'href="(croisements/vague/extraits[^"]+)"', page)
    assert len(drawn) == 2
    for url in drawn:
        assert person.get(f"/resultats/essai/{url}").status_code == 200
