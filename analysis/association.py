"""How strongly two words go together, by one of the usual indices, offered by name.

- ``jaccard``: units holding both, among those holding either (Jaccard 1901), the default of the
  « analyse de similitude » (Flament 1962; Vergès & Bouriche 2001);
- ``dice`` (1945): twice the units holding both, over the sum of those of each;
- ``cosine`` (Ochiai 1957; Salton): both, over the square root of the product;
- ``equivalence`` (Callon, Courtial & Turner 1983): the square of the cosine;
- ``likelihood``: Dunning's log-likelihood ratio (1993), negative when the words are said together
  less than they would be by chance. It only ranks: nothing is concluded from its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray

Index = Literal["jaccard", "dice", "cosine", "equivalence", "likelihood"]


def scores(index: Index, incidence: Any, units: int) -> NDArray[Any]:
    """Terms × terms, by this index; 0 where a term is in no unit."""
    import numpy as np

    joint = (incidence.T @ incidence).toarray().astype(np.float64)
    a, b = joint.diagonal()[:, None], joint.diagonal()[None, :]
    if index == "likelihood":
        return _likelihood(joint, a, b, units)
    below = {
        "jaccard": a + b - joint,
        "dice": (a + b) / 2,
        "cosine": np.sqrt(a * b),
        "equivalence": a * b,
    }[index]
    above = joint**2 if index == "equivalence" else joint
    shared: NDArray[Any] = np.divide(above, below, out=np.zeros_like(joint), where=below > 0)
    return shared


def _likelihood(joint: NDArray[Any], a: NDArray[Any], b: NDArray[Any], units: int) -> NDArray[Any]:
    """Twice the log-likelihood ratio of the table of presences and absences, signed."""
    import numpy as np
    from scipy.special import xlogy

    cells = joint, a - joint, b - joint, units - a - b + joint
    margins = a, units - a, b, units - b
    known = sum(xlogy(cell, cell) for cell in cells) + xlogy(units, units)
    ratio = np.maximum(2 * (known - sum(xlogy(margin, margin) for margin in margins)), 0)
    signed: NDArray[Any] = np.where(joint * units >= a * b, ratio, -ratio)
    return signed
