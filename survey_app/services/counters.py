"""The counters of a meeting: who was approached, who refused, who stopped, who was there."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.models import Meeting

MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Counters:
    """What the team counted. ``None``: not entered yet."""

    approached: int | None = None
    refusals: int | None = None
    stopped: int | None = None
    present_women: int | None = None
    present_men: int | None = None


COUNTER_LABELS = {
    "approached": "Personnes abordées",
    "refusals": "Refus",
    "stopped": "Entretiens arrêtés en route",
    "present_women": "Femmes présentes",
    "present_men": "Hommes présents",
}


def check(counters: Counters) -> list[str]:
    """What is wrong with the counters, in plain sentences; nothing when they hold together."""
    problems = []
    for name, label in COUNTER_LABELS.items():
        value = getattr(counters, name)
        if value is None:
            problems.append(f"« {label} » n’est pas rempli : écrivez 0 s’il n’y en a pas.")
        elif not 0 <= value <= MOST_PEOPLE:
            problems.append(f"« {label} » doit être un nombre entre 0 et {MOST_PEOPLE}.")
    if not problems and _left(counters) < 0:
        problems.append(
            "Il y a plus de refus et d’arrêts que de personnes abordées : "
            "comptez aussi ces personnes parmi celles que vous avez abordées."
        )
    return problems


def suggested(meeting: Meeting, testimonies: int) -> Counters:
    """Counters to start from: what was counted on the way, and one approach for each."""
    refusals, stopped = meeting.refusals or 0, meeting.stopped or 0
    return Counters(
        approached=max(meeting.approached or 0, testimonies + refusals + stopped),
        refusals=refusals,
        stopped=stopped,
        present_women=meeting.present_women,
        present_men=meeting.present_men,
    )


def _left(counters: Counters) -> int:
    return (counters.approached or 0) - (counters.refusals or 0) - (counters.stopped or 0)
