"""The journal and the register: who did what, and what the DPO must be able to show."""

from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request

from survey_app.security import access
from survey_app.services import councils, register
from survey_app.web.admin.views import bp
from survey_app.web.request import actor, db


@bp.get("/journal", endpoint="journal")
@access("journal.read")
def journal_page() -> Any:
    before = request.args.get("avant", type=uuid.UUID)
    return render_template(
        "admin/journal.html", page=register.journal_page(db(), actor(), before), before=before
    )


@bp.get("/registre", endpoint="register")
@access("register.read")
def register_page() -> Any:
    return render_template(
        "admin/register.html",
        council=councils.mine(db(), actor()),
        treatments=register.treatments(db(), actor()),
        erased=register.erased(db(), actor()),
        scopes=register.SCOPES,
        decisions=register.DECISIONS,
    )
