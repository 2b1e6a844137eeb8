"""The same function over many batches: here one by one, on processes, or on a Dask cluster.

Results come in order, a bounded number at a time: memory follows the batch, not the corpus.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from analysis.french import Token, annotate, is_content

Batch = TypeVar("Batch")
Result = TypeVar("Result")

HERE, PROCESSES = "", "processes"
CLUSTERS = ("tcp://", "tls://")
FEWEST = 4
"""Batches under which processes cost more to start than they spare."""
_EACH = 2  # batches in flight for each worker: one being read, one ready
_TRIES = 2
_PATIENCE = 10  # seconds before a cluster is said not to answer
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ScaleError(RuntimeError):
    """Who should have worked elsewhere does not answer; the message says what to do, in French."""


def check(scheduler: str) -> str:
    """This setting as it is; `ScaleError` when it is none that `mapped` knows."""
    if scheduler in (HERE, PROCESSES) or scheduler.startswith(CLUSTERS):
        return scheduler
    raise ScaleError(
        f"Le calcul réparti vaut « {scheduler[:60]} », or il faut : rien, « {PROCESSES} », "
        "ou l'adresse d'une grappe Dask, comme tcp://127.0.0.1:8786."
    )


def mapped(
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    *,
    scheduler: str = HERE,
    workers: int | None = None,
) -> Iterator[Result]:
    """The result of the function for each batch, in order, as they come.

    The function is pure and importable by its name; ``batches`` is read as workers get free.
    ``scheduler``: nothing (one after the other), ``processes`` (``workers`` of them, else one for
    each core), or the address of a Dask cluster. A batch whose worker dies is given once more;
    then, or when the cluster does not answer, `ScaleError`. What the function raises goes through.
    """
    if check(scheduler) == PROCESSES:
        batches = iter(batches)
        first = list(islice(batches, FEWEST))
        scheduler = PROCESSES if len(first) == FEWEST else HERE
        batches = chain(first, batches)
    if scheduler == HERE:
        yield from map(function, batches)
        return
    hire = partial(_processes, workers) if scheduler == PROCESSES else partial(_cluster, scheduler)
    line = _Line(hire, function)
    try:
        for batch in batches:
            line.add(batch)
            if line.full:
                yield line.first()
        while line.waiting:
            yield line.first()
    finally:
        line.leave()


class _Crew(NamedTuple):
    """Who works: ``width`` batches at the same time; ``lost`` says that a worker died."""

    width: int
    submit: Callable[..., Any]
    close: Callable[[], Any]
    lost: tuple[type[BaseException], ...]


@dataclass(slots=True)
class _Given:
    """A batch, how often it was given, and what will hold its result."""

    batch: Any
    tries: int = 0
    pending: Any = None


class _Line:
    """The batches in flight, in order; all are given again to a new crew when one is lost."""

    def __init__(self, hire: Callable[[], _Crew], function: Callable[[Any], Any]) -> None:
        self._hire, self._function = hire, function
        self.crew = hire()
        self.waiting: deque[_Given] = deque()

    @property
    def full(self) -> bool:
        return len(self.waiting) >= _EACH * self.crew.width

    def add(self, batch: Any) -> None:
        self.waiting.append(_Given(batch))
        self._give(self.waiting[-1])

    def first(self) -> Any:
        """The result of the batch that was given first."""
        while True:
            try:
                found = self.waiting[0].pending.result()
            except self.crew.lost as error:
                self._again(error)
            else:
                self.waiting.popleft()
                return found

    def leave(self) -> None:
        """Nobody waits any more: what is not begun never is, and the crew goes home."""
        for given in self.waiting:
            given.pending.cancel()
        self.crew.close()

    def _give(self, given: _Given) -> None:
        given.tries += 1
        try:
            given.pending = self.crew.submit(self._function, given.batch)
        except self.crew.lost as error:  # mended when its turn comes
            given.pending = Future()
            given.pending.set_exception(error)

    def _again(self, error: BaseException) -> None:
        if self.waiting[0].tries >= _TRIES:
            raise ScaleError(
                "Le calcul réparti s'est interrompu deux fois au même endroit. Rien n'est perdu : "
                "vérifiez les machines qui y participent, puis relancez."
            ) from error
        self.crew.close()
        self.crew = self._hire()
        for given in self.waiting:
            self._give(given)


def _processes(workers: int | None) -> _Crew:
    """Processes of this machine (loky): they start clean, whatever this one holds."""
    loky = import_module("joblib.externals.loky")
    width = workers or max(1, loky.cpu_count())
    pool = loky.ProcessPoolExecutor(width, env=_ONE_THREAD)
    # Killed at work, they would leave loky's own thread looking for them.
    close = partial(pool.shutdown, wait=True)
    return _Crew(width, pool.submit, close, (BrokenExecutor,))


def _cluster(address: str) -> _Crew:
    """A Dask cluster: its own machines, each with the same installation."""
    try:
        dask = import_module("distributed")
    except ImportError as error:
        raise ScaleError(
            "Le calcul sur une grappe demande dask[distributed]. Rien n'est perdu : "
            "installez l'option « echelle », puis relancez."
        ) from error
    try:
        client = dask.Client(address, timeout=_PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, TimeoutError) as error:
        raise ScaleError(
            f"La grappe de calcul {address} ne répond pas, ou n'a aucune machine. "
            "Rien n'est perdu : vérifiez-la ou videz SURVEY_SCHEDULER, puis relancez."
        ) from error
    lost = (dask.KilledWorker, dask.client.FutureCancelledError, dask.comm.core.CommClosedError)
    width = sum(client.nthreads().values())
    return _Crew(width, partial(client.submit, pure=False), client.close, lost)


@dataclass(frozen=True, slots=True)
class Spread:
    """A lemma: times said, testimonies and meetings where it is."""

    lemma: str
    count: int
    testimonies: int
    meetings: int


Tally = dict[str, tuple[int, int, frozenset[str]]]
"""Part of a lexicon: for each lemma, times said, testimonies, and which meetings."""


def read_and_counted(batch: Sequence[tuple[str, str]]) -> Tally:
    """The meaning words of some testimonies (meeting, text): read and counted where they are."""
    read = annotate({str(rank): text for rank, (_, text) in enumerate(batch)})
    return counted(zip((meeting for meeting, _ in batch), read.values(), strict=True))


def counted(rows: Iterable[tuple[str, Sequence[Token]]]) -> Tally:
    """The meaning words of some testimonies (meeting, words already read)."""
    counts: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    places: dict[str, set[str]] = {}
    for meeting, tokens in rows:
        said = [token.lemma for token in tokens if _says(token.lemma, token.pos)]
        counts.update(said)
        for lemma in set(said):
            texts[lemma] += 1
            places.setdefault(lemma, set()).add(meeting)
    return {key: (counts[key], texts[key], frozenset(places[key])) for key in counts}


@lru_cache(maxsize=1 << 16)
def _says(lemma: str, pos: str) -> bool:
    return is_content(Token(0, 1, lemma, pos))


def lexicon(tallies: Iterable[Tally]) -> list[Spread]:
    """The parts put together, most said first: the same whatever the parts and their order.

    Parts are dropped as they are added: memory follows the vocabulary, not the corpus.
    """
    sums: dict[str, list[int]] = {}
    places: dict[str, set[str]] = {}
    for tally in tallies:
        for lemma, (count, testimonies, meetings) in tally.items():
            have = sums.setdefault(lemma, [0, 0])
            have[0] += count
            have[1] += testimonies
            places.setdefault(lemma, set()).update(meetings)
    found = [Spread(key, said, texts, len(places[key])) for key, (said, texts) in sums.items()]
    return sorted(found, key=lambda one: (-one.count, -one.testimonies, one.lemma))
