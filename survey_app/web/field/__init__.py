"""The tablet in the field: an installable page that collects without any network."""

from __future__ import annotations

from flask import Blueprint

from survey_app.web.field import aboard, api, compressed, devices, media, shell

bp = Blueprint("field", __name__, url_prefix="/terrain")
shell.register(bp)
aboard.register(bp)
api.register(bp)
media.register(bp)
devices.register(bp)
bp.after_app_request(compressed.compress)
