"""One linear machine for all codes at once: a ridge regression, solved exactly.

Its closed form also tells, for each text, what the machine would have said had it not seen that
text (leave-one-out): figures on unseen texts cost nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.learning_features import Rows

if TYPE_CHECKING:
    from analysis.learning_vectors import Matrix

_SCALES = tuple(round(1.25**step, 3) for step in range(0, 16))
_PRUDENCE = 10  # texts that a scale chosen on few texts is weighed against


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature says for each code."""

    sparse: Matrix
    dense: Matrix

    def scores(self, rows: Rows) -> Matrix:
        """One score per text and code."""
        scored: Matrix = rows.sparse @ self.sparse + rows.dense @ self.dense
        return scored


def solve(rows: Rows, kernel: Any, targets: Any, worth: Any, calm: float) -> Weights:
    """Fit ``targets`` (texts by codes), each text counting for ``worth``.

    ``kernel`` is that of the rows; ``calm`` (above 0) holds the weights near zero.
    """
    import numpy as np

    root = np.sqrt(worth)
    alpha = root[:, None] * np.linalg.solve(_system(kernel, root, calm), root[:, None] * targets)
    alpha = alpha.astype(np.float32)
    return Weights(rows.sparse.T @ alpha, rows.dense.T @ alpha)


def unseen(kernel: Any, targets: Any, worth: Any, calm: float) -> Matrix:
    """The score that each text would have had if it had been left out."""
    import numpy as np

    root = np.sqrt(worth)
    inverse = np.linalg.inv(_system(kernel, root, calm))
    wanted = root[:, None] * targets
    left_out: Matrix = (wanted - (inverse @ wanted) / np.diag(inverse)[:, None]) / root[:, None]
    return left_out


def _system(kernel: Any, root: Any, calm: float) -> Any:
    import numpy as np

    system = root[:, None] * kernel * root[None]
    system[np.diag_indices(len(system))] += calm
    return system.astype(np.float64)


def shares(scores: Any) -> Any:
    """Scores turned into shares of one (softmax), row by row."""
    import numpy as np

    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns scores into probabilities: shares of one."""

    slope: float

    def probabilities(self, scores: Any) -> Any:
        """For each text, the shares of the codes."""
        return shares(self.slope * scores)


def calibrated(scores: Any, truth: Any, usual: float) -> Scale:
    """The scale under which unseen texts' codes were the least surprising.

    ``truth`` holds 1 where a text bears a code. ``usual`` is the slope to stay near while few
    texts are known.
    """
    import numpy as np

    wanted = truth / truth.sum(axis=1, keepdims=True)
    prudence = {slope: _PRUDENCE * np.log(slope / usual) ** 2 for slope in _SCALES}
    losses = {
        slope: -(wanted * np.log(shares(slope * scores) + 1e-9)).sum() + prudence[slope]
        for slope in _SCALES
    }
    return Scale(min(losses, key=lambda slope: float(losses[slope])))


def as_bold(scale: Scale, left_out: Any, guessed: Any) -> Scale:
    """The scale for texts that were guessed while learning, which makes their scores too sure.

    Under it, they are on average as sure as the texts left out were.
    """
    wanted = scale.probabilities(left_out).max(axis=1).mean()
    sure = {slope: shares(slope * guessed).max(axis=1).mean() for slope in _SCALES}
    return Scale(min(sure, key=lambda slope: abs(float(sure[slope] - wanted))))
