"""What we did not write is served as it was made: its sums, its licences, its weight."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "survey_app" / "static" / "field" / "vendor"


def sums() -> dict[str, str]:
    lines = (VENDOR / "sha256.txt").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def test_every_vendored_file_has_its_sum() -> None:
    ours = {"README.md", "sha256.txt"}
    assert set(sums()) == {path.name for path in VENDOR.iterdir()} - ours
    for name, digest in sums().items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_each_library_is_named_with_its_version_and_licence() -> None:
    licences = (VENDOR / "LICENCES.txt").read_text(encoding="utf-8")
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    named = [line.split()[1:3] for line in licences.splitlines() if line.startswith("== ")]
    assert len(named) == 7
    for library, version in named:
        assert f"{library} {version}" in readme.replace("\n", " ")


def test_the_sealing_weighs_little() -> None:
    sizes = {name: len(gzip.compress((VENDOR / name).read_bytes(), 9)) for name in sums()}
    assert sizes["age.js"] < 52_000
    assert sizes["idb.js"] < 2_000
