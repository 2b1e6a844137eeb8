"""What a view asks for: the runtime, the request's session, the actor."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, Response, current_app, g
from flask import request as http
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.domain import DomainError, NotFound
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import accounts

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def runtime() -> Runtime:
    """The installation: settings, keys, database."""
    found = current_app.extensions["paroles"]
    assert isinstance(found, Runtime)
    return found


def actor() -> Actor:
    """Who is logged in, or whose tablet calls; views that are public must not ask."""
    if "actor" not in g:
        if not current_user.is_authenticated:
            raise NotFound()
        g.actor = accounts.actor_of(current_user.account)
    found: Actor = g.actor
    return found


def db() -> Session:
    """The request's session: it writes for POST and for views that declare it, else reads."""
    if "session" not in g:
        writes = http.method not in SAFE_METHODS or g.access.writes
        session = Session(
            runtime().database.writer if writes else runtime().database.engine,
            expire_on_commit=False,
        )
        g.session_stack = ExitStack()
        g.session_stack.callback(session.close)
        g.session, g.session_writes = session, writes
    found: Session = g.session
    return found


def form_error(form: FlaskForm, error: DomainError) -> None:
    """Put a refusal on top of the form, which then shows again with all that was typed."""
    form.form_errors = [*form.form_errors, str(error)]
    g.failed = True


def init(app: Flask) -> None:
    app.after_request(_commit)
    app.teardown_request(_close)


def _commit(response: Response) -> Response:
    """Commit before the answer leaves: what the page says is stored really is."""
    if g.get("session_writes") and not g.get("failed"):
        try:
            g.session.commit()
        except OperationalError as error:  # a full disk must be told as such, whatever the page
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _close(error: BaseException | None) -> None:
    stack = g.pop("session_stack", None)
    if stack is not None:
        stack.close()
