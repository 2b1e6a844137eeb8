"""The entries of a repeated section, as their list shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires.model import Questionnaire, in_language
from survey_app.services.filling import limit
from survey_app.web.filling.shown import Reading, groups, summary


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list."""

    title: str
    summary: str
    problems: bool
    edit_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: its entries, what one is called, and whether one more may be added."""

    entries: list[Entry]
    called: str
    limit: int
    add_url: str

    @property
    def full(self) -> bool:
        return len(self.entries) >= self.limit


def listing(
    whole: Questionnaire,
    section_name: str,
    answers: Mapping[str, Any],
    reading: Reading,
    urls: Callable[[int, bool], str],
) -> Listing:
    """The entries of a section; ``urls(rank, remove)`` gives the page of one of them."""
    section = whole.section(section_name)
    found = [
        Entry(
            title=group.title,
            summary=summary(group.lines),
            problems=any(line.problem for line in group.lines),
            edit_url=urls(group.entry, False),
            remove_url=urls(group.entry, True),
        )
        for group in groups(whole, answers, reading)
        if group.section.name == section_name and group.entry is not None
    ]
    called = in_language(section.repeat, "fr")
    called = called[:1].lower() + called[1:]
    return Listing(found, called, limit(section), urls(len(found) + 1, False))
