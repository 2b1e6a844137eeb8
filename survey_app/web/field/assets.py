"""What the tablet keeps to work without a network: one list, for the worker and for the tests."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for

FOLDER = "field"
# Beside the folder of the tablet: what its pages share with those of the desk.
SHARED = (
    "paroles.css",
    "css/filling.css",
    "css/collect.css",
    "css/interview.css",
    "css/field.css",
    "js/expressions.js",
    "js/filling.js",
    "js/photos.js",
    "faces.svg",
    "icon.svg",
)


def files() -> list[str]:
    """The static files of the tablet, by name under the static folder, sorted.

    Not its icons: who adds the page to the home screen has them kept by the system.
    """
    folder = _folder()
    own = (folder / FOLDER).rglob("*.js")
    shared = (folder / name for name in SHARED)
    return sorted(path.relative_to(folder).as_posix() for path in (*own, *shared))


def addresses() -> list[str]:
    """What the worker keeps: the shell, its manifest, and every script and style of the tablet."""
    pages = [url_for("field.shell"), url_for("field.manifest")]
    return pages + [url_for("static", filename=name) for name in files()]


def scripts() -> list[str]:
    """Addresses of the scripts that the shell needs at once: the browser asks for all together."""
    late = (f"{FOLDER}/prepare.js", f"{FOLDER}/vendor/age.js")
    now = (name for name in files() if name.endswith(".js") and name not in late)
    return [url_for("static", filename=name) for name in now]


def version(*pages: bytes) -> str:
    """The hash of all that is kept, byte by byte: ``pages`` are those that are not files.

    It changes as soon as one of them does, and the tablet then takes the whole anew.
    """
    digest = hashlib.sha256()
    for content in pages:
        digest.update(hashlib.sha256(content).digest())
    for name in files():
        path = _folder() / name
        digest.update(name.encode() + b"\0" + _hashed(path, path.stat().st_mtime_ns))
    return digest.hexdigest()[:16]


@cache
def _hashed(path: Path, changed: int) -> bytes:
    """The hash of a file, read again only when the file has changed."""
    return hashlib.sha256(path.read_bytes()).digest()


def _folder() -> Path:
    found = current_app.static_folder
    assert found is not None
    return Path(found)
