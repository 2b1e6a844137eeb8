"""The figures of a round as people read them, on the page and in the table to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.agreement import CodeAgreement, Comparison, Figure, alpha, kappa
from analysis.codebook import Codebook
from analysis.export.sheets import cells

FEW = 30
"""Under this number of sentences, no percentage: « 8 sur 12 »."""
UNDEFINED = "non calculable"
HEAD = (
    "code", "libellé", "phrases comparées", "les deux", "première seule", "seconde seule",
    "ni l’une ni l’autre", "phrases d’accord", "accord (%)", "kappa de Cohen",
    "alpha de Krippendorff", "remarque",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One code of the table; ``reason`` says why a figure is missing."""

    row: CodeAgreement
    label: str
    share: str
    kappa: str
    alpha: str
    reason: str


def share(same: int, total: int) -> str:
    """« 8 sur 12 », or « 67 % (40 sur 60) » from thirty sentences on; 100 % means all of them."""
    if total < FEW:
        return f"{same} sur {total}"
    return f"{_percent(same, total)} % ({same} sur {total})"


def number(figure: Figure) -> str:
    """« 0,49 », « −0,12 », or that it cannot be computed."""
    if figure.value is None:
        return UNDEFINED
    return f"{round(figure.value, 2) + 0.0:.2f}".replace(".", ",").replace("-", "\u2212")


def label(book: Codebook | None, code: str) -> str:
    """What the grid calls a code; nothing for one that it no longer holds."""
    return book.code(code).label if book is not None and code in book else ""


def table(figures: Comparison, book: Codebook | None) -> list[Line]:
    """Every code that one of the two put."""
    return [_line(row, book) for row in figures.codes]


def as_csv(figures: Comparison, book: Codebook | None) -> str:
    """The same table for a French spreadsheet: semicolons, comma decimals, CRLF."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows(_rows(figures, book))
    return "\ufeff" + file.getvalue()


def _rows(figures: Comparison, book: Codebook | None) -> Iterator[tuple[object, ...]]:
    """Texts are neutralised; a figure below zero keeps its minus sign, and stays a figure."""
    for line in table(figures, book):
        row, enough = line.row, line.row.sentences >= FEW
        few = "" if enough else f"Moins de {FEW} phrases : pas de pourcentage."
        yield (
            *cells((row.code, line.label)),
            *(row.sentences, row.both, row.first, row.second, row.neither, row.same),
            _percent(row.same, row.sentences) if enough else "",
            *(_cell(line.kappa), _cell(line.alpha)),
            line.reason or few,
        )


def _cell(shown: str) -> str:
    """A figure as a spreadsheet reads it: its own minus sign, and nothing where there is none."""
    return "" if shown == UNDEFINED else shown.replace("\u2212", "-")


def _line(row: CodeAgreement, book: Codebook | None) -> Line:
    cohen, krippendorff = kappa(row.patterns), alpha(row.patterns)
    return Line(
        row=row,
        label=label(book, row.code),
        share=share(row.same, row.sentences),
        kappa=number(cohen),
        alpha=number(krippendorff),
        reason=cohen.reason or krippendorff.reason,
    )


def _percent(same: int, total: int) -> int:
    """Rounded, but never 100 for less than all, nor 0 for more than none."""
    if same in (0, total):
        return 100 if same else 0
    return min(max(round(100 * same / total), 1), 99)
