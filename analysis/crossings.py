"""Themes crossed with a place, a method, a profile or a facet, small counts masked for good.

A table and all its filters are worked out together, from one picture of the corpus: what one view
masks, no other view gives away (`analysis.suppression`). Each testimony counts once in a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.cuts import (
    FAMILIES,
    PAIRED,
    Cut,
    Cuts,
    Readings,
    Variable,
    everybody,
    readings,
    values_of,
    variables,
    within,
)
from analysis.suppression import Atoms, Released, hidden
from analysis.tables import Counts

ALL = ""
MOST_CUTS = 60
MERGED_SHARE = 4  # small groups under a quarter of a line may be masked to open a filter


@dataclass(frozen=True, slots=True)
class Line:
    """A theme (``ALL``: every testimony); None is a masked number."""

    code: str
    label: str
    total: Counts | None
    cells: tuple[Counts | None, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """One variable: its columns, and its lines for each filter (``ALL``: no filter)."""

    variable: Variable
    columns: tuple[tuple[str, str], ...]
    views: Mapping[str, tuple[Line, ...]]
    filters: tuple[Cut, ...] = ()


@dataclass(frozen=True)
class _Heard:
    """The testimonies of one line, each with its atom; the cuts, and pairs of them, it may show."""

    code: str
    label: str
    atoms: Mapping[str, int]
    open: frozenset[str]
    pairs: frozenset[frozenset[str]]


def crossings(corpus: Corpus, codebook: Codebook, threshold: int) -> tuple[Crossing, ...]:
    """Every crossing that shows something, with every filter that still shows something."""
    if not corpus.testimonies:
        return ()
    said = readings(corpus, codebook)
    cuts = everybody(corpus, said, MOST_CUTS)
    lines = [(ALL, "Ensemble"), *((theme.code, theme.label) for theme in codebook.themes)]
    heard = [_heard(cuts, code, label, threshold) for code, label in lines]
    heard = [line for line in heard if line.atoms]
    found = [
        _crossing(corpus, cuts, variable, heard, threshold)
        for variable in variables(corpus, codebook)
    ]
    return tuple(crossing for crossing in found if _shows(crossing))


def _shows(crossing: Crossing) -> bool:
    return any(any(cell for cell in line.cells) for line in crossing.views[ALL])


def _heard(cuts: Cuts, code: str, label: str, threshold: int) -> _Heard:
    """A line, and the filters and pairs of filters under which its total may be shown."""
    atoms = {name: cuts.atom(name, code) for name in cuts.speakers.get(code, ())}
    sizes = [0] * len(cuts.atoms)
    for atom in atoms.values():
        sizes[atom] += 1
    released = Released(cuts.watched, [sizes], threshold)
    wholes = [frozenset(range(len(sizes)))]
    opened: set[str] = set()
    for name in FAMILIES:
        family = cuts.of(name)
        shown = released.let_out_all([cut.atoms for cut in family], _partitions(family, wholes))
        opened |= {family[rank].key for rank in shown}
        wholes += [family[rank].atoms for rank in sorted(shown)]
    pairs: set[frozenset[str]] = set()
    for one, two in combinations(PAIRED, 2):
        pairs |= _open_pairs(released, cuts.of(one), cuts.of(two), opened)
    return _Heard(code, label, atoms, frozenset(opened), frozenset(pairs))


def _partitions(cuts: Sequence[Cut], wholes: Sequence[Atoms]) -> list[list[int]]:
    """For each whole, the ranks of the cuts of one family that make it (axes overlap: none do)."""
    found = []
    for family, whole in product(FAMILIES, wholes):
        inside = [n for n, cut in enumerate(cuts) if cut.family == family and cut.atoms <= whole]
        held = [atom for rank in inside for atom in cuts[rank].atoms]
        if len(held) == len(whole) == len(set(held)):
            found.append(inside)
    return found


def _open_pairs(
    released: Released, ones: Sequence[Cut], twos: Sequence[Cut], opened: Collection[str]
) -> set[frozenset[str]]:
    """The pairs of cuts of two families whose meeting may be shown."""
    both = list(product(ones, twos))
    groups = [one.atoms & two.atoms for one, two in both]
    lines: list[list[int]] = []
    for side in (*ones, *twos):
        mine = [n for n, pair in enumerate(both) if side in pair and groups[n]]
        held = [atom for rank in mine for atom in groups[rank]]
        if side.key in opened and len(held) == len(set(held)) == len(side.atoms):
            lines.append(mine)
    shut = {n for n, pair in enumerate(both) if not all(cut.key in opened for cut in pair)}
    shown = released.let_out_all(groups, lines, shut)
    return {frozenset(cut.key for cut in both[rank]) for rank in shown}


def _crossing(
    corpus: Corpus, cuts: Cuts, variable: Variable, heard: Sequence[_Heard], threshold: int
) -> Crossing:
    columns = _columns(corpus, cuts, variable)
    ranks = {value: rank for rank, (value, _) in enumerate(columns)}
    caps: list[int] | None = None
    shown: dict[str, list[Line]] = defaultdict(list)
    for line in heard:
        placed = {
            name: [ranks[value] for value in cuts.values(name, line.code, variable)]
            for name in line.atoms
        }
        by_atom = _by_atom(line.atoms, placed, len(columns), len(cuts.atoms))
        if variable.family:
            open_cells = _of_cuts(cuts, variable, line, columns)
        else:
            counts = [sum(column) for column in by_atom]
            masked = hidden(counts, threshold, caps)
            open_cells = _of_people(cuts, line, by_atom, masked, threshold)
            if variable.kind == "profile" and line.code == ALL:
                most = len(line.atoms)
                caps = [most if rank in masked else n for rank, n in enumerate(counts)]
        for key, ranks_shown in open_cells.items():
            within = cuts.by_key[key].atoms if key else None
            shown[key].append(_line(corpus, line, placed, ranks_shown, within, len(columns)))
    views = _useful(shown)
    return Crossing(variable, columns, views, tuple(cut for cut in cuts.all if cut.key in views))


def _useful(shown: Mapping[str, list[Line]]) -> dict[str, tuple[Line, ...]]:
    """A filter under which no cell is left is not offered."""
    return {
        key: tuple(lines)
        for key, lines in shown.items()
        if key == ALL or any(any(line.cells) for line in lines)
    }


def _columns(corpus: Corpus, cuts: Cuts, variable: Variable) -> tuple[tuple[str, str], ...]:
    met = {
        value
        for code, names in cuts.speakers.items()
        for name in names
        for value in cuts.values(name, code, variable)
    }
    known = [pair for pair in variable.values if pair[0] in met]
    return (*known, *((value, value) for value in sorted(met - {pair[0] for pair in known})))


def _by_atom(
    atoms: Mapping[str, int], placed: Mapping[str, Sequence[int]], columns: int, size: int
) -> list[list[int]]:
    table = [[0] * size for _ in range(columns)]
    for name, atom in atoms.items():
        for rank in placed[name]:
            table[rank][atom] += 1
    return table


def _of_cuts(
    cuts: Cuts, variable: Variable, line: _Heard, columns: Sequence[tuple[str, str]]
) -> dict[str, frozenset[int]]:
    """Cells that are themselves groups of meetings or of axes: shown where the line opens them."""
    mine = [variable.key(value) for value, _ in columns]
    found = {ALL: frozenset(rank for rank, key in enumerate(mine) if key in line.open)}
    for other in cuts.pairs if variable.family in PAIRED else ():
        if other.key in line.open:
            shown = (n for n, key in enumerate(mine) if frozenset((key, other.key)) in line.pairs)
            found[other.key] = frozenset(shown)
    return found


def _of_people(
    cuts: Cuts,
    line: _Heard,
    table: list[list[int]],
    masked: frozenset[int],
    threshold: int,
) -> dict[str, frozenset[int]]:
    """Columns shown without a filter, and under each filter that cuts every group well.

    The columns masked are one group. Under filters, all the groups of a line are shown or none:
    what stays masked is then a full rectangle, of which no margin is small.
    """
    shown = frozenset(range(len(table))) - masked
    kept = [cut for cut in cuts.all if cut.key in line.open]
    found = {ALL: shown, **{cut.key: frozenset[int]() for cut in kept}}
    groups = {rank: table[rank] for rank in shown}
    rest = [sum(table[rank][atom] for rank in masked) for atom in range(len(cuts.atoms))]
    released, groups, rest = _merged(cuts, kept, groups, rest, threshold)
    if len(groups) + any(rest) > 1:
        wholes = [frozenset(range(len(cuts.atoms))), *(cut.atoms for cut in kept)]
        shut = {n for n, cut in enumerate(cuts.all) if cut not in kept}
        lines = _partitions(cuts.all, wholes)
        for rank in released.let_out_all([cut.atoms for cut in cuts.all], lines, shut):
            found[cuts.all[rank].key] = frozenset(groups)
    return found


def _merged(
    cuts: Cuts, kept: Sequence[Cut], groups: dict[int, list[int]], rest: list[int], threshold: int
) -> tuple[Released, dict[int, list[int]], list[int]]:
    """Small columns join the masked ones where they alone would close the widest filters."""
    whole = sum(rest) + sum(sum(line) for line in groups.values())
    widest = [cut.atoms for cut in kept if cut.family in ("quartier", "methode")] or [
        cut.atoms for cut in kept
    ]
    for rank in sorted(groups, key=lambda rank: sum(groups[rank])):
        line = groups[rank]
        thin = any(_thin(line, group, threshold) for group in widest)
        if thin and MERGED_SHARE * (sum(rest) + sum(line)) <= whole:
            rest = [a + b for a, b in zip(rest, line, strict=True)]
            groups = {key: value for key, value in groups.items() if key != rank}
    lines = [*groups.values(), *([rest] if any(rest) else [])]
    return Released(cuts.watched, lines, threshold), groups, rest


def _thin(line: Sequence[int], group: Atoms, threshold: int) -> bool:
    inside = sum(line[atom] for atom in group)
    return min(inside, sum(line) - inside) < threshold


def _line(
    corpus: Corpus,
    line: _Heard,
    placed: Mapping[str, Sequence[int]],
    shown: frozenset[int],
    within: Atoms | None,
    columns: int,
) -> Line:
    kept: list[list[str]] = [[] for _ in range(columns)]
    everybody = [name for name, atom in line.atoms.items() if within is None or atom in within]
    for name in everybody:
        for rank in placed[name]:
            kept[rank].append(name)
    return Line(
        line.code,
        line.label,
        _counts(corpus, everybody),
        tuple(_counts(corpus, names) if r in shown else None for r, names in enumerate(kept)),
    )


def _counts(corpus: Corpus, names: Sequence[str]) -> Counts:
    found = [corpus.testimony_by_id[name] for name in names]
    return Counts(
        len(found),
        len({testimony.meeting for testimony in found}),
        sum(testimony.persons for testimony in found),
    )


def lies_in(
    corpus: Corpus,
    said: Readings,
    testimony: str,
    line: str,
    variable: Variable,
    value: str,
    key: str,
) -> bool:
    """Whether a testimony of a line counts in a column, under a filter (``ALL``: none)."""
    columns = values_of(corpus, said, testimony, line, variable)
    return value in columns and within(corpus, said, testimony, line, key)
