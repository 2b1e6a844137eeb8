"""Nothing typed is lost: what a refused form held is kept, and sent again when the person says so.

A form is refused when its session ended or its token is stale. Its fields come back hidden in
the page, through the login if one is needed, then in a form aimed at the same path. Nothing is
sent by itself, and a request that another site made is never offered again: one click on
« Renvoyer » must only ever repeat what was typed here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import (
    Request,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from survey_app.security import declared
from survey_app.web.account.forms import LoginForm

PREFIX = "tenu-"
TARGET = "cible"
NEVER_KEPT = frozenset(
    {"csrf_token", "password", "current_password", "new_password", "repeated_password"}
)
"""Exact names: a question may well be called ``mot_de_passe_oublie``."""
UNTYPED = frozenset({"seen", "shown", "go", "revision", "next", "survey", TARGET})
"""Fields that pages fill by themselves: sent again with the rest, but nothing to read."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a refused form was sending, and where to."""

    target: str
    fields: tuple[tuple[str, str], ...]
    lost_files: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """What there is to read again."""
        return tuple(value for _, value in self.fields if value.strip())


class Typed(NamedTuple):
    """Something that a person wrote or chose, under the words of its question."""

    label: str
    text: str


def safe_path(path: str) -> str:
    """The path if it stays on this site, the home page otherwise."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    if any(ord(char) < 32 for char in path):
        return "/"
    return path.removesuffix("?")


def held_from(request: Request) -> Held:
    """What this request was sending; a form that came from here already is opened again."""
    if request.endpoint == "account.resume":
        fields = tuple(
            (name.removeprefix(PREFIX), value)
            for name, value in request.form.items(multi=True)
            if name.startswith(PREFIX)
        )
        return Held(safe_path(request.form.get(TARGET, "/")), _kept(fields))
    return Held(
        safe_path(request.full_path),
        _kept(tuple(request.form.items(multi=True))),
        any(file.filename for file in request.files.values()),
    )


def typed(request: Request) -> tuple[tuple[Typed, ...], bool]:
    """What a refused request was sending, to be read again, and whether a file came with it.

    A view that knows the questions sets ``g.in_words``: their labels stand then for the names of
    the fields. What another site sent, or what could not be read at all, is nothing typed here.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or _foreign(request):
        return (), False
    try:
        held = held_from(request)
    except HTTPException:  # too large, or broken
        return (), False
    found = [_in_words(name, value) for name, value in held.fields if value.strip()]
    return tuple(item for item in found if item is not None), held.lost_files


def _in_words(name: str, value: str) -> Typed | None:
    """A field as people read it; ``None`` for what nobody typed."""
    told: Typed | None = g.in_words(name, value) if "in_words" in g else None
    return told or (None if name in UNTYPED or _is_id(value) else Typed(name, value))


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


def page(request: Request) -> Response:
    """The answer to a form refused because nobody is logged in, or because its token is stale."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return _machine()
    if _foreign(request):
        return _elsewhere()
    if request.endpoint in {"account.login", "account.logout"}:
        flash("La page était ouverte depuis longtemps. Recommencez, rien n’est perdu.", "warning")
        return make_response(redirect(url_for("account.home"), 303))
    held = held_from(request)
    rule = declared(current_app, request.endpoint) if request.endpoint else None
    open_to_all = rule is not None and not rule.action and request.endpoint != "account.resume"
    if current_user.is_authenticated or open_to_all:
        return resend(held, 400)
    return ask_login(held, LoginForm(formdata=None), 401)


def ask_login(held: Held, form: LoginForm, status: int) -> Response:
    """The page that holds what was typed while the person logs in again."""
    return _page("account/resume.html", held, status, form=form, prefix=PREFIX, target_name=TARGET)


def resend(held: Held, status: int = 200) -> Response:
    """The page that offers to send again, under a fresh token."""
    return _page("account/resend.html", held, status)


def _page(template: str, held: Held, status: int, **context: Any) -> Response:
    return make_response(render_template(template, held=held, **context), status)


def _kept(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in fields if name not in NEVER_KEPT)


def _foreign(request: Request) -> bool:
    """Whether a browser says that another site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _machine() -> Response:
    answer = jsonify(
        code="session-expired",
        message="La session a expiré. Rien n’est perdu.",
        remedy="Connectez-vous de nouveau, puis renvoyez.",
    )
    answer.status_code = 401
    return answer


def _elsewhere() -> Response:
    body = render_template(
        "errors/error.html",
        title="Cette demande vient d’un autre site",
        message="Elle n’a pas été suivie. Rien n’a été changé.",
        remedy="Si vous vouliez faire quelque chose ici, ouvrez Paroles et recommencez.",
    )
    return make_response(body, 400)
