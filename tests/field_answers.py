"""Answers to any questionnaire: right, wrong, silent, torn or of no shape, for both checks."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from questionnaires.model import Question, Questionnaire, Section

SILENT = [{"non_response": "ne_sait_pas"}, {"non_response": "refus"}]
# Of no type, or of another question's, or on the edge of one.
ODD: list[Any] = [
    *(None, "", "  ", "\x1c\x85", "\ufeff", [], [""], [" ", ""], {}, True, 3, -1),
    *(10**12, -(10**14)),
    *("Le marché, le samedi.", "e\u0301te\u0301", "a\r\nb\rc", "sonne\x07", "\ud83d seul"),
    "👍🏽 oui",
    *("1 000", "\u202f12", "+5", "-0", "12.5", "٣", "0x10", "7" * 13, "01", "3"),
    *("2026-03-01", "31/01/2026", "1/2/2026", "2026-02-30", "29/02/2024", "29/02/2023"),
    "0000-01-01",
    *("0001-01-01", "2026-3-1", "18h30", "18 h 30", "24:00", "7h", "18:60", "09:05:59.5", "99"),
    *("2026-03-01T10:30", "31/01/2026 à 18h30", "2026-03-01", "T10:30", "2026-03-01T 9h"),
    *("01234567-89ab-cdef-0123-456789abcdef", "halles", "nulle part", "é" * 201, "x" * 100_001),
    *(["a", "a"], ["a", ""], ["a", "b"], [1], "non", "oui", "partie", "moins_15", "15_17"),
    "effacer",
    *({"non_response": "jamais"}, {"non_response": "refus", "x": 1}, SILENT[0], SILENT[1]),
]  # fmt: skip


def right(question: Question) -> st.SearchStrategy[Any]:
    """What the type of the question accepts, most often."""
    names = [choice.name for choice in question.choices]
    if question.type in {"select_multiple", "rank"}:
        return st.lists(st.sampled_from(names), max_size=4)
    if names:
        return st.sampled_from(names)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(-2, 40),
        "date": st.dates().map(str),
        "time": st.times().map(lambda hour: hour.strftime("%Hh%M")),
        "dateTime": st.datetimes().map(lambda moment: moment.strftime("%d/%m/%Y %H:%M")),
        "place": st.sampled_from(["halles", "gare"]),
        "image": st.uuids().map(str),
        "note": st.just(""),
    }
    return kinds.get(question.type, st.text(max_size=20).map(lambda text: "m" + text))


@st.composite
def of_questions(draw: st.DrawFn, questions: tuple[Question, ...]) -> dict[str, Any]:
    """An answer, or none, to each of these questions; right nine times out of ten."""
    given: dict[str, Any] = {}
    for question in questions:
        luck = draw(st.integers(0, 19))
        if luck < 14:
            given[question.name] = draw(right(question))
        elif luck < 16:
            given[question.name] = draw(st.sampled_from(SILENT))
        elif luck < 18:
            given[question.name] = draw(st.sampled_from(ODD))
        if luck == 17:
            given[question.name + "__nr"] = draw(st.sampled_from([*SILENT, "refus"]))
    return given


def _of_repeat(section: Section) -> st.SearchStrategy[Any]:
    entry = of_questions(section.questions)
    few = st.lists(entry | st.just({}), max_size=3)
    many = st.just([{}] * ((section.max_repeats or 200) + 1))
    return st.one_of(few, few, few, st.sampled_from(ODD), many)


@st.composite
def of_form(draw: st.DrawFn, whole: Questionnaire) -> dict[str, Any]:
    """Answers to a whole questionnaire, agreement given most often, and sometimes one too many."""
    given = draw(of_questions(whole.asked_once))
    if "accord_noter" in given and draw(st.integers(0, 3)):
        given["accord_noter"] = "oui"
    for section in whole.sections:
        if section.is_repeat and draw(st.booleans()):
            given[section.name] = draw(_of_repeat(section))
    extra = st.dictionaries(
        st.sampled_from(["inconnue", "toString", "é" * 90, "x__nr"]), st.sampled_from(ODD)
    )
    return given | (draw(extra) if draw(st.integers(0, 9)) == 0 else {})
