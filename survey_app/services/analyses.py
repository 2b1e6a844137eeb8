"""The analysis of a campaign, as a job: annotate what is new, count, draw, keep the run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import exploratory, french, lexicon, pictures, tables, terms
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, Picture, Run, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import annotations as readings
from survey_app.services import corpus as corpora
from survey_app.services import crossings, jobs, run_parts, run_pictures, scope

if TYPE_CHECKING:
    from analysis.lexicon import WordCount

WORDS_KEPT = 300


@dataclass(frozen=True, slots=True)
class Results:
    """All that an analysis found, before it is stored."""

    figures: dict[str, Any]
    drawn: Sequence[pictures.Picture]
    crossed: Sequence[Mapping[str, Any]]
    parts: Sequence[run_parts.Part]


def work(
    runtime: Runtime, actor: Actor, parameters: dict[str, Any], progress: jobs.Progress
) -> dict[str, Any]:
    """Analyse the campaign of ``parameters["campaign"]`` (a slug) and keep the run."""
    actor.require("analysis.run")
    half = 3 + len(run_parts.MODULES)  # reading the words takes about as long as all the rest
    steps = 2 * half
    progress(0, steps, "Lecture des témoignages")
    with runtime.database.reading() as session:
        campaign = scope.campaign(session, actor, parameters["campaign"])
        loaded = corpora.load(session, actor, campaign)
        campaign_id, threshold = campaign.id, campaign.threshold_inside
        labels = crossings.labels(session, actor, campaign)
        choices = dict(campaign.analysis)
    if not loaded.corpus.testimonies:
        raise Invalid(
            "Cette campagne n’a encore aucun témoignage masqué à analyser.",
            "Relisez et masquez au moins un témoignage, puis relancez l’analyse.",
        )
    annotated = readings.annotated(runtime, actor, loaded, progress)
    words = lexicon.frequencies(annotated, loaded.corpus)
    progress(half, steps, "Comptes et croisements")
    figures = _figures(loaded.corpus, loaded.codebook, words)
    if not loaded.corpus.codings:
        found = exploratory.pointed(loaded.corpus, loaded.codebook, annotated)
        figures["pointed"] = [[p.theme, p.label, p.testimonies, list(p.words)] for p in found]
    crossed = crossings.documents(loaded, threshold, labels)
    progress(half + 1, steps, "Images")
    drawn = [*run_pictures.drawn(loaded.corpus, loaded.codebook, annotated, words, threshold)]
    said = terms.said(annotated, loaded.corpus, run_parts.selection(choices))
    book, corpus = loaded.codebook, loaded.corpus
    given = run_parts.Given(corpus, book, annotated, said, threshold, labels, choices)
    made = [*run_parts.made(given, lambda rank, what: progress(half + 2 + rank, steps, what))]
    parts = [one for one in made if isinstance(one, run_parts.Part)]
    drawn += [one for one in made if not isinstance(one, run_parts.Part)]
    results = Results(figures, drawn, crossed, parts)
    run_id = _keep(runtime, actor, campaign_id, loaded.text_versions, results)
    progress(steps, steps, "Analyse terminée")
    return {"run": str(run_id), "testimonies": len(loaded.corpus.testimonies)}


def latest(session: Session, actor: Actor, campaign: Campaign) -> Run | None:
    """The newest run of a campaign, if it was ever analysed."""
    return session.scalars(
        scope.scoped(actor, Run)
        .where(Run.campaign_id == campaign.id)
        .order_by(Run.created_at.desc(), Run.id.desc())
    ).first()


def words_of(run: Run | None) -> list[WordCount]:
    """The words that a run counted, as the pictures and the synthesis take them."""
    if run is None:
        return []
    return [
        lexicon.WordCount(lemma, count, testimonies, tuple(forms))
        for lemma, count, testimonies, forms in run.figures.get("words", [])
    ]


def pointed_of(run: Run | None) -> tuple[exploratory.Pointed, ...]:
    """What words point at in a campaign that nobody has coded, as a run saw it."""
    rows = run.figures.get("pointed", []) if run is not None else []
    return tuple(
        exploratory.Pointed(theme, label, number, tuple(words))
        for theme, label, number, words in rows
    )


def cloud_of(session: Session, run: Run | None) -> pictures.Picture | None:
    """The word cloud of the whole campaign that a run drew."""
    query = select(Picture).where(Picture.name == pictures.CLOUD)
    row = session.scalars(query.where(Picture.run_id == run.id)).first() if run else None
    if row is None:
        return None
    return pictures.Picture(
        row.name,
        row.title,
        row.svg,
        row.png,
        row.alt,
        tuple(row.head),
        tuple(tuple(line) for line in row.rows),
    )


def require_alive(session: Session, versions: Mapping[str, uuid.UUID]) -> None:
    """Refuse to store what was computed from words withdrawn while the job ran."""
    texts = set(session.scalars(select(TextVersion.id).where(TextVersion.kind == "masked")))
    if not texts.issuperset(versions.values()):
        raise Conflict(
            "Une parole a été retirée pendant l’analyse.",
            "Relancez l’analyse : elle se fera sans cette parole.",
        )


def _figures(corpus: Corpus, codebook: Codebook, words: list[WordCount]) -> dict[str, Any]:
    by_theme = tables.counts_by_theme(corpus, codebook)
    by_code = tables.counts_by_code(corpus, codebook)
    coded = {excerpt.testimony for excerpt in corpus.excerpts}
    return {
        "totals": _counts(tables.totals(corpus)),
        "themes": [
            {"code": theme.code, "label": theme.label, **_counts(by_theme[theme.code])}
            for theme in codebook.themes
            if theme.code in by_theme
        ],
        "codes": {code: _counts(counts) for code, counts in by_code.items()},
        "uncoded": len(corpus.testimonies) - len(coded),
        "codings": len(corpus.codings),
        "words": [
            [word.lemma, word.count, word.testimonies, list(word.forms)]
            for word in words[:WORDS_KEPT]
        ],
        "pipeline": french.pipeline_id(),
        "codebook": corpus.codebook_version,
        "reviewed": corpus.reviewed,
    }


def _counts(counts: tables.Counts) -> dict[str, int]:
    return {
        "testimonies": counts.testimonies,
        "meetings": counts.meetings,
        "people": counts.people,
    }


def _keep(
    runtime: Runtime,
    actor: Actor,
    campaign_id: uuid.UUID,
    versions: Mapping[str, uuid.UUID],
    found: Results,
) -> uuid.UUID:
    """Store the run in place of the older ones: one current picture of a campaign."""
    with runtime.database.writing() as session:
        require_alive(session, versions)
        for old in session.scalars(scope.scoped(actor, Run).where(Run.campaign_id == campaign_id)):
            session.delete(old)
        run = Run(
            council_id=actor.council_id,
            created_by=actor.account_id,
            campaign_id=campaign_id,
            parameters={name: found.figures[name] for name in ("codebook", "pipeline")},
            figures=found.figures,
        )
        session.add(run)
        session.flush()
        for picture in found.drawn:
            session.add(
                Picture(
                    run_id=run.id,
                    council_id=actor.council_id,
                    name=picture.name,
                    title=picture.title,
                    svg=picture.svg,
                    png=picture.png,
                    alt=picture.alt,
                    head=list(picture.head),
                    rows=[list(line) for line in picture.rows],
                )
            )
        crossings.keep(session, run, found.crossed)
        run_parts.keep(session, run, found.parts)
    return run.id
