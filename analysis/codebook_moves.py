"""What a new version of a grid makes of codings that are already there, and the way back.

A place is one excerpt and one coder: it bears a code at most once. Where two codes become one,
one coding keeps counting and the others are ``merged``: they stay, so that undoing finds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.codebook_changes import Codes

COUNTS = "validated"
MERGED = "merged"
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Coded:
    """A coding: its name, its place, its code, its state and its facets."""

    id: str
    place: str
    code: str
    state: str = COUNTS
    facets: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A coding before and after; ``share``: the codes among which a person has to choose."""

    before: Coded
    after: Coded
    share: tuple[str, ...] = ()


def forward(codings: Iterable[Coded], become: Codes) -> list[Move]:
    """The moves that a mapping of codes asks for; what it does not touch is left out."""
    moves = []
    for group in _by_place(codings).values():
        wanted: dict[str, list[Coded]] = defaultdict(list)
        for coded in group:
            targets = become.get(coded.code, (coded.code,))
            if targets:
                wanted[targets[0]].append(coded)
            elif coded.state == COUNTS:
                moves.append(Move(coded, replace(coded, state=RETIRED)))
        for code, rivals in wanted.items():
            settled = _settled(code, rivals)
            for before in rivals:
                after = settled[before.id]
                shares = become.get(before.code, ())
                share = shares if len(shares) > 1 and after.state == COUNTS else ()
                if after != before or share:
                    moves.append(Move(before, after, share))
    return moves


def backward(
    codings: Iterable[Coded],
    moves: Sequence[Move],
    made: Collection[str],
    become: Codes,
) -> tuple[list[Move], list[Coded]]:
    """The moves that take a mapping back, and the codings that have no code to go back to.

    ``codings`` are as they are now: what was coded or taken off since keeps its sense. ``made``
    names those that only the new version needed.
    """
    known = {move.after.id: move for move in moves}
    origins: dict[str, str] = {}
    for old, names in become.items():
        for name in names:
            origins.setdefault(name, old)
    back, lost = [], []
    for group in _by_place(codings).values():
        wanted: dict[str, list[Coded]] = defaultdict(list)
        now = {coded.id: coded for coded in group}
        for coded in group:
            restored = _restored(coded, known.get(coded.id))
            if coded.id in made:
                restored = replace(coded, state=MERGED) if coded.state == COUNTS else coded
            code = restored.code if restored.code in become else origins.get(restored.code)
            if code is not None and coded.id not in made:
                wanted[code].append(restored)
            elif coded.id in made:
                back += [Move(coded, restored)] if restored != coded else []
            elif coded.state == COUNTS:
                lost.append(coded)
        for code, rivals in wanted.items():
            settled = _settled(code, rivals)
            back += [
                Move(now[name], after) for name, after in settled.items() if after != now[name]
            ]
    return back, lost


def _by_place(codings: Iterable[Coded]) -> dict[str, list[Coded]]:
    places: dict[str, list[Coded]] = defaultdict(list)
    for coded in codings:
        places[coded.place].append(coded)
    return places


def _restored(coded: Coded, move: Move | None) -> Coded:
    """A coding as it was before its move, except for what people changed in it since."""
    if move is None:
        return coded
    state = move.before.state if coded.state == move.after.state else coded.state
    facets = move.before.facets if coded.facets == move.after.facets else coded.facets
    return replace(coded, code=move.before.code, state=state, facets=facets)


def _settled(code: str, rivals: Sequence[Coded]) -> dict[str, Coded]:
    """One of the rivals bears the code, counting if any of them counted; the others are merged.

    The one that already bore it, if any, else one that counted: a code is never borne twice.
    """
    if len(rivals) == 1:
        only = rivals[0]
        return {only.id: only if only.code == code else replace(only, code=code)}
    keeper = min(rivals, key=lambda coded: (coded.code != code, coded.state != COUNTS))
    counting = keeper if keeper.state == COUNTS else None
    counting = counting or next((coded for coded in rivals if coded.state == COUNTS), None)
    kept = replace(keeper, code=code)
    if counting is not None and counting is not keeper:
        kept = replace(kept, state=COUNTS, facets=counting.facets)
    return {
        coded.id: kept
        if coded is keeper
        else replace(coded, state=MERGED)
        if coded.state == COUNTS
        else coded
        for coded in rivals
    }
