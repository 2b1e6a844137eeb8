"""Contacts left apart by residents who want to know what became of their words."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_app.security import access
from survey_app.services import contacts
from survey_app.web.admin.views import bp
from survey_app.web.request import actor, db


@bp.get("/contacts", endpoint="contacts")
@access("contact.read", writes=True)
def contacts_page() -> str:
    return render_template("admin/contacts.html", entries=contacts.listed(db(), actor()))


@bp.post("/contacts/<uuid:contact_id>/effacer")
@access("contact.read")
def contact_erase(contact_id: uuid.UUID) -> Response:
    contacts.erase(db(), actor(), contact_id)
    flash("Le contact est effacé.", "success")
    return redirect(url_for("admin.contacts"), 303)
