"""When a question or a part is asked, said with lists: which answer, which test, which value."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request

from questionnaires import conditions
from questionnaires.conditions import Join, Rule
from questionnaires.model import Question, Questionnaire, Section, in_language
from questionnaires.problems import QuestionnaireError
from questionnaires.types import WITH_CHOICES
from survey_app.domain import NotFound
from survey_app.models import QuestionnaireDraft
from survey_app.security import access
from survey_app.services import questionnaire_gestures as gestures
from survey_app.services.questionnaire_gestures import QUESTION
from survey_app.web.questionnaires.blueprint import bp, changed, opened, status_of, to_editor
from survey_app.web.questionnaires.forms import ConditionForm

KEEP, ALWAYS = "keep", "always"
ROWS, MOST_ROWS = 3, 20
TESTS = {
    "is": "est",
    "is_not": "n’est pas",
    "contains": "contient",
    "contains_not": "ne contient pas",
    "answered": "a une réponse",
    "not_answered": "n’a pas de réponse",
    "at_least": "est au moins",
    "at_most": "est au plus",
}
WHEN = {
    "question": "Choisissez quand poser la question, ou videz la ligne.",
    "partie": "Choisissez quand montrer la partie, ou videz la ligne.",
}
"""Said when « toujours » is ticked above a question picked just now, by kind of piece."""

WITHOUT_VALUE = ("answered", "not_answered")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the builder: what is chosen, and what can be chosen then."""

    rank: int
    rule: Rule
    question: Question | None
    tests: dict[str, str]
    values: dict[str, str]

    @property
    def needs_value(self) -> bool:
        return self.question is not None and self.rule.test not in WITHOUT_VALUE


@bp.route(
    "/brouillons/<uuid:questionnaire_id>/condition/<any(question, partie):kind>/<name>",
    methods=["GET", "POST"],
)
@access("questionnaire.manage")
def condition(questionnaire_id: uuid.UUID, kind: str, name: str) -> Any:
    """The condition of a question or of a part, built without knowing any language."""
    row, whole = opened(questionnaire_id)
    known = whole.questions if kind == QUESTION else whole.sections
    if name not in {item.name for item in known}:
        raise NotFound()
    piece = _piece(whole, kind, name)
    own = gestures.own_condition(whole, kind, name)
    found = conditions.from_expression(own)
    readable = gestures.readable(whole, kind, name)
    form = ConditionForm(data={"revision": row.revision, "join": _join(own, found)})
    form.offer(_joins(kind, too_rich=found is None))
    rules = _posted_rules(readable) if request.method == "POST" else (found[0] if found else ())
    saving = form.validate_on_submit() and request.form.get("go") == "save"
    if saving and form.join.data == ALWAYS and rules and (found is None or rules != found[0]):
        form.join.errors = [*form.join.errors, WHEN[kind]]
    elif saving and (form.join.data == KEEP or _saved(row, form, kind, name, rules)):
        flash("La condition est enregistrée.", "success")
        return to_editor(row, f"{kind}-{name}")
    page = render_template(
        "questionnaires/condition.html",
        row=row,
        kind=kind,
        name=name,
        label=in_language(piece.label, "fr"),
        form=form,
        sentence=conditions.sentence(own, whole, subject=_subject(kind)),
        draft_sentence=_draft_sentence(whole, form, kind, rules),
        too_rich=found is None,
        lines=_lines(rules, readable),
        readable=[(item.name, _called(item)) for item in readable],
        data=_data(readable),
    )
    return page, status_of(form)


def _piece(whole: Questionnaire, kind: str, name: str) -> Question | Section:
    """What the condition is for; the agreement's own conditions are not changed here."""
    section = gestures.section_of(whole, name) if kind == QUESTION else whole.section(name)
    if section.kind == "consent":
        raise NotFound()
    return whole.question(name) if kind == QUESTION else section


def _subject(kind: str) -> str:
    return "Cette question" if kind == QUESTION else "Cette partie"


def _joins(kind: str, *, too_rich: bool) -> dict[str, str]:
    kept = {KEEP: "Garder la condition écrite ci-dessus"} if too_rich else {}
    return kept | {
        ALWAYS: f"{_subject(kind)} est posée toujours",
        "and": "Si toutes ces conditions sont vraies",
        "or": "Si l’une au moins de ces conditions est vraie",
    }


def _join(own: str, found: tuple[tuple[Rule, ...], Join] | None) -> str:
    if found is None:
        return KEEP
    return found[1] if own else ALWAYS


def _posted_rules(readable: tuple[Question, ...]) -> tuple[Rule, ...]:
    """The lines that name a question, as they were typed; a test that cannot be is the usual."""
    known = {item.name: conditions.fitting_tests(item) for item in readable}
    rules = []
    for rank in range(1, MOST_ROWS + 1):
        question = request.form.get(f"question-{rank}", "")
        if question in known:
            test = request.form.get(f"test-{rank}", "")
            test = test if test in known[question] else known[question][0]
            value = request.form.get(f"value-{rank}", "").strip()
            rules.append(Rule(question, test, "" if test in WITHOUT_VALUE else value))
    return tuple(rules)


def _saved(
    row: QuestionnaireDraft, form: ConditionForm, kind: str, name: str, rules: tuple[Rule, ...]
) -> bool:
    kept = () if form.join.data == ALWAYS else rules
    if form.join.data != ALWAYS and not rules:
        form.join.errors = [*form.join.errors, "Choisissez au moins une question à lire."]
        return False
    join: Join = "or" if form.join.data == "or" else "and"
    return changed(row, form, lambda old: gestures.conditioned(old, kind, name, kept, join))


def _draft_sentence(
    whole: Questionnaire, form: ConditionForm, kind: str, rules: tuple[Rule, ...]
) -> str:
    """What the lines on the screen would say, once they are whole."""
    if form.join.data not in {"and", "or"} or not rules:
        return ""
    try:
        text = conditions.to_expression(whole, rules, form.join.data)
    except QuestionnaireError:
        return ""
    return conditions.sentence(text, whole, subject=_subject(kind))


def _lines(rules: tuple[Rule, ...], readable: tuple[Question, ...]) -> list[Line]:
    """A line for each rule, then empty ones: three lines at least, one more when asked."""
    known = {item.name: item for item in readable}
    there = sum(f"question-{rank}" in request.form for rank in range(1, MOST_ROWS + 1))
    count = max(ROWS, len(rules), there + (request.form.get("go") == "add"))
    rows = [*rules, *[Rule("", "")] * (min(count, MOST_ROWS) - len(rules))]
    return [_line(rank, rule, known.get(rule.question)) for rank, rule in enumerate(rows, 1)]


def _line(rank: int, rule: Rule, asked: Question | None) -> Line:
    if asked is None:
        return Line(rank, Rule("", ""), None, {}, {})
    tests = {test: TESTS[test] for test in conditions.fitting_tests(asked)}
    test = rule.test if rule.test in tests else next(iter(tests))
    return Line(rank, Rule(rule.question, test, rule.value), asked, tests, _values(asked))


def _values(asked: Question) -> dict[str, str]:
    if asked.type not in WITH_CHOICES:
        return {}
    return {choice.name: in_language(choice.label, "fr") for choice in asked.choices}


def _called(asked: Question) -> str:
    """A label short enough for a list."""
    label = " ".join(in_language(asked.label, "fr").split())
    return label if len(label) <= 90 else f"{label[:89].rstrip()}…"


def _data(readable: tuple[Question, ...]) -> str:
    """What the script needs to change the lists at once: by question, its tests and values."""
    return json.dumps(
        {
            item.name: {
                "tests": [[test, TESTS[test]] for test in conditions.fitting_tests(item)],
                "values": [[name, label] for name, label in _values(item).items()],
                "type": item.type,
            }
            for item in readable
        },
        ensure_ascii=False,
    )
