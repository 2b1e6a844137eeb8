"""The command line's own words: help wholly in French, questions, nobody there to answer."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from commands import paroles
from conftest import settings_in
from survey_app.cli import group
from survey_app.models import Council
from survey_app.runtime import Runtime
from survey_app.settings import Settings, SettingsError

NAME = "Nom du conseil citoyen : "


@pytest.fixture
def empty(tmp_path: Path):
    house = Runtime.start(settings_in(tmp_path / "neuf"))
    yield house
    house.database.close()


@pytest.mark.parametrize("name", sorted(group.commands))
def test_no_english_is_left_in_the_help(runtime: Runtime, name: str) -> None:
    said = paroles(runtime, name, "--help").out
    for english in ("required", "default", "Show", "Options:", "COMMAND"):
        assert english not in said.replace("--default", "")
    for option in group.commands[name].params:
        assert not isinstance(option, click.Option) or option.help, option.name


def test_what_the_help_adds_is_in_french(runtime: Runtime) -> None:
    said = " ".join(paroles(runtime, "synthesis", "--help").out.split())
    assert "[par défaut : docx,odt,pdf,xlsx,csv,html,json]" in said
    said = " ".join(paroles(runtime, "create-campaign", "--help").out.split())
    assert "Titre de la campagne. [obligatoire]" in said
    assert "CODE écrits à la fin sont d’autres quartiers" in said


def test_the_questions_are_asked_in_french(empty: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Conseil des Halles\nanne\n"))
    answer = paroles(empty, "init")
    assert answer.status == 0
    assert answer.out.startswith(NAME)
    assert "Identifiant du premier compte : " in answer.out


@pytest.mark.parametrize("stdin", [io.StringIO(""), None], ids=["empty", "closed"])
def test_nobody_there_to_answer_is_said(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch, stdin: io.StringIO | None
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    answer = paroles(empty, "init")
    assert answer.status == 1
    assert "Il manque une réponse à « Nom du conseil citoyen »" in answer.err
    assert "--council" in answer.err
    assert "votre demande" not in answer.err
    with empty.database.reading() as session:
        assert session.scalars(select(Council)).all() == []


def test_stopping_at_a_question_is_still_a_stop(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(io.StringIO):
        def readline(self, *_: object) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Stopped())
    answer = paroles(empty, "init")
    assert answer.status == 130
    assert "Arrêté à votre demande" in answer.err


@pytest.mark.parametrize("port", ["0", "65536", "99999", "²", "9" * 5_000])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match=r"SURVEY_PORT vaut .* de 1 à 65535"):
        Settings.from_environment({"SURVEY_PORT": port})
    assert Settings.from_environment({"SURVEY_PORT": "65535"}).port == 65_535
