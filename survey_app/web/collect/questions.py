"""What a reviewer asks of who collected: read and answered here, without the testimony's words."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from survey_app.domain import Invalid
from survey_app.security import access
from survey_app.services import review_questions
from survey_app.web.account.resume import Typed
from survey_app.web.collect.forms import AnswerForm
from survey_app.web.request import actor, db, form_error


def register(bp: Blueprint) -> None:
    """Add the route to the collecting room."""
    bp.add_url_rule("/question/<uuid:question_id>", "question", question, methods=["GET", "POST"])


@access("testimony.collect")
def question(question_id: uuid.UUID) -> Any:
    """One question of the review, and the answer to it: words, or « Je ne sais plus »."""
    form = AnswerForm()
    g.in_words = _in_words
    asked = review_questions.for_collector(db(), actor(), question_id)
    if form.validate_on_submit():
        unknown = request.form.get("go") == "unknown"
        try:
            words = form.words.data or ""
            review_questions.answer(db(), actor(), asked.row, words, unknown=unknown)
            flash("C’est transmis à la personne qui relit. Merci.", "success")
            return redirect(url_for("collect.home"), 303)
        except Invalid as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("collect/question.html", form=form, asked=asked), status


def _in_words(name: str, value: str) -> Typed | None:
    return Typed("Votre réponse", value) if name == "words" else None
