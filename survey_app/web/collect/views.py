"""The collecting room: its home, meetings and the contact vault. Interviews are next door."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from survey_app.domain import DomainError
from survey_app.models import Campaign, Meeting
from survey_app.security import access
from survey_app.services import (
    collection,
    counters,
    drafts,
    meetings,
    review_questions,
    scope,
    starting,
)
from survey_app.services import copying as paper
from survey_app.services.meetings import METHODS
from survey_app.web.collect import answering, copying, interview, left, questions
from survey_app.web.collect.forms import ContactForm, CountersForm, MeetingForm
from survey_app.web.request import actor, db, form_error

bp = Blueprint("collect", __name__, url_prefix="/collecte")
interview.register(bp)
answering.register(bp)
copying.register(bp)
left.register(bp)
questions.register(bp)


@bp.get("/")
@access("testimony.collect")
def home() -> Any:
    current = meetings.listed(db(), actor(), meeting_states=("open", "planned"))
    return render_template(
        "collect/home.html",
        meetings=current,
        counts=meetings.testimony_counts(db(), actor(), current),
        methods=METHODS,
        drafts=collection.listed(db(), actor()),
        left=drafts.left(db(), actor()) if actor().can("testimony.erase") else [],
        asked=review_questions.listed_for_collector(db(), actor()),
        campaigns=meetings.campaigns(db(), actor()),
        ready=any(meeting.state == "open" for meeting in current),
    )


@bp.get("/rencontres")
@access("meeting.manage")
def meeting_list() -> Any:
    found = meetings.listed(db(), actor())
    counts = meetings.testimony_counts(db(), actor(), found)
    return render_template("collect/meetings.html", meetings=found, counts=counts, methods=METHODS)


@bp.get("/rencontres/nouvelle")
@access("meeting.manage")
def new_meeting() -> Any:
    found = meetings.campaigns(db(), actor())
    if len(found) == 1:
        return redirect(url_for("collect.plan_meeting", slug=found[0].slug), 303)
    return render_template("collect/choose_campaign.html", campaigns=found)


@bp.route("/rencontres/nouvelle/<slug>", methods=["GET", "POST"])
@access("meeting.manage")
def plan_meeting(slug: str) -> Any:
    campaign = scope.campaign(db(), actor(), slug)
    form = MeetingForm()
    form.offer(campaign, _sectors(campaign))
    if request.method == "GET":
        form.held_on.data = meetings.today()
        if len(form.method.choices) == 1:
            form.method.data = form.method.choices[0].value
    if form.validate_on_submit():
        try:
            meeting = meetings.plan(db(), actor(), campaign, _plan(form))
            if request.form.get("go") == "open":
                meetings.start(db(), actor(), meeting)
            return redirect(url_for("collect.meeting", meeting_id=meeting.id), 303)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("collect/plan.html", form=form, campaign=campaign), status


def _sectors(campaign: Campaign) -> dict[str, str]:
    found: dict[str, str] = {}
    for neighbourhood in campaign.neighbourhoods:
        found |= meetings.places(db(), campaign.council_id, neighbourhood.id)
    return found


def _plan(form: MeetingForm) -> meetings.Plan:
    return meetings.Plan(
        neighbourhood_id=uuid.UUID(form.neighbourhood.data),
        method=form.method.data,
        held_on=form.held_on.data,
        place=form.place.data or "",
        sector=form.sector.data or "",
        team=form.team.data or "",
        weather=form.weather.data or "",
    )


@bp.get("/rencontres/<uuid:meeting_id>")
@access("meeting.manage")
def meeting(meeting_id: uuid.UUID) -> Any:
    found = meetings.get(db(), actor(), meeting_id)
    return render_template(
        "collect/meeting.html",
        meeting=found,
        method=METHODS.get(found.method, found.method),
        testimonies=meetings.testimony_counts(db(), actor(), [found])[found.id],
        waiting=meetings.drafts_of(db(), found),
        labels=counters.COUNTER_LABELS,
        may_reopen=actor().can("campaign.manage"),
        may_copy=paper.may_copy(found),
        has_sheet=bool(starting.meeting_sheets(found)),
    )


@bp.post("/rencontres/<uuid:meeting_id>/ouvrir")
@access("meeting.manage")
def open_meeting(meeting_id: uuid.UUID) -> Any:
    found = meetings.get(db(), actor(), meeting_id)
    meetings.start(db(), actor(), found)
    flash("La rencontre est ouverte : vous pouvez écouter.", "success")
    return _back_to(found)


@bp.post("/rencontres/<uuid:meeting_id>/rouvrir")
@access("meeting.manage")
def reopen_meeting(meeting_id: uuid.UUID) -> Any:
    found = meetings.get(db(), actor(), meeting_id)
    meetings.reopen(db(), actor(), found)
    flash("La rencontre est de nouveau ouverte.", "success")
    return _back_to(found)


@bp.post("/rencontres/<uuid:meeting_id>/refus")
@access("meeting.manage")
def count_refusal(meeting_id: uuid.UUID) -> Any:
    found = meetings.get(db(), actor(), meeting_id)
    total = meetings.add_refusal(db(), actor(), found)
    flash(f"C’est compté. Refus dans cette rencontre : {total}.", "success")
    return _back_to(found)


@bp.route("/rencontres/<uuid:meeting_id>/fermer", methods=["GET", "POST"])
@access("meeting.manage")
def close_meeting(meeting_id: uuid.UUID) -> Any:
    found = meetings.get(db(), actor(), meeting_id)
    testimonies = meetings.testimony_counts(db(), actor(), [found])[found.id]
    form = CountersForm(obj=counters.suggested(found, testimonies))
    if form.validate_on_submit():
        counted = counters.Counters(**{name: form[name].data for name in counters.COUNTER_LABELS})
        try:
            meetings.close(db(), actor(), found, counted)
            flash("La rencontre est close. Merci pour votre écoute.", "success")
            return _back_to(found)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    page = render_template("collect/close.html", form=form, meeting=found, testimonies=testimonies)
    return page, status


@bp.route("/contact/<slug>", methods=["GET", "POST"])
@access("testimony.collect")
def contact(slug: str) -> Any:
    """The vault's door: it knows the campaign, and no testimony."""
    campaign = scope.campaign(db(), actor(), slug)
    form = ContactForm()
    if form.validate_on_submit():
        try:
            collection.leave_contact(db(), actor(), campaign, form.contact.data or "")
            flash("Le contact est gardé à part.", "success")
            return redirect(url_for("collect.home"), 303)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("collect/contact.html", form=form, campaign=campaign), status


def _back_to(meeting: Meeting) -> Any:
    return redirect(url_for("collect.meeting", meeting_id=meeting.id), 303)
