"""The shipped grid is whole; a faulty one is refused with its place; search ignores accents."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import CodebookError, fold, load, shipped
from analysis.codebook_file import parse

BOOK = load()
CODES = [code.code for code in BOOK.all_codes()]

GRID = """
id: essai
version: "2"
langue: fr
titre: Essai
themes:
- code: LOG
  libelle: Logement
  definition: Le logement.
  sous_themes:
  - {code: LOG1, libelle: État, definition: Son état., lemmes: [cafard, non, 1.0]}
codes_de_relecture:
- {code: AUT, libelle: Autre, definition: Autre chose.}
facettes:
- {id: kind, libelle: Nature, valeurs: [constat, vécu]}
regroupements:
- id: piliers
  libelle: Piliers
  groupes: {cadre: {libelle: Cadre, themes: [LOG]}}
"""


def test_the_shipped_grid_has_fourteen_themes_and_all_its_facets() -> None:
    assert len(BOOK.themes) == 14
    assert all(4 <= len(theme.codes) <= 8 for theme in BOOK.themes)
    assert [code.code for code in BOOK.special] == ["HOR", "AUT", "INC"]
    assert [facet.id for facet in BOOK.facets] == [
        "tonalite",
        "kind",
        "evolution",
        "echelle",
        "transversal",
        "axe_evaluation",
        "critere",
    ]
    assert [facet.id for facet in BOOK.facets if facet.multiple] == ["transversal"]
    assert "ressource" in BOOK.facet("kind").values


@pytest.mark.parametrize("code", ["SEN", "IDE", "SIG"])
def test_masking_categories_and_review_decisions_are_not_codes(code: str) -> None:
    assert code not in BOOK
    with pytest.raises(CodebookError, match=f"« {code} » n'existe pas"):
        BOOK.code(code)


def test_every_code_of_a_theme_leads_back_to_it() -> None:
    for theme in BOOK.themes:
        assert BOOK.theme_of(theme.code) is theme
        assert BOOK.code(theme.code).label == theme.label
        for code in theme.codes:
            assert BOOK.theme_of(code.code) is theme
            assert BOOK.code(code.code) is code
            assert code.definition
            assert code.example
            assert code.lemmas


def test_special_codes_have_no_theme_and_a_code_is_not_a_theme() -> None:
    assert BOOK.theme_of("AUT") is None
    with pytest.raises(CodebookError, match="n'est pas un thème"):
        BOOK.theme("LOG1")
    with pytest.raises(CodebookError, match="facette"):
        BOOK.facet("nature")


def test_each_theme_stands_in_one_pillar_of_2015() -> None:
    pillars = next(grouping for grouping in BOOK.groupings if grouping.id == "piliers_2015")
    placed = {theme: group.id for group in pillars.groups for theme in group.themes}
    assert placed == {theme.code: theme.pillar for theme in BOOK.themes}


def test_search_puts_labels_first_and_understands_several_words() -> None:
    assert BOOK.search("eclairage")[0].code == "CAD3"
    found = [code.code for code in BOOK.search("ascenseur hall")]
    assert found[0] == "LOG4"
    assert "TRA2" in found
    assert BOOK.search("log2")[0].code == "LOG2"
    assert [code.code for code in BOOK.search("  ")] == CODES
    assert BOOK.search("zzzz") == []
    assert BOOK.search("!") == []


@given(st.sampled_from(BOOK.all_codes()))
def test_searching_a_label_without_accents_finds_it_among_the_first(code) -> None:
    bare = "".join(
        c for c in unicodedata.normalize("NFD", code.label) if not "\u0300" <= c <= "\u036f"
    )
    for typed in (bare.upper(), code.label, unicodedata.normalize("NFD", code.label)):
        assert code in BOOK.search(typed)[:3]


@given(st.text(max_size=30))
def test_search_never_fails_and_ignores_case(words: str) -> None:
    assert set(BOOK.search(words)) <= set(BOOK.all_codes())
    assert fold(fold(words)) == fold(words)


def test_fold_joins_ligatures_and_accents() -> None:
    assert fold("Œuvre d'ÉTÉ çà") == "oeuvre d'ete ca"


def test_the_fingerprint_follows_content_and_not_layout() -> None:
    book = parse(GRID.encode())
    assert parse(("# note\n" + GRID).encode()).fingerprint == book.fingerprint
    assert parse(GRID.replace("Son état", "Son aspect").encode()).fingerprint != book.fingerprint
    assert book.code("LOG1").lemmas == ("cafard", "non", "1.0")
    assert book.code("AUT").theme == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("libelle: État, ", "", r"thème LOG, code LOG1 : le champ « libelle » manque"),
        ("libelle: État", 'libelle: " "', r"code LOG1 : .*« libelle » doit être un texte non vide"),
        (
            "lemmes: [cafard, non, 1.0]",
            "lemmes: cafard",
            r"LOG1 : .*« lemmes » doit être une liste",
        ),
        ("[cafard, non, 1.0]", "[[cafard]]", r"« lemmes » ne doit contenir que des textes"),
        ("lemmes:", "mots:", r"LOG1 : champ inconnu « mots »"),
        ("code: LOG1", "code: LOG", r"code « LOG » présent 2 fois"),
        ("code: AUT", "code: LOG1", r"code « LOG1 » présent 2 fois"),
        ("code: LOG1", "code: log-1", r"« code » a une forme inattendue \(« log-1 »\)"),
        (
            "themes: [LOG]",
            "themes: [CAD]",
            r"piliers, groupe cadre : le thème « CAD » n'existe pas",
        ),
        ("valeurs: [constat, vécu]", "valeurs: []", r"facette kind : .*au moins une valeur"),
        ("valeurs: [constat, vécu]", "valeurs: [a, a]", r"facette kind : valeur « a » présent 2"),
        ("libelle: Nature", "libelle: N, multiple: oui", r"« multiple » doit valoir true ou false"),
        (
            "titre: Essai",
            "titre: Essai\ntitre: Autre",
            r"ligne 6 : .*« titre » est écrit deux fois",
        ),
        ("langue: fr", "langue: en", r"« langue » doit valoir « fr »"),
        ("titre: Essai", "titre: [", r"ligne \d+ : la mise en forme YAML est fautive"),
        ("titre: Essai", "? [a]\n: b", r"un nom de champ doit être un mot"),
        ("groupes: {cadre", "groupes: [a] #", r"groupes : des champs sont attendus"),
    ],
)
def test_a_fault_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    assert GRID.count(old) == 1
    with pytest.raises(CodebookError, match=message):
        parse(GRID.replace(old, new).encode())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "en tête : des champs sont attendus"),
        (b"- a", "en tête : des champs sont attendus"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 5000, "trop profond"),
        (b" " * 2_000_001, "2 Mo"),
        (
            b"id: x\nlangue: fr\nversion: a\ntitre: b\nthemes: []",
            "« themes » doit être une liste non",
        ),
        (b"id: !!python/object:os.system x", "YAML"),
    ],
)
def test_a_hostile_file_is_refused_plainly(data: bytes, message: str) -> None:
    with pytest.raises(CodebookError, match=message):
        parse(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_grid_or_a_plain_refusal(data: bytes) -> None:
    with pytest.raises(CodebookError):
        parse(data)


def test_loading_names_the_file(tmp_path) -> None:
    path = tmp_path / "grille.yaml"
    with pytest.raises(CodebookError, match=r"grille\.yaml ne peut pas être lue"):
        load(path)
    path.write_text(GRID.replace("titre: Essai\n", ""), encoding="utf-8")
    with pytest.raises(CodebookError, match=r"Grille grille\.yaml, en tête : .*« titre » manque"):
        load(path)
    path.write_text(GRID, encoding="utf-8")
    assert load(path).title == "Essai"


def test_the_shipped_document_is_the_shipped_grid() -> None:
    """A council keeps this document: read back, it is the very same grid."""
    kept = json.dumps(shipped(), ensure_ascii=False)
    assert parse(kept.encode("utf-8")).fingerprint == load().fingerprint
