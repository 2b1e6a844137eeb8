"""Every request passes here: it goes through only where its route's declaration lets it."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from survey_app.domain import NotFound
from survey_app.extensions import csrf
from survey_app.security import Access, declared
from survey_app.services import devices
from survey_app.web.account import resume
from survey_app.web.request import actor, runtime


def init(app: Flask) -> None:
    app.before_request(lambda: _check(app))
    app.register_error_handler(CSRFError, _stale_token)


def _check(app: Flask) -> Any:
    """Let through only what the route's declaration allows; the rest does not exist."""
    if request.endpoint is None:
        return None  # no such page: Flask answers 404
    rule = declared(app, request.endpoint)
    if rule is None:
        raise NotFound()
    g.access = rule
    if rule.device:
        return _check_device(rule)
    if not rule.action:
        return None
    if not current_user.is_authenticated:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("account.login", next=request.full_path), 303)
        return resume.page(request)
    if not actor().can(rule.action):
        raise NotFound()
    return None


def _check_device(rule: Access) -> None:
    """Let a tablet in by its own token: a cookie opens nothing here, so no form token is due."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    found = devices.recognise(runtime(), given, request.remote_addr or "")
    g.actor, g.device_id = found.actor, found.device_id
    g.actor.require(rule.action)


def exempt_devices(app: Flask) -> None:
    """Ask no form token of what tablets call, once every blueprint is there."""
    for endpoint, view in app.view_functions.items():
        rule = declared(app, endpoint)
        if rule is not None and rule.device:
            csrf.exempt(view)


def _stale_token(error: CSRFError) -> Any:
    """A form whose token no longer fits: nothing typed is lost."""
    return resume.page(request)
