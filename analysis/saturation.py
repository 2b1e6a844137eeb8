"""What each meeting brings that was not heard before: themes and codes, cumulated.

Beside the curve in order of date stands the mean over every order of the meetings, exact and
without any draw: the species-accumulation curve of Hurlbert (1971) and Ugland, Gray and
Ellingsen (2003), meetings as samples, themes or codes as species.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Meeting
from analysis.wording import count, plural


@dataclass(frozen=True, slots=True)
class Step:
    """A meeting of the curve. ``themes`` and ``codes`` are heard so far; the others, new in it.

    The names of what is new tell that someone spoke of it there, and nobody before: show them to
    those who may read the testimonies; elsewhere, only how many. ``expected_*``: the mean number
    over all orders of the meetings, after as many of them.
    """

    meeting: str
    label: str
    day: date | None
    new_themes: tuple[str, ...]
    new_codes: tuple[str, ...]
    themes: int
    codes: int
    expected_themes: float
    expected_codes: float


@dataclass(frozen=True, slots=True)
class Curve:
    """``once_*``: how many were heard in a single meeting. ``silent``: meetings without words."""

    steps: tuple[Step, ...]
    once_themes: int
    once_codes: int
    silent: int

    @property
    def sentence(self) -> str:
        """What the curve says and does not say, in French."""
        if not self.steps or not self.steps[-1].themes:
            return "Rien n'a encore été codé : la courbe est vide."
        last = self.steps[-1]
        verb = plural(self.once_codes, "n'a été entendu", "n'ont été entendus")
        return (
            f"Après {count(len(self.steps), 'rencontre')}, {count(last.themes, 'thème')} et "
            f"{count(last.codes, 'code')} ont été entendus ; {count(self.once_codes, 'code')} "
            f"{verb} que dans une seule rencontre. Une courbe qui s'aplatit dit que les dernières "
            "rencontres ont apporté peu de nouveau dans cette grille. Elle ne dit pas que tout a "
            "été entendu : les personnes jamais rencontrées auraient pu parler d'autre chose, et "
            "ce que la grille ne nomme pas ne se voit pas ici."
        )


def saturation(corpus: Corpus, codebook: Codebook) -> Curve:
    """The curve over the meetings that gave testimonies, by day; those without a day come last.

    Special codes are no theme and do not count; a theme's own code counts as the theme only.
    ``CodebookError`` when a coding holds a code that the grid does not.
    """
    met = {testimony.meeting for testimony in corpus.testimonies}
    ordered = sorted(
        (meeting for meeting in corpus.meetings if meeting.id in met),
        key=lambda item: (item.date or date.max, item.label, item.id),
    )
    themes, codes = _heard(corpus, codebook)
    means = [
        expected([len(held) for held in heard.values()], len(ordered)) for heard in (themes, codes)
    ]
    firsts = [_first(heard, ordered) for heard in (themes, codes)]
    return Curve(
        steps=_steps(ordered, firsts, means),
        once_themes=sum(len(held) == 1 for held in themes.values()),
        once_codes=sum(len(held) == 1 for held in codes.values()),
        silent=len(corpus.meetings) - len(ordered),
    )


def expected(sizes: Collection[int], samples: int) -> tuple[float, ...]:
    """The mean number of kinds met in 1, 2, … ``samples`` of them drawn without replacement.

    ``sizes``: in how many samples each kind is. Of a kind in f of N samples, n miss it with
    chance C(N-f, n) / C(N, n), the product of (N-f-i) / (N-i) for i < n.
    """
    found = [0.0] * samples
    for size, kinds in sorted(Counter(sizes).items()):
        missed = 1.0
        for drawn in range(samples):
            missed *= max(0, samples - size - drawn) / (samples - drawn)
            found[drawn] += kinds * (1 - missed)
    return tuple(found)


def _heard(corpus: Corpus, codebook: Codebook) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The meetings in which each theme and each code is heard, in the order of the grid."""
    themes: dict[str, set[str]] = {theme.code: set() for theme in codebook.themes}
    codes: dict[str, set[str]] = {
        code.code: set() for theme in codebook.themes for code in theme.codes
    }
    for coding in corpus.codings:
        theme = codebook.theme_of(coding.code)
        if theme is None:
            continue
        testimony = corpus.testimony_by_id[corpus.excerpt_by_id[coding.excerpt].testimony]
        themes[theme.code].add(testimony.meeting)
        if coding.code in codes:
            codes[coding.code].add(testimony.meeting)
    return _met(themes), _met(codes)


def _met(heard: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {name: held for name, held in heard.items() if held}


def _first(
    heard: Mapping[str, Collection[str]], ordered: Sequence[Meeting]
) -> dict[str, list[str]]:
    """For each meeting, what is heard there for the first time."""
    rank = {meeting.id: place for place, meeting in enumerate(ordered)}
    found: dict[str, list[str]] = {}
    for name, meetings in heard.items():
        found.setdefault(min(meetings, key=rank.__getitem__), []).append(name)
    return found


def _steps(
    ordered: Sequence[Meeting],
    firsts: Sequence[Mapping[str, Sequence[str]]],
    means: Sequence[Sequence[float]],
) -> tuple[Step, ...]:
    steps, themes, codes = [], 0, 0
    for place, meeting in enumerate(ordered):
        new_themes, new_codes = (tuple(first.get(meeting.id, ())) for first in firsts)
        themes, codes = themes + len(new_themes), codes + len(new_codes)
        steps.append(
            Step(
                meeting.id,
                meeting.label,
                meeting.date,
                new_themes,
                new_codes,
                themes,
                codes,
                means[0][place],
                means[1][place],
            )
        )
    return tuple(steps)
