"""Default deny: every route declares who may call it; headers on every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from survey_app.permissions import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a route declares. ``action`` empty: anybody.

    ``scope``: ``council`` or ``public``, or ``device`` for what tablets alone call.
    """

    action: str = ""
    writes: bool = False
    device: bool = False

    @property
    def scope(self) -> str:
        if self.device:
            return "device"
        return "council" if self.action else "public"


def access(action: str, *, writes: bool = False, device: bool = False) -> Callable[[View], View]:
    """Open a view to the roles that the permission table names for ``action``.

    ``writes`` marks a GET that must write (it journals the reading of a raw text, say).
    ``device`` marks what a tablet calls with the token of its own, and nobody with a cookie.
    """
    if action not in PERMISSIONS:
        raise LookupError(f"no such action in the permission table: {action}")

    def declare(view: View) -> View:
        view.access = Access(action, writes, device)  # type: ignore[attr-defined]  # read by `declared`
        return view

    return declare


def public(view: View) -> View:
    """Open a view to everybody, logged in or not."""
    view.access = Access()  # type: ignore[attr-defined]  # read by `declared`
    return view


def declared(app: Flask, endpoint: str) -> Access | None:
    """What the view of this endpoint declares; Flask's own static files are public."""
    if endpoint == "static":
        return Access()
    found: Access | None = getattr(app.view_functions[endpoint], "access", None)
    return found


def init(app: Flask) -> None:
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
