"""Words and lexicon of a very large corpus, streamed: ``python -m bench.scale [N] [TABLE]``.

JSON. Each size is measured in a process of its own. « cached » reads each text once (readings in
a file); « uncached » reads every row again. Two Dask workers are compared with one.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from analysis import annotation, scale
from bench.annotation import LARGE, rows

SMALL, MANY, SAMPLE = 10_000, 300_000, 30_000
DASK = 3_000
MEETINGS = 60
FEW = 250  # rows of a batch for Dask: enough batches for both workers to end together


class Shelf:
    """Readings in a file: memory does not grow with them."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path)
        self._file.execute("CREATE TABLE kept (hash TEXT PRIMARY KEY, entry TEXT) WITHOUT ROWID")

    def held(self, hashes: Collection[str]) -> set[str]:
        return set(self.found(hashes))

    def found(self, hashes: Collection[str]) -> dict[str, str]:
        asked = "SELECT hash, entry FROM kept WHERE hash IN (SELECT value FROM json_each(?))"
        return dict(self._file.execute(asked, [json.dumps(list(hashes))]))

    def keep(self, entries: Mapping[str, str]) -> None:
        with self._file:
            self._file.executemany("REPLACE INTO kept VALUES (?, ?)", entries.items())


def main(argv: list[str]) -> None:
    """Print every figure; ``--one KIND N TABLE`` measures one of them."""
    if argv[:1] == ["--one"]:
        print(json.dumps(one(argv[1], int(argv[2]), Path(argv[3]))))
        return
    many = int(argv[0]) if argv else MANY
    table = Path(argv[1]) if len(argv) > 1 else LARGE
    print(json.dumps(measure(many, table), ensure_ascii=False, indent=1))


def measure(many: int = MANY, table: Path = LARGE) -> dict[str, Any]:
    """Seconds and megabytes of each size and kind; time per row against that of the small size."""
    found: dict[str, Any] = {}
    for kind, sizes in (("cached", (SMALL, many)), ("uncached", (SMALL, min(SAMPLE, many)))):
        small, large = (apart(kind, size, table) for size in sizes)
        ratio = round(large["ms_each"] / small["ms_each"], 3)
        found[kind] = {"small": small, "large": large, "ratio": ratio}
        print(f"  {kind} : {json.dumps(found[kind])}", file=sys.stderr, flush=True)
    return found | {"dask": dask(table)}


def apart(kind: str, size: int, table: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.scale", "--one", kind, str(size), str(table)]
    said = subprocess.run(  # noqa: S603  # this very module
        command, capture_output=True, text=True, check=True
    ).stdout
    return dict(json.loads(said))


def one(kind: str, size: int, table: Path) -> dict[str, Any]:
    """One size, in this process: processor milliseconds for each row, and the peak of memory."""
    list(scale.mapped(scale.read_and_counted, [[("R-01", "Le bus passe.")]]))  # loads spaCy
    began, processor = time.perf_counter(), time.process_time()
    words = cached(size, table) if kind == "cached" else uncached(size, table)
    spent = time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "testimonies": size,
        "lemmas": len(words),
        "words": sum(one.count for one in words),
        "wall_s": round(time.perf_counter() - began, 1),
        "processor_s": round(spent, 1),
        "ms_each": round(1_000 * spent / size, 4),
        "peak_mb": round(peak / (1_048_576 if sys.platform == "darwin" else 1_024)),
    }


def batches(size: int, table: Path, each: int = annotation.TOGETHER) -> Iterator[list[Any]]:
    """The rows (meeting, text), a batch at a time."""
    told = ((f"R-{int(key[1:]) % MEETINGS}", text) for key, text in islice(rows(table), size))
    while some := list(islice(told, each)):
        yield some


def cached(size: int, table: Path) -> list[scale.Spread]:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "kept.db")
        annotation.fill(([text for _, text in some] for some in batches(size, table)), shelf)

        def tallies() -> Iterator[scale.Tally]:
            for some in batches(size, table):
                read = annotation.tokens({str(n): text for n, (_, text) in enumerate(some)}, shelf)
                places = (meeting for meeting, _ in some)
                yield scale.counted(zip(places, read.values(), strict=True))

        return scale.lexicon(tallies())


def uncached(size: int, table: Path, scheduler: str = scale.HERE) -> list[scale.Spread]:
    each = FEW if scheduler else annotation.TOGETHER
    told = batches(size, table, each)
    return scale.lexicon(scale.mapped(scale.read_and_counted, told, scheduler=scheduler))


def dask(table: Path) -> dict[str, Any]:
    """The same rows with one worker, then two, of one thread each; already warm.

    ``speedup`` compares the seconds on the clock; ``shared``, the processor seconds of the
    busiest worker, which say the same of the work when other programs take the cores.
    """
    found: dict[str, Any] = {"testimonies": DASK}
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            card = Path(folder) / "scheduler.json"
            started = [launch("scheduler", folder, card, "--port", "0")]
            apart = ("--nthreads", "1", "--no-nanny", "--local-directory", folder)
            started += [launch("worker", folder, card, *apart) for _ in range(workers)]
            try:
                found[f"workers_{workers}"] = _timed(table, card, workers)
            finally:
                for process in reversed(started):
                    process.terminate()
                    process.wait(30)
    (clock, busy), (clock_two, busy_two) = (found[f"workers_{n}"].values() for n in (1, 2))
    return found | {
        "speedup": round(clock / clock_two, 2),
        "shared": round(busy / busy_two, 2),
    }


def _timed(table: Path, card: Path, workers: int) -> dict[str, float]:
    from distributed import Client

    with Client(scheduler_file=str(card), timeout=60, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
        client.run(scale.read_and_counted, [("R-01", "Le bus passe.")])
        began, before = time.perf_counter(), client.run(time.process_time)
        uncached(DASK, table, client.scheduler.address)
        spent = time.perf_counter() - began
        after = client.run(time.process_time)
    busiest = max(after[name] - before[name] for name in before)
    return {"clock_s": round(spent, 2), "busiest_processor_s": round(busiest, 2)}


def launch(what: str, folder: str, card: Path, *options: str) -> subprocess.Popen[bytes]:
    """A scheduler or a worker, heard on this machine only."""
    host = "127.0.0.1"
    listens = ["--host", host, "--dashboard-address", f"{host}:0", "--scheduler-file", str(card)]
    return subprocess.Popen(  # noqa: S603  # Dask, with our own words
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *listens, *options],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).resolve().parents[1]), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
