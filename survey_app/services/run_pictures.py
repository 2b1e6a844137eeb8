"""The pictures of a run, drawn by the job: bars of themes, clouds of the whole and of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from analysis import lexicon, pictures, tables
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.french import Token
from analysis.lexicon import WordCount
from analysis.suppression import hidden
from survey_app.domain import NotFound
from survey_app.models import Picture, Run

Annotated = Mapping[str, Sequence[Token]]
THEME, PLACE = "nuage-theme-", "nuage-quartier-"


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures of a run without their pixels: the bars, the whole cloud, those of parts."""

    bars: Picture | None
    cloud: Picture | None
    themes: tuple[Picture, ...]
    places: tuple[Picture, ...]


def drawn(
    corpus: Corpus,
    codebook: Codebook,
    annotated: Annotated,
    words: list[WordCount],
    threshold: int,
) -> tuple[pictures.Picture, ...]:
    """Every picture of a run; a part said by too few testimonies, or too few words, has none."""
    found = [pictures.word_cloud(words)]
    counted = tables.counts_by_theme(corpus, codebook)
    heard = [(theme.label, counted[theme.code].testimonies) for theme in codebook.themes]
    heard = sorted((item for item in heard if item[1]), key=lambda item: -item[1])
    if heard:
        found.append(pictures.bars(heard, len(corpus.testimonies)))
    themes = list(_by_theme(corpus, codebook, annotated))
    places = list(_by_place(corpus, annotated))
    said = [lexicon.frequencies(tokens, part) for _, _, part, tokens in (*themes, *places)]
    nothing: list[frozenset[str]] = [frozenset()] * len(themes)
    masked = nothing + given_away(said[len(themes) :], words)
    for (name, title, part, _), counts, hides in zip((*themes, *places), said, masked, strict=True):
        if len(part.testimonies) >= threshold:
            cloud = pictures.word_cloud(counts, name, title, hides)
            found += [cloud] if cloud.rows else []
    return tuple(found)


def given_away(
    places: Sequence[Sequence[WordCount]], everywhere: Sequence[WordCount]
) -> list[frozenset[str]]:
    """For each place, the lemmas whose count would give another place's small one away.

    The count of the whole campaign is public; what is said in no place is one more part of it.
    """
    spread = [{word.lemma: word.testimonies for word in said} for said in places]
    found: list[set[str]] = [set() for _ in places]
    for word in everywhere:
        counts = [place.get(word.lemma, 0) for place in spread]
        rest = word.testimonies - sum(counts)
        for rank in hidden([*counts, rest] if rest else counts, pictures.OUTSIDE_THRESHOLD):
            if rank < len(places):
                found[rank].add(word.lemma)
    return [frozenset(lemmas) for lemmas in found]


def _by_theme(
    corpus: Corpus, codebook: Codebook, annotated: Annotated
) -> Iterator[tuple[str, str, Corpus, Annotated]]:
    """What is said inside the excerpts of each theme."""
    for theme in codebook.themes:
        spans: dict[str, list[tuple[int, int]]] = {}
        for excerpt in tables.excerpts_of(corpus, codebook, theme.code):
            spans.setdefault(excerpt.testimony, []).append((excerpt.start, excerpt.end))
        kept = {
            key: [
                token
                for token in annotated[key]
                if any(start <= token.start < end for start, end in spans[key])
            ]
            for key in spans
        }
        yield f"{THEME}{theme.code}", f"Mots du thème : {theme.label}", _only(corpus, kept), kept


def _by_place(corpus: Corpus, annotated: Annotated) -> Iterator[tuple[str, str, Corpus, Annotated]]:
    """What is said in each neighbourhood, where there are several."""
    places = corpus.campaign.neighbourhoods
    for place in places if len(places) > 1 else ():
        kept = {
            item.id: annotated[item.id]
            for item in corpus.testimonies
            if item.neighbourhood == place.code
        }
        where = f" ({place.municipality})" if place.municipality else ""
        yield (
            f"{PLACE}{place.code}",
            f"Mots du quartier : {place.name}{where}",
            _only(corpus, kept),
            kept,
        )


def _only(corpus: Corpus, kept: Annotated) -> Corpus:
    said = tuple(item for item in corpus.testimonies if item.id in kept)
    return replace(corpus, testimonies=said, excerpts=(), codings=())


def gallery(session: Session, run: Run | None) -> Gallery:
    """The pictures of a run, for a page that shows them by their addresses."""
    if run is None:
        return Gallery(None, None, (), ())
    query = select(Picture).where(Picture.run_id == run.id).order_by(Picture.title)
    rows = session.scalars(query.options(defer(Picture.svg), defer(Picture.png))).all()
    by_name = {row.name: row for row in rows}
    return Gallery(
        by_name.get(pictures.BARS),
        by_name.get(pictures.CLOUD),
        tuple(row for row in rows if row.name.startswith(THEME)),
        tuple(row for row in rows if row.name.startswith(PLACE)),
    )


def one(session: Session, run: Run | None, name: str) -> Picture:
    """A picture of a run, with its pixels; `NotFound` where there is none of that name."""
    query = select(Picture).where(Picture.name == name)
    row = session.scalars(query.where(Picture.run_id == run.id)).first() if run else None
    if row is None:
        raise NotFound()
    return row
