"""From validated codings to findings: what came up, how often, who says otherwise, and the proof.

A finding's counts and its proof come from the same excerpts, so they cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.codebook import Codebook, Theme
from analysis.corpus import Corpus, Excerpt
from analysis.quotations import Quotation, quotation, representative
from analysis.tables import Counts, counts_of, excerpts_of, totals
from analysis.wording import count, plural

Nature = Literal["accord", "divergence", "voix_minoritaire", "ressource", "proposition"]

NATURE_LABELS: Mapping[Nature, str] = {
    "accord": "Accord",
    "divergence": "Désaccord",
    "voix_minoritaire": "Voix minoritaire",
    "ressource": "Ressource",
    "proposition": "Proposition",
}
LONE_VOICE = "voix isolée"
_MANY = 3  # from three testimonies on, a single one that says otherwise is a lone voice


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a disagreement, with the number of testimonies that hold it."""

    label: str
    testimonies: int
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one theme; ``support`` lists the ids of all excerpts behind the counts."""

    theme: str
    theme_label: str
    nature: Nature
    sentence: str
    counts: Counts
    excerpts: tuple[Quotation, ...] = ()
    positions: tuple[Position, ...] = ()
    nuance: str = ""
    limit: str = ""
    support: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voices:
    """The excerpts of one theme, and among them those that carry each value of a facet."""

    support: tuple[Excerpt, ...]
    by_facet: Mapping[tuple[str, str], frozenset[str]]

    def excerpts(self, facet: str, value: str) -> tuple[Excerpt, ...]:
        ids = self.by_facet.get((facet, value), frozenset())
        return tuple(excerpt for excerpt in self.support if excerpt.id in ids)

    def testimonies(self, facet: str, value: str) -> frozenset[str]:
        return frozenset(excerpt.testimony for excerpt in self.excerpts(facet, value))

    def size(self, facet: str, value: str) -> int:
        """In testimonies."""
        return len(self.testimonies(facet, value))


def facet_values(facets: Mapping[str, str | tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The values of a facet, whether it was stored as one or as several."""
    value = facets.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


def voices_of(corpus: Corpus, codebook: Codebook, theme: Theme) -> Voices:
    """What was said on a theme, as its validated codings describe it."""
    codes = {theme.code, *(code.code for code in theme.codes)}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for coding in corpus.codings:
        if coding.code in codes:
            for facet in coding.facets:
                for value in facet_values(coding.facets, facet):
                    found[facet, value].add(coding.excerpt)
    support = excerpts_of(corpus, codebook, theme.code)
    return Voices(support, {key: frozenset(ids) for key, ids in found.items()})


def _nature(voices: Voices, counts: Counts) -> Nature:
    """Rules in the order in which a reader must be warned: alone, opposed, then what it brings."""
    good = voices.testimonies("tonalite", "positive")
    bad = voices.testimonies("tonalite", "négative")
    if counts.testimonies < 2:
        return "voix_minoritaire"
    if good and bad and len(good | bad) > 1:
        fewer, more = sorted((len(good), len(bad)))
        return "voix_minoritaire" if fewer == 1 and more >= _MANY else "divergence"
    kinds = {value for facet, value in voices.by_facet if facet == "kind"}
    sizes = {kind: voices.size("kind", kind) for kind in kinds}
    leading = [kind for kind in sizes if sizes[kind] == max(sizes.values())]
    if leading == ["ressource"]:
        return "ressource"
    if leading == ["proposition"]:
        return "proposition"
    return "accord"


def _sentence(label: str, nature: Nature, counts: Counts, total: Counts, voices: Voices) -> str:
    opening = (
        f"{count(counts.testimonies, 'témoignage')} sur {total.testimonies}, "
        f"dans {count(counts.meetings, 'rencontre')} sur {total.meetings}, "
        f"{plural(counts.testimonies, 'parle', 'parlent')} du thème « {label} »"
    )
    if counts.testimonies < 2:
        return f"{opening} : c'est une {LONE_VOICE}."
    return f"{opening}. {_what_they_say(nature, voices)}".strip()


def _what_they_say(nature: Nature, voices: Voices) -> str:
    good, bad = voices.size("tonalite", "positive"), voices.size("tonalite", "négative")
    if nature == "voix_minoritaire":
        most, alone = ("positive", "négative") if good > bad else ("négative", "positive")
        return f"{max(good, bad)} en parlent de façon {most} ; une {LONE_VOICE}, de façon {alone}."
    if nature == "divergence":
        verb = plural(good, "parle", "parlent")
        return f"{good} en {verb} de façon positive, {bad} de façon négative : les avis s'opposent."
    if nature == "ressource":
        helped = voices.size("kind", "ressource")
        return f"{helped} y {plural(helped, 'voit', 'voient')} une chose qui marche."
    if nature == "proposition":
        made = voices.size("kind", "proposition")
        return f"{made} {plural(made, 'fait', 'font')} une proposition."
    if good and bad:
        return "Un même témoignage en parle tantôt de façon positive, tantôt de façon négative."
    if good or bad:
        verb, tone = plural(good or bad, "parle", "parlent"), "positive" if good else "négative"
        return f"{good or bad} en {verb} de façon {tone}, et aucun de façon contraire."
    return ""


def _nuance(voices: Voices) -> str:
    mixed = voices.size("tonalite", "partagée")
    if not mixed:
        return ""
    return f"{count(mixed, 'témoignage')} {plural(mixed, 'exprime', 'expriment')} un avis partagé."


def _limit(voices: Voices, counts: Counts, quoted: tuple[Quotation, ...], hidden: int) -> str:
    said = []
    if counts.testimonies > 1 and not any(facet == "tonalite" for facet, _ in voices.by_facet):
        said.append("Aucune tonalité n'a été notée : rien ne dit si ces paroles s'accordent.")
    if all(item.quote is None for item in quoted):
        said.append("Aucun de ces extraits ne peut être cité.")
    elif hidden:
        verb = plural(hidden, "compte mais ne peut", "comptent mais ne peuvent")
        said.append(f"{count(hidden, 'extrait')} {verb} pas être {plural(hidden, 'cité')}.")
    return " ".join(said)


def _positions(corpus: Corpus, voices: Voices) -> tuple[Position, ...]:
    return tuple(
        Position(
            f"Parlent de façon {tone}",
            voices.size("tonalite", tone),
            representative(corpus, voices.excerpts("tonalite", tone)),
        )
        for tone in ("positive", "négative")
    )


def _draft(corpus: Corpus, theme: Theme, voices: Voices, total: Counts) -> Finding:
    counts = counts_of(corpus, voices.support)
    nature = _nature(voices, counts)
    chosen = representative(corpus, voices.support)
    opposed = nature in ("divergence", "voix_minoritaire") and counts.testimonies > 1
    hidden = sum(quotation(corpus, excerpt).quote is None for excerpt in voices.support)
    return Finding(
        theme=theme.code,
        theme_label=theme.label,
        nature=nature,
        sentence=_sentence(theme.label, nature, counts, total, voices),
        counts=counts,
        excerpts=chosen,
        positions=_positions(corpus, voices) if opposed else (),
        nuance=_nuance(voices),
        limit=_limit(voices, counts, chosen, hidden),
        support=tuple(excerpt.id for excerpt in voices.support),
    )


def draft_findings(corpus: Corpus, codebook: Codebook) -> tuple[Finding, ...]:
    """One finding for each theme that has codings, the most often heard first."""
    total = totals(corpus)
    heard = [(theme, voices_of(corpus, codebook, theme)) for theme in codebook.themes]
    drafted = [_draft(corpus, theme, voices, total) for theme, voices in heard if voices.support]
    return tuple(sorted(drafted, key=lambda finding: -finding.counts.testimonies))


def is_supported(finding: Finding) -> bool:
    """Two excerpts of two testimonies, or a sentence that says « voix isolée »."""
    if finding.support and LONE_VOICE in finding.sentence.casefold():
        return True
    return len(finding.support) > 1 and finding.counts.testimonies > 1
