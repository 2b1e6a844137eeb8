"""What every room of the analysis takes and gives: a frozen, self-checking picture of a campaign.

All offsets are Unicode code points, half-open, into the testimony's masked text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

Citable = Literal["yes", "approved", "no"]


class CorpusError(ValueError):
    """The corpus contradicts itself; the message says where, in French."""


def quote_hash(quote: str) -> str:
    """SHA-256 of the quotation's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(quote.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Meeting:
    """One séance of listening. ``None`` counters were never entered (an import, say).

    ``wave`` names the wave it belongs to, where the campaign is cut in waves (`analysis.waves`).
    """

    id: str
    label: str
    method: str
    neighbourhood: str
    date: date | None = None
    place: str = ""
    approached: int | None = None
    refusals: int | None = None
    stopped: int | None = None
    present_women: int | None = None
    present_men: int | None = None
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Testimony:
    """One person's or one group's words, masked.

    ``citable``: ``yes``; ``approved``, only the phrases in ``approved_phrases`` were read back
    and accepted; ``no``, counted but never printed. ``persons`` is one, or those present.
    """

    id: str
    number: int
    meeting: str
    neighbourhood: str
    text: str
    persons: int = 1
    date: date | None = None
    reviewed: bool = True
    citable: Citable = "no"
    approved_phrases: tuple[str, ...] = ()
    questionnaire: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)

    def may_quote(self, quote: str) -> bool:
        """Whether these words may be printed outside, by the person's own consent."""
        if not quote.strip():
            return False
        if self.citable == "approved":
            return any(quote.strip() in phrase for phrase in self.approved_phrases)
        return self.citable == "yes"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a masked text; ``number`` is what people read (É-0123)."""

    id: str
    number: int
    testimony: str
    start: int
    end: int
    quote: str

    @property
    def label(self) -> str:
        return f"É-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Coding:
    """A validated coding of an excerpt; ``facets`` maps facet id to value(s)."""

    excerpt: str
    code: str
    coder: str
    facets: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    code: str
    name: str
    generation: str
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Identity of the campaign as the synthesis prints it."""

    slug: str
    title: str
    question: str = ""
    council: str = ""
    controller: str = ""
    city_contract: str = ""
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    single_person_exception: bool = False
    fictitious: bool = False


@dataclass(frozen=True)
class Corpus:
    """A campaign as the analysis sees it. ``codebook_version`` and questionnaires are for proof.

    ``masking_counts`` maps a masking category to its number of masked passages;
    ``exclusions`` maps the reason a testimony was set aside to how many were.
    """

    campaign: Campaign
    meetings: tuple[Meeting, ...] = ()
    testimonies: tuple[Testimony, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    codings: tuple[Coding, ...] = ()
    codebook_version: str = ""
    masking_counts: Mapping[str, int] = field(default_factory=dict)
    exclusions: Mapping[str, int] = field(default_factory=dict)
    pending: int = 0
    taken_at: datetime | None = None

    def __post_init__(self) -> None:
        for rows in (self.meetings, self.testimonies, self.excerpts):
            if len({row.id for row in rows}) != len(rows):
                raise CorpusError("Deux éléments de la campagne portent le même identifiant.")
        for testimony in self.testimonies:
            if testimony.meeting not in self.meeting_by_id:
                raise CorpusError(f"Le témoignage {testimony.number} n'a pas de rencontre.")
        self._check_excerpts()

    def _check_excerpts(self) -> None:
        for excerpt in self.excerpts:
            testimony = self.testimony_by_id.get(excerpt.testimony)
            if testimony is None:
                raise CorpusError(f"{excerpt.label} renvoie à un témoignage absent du corpus.")
            if not 0 <= excerpt.start < excerpt.end <= len(testimony.text):
                raise CorpusError(f"{excerpt.label} sort du texte de son témoignage.")
            if testimony.text[excerpt.start : excerpt.end] != excerpt.quote:
                raise CorpusError(f"{excerpt.label} ne correspond plus au texte masqué.")
        for coding in self.codings:
            if coding.excerpt not in self.excerpt_by_id:
                raise CorpusError(f"Un codage « {coding.code} » renvoie à un extrait absent.")

    @cached_property
    def meeting_by_id(self) -> dict[str, Meeting]:
        return {meeting.id: meeting for meeting in self.meetings}

    @cached_property
    def testimony_by_id(self) -> dict[str, Testimony]:
        return {testimony.id: testimony for testimony in self.testimonies}

    @cached_property
    def excerpt_by_id(self) -> dict[str, Excerpt]:
        return {excerpt.id: excerpt for excerpt in self.excerpts}

    @property
    def reviewed(self) -> bool:
        """Whether every testimony was reviewed by a person (an import was not)."""
        return all(testimony.reviewed for testimony in self.testimonies)
