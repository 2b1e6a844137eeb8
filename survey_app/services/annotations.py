"""The words of a council's texts, read once: found by text and model, gone with their texts.

Each text has its own row, even when another says the same: withdrawing one leaves the other's,
and the last row goes with the last text. Nothing is found across councils.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from analysis import annotation, french
from analysis.french import Token
from survey_app.models import Annotation, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import corpus as corpora
from survey_app.services import jobs

Key = TypeVar("Key", uuid.UUID, str)

NAMES = "+names"
"""Ends the pipeline of the readings that look for names: they hold no word."""


def annotated(
    runtime: Runtime, actor: Actor, loaded: corpora.Loaded, progress: jobs.Progress
) -> dict[str, tuple[Token, ...]]:
    """The words of each testimony; only texts that this council never had read go through spaCy.

    ``progress`` goes from nothing to half of the work; what was read when it raises is kept.
    """
    texts = {testimony.id: testimony.text for testimony in loaded.corpus.testimonies}
    shelf = Shelf(runtime, actor.council_id, {loaded.text_versions[k]: texts[k] for k in texts})
    read(shelf, lambda done, total, said: progress(done, max(total, 1) * 2, said))
    found: dict[str, tuple[Token, ...]] = {}
    for keys in _cut(texts):
        found.update(annotation.tokens({key: texts[key] for key in keys}, shelf))
    return found


def read(shelf: Shelf, progress: jobs.Progress = lambda *said: None) -> int:
    """Make sure that each text of the shelf has its reading; returns how many were made."""
    total = len(shelf.texts)
    missing = shelf.missing()

    def told(done: int) -> None:
        here = total - len(missing) + done
        progress(here, total, f"Lecture des mots : {here} textes sur {total}")

    told(0)
    batches = ([shelf.texts[key] for key in keys] for keys in _cut(missing))
    scheduler = shelf.runtime.settings.scheduler
    made = annotation.fill(batches, shelf, scheduler=scheduler, progress=told)
    shelf.share(missing)
    return made


def put(
    session: Session, texts: Iterable[TextVersion], entries: Mapping[uuid.UUID, str], pipeline: str
) -> None:
    """Keep a reading for each of these texts, in place of what was kept of them."""
    rows = [
        Annotation(
            text_version_id=text.id,
            council_id=text.council_id,
            text_hash=french.text_hash(text.text),
            pipeline=pipeline,
            document=entries[text.id],
        )
        for text in texts
    ]
    keys = [row.text_version_id for row in rows]
    session.execute(delete(Annotation).where(Annotation.text_version_id.in_(keys)))
    session.add_all(rows)


class Shelf:
    """What is kept for some texts of a council: an `analysis.annotation.Cache`."""

    def __init__(
        self, runtime: Runtime, council_id: uuid.UUID, texts: Mapping[uuid.UUID, str]
    ) -> None:
        self.runtime = runtime
        self.texts = texts
        self._pipeline = french.pipeline_id()
        self._mine = (Annotation.council_id == council_id, Annotation.pipeline == self._pipeline)
        self._versions: dict[str, list[uuid.UUID]] = defaultdict(list)
        for key, text in texts.items():
            self._versions[french.text_hash(text)].append(key)

    def held(self, hashes: Collection[str]) -> set[str]:
        """See `annotation.Cache`."""
        with self.runtime.database.reading() as session:
            query = select(Annotation.text_hash).where(*self._mine)
            return {
                key
                for some in _cut(hashes)
                for key in session.scalars(query.where(Annotation.text_hash.in_(some)))
            }

    def found(self, hashes: Collection[str]) -> dict[str, str]:
        """See `annotation.Cache`."""
        with self.runtime.database.reading() as session:
            query = select(Annotation.text_hash, Annotation.document).where(*self._mine)
            return {
                key: document
                for some in _cut(hashes)
                for key, document in session.execute(query.where(Annotation.text_hash.in_(some)))
            }

    def keep(self, entries: Mapping[str, str]) -> None:
        """See `annotation.Cache`; a text erased meanwhile leaves nothing."""
        documents = {
            key: entry for digest, entry in entries.items() for key in self._versions[digest]
        }
        with self.runtime.database.writing() as session:
            query = select(TextVersion).where(TextVersion.id.in_(documents))
            put(session, session.scalars(query), documents, self._pipeline)

    def missing(self) -> list[uuid.UUID]:
        """The texts that have no reading of their own."""
        with self.runtime.database.reading() as session:
            query = select(Annotation.text_version_id).where(*self._mine)
            known = {
                key
                for some in _cut(self.texts)
                for key in session.scalars(query.where(Annotation.text_version_id.in_(some)))
            }
        return [key for key in self.texts if key not in known]

    def share(self, keys: Collection[uuid.UUID]) -> None:
        """Give those that still have none the reading of a text that says the same."""
        still = set(self.missing()).intersection(keys) if keys else set()
        for some in _cut([french.text_hash(self.texts[key]) for key in still]):
            self.keep(self.found(set(some)))


def _cut(keys: Iterable[Key]) -> Iterator[list[Key]]:
    left = iter(keys)
    while some := list(islice(left, annotation.TOGETHER)):
        yield some
