"""Question types: what a form posts, what is kept, what is refused and shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Choice, NonResponse, Question, in_language
from questionnaires.problems import AnswerError
from questionnaires.types import MAX_PLACE, MAX_TEXT, TYPES, WITH_CHOICES

CHOICES = (
    Choice("emploi", {"fr": "L’emploi", "en": "Work"}),
    Choice("sante", {"fr": "La santé"}),
    Choice("rien", {"fr": "Rien"}, exclusive=True),
)


def question(kind: str, **more: object) -> Question:
    choices = CHOICES if kind in WITH_CHOICES else ()
    return Question("q", kind, {"fr": "Une question ?"}, choices=choices, **more)


def read(kind: str, raw: str | list[str], **more: object) -> object:
    asked = question(kind, **more)
    value = TYPES[kind].parse(asked, raw)
    assert TYPES[kind].check(asked, value, None) == []
    return value


def refused(kind: str, raw: str | list[str]) -> tuple[str, str | None]:
    with pytest.raises(AnswerError) as caught:
        TYPES[kind].parse(question(kind), raw)
    problem = caught.value.problem
    assert problem.where == "q"
    assert "Rien n’est perdu." in str(problem)
    return problem.code, problem.offered


def codes(kind: str, value: str | list[str], places: dict[str, str] | None = None) -> list[str]:
    asked = question(kind, max_choices=2)
    return [problem.code for problem in TYPES[kind].check(asked, value, places)]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_text_is_kept_but_for_normalisation(text: str) -> None:
    text = text.replace("\ufffe", "").replace("\uffff", "")
    expected = unicodedata.normalize("NFC", text)
    assert TYPES["text"].parse(question("text"), text) == (expected if text.strip() else "")


@given(st.text(max_size=80))
def test_text_parse_is_stable_and_offers_what_it_would_accept(text: str) -> None:
    kind = TYPES["text"]
    try:
        value = kind.parse(question("text"), text)
    except AnswerError as error:
        offered = error.problem.offered
        value = kind.parse(question("text"), str(offered))
        assert value == offered or not str(offered).strip()
    assert kind.parse(question("text"), str(value)) == value
    assert "\r" not in str(value)


def test_text_keeps_line_feeds_bidi_and_emoji() -> None:
    assert read("text", "un\r\ndeux\rtrois\tquatre") == "un\ndeux\ntrois\tquatre"
    for words in ("حيّنا جميل \u200fplace\u200e", "👩🏽‍👧 ici", "e\u0301"):
        assert read("text", words) == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\uffff"])
def test_invisible_signs_are_refused_with_the_text_without_them(sign: str) -> None:
    assert refused("text", f"le{sign} banc") == ("control-characters", "le banc")


def test_offered_text_is_normalised_again() -> None:
    assert refused("text", "e\x00\u0301") == ("control-characters", "é")


def test_length_is_counted_in_code_points() -> None:
    assert len(str(read("text", "👍" * MAX_TEXT))) == MAX_TEXT
    assert codes("text", "a" * (MAX_TEXT + 1)) == ["too-long"]
    assert refused("text", "a" * (2 * MAX_TEXT + 1))[0] == "too-long"


def test_choices() -> None:
    assert read("select_one", ["emploi"]) == "emploi"
    assert read("select_one", "") == ""
    assert read("scale", ["", "sante"]) == "sante"
    assert read("select_multiple", ["sante", "emploi", "sante", ""]) == ["sante", "emploi"]
    assert read("select_multiple", "rien") == ["rien"]
    assert refused("select_one", ["emploi", "sante"])[0] == "several-answers"
    assert codes("select_one", "autre") == ["unknown-choice"]
    assert codes("select_multiple", ["emploi", "rien"]) == ["exclusive-choice"]
    three = codes("select_multiple", ["emploi", "sante", "x"])
    assert three == ["unknown-choice", "too-many-choices"]


def test_ranks_keep_their_order_and_no_answer_is_ranked_twice() -> None:
    assert read("rank", ["sante", " emploi", ""]) == ["sante", "emploi"]
    assert TYPES["rank"].parse(question("rank"), ["sante", "sante"]) == ["sante", "sante"]
    assert codes("rank", ["sante", "sante"]) == ["ranked-twice"]
    assert codes("rank", ["sante", "autre"]) == ["unknown-choice"]
    assert codes("rank", ["sante", "emploi", "x"]) == ["unknown-choice", "too-many-choices"]


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_integer_round_trip(number: int) -> None:
    assert read("integer", str(number)) == number
    grouped = f"{number:,}".replace(",", "\u202f")
    assert read("integer", grouped) == number


@pytest.mark.parametrize("raw", ["douze", "1.5", "٣", "9" * 13, "1e3"])
def test_not_an_integer(raw: str) -> None:
    assert refused("integer", raw)[0] == "not-a-number"


def test_empty_integer_and_date() -> None:
    assert (read("integer", " "), read("date", " ")) == ("", "")


@given(st.dates())
def test_both_ways_to_write_a_day(day: object) -> None:
    iso = str(day)
    year, month, number = iso.split("-")
    assert read("date", iso) == read("date", f"{int(number)}/{month}/{year}") == iso


@pytest.mark.parametrize("raw", ["31/02/2026", "2026-13-01", "demain", "20260101", "2026-W01-1"])
def test_not_a_date(raw: str) -> None:
    assert refused("date", raw)[0] == "not-a-date"


def test_place_is_a_sector_when_there_are_some() -> None:
    sectors = {"nord": "Secteur nord"}
    assert codes("place", "nord", sectors) == []
    assert codes("place", "12 rue des Lilas", sectors) == ["unknown-place"]
    assert codes("place", "la place") == []
    assert codes("place", "x" * (MAX_PLACE + 1)) == ["too-long"]


def test_note_takes_no_answer() -> None:
    assert read("note", ["", ""]) == ""
    assert refused("note", "bonjour")[0] == "note-answered"


@pytest.mark.parametrize(
    ("kind", "value", "language", "shown"),
    [
        ("text", "le banc", "fr", "le banc"),
        ("select_one", "emploi", "en", "Work"),
        ("select_one", "sante", "en", "La santé"),
        ("select_multiple", ["emploi", "autre"], "fr", "L’emploi, autre"),
        ("integer", 12, "fr", "12"),
        ("date", "2026-08-01", "fr", "1er août 2026"),
        ("date", "2026-08-12", "en", "2026-08-12"),
        ("place", "nord", "fr", "Secteur nord"),
        ("place", "ailleurs", "fr", "ailleurs"),
        ("text", NonResponse.DONT_KNOW, "ar", "لا أعرف"),
        ("scale", NonResponse.REFUSED, "fr", "Je ne veux pas répondre"),
    ],
)
def test_show(kind: str, value: object, language: str, shown: str) -> None:
    places = {"nord": "Secteur nord"}
    assert TYPES[kind].show(question(kind), value, language, places) == shown


def test_labels_fall_back() -> None:
    assert in_language({"ar": "نعم"}, "fr") == "نعم"
    assert in_language({}, "fr") == ""
