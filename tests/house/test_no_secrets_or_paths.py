"""Nothing of one machine, no registry's address and no key is ever committed."""

from __future__ import annotations

import re

import pytest

from house.project_files import files, name, text

# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.:/}])/(?:" + "home|work|root|Users|farm" + r")/[A-Za-z0-9_.]")
REGISTRY = re.compile(
    "|".join(
        [
            "pypi" + r"\.org/(?:simple|packages)",
            "files" + r"\.pythonhosted",
            "registry" + r"\.npmjs",
            "extra-" + "index-url",
            "--" + "index-url",
            "--" + "find-links",
            "--" + "trusted-host",
        ]
    )
)
SECRET = re.compile(
    "-----BEGIN " + r"[A-Z ]*PRIVATE KEY|AGE-SECRET" + r"-KEY-1|gh[pousr]_[A-Za-z0-9]{36}"
)
PRIVATE_NAMES = re.compile(r"(?:\.(?:key|pem|db|sqlite3?|db-wal|db-shm)|(?:^|/)\.env)$")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}:{number} {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate((text(path) or "").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY, SECRET])
def test_no_committed_file_holds(pattern: re.Pattern[str]) -> None:
    assert files()
    assert lines_with(pattern) == []


def test_no_key_and_no_database_is_committed() -> None:
    assert [name(path) for path in files() if PRIVATE_NAMES.search(name(path))] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, 'open("/ho' + 'me/amina/x")'),
        (MACHINE_PATH, "see /wo" + "rk/main"),
        (REGISTRY, "--index" + "-url https://example.org/simple"),
        (SECRET, "-----BEGIN OPENSSH PRIV" + "ATE KEY-----"),
        (PRIVATE_NAMES, "keys/database.k" + "ey"),
    ],
)
def test_the_patterns_see_what_they_look_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_the_patterns_leave_web_addresses_alone() -> None:
    assert not MACHINE_PATH.search("https://example.org/home/page et survey_app/work/x.py")
