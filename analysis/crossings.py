"""Themes crossed with a place, a method, a profile or a facet, small counts masked for good.

A table and all its filters are worked out together, from one picture of the corpus: what one view
masks, no other view gives away (`analysis.suppression`). Each testimony counts once in a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.cuts import (
    AXIS,
    PAIRED,
    Cut,
    Cuts,
    Readings,
    Variable,
    everybody,
    readings,
    value_of,
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
    """The testimonies of one line: for each its atom, and its place among the columns."""

    code: str
    label: str
    atoms: Mapping[str, int]
    released: Released
    open: frozenset[str]


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
    """A line, and the filters under which its total may be shown."""
    atoms = {name: cuts.atom(name, code) for name in cuts.speakers.get(code, ())}
    sizes = [0] * len(cuts.atoms)
    for atom in atoms.values():
        sizes[atom] += 1
    released = Released(cuts.watched, [sizes], threshold)
    opened: set[str] = set()
    for family in cuts.families():
        counts = [sum(sizes[atom] for atom in cut.atoms) for cut in family]
        # Axes overlap: their numbers are no parts of a whole, and the elimination alone judges.
        masked = hidden(counts, threshold) if sum(counts) == len(atoms) else frozenset()
        for rank, cut in enumerate(family):
            if rank not in masked and released.let_out(cut.atoms):
                opened.add(cut.key)
    return _Heard(code, label, atoms, released, frozenset(opened))


def _crossing(
    corpus: Corpus, cuts: Cuts, variable: Variable, heard: Sequence[_Heard], threshold: int
) -> Crossing:
    columns = _columns(corpus, cuts, variable)
    ranks = {value: rank for rank, (value, _) in enumerate(columns)}
    caps: list[int] | None = None
    shown: dict[str, list[Line]] = defaultdict(list)
    for line in heard:
        placed = {name: ranks[cuts.value(name, line.code, variable)] for name in line.atoms}
        counts = [0] * len(columns)
        for rank in placed.values():
            counts[rank] += 1
        by_atom = _by_atom(line.atoms, placed, len(columns), len(cuts.atoms))
        if variable.of_meeting:
            open_cells = _of_meetings(cuts, variable, line, columns, threshold)
        else:
            masked = hidden(counts, threshold, caps)
            open_cells = _of_people(cuts, variable, line, by_atom, masked, threshold)
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
        cuts.value(name, code, variable) for code, names in cuts.speakers.items() for name in names
    }
    known = [pair for pair in variable.values if pair[0] in met]
    return (*known, *((value, value) for value in sorted(met - {pair[0] for pair in known})))


def _by_atom(
    atoms: Mapping[str, int], placed: Mapping[str, int], columns: int, size: int
) -> list[list[int]]:
    table = [[0] * size for _ in range(columns)]
    for name, atom in atoms.items():
        table[placed[name]][atom] += 1
    return table


def _of_meetings(
    cuts: Cuts,
    variable: Variable,
    line: _Heard,
    columns: Sequence[tuple[str, str]],
    threshold: int,
) -> dict[str, frozenset[int]]:
    """Cells that are themselves groups of meetings: each is let out like a filter."""
    mine = [cuts.by_key.get(variable.key(value)) for value, _ in columns]
    found = {ALL: frozenset(r for r, cut in enumerate(mine) if cut and cut.key in line.open)}
    paired = cuts.pairs if variable.name in PAIRED else ()
    for key in (cut.key for cut in paired if cut.key in line.open):
        other = cuts.by_key[key]
        found[key] = frozenset(
            rank
            for rank, cut in enumerate(mine)
            if cut is not None
            and rank in found[ALL]
            and other.family != variable.name
            and line.released.let_out(cut.atoms & other.atoms)
        )
    return found


def _of_people(
    cuts: Cuts,
    variable: Variable,
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
    found = {ALL: shown}
    groups = {rank: table[rank] for rank in shown}
    rest = [sum(table[rank][atom] for rank in masked) for atom in range(len(cuts.atoms))]
    mine = "axe" if variable.name == AXIS else variable.name
    kept = [cut for cut in cuts.all if cut.key in line.open and cut.family != mine]
    released, groups, rest = _merged(cuts, kept, groups, rest, threshold)
    if len(groups) + any(rest) > 1:
        for cut in kept:
            if released.let_out(cut.atoms):
                found[cut.key] = frozenset(groups)
    for cut in kept:
        found.setdefault(cut.key, frozenset())
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
    placed: Mapping[str, int],
    shown: frozenset[int],
    within: Atoms | None,
    columns: int,
) -> Line:
    kept: list[list[str]] = [[] for _ in range(columns)]
    for name, atom in line.atoms.items():
        if within is None or atom in within:
            kept[placed[name]].append(name)
    return Line(
        line.code,
        line.label,
        _counts(corpus, [name for names in kept for name in names]),
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
    column = value_of(corpus, said, testimony, line, variable)
    return column == value and within(corpus, said, testimony, line, key)
