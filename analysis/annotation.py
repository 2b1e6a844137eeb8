"""A text is read once: the words of a corpus through a cache found by text and by model version.

Texts are read by batches, each kept as soon as it is read: work that was stopped goes on from
there, and memory follows the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Protocol

from analysis import french, scale
from analysis.french import Token, text_hash

TOGETHER = 500
"""Texts of a batch, at most..."""
LETTERS = 200_000
"""... and code points after which it is full: about two seconds of reading."""


class Cache(Protocol):
    """Where readings are kept, for the pipeline of the day (`french.pipeline_id`) only."""

    def held(self, hashes: Collection[str]) -> Collection[str]:
        """Those of these texts that were already read."""

    def found(self, hashes: Collection[str]) -> Mapping[str, str]:
        """The readings of these texts; those never made are absent."""

    def keep(self, entries: Mapping[str, str]) -> None:
        """Keep these readings; all are there when this returns."""


def fill(
    batches: Iterable[Iterable[str]],
    cache: Cache,
    *,
    scheduler: str = scale.HERE,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Read the texts that the cache lacks, and keep each batch; returns how many were read.

    Texts come by batches so that the caller never holds them all. ``progress`` receives how many
    are read; what it raises stops the work, whose finished batches stay. For ``scheduler`` and
    ``workers`` see `scale.mapped`.
    """
    done = 0
    lacking = _lacking(batches, cache)
    for entries in scale.mapped(french.entries, lacking, scheduler=scheduler, workers=workers):
        cache.keep(entries)
        done += len(entries)
        progress(done)
    return done


def _lacking(batches: Iterable[Iterable[str]], cache: Cache) -> Iterator[dict[str, str]]:
    """The texts to read, each once, in full batches."""
    seen: set[bytes] = set()  # half the size of the hexadecimal
    waiting: dict[str, str] = {}
    letters = 0
    for batch in batches:
        some = {text_hash(text): text for text in batch}
        fresh = {key: text for key, text in some.items() if bytes.fromhex(key) not in seen}
        seen.update(map(bytes.fromhex, fresh))
        known = cache.held(fresh)
        for key, text in fresh.items():
            if key in known:
                continue
            waiting[key] = text
            letters += len(text)
            if len(waiting) >= TOGETHER or letters >= LETTERS:
                yield waiting
                waiting, letters = {}, 0
    if waiting:
        yield waiting


def tokens(texts: Mapping[str, str], cache: Cache) -> dict[str, tuple[Token, ...]]:
    """The words of each text, under the same keys and in the same order.

    What the cache lacks, or holds damaged, is read now and kept.
    """
    hashes = {key: text_hash(text) for key, text in texts.items()}
    by_hash = {hashes[key]: text for key, text in texts.items()}
    entries = cache.found(by_hash)
    opened = {
        key: french.opened(entries[key], text) if key in entries else None
        for key, text in by_hash.items()
    }
    lost = {key: by_hash[key] for key, found in opened.items() if found is None}
    if lost:
        made = french.entries(lost)
        cache.keep(made)
        opened.update((key, french.kept(made[key], text)) for key, text in lost.items())
    return {key: opened[digest] or () for key, digest in hashes.items()}
