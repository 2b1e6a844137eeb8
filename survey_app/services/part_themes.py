"""Themes said together, and what each meeting brings that was not heard before, worked out once.

The excerpts behind are found again when a page is opened: only the numbers of those that overlap
are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from analysis import drawings_curve, drawings_network, network_layout, saturation, theme_pairs
from analysis.tables import Counts
from survey_app.services.run_parts import Given, Part

if TYPE_CHECKING:
    from analysis.pictures import Picture

TOLD = "Thèmes dits ensemble et saturation"
PAIRS, PASSAGES, SATURATION = "themes-ensemble", "themes-passages", "saturation"
THEMES_CURVE, CODES_CURVE = "saturation-themes", "saturation-codes"
FEWEST = 2  # testimonies: what a single one joins could point at somebody
MOST_LINKS = 24  # more cannot be read on the picture
FEW = f"moins de {FEWEST}"
PAIRS_HEAD = (
    "Thème",
    "Autre thème",
    "Témoignages du premier",
    "Témoignages du second",
    "Témoignages des deux",
    "Rencontres des deux",
    "Personnes des deux",
    "Témoignages où leurs extraits se recouvrent",
)
STEPS_HEAD = (
    "Rang",
    "Rencontre",
    "Date",
    "Nouveaux thèmes",
    "Nouveaux codes",
    "Thèmes en tout",
    "Codes en tout",
    "Thèmes attendus",
    "Codes attendus",
)


def made(given: Given) -> Iterator[Part | Picture]:
    """Nothing where nobody coded anything."""
    if not given.corpus.codings:
        return
    yield from _together(given)
    yield from _saturation(given)


def packed(counts: Counts | None) -> list[int] | None:
    """The three numbers, as a document keeps them; None is a masked one."""
    return [counts.testimonies, counts.meetings, counts.people] if counts else None


def counted(numbers: Sequence[int] | None) -> Counts | None:
    """What `packed` kept."""
    return Counts(*numbers) if numbers is not None else None


def _together(given: Given) -> Iterator[Part | Picture]:
    pairs = theme_pairs.theme_pairs(given.corpus, given.codebook)
    document = {"pairs": [_pair(pair) for pair in pairs]}
    shared_by_some = [pair for pair in pairs if pair.together.testimonies >= FEWEST]
    rows = tuple(_row(pair) for pair in shared_by_some)
    yield Part(PAIRS, "Thèmes dits ensemble", document, PAIRS_HEAD, rows)
    numbers = {excerpt.id: excerpt.number for excerpt in given.corpus.excerpts}
    overlaps = {
        f"{pair.one}|{pair.other}": [numbers[name] for name in pair.shared]
        for pair in pairs
        if pair.shared
    }
    yield Part(PASSAGES, "Extraits de deux thèmes qui se recouvrent", {"excerpts": overlaps})
    if shared_by_some:
        yield _picture(shared_by_some)


def _pair(pair: theme_pairs.Pair) -> list[Any]:
    numbers = (*pair.alone, pair.together, pair.same_passage)
    return [pair.one, pair.other, *pair.labels, *map(packed, numbers)]


def _row(pair: theme_pairs.Pair) -> tuple[str | int, ...]:
    both, overlap = pair.together, pair.same_passage.testimonies
    return (
        *pair.labels,
        *(counts.testimonies for counts in pair.alone),
        both.testimonies,
        both.meetings,
        both.people,
        FEW if 0 < overlap < FEWEST else overlap,
    )


def _picture(pairs: Sequence[theme_pairs.Pair]) -> Picture:
    """The strongest links only, by Jaccard's index; the table has them all."""
    strongest = sorted(pairs, key=lambda pair: -pair.similarity)[:MOST_LINKS]
    themes = {
        code: (label, alone.testimonies)
        for pair in strongest
        for code, label, alone in zip((pair.one, pair.other), pair.labels, pair.alone, strict=True)
    }
    ranks = {code: rank for rank, code in enumerate(sorted(themes))}
    links = [
        drawings_network.Edge(ranks[pair.one], ranks[pair.other], round(pair.similarity, 4))
        for pair in strongest
    ]
    places = network_layout.layout(
        [themes[code][0] for code in ranks], [(link.a, link.b) for link in links]
    )
    nodes = [
        drawings_network.Node(themes[code][0], x, y, themes[code][1], href=f"themes/{code}")
        for code, (x, y) in zip(ranks, places, strict=True)
    ]
    return drawings_network.network(
        nodes,
        links,
        name=PAIRS,
        title="Thèmes dits par les mêmes personnes",
        head=("Thème", "Témoignages", "Groupe", "Dit avec (indice de Jaccard, de 0 à 1)"),
    )


def _saturation(given: Given) -> Iterator[Part | Picture]:
    curve = saturation.saturation(given.corpus, given.codebook)
    places = {meeting.id: meeting.place for meeting in given.corpus.meetings}
    labels = {code.code: code.label for code in given.codebook.all_codes()}
    heard = {name: labels[name] for step in curve.steps for name in _brought(step)}
    document = {
        "steps": [_step(step, places[step.meeting]) for step in curve.steps],
        "labels": heard,
        "sentence": curve.sentence,
        "silent": curve.silent,
    }
    rows = tuple(_step_row(rank, step) for rank, step in enumerate(curve.steps, 1))
    yield Part(SATURATION, "Ce que chaque rencontre apporte de nouveau", document, STEPS_HEAD, rows)
    yield from _curves(curve.steps)


def _brought(step: saturation.Step) -> tuple[str, ...]:
    return (*step.new_themes, *step.new_codes)


def _step(step: saturation.Step, place: str) -> list[Any]:
    return [
        step.meeting,
        step.label,
        place,
        step.day.isoformat() if step.day else "",
        list(step.new_themes),
        list(step.new_codes),
        step.themes,
        step.codes,
        round(step.expected_themes, 1),
        round(step.expected_codes, 1),
    ]


def _step_row(rank: int, step: saturation.Step) -> tuple[str | int | float, ...]:
    return (
        rank,
        step.label,
        step.day.isoformat() if step.day else "",
        len(step.new_themes),
        len(step.new_codes),
        step.themes,
        step.codes,
        round(step.expected_themes, 1),
        round(step.expected_codes, 1),
    )


def _curves(steps: Sequence[saturation.Step]) -> Iterator[Picture]:
    """A curve of themes and one of codes; a point opens what its meeting brought, if anything."""
    pages = [
        f"saturation/extraits?rencontre={rank}" if _brought(step) else ""
        for rank, step in enumerate(steps, 1)
    ]
    for name, upwards, marks in (
        (
            THEMES_CURVE,
            "Thèmes entendus",
            [(step.themes, step.expected_themes) for step in steps],
        ),
        (
            CODES_CURVE,
            "Codes entendus",
            [(step.codes, step.expected_codes) for step in steps],
        ),
    ):
        yield drawings_curve.curve(
            [
                drawings_curve.Step(step.label, seen, mean, page)
                for step, (seen, mean), page in zip(steps, marks, pages, strict=True)
            ],
            upwards=upwards,
            name=name,
            title=f"{upwards} au moins une fois, rencontre après rencontre",
        )
