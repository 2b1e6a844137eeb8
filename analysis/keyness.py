"""The words that each part of a campaign says more, or less, than the whole, with their proof.

Ranked by Lafon's index (`analysis.specificities`). Small counts of people are masked here, as in
the crossings: what the list of one part shows gives away no small count of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.corpus import Corpus
from analysis.french import Token
from analysis.groups import Group
from analysis.lexicon import surfaces
from analysis.occurrences import Occurrences, occurrences
from analysis.specificities import lafon
from analysis.suppression import hidden

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 5  # times said in the whole: below, the index says nothing
FLOOR = 2.0  # an index nearer to zero is called banal, as textometry does: it is not listed
MOST = 30  # terms listed on each side of a part
PROOFS = 50  # passages kept behind a term
NOTE = (
    "Cet indice range les mots : il dit lesquels reviennent plus, ou moins, dans une partie que "
    "dans l'ensemble, compte tenu de sa taille. Il ne dit ni pourquoi, ni ce que pensent les "
    "personnes qui n'ont pas été rencontrées. Lisez les passages avant de conclure."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part and what it holds, in terms said and in testimonies; None where that is masked."""

    key: str
    label: str
    terms: int | None
    testimonies: int | None


@dataclass(frozen=True, slots=True)
class Key:
    """A term in a part: times said there and in all, testimonies saying it there, and the index.

    A positive ``score`` is a word said more there than elsewhere. ``positions``: (testimony,
    start, end) in the part, one from each testimony first.
    """

    term: str
    display: str
    part: str
    count: int
    total: int
    testimonies: int
    score: float
    positions: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Keyness:
    """A cut of the campaign: its parts, and the terms of each, the strongest first."""

    group: str
    label: str
    kind: str
    parts: tuple[Part, ...]
    keys: tuple[Key, ...]

    def of(self, part: str, *, more: bool = True) -> tuple[Key, ...]:
        """The terms that a part says more (or less) than the whole."""
        return tuple(key for key in self.keys if key.part == part and (key.score > 0) == more)


@dataclass(frozen=True)
class _Table:
    """Counts of the kept terms (lines) in the parts of a group (columns), and their index."""

    counts: NDArray[Any]
    voices: NDArray[Any]
    scores: NDArray[Any]
    sizes: NDArray[Any]
    tokens: NDArray[Any]
    cells: NDArray[Any]


def keyness(
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    groups: Sequence[Group],
    *,
    threshold: int,
    least: int = LEAST,
    floor: float = FLOOR,
    most: int = MOST,
    proofs: int = PROOFS,
) -> tuple[Keyness, ...]:
    """What marks each part of each group; a term that one testimony alone says is left out.

    In a sensitive group, a part of fewer than ``threshold`` testimonies is masked, and so is a
    term said there by fewer, with what would give either away. ``CorpusError`` when a testimony
    has no words prepared.
    """
    held = occurrences(said, corpus)
    kept = held.kept(least, voices=2)
    picked = []
    for group in groups:
        table = _table(held, kept, group)
        people = _people(group)
        masked = _masked_parts(group, people, threshold)
        cells = list(_picked(table, group, masked, max(2, threshold), floor, most))
        picked.append((group, table, people, masked, cells))
    rows = {row for *_, cells in picked for row, _ in cells}
    forms = surfaces(said, corpus, {held.lemmas[int(kept[row])] for row in rows})
    found = []
    for group, table, people, masked, cells in picked:
        parts = tuple(
            Part(key, label, None, None)
            if rank in masked
            else Part(key, label, int(table.sizes[rank]), people[rank])
            for rank, (key, label) in enumerate(group.parts)
        )
        keys = tuple(_key(held, kept, group, table, cell, forms, proofs) for cell in cells)
        found.append(Keyness(group.key, group.label, group.kind, parts, keys))
    return tuple(found)


def _table(held: Occurrences, kept: NDArray[Any], group: Group) -> _Table:
    import numpy as np  # heavy: only when an analysis runs

    columns = len(group.parts)
    tokens, parts = held.inside(group)
    sizes = np.bincount(parts, minlength=columns)
    rank = np.full(len(held.lemmas), -1)
    rank[kept] = np.arange(len(kept))
    lines = rank[held.term[tokens]]
    usual = lines >= 0
    tokens, cells = tokens[usual], lines[usual] * columns + parts[usual]
    order = np.argsort(cells, kind="stable")
    tokens, cells = tokens[order], cells[order]
    shape = len(kept), columns
    counts = np.bincount(cells, minlength=len(kept) * columns).reshape(shape)
    each = np.unique(cells * len(held.testimonies) + held.voice[tokens])
    voices = np.bincount(each // max(1, len(held.testimonies)), minlength=counts.size)
    scores = lafon(counts, held.totals[kept][:, None], sizes[None, :], len(held.term))
    return _Table(counts, voices.reshape(shape), scores, sizes, tokens, cells)


def _people(group: Group) -> list[int]:
    """How many testimonies have something in each part."""
    found = [0] * len(group.parts)
    for spans in group.spans.values():
        for rank in {rank for _, _, rank in spans}:
            found[rank] += 1
    return found


def _masked_parts(group: Group, people: Sequence[int], threshold: int) -> frozenset[int]:
    if not group.sensitive:
        return frozenset()
    if group.whole:
        return hidden(people, threshold)
    return frozenset(rank for rank, count in enumerate(people) if count < threshold)


def _picked(
    table: _Table,
    group: Group,
    masked: Collection[int],
    threshold: int,
    floor: float,
    most: int,
) -> Iterator[tuple[int, int]]:
    """The cells to list, part by part: the most said first, then the least said."""
    hides: dict[int, frozenset[int]] = {}

    def open_to_all(row: int, part: int) -> bool:
        if not group.sensitive:
            return table.scores[row, part] < 0 or bool(table.voices[row, part] > 1)
        if not group.whole:
            return bool(table.voices[row, part] >= threshold)
        if row not in hides:
            hides[row] = hidden(table.voices[row].tolist(), threshold, also=masked)
        return part not in hides[row]

    for part in range(len(group.parts)):
        if part in masked:
            continue
        for sign in (1, -1):
            strength = sign * table.scores[:, part]
            rows = [row for row in (-strength).argsort(kind="stable") if strength[row] >= floor]
            shown = (int(row) for row in rows if open_to_all(int(row), part))
            for row, _ in zip(shown, range(most), strict=False):
                yield row, part


def _key(
    held: Occurrences,
    kept: NDArray[Any],
    group: Group,
    table: _Table,
    cell: tuple[int, int],
    forms: Mapping[str, Sequence[str]],
    proofs: int,
) -> Key:
    row, part = cell
    term = int(kept[row])
    lemma = held.lemmas[term]
    place = row * len(group.parts) + part
    first, last = int(table.cells.searchsorted(place)), int(table.cells.searchsorted(place + 1))
    return Key(
        lemma,
        forms[lemma][0],
        group.parts[part][0],
        int(table.counts[cell]),
        int(held.totals[term]),
        int(table.voices[cell]),
        float(table.scores[cell]),
        held.positions(table.tokens[first:last], proofs),
    )
