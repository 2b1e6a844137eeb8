"""The few rooms of the house, as the top of each page offers them to whom they are open."""

from __future__ import annotations

from flask import Flask, request, url_for

from survey_app.web.request import actor, runtime

ROOMS = (
    ("collect.home", "Recueillir", "testimony.collect"),
    ("review.queue", "Relire", "testimony.review"),
    ("coding.queue", "Coder", "testimony.code"),
    ("grids.home", "Grilles", "codebook.read"),
    ("search.home", "Rechercher", "testimony.read_masked"),
    ("results.home", "Résultats", "synthesis.read"),
    ("records.home", "Nos fiches", "record.read"),
    ("questionnaires.home", "Questionnaires", "questionnaire.read"),
    ("admin.home", "Administrer", "council.manage"),
)


def navigation() -> list[dict[str, object]]:
    """Links to the rooms that the actor may enter; the present one is marked."""
    return [
        {
            "url": url_for(endpoint),
            "label": label,
            "current": request.blueprint == endpoint.split(".")[0],
        }
        for endpoint, label, action in ROOMS
        if actor().can(action)
    ]


def encrypted() -> bool:
    """Whether the database is encrypted at rest; pages warn when it is not."""
    return runtime().database.encrypted or bool(runtime().settings.database_url)


def init(app: Flask) -> None:
    app.jinja_env.globals.update(navigation=navigation, encrypted=encrypted)
