"""A question to who collected the testimony: the reviewer writes it beside the text."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for

from survey_app.domain import DomainError
from survey_app.security import access
from survey_app.services import review, review_questions
from survey_app.web.request import actor, db
from survey_app.web.review.forms import QuestionForm
from survey_app.web.review.reading import answers
from survey_app.web.review.views import Answer, bp, find, refuse


@bp.route("/temoignage/<uuid:testimony_id>/question", methods=["GET", "POST"])
@access("testimony.review", writes=True)
def ask(testimony_id: uuid.UUID) -> Answer:
    """Write the question, with the text under the eyes; reading it is journalled."""
    testimony = find(testimony_id)
    review_questions.require_asking(db(), actor(), testimony)
    form, status = QuestionForm(), 200
    form.offer(review_questions.topics(testimony))
    if form.is_submitted():
        try:
            words, about = form.words.data or "", form.about.data or ""
            review_questions.ask(db(), actor(), testimony, words, about)
            flash("Votre question est posée. Vous pouvez continuer sans attendre.", "success")
            return redirect(url_for("review.read", testimony_id=testimony_id), 303)
        except DomainError as error:
            refuse(form, error)
            status = error.status
    text = review.read_raw(db(), actor(), testimony)
    page = render_template(
        "review/question.html", testimony=testimony, form=form, answers=answers(testimony, text)
    )
    return page, status
