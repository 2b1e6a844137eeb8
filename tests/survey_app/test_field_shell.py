"""The tablet's page, its worker, its manifest, and how light they are."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from pages import client, client_for
from rooms import furnish, shown
from survey_app.runtime import Runtime
from survey_app.web.field import assets
from survey_app.web.field.compressed import SMALLEST

STATIC = Path(__file__).resolve().parents[2] / "survey_app" / "static"
LIGHT = 120_000  # bytes of a first load, compressed
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
GZIP = {"Accept-Encoding": "gzip"}


def bytes_of(app: Flask, path: str, **headers: str) -> Any:
    """The answer as it travels: the checked client would read a compressed page as text."""
    answer = app.test_client().get(path, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def kept(app: Flask) -> list[str]:
    with app.test_request_context():
        return assets.addresses()


def worker(app: Flask) -> str:
    return client(app).get("/terrain/sw.js").get_data(as_text=True)


def test_the_shell_is_for_everybody_and_says_nothing_of_anybody(
    app: Flask, runtime: Runtime
) -> None:
    furnish(runtime)
    nobody = client(app).get("/terrain/")
    somebody = client_for(app, "councillor").get("/terrain/")
    assert nobody.status_code == 200
    assert nobody.data == somebody.data
    assert "Set-Cookie" not in somebody.headers
    assert "csrf" not in shown(nobody).lower()
    assert "microphone=(self)" in nobody.headers["Permissions-Policy"]
    policy = nobody.headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob:" in policy
    assert "media-src 'self' blob:" in policy
    assert "script-src 'self';" in policy
    other = client(app).get("/connexion").headers
    assert "microphone=()" in other["Permissions-Policy"]
    assert "blob:" not in other["Content-Security-Policy"]


def test_the_manifest_installs_the_tablets_page_and_nothing_of_the_desk(app: Flask) -> None:
    answer = client(app).get("/terrain/manifest.webmanifest")
    told = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (told["scope"], told["start_url"]) == ("/terrain/", "/terrain/")
    assert (told["lang"], told["display"]) == ("fr", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for icon in told["icons"]:
        picture = Image.open(io.BytesIO(client(app).get(icon["src"]).data))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert picture.format == "PNG"
        if icon["purpose"] == "maskable":
            assert picture.convert("RGBA").getextrema()[3] == (255, 255)


def test_everything_that_is_kept_is_there(app: Flask) -> None:
    addresses = kept(app)
    assert len(addresses) == len(set(addresses)) > 10
    visitor = client(app)
    assert [path for path in addresses if visitor.get(path).status_code != 200] == []
    assert json.dumps(addresses) in worker(app)


def test_everything_that_the_kept_scripts_and_styles_call_is_kept(app: Flask) -> None:
    names = {path.removeprefix("/static/") for path in kept(app)}
    scripts = [STATIC / name for name in names if name.endswith(".js")]
    called = {
        (script.parent / path).resolve().relative_to(STATIC).as_posix()
        for script in scripts
        for path in IMPORT.findall(script.read_text(encoding="utf-8"))
    }
    assert called - names == set()
    shell = client(app).get("/terrain/").get_data(as_text=True)
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+)"', shell))
    assert linked
    assert {name for name in linked - names if not name.endswith(".png")} == set()


def test_the_version_follows_each_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.test_request_context():
        before = assets.version(b"shell")
        assert assets.version(b"shell") == before
        assert assets.version(b"another shell") != before
        monkeypatch.setattr(assets, "SHARED", assets.SHARED[:-1])
        assert assets.version(b"shell") != before
    assert re.search(r'const VERSION = "[0-9a-f]{16}";', worker(app))


def test_the_worker_may_not_be_kept_by_the_browser(app: Flask) -> None:
    headers = client(app).get("/terrain/sw.js").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"].startswith("text/javascript")


def test_a_first_load_is_light(app: Flask) -> None:
    weights = {
        path: int(bytes_of(app, path, **GZIP).headers["Content-Length"]) for path in kept(app)
    }
    assert sum(weights.values()) <= LIGHT, sorted(weights.items(), key=lambda item: -item[1])


def own_scripts() -> list[Path]:
    found = [*STATIC.glob("field/*.js"), *STATIC.glob("js/*.js")]
    assert len(found) > 20
    return found


def test_no_script_has_a_text_over_several_lines() -> None:
    """What takes the comments away looks at whole lines: a text must not hold one."""
    lines = [line for path in own_scripts() for line in path.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.count("`") % 2] == []


def test_a_script_travels_without_its_comments_and_indents_and_loses_nothing_else(
    app: Flask,
) -> None:
    for path in own_scripts():
        name = path.relative_to(STATIC).as_posix()
        answer = bytes_of(app, f"/static/{name}", **GZIP)
        if answer.headers.get("Content-Encoding") != "gzip":
            assert answer.data == path.read_bytes()
            assert len(answer.data) < SMALLEST
            continue
        sent = gzip.decompress(answer.data).decode()
        whole = [line.lstrip(" \t") for line in path.read_text(encoding="utf-8").splitlines()]
        left = iter(whole)
        assert all(line in left for line in sent.splitlines()), name
        rest = Counter(whole) - Counter(sent.splitlines())
        assert all(re.match(r"\s*(//|/\*\*|\*)", line) for line in rest), name
        assert not re.search(r"^\s*//", sent, re.MULTILINE), name


def test_text_travels_compressed_only_where_it_is_wanted_and_holds_no_secret(
    app: Flask, runtime: Runtime
) -> None:
    furnish(runtime)
    visitor = client_for(app, "councillor")
    plain = visitor.get("/static/paroles.css")
    small = visitor.get("/static/paroles.css", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in small.headers["Vary"]
    again = {**GZIP, "If-None-Match": small.headers["ETag"]}
    assert visitor.get("/static/paroles.css", headers=again).status_code == 304
    known = {"If-None-Match": plain.headers["ETag"]}
    assert visitor.get("/static/paroles.css", headers=known).status_code == 304
    picture = visitor.get("/static/field/icons/icon-192.png", headers=GZIP)
    assert "Content-Encoding" not in picture.headers
    for page in ("/collecte/", "/terrain/preparer", "/connexion"):
        assert "Content-Encoding" not in visitor.get(page, headers=GZIP).headers, page


@pytest.mark.parametrize("login", ["councillor", "coordinator"])
def test_who_collects_may_prepare_a_tablet(app: Flask, runtime: Runtime, login: str) -> None:
    furnish(runtime)
    page = client_for(app, login).get("/terrain/preparer")
    assert page.status_code == 200
    assert 'data-token="' in shown(page)
    assert 'href="/terrain/preparer"' in shown(client_for(app, login).get("/collecte/"))


@pytest.mark.parametrize("login", ["evaluator", "reader", "admin", "dpo"])
def test_nobody_else_may(app: Flask, runtime: Runtime, login: str) -> None:
    furnish(runtime)
    assert client_for(app, login).get("/terrain/preparer").status_code == 404


def test_a_visitor_is_sent_to_log_in(app: Flask) -> None:
    answer: Any = client(app).get("/terrain/preparer")
    assert answer.status_code == 303
    assert "connexion" in answer.headers["Location"]
