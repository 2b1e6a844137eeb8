"""Drafting a synthesis, taking people's edits, and checking it against the corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis import sections
from analysis.borrowing import runs
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.document import (
    Identity,
    SnapshotError,
    Synthesis,
    ThemeVoices,
    fingerprint,
    from_dict,
    to_dict,
)
from analysis.findings import Finding, Nature, draft_findings, is_supported
from analysis.pictures import Picture, bars, word_rows
from analysis.quotations import Quotation
from analysis.tables import Counts, counts_of, excerpts_of, totals

if TYPE_CHECKING:
    from analysis.lexicon import WordCount

__all__ = [
    "Edit",
    "SnapshotError",
    "Synthesis",
    "check",
    "draft",
    "fingerprint",
    "from_dict",
    "to_dict",
    "with_edits",
]

SIGNED = frozenset({"validée", "publiée", "rectifiée"})
MOST_WORDS_LISTED = 40
RUN_OF_WORDS = 8  # words in a row that are a quotation: everyday phrases are shorter
_PRINTED_COUNT = re.compile(r"(\d+) témoignages? sur (\d+)(?:, dans (\d+) rencontres? sur (\d+))?")


@dataclass(frozen=True, slots=True)
class Edit:
    """What people decided on one finding; None leaves a part as it was drafted.

    ``quotes`` lists the labels (É-0123) of the quotations to keep.
    """

    sentence: str | None = None
    nuance: str | None = None
    limit: str | None = None
    kept: bool = True
    nature: Nature | None = None
    quotes: tuple[str, ...] | None = None


def draft(
    corpus: Corpus,
    codebook: Codebook,
    *,
    findings: Sequence[Finding] | None = None,
    words: Sequence[WordCount] = (),
    cloud: Picture | None = None,
    pointed: str = "",
    version: int = 1,
    status: str = "brouillon",
    authors: Sequence[str] = (),
    team: Sequence[str] = (),
) -> Synthesis:
    """The whole document, generated. ``authors`` and ``team`` are roles, never names.

    ``pointed`` says what words point at while nothing is coded (`exploratory.sentence`).
    It stays a draft until ``status`` is signed, every testimony reviewed and something coded.
    """
    kept = tuple(draft_findings(corpus, codebook) if findings is None else findings)
    coded = bool(corpus.codings)
    proposals = sections.theme_voices(corpus, codebook, "proposition")
    charts = (_chart(kept, len(corpus.testimonies)),) if kept else ()
    return Synthesis(
        identity=_identity(corpus, version, status, authors),
        essentials=sections.essentials(kept, proposals),
        question=corpus.campaign.question,
        axes=sections.facet_in_use(corpus, "axe_evaluation"),
        criteria=sections.facet_in_use(corpus, "critere"),
        listening=sections.listening(corpus, team),
        heard=sections.heard(corpus),
        findings=kept,
        set_aside=0,
        silence=sections.silence(kept, coded),
        resources=sections.theme_voices(corpus, codebook, "ressource"),
        proposals=proposals,
        limits=sections.limits(corpus),
        exploratory=sections.exploratory(word_rows(words, MOST_WORDS_LISTED), coded, pointed),
        trace=sections.trace(corpus, kept),
        pictures=(*charts, cloud) if cloud else charts,
    )


def _chart(findings: Sequence[Finding], total: int) -> Picture:
    return bars([(item.theme_label, item.counts.testimonies) for item in findings], total)


def _identity(corpus: Corpus, version: int, status: str, authors: Sequence[str]) -> Identity:
    campaign = corpus.campaign
    first, last = sections.days(corpus)
    reasons = []
    if not corpus.codings:
        reasons.append("Aucun extrait n'a encore été codé.")
    if not corpus.reviewed:
        reasons.append("Des témoignages importés n'ont pas été relus.")
    if status not in SIGNED:
        reasons.append("La synthèse n'a pas encore été validée par deux voix.")
    return Identity(
        campaign=campaign.title,
        slug=campaign.slug,
        council=campaign.council,
        controller=campaign.controller,
        city_contract=campaign.city_contract,
        neighbourhoods=campaign.neighbourhoods,
        first_day=first.isoformat() if first else "",
        last_day=last.isoformat() if last else "",
        taken_at=corpus.taken_at.isoformat() if corpus.taken_at else "",
        version=version,
        authors=tuple(authors),
        status=status,
        draft=bool(reasons),
        reasons=tuple(reasons),
        fictitious=campaign.fictitious,
        codebook_version=corpus.codebook_version,
    )


def with_edits(synthesis: Synthesis, edits: Mapping[str, Edit]) -> Synthesis:
    """The synthesis as people rewrote it: ``edits`` goes by theme, other themes stay drafted.

    A finding set aside leaves with its proof and its bar; the number set aside is printed.
    """
    gone = {theme for theme, edit in edits.items() if not edit.kept}
    kept = tuple(
        _edited(finding, edits.get(finding.theme, Edit()))
        for finding in synthesis.findings
        if finding.theme not in gone
    )
    proposals = _without(synthesis.proposals, gone)
    return replace(
        synthesis,
        essentials=sections.essentials(kept, proposals),
        findings=kept,
        set_aside=synthesis.set_aside + len(synthesis.findings) - len(kept),
        silence=sections.silence(kept, synthesis.coded),
        resources=_without(synthesis.resources, gone),
        proposals=proposals,
        trace=replace(
            synthesis.trace,
            rows=tuple(row for row in synthesis.trace.rows if row.theme not in gone),
        ),
        pictures=_redrawn(synthesis, kept) if gone else synthesis.pictures,
    )


def _redrawn(synthesis: Synthesis, kept: Sequence[Finding]) -> tuple[Picture, ...]:
    """The pictures, the chart with the bars of these findings only: drawing takes a while."""
    chart = _chart(kept, synthesis.heard.counts.testimonies)
    return tuple(chart if item.name == chart.name else item for item in synthesis.pictures)


def _edited(finding: Finding, edit: Edit) -> Finding:
    def chosen(quotations: tuple[Quotation, ...]) -> tuple[Quotation, ...]:
        return tuple(item for item in quotations if edit.quotes is None or item.id in edit.quotes)

    return replace(
        finding,
        sentence=finding.sentence if edit.sentence is None else edit.sentence,
        nuance=finding.nuance if edit.nuance is None else edit.nuance,
        limit=finding.limit if edit.limit is None else edit.limit,
        nature=edit.nature or finding.nature,
        excerpts=chosen(finding.excerpts),
        positions=tuple(
            replace(side, quotations=chosen(side.quotations)) for side in finding.positions
        ),
    )


def _without(voices: Sequence[ThemeVoices], gone: set[str]) -> tuple[ThemeVoices, ...]:
    return tuple(item for item in voices if item.theme not in gone)


def quotations(synthesis: Synthesis) -> Iterator[Quotation]:
    """Every quotation anywhere in the document, those not printed included."""
    for finding in synthesis.findings:
        yield from finding.excerpts
        for side in finding.positions:
            yield from side.quotations
    for voices in (*synthesis.resources, *synthesis.proposals):
        yield from voices.quotations
    for row in synthesis.trace.rows:
        yield row.quotation


def check(synthesis: Synthesis, corpus: Corpus, codebook: Codebook | None = None) -> list[str]:
    """What the document says that the corpus does not; empty when all is true.

    With the codebook, the proof of each finding is also looked for anew.
    """
    problems = list(dict.fromkeys(_quotation_problems(synthesis, corpus)))
    total = totals(corpus)
    if synthesis.heard.counts != total:
        problems.append("Le nombre de témoignages, de rencontres ou de personnes a changé.")
    unconsented = _unconsented(synthesis.findings, corpus)
    for finding in synthesis.findings:
        problems += _finding_problems(finding, corpus, total, codebook)
        if finding.theme in unconsented:
            problems.append(
                f"{_label(finding)} : la phrase reprend mot pour mot les paroles d'une personne "
                "qui n'a pas accepté d'être citée. Dites-le autrement."
            )
    return problems


def _quotation_problems(synthesis: Synthesis, corpus: Corpus) -> Iterator[str]:
    for item in quotations(synthesis):
        testimony = corpus.testimony_by_id.get(item.testimony)
        if testimony is None or item.excerpt not in corpus.excerpt_by_id:
            yield f"{item.id} : ce témoignage ou cet extrait n'est plus dans la campagne."
        elif item.quote is not None and testimony.text[item.start : item.end] != item.quote:
            yield f"{item.id} : la citation ne correspond plus au texte masqué."
        elif item.quote is not None and not testimony.may_quote(item.quote):
            yield f"{item.id} : la personne n'a pas accepté que ces mots soient cités."


def _finding_problems(
    finding: Finding, corpus: Corpus, total: Counts, codebook: Codebook | None
) -> Iterator[str]:
    label = _label(finding)
    if not is_supported(finding):
        yield (
            f"{label} : il faut deux extraits de deux témoignages, ou la mention « voix isolée »."
        )
    try:
        counts = counts_of(corpus, [corpus.excerpt_by_id[item] for item in finding.support])
    except KeyError:
        yield f"{label} : un extrait compté n'est plus dans la campagne."
        return
    if codebook is not None:
        now = {excerpt.id for excerpt in excerpts_of(corpus, codebook, finding.theme)}
        if now != set(finding.support):
            yield f"{label} : les codages ont changé depuis la rédaction."
    if counts != finding.counts:
        yield f"{label} : les nombres ne correspondent plus aux extraits."
    expected = (counts.testimonies, total.testimonies, counts.meetings, total.meetings)
    for printed in _PRINTED_COUNT.findall(_written(finding)):
        numbers = [int(number) for number in printed if number]
        if numbers != list(expected[: len(numbers)]):
            yield f"{label} : la phrase donne un nombre que les extraits ne confirment pas."


def _label(finding: Finding) -> str:
    return f"Constat « {finding.theme_label} »"


def _unconsented(findings: Sequence[Finding], corpus: Corpus) -> frozenset[str]:
    """Themes of the findings where a long run of words is somebody's who did not agree to it."""
    said = {
        finding.theme: {
            run for run in runs(_written(finding), RUN_OF_WORDS) if len(run) == RUN_OF_WORDS
        }
        for finding in findings
    }
    every = frozenset().union(*said.values())
    taken: set[tuple[str, ...]] = set()
    for testimony in corpus.testimonies:
        if testimony.citable == "yes":
            continue
        allowed = frozenset().union(
            *(runs(phrase, RUN_OF_WORDS) for phrase in testimony.approved_phrases)
        )
        taken |= (runs(testimony.text, RUN_OF_WORDS) & every) - allowed
    return frozenset(theme for theme, mine in said.items() if mine & taken)


def _written(finding: Finding) -> str:
    return " ".join((finding.sentence, finding.nuance, finding.limit))
