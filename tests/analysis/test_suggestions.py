"""Suggestions: the words that speak, a floor, what the grid leaves to another code."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import codebook, french
from analysis.codebook import fold
from analysis.keywords import inflections
from analysis.suggestions import FLOOR, MOST, suggest

BOOK = codebook.load()
KEYWORDS = sorted({lemma for code in BOOK.all_codes() for lemma in code.lemmas})
TOOLS = {fold(word) for word in french.stop_words()}
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
# The common themes of the shared texts, as codes of the grid.
THEMES = {
    "environnement": "REN CAD MOB", "emploi_economie": "EMP ECO", "cadre_de_vie": "CAD REN",
    "institutions_citoyennete": "CIT DRO", "education_jeunesse": "EDU", "culture": "CUL",
    "solidarite": "DRO LIE", "sport": "CUL", "sante": "SAN", "securite": "TRA",
    "transport": "MOB", "proprete": "CAD",
}  # fmt: skip


def codes(text: str) -> list[str]:
    return [one.code for one in suggest(text, BOOK)]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Les loyers montent, et l’ascenseur est en panne.", "LOG4", ("loyers", "ascenseur")),
        ("LES TRAVAUX durent", "REN3", ("travaux",)),
        ("le bus de 8 h", "MOB1", ("bus",)),
        ("la boite aux lettres est cassée", "LOG4", ("boite aux lettres",)),
        ("ils ne reparent rien", "CAD7", ("reparent",)),
        ("Je cherche un emploi", "EMP", ("emploi",)),
        ("la santé d’abord", "SAN", ("santé",)),
    ],
)
def test_the_first_suggestion_and_its_words(text: str, code: str, words: tuple[str, ...]) -> None:
    first = suggest(text, BOOK)[0]
    assert (first.code, first.words) == (code, words)


def test_an_expression_hides_the_words_inside_it() -> None:
    assert codes("le jardin partagé")[0] in ("CAD2", "LIE4")
    assert all(one.words == ("jardin partagé",) for one in suggest("le jardin partagé", BOOK))


def test_what_a_theme_leaves_to_another_says_nothing_for_it() -> None:
    assert codes("le bruit") == ["CAD6", "SAN5"]
    assert "TRA" not in {one.theme for one in suggest("le bruit sans cesse", BOOK)}
    assert codes("le relogement") == ["REN1"]
    assert codes("les poubelles") == ["CAD1"]


@pytest.mark.parametrize(
    "text", ["", "…", "Voilà, c’est tout.", "[PRÉNOM 1]", "car il est là", "oui"]
)
def test_nothing_is_suggested_below_the_floor(text: str) -> None:
    assert suggest(text, BOOK) == ()


def test_a_masked_passage_says_nothing() -> None:
    assert suggest("[LIEU 1] et [SANTÉ 2]", BOOK) == ()


@given(st.lists(st.sampled_from(KEYWORDS) | st.text(max_size=6), max_size=9))
def test_at_most_six_themes_each_once_and_words_that_were_said(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = suggest(text, BOOK)
    assert found == suggest(text, BOOK)
    assert len(found) <= MOST
    assert len({one.theme for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.score >= FLOOR
        assert BOOK.code(one.code).theme == one.theme
        assert one.words
        assert all(words in text.lower() for words in one.words)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_each_keyword_of_the_grid_is_found_as_it_is_written(keyword: str) -> None:
    holders = {c.theme for c in BOOK.all_codes() if keyword in c.lemmas}
    alone = {one.theme for one in suggest(keyword.upper(), BOOK, most=20)}
    assert alone & holders or fold(keyword) in TOOLS


def test_only_the_sentence_is_read() -> None:
    text = "Le bus passe. Le loyer monte."
    assert [one.code for one in suggest(text, BOOK, start=0, end=13)] == ["MOB1"]
    assert [one.code for one in suggest(text, BOOK, start=14)] == ["LOG2", "ECO3"]


def test_lemmas_find_what_forms_do_not() -> None:
    text = "On nous a prévenus la veille."
    tokens = french.annotate({"a": text})["a"]
    assert "CIT1" not in codes(text.replace("prévenus", "prévînt"))
    told = [replace_lemma(token) for token in tokens]
    assert [one.code for one in suggest("On nous prévînt hier.", BOOK, told)] == []
    held = [french.Token(8, 15, "prévenir", "VERB")]
    assert [one.code for one in suggest("On nous prévînt hier.", BOOK, held)] == ["CIT1"]


def replace_lemma(token: french.Token) -> french.Token:
    return token._replace(lemma="autre")


def test_a_reading_kept_for_a_text_is_read_again_without_the_model() -> None:
    text = {"a": "Le bus passe."}
    tokens, entry = french.annotate(text)["a"], french.entries(text)["a"]
    assert french.kept(entry, text["a"]) == tokens
    assert french.kept(entry, "Le bus passa.") == ()
    assert french.kept("", "Le bus passe.") == ()


def test_another_grid_is_read_as_it_is() -> None:
    kept = tuple(theme for theme in BOOK.themes if theme.code == "LOG")
    small = replace(BOOK, themes=kept)
    assert {one.theme for one in suggest("le loyer et le bus, la place", small)} == {"LOG"}


@given(st.sampled_from([fold(word) for word in KEYWORDS if " " not in word]))
def test_a_word_and_its_plural_are_among_its_inflections(word: str) -> None:
    assert word in inflections(word)
    assert word.endswith(("s", "x")) or word + "s" in inflections(word)


@pytest.mark.shared
def test_suggestions_on_labelled_contributions() -> None:
    """Measured: 42 % of the first suggestions and 60 % of the first six hold the right theme."""
    with (SHARED / "labelled_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["theme"]]
    first = six = 0
    for row in rows:
        wanted = set(THEMES[row["theme"]].split())
        themes = [one.theme for one in suggest(row["text"], BOOK)]
        first += bool(themes) and themes[0] in wanted
        six += bool(wanted & set(themes))
    print(f"\n{len(rows)} textes : {first / len(rows):.2f} au premier, {six / len(rows):.2f} à six")
    assert first / len(rows) > 0.38
    assert six / len(rows) > 0.55


def test_a_long_sentence_is_read_in_little_time_and_longer_words_still_win() -> None:
    started = time.perf_counter()
    assert suggest("boîte aux lettres, rue, boîte ! " * 3_000, BOOK)
    assert time.perf_counter() - started < 6
    said = [word for one in suggest("les boîtes aux lettres", BOOK) for word in one.words]
    assert said == ["boîtes aux lettres"]
