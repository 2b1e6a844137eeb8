"""Which texts hold nearly the same shingles (runs of a few signs, Broder 1997), exactly.

The similarity is Jaccard's index: what both sets hold over what either holds. Pairs are found by
prefix filtering (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007; Xiao et al.
2008): at the threshold two sets share one of their rarest shingles. No pair is missed, none is
drawn by chance, and each similarity is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Integers = NDArray[np.int64]

_SLACK = 1e-9  # 4/5 is not exactly 0.8
_WORK = 1_000_000  # meetings of two shingles in one block: some tens of megabytes
_CHECKED = 2_000  # pairs verified together


class Links(NamedTuple):
    """Pairs as three columns: the ranks of two texts, and their index."""

    one: Integers
    two: Integers
    likeness: NDArray[np.float64]


def similar(
    plains: Sequence[str], threshold: float, size: int, least: int
) -> tuple[list[int], Links]:
    """The ranks of the texts of ``least`` shingles or more; and the pairs at ``threshold`` or more.

    ``size`` is the number of signs in a shingle.
    """
    import numpy as np

    order, sets = _sets(plains, size, least)
    ranks = np.array(order, np.int64)
    found = _similar(sets, threshold)
    return order, Links(ranks[found.one], ranks[found.two], found.likeness)


def _sets(plains: Sequence[str], size: int, least: int) -> tuple[list[int], csr_matrix]:
    """The ranks of the texts that are long enough, smallest set first; and their sets.

    One line for each text, one column for each shingle, the rarest shingles first.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    values = _values("".join(plains), size)
    held: list[tuple[int, int, Any]] = []
    start = 0
    for rank, text in enumerate(plains):
        inside = np.unique(values[start : start + max(0, len(text) - size + 1)])
        start += len(text)
        if len(inside) >= least:
            held.append((len(inside), rank, inside))
    held.sort(key=lambda item: item[:2])
    del values
    joined = np.concatenate([inside for *_, inside in held] or [np.zeros(0, np.int64)])
    order = [rank for _, rank, _ in held]
    starts = np.cumsum([0, *(length for length, *_ in held)])
    del held
    _, columns, counts = np.unique(joined, return_inverse=True, return_counts=True)
    del joined
    rarest = np.empty(len(counts), np.int32)
    rarest[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.int32)
    ranked = rarest[columns.ravel()]
    sets = csr_matrix((np.ones(len(ranked), np.int32), ranked, starts), (len(order), len(counts)))
    sets.sort_indices()
    return order, sets


def _values(text: str, size: int) -> Integers:
    """A number for the shingle that begins at each sign: the same one for the same signs only."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    seen = np.zeros(0x110000, bool)
    seen[points] = True
    signs = (np.cumsum(seen) - 1)[points]
    base = max(1, int(seen.sum()))
    values, most = signs[: max(0, len(signs) - size + 1)], base
    for step in range(1, size):
        if most > 2**62 // base:  # an alphabet of thousands of signs: number afresh
            values = np.unique(values, return_inverse=True)[1].ravel()
            most = len(values)
        values = values * base + signs[step : step + len(values)]
        most *= base
    numbers: Integers = values.astype(np.int64)
    return numbers


def _similar(sets: csr_matrix, threshold: float) -> Links:
    """The pairs of lines whose index reaches the threshold; lines go from small to large."""
    import numpy as np

    sizes = np.diff(sets.indptr).astype(np.int64)
    needed = np.ceil(threshold * sizes - _SLACK).astype(np.int64)
    lengths = sizes - needed + 1
    rare, marks = _prefixes(sets, lengths), _marks(sets)
    lasts = sets.indices[sets.indptr[:-1] + lengths - 1]
    work = np.cumsum(rare @ np.bincount(rare.indices, minlength=rare.shape[1]))
    none = np.zeros(0, np.int64)
    found = [Links(none, none, np.zeros(0))]
    first = 0
    while first < len(sizes):
        done = work[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(work, done + _WORK)))
        low = int(np.searchsorted(sizes, needed[first]))
        met = (rare[first:last] @ rare[low:last].T).tocoo()
        once = met.col + low < met.row + first
        large, small, shared = met.row[once] + first, met.col[once] + low, met.data[once]
        # Beyond what the prefixes share, only what follows the one that ends first may be shared.
        after = np.where(lasts[large] < lasts[small], needed[large], needed[small]) - 1
        both = sizes[large] + sizes[small]
        asked = threshold / (1 + threshold) * both - _SLACK
        kept = np.flatnonzero(shared + after >= asked)
        kept = kept[_apart(marks, small[kept], large[kept]) <= (both - 2 * asked)[kept]]
        found += _verified(sets, sizes, small[kept], large[kept], threshold)
        first = last
    return Links(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _marks(sets: csr_matrix) -> NDArray[np.uint64]:
    """For each line 512 bits, one for the shingles of each remainder: whether they are odd.

    Two lines have at least as many unlike shingles as unlike bits (Sandes, Teodoro, Melo 2020).
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    found = [np.zeros((0, 8), np.uint64)]
    for start in range(0, sets.shape[0], _CHECKED):
        part = sets[start : start + _CHECKED]
        shape = (part.shape[0], 512)
        counts = csr_matrix((part.data, part.indices % 512, part.indptr), shape=shape).toarray()
        found.append(np.packbits(counts % 2 == 1, axis=1).view(np.uint64))
    return np.concatenate(found)


def _apart(marks: NDArray[np.uint64], one: Integers, two: Integers) -> Integers:
    """How many bits differ in each pair of lines."""
    import numpy as np

    found = np.zeros(len(one), np.int64)
    for bits in marks.T:
        found += np.bitwise_count(bits[one] ^ bits[two])
    return found


def _prefixes(sets: csr_matrix, lengths: Integers) -> csr_matrix:
    """Of each line its first (rarest) ``lengths`` shingles, those that stand in two lines."""
    import numpy as np
    from scipy.sparse import csr_matrix

    starts, size = sets.indptr[:-1], np.diff(sets.indptr)
    place = np.arange(sets.nnz) - np.repeat(starts, size)
    common = np.bincount(sets.indices, minlength=sets.shape[1]) > 1
    kept = (place < np.repeat(lengths, size)) & common[sets.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[sets.indptr]
    return csr_matrix((sets.data[kept], sets.indices[kept], ends), shape=sets.shape)


def _verified(
    sets: csr_matrix, sizes: Integers, small: Integers, large: Integers, threshold: float
) -> Iterator[Links]:
    """Of these pairs of lines, those that reach the threshold, with their exact index."""
    import numpy as np

    for start in range(0, len(small), _CHECKED):
        one, two = small[start : start + _CHECKED], large[start : start + _CHECKED]
        both = np.asarray(sets[one].multiply(sets[two]).sum(axis=1)).ravel()
        either = sizes[one] + sizes[two] - both
        kept = both >= threshold * either - _SLACK
        yield Links(one[kept], two[kept], both[kept] / either[kept])
