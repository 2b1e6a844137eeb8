"""Existing testimonies brought in: file, rows, a report of every fault, one transaction.

Each row becomes an envelope with an id derived from its own, so importing a file again doubles
nothing. What comes in is « importé, non relu »: public text whose masked version is the source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.wording import count
from questionnaires import versions
from survey_app.domain import Conflict, Invalid
from survey_app.keys import KeyRing
from survey_app.models import Campaign, Erasure, Meeting, QuestionnaireVersion, now
from survey_app.permissions import Actor
from survey_app.services import import_plan, import_rows, intake, journal, states, tabular
from survey_app.services.import_plan import FINGERPRINT, IMPORTED_TEXT
from survey_app.services.import_rows import Columns, Row

__all__ = ["IMPORTED_TEXT", "Columns", "Report", "import_testimonies", "store"]

SHOWN_PROBLEMS = 20


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
    found = import_plan.plan(session, actor, campaign, import_rows.judged(table, columns, known))
    report = Report(len(found.lines), notes=list(table.notes), problems=found.problems)
    if report.problems:
        raise report.refuse()
    report.duplicates, report.withdrawn = found.counts["known"], found.counts["withdrawn"]
    store(session, actor, keys, campaign, found.rows("new"), report, progress)
    record(session, actor, campaign, report)
    return report


def store(
    session: Session,
    actor: Actor,
    keys: KeyRing,
    campaign: Campaign,
    rows: Sequence[Row],
    report: Report,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Store rows that a plan found new, and count them in the report.

    Raises `Conflict` where one changed meanwhile: the caller keeps nothing of this transaction.
    """
    actor.require("testimony.import")
    _questionnaire_version(session, actor)
    ready: set[str] = set()
    for done, row in enumerate(rows, start=1):
        if row.neighbourhood not in ready:
            _meeting(session, actor, campaign, row.neighbourhood)
            ready.add(row.neighbourhood)
        receipt = intake.receive(session, actor, keys, import_plan.envelope(campaign, row))
        if receipt.status == "stored":
            report.stored += 1
        elif receipt.status == "duplicate":
            report.duplicates += 1
        elif session.get(Erasure, receipt.id) is not None:
            report.withdrawn += 1
        else:
            reasons = " ".join(str(problem) for problem in receipt.problems)
            raise Conflict(f"Ligne {row.number} : {reasons}", tabular.NOTHING)
        if progress is not None:
            progress(done, len(rows))


def record(session: Session, actor: Actor, campaign: Campaign, report: Report) -> None:
    """The import in the journal: counts, no words."""
    journal.record(
        session, actor, "import", "campaigns", campaign.id, stored=report.stored, rows=report.rows
    )


def _questionnaire_version(session: Session, actor: Actor) -> None:
    """Make sure that the council knows the version that every imported text answers."""
    mine = (
        QuestionnaireVersion.council_id == actor.council_id,
        QuestionnaireVersion.fingerprint == FINGERPRINT,
    )
    if session.scalars(select(QuestionnaireVersion.id).where(*mine)).first() is None:
        session.add(
            QuestionnaireVersion(
                council_id=actor.council_id,
                name=IMPORTED_TEXT.name,
                version=IMPORTED_TEXT.version,
                fingerprint=FINGERPRINT,
                document=versions.to_dict(IMPORTED_TEXT),
            )
        )
        session.flush()


def _meeting(session: Session, actor: Actor, campaign: Campaign, code: str) -> None:
    """Make sure that a neighbourhood has its import meeting: one, closed, without counters."""
    key = import_plan.meeting_id(campaign, code)
    if session.get(Meeting, key) is not None:
        return
    meeting = Meeting(
        id=key,
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        neighbourhood_id=import_plan.place_of(campaign, code).id,
        created_by=actor.account_id,
        method="import",
        place="fichier importé",
        held_on=now().date(),
    )
    session.add(meeting)
    session.flush()
    states.move(session, actor, meeting, "open")
    states.move(session, actor, meeting, "closed")
