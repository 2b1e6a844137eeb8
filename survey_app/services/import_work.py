"""The import of a file that waits: at once when short, as a job by packets when long.

A long one does not keep the others from writing. Every row is judged before the first is stored;
killed halfway, the job begins again and finds there what it had already stored.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import Campaign
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import import_prepare, import_shelf, imports, jobs, scope
from survey_app.services.import_plan import Plan
from survey_app.services.import_prepare import Choices
from survey_app.services.imports import Report

MOST_AT_ONCE = 500  # rows stored while a page waits
PACKET = 250  # rows stored in one transaction of a job
STOPPED = (
    "Les lignes précédentes sont importées. Recommencez avec le même fichier : elles ne seront "
    "pas doublées."
)


def report_of(plan: Plan, choices: Choices) -> Report:
    """What a plan already tells; raises `Invalid` for refused rows, unless they are left out."""
    report = Report(len(plan.lines), problems=[] if choices.skip else plan.problems)
    if report.problems:
        raise report.refuse()
    report.duplicates, report.withdrawn = plan.counts["known"], plan.counts["withdrawn"]
    return report


def at_once(
    session: Session,
    actor: Actor,
    runtime: Runtime,
    campaign: Campaign,
    waiting_id: uuid.UUID,
    choices: Choices,
) -> Report:
    """Import in this transaction: everything, or nothing at all. The file goes with the commit."""
    waiting = import_shelf.get(runtime, actor, campaign, waiting_id)
    plan = import_prepare.plan(session, actor, campaign, waiting, choices)
    report = report_of(plan, choices)
    imports.store(session, actor, runtime.keys, campaign, plan.rows("new"), report)
    imports.record(session, actor, campaign, report)
    import_shelf.drop(session, runtime, campaign, waiting_id)
    return report


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Import by packets (a job); returns the counts."""
    waiting_id = uuid.UUID(parameters["waiting"])
    choices = Choices.from_json(parameters["choices"])
    progress(0, 1, "Lecture du fichier")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        waiting = import_shelf.get(runtime, actor, campaign, waiting_id)
        plan = import_prepare.plan(session, actor, campaign, waiting, choices)
    report, rows = report_of(plan, choices), plan.rows("new")
    for start in range(0, len(rows), PACKET):
        progress(start, len(rows), "Témoignages importés")
        with runtime.database.writing() as session:
            campaign = scope.campaign(session, actor, parameters["campaign"])
            try:
                packet = rows[start : start + PACKET]
                imports.store(session, actor, runtime.keys, campaign, packet, report)
            except Conflict as error:
                raise Conflict(error.message, STOPPED) from None
    with runtime.database.writing() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        imports.record(session, actor, campaign, report)
        import_shelf.drop(session, runtime, campaign, waiting_id)
    progress(len(rows), len(rows), "Témoignages importés")
    return {
        "stored": report.stored,
        "duplicates": report.duplicates,
        "withdrawn": report.withdrawn,
        "refused": plan.counts["refused"],
    }
