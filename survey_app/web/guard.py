"""Every request passes here: it goes through only where its route's declaration lets it."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from survey_app.domain import NotFound
from survey_app.security import declared
from survey_app.web.account import resume
from survey_app.web.request import actor


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
    if not rule.action:
        return None
    if not current_user.is_authenticated:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("account.login", next=request.full_path), 303)
        return resume.page(request)
    if not actor().can(rule.action):
        raise NotFound()
    return None


def _stale_token(error: CSRFError) -> Any:
    """A form whose token no longer fits: nothing typed is lost."""
    return resume.page(request)
