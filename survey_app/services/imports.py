"""Existing testimonies brought in: file, rows, a report of every fault, one transaction.

Each row becomes an envelope with an id derived from its own, so importing a file again doubles
nothing. What comes in is « importé, non relu »: public text whose masked version is the source.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.wording import count
from questionnaires import versions
from questionnaires.model import Question, Questionnaire, Section
from survey_app.domain import Invalid
from survey_app.keys import KeyRing
from survey_app.models import Campaign, Erasure, Meeting, QuestionnaireVersion, now
from survey_app.permissions import Actor
from survey_app.services import import_rows, intake, journal, states, tabular
from survey_app.services.import_rows import Columns, Row

__all__ = ["IMPORTED_TEXT", "Columns", "Report", "import_testimonies"]

SHOWN_PROBLEMS = 20


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


@dataclass(slots=True)
class Report:
    """What an import did, or what stops it. ``rows`` counts the file's rows with something in."""

    rows: int = 0
    stored: int = 0
    duplicates: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def refuse(self) -> Invalid:
        """All the faults as one refusal, the first ones in full."""
        shown = self.problems[:SHOWN_PROBLEMS]
        more = len(self.problems) - len(shown)
        lines = "\n".join(f"- {problem}" for problem in shown)
        rest = f"\n- et {count(more, 'autre point', 'autres points')}" if more else ""
        faults = count(len(self.problems), "point empêche", "points empêchent")
        return Invalid(
            f"{faults} l’import :\n{lines}{rest}\n",
            f"{tabular.NOTHING} Corrigez le fichier, puis recommencez.",
        )


def import_testimonies(
    session: Session,
    actor: Actor,
    keys: KeyRing,
    campaign: Campaign,
    path: Path,
    columns: Columns,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring every row of a file in, or none: raises `Invalid` with each fault and its row.

    What was withdrawn since an earlier import stays out. ``progress`` receives (done, total).
    """
    actor.require("testimony.import")
    table = tabular.read(path)
    known = {neighbourhood.code for neighbourhood in campaign.neighbourhoods}
    rows, problems = import_rows.checked(table, columns, known)
    report = Report(rows=len(rows), notes=list(table.notes), problems=problems)
    if problems:
        raise report.refuse()
    version = _questionnaire_version(session, actor)
    meetings: dict[str, Meeting] = {}
    for done, row in enumerate(rows, start=1):
        meeting = meetings.get(row.neighbourhood)
        if meeting is None:
            meeting = _meeting(session, actor, campaign, row.neighbourhood)
            meetings[row.neighbourhood] = meeting
        _store(session, actor, keys, _envelope(row, meeting, version), row, report)
        if progress is not None:
            progress(done, len(rows))
    if report.problems:
        raise report.refuse()
    journal.record(
        session, actor, "import", "campaigns", campaign.id, stored=report.stored, rows=report.rows
    )
    return report


def _store(
    session: Session,
    actor: Actor,
    keys: KeyRing,
    envelope: intake.Envelope,
    row: Row,
    report: Report,
) -> None:
    receipt = intake.receive(session, actor, keys, envelope)
    if receipt.status == "stored":
        report.stored += 1
    elif receipt.status == "duplicate":
        report.duplicates += 1
    elif receipt.status == "conflict":
        report.problems.append(
            f"Ligne {row.number} : l’identifiant « {row.source_id} » a déjà été importé "
            "avec un autre contenu (texte, date ou lieu)."
        )
    elif session.get(Erasure, envelope.id) is not None:
        report.withdrawn += 1
    else:
        reasons = " ".join(str(problem) for problem in receipt.problems)
        report.problems.append(f"Ligne {row.number} : {reasons}")


def _envelope(row: Row, meeting: Meeting, version: QuestionnaireVersion) -> intake.Envelope:
    answers: dict[str, object] = {"texte": row.text}
    answers |= {k: v for k, v in (("date", row.date), ("lieu", row.place)) if v}
    return intake.Envelope(
        id=uuid.uuid5(meeting.campaign_id, f"import\0{row.source_id}"),
        council_id=meeting.council_id,
        meeting_id=meeting.id,
        questionnaire=version.fingerprint,
        answers=answers,
        origin="import",
        source_id=row.source_id,
        said_on=row.said_on,
    )


def _questionnaire_version(session: Session, actor: Actor) -> QuestionnaireVersion:
    fingerprint = versions.fingerprint(IMPORTED_TEXT)
    found = session.scalars(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.council_id == actor.council_id,
            QuestionnaireVersion.fingerprint == fingerprint,
        )
    ).one_or_none()
    if found is None:
        found = QuestionnaireVersion(
            council_id=actor.council_id,
            name=IMPORTED_TEXT.name,
            version=IMPORTED_TEXT.version,
            fingerprint=fingerprint,
            document=versions.to_dict(IMPORTED_TEXT),
        )
        session.add(found)
        session.flush()
    return found


def _meeting(session: Session, actor: Actor, campaign: Campaign, code: str) -> Meeting:
    """The import meeting of a neighbourhood: always the same one, without counters."""
    places = campaign.neighbourhoods
    if not places:
        raise Invalid(
            "La campagne n’a encore aucun quartier.",
            f"Ajoutez-en un, puis recommencez. {tabular.NOTHING}",
        )
    neighbourhood = next((place for place in places if place.code == code), places[0])
    key = uuid.uuid5(campaign.id, f"import\0{neighbourhood.code}")
    meeting = session.get(Meeting, key)
    if meeting is None:
        meeting = Meeting(
            id=key,
            council_id=campaign.council_id,
            campaign_id=campaign.id,
            neighbourhood_id=neighbourhood.id,
            created_by=actor.account_id,
            method="import",
            place="fichier importé",
            held_on=now().date(),
        )
        session.add(meeting)
        session.flush()
        states.move(session, actor, meeting, "open")
        states.move(session, actor, meeting, "closed")
    return meeting
