"""What the interview's pages are made of: forms filled from drafts, steps, the last reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.adapt import entry_title
from questionnaires.answers import Checked
from questionnaires.model import NonResponse, Section, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import entries
from survey_app.domain import NotFound
from survey_app.models import Draft
from survey_app.services import answering, campaigns, collection, deposit
from survey_app.services.filling import Page, Spot, limit
from survey_app.web.collect.forms import ActionForm
from survey_app.web.filling.forms import (
    FRENCH,
    SectionForm,
    Wording,
    asked,
    known,
    section_form,
)
from survey_app.web.filling.listing import listing
from survey_app.web.filling.live import live
from survey_app.web.filling.posted import photo_addresses
from survey_app.web.filling.shown import Line, Reading, groups, left_out


def words_of(draft: Draft) -> dict[str, str]:
    """What fills the placeholders of the questionnaire's texts."""
    meeting = draft.meeting
    filled = campaigns.placeholders(meeting.campaign, meeting.neighbourhood)
    return filled | {"code_retrait": draft.withdrawal_code}


def reading(session: Session, draft: Draft, problems: Sequence[Problem] = ()) -> Reading:
    """What puts the draft's answers in words."""
    found = {problem.where: problem for problem in problems}
    return Reading(words_of(draft), collection.places(session, draft), found)


def form_of(session: Session, draft: Draft, here: Page, *, posted: bool = False) -> SectionForm:
    """The page's form with what was posted, else with what the draft holds."""
    shown = here.section.questions
    made = section_form(
        shown,
        words_of(draft),
        collection.places(session, draft),
        draft.language,
        photo_addresses(shown, here.answers),
    )
    if posted:
        return made(formdata=request.form)
    return made(formdata=None, data=known(here.answers) | {"seen": collection.stamp(draft)})


def neighbour(draft: Draft, section: str, step: int) -> str | None:
    """The section before or after, among those to ask; ``None`` past either end."""
    names = [item.name for item in collection.sections(draft)]
    place = names.index(section) + step if section in names else 0
    return names[place] if 0 <= place < len(names) else None


def address(draft: Draft, spot: Spot, anchor: str | None = None) -> str:
    """The address of a page to fill."""
    values: dict[str, Any] = {"draft_id": draft.id, "section": spot.section, "_anchor": anchor}
    if spot.entry is None:
        return url_for("collect.section", **values)
    return url_for("collect.entry", entry=spot.entry, **values)


def new_entry(draft: Draft, name: str) -> Spot:
    """One more entry of a repeated section; its list when it is full."""
    section = collection.questionnaire(draft).section(name)
    count = len(entries(section, draft.answers))
    return Spot(name, count + 1 if count < limit(section) else None)


def _steps(draft: Draft, name: str) -> dict[str, Any]:
    """Where a section stands among those to go through."""
    names = [item.name for item in collection.sections(draft)]
    step = names.index(name) + 1 if name in names else 1
    return {"step": step, "steps": len(names) + 1, "first": names[0] == name}


def render(
    session: Session, draft: Draft, spot: Spot, form: SectionForm, *, elsewhere: bool = False
) -> str:
    """The page of a section or of an entry. ``elsewhere``: also show what another tab saved."""
    here = answering.page(draft, spot)
    section = collection.questionnaire(draft).section(spot.section)
    heading = in_language(section.label, "fr")
    if spot.entry is not None:
        heading = entry_title(section, spot.entry)
    saved = reading(session, draft).lines(here.questions, here.answers) if elsewhere else []
    return render_template(
        "collect/section.html",
        draft=draft,
        spot=spot,
        back=url_for("collect.section", draft_id=draft.id, section=spot.section),
        heading=heading,
        said_heading=_said_heading(section, draft.language, spot.entry),
        form=form,
        questions=asked(form, here.section.questions, words_of(draft), draft.language, here),
        live=live(here),
        photos=any(question.type == "image" for question in here.section.questions),
        saved=saved,
        **_steps(draft, spot.section),
    )


def _said_heading(section: Section, language: str, entry: int | None = None) -> Wording | None:
    """The title of a part in the interview's language; ``None`` in French or untranslated."""
    labels = section.label if entry is None else section.repeat
    if language == FRENCH or not labels.get(language):
        return None
    said = labels[language] if entry is None else entry_title(section, entry, language)
    return Wording(language, said)


def render_entries(session: Session, draft: Draft, name: str, form: ActionForm) -> str:
    """The page of a repeated section: its entries, and one more."""
    whole = collection.questionnaire(draft)
    problems = collection.check(session, draft).problems

    def urls(rank: int, remove: bool) -> str:
        endpoint = "collect.remove" if remove else "collect.entry"
        return url_for(endpoint, draft_id=draft.id, section=name, entry=rank)

    return render_template(
        "collect/entries.html",
        draft=draft,
        form=form,
        heading=in_language(whole.section(name).label, "fr"),
        said_heading=_said_heading(whole.section(name), draft.language),
        listing=listing(whole, name, draft.answers, reading(session, draft, problems), urls),
        **_steps(draft, name),
    )


def entry_lines(session: Session, draft: Draft, spot: Spot) -> tuple[str, list[Line]]:
    """The title of an entry and all that it holds; `NotFound` when there is no such entry."""
    here = answering.page(draft, spot)
    section = collection.questionnaire(draft).section(spot.section)
    if spot.entry is None or spot.entry > len(entries(section, draft.answers)):
        raise NotFound()
    title = entry_title(section, spot.entry)
    return title, reading(session, draft).lines(here.section.questions, here.answers)


def render_review(session: Session, draft: Draft, form: ActionForm) -> str:
    """The last reading: every answer, what is wrong, what will be left out."""
    checked = collection.check(session, draft)
    told = reading(session, draft, checked.problems)
    whole = collection.questionnaire(draft)
    sections = collection.sections(draft)
    names = {section.name for section in sections}
    found = groups(whole, draft.answers, told)
    return render_template(
        "collect/review.html",
        draft=draft,
        form=form,
        groups=[group for group in found if group.section.name in names],
        address=lambda group: address(draft, Spot(group.section.name, group.entry)),
        problems=checked.problems,
        left_out=left_out(whole, checked.dropped, told),
        erase_wanted=checked.values.get(deposit.READ_BACK) == deposit.TO_ERASE,
        phrase_unheard=_unheard(draft, checked),
        on_paper=collection.on_paper(draft),
        steps=len(sections) + 1,
    )


def _unheard(draft: Draft, checked: Checked) -> bool:
    """Whether the phrase read back is not, line by line, among the words noted."""
    phrase = checked.values.get(deposit.PHRASE)
    if not isinstance(phrase, str) or isinstance(phrase, NonResponse):
        return False
    said, _ = answers.open_text(collection.questionnaire(draft), checked.values)
    return any(line.strip() not in said for line in phrase.splitlines())
