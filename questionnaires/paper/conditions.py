"""When a question of a paper form is asked, said with the numbers that the form prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from questionnaires import agreement, conditions
from questionnaires.conditions import Rule
from questionnaires.model import Question, Questionnaire, Section, in_language
from questionnaires.paper.words import Chrome

# A private-use sign stands for a label until its sentence is made: no text can be taken for it.
_MARK = "\ue000"
_QUOTED = re.compile(f"« {_MARK}([0-9]+) »")
_PREFIX = "Cette question est posée "


@dataclass(frozen=True, slots=True)
class Conditions:
    """Says the conditions of one form. ``numbers``: question name to the number printed."""

    questionnaire: Questionnaire
    numbers: Mapping[str, int]
    language: str
    chrome: Chrome

    def of_question(self, section: Section, question: Question) -> str:
        """When to ask it; the agreement is said only where it is being asked for."""
        if section.kind == "consent":
            return self.said(question.relevant)
        return self.said(self.own(question.relevant))

    def own(self, text: str) -> str:
        """The condition without the agreement that everything waits for."""
        return agreement.split(self.questionnaire, text)[1]

    def said(self, text: str) -> str:
        """The whole condition in one sentence; nothing when there is none."""
        if not text:
            return ""
        told = self._by_rules(text) if self.chrome.tests else ""
        return told or self._in_french(text)

    def _in_french(self, text: str) -> str:
        whole = conditions.sentence(text, self._numbered(), self.language)
        if not whole.startswith(_PREFIX):
            return whole
        short = whole.removeprefix(_PREFIX)
        return _QUOTED.sub(r"la question \1", f"Seulement {short}")

    def _numbered(self) -> Questionnaire:
        """The same questionnaire, each label being the number of its question."""

        def renamed(question: Question) -> Question:
            mark = f"{_MARK}{self.numbers.get(question.name, 0)}"
            return replace(question, label={self.questionnaire.default_language: mark})

        sections = tuple(
            replace(section, questions=tuple(renamed(item) for item in section.questions))
            for section in self.questionnaire.sections
        )
        return replace(self.questionnaire, sections=sections)

    def _by_rules(self, text: str) -> str:
        """The condition in the form's own language, where simple rules can say it."""
        agreed, own = agreement.split(self.questionnaire, text)
        found = conditions.from_expression(own)
        if found is None:
            return ""
        rules, join = found
        said = self.chrome.joins[join == "or"].join(self._rule(rule) for rule in rules)
        parts = [self.chrome.agreed] if agreed else []
        parts += [said] if said else []
        return self.chrome.only.format(said=self.chrome.joins[0].join(parts))

    def _rule(self, rule: Rule) -> str:
        choice = self.questionnaire.question(rule.question).choice(rule.value)
        value = in_language(choice.label, self.language) if choice else rule.value
        tests = self.chrome.tests or {}
        number = self.numbers.get(rule.question, 0)
        return tests[rule.test].format(number=number, value=value)
