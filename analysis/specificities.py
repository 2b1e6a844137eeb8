"""Which words a part of a campaign says more, or less, than the whole does: Lafon's index.

P. Lafon, « Sur la variabilité de la fréquence des formes dans un corpus », Mots 1, 1980. It ranks
words: people met by chance are no sample, and nothing here is a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST = 1_000_000_000  # words of a table: below it products fit in 64 bits, and 4 decimals hold
_FIRST, _LONGEST = 8, 256  # terms of a tail added at once
_BATCH = 16_384  # cells worked out at once: a few megabytes
_ENOUGH = 1e-18  # a term that adds less than this to its sum adds nothing


class SpecificityError(ValueError):
    """The table cannot be worked out; the message says why, in French."""


def specificities(table: ArrayLike) -> NDArray[Any]:
    """The index of each term (rows) in each part (columns) of a table of counts.

    The parts are the whole corpus: its margins are those of the table. ``SpecificityError`` when
    a count is negative or not a whole number, or when there are more than ``LARGEST`` words.
    """
    import numpy as np  # heavy: only when an analysis runs

    raw = np.asarray(table)
    if raw.ndim != 2:
        raise SpecificityError("Une table de termes et de parties est attendue.")
    if not np.isfinite(raw.astype(np.float64)).all() or (raw < 0).any() or (raw % 1 != 0).any():
        raise SpecificityError("Les comptes doivent être des nombres entiers, sans signe moins.")
    if raw.astype(np.float64).sum() > LARGEST:
        raise SpecificityError("La table compte trop de mots : un milliard au plus.")
    counts = raw.astype(np.int64)
    totals, sizes = counts.sum(axis=1), counts.sum(axis=0)
    return lafon(counts, totals[:, None], sizes[None, :], int(counts.sum()))


def lafon(observed: ArrayLike, totals: ArrayLike, sizes: ArrayLike, whole: int) -> NDArray[Any]:
    """The signed index, in powers of ten, of terms said ``observed`` times in a part.

    ``totals``: times said in the whole; ``sizes``: words of the part; ``whole``: words of the
    whole. When a term is said at least as often as its share of the part (total × size / whole),
    the index is -log10 P(X ≥ observed); else log10 P(X ≤ observed), at most zero; X is
    hypergeometric. Worked out on logarithms: never infinite.
    """
    import numpy as np  # heavy: only when an analysis runs

    shaped = np.broadcast_arrays(np.asarray(observed), np.asarray(totals), np.asarray(sizes))
    count, total, size = (part.astype(np.int64).ravel() for part in shaped)
    over = count * whole >= total * size
    # Saying a term so little in the part is saying it so much in the rest: one tail serves both.
    count, size = np.where(over, count, total - count), np.where(over, size, whole - size)
    powers = np.empty(len(count))
    for start in range(0, len(count), _BATCH):
        rows = slice(start, start + _BATCH)
        some = count[rows], total[rows], size[rows], whole
        powers[rows] = (_log_probability(*some) + np.log(_tail(*some))) / -np.log(10)
    powers = np.maximum(powers, 0.0)
    signed = np.where(over, powers, -powers) + 0.0  # no « -0 »
    return signed.reshape(shaped[0].shape)


def _log_probability(
    count: NDArray[Any], total: NDArray[Any], size: NDArray[Any], whole: int
) -> NDArray[Any]:
    """Natural logarithm of P(X = count)."""
    from scipy.special import gammaln

    def choose(among: Any, taken: Any) -> Any:
        return gammaln(among + 1.0) - gammaln(taken + 1.0) - gammaln(among - taken + 1.0)

    found: NDArray[Any] = choose(total, count) + choose(whole - total, size - count)
    found -= choose(whole, size)
    return found


def _tail(count: NDArray[Any], total: NDArray[Any], size: NDArray[Any], whole: int) -> NDArray[Any]:
    """P(X ≥ count) / P(X = count), for counts at or above what chance gives: terms only shrink."""
    import numpy as np  # heavy: only when an analysis runs

    sums = np.ones(len(count))
    last = np.ones(len(count))
    left = np.arange(len(count))
    done, width = 0, _FIRST
    while len(left):
        at = count[left, None] + done + np.arange(width, dtype=np.float64)
        drawn, taken = total[left, None], size[left, None]
        steps = (drawn - at) * (taken - at) / ((at + 1) * (whole - drawn - taken + at + 1))
        terms = last[left, None] * np.cumprod(np.maximum(steps, 0.0), axis=1)
        sums[left] += terms.sum(axis=1)
        last[left] = terms[:, -1]
        left = left[last[left] > _ENOUGH * sums[left]]
        done, width = done + width, min(2 * width, _LONGEST)
    return sums
