"""What a run keeps of testimonies that are nearly copies of one another: who, how near, and where.

Nothing is merged nor set aside: every testimony still counts, and people decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis import near_duplicates
from analysis.corpus import quote_hash
from analysis.near_duplicates import Answers
from survey_app.services.run_parts import Given, Part

TOLD = "Réponses proches"
NAME = "reponses-proches"
GROUPS = 300
MEMBERS = 500  # of a group that are listed
PAIRS = 20  # of a group that are shown side by side, the nearest first
PASSAGES = 60  # shared by a pair
HASH = 16  # characters of a text's fingerprint: enough to see that it changed
HEAD = ("Groupe", "Témoignages", "Rencontres", "Personnes", "Lien le plus faible (0 à 1)")


def made(given: Given) -> Iterator[Part]:
    """One part, also where nothing is near: the page then says so."""
    found = near_duplicates.coordinated(given.corpus)
    ranks: dict[str, int] = {}
    groups = [_group(answers, ranks) for answers in found[:GROUPS]]
    known = given.corpus.testimony_by_id
    texts = [[key, quote_hash(known[key].text)[:HASH], known[key].number] for key in ranks]
    together = {member for answers in found for member in answers.group.members}
    document = {
        "groups": groups,
        "testimonies": texts,
        "found": len(found),
        "together": len(together),
        "whole": len(given.corpus.testimonies),
    }
    rows = tuple(
        (
            rank,
            answers.counts.testimonies,
            answers.counts.meetings,
            answers.counts.people,
            round(answers.group.lowest, 3),
        )
        for rank, answers in enumerate(found, start=1)
    )
    yield Part(NAME, "Réponses proches", document, HEAD if rows else (), rows)


def _group(answers: Answers, ranks: dict[str, int]) -> dict[str, Any]:
    def rank(key: str) -> int:
        return ranks.setdefault(key, len(ranks))

    group, counts = answers.group, answers.counts
    linked = zip(group.links, answers.shared, strict=True)
    pairs = [
        [
            rank(link.one),
            rank(link.two),
            round(link.similarity, 4),
            [list(passage) for passage in shared[:PASSAGES]],
        ]
        for link, shared in list(linked)[:PAIRS]
    ]
    return {
        "counts": [counts.testimonies, counts.meetings, counts.people],
        "lowest": round(group.lowest, 4),
        "members": [rank(key) for key in group.members[:MEMBERS]],
        "pairs": pairs,
    }
