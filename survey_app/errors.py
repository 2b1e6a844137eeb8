"""Refusals become French pages, or JSON where JSON was asked for; never a traceback.

The page of a refused form gives back what was typed in it, whatever the room: see `resume.typed`.
"""

from __future__ import annotations

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
}


def init(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _answer(status: int, message: str, remedy: str, code: str = "") -> Any:
    g.failed = True
    title = TITLES.get(status, TITLES[400])
    if request.accept_mimetypes.best == "application/json":
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
    if error.code == 404:
        return _domain(NotFound())
    return _answer(
        error.code or 500,
        "La demande n’a pas pu aboutir. Rien n’a été enregistré ni effacé.",
        "Revenez en arrière dans le navigateur, puis réessayez.",
    )


def _unexpected(error: Exception) -> Any:
    current_app.logger.error("unexpected %s", type(error).__name__, exc_info=error)
    return _answer(
        500,
        "Ce qui était déjà enregistré est intact ; cette dernière action ne l’est pas.",
        "Revenez en arrière, réessayez, et prévenez la personne qui administre si cela recommence.",
    )
