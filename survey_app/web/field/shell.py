"""The tablet's own page, its worker and manifest, and the page that prepares a tablet.

The shell is the same for everybody and says nothing of anybody: the worker keeps it.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_login import current_user

from survey_app.security import CONTENT_SECURITY_POLICY, HEADERS, access, public
from survey_app.web.field import assets
from survey_app.web.request import actor

NAME = "Paroles, le recueil"
BRAND, PAPER = "#0a4a5e", "#ffffff"
# Photos and voices being taken are shown from the tablet's memory.
SHELL_CONTENT = CONTENT_SECURITY_POLICY.replace(
    "img-src 'self' data:", "img-src 'self' data: blob:"
).replace("media-src 'self'", "media-src 'self' blob:")
SHELL_PERMISSIONS = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")


def register(bp: Blueprint) -> None:
    """Add the routes of the shell."""
    bp.add_url_rule("/", "shell", shell)
    bp.add_url_rule("/sw.js", "worker", worker)
    bp.add_url_rule("/manifest.webmanifest", "manifest", manifest)
    bp.add_url_rule("/preparer", "prepare", prepare)


@public
def shell() -> Any:
    """The page of the tablet: everything in it is made by its scripts, with or without network."""
    return Response(
        _shell(),
        headers={
            "Content-Security-Policy": SHELL_CONTENT,
            "Permissions-Policy": SHELL_PERMISSIONS,
            "Cache-Control": "no-cache",
        },
        mimetype="text/html",
    )


@public
def worker() -> Any:
    """The service worker, which changes whenever anything that it keeps does."""
    script = render_template(
        "field/sw.js",
        version=assets.version(_shell().encode(), _manifest()),
        assets=assets.addresses(),
        home=url_for("field.shell"),
    )
    return Response(script, mimetype="text/javascript")


@public
def manifest() -> Any:
    """What the browser needs to install the tablet's page as an application."""
    return Response(
        _manifest(),
        headers={"Cache-Control": "no-cache"},
        mimetype="application/manifest+json",
    )


@access("testimony.collect")
def prepare() -> Any:
    """Enrol this tablet for the person who is logged in: name it, choose a passphrase."""
    return render_template(
        "field/prepare.html",
        account_id=actor().account_id,
        person=current_user.account.display_name,
    )


def _shell() -> str:
    return render_template("field/shell.html", name=NAME, brand=BRAND, scripts=assets.scripts())


def _manifest() -> bytes:
    def icon(name: str, purpose: str, size: int) -> dict[str, str]:
        address = url_for("static", filename=f"field/icons/{name}.png")
        return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}

    return json.dumps(
        {
            "id": url_for("field.shell"),
            "name": NAME,
            "short_name": "Paroles",
            "description": "Recueillir des témoignages, avec ou sans réseau.",
            "lang": "fr",
            "dir": "ltr",
            "start_url": url_for("field.shell"),
            "scope": url_for("field.shell"),
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": BRAND,
            "icons": [
                icon("icon-192", "any", 192),
                icon("icon-512", "any", 512),
                icon("maskable-192", "maskable", 192),
                icon("maskable-512", "maskable", 512),
            ],
        },
        ensure_ascii=False,
    ).encode()
