"""What the interview's pages are made of: forms filled from drafts, steps, the last reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from questionnaires import answers, library
from questionnaires.answers import Checked
from questionnaires.model import NonResponse, Question, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import is_empty, plain
from questionnaires.types import TYPES
from survey_app.models import Draft, Meeting, QuestionnaireVersion
from survey_app.services import campaigns, collection, deposit, intake
from survey_app.web.collect.fields import offered
from survey_app.web.collect.forms import (
    ActionForm,
    BeginForm,
    SectionForm,
    asked,
    known,
    section_form,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A question and its answer as a person reads them; ``words`` are the resident's own."""

    label: str
    answer: str
    words: bool
    problem: str = ""


def words_of(draft: Draft) -> dict[str, str]:
    """What fills the placeholders of the questionnaire's texts."""
    meeting = draft.meeting
    filled = campaigns.placeholders(meeting.campaign, meeting.neighbourhood)
    return filled | {"code_retrait": draft.withdrawal_code}


def offer(form: BeginForm, current: Sequence[Meeting]) -> None:
    """The open meetings, and the questionnaires of their campaigns; one choice is ticked."""
    form.meeting.choices = offered({str(row.id): meeting_label(row) for row in current})
    titles: dict[str, str] = {}
    for meeting in current:
        for version in meeting.campaign.questionnaires:
            found = intake.parsed(version)
            duration = in_language(found.duration, "fr")
            titles[str(version.id)] = f"{in_language(found.title, 'fr')} ({duration})"
    form.questionnaire.choices = offered(titles)
    form.meeting.data = form.meeting.data or (str(current[0].id) if len(current) == 1 else None)
    chosen = [meeting for meeting in current if str(meeting.id) == form.meeting.data]
    fitting = {str(version.id) for meeting in chosen or current for version in _fitting(meeting)}
    if not form.questionnaire.data and len(fitting) == 1:
        form.questionnaire.data = fitting.pop()


def _fitting(meeting: Meeting) -> list[QuestionnaireVersion]:
    """The questionnaires of the campaign that were written for the meeting's method."""
    return [
        version
        for version in meeting.campaign.questionnaires
        if intake.parsed(version).method.replace("-", "_") == meeting.method
    ]


def meeting_label(meeting: Meeting) -> str:
    place = meeting.place or meeting.neighbourhood.name
    return f"{place}, {meeting.held_on:%d/%m/%Y}" if meeting.held_on else place


def form_of(session: Session, draft: Draft, section: str, *, posted: bool = False) -> SectionForm:
    """The section's form with what was posted, else with what the draft holds."""
    shown = collection.questions(draft, section)
    made = section_form(shown, words_of(draft), collection.places(session, draft))
    if posted:
        return made(formdata=request.form)
    return made(formdata=None, data=known(draft.answers) | {"seen": collection.stamp(draft)})


def neighbour(draft: Draft, section: str, step: int) -> str | None:
    """The section before or after, among those to ask; ``None`` past either end."""
    names = [item.name for item in collection.sections(draft)]
    place = names.index(section) + step if section in names else 0
    return names[place] if 0 <= place < len(names) else None


def render(
    session: Session, draft: Draft, name: str, form: SectionForm, *, elsewhere: bool = False
) -> str:
    """The page of a section. ``elsewhere``: also show what another tab saved."""
    names = [item.name for item in collection.sections(draft)]
    whole = collection.questionnaire(draft)
    shown = collection.questions(draft, name)
    saved = lines(session, draft, shown) if elsewhere else []
    return render_template(
        "collect/section.html",
        draft=draft,
        title=in_language(whole.title, "fr"),
        section=whole.section(name),
        heading=in_language(whole.section(name).label, "fr"),
        form=form,
        questions=asked(form, shown, words_of(draft)),
        step=names.index(name) + 1 if name in names else 1,
        steps=len(names) + 1,
        first=names[0] == name,
        saved=saved,
    )


def render_review(session: Session, draft: Draft, form: ActionForm) -> str:
    """The last reading: every answer, what is wrong, what will be left out."""
    checked = collection.check(session, draft)
    problems = {item.where: item for item in checked.problems}
    whole = collection.questionnaire(draft)
    blocks = [
        (section, in_language(section.label, "fr"), lines(session, draft, questions, problems))
        for section in collection.sections(draft)
        if (questions := collection.questions(draft, section.name))
    ]
    asked_about = {question.name for question in whole.questions}
    left = [whole.question(n) for n in checked.dropped if n in asked_about and n not in problems]
    return render_template(
        "collect/review.html",
        draft=draft,
        form=form,
        blocks=blocks,
        problems=checked.problems,
        left_out=lines(session, draft, left),
        erase_wanted=checked.values.get(deposit.READ_BACK) == deposit.TO_ERASE,
        phrase_unheard=_unheard(draft, checked),
        steps=len(blocks) + 1,
    )


def _unheard(draft: Draft, checked: Checked) -> bool:
    """Whether the phrase read back is not, line by line, among the words noted."""
    phrase = checked.values.get(deposit.PHRASE)
    if not isinstance(phrase, str) or isinstance(phrase, NonResponse):
        return False
    said, _ = answers.open_text(collection.questionnaire(draft), checked.values)
    return any(line.strip() not in said for line in phrase.splitlines())


def lines(
    session: Session,
    draft: Draft,
    questions: Sequence[Question],
    problems: Mapping[str, Problem] | None = None,
) -> list[Line]:
    """Questions with the answers that the draft holds, notes left out."""
    places, words = collection.places(session, draft), words_of(draft)
    found = problems or {}
    return [
        Line(
            label=library.fill(in_language(question.label, "fr"), words),
            answer=_shown(question, draft.answers.get(question.name, ""), places),
            words=question.is_open and isinstance(draft.answers.get(question.name), str),
            problem=str(found[question.name]) if question.name in found else "",
        )
        for question in questions
        if not question.is_note
    ]


def _shown(question: Question, answer: object, places: Mapping[str, str]) -> str:
    """The answer in words; what could not be read is shown as it was typed."""
    value: Any = plain(answer)
    if is_empty(value):
        return ""
    if isinstance(value, NonResponse | list) or question.type in {"select_one", "scale", "place"}:
        return TYPES[question.type].show(question, value, "fr", places)
    return str(value)
