"""How French is shown: typography, dates in full, plurals."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_datetime

from analysis.export.typography import french
from survey_app.permissions import ROLE_LABELS, Role
from survey_app.services import states

PARIS = ZoneInfo("Europe/Paris")


def fr(text: object) -> str:
    """French typography for our own sentences; never for a resident's words."""
    return french(str(text))


def date_fr(value: date | datetime | None) -> str:
    """« 2 avril 2026 », with the hour where there is one, in Paris time."""
    if value is None:
        return "date non connue"
    # French writes the first day of a month « 1er », which the locale data do not know.
    day = "1'er' MMMM y" if _day(value) == 1 else "d MMMM y"
    if isinstance(value, datetime):
        moment = value.astimezone(PARIS)
        return str(format_datetime(moment, f"{day} 'à' HH'h'mm", rebase=False))
    return str(format_date(value, day))


def _day(value: date | datetime) -> int:
    return value.astimezone(PARIS).day if isinstance(value, datetime) else value.day


def plural(count: int, singular: str, many: str = "") -> str:
    """« 0 témoignage », « 1 témoignage », « 2 témoignages »: French begins its plural at two."""
    words = singular if abs(count) < 2 else many or " ".join(f"{w}s" for w in singular.split())
    number = f"{count:,}".replace(",", "\u202f")
    return f"{number}\u00a0{words}"


def role_label(name: str) -> str:
    return ROLE_LABELS[Role(name)]


def init(app: Flask) -> None:
    app.jinja_env.filters.update(
        fr=fr, date_fr=date_fr, plural=plural, role=role_label, state=states.label
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
