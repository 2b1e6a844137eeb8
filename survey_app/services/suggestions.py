"""Suggestions for the bench: what the words of each sentence point at. Never a coding."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from analysis import french
from analysis.codebook import Codebook
from analysis.suggestions import MOST, Suggestion, suggest
from survey_app.models import Annotation, Campaign, SuggestionSheet, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import annotations as readings
from survey_app.services import jobs, lessons, scope
from survey_app.services.excerpts import CODABLE, Bench

ORIGIN = "suggestion"
_TOGETHER = 50
_SHEET = select(SuggestionSheet.sentences).where(
    SuggestionSheet.text_version_id == bindparam("text")
)
_READ = select(Annotation.document).where(Annotation.text_version_id == bindparam("text"))
_WORD = re.compile(r"\w")


def for_bench(session: Session, bench: Bench, book: Codebook) -> tuple[tuple[Suggestion, ...], ...]:
    """The suggestions of each sentence, in order, best first, at most six.

    They are those that the learning job left for this very text. Where it left none, the words
    of the grid speak, with lemmas once a job has read the text.
    """
    written = session.scalars(_SHEET, {"text": bench.text.id}).first()
    if written is not None:
        offers = {(line["start"], line["end"]): _offered(line, book) for line in written}
        return tuple(offers.get((span.start, span.end), ()) for span in bench.sentences)
    text = bench.text.text
    tokens = words_read(session, bench.text)
    return tuple(
        suggest(text, book, tokens, start=span.start, end=span.end) for span in bench.sentences
    )


def merge(several: Iterable[Iterable[Suggestion]]) -> tuple[Suggestion, ...]:
    """The suggestions of a stretch of sentences: each code once, at its best, at most six."""
    best: dict[str, Suggestion] = {}
    words: dict[str, dict[str, None]] = {}
    for offers in several:
        for one in offers:
            words.setdefault(one.code, {}).update(dict.fromkeys(one.words))
            if one.code not in best or one.score > best[one.code].score:
                best[one.code] = one
    ranked = sorted(best.values(), key=lambda one: -one.score)[:MOST]
    return tuple(
        Suggestion(one.code, one.theme, one.score, tuple(words[one.code])) for one in ranked
    )


def words_read(session: Session, text: TextVersion) -> tuple[french.Token, ...]:
    """The words of a text as a job read them; none while no job has."""
    entry = session.scalars(_READ, {"text": text.id}).first()
    return french.kept(entry, text.text) if entry is not None else ()


def _offered(line: dict[str, Any], book: Codebook) -> tuple[Suggestion, ...]:
    """The offers of a sentence; a code that has left the grid since is offered no more."""
    known = [offer for offer in line["offers"] if offer["code"] in book]
    return tuple(
        Suggestion(
            offer["code"], book.code(offer["code"]).theme, offer["score"], tuple(offer["words"])
        )
        for offer in known[:MOST]
    )


def unread(
    session: Session, actor: Actor, campaign: Campaign, states: Collection[str] = CODABLE
) -> list[uuid.UUID]:
    """The newest masked texts (of testimonies to code) whose words the job has not read yet."""
    keys = lessons.newest(session, actor, campaign, states)
    return [
        reading.text_version
        for reading in lessons.read(session, keys)
        if not any(reading.tokens) and any(_WORD.search(words) for words in reading.sentences)
    ]


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Read the words of a campaign's masked texts (a slug), so that lemmas suggest too."""
    actor.require("testimony.read_masked")
    return {"texts": read_words(runtime, actor, parameters["campaign"], progress)}


def read_words(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    progress: jobs.Progress,
    states: Collection[str] = CODABLE,
) -> int:
    """Read the words of the texts that no job has read, a few at a time; returns how many."""
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, slug)
        keys = unread(session, actor, campaign, states)
    for done in range(0, len(keys), _TOGETHER):
        progress(done, len(keys), f"Lecture des mots : {done} textes sur {len(keys)}")
        with runtime.database.reading() as session:
            query = select(TextVersion.id, TextVersion.text)
            rows = session.execute(query.where(TextVersion.id.in_(keys[done : done + _TOGETHER])))
            texts = dict(rows.all())
        readings.read(readings.Shelf(runtime, actor.council_id, texts))
    progress(len(keys), len(keys), "Lecture des mots terminée")
    return len(keys)
