"""How the machine did on codings that it had not seen: the figures people may trust it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.suggestions import MOST

_FEW = 3


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """One code: texts that bear it, times it came first, and how often that was right.

    ``precision`` is None when the code never came first; ``recall`` and ``among_three`` are
    shares of the texts that bear it.
    """

    code: str
    texts: int
    first: int
    precision: float | None
    recall: float
    among_three: float


@dataclass(frozen=True, slots=True)
class Report:
    """All codes together; every figure is a share from 0 to 1, but ``texts``."""

    texts: int
    right_first: float
    among_three: float
    recall_at_six: float
    macro_f1: float
    codes: tuple[CodeFigures, ...]

    def as_dict(self) -> dict[str, Any]:
        """For keeping as JSON."""
        return asdict(self)


NOTHING = Report(0, 0.0, 0.0, 0.0, 0.0, ())


def measure(scores: Any, truth: Any, codes: Sequence[str]) -> Report:
    """Figures from the scores of unseen texts; ``truth`` holds 1 where a text bears a code."""
    import numpy as np

    if not len(scores):
        return NOTHING
    order = np.argsort(-scores, axis=1, kind="stable")
    hits = np.take_along_axis(truth, order, axis=1) > 0
    first = order[:, 0]
    figures = []
    for rank, code in enumerate(codes):
        bearing = truth[:, rank] > 0
        if not bearing.any():
            continue
        came = first == rank
        near = (order[:, :_FEW] == rank).any(axis=1)
        precision = float(bearing[came].mean()) if came.any() else None
        recall, close = float(came[bearing].mean()), float(near[bearing].mean())
        texts = int(bearing.sum())
        figures.append(CodeFigures(code, texts, int(came.sum()), precision, recall, close))
    return Report(
        len(scores),
        float(hits[:, 0].mean()),
        float(hits[:, :_FEW].any(axis=1).mean()),
        float(hits[:, :MOST].sum() / truth.sum()),
        sum(map(_f1, figures)) / len(figures),
        tuple(figures),
    )


def _f1(one: CodeFigures) -> float:
    precision = one.precision or 0.0
    total = precision + one.recall
    return 2 * precision * one.recall / total if total else 0.0
