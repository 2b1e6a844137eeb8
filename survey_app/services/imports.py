"""Existing testimonies brought in: file, rows, a report of every fault, one transaction.

Each row becomes an envelope with an id derived from its own, so importing a file again doubles
nothing. What comes in is « importé, non relu »: public text whose masked version is the source.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import versions
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.types import MAX_TEXT
from survey_app.domain import Invalid
from survey_app.keys import KeyRing
from survey_app.models import Campaign, Erasure, Meeting, QuestionnaireVersion, now
from survey_app.permissions import Actor
from survey_app.services import intake, journal, states, tabular

SHOWN_PROBLEMS = 20
YEAR = re.compile(r"\d{4}")
QPV = re.compile(r"Q[PN][0-9A-Z]{6}")


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


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; only the text is needed."""

    text: str
    id: str = ""
    date: str = ""
    place: str = ""


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
        rest = f"\n- … et {more} autres lignes." if more else ""
        return Invalid(
            f"{len(self.problems)} point(s) empêchent l’import :\n{lines}{rest}\n",
            f"{tabular.NOTHING} Corrigez le fichier, puis recommencez.",
        )


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    text: str
    source_id: str
    date: str
    place: str
    said_on: datetime.date | None
    neighbourhood: str


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
    _check_columns(table, columns)
    report = Report(rows=len(table.rows), notes=list(table.notes))
    rows = _rows(table, columns, campaign, report)
    if report.problems:
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
    row: _Row,
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
            "avec un autre texte."
        )
    elif session.get(Erasure, envelope.id) is not None:
        report.withdrawn += 1
    else:
        reasons = " ".join(str(problem) for problem in receipt.problems)
        report.problems.append(f"Ligne {row.number} : {reasons}")


def _check_columns(table: tabular.Table, columns: Columns) -> None:
    for wanted in (columns.text, columns.id, columns.date, columns.place):
        if wanted and wanted not in table.header:
            close = get_close_matches(wanted, table.header, n=1)
            hint = f"Vouliez-vous dire « {close[0]} » ? " if close else ""
            listed = ", ".join(f"« {name} »" for name in table.header if name)
            raise Invalid(
                f"La colonne « {wanted} » n’existe pas dans ce fichier.",
                f"{hint}Ses colonnes sont : {listed}. {tabular.NOTHING}",
            )


def _rows(table: tabular.Table, columns: Columns, campaign: Campaign, report: Report) -> list[_Row]:
    first = campaign.neighbourhoods[0].code if campaign.neighbourhoods else ""
    known = {neighbourhood.code for neighbourhood in campaign.neighbourhoods}
    seen: dict[str, int] = {}
    repeats: Counter[str] = Counter()
    rows = []
    for number, cells in table.rows:
        text = cells[columns.text]
        source_id = cells[columns.id].strip() if columns.id else ""
        when = cells[columns.date].strip() if columns.date else ""
        place = cells[columns.place].strip() if columns.place else ""
        said_on, wrong_date = _date(when)
        faults = list(_text_faults(text))
        if wrong_date:
            faults.append(f"la date « {when[:40]} » n’est pas comprise (attendu : 2026-04-30).")
        if columns.id and not source_id:
            faults.append("l’identifiant est vide.")
        code = place.upper()
        if QPV.fullmatch(code) and code not in known:
            faults.append(f"le quartier {code} ne fait pas partie de la campagne.")
        key = source_id or sha256(text.encode()).hexdigest()
        if source_id and key in seen:
            faults.append(f"l’identifiant « {source_id[:60]} » est déjà à la ligne {seen[key]}.")
        if not source_id:
            # Two people may say the same words: the second one is another testimony.
            repeats[key] += 1
            key = f"{key}-{repeats[key]}"
        seen[key] = number
        report.problems += [f"Ligne {number} : {fault}" for fault in faults]
        rows.append(_Row(number, text, key, when, place, said_on, code if code in known else first))
    return rows


def _text_faults(text: str) -> list[str]:
    if not text.strip():
        return ["le texte est vide."]
    if "\0" in text:
        return ["le texte contient un caractère nul, invisible, que rien ne sait afficher."]
    if len(text) > MAX_TEXT:
        return [f"le texte a {len(text)} caractères ; le maximum est {MAX_TEXT}."]
    return []


def _date(text: str) -> tuple[datetime.date | None, bool]:
    """A day, or the first of January of a bare year (what was written is kept beside it)."""
    if not text:
        return None, False
    if YEAR.fullmatch(text):
        return datetime.date(int(text), 1, 1), False
    day_first = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            return datetime.date(year, month, day), False
        return datetime.date.fromisoformat(text[:10]), False
    except ValueError:
        return None, True


def _envelope(row: _Row, meeting: Meeting, version: QuestionnaireVersion) -> intake.Envelope:
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
    neighbourhood = next((n for n in campaign.neighbourhoods if n.code == code), None)
    if neighbourhood is None:
        raise Invalid(
            "La campagne n’a encore aucun quartier.",
            f"Ajoutez-en un, puis recommencez. {tabular.NOTHING}",
        )
    key = uuid.uuid5(campaign.id, f"import\0{code}")
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
