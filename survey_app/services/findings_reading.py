"""The page that helps to write the finding of a theme: what a run chose, in today's words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis import tables
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import part_findings, results, run_parts, syntheses
from survey_app.services.results import Line

Numbers = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Heard:
    """Some excerpts of a list of ``excerpts``, and the three counts of the whole list.

    ``said`` is what the list is about: a sentence, words, or the value of a facet.
    """

    said: str
    excerpts: int
    counts: Numbers
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to read before writing a finding.

    ``chosen``: excerpts with why; ``faced``: two excerpts and what both speak of; ``changed``:
    excerpts that are no longer coded here; ``version``: that of the draft to write in, or None.
    """

    code: str
    label: str
    counts: Numbers
    totals: Numbers
    chosen: tuple[tuple[Line, str], ...]
    repeated: tuple[Heard, ...]
    tones: tuple[Heard, ...]
    faced: tuple[tuple[Line, Line, str], ...]
    note: str
    voices: tuple[Heard, ...]
    voices_note: str
    resources: Heard
    proposals: Heard
    changed: int
    version: int | None


def prepared(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None, code: str
) -> Prepared | None:
    """What the run found for a theme; None where nobody spoke of it yet, or there is no run.

    `NotFound` for a code that is no theme of the grid.
    """
    actor.require("analysis.read")
    book = results.grid(session, actor, campaign)
    if code not in {theme.code for theme in book.themes}:
        raise NotFound()
    row = run_parts.find(session, actor, run, f"{part_findings.THEME}{code}")
    if row is None:
        return None
    document = row.document
    lines = _lines(session, actor, campaign, code, document["excerpts"])
    kinds = document["kinds"]
    return Prepared(
        code,
        document["label"],
        _three(document["counts"]),
        _three(document["totals"]),
        tuple((lines[rank], why) for rank, why in document["chosen"] if rank in lines),
        _lists(document["repeated"], lines, "words"),
        _lists(document["tones"], lines, "value"),
        tuple(
            (lines[good], lines[bad], _common(book.code(shared).label if shared else "", words))
            for good, bad, shared, words in document["faced"]
            if good in lines and bad in lines
        ),
        document["note"],
        _lists(document["voices"], lines, "sentence"),
        document["voices_note"],
        _list(kinds[part_findings.RESOURCE], lines, ""),
        _list(kinds[part_findings.PROPOSAL], lines, ""),
        len(document["excerpts"]) - len(lines),
        _draft(session, actor, campaign, code),
    )


def _lines(
    session: Session, actor: Actor, campaign: Campaign, code: str, pairs: Sequence[Sequence[str]]
) -> dict[int, Line]:
    """By rank, the excerpts that are still coded under the theme."""
    only = {uuid.UUID(testimony) for _, testimony in pairs}
    loaded = corpora.load(session, actor, campaign, only=only)
    under = set(tables.codes_under(loaded.codebook, code))
    here = {one.excerpt for one in loaded.corpus.codings if one.code in under}
    ranks = [rank for rank, (key, _) in enumerate(pairs) if key in here]
    passages = [loaded.corpus.excerpt_by_id[pairs[rank][0]] for rank in ranks]
    lines = results.lines_of(loaded.corpus, loaded.codebook, passages)
    return dict(zip(ranks, lines, strict=True))


def _lists(
    found: Sequence[Mapping[str, Any]], lines: Mapping[int, Line], said: str
) -> tuple[Heard, ...]:
    read = (_list(one, lines, said) for one in found)
    return tuple(heard for heard in read if heard.lines)


def _list(one: Mapping[str, Any], lines: Mapping[int, Line], said: str) -> Heard:
    told = one[said] if said else ""
    return Heard(
        ", ".join(told) if isinstance(told, list) else told,
        one["excerpts"],
        _three(one["counts"]),
        tuple(lines[rank] for rank in one["shown"] if rank in lines),
    )


def _common(label: str, words: Sequence[str]) -> str:
    """What two opposed excerpts both speak of: their code, else the words they share."""
    return label or ", ".join(words)


def _three(numbers: Sequence[int]) -> Numbers:
    testimonies, meetings, people = numbers
    return testimonies, meetings, people


def _draft(session: Session, actor: Actor, campaign: Campaign, code: str) -> int | None:
    """The version in which the finding of this theme may be written now."""
    if not actor.can("synthesis.write"):
        return None
    newest = next(iter(syntheses.listed(session, actor, campaign)), None)
    if newest is None or newest.state != "draft":
        return None
    return newest.version if code in {one.theme for one in newest.findings} else None
