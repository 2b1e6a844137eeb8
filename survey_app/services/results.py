"""What the pages of results show: the campaigns, what a run rests on, the excerpts of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from analysis import cuts, tables
from analysis.codebook import Codebook, CodebookError
from analysis.codebook import load as load_grid
from analysis.corpus import Corpus
from analysis.corpus import Excerpt as Passage
from survey_app.domain import Conflict, NotFound
from survey_app.models import Campaign, Coding, CodingStep, Excerpt, Run, Synthesis, Testimony
from survey_app.permissions import Actor
from survey_app.services import behind, crossings, grids, masking_steps, scope
from survey_app.services import corpus as corpora
from survey_app.services.syntheses import PUBLISHED

PAGE = 50
AROUND = 80  # code points of context on each side of an excerpt


@dataclass(frozen=True, slots=True)
class Entry:
    """A campaign of the list, with the newest synthesis that the actor may read."""

    campaign: Campaign
    synthesis: Synthesis | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an analysis would read now: masked testimonies, validated codings, those to come."""

    testimonies: int
    codings: int
    pending: int


@dataclass(frozen=True, slots=True)
class Line:
    """An excerpt in its context. ``citable``: by the person's own consent, today."""

    label: str
    before: str
    quote: str
    after: str
    testimony: int
    meeting: str
    day: date | None
    place: str
    citable: bool
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Excerpts:
    """A page of the excerpts behind a number; ``counts`` and ``total`` are of all pages."""

    code: str
    label: str
    counts: tables.Counts
    total: int
    lines: tuple[Line, ...]
    page: int
    pages: int


def overview(session: Session, actor: Actor) -> list[Entry]:
    """Campaigns, oldest first; for who only reads, those with a published synthesis."""
    actor.require("synthesis.read")
    writer = actor.can("synthesis.write")
    query = scope.scoped(actor, Synthesis).options(defer(Synthesis.document))
    if not writer:
        query = query.where(Synthesis.state.in_(PUBLISHED))
    newest = {row.campaign_id: row for row in session.scalars(query.order_by(Synthesis.version))}
    rows = session.scalars(
        scope.scoped(actor, Campaign).order_by(Campaign.created_at, Campaign.id)
    ).all()
    return [Entry(row, newest.get(row.id)) for row in rows if writer or row.id in newest]


def basis(session: Session, actor: Actor, campaign: Campaign) -> Basis:
    """What there is to analyse, counted without reading a single text."""
    actor.require("analysis.read")
    mine = (Testimony.council_id == actor.council_id, Testimony.campaign_id == campaign.id)
    counted = Testimony.state.in_(corpora.COUNTED)

    def number(*conditions: object) -> int:
        query = select(func.count()).select_from(Testimony).where(*mine, *conditions)  # type: ignore[arg-type]  # SQLAlchemy's own conditions
        return session.scalar(query) or 0

    # Those left out are few: joining every testimony would take twice as long.
    left_out = select(Testimony.id).where(*mine, Testimony.state.not_in(corpora.COUNTED))
    codings = (
        select(func.count())
        .select_from(Coding)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.council_id == actor.council_id,
            Excerpt.campaign_id == campaign.id,
            Excerpt.state == "active",
            Excerpt.testimony_id.not_in(left_out),
            Coding.state == "validated",
        )
    )
    return Basis(
        number(counted),
        session.scalar(codings) or 0,
        number(Testimony.state.in_(corpora.PENDING)),
    )


def outdated(session: Session, campaign: Campaign, run: Run, now: Basis) -> bool:
    """Whether somebody coded, masked or withdrew something since the run."""
    before = run.figures
    if (now.testimonies, now.codings) != (before["totals"]["testimonies"], before["codings"]):
        return True
    gesture = select(func.max(CodingStep.created_at)).join(
        Testimony, Testimony.id == CodingStep.testimony_id
    )
    coded = CodingStep.action != masking_steps.ACTION  # a masking under way changes no figure
    newest = session.scalar(gesture.where(Testimony.campaign_id == campaign.id, coded))
    return newest is not None and newest > run.created_at


def excerpts(
    session: Session, actor: Actor, campaign: Campaign, code: str, page: int = 1
) -> Excerpts:
    """The excerpts of a theme or code (all of them when ``code`` is empty), as they are counted."""
    actor.require("analysis.read")
    book = grid(session, actor, campaign)
    try:
        label = book.code(code).label if code else "tous les thèmes"
    except CodebookError:
        raise NotFound() from None
    if page < 1:
        raise NotFound()
    codes = tables.codes_under(book, code)
    heard = behind.heard(session, actor, campaign, codes, (page - 1) * PAGE, PAGE)
    return _page(session, actor, campaign, heard, code, label, page)


def cell(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    shown: crossings.View,
    code: str,
    value: str,
    page: int = 1,
) -> Excerpts:
    """The excerpts behind a visible cell, as they are coded today; `NotFound` for a masked one."""
    ranks = {column: rank for rank, (column, _) in enumerate(shown.columns)}
    line = next((line for line in shown.lines if line.code == code), None)
    if line is None or value not in ranks or line.cells[ranks[value]] is None:
        raise NotFound(
            "Ce nombre est masqué : trop peu de personnes sont derrière.",
            "Revenez au tableau : les nombres affichés ouvrent leurs extraits.",
        )
    codes = tables.codes_under(grid(session, actor, campaign), code)
    variable = cuts.Variable(shown.name, shown.label, shown.kind)
    rows = behind.in_cell(session, actor, campaign, codes, variable, value, shown.key)
    if behind.counts(rows).testimonies < campaign.threshold_inside:
        raise Conflict(
            "Des témoignages ou des codages ont changé depuis l’analyse : ce nombre est devenu "
            "trop petit pour être ouvert.",
            "Relancez l’analyse, puis revenez au tableau.",
        )
    said = [line.label, shown.columns[ranks[value]][1], shown.filter_label]
    label = ", ".join(part for part in said if part)
    first = (page - 1) * PAGE
    here = [(row.excerpt_id, row.testimony_id) for row in rows[max(first, 0) : first + PAGE]]
    heard = behind.Heard(behind.counts(rows), len(rows), here)
    return _page(session, actor, campaign, heard, code, label, page)


def _page(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    heard: behind.Heard,
    code: str,
    label: str,
    page: int,
) -> Excerpts:
    """One page of these excerpts, with the counts of them all; `NotFound` beyond the last."""
    pages = max(1, -(-heard.excerpts // PAGE))
    if not 1 <= page <= pages:
        raise NotFound()
    loaded = corpora.load(session, actor, campaign, only={told for _, told in heard.shown})
    passages = [loaded.corpus.excerpt_by_id[str(excerpt)] for excerpt, _ in heard.shown]
    return Excerpts(
        code,
        label,
        heard.counts,
        heard.excerpts,
        tuple(lines_of(loaded.corpus, loaded.codebook, passages)),
        page,
        pages,
    )


def lines_of(corpus: Corpus, book: Codebook, shown: Sequence[Passage]) -> list[Line]:
    """These excerpts in their contexts, in the same order."""
    wanted = {item.id for item in shown}
    codes: dict[str, dict[str, str]] = {}
    for coding in corpus.codings:
        if coding.excerpt in wanted:
            codes.setdefault(coding.excerpt, {})[coding.code] = book.code(coding.code).label
    lines = []
    for item in shown:
        testimony = corpus.testimony_by_id[item.testimony]
        meeting = corpus.meeting_by_id[testimony.meeting]
        start, end = max(0, item.start - AROUND), item.end + AROUND
        lines.append(
            Line(
                label=item.label,
                before=("…" if start else "") + testimony.text[start : item.start],
                quote=item.quote,
                after=testimony.text[item.end : end] + ("…" if end < len(testimony.text) else ""),
                testimony=testimony.number,
                meeting=meeting.label,
                day=testimony.date,
                place=meeting.place,
                citable=testimony.may_quote(item.quote),
                codes=tuple(codes.get(item.id, {}).items()),
            )
        )
    return lines


def grid(session: Session, actor: Actor, campaign: Campaign) -> Codebook:
    """The campaign's codebook; the shipped one while it has none."""
    if campaign.codebook_version_id is None:
        return load_grid()
    return grids.of(session, actor, campaign)
