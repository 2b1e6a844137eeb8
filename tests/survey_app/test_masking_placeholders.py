"""Placeholders as pure text: nothing but the chosen words changes, whatever the script."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_app.domain import Invalid
from survey_app.services import placeholders
from survey_app.services.placeholders import CATEGORIES, Span

ALPHABET = "aAbéÉe\u0301 \n-'’.ßœ😀\u200d👩🏽1_אבم\u202eक़ि[]"
TEXTS = st.text(alphabet=st.sampled_from(ALPHABET) | st.characters(codec="utf-8"), max_size=60)
CATEGORY = st.sampled_from(sorted(CATEGORIES))


@st.composite
def covered(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and some spans of it that do not overlap."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if pair[0] < pair[1]]
    return text, [Span(start, end, draw(CATEGORY)) for start, end in pairs]


@given(covered())
def test_what_is_not_masked_is_untouched(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    masked, placed = placeholders.preview(text, spans)
    rest, at = masked, 0
    for item in placed:
        before = text[at : item.span.start]
        assert rest.startswith(before + item.placeholder)
        assert item.words == text[item.span.start : item.span.end]
        rest = rest[len(before + item.placeholder) :]
        at = item.span.end
    assert rest == text[at:]


@given(covered())
def test_masking_again_with_nothing_changes_nothing(case: tuple[str, list[Span]]) -> None:
    masked, _ = placeholders.preview(*case)
    assert placeholders.preview(masked, []) == (masked, ())
    assert placeholders.preview(*case)[0] == masked


@given(covered())
def test_same_words_same_number_and_others_another(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    names: dict[tuple[str, str], str] = {}
    for item in placeholders.place(text, spans):
        key = (item.span.category, placeholders.fold(item.words) or item.words)
        assert names.setdefault(key, item.placeholder) == item.placeholder
    assert len(set(names.values())) == len(names)


@given(st.lists(covered(), min_size=1, max_size=4))
def test_parts_lead_back_to_the_same_answers(cases: list[tuple[str, list[Span]]]) -> None:
    text, spans, parts = "", [], []
    for name, (answer, inside) in enumerate(cases):
        text += "\n\n" if text else ""
        at = len(text)
        spans += [Span(span.start + at, span.end + at, span.category) for span in inside]
        parts.append({"question": f"q{name}", "start": at, "end": at + len(answer)})
        text += answer
    masked, placed = placeholders.preview(text, spans)
    shifted = placeholders.shift(parts, placed)
    assert [part["question"] for part in shifted] == [part["question"] for part in parts]
    for before, after in zip(parts, shifted, strict=True):
        inside = [item for item in placed if before["start"] <= item.span.start < before["end"]]
        expected = text[before["start"] : before["end"]]
        for item in reversed(inside):
            start, end = item.span.start - before["start"], item.span.end - before["start"]
            expected = expected[:start] + item.placeholder + expected[end:]
        assert masked[after["start"] : after["end"]] == expected


@given(TEXTS, st.text(alphabet=ALPHABET, min_size=1, max_size=4), CATEGORY)
@example("ba a a", "a a", "AUTRE")
@example("Cafe\u0301 CAFÉ café", "cafe", "LIEU")
@example("Nom, nom", "nom", "NOM")
def test_masked_everywhere_leaves_none(text: str, words: str, category: str) -> None:
    if not placeholders.fold(words):
        with pytest.raises(Invalid):
            placeholders.everywhere(text, words, category)
        return
    masked, _ = placeholders.preview(text, placeholders.everywhere(text, words, category))
    assert placeholders.everywhere(masked, words, category) == ()


def test_everywhere_is_whole_words_whatever_case_and_accents() -> None:
    text = "Éloïse, ELOISE et l’Eloi\u0308se. Éloïsette non. Jean-éloïse oui."
    spans = placeholders.everywhere(text, "éloïse", "PRÉNOM")
    masked, placed = placeholders.preview(text, spans)
    assert masked == ("[PRÉNOM 1], [PRÉNOM 1] et l’[PRÉNOM 1]. Éloïsette non. Jean-[PRÉNOM 1] oui.")
    assert len(placed) == 4


DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d \u00a0\u202f"
QUOTES = "'\u2019\u02bc\u00b4`\u2018\u2032\uff07"
OTHER = st.text(alphabet="zw é.,\n\u0301😀", max_size=8)


@given(st.sampled_from(DASHES), st.sampled_from(DASHES), OTHER, OTHER)
def test_a_dash_is_any_dash_or_a_space_and_offsets_hold(
    written: str, typed: str, before: str, after: str
) -> None:
    name = f"Jean{written}Pierre"
    text = f"{before} {name}, {after}"
    (found,) = placeholders.everywhere(text, f"jean{typed}pierre", "PRÉNOM")
    assert text[found.start : found.end] == name


@given(st.sampled_from(QUOTES), st.sampled_from(QUOTES), OTHER, OTHER)
def test_an_apostrophe_is_any_of_its_signs_and_offsets_hold(
    written: str, typed: str, before: str, after: str
) -> None:
    name = f"d{written}Angelo"
    text = f"{before} {name}, {after}"
    for words, kept in ((f"D{typed}angelo", name), ("angelo", "Angelo")):
        (found,) = placeholders.everywhere(text, words, "NOM")
        assert text[found.start : found.end] == kept


def test_a_name_cut_at_its_dash_is_found_and_a_list_of_names_is_not() -> None:
    text = "Jean-\nPierre parle. Jean\n- Pierre. Jean–Pierrette. JEAN PIERRE !"
    masked, _ = placeholders.preview(text, placeholders.everywhere(text, "Jean-Pierre", "PRÉNOM"))
    assert masked == "[PRÉNOM 1] parle. Jean\n- Pierre. Jean–Pierrette. [PRÉNOM 1] !"


def test_everywhere_follows_a_name_cut_by_a_line_but_not_by_two_answers() -> None:
    text = "Amina\nSaïdi habite ici. Amina  Saïdi.\n\nAmina\n\nSaïdi"
    spans = placeholders.everywhere(text, "amina saidi", "NOM")
    assert [text[span.start : span.end] for span in spans] == ["Amina\nSaïdi", "Amina  Saïdi"]


def test_numbers_follow_appearance_by_category_and_skip_those_already_written() -> None:
    text = "[PRÉNOM 4] dit à Karima et à Paul, puis à KARIMA, rue Noire."
    spans = [
        Span(start, start + len(words), category)
        for words, category in (
            ("KARIMA", "PRÉNOM"), ("Paul", "PRÉNOM"),
            ("Karima", "PRÉNOM"), ("rue Noire", "ADRESSE"),
        )
        for start in [text.index(words)]
    ]  # fmt: skip
    masked, _ = placeholders.preview(text, spans)
    assert masked == "[PRÉNOM 4] dit à [PRÉNOM 5] et à [PRÉNOM 6], puis à [PRÉNOM 5], [ADRESSE 1]."


@pytest.mark.parametrize(
    ("text", "picked", "expected"),
    [
        ("e\u0301le\u0300ve", (0, 1), "e\u0301"),
        ("a👩🏽\u200d🏫b", (1, 2), "👩🏽\u200d🏫"),
        ("  Karima  ", (0, 10), "Karima"),
        ("ai\u0308e", (2, 4), "i\u0308e"),
    ],
)
def test_a_selection_never_cuts_a_letter(text: str, picked: tuple[int, int], expected: str) -> None:
    start, end = placeholders.snap(text, *picked)
    assert text[start:end] == expected


@pytest.mark.parametrize("picked", [(3, 3), (-1, 2), (0, 99), (5, 2), (2, 3)])
def test_an_empty_or_outside_selection_is_refused(picked: tuple[int, int]) -> None:
    with pytest.raises(Invalid):
        placeholders.snap("ab cd", *picked)


def test_overlaps_and_unknown_categories_are_refused() -> None:
    with pytest.raises(Invalid, match="déjà masquée"):
        placeholders.place("Karima", [Span(0, 4, "NOM"), Span(2, 6, "PRÉNOM")])
    with pytest.raises(Invalid, match="catégorie"):
        placeholders.place("Karima", [Span(0, 4, "RELIGION")])
