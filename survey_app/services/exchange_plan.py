"""What an exchange file would add to a campaign, worked out before anything is written."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.refi import Reading, model
from analysis.refi.remarks import Remark
from survey_app.models import Campaign, Coding, Excerpt
from survey_app.permissions import Actor
from survey_app.services import excerpts, exchange_match, exchange_project, grids
from survey_app.services.exchange_match import Here, Target

Span = tuple[int, int]
LONGEST_ABOUT = 80
Bearer = tuple[object, ...]
"""What of the file bears a GUID: a passage (testimony, span), or a coding (code, coder too)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A coding to add. GUIDs are empty when the file's are not usable."""

    span: Span
    code: str
    coder: uuid.UUID
    facets: dict[str, Any]
    guid: str
    passage: str


@dataclass
class Plan:
    """``wanted`` and ``memos`` by testimony; ``known`` codings are already there.

    ``version``: the version of the grid that it was made for.
    """

    version: uuid.UUID
    targets: dict[uuid.UUID, Target] = field(default_factory=dict)
    wanted: dict[uuid.UUID, list[Wanted]] = field(default_factory=lambda: defaultdict(list))
    memos: dict[uuid.UUID, dict[Span, str]] = field(default_factory=lambda: defaultdict(dict))
    known: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def say(self, kind: str, about: str = "", count: int = 1) -> None:
        """Keep a remark; a name too long for a page is cut."""
        if count:
            short = about if len(about) <= LONGEST_ABOUT else f"{about[:LONGEST_ABOUT]}…"
            self.remarks.append(Remark(kind, short, count))


def of(
    session: Session, actor: Actor, campaign: Campaign, reading: Reading, bearer: uuid.UUID
) -> Plan:
    """The plan of an import; ``bearer`` signs the codings of people who are unknown here."""
    version = grids.version_of(session, actor, campaign)
    here = exchange_match.read(session, actor, campaign, grids.book(version))
    plan = Plan(version.id, remarks=list(reading.remarks))
    planner = _Planner(plan, here, reading.project, _existing(session, campaign), bearer)
    for source in reading.project.sources:
        planner.take(source)
    planner.leave()
    return plan


Standing = tuple[str, dict[str, Any]]
Existing = dict[tuple[uuid.UUID, int, int, str], dict[uuid.UUID, Standing]]
PLANNED: Standing = ("planned", {})
ABSENT: Standing = ("", {})


def _existing(session: Session, campaign: Campaign) -> Existing:
    """The state and facets of every coding already there, by text, place, code and coder.

    Never those of a blind round: what is said of a file would tell what another person coded.
    """
    rows = session.execute(
        select(
            Excerpt.text_version_id,
            Excerpt.start,
            Excerpt.end,
            Coding.code,
            Coding.coder_id,
            Coding.state,
            Coding.facets,
        )
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Excerpt.campaign_id == campaign.id, Coding.state != excerpts.BLIND)
    )
    found: Existing = defaultdict(dict)
    for text, start, end, code, coder, state, facets in rows:
        found[text, start, end, code][coder] = (state, facets)
    return found


class _Planner:
    """One file against one campaign."""

    def __init__(
        self,
        plan: Plan,
        here: Here,
        project: model.Project,
        existing: Existing,
        bearer: uuid.UUID,
    ) -> None:
        self.plan, self.here, self.project = plan, here, project
        self.existing, self.bearer = existing, bearer
        self.codes = here.codes(project)
        self.labels = {code.guid: code.name for code in project.all_codes()}
        self.notes: dict[str, model.Note] = {}
        for note in project.notes:
            self.notes.setdefault(note.guid, note)
        self.used: set[str] = set()
        self.bearers: dict[str, dict[Bearer, int]] = defaultdict(dict)

    def take(self, source: model.Source) -> None:
        """Plan the codings of one source, or say why they can't be."""
        codings = sum(len(passage.codings) for passage in _passages(source))
        target = self.here.target(source)
        if target is None or not target.open or target.held:
            self._noted(source)
            why = "unknown_source" if target is None else "round" if target.open else "closed"
            self.plan.say(why, source.name, max(1, codings))
            return
        way = exchange_match.placed(source.text, target.text)
        if way is None:
            self._noted(source)
            self.plan.say("changed_text", source.name, max(1, codings))
            return
        place, respelled = way
        if respelled:
            self.plan.say("spelling", source.name)
        self.plan.targets[target.id] = target
        for passage in _passages(source):
            span = _trimmed(target.text, place(passage.start), place(passage.end))
            if span is None:
                self.plan.say("position", source.name, max(1, len(passage.codings)))
            else:
                self._passage(source, target, passage, span)

    def _passage(
        self, source: model.Source, target: Target, passage: model.Selection, span: Span
    ) -> None:
        plan = self.plan
        if passage.description:
            plan.say("description", source.name)
        words = [self.notes[guid].text for guid in passage.notes if guid in self.notes]
        self.used.update(passage.notes)
        taken = 0
        for coding in passage.codings:
            taken += self._coding(source, target, passage, coding, span)
        if not passage.codings:
            plan.say("uncoded", source.name)
        if words and taken:
            plan.memos[target.id][span] = "\n\n".join(words)
        elif words:
            plan.say("memo", source.name)

    def _coding(
        self,
        source: model.Source,
        target: Target,
        passage: model.Selection,
        coding: model.Coding,
        span: Span,
    ) -> bool:
        """Whether the coding is there, or will be."""
        self.used.update(coding.notes)
        code = self.codes.get(coding.code)
        if code is None:
            self.plan.say("unknown_code", self.labels.get(coding.code, ""))
            return False
        coder = self.here.coders.get(coding.user, self.bearer)
        there = self.existing[target.text_id, *span, code]
        state, kept = there.get(coder, ABSENT)
        if coding.user not in self.here.coders:
            counting = (one for one in there.values() if one[0] == "validated")
            state, kept = next(counting, (state, kept))
        if state == "planned":
            self.plan.say("same", source.name)
            return True
        if state == "undone":
            self.plan.say("removed", code)
            return False
        facets = self._facets(source, coding)
        if state:
            self.plan.known += 1
            if facets and facets != kept:
                self.plan.say("facets", source.name)
            return True
        if coding.user and coding.user not in self.here.coders:
            self.plan.say("user")
        there[coder] = PLANNED
        place = (target.id, span)
        guid = self._free(coding.guid, (*place, code, coder), source)
        held = self._free(passage.guid, place, source)
        self.plan.wanted[target.id].append(Wanted(span, code, coder, facets, guid, held))
        return True

    def _facets(self, source: model.Source, coding: model.Coding) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for guid in coding.notes:
            note = self.notes.get(guid)
            if note is None:
                self.plan.say("unknown_ref", source.name)
                continue
            facets, whole = exchange_project.facets_read(self.here.book, note.text)
            found |= facets
            if not whole:
                self.plan.say("note", note.name)
        return found

    def _free(self, guid: str, bearer: Bearer, source: model.Source) -> str:
        """The file's GUID, if it is one, nothing here bears it, and nothing before in the file."""
        try:
            name = str(uuid.UUID(guid))
        except ValueError:
            return ""
        if name in self.here.names:
            return ""
        bearers = self.bearers[name]
        if bearers and bearer not in bearers:
            self.plan.say("guid", source.name)
        return "" if bearers.setdefault(bearer, len(bearers)) else name

    def _noted(self, source: model.Source) -> None:
        """The notes of a source that is left aside go with it."""
        for passage in _passages(source):
            self.used.update(passage.notes)
            for coding in passage.codings:
                self.used.update(coding.notes)

    def leave(self) -> None:
        """Say what has no place here: notes apart, variables, cases and sets of others."""
        project, names = self.project, self.here.names
        for source in project.sources:
            self.plan.say("note", source.name, len(source.notes))
            self.used.update(source.notes)
            self.plan.say("description", source.name, bool(source.description))
        families: list[tuple[str, Iterator[tuple[str, str]]]] = [
            ("note", ((row.guid, row.name) for row in project.notes if self._aside(row))),
            ("variable", ((row.guid, row.name) for row in project.variables)),
            ("case", ((row.guid, row.name) for row in project.cases)),
            ("group", ((row.guid, row.name) for row in project.groups)),
        ]
        for kind, rows in families:
            for guid, name in rows:
                if guid not in names:
                    self.plan.say(kind, name)

    def _aside(self, note: model.Note) -> bool:
        """Whether nothing took this note; of two under one GUID, the first is what it names."""
        return note.guid not in self.used or note.text != self.notes[note.guid].text


def _passages(source: model.Source) -> Iterator[model.Selection]:
    """The passages of a source; what is coded as a whole is one, from end to end."""
    yield from source.selections
    if source.codings:
        yield model.Selection("", 0, len(source.text), codings=source.codings)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without the spaces around, as excerpts are kept; None when nothing is left."""
    quote = text[start:end] if 0 <= start < end <= len(text) else ""
    if not quote.strip():
        return None
    return start + len(quote) - len(quote.lstrip()), end - (len(quote) - len(quote.rstrip()))
