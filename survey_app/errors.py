"""Refusals become French pages, or JSON where JSON was asked for; never a traceback.

The page of a refused form gives back what was typed in it, whatever the room: see `resume.typed`.
"""

from __future__ import annotations

import errno
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from survey_app.domain import DomainError, NotFound
from survey_app.web.account import resume

TITLES = {
    400: "Cette demande n’a pas été comprise",
    401: "Il faut vous connecter",
    403: "Ce n’est pas possible avec votre compte",
    404: "Page introuvable",
    405: "Cette action n’existe pas ici",
    409: "Cela a changé entre-temps",
    413: "L’envoi est trop gros",
    422: "Quelque chose ne va pas dans ce qui a été saisi",
    429: "Trop d’essais en peu de temps",
    500: "Une erreur est arrivée de notre côté",
    507: "Il n’y a plus de place sur la machine",
}
FULL = "database or disk is full"
"""SQLite's own words for SQLITE_FULL, on every driver."""


def init(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _answer(status: int, message: str, remedy: str, code: str = "") -> Any:
    g.failed = True
    title = TITLES.get(status, TITLES[400])
    if _machine():
        return jsonify(
            code=code or str(status), title=title, message=message, remedy=remedy
        ), status
    written, lost_files = resume.typed(request)
    page = render_template(
        "errors/error.html",
        title=title,
        message=message,
        remedy=remedy,
        written=written,
        lost_files=lost_files,
    )
    return page, status


def _machine() -> bool:
    """Whether a program asks: it said so, it sent JSON, or only tablets call this address."""
    rule = g.get("access")
    called = rule is not None and rule.device
    return called or request.is_json or request.accept_mimetypes.best == "application/json"


def _domain(error: DomainError) -> Any:
    return _answer(error.status, error.message, error.remedy, error.code)


def _http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    if isinstance(error, RequestEntityTooLarge):
        return _answer(
            413,
            "Ce que vous avez envoyé dépasse la taille acceptée. "
            "Rien n’a été enregistré ni effacé.",
            "Revenez en arrière dans le navigateur : ce que vous aviez écrit y est encore.",
        )
    cause = getattr(error, "original_exception", None)
    if cause is not None and is_full(cause):
        return _full()
    if error.code == 404:
        return _domain(NotFound())
    return _answer(
        error.code or 500,
        "La demande n’a pas pu aboutir. Rien n’a été enregistré ni effacé.",
        "Revenez en arrière dans le navigateur, puis réessayez.",
    )


def is_full(error: BaseException | None) -> bool:
    """Whether something failed for want of room, here or in what it was caused by."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if FULL in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _full() -> Any:
    current_app.logger.error("the disk is full: nothing more can be stored")
    return _answer(
        507,
        "La machine n’a plus de place : cette action n’a pas été enregistrée. "
        "Tout ce qui l’était déjà est intact.",
        "Gardez la page ou la tablette telle quelle et prévenez la personne qui tient la machine. "
        "Recommencez une fois la place faite : il n’y a rien à redémarrer.",
        "full",
    )


def _unexpected(error: Exception) -> Any:
    if is_full(error):
        return _full()
    current_app.logger.error("unexpected %s", type(error).__name__, exc_info=error)
    return _answer(
        500,
        "Ce qui était déjà enregistré est intact ; cette dernière action ne l’est pas.",
        "Revenez en arrière, réessayez, et prévenez la personne qui administre si cela recommence.",
    )
