"""The command line: what it does, and the one plain sentence for whatever it refuses."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

import factories
from commands import paroles, refused
from conftest import settings_in
from survey_app.models import Account, Campaign, Council
from survey_app.permissions import PERMISSIONS, Role
from survey_app.runtime import Runtime
from survey_app.services import accounts, demo

HEAVY = ("spacy", "docx", "wordcloud", "typst", "matplotlib", "sklearn", "openpyxl")
INIT = ("init", "--council", "Conseil des Halles", "--login", "anne")


def empty(tmp_path: Path) -> Runtime:
    return Runtime.start(settings_in(tmp_path / "neuf"))


def shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    environment = os.environ | {
        "SURVEY_INSTANCE": str(folder / "instance"),
        "SURVEY_KEY_DIR": str(folder / "keys"),
    }
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_a_real_start_makes_a_council_and_an_account_that_opens(tmp_path: Path) -> None:
    house = empty(tmp_path)
    answer = paroles(house, *INIT)
    assert answer.status == 0
    password = answer.out.split("montré une seule fois : ")[1].splitlines()[0]
    assert str(house.settings.key_dir) in answer.out
    assert "Gardez-en une copie ailleurs" in answer.out
    with house.database.writing() as session:
        account = accounts.authenticate(session, house.keys, "anne", password, "127.0.0.1")
        assert account.role_names == {Role.ADMIN, Role.COORDINATOR}
    house.database.close()


def test_starting_again_changes_nothing_and_a_second_council_may_join(tmp_path: Path) -> None:
    house = empty(tmp_path)
    paroles(house, *INIT, "--password", "des mots à retenir")
    for again in (("init",), (*INIT, "--password", "d’autres mots encore")):
        assert "existe déjà (Conseil des Halles)" in paroles(house, *again).out
    paroles(house, "init", "--council", "Conseil voisin", "--login", "bob")
    with house.database.reading() as session:
        assert set(session.scalars(select(Account.login))) == {"anne", "bob"}
        assert len(session.scalars(select(Council)).all()) == 2
    house.database.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--login", "Ä b"), "Cet identifiant ne convient pas"),
        (("--login", "anne", "--password", "court"), "trop court"),
        (("--login", "anne", "--council", "x" * 300), "nom du conseil"),
    ],
)
def test_a_start_that_is_refused_leaves_no_half_council(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    house = empty(tmp_path)
    assert said in refused(house, "init", "--council", "Conseil", *words)
    with house.database.reading() as session:
        assert session.scalars(select(Council)).all() == []
    house.database.close()


@pytest.mark.parametrize(
    "words",
    [("campaigns",), ("analyse", "--campaign", "x"), ("backup",), ("serve",), ("worker",)],
    ids=lambda words: words[0],
)
def test_before_the_start_every_command_says_to_start(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    house = empty(tmp_path)
    assert "Lancez « paroles init »" in refused(house, *words)
    house.database.close()


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    """An installation with two councils and a campaign in the first."""
    with runtime.database.writing() as session:
        factories.campaign(session, factories.council(session))
    with runtime.database.writing() as session:
        factories.council(session, "Conseil voisin")
    return runtime


def test_campaigns_are_listed_oldest_first(house: Runtime) -> None:
    answer = paroles(
        house, "create-campaign", "a-neuve", "--title", "La neuve", "--neighbourhood", "QP034020"
    )
    assert answer.status == 0
    assert "en brouillon" in answer.out
    assert paroles(house, "campaigns").out == "essai\tVivre ici\na-neuve\tLa neuve\n"


def test_a_campaign_takes_several_neighbourhoods_and_a_council(house: Runtime) -> None:
    paroles(
        house,
        *("create-campaign", "trois", "--title", "T", "--council", "Conseil voisin"),
        *("--neighbourhood", "QP034020", "QP034022", "qp030015"),
    )
    with house.database.reading() as session:
        row = session.scalars(select(Campaign).where(Campaign.slug == "trois")).one()
        assert [place.code for place in row.neighbourhoods] == ["QP030015", "QP034020", "QP034022"]
        assert session.get_one(Council, row.council_id).name == "Conseil voisin"


CREATE = ("create-campaign", "neuve", "--title", "T", "--neighbourhood")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*CREATE, "QP999999"), "QP999999"),
        ((*CREATE, "Lodève"), "n’est pas un code de quartier"),
        ((*CREATE, "QP034020", "--council", "Absent"), "Aucun conseil ne s’appelle « Absent »"),
        (("create-campaign", "essai", "--title", "T", "--neighbourhood", "QP034020"), "déjà"),
        (("create-campaign", "É è", "--title", "T", "--neighbourhood", "QP034020"), "É è"),
        (("analyse", "--campaign", "absente"), "Campagnes existantes : essai."),
        (("analyse", "--campaign", "essai"), "aucun témoignage masqué"),
        (("synthesis", "--campaign", "absente", "--output", "x"), "absente"),
        (("synthesis", "--campaign", "essai", "--output", "x", "--format", "rtf"), "rtf"),
        (("synthesis", "--campaign", "essai", "--output", "x", "--version", "7"), "version 7"),
        (("export-testimonies", "--campaign", "absente", "--output", "x"), "absente"),
        (("import-testimonies", "absent.csv", "--campaign", "essai", "--text", "t"), "absent.csv"),
        (("reset-password", "personne"), "personne"),
        (("restore", "absente.db"), "n’existe pas"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_refusal_is_one_sentence_and_a_status(
    house: Runtime, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house.settings.instance)
    answer = paroles(house, *words)
    assert (answer.status, answer.out) == (1, "")
    assert said in answer.err
    assert not Path("x").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("campagnes",),
            "La commande « campagnes » n’existe pas. Vouliez-vous dire « campaigns » ?",
        ),
        (("analyse",), "Il manque l’option « --campaign »."),
        (("analyse", "--campain", "x"), "Vouliez-vous dire « --campaign » ?"),
        (("analyse", "--campaign"), "L’option « --campaign » attend une valeur."),
        (("import-testimonies", "--campaign", "x", "--text", "t"), "Il manque « FICHIER »."),
        (
            ("synthesis", "--campaign", "x", "--output", "y", "--version", "z"),
            "La valeur donnée pour l’option « --version » ne convient pas.",
        ),
        (("campaigns", "encore"), "n’est pas écrite comme attendu"),
    ],
)
def test_a_mistyped_command_is_explained_in_french(
    house: Runtime, words: tuple[str, ...], said: str
) -> None:
    answer = paroles(house, *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert "--help" in answer.err


def test_the_help_is_in_french(house: Runtime) -> None:
    answer = paroles(house, "--help")
    assert answer.status == 0
    assert "Usage : paroles" in answer.out
    assert "Commandes :" in answer.out
    for name in ("init", "serve", "demo", "analyse"):
        words = paroles(house, name, "--help")
        assert "Affiche cette aide." in words.out
        assert "Show" not in words.out


def test_a_forgotten_password_is_replaced_once(house: Runtime) -> None:
    with house.database.writing() as session:
        council = session.scalars(select(Council)).first()
        assert council is not None
        factories.account(session, council, "amina", Role.COUNCILLOR)
    answer = paroles(house, "reset-password", "Amina")
    new = answer.out.rsplit(" : ", 1)[1].strip()
    with house.database.writing() as session:
        assert accounts.authenticate(session, house.keys, "amina", new, "::1").login == "amina"


def test_routes_say_who_may_open_what(house: Runtime) -> None:
    rows = json.loads(paroles(house, "routes", "--json").out)
    keys = {(row["method"], row["rule"]) for row in rows}
    assert len(keys) == len(rows) > 20
    assert {row["scope"] for row in rows} == {"council", "device", "public"}
    for row in rows:
        expected = set() if row["scope"] == "public" else PERMISSIONS[row["action"]]
        assert set(row["roles"]) == set(expected), row
    text = paroles(house, "routes").out
    assert len(text.splitlines()) == len(rows)
    assert "Conseil citoyen" in text


def test_an_address_already_taken_is_said(house: Runtime, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_in(house.settings.instance.parent, port=taken.getsockname()[1])
        assert "est peut-être déjà ouvert" in refused(Runtime.start(settings), "serve")


def test_a_broken_key_or_setting_is_said_before_anything(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "session.key").write_text("abîmée", encoding="utf-8")
    answer = shell(tmp_path, "-m", "survey_app", "campaigns")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "reprenez-la de votre sauvegarde" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_listing_campaigns_loads_nothing_heavy(house: Runtime) -> None:
    program = (
        "import sys\n"
        "from survey_app.__main__ import main\n"
        "sys.argv = ['paroles', 'campaigns']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print('heavy:', loaded)\n"
    )
    house.database.close()
    answer = shell(house.settings.instance.parent, "-c", program)
    assert answer.stdout == "essai\tVivre ici\nheavy: []\n", answer.stderr


def test_the_demonstration_never_mixes_with_a_real_council(house: Runtime) -> None:
    assert "Un conseil travaille déjà" in refused(house, "demo", "--no-serve")
    with house.database.reading() as session:
        assert demo.present(session) is None
        assert len(session.scalars(select(Council)).all()) == 2
