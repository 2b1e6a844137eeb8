"""Filling a questionnaire, whoever keeps the answers: an interview, a record, a preview.

Answers are kept as they were typed, right or wrong, by question name; under the name of a
repeated section stands the list of its entries. Nothing that somebody wrote is dropped because
it does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from questionnaires import answers
from questionnaires.adapt import entry_form
from questionnaires.answers import Checked
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.problems import Problem
from questionnaires.relevance import asked, entries, settled
from questionnaires.validation import MAX_ENTRIES
from survey_app.domain import Conflict, NotFound

Answers = dict[str, Any]
GetList = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one page stands in a questionnaire: a section, or one entry of a repeated section.

    ``entry`` counts from 1; one more than there are is a new one.
    """

    section: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What a posted page makes of the answers: all of them, the problems of the questions it
    showed, and the questions that its answers newly call for."""

    answers: Answers
    problems: tuple[Problem, ...] = ()
    opened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page to fill: the form it follows, the answers it edits and those around them."""

    form: Questionnaire
    section: Section
    answers: Mapping[str, Any]
    outer: Mapping[str, object] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions to ask now, notes included."""
        return asked(self.form, self.answers, outer=self.outer).get(self.section.name, ())


def page(whole: Questionnaire, kept: Mapping[str, Any], spot: Spot) -> Page:
    """The page at a spot; `NotFound` when that section or entry is not to be filled now."""
    found = next((item for item in whole.sections if item.name == spot.section), None)
    if found is None or found.name not in asked(whole, kept):
        raise NotFound()
    if not found.is_repeat:
        if spot.entry is not None:
            raise NotFound()
        return Page(whole, found, kept)
    given = entries(found, kept)
    if spot.entry is None or not 1 <= spot.entry <= min(len(given) + 1, limit(found)):
        raise NotFound()
    form = entry_form(whole, found.name)
    entry = given[spot.entry - 1] if spot.entry <= len(given) else {}
    return Page(form, form.sections[0], entry, settled(whole, kept))


def limit(section: Section) -> int:
    """How many entries a repeated section may have."""
    return section.max_repeats or MAX_ENTRIES


def save(
    whole: Questionnaire,
    kept: Mapping[str, Any],
    spot: Spot,
    getlist: GetList,
    places: Mapping[str, str],
    shown: Collection[str] | None = None,
) -> Filled:
    """What the answers become once a page is posted; ``kept`` itself is not changed.

    ``shown`` names the questions that the page displayed, when a script opened or closed some.
    """
    here = page(whole, kept, spot)
    name = here.section.name
    checked = answers.parse_form(
        here.form, name, getlist, answers.from_json(here.answers), places, outer=here.outer
    )
    inside = {question.name for question in here.section.questions}
    before = {question.name for question in here.questions}
    seen = before if shown is None else inside & set(shown)
    merged = _merged(here.answers, seen, checked)
    after = answers.relevant_questions(here.form, name, merged, outer=here.outer)
    return Filled(
        answers=merged if spot.entry is None else _with_entry(whole, kept, spot, merged),
        problems=tuple(item for item in checked.problems if item.where in seen),
        opened=tuple(question.name for question in after if question.name not in seen),
    )


def without_entry(kept: Mapping[str, Any], whole: Questionnaire, spot: Spot) -> Answers:
    """The answers once an entry is removed; `NotFound` when there is no such entry."""
    page(whole, kept, spot)
    given = list(entries(whole.section(spot.section), kept))
    if spot.entry is None or spot.entry > len(given):
        raise NotFound()
    del given[spot.entry - 1]
    return {**kept, spot.section: given}


def refuse_stale(seen: str, stamp: str) -> None:
    """Raise `Conflict` when what is kept was saved since the page was shown."""
    if seen != stamp:
        raise Conflict(
            "Ces réponses ont été enregistrées entre-temps, sans doute dans un autre onglet.",
            "Vos mots sont encore dans la page, pas encore enregistrés. "
            "Comparez, puis enregistrez si vous voulez les garder.",
        )


def _with_entry(
    whole: Questionnaire, kept: Mapping[str, Any], spot: Spot, entry: Answers
) -> Answers:
    """The answers with this entry in its place; an empty one is not added."""
    listed = list(entries(whole.section(spot.section), kept))
    rank = (spot.entry or len(listed) + 1) - 1
    if entry or rank < len(listed):
        listed[rank : rank + 1] = [entry]
    return {**kept, spot.section: listed}


def _merged(known: Mapping[str, Any], shown: Collection[str], checked: Checked) -> Answers:
    """The answers once those of the questions shown are what the form says."""
    given = answers.to_json({**checked.dropped, **checked.values})
    # An absence of answer ticked beside an answer waits with it, until one of them is taken back.
    names = set(shown) | {name + answers.NON_RESPONSE_SUFFIX for name in shown}
    kept = {name: value for name, value in known.items() if name not in names}
    return kept | {name: value for name, value in given.items() if name in names}
