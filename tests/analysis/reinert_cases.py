"""Small matrices for the classes: any binary one, and planted subjects."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_matrix


@st.composite
def tables(draw: st.DrawFn, rows: int = 9, terms: int = 7) -> Any:
    """A binary matrix without empty line or column, two of each at least."""
    shape = draw(st.integers(2, rows)), draw(st.integers(2, terms))
    cells = draw(st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=99))
    dense = np.array(cells[: shape[0] * shape[1]], dtype=float).reshape(shape)
    for row in np.flatnonzero(dense.sum(axis=1) == 0):
        dense[row, row % shape[1]] = 1
    for term in np.flatnonzero(dense.sum(axis=0) == 0):
        dense[term % shape[0], term] = 1
    return csr_matrix(dense)


def chi2_by_hand(dense: Any, first: Any) -> float:
    """χ² of the table (two sides by terms), cell by cell as in a school book."""
    seen = np.array([dense[first].sum(axis=0), dense[~first].sum(axis=0)])
    if not seen.sum(axis=1).all():
        return 0.0
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    return float(((seen - expected) ** 2 / expected).sum())


def planted(
    segments: int, terms: int, subjects: int, seed: int, own: float = 0.8, words: int = 12
) -> tuple[Any, Any]:
    """A binary csr matrix and the subject of each row: ``own`` of its words are its subject's."""
    draw = np.random.default_rng(seed)
    subject = draw.integers(0, subjects, segments)
    dense = np.zeros((segments, terms))
    for row, one in enumerate(subject):
        mine = np.flatnonzero(np.arange(terms) % subjects == one)
        for _ in range(words):
            pool = mine if draw.random() < own else np.arange(terms)
            dense[row, draw.choice(pool)] = 1
    return csr_matrix(dense), subject


def groups(labels: Any) -> set[frozenset[int]]:
    """A partition without its numbers."""
    return {frozenset(np.flatnonzero(labels == one).tolist()) for one in np.unique(labels)}
