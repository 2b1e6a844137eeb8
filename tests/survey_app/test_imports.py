"""Importing: everything that comes in is stored as it was, everything that may not is said."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

import factories
from commands import paroles, refused
from survey_app.models import AuditEvent, Campaign, Meeting, Testimony, TextVersion
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import consents, erasure

MARSEILLAIS = "Té, « ça » c’est l’œuvre d’Éloïse… 100 €"
HARD = {
    "emoji": "On danse 💃🏽 avec la famille 👨‍👩‍👧 au city-stade",
    "rtl": "قالت لي جارتي: الحي جميل, et c’est vrai",
    "spaces": "  deux espaces devant\n\n\tune tabulation\n",
    "decomposed": "E\u0301te\u0301 a\u0300 Be\u0301darieux",
    "formula": "=SOMME(A1:A2)",
    "html": "<script>alert('bonjour')</script> & compagnie",
    "quotes": 'Il a dit "non", puis ; puis |',
}


@pytest.fixture
def house(runtime: Runtime) -> Iterator[Runtime]:
    """An installation with a draft campaign ``essai`` in two neighbourhoods."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        campaign = factories.campaign(session, council, state="draft")
        campaign.neighbourhoods = [
            *campaign.neighbourhoods,
            factories.neighbourhood(session, "QP034022", "Centre Ville"),
        ]
    return runtime


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def file(folder: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "paroles.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def stored(house: Runtime) -> dict[str, tuple[str, ...]]:
    """Source id to its text versions, raw first."""
    with house.database.reading() as session:
        return {
            row.source_id: tuple(text.text for text in row.texts)
            for row in session.scalars(select(Testimony))
        }


def bring(house: Runtime, path: Path, *more: str) -> str:
    answer = paroles(
        house, "import-testimonies", path, "--campaign", "essai", "--text", "texte", *more
    )
    assert answer.status == 0, answer.err
    return answer.out


def turned_away(house: Runtime, path: Path, *more: str) -> str:
    """The message of an import that must change nothing at all."""
    with house.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    text = () if "--text" in more else ("--text", "texte")
    message = refused(house, "import-testimonies", path, "--campaign", "essai", *text, *more)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    return message


def test_hard_texts_are_stored_as_they_were(house: Runtime, folder: Path) -> None:
    out = bring(house, file(folder, [{"id": k, "texte": v} for k, v in HARD.items()]), "--id", "id")
    assert f"{len(HARD)} lignes lues : {len(HARD)} témoignages ajoutés, 0 déjà là." in out
    expected = {key: unicodedata.normalize("NFC", text) for key, text in HARD.items()}
    assert stored(house) == {key: (text, text) for key, text in expected.items()}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodings_of_spreadsheets(house: Runtime, folder: Path, encoding: str) -> None:
    text = MARSEILLAIS if encoding != "latin-1" else "Été à Bédarieux, ça va"
    answer = paroles(
        house,
        *("import-testimonies", file(folder, [{"id": "a", "texte": text}], encoding)),
        *("--campaign", "essai", "--text", "texte", "--id", "id"),
    )
    assert answer.status == 0
    assert stored(house) == {"a": (text, text)}
    assert ("Windows-1252" in answer.err) == (encoding in {"cp1252", "latin-1"})


def test_a_workbook_comes_in_like_a_csv(house: Runtime, folder: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["id", "texte", "quand", "où"])
    book.worksheets[0].append([7, "Un banc\ndevant l’école", 2019, "qp034022"])
    path = folder / "paroles.xlsx"
    book.save(path)
    bring(house, path, "--id", "id", "--date", "quand", "--place", "où")
    with house.database.reading() as session:
        row = session.scalars(select(Testimony)).one()
        assert row.source_id == "7"
        assert row.text("masked").text == "Un banc\ndevant l’école"
        assert (row.said_on.isoformat(), row.answers["date"]) == ("2019-01-01", "2019")
        assert row.meeting.neighbourhood.code == "QP034022"
        assert (row.state, row.reviewer_id, consents.citable(row)) == ("masked", None, "no")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-04-30", "2026-04-30"),
        ("30/4/2026", "2026-04-30"),
        ("2026-04-30T18:05:00", "2026-04-30"),
        ("2019", "2019-01-01"),
        ("", None),
    ],
)
def test_dates(house: Runtime, folder: Path, written: str, kept: str | None) -> None:
    bring(house, file(folder, [{"texte": "Un banc", "quand": written}]), "--date", "quand")
    with house.database.reading() as session:
        said = session.scalars(select(Testimony.said_on)).one()
    assert (said.isoformat() if said else None) == kept


def test_a_hundred_thousand_characters_are_kept_whole(house: Runtime, folder: Path) -> None:
    text = "é🌳" * 50_000
    bring(house, file(folder, [{"id": "long", "texte": text}]), "--id", "id")
    assert stored(house) == {"long": (text, text)}


ONE = {"id": "a", "texte": "Un banc", "quand": "2026", "où": "QP034020"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"texte": " \n"}, "Ligne 3 : le texte est vide."),
        ({"texte": "é" * 100_001}, "Ligne 3 : le texte a 100001 caractères"),
        ({"texte": "un\0banc"}, "Ligne 3 : le texte contient un caractère nul"),
        ({"texte": "un\x07banc"}, "Ligne 3 : "),
        ({"id": "a"}, "Ligne 3 : l’identifiant « a » est déjà à la ligne 2."),
        ({"id": ""}, "Ligne 3 : l’identifiant est vide."),
        ({"id": "x" * 201}, "Ligne 3 : l’identifiant dépasse 200 caractères."),
        ({"quand": "hier"}, "Ligne 3 : la date « hier » n’est pas comprise"),
        ({"quand": "31/02/2026"}, "Ligne 3 : la date « 31/02/2026 »"),
        ({"quand": "0000"}, "Ligne 3 : la date « 0000 »"),
        ({"où": "QP999999"}, "Ligne 3 : le quartier QP999999 ne fait pas partie"),
        ({"où": "QN03420M"}, "Ligne 3 : le quartier QN03420M ne fait pas partie"),
    ],
)
def test_one_faulty_row_stops_the_import_and_is_named(
    house: Runtime, folder: Path, fault: dict[str, str], words: str
) -> None:
    path = file(folder, [ONE, ONE | {"id": "b"} | fault, ONE | {"id": "c"}])
    message = turned_away(house, path, "--id", "id", "--date", "quand", "--place", "où")
    assert words in message
    assert "Rien n’a été importé" in message
    assert stored(house) == {}


def test_every_fault_is_told_the_first_ones_in_full(house: Runtime, folder: Path) -> None:
    message = turned_away(house, file(folder, [{"id": str(i), "texte": " "} for i in range(25)]))
    assert "25 points empêchent l’import" in message
    assert "Ligne 21 :" in message
    assert "Ligne 22 :" not in message
    assert "et 5 autres points" in message


def test_a_missing_column_is_named_with_its_closest(house: Runtime, folder: Path) -> None:
    message = turned_away(house, file(folder, [ONE]), "--text", "textes")
    assert "La colonne « textes » n’existe pas" in message
    assert "Vouliez-vous dire « texte » ?" in message
    assert "« quand »" in message


def test_importing_again_doubles_nothing(house: Runtime, folder: Path) -> None:
    rows = [{"id": str(i), "texte": f"Parole {i}"} for i in range(5)]
    bring(house, file(folder, rows[:3]), "--id", "id")
    out = bring(house, file(folder, rows), "--id", "id")
    assert "5 lignes lues : 2 témoignages ajoutés, 3 déjà là." in out
    assert len(stored(house)) == 5
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Meeting)) == 1
        assert session.scalar(select(func.count()).select_from(TextVersion)) == 10


def test_the_same_words_twice_in_a_file_are_two_testimonies(house: Runtime, folder: Path) -> None:
    path = file(folder, [{"texte": "Rien à dire"}, {"texte": "Rien à dire"}])
    bring(house, path)
    assert "0 témoignage ajouté, 2 déjà là." in bring(house, path)
    assert [texts[0] for texts in stored(house).values()] == ["Rien à dire"] * 2


def test_an_id_that_comes_back_with_other_words_changes_nothing(
    house: Runtime, folder: Path
) -> None:
    bring(house, file(folder, [ONE]), "--id", "id")
    path = file(folder, [ONE | {"texte": "Autre chose"}, ONE | {"id": "b"}])
    message = turned_away(house, path, "--id", "id")
    assert "Ligne 2 : l’identifiant « a » a déjà été importé avec un autre contenu" in message
    assert stored(house) == {"a": ("Un banc", "Un banc")}


def test_what_was_withdrawn_does_not_come_back(house: Runtime, folder: Path) -> None:
    path = file(folder, [ONE, ONE | {"id": "b", "texte": "Autre chose"}])
    bring(house, path, "--id", "id")
    with house.database.writing() as session:
        row = session.scalars(select(Testimony).where(Testimony.source_id == "a")).one()
        erasure.erase(session, system_actor(row.council_id), house, row.id, "essai")
    out = bring(house, path, "--id", "id")
    assert "0 témoignage ajouté, 1 déjà là." in out
    assert "laissés de côté : 1." in out
    assert list(stored(house)) == ["b"]


def test_a_dry_run_checks_all_and_keeps_nothing(house: Runtime, folder: Path) -> None:
    path = file(folder, [ONE])
    out = bring(house, path, "--dry-run")
    assert "1 ligne lue : 1 témoignage serait ajouté" in out
    assert "rien n’a été enregistré" in out
    assert stored(house) == {}
    turned_away(house, file(folder, [ONE | {"texte": ""}]), "--dry-run")


def test_a_campaign_without_a_neighbourhood_says_so(house: Runtime, folder: Path) -> None:
    with house.database.writing() as session:
        session.scalars(select(Campaign)).one().neighbourhoods = []
    assert "aucun quartier" in turned_away(house, file(folder, [ONE]))
