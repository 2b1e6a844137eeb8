"""Interviews left by a closed account: the coordination takes them over, or erases them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from survey_app.security import access
from survey_app.services import drafts
from survey_app.web.collect.forms import ActionForm
from survey_app.web.request import actor, db, runtime


def register(bp: Blueprint) -> None:
    """Add the route to the collecting room."""
    bp.add_url_rule("/entretien-laisse/<uuid:draft_id>", "left", left, methods=["GET", "POST"])


@access("testimony.erase")
def left(draft_id: uuid.UUID) -> Any:
    """One such interview: its date and meeting, none of its words, and what to do with it."""
    draft = drafts.get_left(db(), actor(), draft_id)
    form = ActionForm()
    go = request.form.get("go")
    if form.validate_on_submit() and go == "take":
        drafts.take_over(db(), actor(), draft_id)
        flash("L’entretien est maintenant le vôtre. Terminez-le ou effacez-le.", "success")
        return redirect(url_for("collect.resume", draft_id=draft_id), 303)
    if form.validate_on_submit() and go == "erase":
        drafts.erase_left(db(), actor(), runtime(), draft_id)
        flash("L’entretien est effacé. Il est compté parmi les entretiens arrêtés.", "success")
        return redirect(url_for("collect.home"), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("collect/left.html", form=form, draft=draft), status
