"""The network of words said together: a picture where place carries no meaning, links do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot, sqrt

from analysis.canvas import GREY, Canvas
from analysis.drawings_geometry import Box, Point
from analysis.drawings_labels import Wanted, placed
from analysis.drawings_marks import LINE, SMALL, legend, look, reach, symbol
from analysis.lettering import Text, decimal, one_line
from analysis.pictures import Picture, drawn, notice
from analysis.wording import count, listing

_WIDTH, _HEIGHT = 860, 680
_SMALLEST, _LARGEST = 11, 26  # radius of a mark, in pixels
_THICKEST = 8
_BETWEEN = 22  # pixels between two marks, for their names
_TURNS = 60
_CROWD = 40  # above this number of words, marks shrink and the picture grows
_MORE = 7  # pixels downwards for each word above it
_KEY = "Trait épais : lien plus fort. Trait tireté : lien entre deux groupes."


@dataclass(frozen=True, slots=True)
class Node:
    """A word: ``x`` and ``y`` in any unit, y downwards; ``size`` a count; ``group`` from 0."""

    label: str
    x: float
    y: float
    size: float
    group: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between the nodes of ranks ``a`` and ``b``; ``weight`` is its strength."""

    a: int
    b: int
    weight: float
    href: str = ""


def network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    groups: Sequence[str] = (),
    name: str = "reseau",
    title: str = "Mots dits ensemble",
    head: tuple[str, str, str, str] = ("Mot", "Nombre de fois", "Groupe", "Dit avec"),
) -> Picture:
    """Marks as large as their count, links as thick as their weight, groups by shape and letter.

    ``groups`` names the groups by rank; without a name, a group is told by its three largest
    words. Nodes are moved apart where they would hide one another.
    """
    if not nodes:
        return notice(name, title, "Pas assez de mots dits ensemble pour dessiner un réseau.")
    ranks = sorted({node.group for node in nodes})
    names = {rank: _group(rank, nodes, groups) for rank in ranks}
    high = _HEIGHT + _MORE * max(0, len(nodes) - _CROWD)
    field: Box = (12, 12, _WIDTH - 12, high - 12)
    radii = _radii(nodes)
    spots = _apart(_spread(nodes, field), radii, field)
    tall = high + (48 + LINE * len(ranks) if len(ranks) > 1 else 0)
    canvas = Canvas(_WIDTH, tall)
    for edge in sorted(edges, key=lambda edge: (edge.weight, edge.a, edge.b)):
        _draw_edge(canvas, edge, nodes, spots, max(edge.weight for edge in edges))
    left_out = _draw_nodes(canvas, nodes, spots, radii, field)
    if len(ranks) > 1:
        below = legend(canvas, [(look(rank), names[rank]) for rank in ranks], 12, high + 8)
        canvas.text(Text(12, below + 4, _KEY, SMALL, GREY))
    alt = _alt(nodes, edges, names, left_out)
    return drawn(name, title, canvas, alt, head, _rows(nodes, edges))


def _group(rank: int, nodes: Sequence[Node], groups: Sequence[str]) -> str:
    if rank < len(groups) and groups[rank]:
        return one_line(groups[rank])
    inside = sorted((node for node in nodes if node.group == rank), key=lambda node: -node.size)
    return listing([one_line(node.label) for node in inside[:3]])


def _spread(nodes: Sequence[Node], field: Box) -> list[Point]:
    """The field filled by the layout, whatever its unit; a single place becomes the middle."""
    room = _LARGEST + 8
    sides = []
    for places, low, high in (
        ([node.x for node in nodes], field[0] + room + 50, field[2] - room - 50),
        ([node.y for node in nodes], field[1] + room, field[3] - room),
    ):
        least, most = min(places), max(places)
        wide = most - least
        sides.append([low + (high - low) * ((at - least) / wide if wide else 0.5) for at in places])
    return list(zip(*sides, strict=True))


def _radii(nodes: Sequence[Node]) -> list[float]:
    """The area of a mark goes with its count; many words leave less room for each."""
    most = max(node.size for node in nodes) or 1
    largest = max(_SMALLEST + 3, _LARGEST * min(1.0, sqrt(_CROWD / len(nodes))))
    return [_SMALLEST + (largest - _SMALLEST) * sqrt(max(0.0, node.size / most)) for node in nodes]


def _apart(spots: Sequence[Point], radii: Sequence[float], field: Box) -> list[Point]:
    """Moves away from each other the marks that touch, without leaving the field."""
    moved = [list(spot) for spot in spots]
    for _ in range(_TURNS):
        pairs = combinations(range(len(moved)), 2)
        pushed = [
            _push(moved[one], moved[two], radii[one] + radii[two] + _BETWEEN) for one, two in pairs
        ]
        for spot, radius in zip(moved, radii, strict=True):
            spot[0] = min(max(spot[0], field[0] + 2 * radius), field[2] - 2 * radius)
            spot[1] = min(max(spot[1], field[1] + 2 * radius), field[3] - 2 * radius)
        if not any(pushed):
            break
    return [(x, y) for x, y in moved]


def _push(one: list[float], two: list[float], wished: float) -> bool:
    across, down = two[0] - one[0], two[1] - one[1]
    away = hypot(across, down)
    if away >= wished:
        return False
    # Two marks at the very same place part sideways.
    across, down, away = (across, down, away) if away else (1.0, 0.0, 1.0)
    step = (wished - min(away, wished)) / 2 / away if away > 1 else wished / 2
    one[0], one[1] = one[0] - across * step, one[1] - down * step
    two[0], two[1] = two[0] + across * step, two[1] + down * step
    return True


def _draw_edge(
    canvas: Canvas, edge: Edge, nodes: Sequence[Node], spots: Sequence[Point], most: float
) -> None:
    """Full within a group, dashed between two."""
    one, two = nodes[edge.a], nodes[edge.b]
    line = (spots[edge.a], spots[edge.b])
    thick = 1 + (_THICKEST - 1) * max(0.0, edge.weight / most if most else 0)
    said = f"{one.label} – {two.label} : {decimal(edge.weight)}"
    with canvas.mark(said, edge.href):
        canvas.line(line, "#8a8a8a", thick, () if one.group == two.group else (6, 4))
        if edge.href:
            canvas.reach(line)


def _draw_nodes(
    canvas: Canvas,
    nodes: Sequence[Node],
    spots: Sequence[Point],
    radii: Sequence[float],
    field: Box,
) -> int:
    """Marks and names; returns how many names found no place."""
    wanted = [
        Wanted(node.label, *spot, reach(look(node.group), radius), node.size)
        for node, spot, radius in zip(nodes, spots, radii, strict=True)
    ]
    labels = placed(wanted, field)
    for node, spot, radius, label in zip(nodes, spots, radii, labels, strict=True):
        said = f"{node.label} : {decimal(node.size)}, groupe {look(node.group).letter}"
        x, y = spot
        room = (x - radius, y - radius, x + radius, y + radius)
        with canvas.mark(said, node.href, room):
            if label and label.leader:
                canvas.line(label.leader, GREY, 1)
            symbol(canvas, look(node.group), x, y, radius)
            if label:
                canvas.text(label.text)
    return sum(label is None for label in labels)


def _alt(nodes: Sequence[Node], edges: Sequence[Edge], names: Mapping[int, str], left: int) -> str:
    said = f"{count(len(nodes), 'mot')}, {count(len(edges), 'lien')}"
    if len(names) > 1:
        told = " ; ".join(f"{look(rank).letter}, {name}" for rank, name in names.items())
        said += f", {len(names)} groupes : {told}"
    missing = ""
    if left:
        missing = f" {count(left, 'nom')} sans place sur l'image : tout est dans le tableau."
    return f"{said}.{missing}"


def _rows(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[tuple[str, ...], ...]:
    """One row per word, with its links, the strongest first."""
    linked: dict[int, list[tuple[float, str]]] = {}
    for edge in edges:
        for one, two in ((edge.a, edge.b), (edge.b, edge.a)):
            linked.setdefault(one, []).append((-edge.weight, nodes[two].label))
    rows = []
    for rank in sorted(range(len(nodes)), key=lambda rank: (-nodes[rank].size, rank)):
        node = nodes[rank]
        told = ", ".join(
            f"{one_line(label)} ({decimal(-weight)})"
            for weight, label in sorted(linked.get(rank, []))
        )
        letter = look(node.group).letter
        rows.append((one_line(node.label), decimal(node.size), letter, told))
    return tuple(rows)
