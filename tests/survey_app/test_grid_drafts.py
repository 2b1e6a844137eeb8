"""A draft of a grid: changes that add up, are taken back, and become a sealed version."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

import factories
from analysis import codebook, codebook_csv, codebook_writer
from analysis.codebook_file import parse
from analysis.codebook_steps import Change
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, CodebookVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import grid_drafts, grid_files, grids

RENAMED = Change("rename", code="LOG1", target="LOG9")
WORDED = Change("texts", code="LOG2", texts={"label": "Loyers"})


@pytest.fixture
def me(actors: dict[str, Actor]) -> Actor:
    return actors["coordinator"]


@pytest.fixture
def base(session: Session, campaign: Campaign, me: Actor) -> CodebookVersion:
    return grids.version_of(session, me, campaign)


@pytest.fixture
def draft(session: Session, base: CodebookVersion, me: Actor) -> CodebookVersion:
    return grid_drafts.begin(session, me, base)


def test_one_draft_a_grid(
    session: Session, base: CodebookVersion, draft: CodebookVersion, me: Actor
) -> None:
    assert grid_drafts.begin(session, me, base).id == draft.id
    assert [row.id for row in grid_drafts.drafts(session, me)] == [draft.id]
    assert [row.id for row in grids.versions(session, me)] == [base.id]


def test_changes_add_up_and_are_taken_back(
    session: Session, base: CodebookVersion, draft: CodebookVersion, me: Actor
) -> None:
    grid_drafts.change(session, me, draft, draft.revision, RENAMED)
    grid_drafts.change(session, me, draft, draft.revision, WORDED)
    assert "LOG9" in grids.book(draft)
    assert grids.book(draft).code("LOG2").label == "Loyers"
    assert grid_drafts.become(session, me, draft)["LOG1"] == ("LOG9",)
    assert grid_drafts.free_name(session, me, draft, "LOG", 0) == "LOG8"
    assert grid_drafts.free_name(session, me, draft, "LOG", 1) == "LOG10"
    assert grid_drafts.undo(session, me, draft, draft.revision) == WORDED
    grid_drafts.undo(session, me, draft, draft.revision)
    assert grids.book(draft) == grids.book(base)
    with pytest.raises(Conflict, match="aucun changement"):
        grid_drafts.undo(session, me, draft, draft.revision)


def test_a_refused_change_changes_nothing(
    session: Session, draft: CodebookVersion, me: Actor
) -> None:
    before = (draft.revision, draft.document)
    with pytest.raises(Invalid, match="« LOG2 » a déjà servi"):
        grid_drafts.change(
            session, me, draft, draft.revision, Change("rename", code="LOG1", target="LOG2")
        )
    with pytest.raises(Conflict, match="a changé depuis"):
        grid_drafts.change(session, me, draft, draft.revision - 1, RENAMED)
    assert (draft.revision, draft.document) == before


def test_a_version_is_sealed_and_follows_the_one_before(
    session: Session, base: CodebookVersion, draft: CodebookVersion, me: Actor
) -> None:
    with pytest.raises(Conflict, match="la même chose que la version"):
        grid_drafts.publish(session, me, draft, draft.revision, "1.0.1")
    grid_drafts.change(session, me, draft, draft.revision, WORDED)
    assert grid_drafts.proposed(session, me, draft) == "1.0.1"
    for number, words in (("1.0.0", "déjà publiée"), ("deux", "trois nombres")):
        with pytest.raises(Invalid, match=words):
            grid_drafts.publish(session, me, draft, draft.revision, number)
    made = grid_drafts.publish(session, me, draft, draft.revision, "1.0.1", " Plus  clair. ")
    assert (made.state, made.version, made.migrations[0]["notes"]) == (
        "published",
        "1.0.1",
        "Plus clair.",
    )
    assert made.fingerprint == grids.book(made).fingerprint
    assert made.document["licence"] == base.document["licence"]
    assert grids.made_from(session, me, made) is not None


def test_a_published_grid_never_changes(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        key = factories.codebook(session, factories.council(session)).id
    with pytest.raises(grid_drafts.SealedError, match="document"):
        rewrite(runtime, key)


def rewrite(runtime: Runtime, key: uuid.UUID) -> None:
    with runtime.database.writing() as session:
        row = session.get_one(CodebookVersion, key)
        row.document = {**row.document, "titre": "Autre"}


def test_a_file_becomes_a_draft_that_follows_the_last_version(
    session: Session, base: CodebookVersion, me: Actor
) -> None:
    book = codebook.load()
    data = codebook_csv.write(book).replace("État du logement".encode(), b"Habitat")
    read = grid_files.read("grille-contrat-de-ville-1.0.0.csv", data)
    row = grid_drafts.begin_from_file(session, me, read.book)
    assert row.name == base.name
    with pytest.raises(Conflict, match="déjà un brouillon"):
        grid_drafts.begin_from_file(session, me, read.book)
    grid_drafts.change(session, me, row, row.revision, RENAMED)
    made = grid_drafts.publish(
        session, me, row, row.revision, grid_drafts.proposed(session, me, row)
    )
    become = grids.become(session, me, base, made)
    assert become["LOG1"] == ("LOG9",)
    assert grids.book(made).code("LOG9").label == "Habitat"


def test_files_of_a_version_say_the_same(
    session: Session, base: CodebookVersion, me: Actor, campaign: Campaign
) -> None:
    book = grids.book(base)
    assert parse(grid_files.export(session, me, base, "yaml")) == book
    assert grid_files.read("g.csv", grid_files.export(session, me, base, "csv")).book.themes == (
        book.themes
    )
    once = grid_files.export(session, me, base, "qdc", campaign)
    assert once == grid_files.export(session, me, base, "qdc", campaign)
    assert grid_files.read("g.qdc", once).book.themes == book.themes
    with pytest.raises(Invalid, match="« xls » n’existe pas"):
        grid_files.export(session, me, base, "xls")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("grille.pdf", b"", "n’est pas un fichier de grille"),
        ("grille.yaml", b"id: [", "ligne 1"),
        ("grille.yaml", b"- a", "des champs sont attendus"),
        ("grille.yaml", b"\xff", "UTF-8"),
        ("grille.yaml", b"a" * 400_001, "dépasse 400 ko"),
        ("grille.csv", b"code\n", "il manque la colonne"),
        ("grille.csv", b"code;theme;libelle;definition\nlog-1;log-1;a;b\n", "forme inattendue"),
        ("grille.csv", b"code;theme;libelle;definition\n", "champ « themes »"),
        ("grille.qdc", b"<!DOCTYPE a><a/>", "une déclaration"),
        ("", b"", "n’est pas un fichier de grille"),
    ],
)
def test_a_faulty_file_is_refused_in_french(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        grid_files.read(name, data)
    assert refusal.value.remedy


def test_too_large_a_grid_is_refused(session: Session, me: Actor, council: object) -> None:
    theme = codebook.load().themes[0]
    document = codebook_writer.document(codebook.load())
    one = document["themes"][0]["sous_themes"][0]
    letters = [f"{a}{b}" for a in "ABCDEFGHI" for b in "ABCDEFGHIJ"]
    document["themes"][0]["sous_themes"] = [
        {**one, "code": f"{pair}{rank}"} for pair in letters for rank in range(1, 10)
    ]
    assert theme.code == "LOG"
    book = grid_files.from_document(document)
    with pytest.raises(Invalid, match="plus de 800 codes"):
        grid_drafts.begin_from_file(session, me, book)
