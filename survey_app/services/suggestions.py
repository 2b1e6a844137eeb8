"""Suggestions for the bench: what the words of each sentence point at. Never a coding."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from analysis import french
from analysis.codebook import Codebook
from analysis.suggestions import Suggestion, suggest
from survey_app.models import Annotation, Campaign, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import jobs, scope
from survey_app.services.excerpts import CODABLE, Bench

ORIGIN = "suggestion"
_TOGETHER = 50


def for_bench(session: Session, bench: Bench, book: Codebook) -> tuple[tuple[Suggestion, ...], ...]:
    """The suggestions of each sentence, in order; with lemmas once the job has read the text."""
    text = bench.text.text
    query = select(Annotation.document).where(Annotation.text_version_id == bench.text.id)
    entry = session.scalars(query).first()
    tokens = french.kept(entry, text) if entry is not None else ()
    return tuple(
        suggest(text, book, tokens, start=span.start, end=span.end) for span in bench.sentences
    )


def unread(session: Session, actor: Actor, campaign: Campaign) -> list[TextVersion]:
    """The masked texts to code whose words the job has not read yet."""
    rows = session.scalars(
        scope.scoped(actor, Testimony).where(
            Testimony.campaign_id == campaign.id, Testimony.state.in_(CODABLE)
        )
    )
    texts = [text for row in rows if (text := row.text("masked")) is not None]
    query = select(Annotation).where(Annotation.text_version_id.in_([text.id for text in texts]))
    kept = {row.text_version_id: row.document for row in session.scalars(query)}
    return [text for text in texts if not french.kept(kept.get(text.id, ""), text.text)]


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Read the words of a campaign's masked texts (a slug), so that lemmas suggest too."""
    actor.require("testimony.read_masked")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        texts = {str(text.id): text.text for text in unread(session, actor, campaign)}
    keys = list(texts)
    for done in range(0, len(keys), _TOGETHER):
        progress(done, len(keys), f"Lecture des mots : {done} textes sur {len(keys)}")
        cache: dict[str, str] = {}
        french.annotate({key: texts[key] for key in keys[done : done + _TOGETHER]}, cache=cache)
        _keep(runtime, cache)
    progress(len(keys), len(keys), "Lecture des mots terminée")
    return {"texts": len(keys)}


def _keep(runtime: Runtime, entries: dict[str, str]) -> None:
    """Keep what was read; a text erased meanwhile leaves nothing."""
    with runtime.database.writing() as session:
        texts = session.scalars(select(TextVersion).where(TextVersion.kind == "masked"))
        alive = [text for text in texts if str(text.id) in entries]
        mine = [text.id for text in alive]
        session.execute(delete(Annotation).where(Annotation.text_version_id.in_(mine)))
        session.add_all(
            Annotation(
                text_version_id=text.id, council_id=text.council_id, document=entries[str(text.id)]
            )
            for text in alive
        )
