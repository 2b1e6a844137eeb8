"""What a testimony begins with: the meeting, the questionnaire that fits, the language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from questionnaires.languages import LANGUAGES
from questionnaires.model import Questionnaire, in_language
from survey_app.models import Meeting, QuestionnaireVersion
from survey_app.services import intake, starting
from survey_app.web.collect.forms import BeginForm, PaperForm
from survey_app.web.filling.fields import offered


def offer(form: BeginForm, current: Sequence[Meeting]) -> None:
    """The open meetings, and the questionnaires of their campaigns; one choice is ticked."""
    form.meeting.choices = offered({str(row.id): meeting_label(row) for row in current})
    form.meeting.data = form.meeting.data or (str(current[0].id) if len(current) == 1 else None)
    chosen = [meeting for meeting in current if str(meeting.id) == form.meeting.data]
    _offer_questionnaires(form, current, chosen or current)


def offer_paper(form: PaperForm, meeting: Meeting) -> None:
    """The questionnaires of one meeting, to be copied from paper."""
    _offer_questionnaires(form, [meeting], [meeting])


def _offer_questionnaires(
    form: BeginForm | PaperForm, listed: Sequence[Meeting], likely: Sequence[Meeting]
) -> None:
    """Those of the ``listed`` meetings; one is ticked when only one fits the ``likely`` ones."""
    versions = {v.id: v for meeting in listed for v in starting.offered(meeting)}
    form.questionnaire.choices = offered(
        {str(key): questionnaire_label(intake.parsed(v)) for key, v in versions.items()}
    )
    fitting = {
        str(version.id)
        for meeting in likely
        for version in starting.offered(meeting)
        if starting.fits(version, meeting)
    }
    if not form.questionnaire.data and len(fitting) == 1:
        form.questionnaire.data = fitting.pop()
    form.language.choices = offered(_languages(versions.values()))


def _languages(versions: Iterable[QuestionnaireVersion]) -> dict[str, str]:
    """The languages that at least one of them speaks, French first."""
    found: dict[str, str] = {"fr": language_label("fr")}
    for whole in map(intake.parsed, versions):
        for code in whole.languages:
            draft = code in whole.unproofread
            named = language_label(code)
            found.setdefault(code, f"{named}, traduction à faire relire" if draft else named)
    return found


def languages_json(listed: Sequence[Meeting]) -> str:
    """The languages of each questionnaire by its id, for the page's script."""
    versions = (version for meeting in listed for version in starting.offered(meeting))
    return json.dumps({str(v.id): list(intake.parsed(v).languages) for v in versions})


def language_label(code: str) -> str:
    """« Arabe (العربية) »."""
    language = LANGUAGES.get(code)
    if language is None:
        return code
    french = language.french.capitalize()
    return french if code == "fr" else f"{french} ({language.own})"


def questionnaire_label(whole: Questionnaire) -> str:
    return f"{in_language(whole.title, 'fr')} ({in_language(whole.duration, 'fr')})"


def meeting_label(meeting: Meeting) -> str:
    place = meeting.place or meeting.neighbourhood.name
    return f"{place}, {meeting.held_on:%d/%m/%Y}" if meeting.held_on else place
