"""What a questionnaire may say, and in which languages: one rule, wherever the text comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaires import editing, library, xlsform
from questionnaires.languages import is_code, translate
from questionnaires.model import Labels, Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.validation import verify
from questionnaires.values import MAX_LABEL
from questionnaires.xlsform.columns import language_code
from tests.questionnaires.mutations import edited, sectioned

Q03 = library.load("Q03-micro-trottoir")
NAME = next(item.name for item in Q03.questions if item.is_open)
BAD = {
    "a zero": "a\x00b",
    "an escape": "a\x1bb",
    "no sign at all": "a\uffffb",
    "half a pair": "a\ud800b",
    "endless": "a\n" * (MAX_LABEL // 2 + 1),
}


def said(text: str) -> Labels:
    return {**Q03.question(NAME).label, "fr": text}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_text_that_no_file_can_hold_is_refused_everywhere(text: str) -> None:
    for field, wrong in (("label", said(text)), ("hint", {"fr": text}), ("probes", (said(text),))):
        found = verify(edited(NAME, **{field: wrong})(Q03))
        assert [problem.where for problem in found] == [NAME], field
        assert f"« {NAME} »" in found[0].message
    found = verify(sectioned(Q03.sections[1].name, label={"fr": text})(Q03))
    assert [problem.where for problem in found] == [Q03.sections[1].name]
    with pytest.raises(QuestionnaireError, match="Rien n’a été changé"):
        editing.change_question(Q03, NAME, label=text)
    with pytest.raises(QuestionnaireError, match=NAME):
        translate(Q03, "ar", {f"question:{NAME}": text})


def test_the_longest_text_and_the_line_ends_of_a_browser_are_fine() -> None:
    assert verify(edited(NAME, label=said("a" * MAX_LABEL))(Q03)) == []
    new = editing.change_question(Q03, NAME, label="Un.\r\nDeux.")
    assert new.question(NAME).label["fr"] == "Un.\nDeux."
    new = translate(Q03, "tr", {f"question:{NAME}": "Bir.\r\nIki."})
    assert new.question(NAME).label["tr"] == "Bir.\nIki."


CODES = {"fr": True, "shi": True, "pt-BR": True, "zh-Hant": True, "FR": False, "zh-Hant-TW": False}
CODES |= {"en-GB-oed": False, "f": False, "fr-F": False, "../ar": False, "ar\n": False, "": False}


def spoken(code: str) -> Questionnaire:
    """Q03 with its title in one more language."""
    return replace(Q03, title={**Q03.title, code: "Titre"})


@pytest.mark.parametrize(("code", "right"), CODES.items())
def test_one_rule_says_what_a_language_is(code: str, right: bool) -> None:
    assert is_code(code) is right
    refused = [problem for problem in verify(spoken(code)) if problem.code == "bad-language"]
    assert bool(refused) is not right
    if right:
        assert translate(Q03, code, {"title": "Titre"}).title[code] == "Titre"
        assert language_code(f"Langue ({code})") == code
        return
    assert "deux ou trois lettres" in refused[0].remedy
    with pytest.raises(QuestionnaireError, match="n’est pas un code de langue"):
        translate(Q03, code, {"title": "Titre"})


def test_a_workbook_says_what_to_write_for_a_language() -> None:
    assert language_code("Français (FR)") == "fr"
    assert language_code("中文 (zh-Hant-TW)") is None
    found = xlsform.read(xlsform.write(spoken("zh-Hant-TW")), "essai.xlsx")
    assert found.questionnaire is None
    assert "(pt-BR)" in str(found.refusals[0])
