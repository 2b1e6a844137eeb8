"""What a run keeps to prepare the finding of each theme: excerpts to read, sides, rarer voices.

Only the ids of excerpts are kept; their words are read again when a page shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis import minorities as few
from analysis import positions as sides
from analysis import representative
from analysis.corpus import Corpus, Excerpt
from analysis.positions import BAD, GOOD, MIXED, Side, speakers
from analysis.tables import Counts, codes_under, totals
from survey_app.services.run_parts import Given, Part

TOLD = "Extraits à lire pour chaque constat"
TABLE, THEME = "constats", "constat-"
RESOURCE, PROPOSAL = "ressource", "proposition"
SHOWN = 8  # excerpts of a list; all of them stay on the page of the theme
GROUPS = 6  # repetitions shown
HEAD = (
    "Code du thème",
    "Thème",
    "Témoignages",
    "Rencontres",
    "Personnes",
    "Témoignages de façon positive",
    "Témoignages de façon négative",
    "Témoignages de façon partagée",
    "Témoignages avec une ressource",
    "Témoignages avec une proposition",
    "Voix minoritaires",
)


@dataclass
class _Cited:
    """The excerpts that a document names, each by its rank: its id and its testimony's."""

    ranks: dict[str, int] = field(default_factory=dict)
    pairs: list[list[str]] = field(default_factory=list)

    def rank(self, excerpt: Excerpt) -> int:
        if excerpt.id not in self.ranks:
            self.ranks[excerpt.id] = len(self.pairs)
            self.pairs.append([excerpt.id, excerpt.testimony])
        return self.ranks[excerpt.id]

    def some(self, excerpts: Sequence[Excerpt], counts: Counts, **more: Any) -> dict[str, Any]:
        """The first excerpts of a list, how many it has, and what they stand for."""
        ranks = [self.rank(excerpt) for excerpt in _voices(excerpts)[:SHOWN]]
        return {"shown": ranks, "excerpts": len(excerpts), "counts": _numbers(counts), **more}


def made(given: Given) -> Iterator[Part]:
    """A part for each theme that somebody spoke of, then their table."""
    rows = []
    whole = _numbers(totals(given.corpus))
    for theme in given.codebook.themes:
        corpus = _about(given.corpus, codes_under(given.codebook, theme.code))
        if not corpus.excerpts:
            continue
        chosen = representative.choose(corpus, given.codebook, theme.code, given.said)
        taken = sides.positions(corpus, given.codebook, theme.code, given.said)
        rare = few.minorities(corpus, given.codebook, theme.code, given.threshold)
        document = _document(chosen, taken, rare) | {"totals": whole}
        yield Part(f"{THEME}{theme.code}", f"Constat : {theme.label}", document)
        rows.append(_row(chosen, taken, rare))
    if rows:
        yield Part(TABLE, "De quoi préparer les constats", {}, HEAD, tuple(rows))


def _about(corpus: Corpus, codes: Collection[str]) -> Corpus:
    """The campaign with the codings of one theme alone: three functions go through them all."""
    codings = tuple(one for one in corpus.codings if one.code in codes)
    coded = {one.excerpt for one in codings}
    excerpts = tuple(one for one in corpus.excerpts if one.id in coded)
    return replace(corpus, excerpts=excerpts, codings=codings)


def _document(
    chosen: representative.Representative, taken: sides.Positions, rare: few.Minorities
) -> dict[str, Any]:
    cited = _Cited()
    found = {
        "label": chosen.label,
        "counts": _numbers(chosen.counts),
        "chosen": [[cited.rank(one.excerpt), one.why] for one in chosen.chosen],
        "repeated": [
            cited.some(one.excerpts, one.counts, words=list(one.words))
            for one in chosen.repeated[:GROUPS]
        ],
        "tones": [cited.some(one.excerpts, one.counts, value=one.value) for one in taken.tones],
        "faced": [
            [cited.rank(one.good), cited.rank(one.bad), one.code, list(one.words)]
            for one in taken.faced
        ],
        "note": taken.note,
        "voices": [
            cited.some(one.excerpts, one.counts, reason=one.reason, sentence=one.sentence)
            for one in rare.voices
        ],
        "voices_note": rare.note,
        "kinds": {
            value: cited.some(taken.kind(value).excerpts, taken.kind(value).counts)
            for value in (RESOURCE, PROPOSAL)
        },
    }
    return found | {"excerpts": cited.pairs}


def _voices(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """In the same order, a first excerpt of each testimony before the second of any."""
    seen: dict[str, int] = {}
    order = []
    for rank, excerpt in enumerate(excerpts):
        seen[excerpt.testimony] = seen.get(excerpt.testimony, 0) + 1
        order.append((seen[excerpt.testimony], rank, excerpt))
    return [excerpt for *_, excerpt in sorted(order, key=lambda one: one[:2])]


def _row(
    chosen: representative.Representative, taken: sides.Positions, rare: few.Minorities
) -> tuple[str | int, ...]:
    return (
        chosen.code,
        chosen.label,
        *_numbers(chosen.counts),
        *(_testimonies(taken.tones, value) for value in (GOOD, BAD, MIXED)),
        *(taken.kind(value).counts.testimonies for value in (RESOURCE, PROPOSAL)),
        len(rare.voices),
    )


def _testimonies(tones: Sequence[Side], value: str) -> int:
    return len(speakers(tones, value))


def _numbers(counts: Counts) -> list[int]:
    return [counts.testimonies, counts.meetings, counts.people]
