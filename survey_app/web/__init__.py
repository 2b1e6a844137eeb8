"""The pages, one blueprint a package."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from survey_app.web import filters, guard, navigation, request

BLUEPRINTS = (
    "account",
    "collect",
    "field",
    "review",
    "coding",
    "results",
    "admin",
    "withdrawal",
    "photos",
    "records",
    "paper",
    "questionnaires",
    "imports",
    "search",
    "agreement",
    "grids",
    "exchanges",
)


def init(app: Flask) -> None:
    """Register every blueprint, the filters and the request's session."""
    filters.init(app)
    navigation.init(app)
    guard.init(app)
    request.init(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"survey_app.web.{name}").bp)
    guard.exempt_devices(app)
