"""Crossings of a run: worked out by the job, read by the pages, never counted anew in between."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import crossings as pure
from analysis import cuts
from analysis.tables import Counts
from questionnaires import versions
from questionnaires.model import in_language
from questionnaires.problems import QuestionnaireError
from survey_app.domain import NotFound
from survey_app.models import Campaign, Crossing, QuestionnaireVersion, Run, Testimony
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora

Labels = dict[str, tuple[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class View:
    """One crossing under one filter, as a page shows it. ``filters``: family, then key, label."""

    name: str
    label: str
    kind: str
    key: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[pure.Line, ...]
    filters: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @property
    def filter_label(self) -> str:
        found = [label for _, options in self.filters for key, label in options if key == self.key]
        return found[0] if found else ""


def documents(loaded: corpora.Loaded, threshold: int, labels: Labels) -> list[dict[str, Any]]:
    """Every crossing as a run keeps it: JSON values, small counts already left out."""
    found = []
    for crossing in pure.crossings(loaded.corpus, loaded.codebook, threshold):
        variable = crossing.variable
        title, options = labels.get(variable.question, (variable.label, {}))
        found.append(
            {
                "name": variable.name,
                "label": title if variable.kind == "profile" else variable.label,
                "kind": variable.kind,
                "columns": [
                    [value, options.get(value, label)] for value, label in crossing.columns
                ],
                "filters": [[cut.key, cut.family, cut.label] for cut in crossing.filters],
                "views": {
                    key: [
                        [line.code, line.label, _packed(line.total), [*map(_packed, line.cells)]]
                        for line in lines
                    ]
                    for key, lines in crossing.views.items()
                },
            }
        )
    return found


def labels(session: Session, actor: Actor, campaign: Campaign) -> Labels:
    """The profile questions of the questionnaires that were answered: title, and each choice's."""
    used = select(Testimony.questionnaire_version_id).where(Testimony.campaign_id == campaign.id)
    rows = session.scalars(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.council_id == actor.council_id, QuestionnaireVersion.id.in_(used)
        )
    )
    found: Labels = {}
    for row in rows:
        try:
            questionnaire = versions.from_dict(row.document)
        except QuestionnaireError:
            continue  # its answers keep their plain names
        for section in questionnaire.sections:
            for question in section.questions:
                if question.profile:
                    _, options = found.setdefault(
                        question.name, (in_language(question.label, "fr"), {})
                    )
                    options |= {
                        item.name: in_language(item.label, "fr") for item in question.choices
                    }
    return found


def keep(session: Session, run: Run, found: Sequence[Mapping[str, Any]]) -> None:
    """Store the crossings of a run; they leave with it."""
    session.add_all(
        Crossing(
            run_id=run.id,
            council_id=run.council_id,
            position=position,
            name=document["name"],
            label=document["label"],
            document=dict(document),
        )
        for position, document in enumerate(found)
    )


def listed(session: Session, actor: Actor, run: Run | None) -> list[tuple[str, str]]:
    """Name and label of each crossing of a run."""
    actor.require("analysis.read")
    if run is None:
        return []
    query = (
        select(Crossing.name, Crossing.label)
        .where(Crossing.run_id == run.id, Crossing.council_id == actor.council_id)
        .order_by(Crossing.position)
    )
    return [(row.name, row.label) for row in session.execute(query)]


def offers(session: Session, actor: Actor, run: Run | None, name: str, key: str) -> bool:
    """Whether a crossing still shows something under this filter."""
    return key in _document(session, actor, run, name)["views"]


def view(session: Session, actor: Actor, run: Run | None, name: str, key: str = "") -> View:
    """A crossing under a filter; `NotFound` where the run has no such crossing or filter."""
    document = _document(session, actor, run, name)
    if key not in document["views"]:
        raise NotFound(
            "Ce filtre ne laisse aucun nombre à montrer.",
            "Rien n’est perdu. Revenez au tableau sans filtre.",
        )
    filters: dict[str, list[tuple[str, str]]] = {}
    for cut, family, label in document["filters"]:
        filters.setdefault(cuts.FAMILIES[family], []).append((cut, label))
    return View(
        name,
        document["label"],
        document["kind"],
        key,
        tuple((value, label) for value, label in document["columns"]),
        tuple(
            pure.Line(code, label, _counts(total), tuple(map(_counts, cells)))
            for code, label, total, cells in document["views"][key]
        ),
        tuple((family, tuple(options)) for family, options in filters.items()),
    )


def _document(session: Session, actor: Actor, run: Run | None, name: str) -> dict[str, Any]:
    actor.require("analysis.read")
    query = select(Crossing.document).where(
        Crossing.run_id == (run.id if run else uuid.UUID(int=0)),
        Crossing.council_id == actor.council_id,
        Crossing.name == name,
    )
    document: dict[str, Any] | None = session.scalars(query).one_or_none()
    if document is None:
        raise NotFound()
    return document


def _packed(counts: Counts | None) -> list[int] | None:
    return [counts.testimonies, counts.meetings, counts.people] if counts else None


def _counts(packed: list[int] | None) -> Counts | None:
    return Counts(*packed) if packed else None
