"""Waves of listening beside each other: periods of one campaign, or campaigns one after another.

A wave is a set of meetings, so the same people are never in two. Numbers come from a crossing
(`analysis.crossings`, variable ``vague``): small ones are masked there, together with those of
every other table of the run. No test is made: waves did not meet the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Meeting
from analysis.crossings import ALL, Crossing
from analysis.tables import Counts
from analysis.wording import listing

VARIABLE = "vague"
ENOUGH = 30  # testimonies: no share is given in a smaller wave
_UNEVEN = 2  # from twice as many testimonies on, the reader is warned
CAUTION = (
    "Les vagues n'ont pas rencontré les mêmes personnes : une différence peut venir des lieux, "
    "des méthodes ou du hasard des rencontres. Aucun test n'est fait, et aucun ne le pourrait."
)


class WavesError(ValueError):
    """These waves cannot be compared; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Period:
    """A wave by its days, both included; None leaves that end open."""

    label: str
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave and how it listened; ``total`` is None where it is too small to be shown."""

    label: str
    total: Counts | None
    methods: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A theme in each wave; a masked number is None. Shares are in percent, rounded."""

    code: str
    label: str
    cells: tuple[Counts | None, ...]
    shares: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``remarks``: what must be read with the numbers, in French, the general caution first."""

    waves: tuple[Wave, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]


def dated(corpus: Corpus, periods: Sequence[Period]) -> Corpus:
    """The corpus with the wave of each meeting, by its day.

    A meeting without a day takes that of its testimonies, when they agree. One outside every
    period has no wave. ``WavesError`` when the periods are fewer than two, overlap or repeat.
    """
    _check([period.label for period in periods])
    for period in periods:
        if (period.first or date.min) > (period.last or date.max):
            raise WavesError(f"La vague « {period.label} » finit avant de commencer.")
    ordered = sorted(periods, key=lambda item: item.first or date.min)
    for one, two in pairwise(ordered):
        if (one.last or date.max) >= (two.first or date.min):
            raise WavesError(
                f"Les vagues « {one.label} » et « {two.label} » ont des jours en commun. "
                "Séparez leurs dates."
            )
    days: dict[str, set[date | None]] = {}
    for testimony in corpus.testimonies:
        days.setdefault(testimony.meeting, set()).add(testimony.date)
    return replace(
        corpus,
        meetings=tuple(
            replace(meeting, wave=_wave(meeting, days.get(meeting.id, ()), periods))
            for meeting in corpus.meetings
        ),
    )


def together(parts: Sequence[tuple[str, Corpus]], codebook: Codebook) -> Corpus:
    """Campaigns as the waves of one corpus, under the name of the last; « label · R-01 ».

    ``WavesError`` when one was coded with codes that the grid does not hold.
    """
    _check([label for label, _ in parts])
    for label, corpus in parts:
        unknown = sorted({coding.code for coding in corpus.codings} - _codes(codebook))
        if unknown:
            raise WavesError(
                f"La vague « {label} » emploie des codes absents de la grille : "
                f"{listing(unknown)}. Ramenez-la d'abord à la même grille."
            )
    corpora = [corpus for _, corpus in parts]
    places = {place.code: place for one in corpora for place in one.campaign.neighbourhoods}
    return Corpus(
        campaign=replace(corpora[-1].campaign, neighbourhoods=tuple(places.values())),
        meetings=tuple(
            replace(meeting, wave=label, label=f"{label} · {meeting.label}")
            for label, corpus in parts
            for meeting in corpus.meetings
        ),
        testimonies=tuple(item for one in corpora for item in one.testimonies),
        excerpts=tuple(item for one in corpora for item in one.excerpts),
        codings=tuple(item for one in corpora for item in one.codings),
        codebook_version=corpora[-1].codebook_version,
        pending=sum(one.pending for one in corpora),
        taken_at=corpora[-1].taken_at,
    )


def compared(corpus: Corpus, found: Iterable[Crossing]) -> Comparison | None:
    """Theme by theme, the waves side by side, from the crossings of this corpus.

    None where no wave can be shown. A share only where every wave has ``ENOUGH`` testimonies.
    """
    crossing = next((item for item in found if item.variable.name == VARIABLE), None)
    if crossing is None:
        return None
    labels = [value for value, _ in crossing.variable.values]
    ranks = {value: rank for rank, (value, _) in enumerate(crossing.columns)}
    lines = {line.code: line for line in crossing.views[ALL]}
    cells = {
        code: tuple(line.cells[ranks[label]] if label in ranks else None for label in labels)
        for code, line in lines.items()
    }
    totals = cells.pop(ALL)
    enough = all(total is not None and total.testimonies >= ENOUGH for total in totals)
    waves = [_described(corpus, *pair) for pair in zip(labels, totals, strict=True)]
    rows = tuple(
        Row(code, lines[code].label, row, tuple(map(_share, row, totals)) if enough else _no(row))
        for code, row in cells.items()
    )
    outside = any(not meeting.wave for meeting in _met(corpus))
    return Comparison(tuple(waves), rows, tuple(_remarks(waves, enough, outside)))


def _check(labels: Sequence[str]) -> None:
    if len(labels) < 2:
        raise WavesError("Il faut au moins deux vagues à comparer.")
    if not all(label.strip() for label in labels):
        raise WavesError("Chaque vague doit avoir un nom.")
    if len(set(labels)) < len(labels):
        raise WavesError("Deux vagues portent le même nom. Donnez un nom à chacune.")


def _codes(codebook: Codebook) -> set[str]:
    return {code.code for code in codebook.all_codes()}


def _wave(meeting: Meeting, said: Iterable[date | None], periods: Sequence[Period]) -> str:
    days = {meeting.date} if meeting.date else set(said)
    found = {
        next((period.label for period in periods if day and period.holds(day)), "") for day in days
    }
    return found.pop() if len(found) == 1 else ""


def _met(corpus: Corpus) -> list[Meeting]:
    """The meetings that gave testimonies."""
    met = {testimony.meeting for testimony in corpus.testimonies}
    return [meeting for meeting in corpus.meetings if meeting.id in met]


def _described(corpus: Corpus, label: str, total: Counts | None) -> Wave:
    names = {place.code: place.name for place in corpus.campaign.neighbourhoods}
    mine = [meeting for meeting in _met(corpus) if meeting.wave == label]
    places = {names.get(item.neighbourhood, item.neighbourhood) for item in mine}
    methods = {meeting.method for meeting in mine}
    return Wave(label, total, tuple(sorted(methods - {""})), tuple(sorted(places - {""})))


def _share(cell: Counts | None, total: Counts | None) -> int | None:
    return round(100 * cell.testimonies / total.testimonies) if cell and total else None


def _no(row: Sequence[object]) -> tuple[None, ...]:
    return (None,) * len(row)


def _remarks(waves: Sequence[Wave], enough: bool, outside: bool) -> Iterable[str]:
    yield CAUTION
    small = [f"« {wave.label} »" for wave in waves if wave.total is None]
    if small:
        yield f"Trop peu de témoignages pour montrer les nombres de {listing(small)}."
    elif not enough:
        yield f"Sous {ENOUGH} témoignages dans une vague, aucun pourcentage n'est donné."
    sizes = [wave.total.testimonies for wave in waves if wave.total]
    if len(sizes) > 1 and max(sizes) >= _UNEVEN * min(sizes):
        yield "Ces vagues ne sont pas de même taille : lisez les nombres à côté de leur total."
    if len({wave.methods for wave in waves}) > 1:
        yield f"Les méthodes d'écoute ont changé. {_each(waves, 'methods')}"
    if len({wave.places for wave in waves}) > 1:
        yield f"Les quartiers ne sont pas les mêmes : périmètre modifié. {_each(waves, 'places')}"
    if outside:
        yield "Des témoignages hors de ces dates, ou sans date, ne sont dans aucune vague."


def _each(waves: Sequence[Wave], what: str) -> str:
    said = (f"{wave.label} : {listing(getattr(wave, what)) or 'non noté'}" for wave in waves)
    return f"{' ; '.join(said)}."
