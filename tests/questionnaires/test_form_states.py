"""What a condition says of anything but the agreements and the age protects nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires import form_states, library
from questionnaires.form_states import Form
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.relevance import asked, settled
from questionnaires.safeguards import check
from tests.questionnaires.mutations import Mutation, before, both, condition

Q01 = library.load("Q01-entretien-individuel")
AGREED = "${accord_noter} = 'oui' and (${age} != 'moins_15' or ${accord_parent} = 'oui')"
IMAGE = (
    AGREED + " and ${age} != '' and ((${age} != 'moins_15' and ${age} != '15_17')"
    " or ${accord_parent_ecrit} = 'oui'"
)
ASKED = {"accord_noter", "age", "accord_parent"}


def gate(kind: str, *choices: str) -> Question:
    offered = tuple(Choice(name, {"fr": name}) for name in choices)
    return Question("porte", kind, {"fr": "La porte ?"}, relevant=AGREED, choices=offered)


# What opens the voice and the photo to a minor: each is true for an answer that is easy to give.
GATES: dict[str, tuple[Question, str]] = {
    "an order of dates": (gate("date"), "${porte} < '2030-01-01'"),
    "the length of a text": (gate("text"), "string-length(${porte}) > 20"),
    "the first answer given": (gate("text"), "coalesce(${porte}, '') = 'ouvre'"),
    "a sum": (gate("integer"), "${porte} * 7 = 91"),
    "a text read as a number": (gate("text"), "${porte} > 3"),
    "a count of choices": (gate("select_multiple", "a", "b", "c"), "count-selected(${porte}) = 2"),
    "two choices of three": (
        gate("select_multiple", "a", "b", "c"),
        "selected(${porte}, 'a') and selected(${porte}, 'b') and not(selected(${porte}, 'c'))",
    ),
    "one of many choices": (gate("select_one", *map(str, range(1, 12))), "${porte} >= 9"),
    "a day to come": (gate("text"), "today() >= '2026-12-01'"),
    "a place": (gate("place"), "string-length(${porte}) = 6"),
    "an hour": (gate("time"), "string-length(${porte}) = 5"),
    "the age read otherwise": (gate("text"), "string-length(${age}) = 5"),
    "an agreement counted": (gate("text"), "count-selected(${accord_noter}) = 1"),
    "a choice of its own": (gate("select_one", "a", "b"), "if(${porte} = 'a', true(), false())"),
}


def opened(by: str) -> Mutation:
    asking, text = GATES[by]
    relevant = f"{IMAGE} or ({text}))"
    return both(
        before("accord_voix", asking),
        condition("accord_voix", relevant),
        condition("accord_photo", relevant),
    )


@pytest.mark.parametrize("name", GATES)
def test_no_other_answer_opens_the_voice_and_the_photo_of_a_minor(name: str) -> None:
    found = {problem.where: str(problem) for problem in check(opened(name)(Q01))}
    for where in ("accord_voix", "accord_photo"):
        assert "avant 18 ans" in found[where]


def test_another_answer_may_close_what_the_agreements_open() -> None:
    asking, text = GATES["an order of dates"]
    relevant = f"{IMAGE}) and {text} and not(today() = '2026-12-01') and true()"
    safe = both(before("accord_voix", asking), condition("accord_voix", relevant))
    assert check(safe(Q01)) == []


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_every_real_situation_is_among_those_tried(data: st.DataObject) -> None:
    form = data.draw(
        st.sampled_from([Q01, library.load("Q14-emploi-developpement-economique")])
        | st.sampled_from(sorted(GATES)).map(lambda name: opened(name)(Q01))
    )
    tried = Form(form)
    answers = {item.name: data.draw(answer_to(item)) for _, item in tried.steps}
    given_ = {name: answer for name, answer in answers.items() if answer != ""}
    real = {item.name for items in asked(form, given_).values() for item in items}
    values = settled(form, given_)
    target = data.draw(st.sampled_from([item.name for _, item in tried.steps]))
    looked_at = tried.closure({target, *ASKED})
    known = {name: values.get(name) for name in looked_at & tried.known}
    assert any(
        state.asked == real & looked_at
        and {name: state.values.get(name) for name in known} == known
        for state in tried.states(looked_at)
    )


def answer_to(question: Question) -> st.SearchStrategy[object]:
    names = [choice.name for choice in question.choices]
    if question.type in ("select_multiple", "rank"):
        return st.lists(st.sampled_from(names), unique=True)
    if names:
        return st.sampled_from(["", *names])
    return st.sampled_from(["", "2026-01-01", "ouvre", "5", 13, "10:00", "halles", "x" * 30])


def gated(questions: int, gates: int, text: str) -> Questionnaire:
    """Many questions with the same condition: ``text`` of each gate, one or the other."""
    choices = tuple(Choice(name, {"fr": name}) for name in "abcdef")
    doors = [Question(f"g{n}", "select_one", {"fr": "g"}, choices=choices) for n in range(gates)]
    relevant = " and ".join(text.format(f"${{g{n}}}", f"${{g{n - 1}}}") for n in range(1, gates))
    late = [Question(f"x{n}", "text", {"fr": "x"}, relevant=relevant) for n in range(questions)]
    added = (
        Section("portes", {"fr": "Les portes"}, tuple(doors), relevant=AGREED),
        Section("suite", {"fr": "La suite"}, tuple(late), relevant=AGREED),
    )
    return replace(Q01, sections=(*Q01.sections[:-1], *added, Q01.sections[-1]))


def test_forty_questions_behind_four_gates_take_little_work() -> None:
    form = gated(40, 4, "({0} = 'a' or {1} = 'b')")
    assert check(form) == []
    tried = Form(form)
    assert sum(1 for _ in tried.states({"x0", *ASKED})) < 300


def test_what_mixes_too_much_is_said_once() -> None:
    found = check(gated(300, 8, "({0} = 'a' or {1} = 'b')"))
    assert [str(problem) for problem in found] == [
        "Les conditions de l’accord dépendent de trop de réponses. Simplifiez-les."
    ]
    wide = " and ".join(f"(${{aime}} = '{n}' or ${{manque}} = '{n}')" for n in range(9))
    found = check(condition("ajout", wide)(Q01))
    assert [problem.where for problem in found] == ["ajout", Q01.name]
    assert all("trop de réponses" in str(problem) for problem in found)
    assert check(condition("ajout", "${aime} =")(Q01))[0].code == "bad-questionnaire"


def test_the_work_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_states, "MAX_WORK", 1_000)
    assert "trop de réponses" in str(check(Q01))
