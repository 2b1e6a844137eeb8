"""The words that mark each part of a campaign, as pages show them; which parts may be opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain import NotFound
from survey_app.models import Run
from survey_app.permissions import Actor
from survey_app.services import run_parts
from survey_app.services.part_groups import GROUPS


@dataclass(frozen=True, slots=True)
class Key:
    """A term in a part: times said there and in all, testimonies saying it there, its index."""

    term: str
    display: str
    count: int
    total: int
    testimonies: int
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part with the terms it says more, and less; ``terms`` is None where it is masked."""

    key: str
    label: str
    terms: int | None
    testimonies: int | None
    picture: str
    more: tuple[Key, ...]
    less: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut of the campaign and its parts, in order."""

    key: str
    label: str
    kind: str
    sensitive: bool
    parts: tuple[Part, ...]

    def part(self, key: str) -> Part:
        """A part that is not masked; `NotFound` otherwise."""
        found = next((part for part in self.parts if part.key == key), None)
        if found is None or found.terms is None:
            raise NotFound(
                "Cette partie est masquée, ou n’existe pas : trop peu de personnes sont derrière.",
                "Revenez à la liste des parties.",
            )
        return found


@dataclass(frozen=True, slots=True)
class Opened:
    """A part in which a word may be read, place by place.

    ``unplaced``: nothing may say where and when a passage was said, for it would be joined to a
    profile. ``spans`` are those of the part, by rank of the testimony in the run.
    """

    label: str
    unplaced: bool
    spans: Mapping[int, Sequence[tuple[int, int]]]

    def holds(self, testimony: int, offset: int) -> bool:
        """Whether the word that begins there lies in the part."""
        return any(start <= offset < end for start, end in self.spans.get(testimony, ()))


def offered(session: Session, actor: Actor, run: Run | None) -> list[tuple[str, str]]:
    """Key and label of each cut of a run."""
    part = run_parts.find(session, actor, run, GROUPS)
    return [(key, label) for key, label, _ in part.document["groups"]] if part else []


def cut(session: Session, actor: Actor, run: Run | None, key: str) -> Cut:
    """A cut with its terms; `NotFound` where the run has none of that name."""
    document = _document(session, actor, run, key)
    said: dict[str, list[Key]] = {}
    for name, *values in document["keys"]:
        said.setdefault(name, []).append(Key(*values))
    parts = tuple(_part(values, said.get(values[0], [])) for values in document["parts"])
    return Cut(key, document["label"], document["kind"], document["sensitive"], parts)


def _part(values: Sequence[Any], said: Sequence[Key]) -> Part:
    key, label, terms, testimonies, picture = values
    more, less = (tuple(one for one in said if (one.score > 0) == side) for side in (True, False))
    return Part(key, label, terms, testimonies, picture, more, less)


def opened(
    session: Session, actor: Actor, run: Run | None, key: str, part: str, word: str
) -> Opened:
    """A part for the places of a word; `NotFound` unless the page of the part shows that word."""
    document = _document(session, actor, run, key)
    if not any(row[0] == part and row[1] == word for row in document["keys"]):
        raise NotFound(
            "Ce mot n’est pas montré dans cette partie : trop peu de personnes l’y disent, "
            "ou il n’y revient ni plus ni moins qu’ailleurs.",
            "Cherchez-le dans la concordance de toute la campagne.",
        )
    names = [values[0] for values in document["parts"]]
    rank = names.index(part)
    spans: dict[int, list[tuple[int, int]]] = {}
    for testimony, start, end, held in document["spans"]:
        if held == rank:
            spans.setdefault(testimony, []).append((start, end))
    label = f"{document['label']} : {document['parts'][rank][1]}"
    return Opened(label, document["kind"] == "profile", spans)


def _document(session: Session, actor: Actor, run: Run | None, key: str) -> dict[str, Any]:
    index = run_parts.get(session, actor, run, GROUPS)
    name = next((name for found, _, name in index.document["groups"] if found == key), "")
    return dict(run_parts.get(session, actor, run, name).document)
