"""The one permission table: read by routes, services, `paroles routes` and the tests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from survey_app.domain import Forbidden


class Role(StrEnum):
    COUNCILLOR = "councillor"
    COORDINATOR = "coordinator"
    EVALUATOR = "evaluator"
    READER = "reader"
    ADMIN = "admin"
    DPO = "dpo"


ROLE_LABELS = {
    Role.COUNCILLOR: "Conseil citoyen",
    Role.COORDINATOR: "Coordination",
    Role.EVALUATOR: "Évaluation",
    Role.READER: "Lecture",
    Role.ADMIN: "Administration",
    Role.DPO: "Protection des données",
}

_EVERY_ROLE = frozenset(Role)
_FIELD = frozenset({Role.COUNCILLOR, Role.COORDINATOR})
_CODERS = _FIELD | {Role.EVALUATOR}
_DESK = frozenset({Role.COORDINATOR})
_CARE = frozenset({Role.ADMIN})

# What may be done, and by whom. Conditions that depend on the record itself (own meeting,
# reviewer other than the collector, assigned reviewer, trained coder) live in the services.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "home": _EVERY_ROLE,
    "account.own": _EVERY_ROLE,
    "campaign.read": _EVERY_ROLE - {Role.ADMIN},
    "campaign.manage": _DESK,
    "questionnaire.read": _CODERS,
    "questionnaire.manage": _DESK,
    "codebook.read": _CODERS,
    "codebook.manage": _DESK,
    "record.write": _FIELD,
    "record.read": _CODERS | {Role.READER},
    "record.answer": _CODERS | {Role.READER},
    "record.erase": _DESK,
    "meeting.manage": _FIELD,
    "testimony.collect": _FIELD,
    "testimony.raw": _FIELD,
    "testimony.review": _FIELD,
    "testimony.mask": _FIELD,
    "testimony.code": _CODERS,
    "testimony.read_masked": _CODERS,
    "testimony.set_aside": _DESK,
    "testimony.erase": _DESK,
    "testimony.import": _DESK,
    "testimony.export": frozenset({Role.COORDINATOR, Role.EVALUATOR}),
    "alert.read": _DESK,
    "contact.read": _DESK,
    "analysis.run": frozenset({Role.COORDINATOR, Role.EVALUATOR}),
    "analysis.read": _CODERS,
    "synthesis.write": _CODERS,
    "synthesis.sign": _FIELD,
    "synthesis.publish": _DESK,
    "synthesis.read": _EVERY_ROLE,
    "synthesis.export": _CODERS,
    "council.manage": frozenset({Role.ADMIN, Role.COORDINATOR}),
    "account.manage": _CARE,
    "backup.manage": _CARE,
    "journal.read": frozenset({Role.ADMIN, Role.DPO}),
    "register.read": frozenset({Role.DPO, Role.COORDINATOR}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which council. The command line acts with every role (``system``)."""

    council_id: uuid.UUID
    account_id: uuid.UUID | None = None
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    mandate: bool = False
    trained: bool = False

    def can(self, action: str) -> bool:
        """Whether the table allows the action; an action it does not know is refused."""
        return bool(self.roles & PERMISSIONS.get(action, frozenset()))

    def require(self, action: str) -> None:
        """Raise `Forbidden` unless the table allows the action."""
        if not self.can(action):
            raise Forbidden()


def system_actor(council_id: uuid.UUID) -> Actor:
    """The command line of the machine itself: whoever runs it already holds the keys."""
    return Actor(council_id, None, "ligne de commande", frozenset(Role), trained=True)
