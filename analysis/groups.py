"""How a campaign is cut in parts whose words are compared: who speaks, when, and of what.

A cut of people (place, method, meeting, period, profile) puts each testimony whole in one part. A
cut of what is said (theme, facet) holds the passages of its excerpts, which may lie in several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Testimony
from analysis.cuts import UNSAID, Readings, Variable, values_of, variables
from analysis.findings import facet_values
from analysis.tables import excerpts_of
from analysis.wording import MONTHS

THEMES, QUARTERS, WAVES = "theme", "trimestre", "vague"
_OF_MEETINGS = ("quartier", "methode", WAVES)
MOST_PARTS = 40
_NOTHING = Readings({}, {})
_QUARTER = 3  # months


@dataclass(frozen=True)
class Group:
    """A cut: its parts as (key, label), and for each testimony the passages that lie in them.

    ``spans``: (start, end, rank of the part), sorted; those of one part never overlap. ``kind``:
    ``theme``, ``facet``, ``meeting``, ``period`` or ``profile``. ``sensitive``: its small counts
    could point at somebody. ``whole``: each testimony lies whole in one part.
    """

    key: str
    label: str
    kind: str
    sensitive: bool
    parts: tuple[tuple[str, str], ...]
    spans: Mapping[str, tuple[tuple[int, int, int], ...]]
    whole: bool

    def parts_at(self, testimony: str, offset: int) -> tuple[int, ...]:
        """The ranks of the parts that hold the word which begins there."""
        held = self.spans.get(testimony, ())
        return tuple(sorted(rank for start, end, rank in held if start <= offset < end))


def available(corpus: Corpus, codebook: Codebook) -> tuple[Group, ...]:
    """The cuts of this campaign: theme, place, method, wave, profile, facet, then quarter.

    One with a single part has nothing to compare; one of more than ``MOST_PARTS`` is no cut but
    a list of answers, as meetings are. Quarters stand in for waves where nobody named any
    (`analysis.waves`).
    """
    offered = variables(corpus, codebook)
    cuts = [themes(corpus, codebook)]
    cuts += [
        of_variable(corpus, one)
        for one in offered
        if one.kind != "meeting" or one.name in _OF_MEETINGS
    ]
    if WAVES not in {one.name for one in offered}:
        cuts.append(by_quarter(corpus))
    return tuple(group for group in cuts if 1 < len(group.parts) <= MOST_PARTS)


def themes(corpus: Corpus, codebook: Codebook) -> Group:
    """By theme: what is said inside its excerpts. Sensitive for nobody: a theme is no group."""
    spans = {
        theme.code: [
            (excerpt.testimony, excerpt.start, excerpt.end)
            for excerpt in excerpts_of(corpus, codebook, theme.code)
        ]
        for theme in codebook.themes
    }
    labels = [(theme.code, theme.label) for theme in codebook.themes]
    return of_passages(THEMES, "Thème", "theme", labels, spans, sensitive=False)


def of_variable(corpus: Corpus, variable: Variable) -> Group:
    """By a variable of `analysis.cuts`: place, method, wave, month, meeting, profile or facet."""
    if variable.kind == "facet":
        return _of_facet(corpus, variable)

    def part(testimony: Testimony) -> str:
        (value,) = values_of(corpus, _NOTHING, testimony.id, "", variable)
        return value

    return _of_people(corpus, variable.name, variable.label, variable.kind, part, variable.values)


def by_quarter(corpus: Corpus) -> Group:
    """By quarter of the year in which each testimony was given."""

    def part(testimony: Testimony) -> str:
        day = _day(corpus, testimony)
        return f"{day.year:04d}-T{(day.month - 1) // _QUARTER + 1}" if day else UNSAID

    days = [_day(corpus, testimony) for testimony in corpus.testimonies]
    labels = {
        f"{year:04d}-T{rank + 1}": _months(year, rank)
        for year, rank in sorted({(day.year, (day.month - 1) // _QUARTER) for day in days if day})
    }
    return _of_people(corpus, QUARTERS, "Trimestre", "period", part, tuple(labels.items()))


def of_passages(
    key: str,
    label: str,
    kind: str,
    labels: Iterable[tuple[str, str]],
    passages: Mapping[str, Iterable[tuple[str, int, int]]],
    *,
    sensitive: bool,
) -> Group:
    """A cut of what is said: for each part, its passages (testimony, start, end)."""
    parts = tuple(pair for pair in labels if any(True for _ in passages.get(pair[0], ())))
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for rank, (part, _) in enumerate(parts):
        inside: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for testimony, start, end in passages[part]:
            inside[testimony].append((start, end))
        for testimony, held in inside.items():
            spans[testimony] += [(start, end, rank) for start, end in _joined(held)]
    frozen = {testimony: tuple(sorted(held)) for testimony, held in spans.items()}
    return Group(key, label, kind, sensitive, parts, frozen, whole=False)


def _of_facet(corpus: Corpus, variable: Variable) -> Group:
    spans: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for coding in corpus.codings:
        excerpt = corpus.excerpt_by_id[coding.excerpt]
        for value in facet_values(coding.facets, variable.name):
            spans[value].append((excerpt.testimony, excerpt.start, excerpt.end))
    known = dict(variable.values)
    labels = [*variable.values, *((value, value) for value in sorted(spans.keys() - known))]
    return of_passages(variable.name, variable.label, "facet", labels, spans, sensitive=True)


def _of_people(
    corpus: Corpus,
    key: str,
    label: str,
    kind: str,
    part_of: Callable[[Testimony], str],
    labels: Sequence[tuple[str, str]],
) -> Group:
    """Each testimony in one part; parts in the order of their labels, then of their keys."""
    placed = {testimony.id: part_of(testimony) for testimony in corpus.testimonies}
    met, known = set(placed.values()), dict(labels)
    others = sorted(met - known.keys(), key=lambda value: (value == UNSAID, value))
    parts = tuple((value, known.get(value, value)) for value in (*known, *others) if value in met)
    ranks = {value: rank for rank, (value, _) in enumerate(parts)}
    spans = {
        testimony.id: ((0, len(testimony.text), ranks[placed[testimony.id]]),)
        for testimony in corpus.testimonies
    }
    return Group(key, label, kind, True, parts, spans, whole=True)


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans sorted, those that meet made one."""
    held: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if held is not None and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def _day(corpus: Corpus, testimony: Testimony) -> date | None:
    return testimony.date or corpus.meeting_by_id[testimony.meeting].date


def _months(year: int, quarter: int) -> str:
    first = quarter * _QUARTER
    return f"{MONTHS[first]} à {MONTHS[first + _QUARTER - 1]} {year}"
