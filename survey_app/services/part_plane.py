"""The planes of a run: words placed with themes, with neighbourhoods, with methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from analysis import drawings_plane as drawings
from analysis import groups
from analysis.correspondence import UNSAID, CorrespondenceError, Plane, correspondence
from analysis.groups import THEMES
from analysis.lettering import decimal
from analysis.lexicon import surfaces
from analysis.pictures import Picture
from analysis.word_table import WordTable, word_table
from survey_app.services.run_parts import Given, Part

if TYPE_CHECKING:
    from analysis.correspondence import Point

TOLD = "Plans des mots et des thèmes"
POINTS, PICTURE = "points-", "plan-"
NOTE = UNSAID
KINDS = {THEMES: "thème", "quartier": "quartier", "methode": "méthode"}
DRAWN = 50  # words on the picture: more hide one another
FEWEST_PARTS = 3  # two axes
FEWEST_WORDS = 5
SHARED_FROM = 30  # testimonies: below, no percentage
HEAD = (
    "Nom",
    "Sorte",
    "Axe 1",
    "Axe 2",
    "Contribution à l’axe 1 (0 à 1)",
    "Contribution à l’axe 2 (0 à 1)",
    "Qualité sur le plan (0 à 1)",
)


def made(given: Given) -> Iterator[Part | Picture]:
    """A plane for each way to cut the campaign that has three parts or more."""
    tables = _tables(given)
    lemmas = {lemma for table in tables.values() for lemma in table.lemmas}
    forms = surfaces(given.said, given.corpus, lemmas)
    names = {lemma: " ".join(forms[lemma][0].split()) for lemma in lemmas}
    for key, table in tables.items():
        try:
            plane = correspondence(table.lemmas, [part for part, _ in table.parts], table.counts)
        except CorrespondenceError:
            continue  # nothing sets the parts apart: the page says that there is no plane
        if plane.axes:
            yield from _shown(given, key, table, plane, names)


def _tables(given: Given) -> dict[str, WordTable]:
    """The table of each cut that has enough parts, and enough words."""
    cuts = {group.key: group for group in groups.available(given.corpus, given.codebook)}
    found = {
        key: word_table(given.said, given.corpus, cuts[key], given.threshold)
        for key in KINDS
        if key in cuts and len(cuts[key].parts) >= FEWEST_PARTS
    }
    return {
        key: table
        for key, table in found.items()
        if len(table.parts) >= FEWEST_PARTS and len(table.lemmas) >= FEWEST_WORDS
    }


def _shown(
    given: Given, key: str, table: WordTable, plane: Plane, names: Mapping[str, str]
) -> Iterator[Part | Picture]:
    """The picture of the words that make the plane most, and the table of them all."""
    words = sorted(plane.rows, key=lambda point: (-_weight(point), point.label))
    labels = dict(table.parts)
    shared = len(given.corpus.testimonies) >= SHARED_FROM
    shares = _two(axis.share for axis in plane.axes)
    yield drawings.plane(
        [
            *(_point(one, labels, _part_page(key, one.label)) for one in plane.columns),
            *(_point(one, names, _word_page(one.label)) for one in words[:DRAWN]),
        ],
        shares if shared else (0.0, 0.0),
        kinds=("mot", KINDS[key]),
        name=f"{PICTURE}{key}",
        title=_title(key),
    )
    parts = [(one.label, labels[one.label], *_numbers(one)) for one in plane.columns]
    said = [(one.label, names[one.label], *_numbers(one)) for one in words]
    rows = [_row(labels[one.label], KINDS[key], one) for one in plane.columns]
    rows += [_row(names[one.label], "mot", one) for one in words]
    document = {
        "shares": [f"{decimal(100 * share, 1)} %" for share in shares] if shared else [],
        "left_out": list(table.left_out),
        "parts": parts,
        "words": said,
    }
    yield Part(f"{POINTS}{key}", _title(key), document, HEAD, tuple(rows))


def _title(key: str) -> str:
    return f"Plan des mots et des {KINDS[key]}s"


def _point(one: Point, names: Mapping[str, str], href: str) -> drawings.Point:
    x, y = _two(one.coordinates)
    kind = drawings.COLUMN if one.kind == "column" else drawings.ROW
    return drawings.Point(names[one.label], x, y, kind, _weight(one), href)


def _weight(one: Point) -> float:
    """How much of the plane's inertia this point bears."""
    return one.mass * sum(where**2 for where in one.coordinates[:2])


def _numbers(one: Point) -> list[float]:
    where = (*_two(one.coordinates), *_two(one.contributions), one.quality())
    return [round(value, 3) for value in where]


def _row(label: str, kind: str, one: Point) -> tuple[str | float, ...]:
    return (label, kind, *_numbers(one))


def _two(values: Iterable[float]) -> tuple[float, float]:
    """The values on the first two axes; a plane of one axis is flat."""
    first, second = (*values, 0.0, 0.0)[:2]
    return first, second


def _word_page(lemma: str) -> str:
    return f"concordance?{urlencode({'mot': lemma})}"


def _part_page(key: str, part: str) -> str:
    """A theme opens its excerpts; a place or a method, the words that mark each."""
    return f"themes/{part}" if key == THEMES else f"specificites?par={key}"
