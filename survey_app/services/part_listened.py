"""Who was heard, and when: periods side by side, declared profiles beside reference figures.

Both read the crossings of the whole campaign, small counts masked. Pictures and exported rows
leave the house: the outside threshold is applied to them again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from analysis import cuts, drawings_bars, listened, suppression, waves
from analysis.crossings import ALL, Crossing, crossings
from analysis.listened import Group, Profile
from analysis.pictures import MASKED, OUTSIDE_THRESHOLD
from analysis.tables import Counts
from survey_app.services import periods, reference_figures
from survey_app.services.part_themes import packed
from survey_app.services.run_parts import Given, Part

if TYPE_CHECKING:
    from analysis.pictures import Picture

TOLD = "Périodes, et qui a été entendu"
PERIODS, HEARD = "periodes", "entendus"
HEARD_HEAD = (
    "Question",
    "Réponse ou groupe",
    "Témoignages",
    "Part dans le quartier (%)",
    "Source",
    "Année",
    "En mots",
)


def made(given: Given) -> Iterator[Part | Picture]:
    """Nothing where there is neither a period nor a profile."""
    asked = any(testimony.profile for testimony in given.corpus.testimonies)
    chosen = periods.held(given.choices)
    if not (asked or chosen):
        return
    crossed = crossings(given.corpus, given.codebook, given.threshold)
    if chosen:
        yield from _periods(given, crossed, chosen)
    if asked:
        yield _heard(given, crossed)


def _periods(
    given: Given, crossed: Sequence[Crossing], chosen: list[list[str]]
) -> Iterator[Part | Picture]:
    found = waves.compared(given.corpus, crossed)
    document: dict[str, Any] = {"periods": chosen, "waves": [], "rows": [], "remarks": []}
    if found is None:
        yield Part(PERIODS, "Thèmes par période", document)
        return
    document["waves"] = [
        [wave.label, packed(wave.total), list(wave.methods), list(wave.places)]
        for wave in found.waves
    ]
    document["rows"] = [
        [row.code, row.label, [*map(packed, row.cells)], list(row.shares)] for row in found.rows
    ]
    document["remarks"] = list(found.remarks)
    totals = ["Ensemble", *_outside([wave.total for wave in found.waves])]
    leaving = [(row, _outside(row.cells)) for row in found.rows]
    rows = tuple(tuple(_said(cell) for cell in cells) for _, cells in leaving)
    labels = [row.label for row in found.rows]
    yield Part(
        PERIODS,
        "Thèmes par période",
        document,
        ("Thème", *(wave.label for wave in found.waves)),
        (
            tuple(_said(cell) for cell in totals),
            *((label, *row) for label, row in zip(labels, rows, strict=True)),
        ),
    )
    yield _picture(found, leaving)


def _picture(
    found: waves.Comparison, leaving: Sequence[tuple[waves.Row, Sequence[int | None]]]
) -> Picture:
    """The themes of which one number at least may leave the house."""
    told = [(row, cells) for row, cells in leaving if any(cell is not None for cell in cells)]
    series = [
        drawings_bars.Series(
            wave.label,
            tuple(cells[rank] for _, cells in told),
            tuple(_page(row.code, wave.label) for row, _ in told),
        )
        for rank, wave in enumerate(found.waves)
    ]
    return drawings_bars.grouped_bars([row.label for row, _ in told], series, name=PERIODS)


def _page(code: str, wave: str) -> str:
    asked = urlencode({"theme": code, "colonne": wave})
    return f"croisements/{waves.VARIABLE}/extraits?{asked}"


def _outside(cells: Sequence[Counts | None]) -> list[int | None]:
    """The testimonies of a line whose sum is public, as they may leave the house."""
    counts = [cell.testimonies if cell else 0 for cell in cells]
    closed = {rank for rank, cell in enumerate(cells) if cell is None}
    hides = suppression.hidden(counts, OUTSIDE_THRESHOLD, also=closed)
    return [None if rank in hides else number for rank, number in enumerate(counts)]


def _said(cell: int | str | None) -> int | str:
    return MASKED if cell is None else cell


def _heard(given: Given, crossed: Sequence[Crossing]) -> Part:
    found = listened.listened(
        given.corpus,
        crossed,
        given.labels,
        reference_figures.current(given.choices),
        threshold=given.threshold,
    )
    doors = _Doors(given, crossed)
    document = {
        "reference": reference_figures.held(given.choices),
        "profiles": [_profile(profile, doors) for profile in found.profiles],
        "not_compared": [
            [row.line, row.indicator, row.perimeter, row.group, reason]
            for row, reason in found.not_compared
        ],
    }
    # Places make up the campaign: outside, only the whole is told.
    whole = [profile for profile in found.profiles if not profile.place]
    rows = tuple(row for profile in whole for row in _rows(profile))
    return Part(HEARD, "Qui a été entendu", document, HEARD_HEAD, rows)


def _profile(profile: Profile, doors: _Doors) -> dict[str, Any]:
    return {
        "title": profile.title,
        "place": profile.place_label,
        "total": packed(profile.total),
        "unsaid": packed(profile.unsaid),
        "sentence": profile.sentence,
        "groups": [
            {
                "label": group.label,
                "heard": packed(group.heard),
                "share": group.share,
                "figure": _figure(group),
                "words": group.words,
                "door": doors.of(profile, group),
            }
            for group in profile.groups
        ],
    }


def _figure(group: Group) -> list[Any] | None:
    """Share, people, source and year of the figure beside a group."""
    figure = group.reference
    if figure is None:
        return None
    share = None if figure.share is None else round(figure.share, 1)
    return [share, figure.count, figure.source, figure.year]


def _rows(profile: Profile) -> Iterator[tuple[str | int | float, ...]]:
    """What may be told outside: a group of nobody points at nobody, and is told."""
    met = [group for group in profile.groups if not group.nobody]
    shown = _outside([*(group.heard for group in met), profile.unsaid])
    numbers = dict(zip((id(group) for group in met), shown, strict=False))
    for group in profile.groups:
        number = 0 if group.nobody else numbers[id(group)]
        share, _, source, year = _figure(group) or ["", "", "", ""]
        words = listened.MASKED if number is None else group.words
        yield (
            profile.title,
            group.label,
            _said(number),
            "" if share is None else share,
            source,
            year,
            words,
        )


class _Doors:
    """Which pages open what a group said: its excerpts, or else its line of the crossing."""

    def __init__(self, given: Given, crossed: Sequence[Crossing]) -> None:
        self._threshold = given.threshold
        self._by_question = {
            item.variable.question: item for item in crossed if item.variable.kind == "profile"
        }
        coded = {
            given.corpus.excerpt_by_id[coding.excerpt].testimony for coding in given.corpus.codings
        }
        places = {meeting.id: meeting.neighbourhood for meeting in given.corpus.meetings}
        self._coded: Collection[tuple[Mapping[str, str], str]] = [
            (item.profile, places[item.meeting])
            for item in given.corpus.testimonies
            if item.id in coded
        ]

    def of(self, profile: Profile, group: Group) -> list[str]:
        """Variable, filter and answer; an empty answer where no excerpt may be opened alone."""
        crossing = self._by_question.get(profile.question)
        if crossing is None or not group.heard or group.nobody:
            return []
        key = f"quartier:{profile.place}" if profile.place else ALL
        if key not in crossing.views:
            return []
        line = next((line for line in crossing.views[key] if line.code == ALL), None)
        shown = {
            value
            for (value, _), cell in zip(crossing.columns, line.cells if line else (), strict=False)
            if cell
        }
        held = [answer for answer in group.answers if answer in shown]
        alone = held[0] if len(held) == 1 and self._told(profile, held[0]) else ""
        return [crossing.variable.name, key, alone] if held else []

    def _told(self, profile: Profile, answer: str) -> bool:
        """Whether enough testimonies that were coded gave this answer."""
        said = sum(
            (told.get(profile.question) or cuts.UNSAID) == answer
            and place in (profile.place or place,)
            for told, place in self._coded
        )
        return said >= self._threshold
