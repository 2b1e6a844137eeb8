"""The one state machine: which state may follow which, for every kind of record, journalled.

Guards that look at content (counters entered, reviewer other than the collector) stand in the
service that calls `move`; this table stands for all of them.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import (
    Campaign,
    Job,
    Meeting,
    Record,
    Review,
    SafeguardingAlert,
    Synthesis,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import journal

Stateful = Campaign | Meeting | Record | Testimony | Review | SafeguardingAlert | Synthesis | Job

TRANSITIONS: dict[str, dict[str, frozenset[str]]] = {
    "campaigns": {
        "draft": frozenset({"ready"}),
        "ready": frozenset({"draft", "running"}),
        "running": frozenset({"review"}),
        "review": frozenset({"running", "synthesis"}),
        "synthesis": frozenset({"review", "returned"}),
        "returned": frozenset({"purged"}),
    },
    "meetings": {
        "planned": frozenset({"open"}),
        "open": frozenset({"closed"}),
        "closed": frozenset({"open", "synchronised"}),
    },
    # A separate answer to a survey is no sheet that somebody moves: it has no state to journal.
    "records": {"draft": frozenset({"done"}), "done": frozenset({"draft"})},
    "testimonies": {
        "deposited": frozenset({"to_review", "masked", "set_aside"}),
        "to_review": frozenset({"reviewed", "set_aside"}),
        "reviewed": frozenset({"masked", "set_aside"}),
        "masked": frozenset({"coded", "reviewed", "set_aside"}),
        "coded": frozenset({"masked", "filed", "set_aside"}),
        "filed": frozenset({"coded", "set_aside"}),
        "set_aside": frozenset({"to_review"}),
    },
    "reviews": {"to_do": frozenset({"done"}), "done": frozenset({"contested"})},
    "safeguarding_alerts": {
        "open": frozenset({"forwarded"}),
        "forwarded": frozenset({"closed"}),
    },
    "syntheses": {
        "draft": frozenset({"cross_review"}),
        "cross_review": frozenset({"draft", "validated"}),
        "validated": frozenset({"draft", "published"}),
        "published": frozenset({"to_rectify", "rectified"}),
        "to_rectify": frozenset({"rectified"}),
    },
    "jobs": {
        "queued": frozenset({"running", "failed", "stopped"}),
        "running": frozenset({"done", "failed", "queued", "stopped"}),
        "failed": frozenset({"queued"}),
    },
}

LABELS: dict[str, dict[str, str]] = {
    "campaigns": {
        "draft": "brouillon",
        "ready": "prête",
        "running": "en cours",
        "review": "relecture",
        "synthesis": "synthèse",
        "returned": "restituée",
        "purged": "purgée",
    },
    "meetings": {
        "planned": "prévue",
        "open": "ouverte",
        "closed": "close",
        "synchronised": "synchronisée",
    },
    "questionnaires": {"published": "publiée", "retired": "retirée"},
    "records": {"draft": "à terminer", "done": "terminée"},
    "testimonies": {
        "deposited": "déposé",
        "to_review": "à relire",
        "reviewed": "relu",
        "masked": "masqué",
        "coded": "codé",
        "filed": "versé",
        "set_aside": "écarté",
    },
    "syntheses": {
        "draft": "brouillon",
        "cross_review": "relecture contradictoire",
        "validated": "validée",
        "published": "publiée",
        "to_rectify": "à rectifier",
        "rectified": "rectifiée",
    },
    "jobs": {
        "queued": "en attente",
        "running": "en cours",
        "done": "terminé",
        "failed": "arrêté",
        "stopped": "arrêté à la demande",
    },
}

# The four queues of the desk, and the states that wait in each.
QUEUES: dict[str, tuple[str, ...]] = {
    "a-relire": ("deposited", "to_review"),
    "a-masquer": ("reviewed",),
    "a-coder": ("masked",),
    "pret": ("coded", "filed"),
}


def label(record: Stateful) -> str:
    """The state of a record in French, as screens and errors say it."""
    return LABELS.get(record.__tablename__, {}).get(record.state, record.state)


def move(session: Session, actor: Actor, record: Stateful, target: str, **details: str) -> None:
    """Move a record to its next state and journal it; `Conflict` where the table has no way."""
    table = record.__tablename__
    done = step(table, record.id, record.state, target)
    record.state = target
    told: dict[str, Any] = {**done.details, **details}
    journal.record(session, actor, done.action, table, record.id, **told)


def step(table: str, record_id: uuid.UUID, before: str, target: str) -> journal.Line:
    """The line of a move that the caller makes by itself; `Conflict` as for `move`."""
    if target not in TRANSITIONS[table].get(before, frozenset()):
        names = LABELS.get(table, {})
        raise Conflict(
            f"Cet élément est « {names.get(before, before)} » : "
            f"il ne peut pas devenir « {names.get(target, target)} ».",
            "Rien n’a été changé. Rechargez la page pour voir son état actuel.",
        )
    details = {"state_before": before, "state_after": target}
    return journal.Line("state", table, record_id, details=details)
