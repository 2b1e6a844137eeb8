"""Blank forms and withdrawal cards, read back from the PDF as somebody would."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from analysis.export.typography import french
from analysis.glyphs import FONT, drawable
from questionnaires import library, paper, versions
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.paper import items as paper_items
from questionnaires.paper import typeset
from questionnaires.paper.words import ARABIC, FRENCH

FACE = paper.Face(FONT.parent, drawable)
WORDS = paper.CardWords(
    "Conseil citoyen du Centre", "Centre Ville, Bédarieux", "31 décembre 2030", "dpo@exemple.fr"
)


def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def words_of(reader: PdfReader) -> str:
    """The text without spaces: where a line ends is the printer's business."""
    return squeezed("".join(page.extract_text() for page in reader.pages))


def placed(page: PageObject) -> list[tuple[float, str]]:
    """Where each piece of text begins, in points from the left edge, and what it says."""
    found: list[tuple[float, str]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, _size: Any) -> None:
        if text.strip():
            found.append((cm[0] * tm[4] + cm[2] * tm[5] + cm[4], text))

    page.extract_text(visitor_text=note)
    return found


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def form(*questions: Question, **fields: Any) -> Questionnaire:
    section = Section("partie", {"fr": "Partie"}, questions, **fields)
    empty = {"fr": "Pour essayer"}
    return Questionnaire("essai", "1.0.0", empty, empty, "fiche", empty, empty, (section,))


@pytest.mark.parametrize("name", library.names())
def test_every_question_of_the_library_is_on_paper(name: str) -> None:
    asked = library.load(name)
    reader = opened(paper.blank_form(asked, {}, {}, face=FACE))
    text = words_of(reader)
    for question in asked.questions:
        label = question.label["fr"]
        if ": {code_retrait}." in label:
            label = FRENCH.card_told + label.partition("{code_retrait}")[2]
        for piece in re.split(r"\{\w+\}", label):
            assert squeezed(piece) in text, question.name
        for choice in question.choices:
            assert squeezed(choice.label["fr"]) in text, (question.name, choice.name)
        hint = question.hint.get("fr", "").removeprefix(FRENCH.choose)
        assert squeezed(hint) in text
    assert "{" not in text
    identity = f"{asked.name}·{asked.version}·{versions.fingerprint(asked)[:8]}"
    assert text.count(identity) == len(reader.pages)
    assert f"page{len(reader.pages)}sur{len(reader.pages)}" in text
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == asked.title["fr"]


def test_the_arabic_form_is_arabic_from_right_to_left() -> None:
    asked = library.load("Q03-micro-trottoir")
    data = paper_items.sheet(asked, {}, {}, "ar")
    assert data["direction"] == "rtl"
    assert data["draft"] == ARABIC.draft
    reader = opened(paper.blank_form(asked, {}, {}, "ar", face=FACE))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    assert reader.metadata is not None
    assert reader.metadata.title == asked.title["ar"]
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("DejaVuSans" in font for font in fonts)
    first = reader.pages[0]
    boxes = [x for x, text in placed(first) if "☐" in text]
    assert boxes
    assert max(boxes) > float(first.mediabox.width) * 0.8  # boxes begin at the right margin


HOSTILE = "#let x = 1 *gras* _it_ $x^2$ @ref <label> [fin] \\ ~ https://a.fr/b // /* `code` ="


@pytest.mark.parametrize("text", [HOSTILE, "m" * 400, "- une liste\n= un titre", "ل" * 60])
def test_hostile_words_are_printed_as_they_are(text: str) -> None:
    asked = form(
        Question(
            "q", "select_one", {"fr": text}, hint={"fr": text}, choices=(Choice("a", {"fr": text}),)
        ),
        Question("n", "note", {"fr": text}),
    )
    reader = opened(paper.blank_form(asked, {}, {}, face=FACE))
    if text.isascii():
        assert words_of(reader).count(squeezed(text)) == 4
    pieces = [piece for page in reader.pages for piece in placed(page)]
    assert max(len(piece) for _, piece in pieces) < 150  # what one line can hold
    assert all(0 <= x < float(reader.pages[0].mediabox.width) for x, _ in pieces)


def test_a_question_longer_than_a_page_goes_on_the_next() -> None:
    long = " ".join(f"mot{rank}" for rank in range(1_500))
    choices = tuple(Choice(f"c{rank}", {"fr": f"Choix numéro {rank}"}) for rank in range(120))
    asked = form(
        Question("a", "text", {"fr": long}),
        Question("b", "select_multiple", {"fr": "Lesquels ?"}, choices=choices),
    )
    reader = opened(paper.blank_form(asked, {}, {}, face=FACE))
    text = words_of(reader)
    assert "mot1499" in text
    assert "Choixnuméro119" in text


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    asked = form(Question("q", "text", {"fr": text}))
    assert (
        len(opened(paper.blank_form(asked, {"quartier": text}, {"a": text}, face=FACE)).pages) == 1
    )


def test_french_spacing_is_the_caller_s() -> None:
    face = paper.Face(FONT.parent, french)
    asked = form(Question("q", "text", {"fr": "Pourquoi ?"}))
    raw = opened(paper.blank_form(asked, {}, {}, face=face)).pages[0].extract_text()
    assert "Pourquoi\u202f?" in raw or "Pourquoi\u00a0?" in raw or "Pourquoi ?" in raw


def test_the_same_form_is_the_same_file() -> None:
    asked = form(Question("q", "text", {"fr": "Q"}))
    assert paper.blank_form(asked, {}, {}, face=FACE) == paper.blank_form(asked, {}, {}, face=FACE)


def test_cards_carry_each_code_twice_and_what_it_is_for() -> None:
    codes = [f"AAAA-BBBB-{rank:04d}".replace("0", "Z").replace("1", "Y") for rank in range(11)]
    where = replace(WORDS, where="https://paroles.exemple.fr/retrait")
    reader = opened(paper.cards(codes, where, face=FACE))
    assert len(reader.pages) == 2
    text = words_of(reader)
    for code in codes:
        assert text.count(code) == 1
        assert text.count(code.replace("-", "")) == 1
    for said in ("Centre", "31décembre2030", "dpo@exemple.fr", "exemple.fr/retrait", "Talon"):
        assert text.count(said) >= len(codes)
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_cards_without_a_public_address_send_to_the_council() -> None:
    text = words_of(opened(paper.cards(["AAAA-BBBB-CCCC"], WORDS, face=FACE)))
    assert "auprèsduconseilcitoyen" in text


def test_long_words_on_a_card_stay_on_their_card() -> None:
    long = paper.CardWords(
        "C" * 300, "P" * 300, "31 décembre 2030", "x" * 300, "https://" + "a" * 200
    )
    reader = opened(paper.cards(["AAAA-BBBB-CCCC"] * 8, long, face=FACE))
    assert len(reader.pages) == 1


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="no limit of memory there")
def test_a_paper_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    long = [Question(f"a{rank}", "text", {"fr": "a\n" * 1500}) for rank in range(40)]
    monkeypatch.setattr(typeset, "MEMORY", 150_000_000)
    with pytest.raises(paper.TooHeavyError):
        paper.blank_form(form(*long), {}, {}, face=FACE)


def test_a_paper_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "SECONDS", 0.01)
    with pytest.raises(paper.TooHeavyError):
        paper.blank_form(form(Question("a", "text", {"fr": "Un mot ?"})), {}, {}, face=FACE)
