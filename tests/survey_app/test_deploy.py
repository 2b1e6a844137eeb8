"""The examples of `deploy/`, used as they are: nginx in front of the real server, over HTTPS."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import factories
from survey_app.models import Attempt
from survey_app.runtime import Runtime

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAME = "paroles.exemple.fr"
PATIENCE = 60


def tool(name: str) -> str:
    """The path of a program of the system; a failure in CI where it is missing."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        reason = f"{name} n’est pas sur cette machine"
        if os.environ.get("PAROLES_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)


def configuration(folder: Path, ports: dict[str, int]) -> Path:
    """nginx's whole configuration around ours: only ports and certificate are changed."""
    ours = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    ours = re.sub(r"\n *listen \[::\][^\n]*", "", ours)
    for before, after in (
        ("listen 80;", f"listen 127.0.0.1:{ports['http']};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{ports['https']} ssl"),
        ("127.0.0.1:8000", f"127.0.0.1:{ports['paroles']}"),
        (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(folder / "cert.pem")),
        (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(folder / "key.pem")),
    ):
        assert before in ours, before
        ours = ours.replace(before, after)
    whole = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;\n"
        f"events {{}}\nhttp {{ {temporary}\n{ours}\n}}\n",
        encoding="utf-8",
    )
    return whole


@pytest.fixture
def ports() -> dict[str, int]:
    found = {}
    for name in ("http", "https", "paroles"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            found[name] = int(free.getsockname()[1])
    return found


def certificate(folder: Path) -> None:
    made = (
        f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} "
        f"-addext subjectAltName=DNS:{NAME} "
        f"-keyout {folder}/key.pem -out {folder}/cert.pem"
    )
    subprocess.run([tool("openssl"), *made.split()], check=True, capture_output=True)


@pytest.fixture
def site(runtime: Runtime, tmp_path: Path, ports: dict[str, int]) -> Iterator[dict[str, int]]:
    """Paroles in production mode behind our nginx.conf."""
    nginx = tool("nginx")
    certificate(tmp_path)
    environment = os.environ | {
        "SURVEY_INSTANCE": str(runtime.settings.instance),
        "SURVEY_KEY_DIR": str(runtime.settings.key_dir),
        "SURVEY_PORT": str(ports["paroles"]),
        "SURVEY_PRODUCTION": "1",
        "SURVEY_PROXIES": "1",
        "SURVEY_WORKERS": "2",
    }
    served = [sys.executable, "-m", "survey_app", "serve"]
    paroles = subprocess.Popen(served, env=environment, stdout=subprocess.DEVNULL)
    configured = str(configuration(tmp_path, ports))
    front = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", configured, "-g", "daemon off;"])
    try:
        until(lambda: ask(ports, tmp_path, "GET", "/compte/connexion")[0] == 200)
        yield ports
    finally:
        for process in (front, paroles):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)


def ask(
    ports: dict[str, int], folder: Path, method: str, path: str, **options: object
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer over HTTPS, our certificate verified."""
    trust = ssl.create_default_context()
    try:
        trust.load_verify_locations(folder / "cert.pem")
        line = http.client.HTTPSConnection("127.0.0.1", ports["https"], context=trust, timeout=20)
        line.sock = trust.wrap_socket(
            socket.create_connection(("127.0.0.1", ports["https"]), timeout=20),
            server_hostname=NAME,
        )
        headers = {"Host": NAME} | dict(options.get("headers", {}))  # type: ignore[call-overload]
        line.request(method, path, body=options.get("body"), headers=headers)  # type: ignore[arg-type]
        answer = line.getresponse()
        said = answer.read().decode()
        line.close()
    except OSError:
        return 0, {}, ""
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, said


@pytest.mark.slow
def test_nginx_gives_https_and_hides_nobody(
    site: dict[str, int], runtime: Runtime, tmp_path: Path
) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", site["http"], timeout=20)
    plain.request("GET", "/terrain/", headers={"Host": NAME})
    moved = plain.getresponse()
    assert (moved.status, moved.getheader("Location")) == (301, f"https://{NAME}/terrain/")
    plain.close()

    status, headers, page = ask(site, tmp_path, "GET", "/compte/connexion")
    assert status == 200
    assert "max-age=" in headers["strict-transport-security"]
    cookie = headers["set-cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie

    with runtime.database.writing() as session:
        factories.account(session, factories.council(session), "amina", "councillor")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    for address in ("203.0.113.1", "203.0.113.2, 198.51.100.7"):
        body = f"csrf_token={token[1]}&login=amina&password=faux"
        sent = {
            "Cookie": cookie.split(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{NAME}/compte/connexion",
            "X-Forwarded-For": address,
        }
        status, _, said = ask(site, tmp_path, "POST", "/compte/connexion", body=body, headers=sent)
        assert status in {401, 422}, said
    with runtime.database.reading() as session:
        rows = session.query(Attempt).all()
        # What the visitor claims about their address makes nobody new.
        assert len({row.subject_hash for row in rows}) <= 2
        assert sum(row.count for row in rows) >= 2


@pytest.mark.slow
def test_nginx_lets_a_large_file_reach_paroles_which_refuses_in_french(
    site: dict[str, int], tmp_path: Path
) -> None:
    status, _, said = ask(site, tmp_path, "POST", "/compte/connexion", body=b"x" * 34_000_000)
    assert status == 413
    assert "dépasse la taille acceptée" in said


def test_the_service_file_is_what_systemd_reads(tmp_path: Path) -> None:
    analyse = tool("systemd-analyze")
    copied = tmp_path / "paroles.service"
    text = (DEPLOY / "paroles.service").read_text(encoding="utf-8")
    copied.write_text(
        text.replace("/opt/paroles/.venv/bin/paroles", sys.executable)
        .replace("WorkingDirectory=/opt/paroles", f"WorkingDirectory={tmp_path}")
        .replace("User=paroles\nGroup=paroles", "User=root"),
        encoding="utf-8",
    )
    done = subprocess.run(
        [analyse, "verify", "--man=no", str(copied)], capture_output=True, text=True, check=False
    )
    about = [line for line in done.stderr.splitlines() if "paroles.service" in line]
    assert (done.returncode, about) == (0, [])


def test_every_setting_of_the_examples_exists() -> None:
    known = set(re.findall(r'"(SURVEY_[A-Z_]+)"', (ROOT / "survey_app/settings.py").read_text()))
    for path in DEPLOY.iterdir():
        named = set(re.findall(r"SURVEY_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= known, path.name
