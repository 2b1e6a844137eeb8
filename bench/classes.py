"""Seconds, megabytes and faithfulness of the classes, as JSON: ``python -m bench.classes``.

Planted subjects: 50,000 segments of about sixteen terms out of 3,000, three in five drawn from
the words of the segment's own subject. Each figure is that of a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

SEGMENTS = 50_000
TERMS = 3_000
SUBJECTS = 8
_WORDS = 16
_OWN = 0.6
_SEED = 7


def main(argv: list[str]) -> None:
    """Print every figure."""
    if argv:
        print(json.dumps(classified() if argv == ["classes"] else started()))
        return
    print(json.dumps(measure(), ensure_ascii=False, indent=1))


def measure() -> dict[str, Any]:
    """Seconds, megabytes and what was found of the planted subjects, in a process of its own."""
    bare, whole = _child("bare"), _child("classes")
    return whole | {"peak_above_start_mb": round(whole["peak_mb"] - bare["peak_mb"], 1)}


def _child(what: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  # this very module
        [sys.executable, "-m", "bench.classes", what], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def started() -> dict[str, Any]:
    """The memory of a process that holds the planted matrix, before anything is classified."""
    planted()
    return {"peak_mb": _peak()}


def classified() -> dict[str, Any]:
    """The figures of the classes of the planted matrix."""
    from analysis.reinert_tree import descend

    matrix, subjects = planted()
    wall, cpu = time.perf_counter(), time.process_time()
    descent = descend(matrix, SUBJECTS)
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    peak = _peak()
    labels = descent.labels(SEGMENTS)
    from sklearn.metrics import adjusted_rand_score

    return {
        "segments": SEGMENTS,
        "terms": TERMS,
        "ones": int(matrix.nnz),
        "classes": len(descent.classes),
        **{name: round(value, 2) for name, value in spent.items()},
        "peak_mb": peak,
        "adjusted_rand": round(float(adjusted_rand_score(subjects, labels)), 4),
        "unclassified": int((labels == 0).sum()),
        "chi2": [round(division.chi2, 1) for division in descent.divisions],
    }


def planted(segments: int = SEGMENTS, terms: int = TERMS, subjects: int = SUBJECTS) -> Any:
    """A binary csr matrix and the subject of each of its rows; words are as uneven as in French."""
    import numpy as np
    from scipy.sparse import csr_matrix

    draw = np.random.default_rng(_SEED)
    subject = draw.integers(0, subjects, segments)
    usual = 1 / np.arange(1, terms + 1) ** 0.7
    owner = draw.permutation(terms) % subjects
    lengths = draw.poisson(_WORDS, segments).clip(3)
    rows = np.repeat(np.arange(segments), lengths)
    columns = np.empty(len(rows), dtype=np.intp)
    for one in range(subjects):
        own = usual * (owner == one)
        law = (1 - _OWN) * usual / usual.sum() + _OWN * own / own.sum()
        here = subject[rows] == one
        columns[here] = draw.choice(terms, int(here.sum()), p=law / law.sum())
    shape = (segments, terms)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix, subject


def _peak() -> float:
    """Highest memory of this process so far, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    main(sys.argv[1:])
