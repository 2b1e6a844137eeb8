"""Pages of every shipped form on the tablet: what is put in their fields is what they give back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from every_type import model
from questionnaires import adapt, answers, library
from questionnaires.model import Questionnaire
from survey_app.services import aboard, aboard_forms
from survey_app.web.field.aboard import render
from tests.survey_app.test_filling_library import ACTIONS, NAMES, fill

pytestmark = pytest.mark.browser

PLACES = {"halles": "Les Halles"}
LISTS = {"actions": {action["name"]: action["label"] for action in ACTIONS}}
ODD = {
    "QX-tous-les-types": {
        "accord_noter": "oui",
        "age": "adulte",
        "aime": ["marche"],
        "aime_marche": "a\n\n  b « c »",
        "aime_marche__nr": {"non_response": "refus"},
        "marche_detail": "douze",
        "classement": ["voisins", "calme"],
        "echelle": {"non_response": "ne_sait_pas"},
        "jour": "31 février",
        "heure": "18:30",
        "moment": "2026-03-01T18:30",
        "presents": -3,
    }
}

# Each page is filled, touched once, and read; what its fields said of the others is kept too.
PAGES = """
async (text) => {
  const load = (name) => import(`/static/field/${name}.js`);
  const [flow, form_of] = await Promise.all(["flow", "question_form"].map(load));
  const { form, answers } = JSON.parse(text);
  const wrong = [];
  let read = 0;
  for (const section of form.sections) {
    const listed = flow.entries(section, answers).map((_entry, place) => place + 1);
    const ranks = section.max_entries === null ? [null] : listed;
    for (const entry of ranks) {
      const here = flow.page(form, answers, { section: section.name, entry });
      if (!here) continue;
      let own = null;
      const { html } = section;
      const changed = (now) => { own = now; };
      const asking = form_of.questionForm(here, { code: "ABCD", html, changed });
      document.querySelector("main").replaceChildren(asking.element);
      asking.element.querySelector("input, textarea, select")
        ?.dispatchEvent(new Event("input", { bubbles: true }));
      read += own ? 1 : 0;
      const names = here.questions.map((one) => one.name);
      if (own && JSON.stringify(sorted(own)) !== JSON.stringify(sorted(here.answers))) {
        wrong.push([section.name, entry, own, here.answers]);
      }
      if (JSON.stringify(asking.shown().sort()) !== JSON.stringify(names.sort())) {
        wrong.push([section.name, entry, asking.shown(), names]);
      }
    }
  }
  return [wrong, read];
  function sorted(object) { return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)); }
}
"""


def boarded(app: Flask, whole: Questionnaire) -> dict[str, Any]:
    """The form with its pages, as the tablet has it."""
    form = aboard_forms.described(whole, "fr", {}, PLACES)
    sheet = aboard.Sheet(whole, "fr", {}, PLACES)
    with app.test_request_context():
        for section, told in zip(whole.sections, form["sections"], strict=True):
            told["html"] = render(sheet, section)
    return form


def test_what_is_put_in_the_fields_is_what_they_give_back(
    app: Flask, site: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(site + "/terrain/")
    shipped = [adapt.testimony_part(library.load(name)) for name in NAMES]
    pages = 0
    for whole in [model(), *(adapt.with_lists(one, LISTS) for one in shipped)]:
        form = boarded(app, whole)
        given = [fill(whole, rank) for rank in (0, -1)]
        checked = [answers.to_json(answers.check(whole, one, PLACES).values) for one in given]
        for kept in [*checked, *([ODD[whole.name]] if whole.name in ODD else [])]:
            wrong, read = page.evaluate(PAGES, json.dumps({"form": form, "answers": kept}))
            assert wrong == [], whole.name
            pages += read
    assert pages > 150
    page.close()
