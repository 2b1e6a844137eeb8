"""The dendrogram of classes: how a corpus was divided, and what each class says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.canvas import GREY, Canvas
from analysis.drawings_marks import SMALL, bar, look
from analysis.lettering import INK, Text, decimal, one_line, shorten, wrapped
from analysis.pictures import Picture, drawn, notice
from analysis.wording import count, listing, plural

_WIDTH = 860
_ROOT, _TIPS = 16, 220  # where the tree starts and ends, across
_ROOM = 112  # height of a class
_LONGEST = 360  # of a bar
_LARGE = 17


@dataclass(frozen=True, slots=True)
class Leaf:
    """A class: ``size`` in units (segments), its most typical words, the page it opens."""

    label: str
    size: int
    words: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A division in two; ``height`` grows with what opposes the two sides."""

    height: float
    left: Branch | Leaf
    right: Branch | Leaf


def dendrogram(
    root: Branch | Leaf | None,
    unclassified: int = 0,
    unit: str = "segment",
    name: str = "classes",
    title: str = "Classes de mots",
    why: str = "Pas assez de texte pour former des classes.",
    shares: bool = False,
) -> Picture:
    """Divisions from the left, one row per class: its bar, its number of units, its words.

    ``root`` None: nothing was divided, and ``why`` says so. A branch is always drawn to the left
    of those it holds, whatever their heights. ``shares`` adds percentages: never below 30
    testimonies, which the caller knows.
    """
    if root is None:
        return notice(name, title, why)
    leaves = list(_leaves(root))
    total = sum(leaf.size for leaf in leaves) + unclassified
    rows = [_row(leaf, total, shares) for leaf in leaves]
    if unclassified:
        rows.append(("Non classés", *_row(Leaf("", unclassified), total, shares)[1:]))
    canvas = Canvas(_WIDTH, 12 + _ROOM * len(leaves) + (52 if unclassified else 0))
    _draw(canvas, root, iter(range(len(leaves))), _reach(root))
    most = max(1, unclassified, *(leaf.size for leaf in leaves))
    for rank, leaf in enumerate(leaves):
        _draw_leaf(canvas, leaf, rank, leaf.size / most, rows[rank], unit)
    if unclassified:
        _draw_rest(canvas, 12 + _ROOM * len(leaves), unclassified / most, rows[-1])
    alt = _alt(leaves, rows, unclassified, total, unit)
    head = ("Classe", f"{unit.capitalize()}s", *(("Part",) if shares else ()), "Mots")
    return drawn(name, title, canvas, alt, head, tuple(rows))


def _leaves(tree: Branch | Leaf) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    else:
        yield from _leaves(tree.left)
        yield from _leaves(tree.right)


def _reach(tree: Branch | Leaf) -> float:
    """The height at which a branch is drawn: its own, yet above those of its branches."""
    if isinstance(tree, Leaf):
        return 0.0
    inside = max(_reach(tree.left), _reach(tree.right))
    return max(tree.height, inside * 1.08, 1e-9)


def _draw(canvas: Canvas, tree: Branch | Leaf, ranks: Iterator[int], whole: float) -> float:
    """The tree under a branch; returns how far down its middle is."""
    if isinstance(tree, Leaf):
        return 12 + _ROOM * next(ranks) + 34
    x = _across(tree, whole)
    ends = [_draw(canvas, side, ranks, whole) for side in (tree.left, tree.right)]
    for side, y in zip((tree.left, tree.right), ends, strict=True):
        canvas.line(((x, y), (_across(side, whole), y)), INK, 2)
    canvas.line(((x, ends[0] - 1), (x, ends[1] + 1)), INK, 2)
    return sum(ends) / 2


def _across(tree: Branch | Leaf, whole: float) -> float:
    return _TIPS - (_TIPS - _ROOT) * (_reach(tree) / whole if whole else 0)


def _draw_leaf(
    canvas: Canvas, leaf: Leaf, rank: int, share: float, row: tuple[str, ...], unit: str
) -> None:
    seen, top, left = look(rank), 12 + _ROOM * rank, _TIPS + 12
    room = (left - 6, top - 4, _WIDTH - 4, top + _ROOM - 8)
    said = " – ".join(row[1:-1]).replace(row[1], f"{row[1]} {plural(leaf.size, unit)}", 1)
    with canvas.mark(f"{leaf.label} : {said}. {row[-1]}", leaf.href, room):
        label = shorten(leaf.label, _LARGE, _WIDTH - left - 12)
        canvas.text(Text(left, top - 2, label, _LARGE, seen.colour))
        end = left + max(2, _LONGEST * share)
        bar(canvas, seen, (left, top + 24, end, top + 44))
        canvas.text(Text(end + 8, top + 25, said, SMALL))
        lines = wrapped(", ".join(leaf.words), SMALL, _WIDTH - left - 12, most=2)
        for place, line in enumerate(lines):
            canvas.text(Text(left, top + 50 + 20 * place, line, SMALL))


def _draw_rest(canvas: Canvas, top: float, share: float, row: tuple[str, ...]) -> None:
    """What no class holds, after the classes, apart from the tree."""
    left = _TIPS + 12
    with canvas.mark(f"{row[0]} : {' – '.join(row[1:-1])}"):
        end = left + max(2, _LONGEST * share)
        canvas.rect((left, top, end, top + 26), "#ffffff", GREY)
        said = f"{' – '.join(row[1:-1])}   {row[0]}"
        canvas.text(Text(end + 8, top + 4, said, SMALL, GREY))


def _row(leaf: Leaf, total: int, shares: bool) -> tuple[str, ...]:
    part = (f"{decimal(100 * leaf.size / max(1, total), 0)} %",) if shares else ()
    words = ", ".join(one_line(word) for word in leaf.words)
    return one_line(leaf.label), decimal(leaf.size), *part, words


def _alt(
    leaves: Sequence[Leaf], rows: Sequence[tuple[str, ...]], rest: int, total: int, unit: str
) -> str:
    several = "classe" if len(leaves) == 1 else "classes"
    told = " ; ".join(
        f"{row[0]}, {' soit '.join(row[1:-1])}, {listing(leaf.words[:4], most=4)}"
        for leaf, row in zip(leaves, rows, strict=False)
    )
    left = f" {count(rest, unit)} hors des classes." if rest else ""
    return f"{decimal(total)} {unit}s, {len(leaves)} {several} : {told}.{left}"
