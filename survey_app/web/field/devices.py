"""The tablets of an account: made known while online, listed, revoked."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from survey_app.domain import Invalid
from survey_app.models import Council
from survey_app.permissions import Role
from survey_app.security import access
from survey_app.services import devices
from survey_app.web.request import actor, db, runtime


def register(bp: Blueprint) -> None:
    """Add the routes of the tablets."""
    bp.add_url_rule("/appareils", "devices", listed)
    bp.add_url_rule("/appareils", "enrol", enrol, methods=["POST"])
    revoking = "/appareils/<uuid:device_id>/revoquer"
    bp.add_url_rule(revoking, "revoke", revoke, methods=["POST"])


@access("testimony.collect")
def listed() -> str:
    """The tablets that may still bring testimonies, and those that may no more."""
    return render_template(
        "field/devices.html",
        devices=devices.listed(db(), actor()),
        everybody=Role.COORDINATOR in actor().roles,
    )


@access("testimony.collect")
def enrol() -> Any:
    """Make this tablet one of the account; its token is told once, here."""
    body = request.get_json(silent=True)
    label = body.get("label") if isinstance(body, dict) else None
    if not isinstance(label, str):
        raise Invalid("Il manque le nom de la tablette.", "Donnez-lui un nom, puis recommencez.")
    me = actor()
    device, token = devices.enrol(db(), me, label)
    council = db().get_one(Council, me.council_id)
    return jsonify(
        device={"id": str(device.id), "token": token},
        profile={"id": str(me.account_id), "name": me.name},
        council={"id": str(council.id), "name": council.name},
        recipients=list(runtime().keys.recipients(council.id)),
    ), 201


@access("testimony.collect")
def revoke(device_id: uuid.UUID) -> Any:
    """Close a tablet that was lost, lent or given back."""
    device = devices.revoke(db(), actor(), device_id)
    flash(f"« {device.label} » ne peut plus rien envoyer.", "success")
    return redirect(url_for("field.devices"), 303)
