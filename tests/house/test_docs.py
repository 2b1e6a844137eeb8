"""What the documents say is there: links, commands, settings, decisions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from house.project_files import ROOT, files, name, ours, text
from survey_app.cli import group
from survey_app.services import demo

DOCUMENTS = [path for path in ours(".md") if "tests" not in path.parts]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
IN_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def code_of(path: Path) -> str:
    """The parts of a document that a reader would type, or that name something exactly."""
    return "\n".join(IN_CODE.findall(text(path) or ""))


def headings(path: Path) -> set[str]:
    """The anchors that a Markdown viewer makes from the headings."""
    prose = FENCE.sub("", text(path) or "")
    titles = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower().replace("`", "")).replace(" ", "-")
        for title in titles
    }


def broken_links(path: Path) -> list[str]:
    prose = FENCE.sub("", text(path) or "")
    broken = []
    for link in LINK.findall(prose):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        reached = (path.parent / target).resolve() if target else path
        if not reached.exists() or (
            anchor and reached.suffix == ".md" and anchor not in headings(reached)
        ):
            broken.append(f"{name(path)}: {link}")
    return broken


@cache
def make_targets() -> set[str]:
    rules = re.findall(r"^([a-z]+):", text(ROOT / "Makefile") or "", re.MULTILINE)
    return set(rules)


def command_line_help() -> str:
    """What `paroles --help` prints."""
    with tempfile.TemporaryDirectory() as folder:  # help must leave nothing in the project
        places = {"SURVEY_INSTANCE": f"{folder}/data", "SURVEY_KEY_DIR": f"{folder}/keys"}
        answer = subprocess.run(
            [sys.executable, "-m", "survey_app", "--help"],
            cwd=ROOT,
            env=os.environ | places,
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def options(command: str) -> set[str]:
    """The options that a command declares."""
    declared = [[*option.opts, *option.secondary_opts] for option in group.commands[command].params]
    return {name for names in declared for name in names} | {"--help"}


def test_every_relative_link_reaches_a_file_or_a_heading() -> None:
    assert len(DOCUMENTS) > 10
    assert [line for path in DOCUMENTS for line in broken_links(path)] == []


def test_every_make_target_that_is_named_exists() -> None:
    named = {
        (name(p), word) for p in DOCUMENTS for word in re.findall(r"make ([a-z]+)", code_of(p))
    }
    assert {"demo", "test"} <= {word for _, word in named}
    assert sorted((path, word) for path, word in named if word not in make_targets()) == []


def test_make_help_lists_every_target_with_its_sentence() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", text(ROOT / "Makefile") or "", re.MULTILINE)
    assert phony is not None
    answer = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  make ([a-z]+) +\S", answer.stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def test_every_command_that_is_named_exists() -> None:
    named = {
        (name(path), word)
        for path in DOCUMENTS
        for word in re.findall(r"\bparoles ([a-z][a-z-]+)", code_of(path))
    }
    assert "demo" in {word for _, word in named}
    known = set(re.findall(r"^\s+([a-z][a-z-]+)(?:\s|$)", command_line_help(), re.MULTILINE))
    assert sorted((path, word) for path, word in named if word not in known) == []


def test_every_option_that_is_named_exists() -> None:
    lines = {
        (name(path), line)
        for path in DOCUMENTS
        for line in code_of(path).replace("\\\n", " ").splitlines()
        if re.search(r"\bparoles [a-z-]+ .*--", line)
    }
    wrong = []
    for document, line in sorted(lines):
        command, rest = re.findall(r"\bparoles ([a-z-]+) (.*)", line)[0]
        used = set(re.findall(r"--[a-z][a-z-]*", rest))
        wrong += [f"{document}: {command} {option}" for option in used - options(command)]
    assert wrong == []


def test_every_setting_that_is_named_is_read_somewhere() -> None:
    read = "\n".join(text(path) or "" for path in ours(".py", under=("survey_app",)))
    named = {
        word for path in DOCUMENTS for word in re.findall(r"\bSURVEY_[A-Z_]+", text(path) or "")
    }
    assert "SURVEY_KEY_DIR" in named
    assert sorted(word for word in named if f'"{word}"' not in read) == []


def test_the_readme_gives_the_accounts_of_the_demonstration() -> None:
    readme = text(ROOT / "README.md") or ""
    logins = {account["login"] for account in demo.read("campaign.yaml")["accounts"]}
    table = "\n".join(re.findall(r"^\| `[a-z].*$", readme, re.MULTILINE))
    assert logins <= set(re.findall(r"`([a-z]+)`", table))
    assert f"`{demo.PASSWORD}`" in readme


@pytest.mark.parametrize("heading", ["## Contexte", "## Décision", "## Conséquences"])
def test_every_decision_has_its_three_parts(heading: str) -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [path.name for path in decisions if heading not in (text(path) or "")] == []
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 12


def test_every_path_of_the_map_exists() -> None:
    """ARCHITECTURE.md and the glossary name modules: a renamed one must be renamed there too."""
    existing = {name(path) for path in files()}
    folders = {parent.as_posix() for path in existing for parent in Path(path).parents}
    pattern = re.compile(
        r"`((?:questionnaires|analysis|survey_app|migrations|tests|tools|docs)/[^`]*)`"
    )
    missing = [
        f"{document}: {path}"
        for document in ("ARCHITECTURE.md", "CONTRIBUTING.md", "docs/glossaire.md")
        for path in pattern.findall(text(ROOT / document) or "")
        if "…" not in path and path.rstrip("/") not in existing | folders
    ]
    assert missing == []
