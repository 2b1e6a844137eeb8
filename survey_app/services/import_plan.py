"""What an import would do, row by row, before anything is stored: new, already there, refused."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import answers, versions
from questionnaires.model import Question, Questionnaire, Section
from survey_app.domain import Invalid
from survey_app.models import Campaign, Erasure, Neighbourhood, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import archives
from survey_app.services.envelopes import Envelope, content_hash
from survey_app.services.import_rows import Row

Fate = Literal["new", "known", "withdrawn", "refused"]
Judged = tuple[Row, list[str]]
AT_ONCE = 500  # ids asked of the database in one question


def _question(name: str, label: str, visibility: str = "") -> Question:
    return Question(name=name, type="text", label={"fr": label}, visibility=visibility)


IMPORTED_TEXT = Questionnaire(
    name="texte-importe",
    version="1",
    title={"fr": "Texte importé"},
    purpose={"fr": "Reprendre des paroles déjà recueillies ailleurs."},
    method="import",
    audience={"fr": ""},
    duration={"fr": ""},
    sections=(
        Section(
            name="texte",
            label={"fr": "Texte importé"},
            questions=(
                _question("texte", "Texte"),
                _question("date", "Date dans le fichier", "team"),
                _question("lieu", "Lieu dans le fichier", "team"),
            ),
        ),
    ),
)
FINGERPRINT = versions.fingerprint(IMPORTED_TEXT)


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what would become of it; ``reasons`` say why it is refused."""

    row: Row
    fate: Fate
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every row of a file, judged. Counts are of rows with something in."""

    lines: tuple[Line, ...]

    @cached_property
    def counts(self) -> Counter[Fate]:
        return Counter(line.fate for line in self.lines)

    @property
    def problems(self) -> list[str]:
        """Each fault as « Ligne 12 : … »."""
        return [f"Ligne {line.row.number} : {why}" for line in self.lines for why in line.reasons]

    @cached_property
    def repeated(self) -> int:
        """How many rows say exactly what an earlier row of the file says."""
        return len(self.lines) - len({line.row.text for line in self.lines})

    def rows(self, fate: Fate) -> list[Row]:
        return [line.row for line in self.lines if line.fate == fate]


def place_of(campaign: Campaign, code: str) -> Neighbourhood:
    """The neighbourhood of this code, or the campaign's first one."""
    places = campaign.neighbourhoods
    if not places:
        raise Invalid(
            "La campagne n’a encore aucun quartier.",
            f"Ajoutez-en un, puis recommencez. {archives.NOTHING}",
        )
    return next((place for place in places if place.code == code), places[0])


def meeting_id(campaign: Campaign, code: str) -> uuid.UUID:
    """The import meeting of a neighbourhood: always the same one."""
    return uuid.uuid5(campaign.id, f"import\0{place_of(campaign, code).code}")


def testimony_id(campaign: Campaign, source_id: str) -> uuid.UUID:
    """The same row always becomes the same testimony."""
    return uuid.uuid5(campaign.id, f"import\0{source_id}")


def envelope(campaign: Campaign, row: Row) -> Envelope:
    """The row as the one way in takes it."""
    given: dict[str, object] = {"texte": row.text}
    given |= {k: v for k, v in (("date", row.date), ("lieu", row.place)) if v}
    return Envelope(
        id=testimony_id(campaign, row.source_id),
        council_id=campaign.council_id,
        meeting_id=meeting_id(campaign, row.neighbourhood),
        questionnaire=FINGERPRINT,
        answers=given,
        origin="import",
        source_id=row.source_id,
        said_on=row.said_on,
    )


def plan(session: Session, actor: Actor, campaign: Campaign, judged: Sequence[Judged]) -> Plan:
    """Judge rows against what is already there, and write nothing."""
    actor.require("testimony.import")
    place_of(campaign, "")
    keys = [testimony_id(campaign, row.source_id) for row, _ in judged]
    known = _known(session, campaign)
    erased = _erased(session, keys)
    lines: list[Line] = []
    doubtful: dict[uuid.UUID, int] = {}
    for (row, faults), key in zip(judged, keys, strict=True):
        line = _line(campaign, row, faults, key in erased)
        if line.fate == "new" and key in known:
            line = replace(line, fate="known")
            if content_hash(envelope(campaign, row)) != known[key]:
                doubtful[key] = len(lines)
        lines.append(line)
    for place in _changed(session, doubtful, lines):
        said = (
            f"l’identifiant « {lines[place].row.source_id[:60]} » a déjà été importé "
            "avec un autre contenu (texte ou date)."
        )
        lines[place] = replace(lines[place], fate="refused", reasons=(said,))
    return Plan(tuple(lines))


def _line(campaign: Campaign, row: Row, faults: Iterable[str], erased: bool) -> Line:
    found = list(faults)
    if not found:
        checked = answers.check(IMPORTED_TEXT, envelope(campaign, row).answers)
        found = [str(problem) for problem in checked.problems]
    if found:
        return Line(row, "refused", tuple(found))
    return Line(row, "withdrawn" if erased else "new")


def _known(session: Session, campaign: Campaign) -> dict[uuid.UUID, str]:
    """The campaign's imported testimonies, with the hash of what was sent."""
    mine = (Testimony.campaign_id == campaign.id, Testimony.origin == "import")
    return dict(session.execute(select(Testimony.id, Testimony.content_hash).where(*mine)).all())


def _erased(session: Session, keys: list[uuid.UUID]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found.update(session.scalars(select(Erasure.record_id).where(Erasure.record_id.in_(some))))
    return found


def _changed(session: Session, doubtful: dict[uuid.UUID, int], lines: list[Line]) -> list[int]:
    """Those whose words or day differ; a day left out, or written otherwise, is no difference."""
    keys, same = list(doubtful), set()
    for start in range(0, len(keys), AT_ONCE):
        query = (
            select(Testimony.id, Testimony.said_on, TextVersion.text)
            .join(TextVersion, TextVersion.testimony_id == Testimony.id)
            .where(TextVersion.kind == "raw", Testimony.id.in_(keys[start : start + AT_ONCE]))
        )
        for key, said_on, text in session.execute(query):
            row = lines[doubtful[key]].row
            undated = row.said_on is None or said_on is None
            if row.text == text and (undated or row.said_on == said_on):
                same.add(key)
    return [place for key, place in doubtful.items() if key not in same]
