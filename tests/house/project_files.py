"""The project as its own tests see it: which files are ours, and what they hold."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("questionnaires", "analysis", "survey_app")
IGNORED = re.compile(
    r"(?:^|/)(?:\.git|\.venv|\.hypothesis|\.\w+_cache|__pycache__|\w+\.egg-info|"
    r"instance|keys|node_modules|build)(?:/|$)"
)


@cache
def files() -> tuple[Path, ...]:
    """Every file that is committed or about to be; without git, every file but the ignored."""
    try:
        answer = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        names = [name for name in answer.stdout.decode().split("\0") if name]
        paths = [ROOT / name for name in names]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not IGNORED.search(name(path))]
    return tuple(sorted(path for path in paths if path.is_file()))


def ours(*suffixes: str, under: tuple[str, ...] = ()) -> list[Path]:
    """Our files with one of these suffixes, in these top folders; vendored ones left out."""
    return [
        path
        for path in files()
        if path.suffix in suffixes
        and (not under or path.relative_to(ROOT).parts[0] in under)
        and "vendor" not in path.parts
    ]


def name(path: Path) -> str:
    """The path from the project's root, as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str | None:
    """The file's text, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
