"""A questionnaire as a sheet of paper asks it: plain data that the template prints in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from questionnaires.adapt import MEETING, entry_title
from questionnaires.languages import direction
from questionnaires.library import PLACEHOLDERS, fill
from questionnaires.model import (
    NON_RESPONSE_LABELS,
    RECORD,
    TESTIMONY,
    Labels,
    Question,
    Questionnaire,
    Section,
    in_language,
)
from questionnaires.paper.conditions import Conditions
from questionnaires.paper.words import CHROMES, FRENCH, Chrome
from questionnaires.types import OPEN_FIELD_WARNING, Places

Item = dict[str, Any]

DOTS = "…" * 12
"""Where a hand writes what the campaign does not say yet."""

LINES, LINES_OF_AN_ENTRY = 5, 3
"""Ruled lines under an open question; fewer where it is asked again and again, or is short."""

ENTRIES, MOST_ENTRIES = 3, 6
"""Copies of a repeated section: three unless it says how many, never more than six."""

CELLS: Mapping[str, list[int]] = {
    "integer": [5],
    "date": [2, 2, 4],
    "time": [2, 2],
    "dateTime": [2, 2, 4, 0, 2, 2],
}
"""Boxes for one digit each, in groups; an empty group is a wider space."""

_ROOM_FOR_ACTIONS = 6
_CODE_TOLD = re.compile(r"[^.!?:\n]*:\s*\{code_retrait\}\s*(?=[.!?\n]|\Z)")
"""« Voici votre code : {code_retrait} »: on paper the code is on the card, in no sentence."""

_LONG = 1_200  # characters of a question that may no longer fit on what is left of a page


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form being written down. ``words`` fill the placeholders, ``places`` are the sectors."""

    questionnaire: Questionnaire
    words: Mapping[str, str]
    places: Places
    language: str
    chrome: Chrome
    conditions: Conditions
    numbers: Mapping[str, int] = field(default_factory=dict)

    def say(self, labels: Labels) -> str:
        """The words in the form's language, placeholders filled."""
        found = in_language(labels, self.language, self.questionnaire.default_language)
        found = _CODE_TOLD.sub(self.chrome.card_told, found)
        return fill(found, self.words, direction(self.language))

    def sections(self) -> Iterator[Item]:
        """The sections in the order they are printed: those of a meeting come last."""
        before, met = "", False
        for section in _ordered(self.questionnaire):
            condition = self.conditions.said(self.conditions.own(section.relevant))
            same = bool(condition) and condition == before
            before = condition
            first, met = section.kind == MEETING and not met, met or section.kind == MEETING
            yield {
                "title": self.say(section.label),
                "condition": self.chrome.same if same else condition,
                "entries": list(self._entries(section)),
                "copies": self._copies(section),
                "meeting": self.chrome.meeting if first else "",
                "going_on": self.chrome.going_on if section.kind == "consent" else "",
            }

    def _copies(self, section: Section) -> str:
        return self.chrome.copies.format(count=_count(section)) if section.is_repeat else ""

    def _entries(self, section: Section) -> Iterator[Item]:
        items = [self._item(section, question) for question in section.questions]
        if not section.is_repeat:
            yield {"title": "", "items": items}
            return
        for rank in range(1, _count(section) + 1):
            yield {"title": entry_title(section, rank, self.language), "items": items}

    def _item(self, section: Section, question: Question) -> Item:
        item: Item = {
            "label": self.say(question.label),
            "hint": self._hint(question),
            "condition": self.conditions.of_question(section, question),
        }
        if question.is_note:
            aloud = "" if item["hint"] or self.questionnaire.usage != TESTIMONY else "aloud"
            return item | {"kind": "note", "hint": self.chrome.aloud if aloud else item["hint"]}
        item |= {
            "kind": "question",
            "number": self.numbers[question.name],
            "probes": [self.say(probe) for probe in question.probes],
            "said": self.chrome.probes,
            "warning": in_language(OPEN_FIELD_WARNING, self.language) if question.is_open else "",
            "widget": self._widget(section, question),
            "help": self._help(question),
            "no_answer": self._no_answer(question),
        }
        return item | {"whole": len(str(item)) < _LONG + 60 * len(question.choices)}

    def _hint(self, question: Question) -> str:
        """Without sectors, a place does not speak of a list that is not printed."""
        said = self.say(question.hint)
        listed = question.type != "place" or self.places
        return said if listed else said.removeprefix(self.chrome.choose).strip()

    def _no_answer(self, question: Question) -> list[str]:
        if not question.offers_non_response or self.questionnaire.usage == RECORD:
            return []
        labels = NON_RESPONSE_LABELS.values()
        return [in_language(label, self.language) for label in labels]

    def _widget(self, section: Section, question: Question) -> Item:
        match question.type:
            case "text":
                short = section.is_repeat or question.visibility
                return {"kind": "lines", "count": LINES_OF_AN_ENTRY if short else LINES}
            case "place" if not self.places:
                return {"kind": "lines", "count": 1}
            case "image":
                return {"kind": "lines", "count": 1}
            case "scale":
                return {"kind": "scale", "choices": self._choices(question)}
            case "rank":
                return {"kind": "ranks", "choices": self._choices(question)}
            case "place":
                return {"kind": "boxes", "choices": list(self.places.values())}
        if question.type in CELLS:
            return {"kind": "cells", "cells": CELLS[question.type]}
        return {"kind": "boxes", "choices": self._choices(question)}

    def _help(self, question: Question) -> str:
        """How to answer with a pen, whatever the hint says."""
        chrome, most = self.chrome, question.max_choices
        told = {
            "select_one": chrome.one,
            "scale": chrome.one,
            "select_multiple": chrome.several,
            "rank": chrome.rank.format(count=most or len(question.choices)),
            "integer": chrome.number,
            "date": chrome.day,
            "time": chrome.time,
            "dateTime": f"{chrome.day} {chrome.time}",
            "place": chrome.one if self.places else chrome.place,
            "image": chrome.photo,
        }.get(question.type, "")
        if most and question.type == "select_multiple":
            told += f" {chrome.at_most.format(count=most)}"
        return f"{chrome.required} {told}".strip() if question.required else told

    def _choices(self, question: Question) -> list[str]:
        """Labels of the choices; room for those that a campaign has not listed yet."""
        own = [
            f"{self.say(choice.label)} {self.chrome.alone}"
            if choice.exclusive
            else self.say(choice.label)
            for choice in question.choices
        ]
        room = [DOTS] * _ROOM_FOR_ACTIONS if question.choices_from else []
        return [*room, *own]


def sheet(
    questionnaire: Questionnaire, words: Mapping[str, str], places: Places, language: str
) -> Item:
    """Everything the form prints, but its footer's identity."""
    chrome = CHROMES.get(language, FRENCH)
    asked = [item for section in _ordered(questionnaire) for item in section.questions]
    named = [question.name for question in asked if not question.is_note]
    numbers = {name: rank for rank, name in enumerate(named, 1)}
    told = {name: words.get(name) or DOTS for name in PLACEHOLDERS}
    told["code_retrait"] = chrome.card
    said = Conditions(questionnaire, numbers, language, chrome)
    made = Sheet(questionnaire, told, places, language, chrome, said, numbers)
    values = (
        made.say(questionnaire.purpose),
        chrome.methods.get(questionnaire.method, ""),
        made.say(questionnaire.audience),
        made.say(questionnaire.duration),
    )
    return {
        "title": made.say(questionnaire.title),
        "language": language,
        "direction": direction(language),
        "draft": chrome.draft if language in questionnaire.unproofread else "",
        "facts": [pair for pair in zip(chrome.facts, values, strict=True) if pair[1]],
        "heading": list(chrome.heading[questionnaire.usage]),
        "stub": chrome.stub if questionnaire.usage == TESTIMONY else "",
        "no_answer": chrome.no_answer,
        "page": chrome.page,
        "sections": list(made.sections()),
    }


def _ordered(questionnaire: Questionnaire) -> list[Section]:
    return sorted(questionnaire.sections, key=lambda section: section.kind == MEETING)


def _count(section: Section) -> int:
    return min(section.max_repeats or ENTRIES, MOST_ENTRIES)
