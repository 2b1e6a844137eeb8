"""Counts by theme and code, and the excerpts behind each: one selection feeds both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Excerpt


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct testimonies, the distinct meetings they come from, and the people behind them."""

    testimonies: int = 0
    meetings: int = 0
    people: int = 0


def excerpts_of(corpus: Corpus, codebook: Codebook, theme_or_code: str) -> tuple[Excerpt, ...]:
    """Excerpts coded so, in reading order; a theme gathers all its codes and its own.

    Raises ``CodebookError`` when the grid, or a coding of the corpus, holds an unknown code.
    """
    codebook.code(theme_or_code)
    return _in_reading_order(corpus, _index(corpus, codebook).get(theme_or_code, set()))


def codes_under(codebook: Codebook, theme_or_code: str) -> tuple[str, ...]:
    """The codes that count under one: a theme's own and all of its codes; none for ``""``.

    Raises ``CodebookError`` when the grid does not hold it.
    """
    if not theme_or_code:
        return ()
    codebook.code(theme_or_code)
    within = {theme.code: theme.codes for theme in codebook.themes}.get(theme_or_code, ())
    return (theme_or_code, *(code.code for code in within))


def counts_of(corpus: Corpus, excerpts: Iterable[Excerpt]) -> Counts:
    """What these excerpts stand for; a testimony quoted twice counts once."""
    testimonies = {excerpt.testimony for excerpt in excerpts}
    found = [corpus.testimony_by_id[testimony] for testimony in testimonies]
    return Counts(
        testimonies=len(found),
        meetings=len({testimony.meeting for testimony in found}),
        people=sum(testimony.persons for testimony in found),
    )


def counts_by_theme(corpus: Corpus, codebook: Codebook) -> dict[str, Counts]:
    """Every theme of the grid, in its order, the empty ones too."""
    return _counts(corpus, codebook, [theme.code for theme in codebook.themes])


def counts_by_code(corpus: Corpus, codebook: Codebook) -> dict[str, Counts]:
    """Every theme, code and special code of the grid, in its order, the empty ones too."""
    return _counts(corpus, codebook, [code.code for code in codebook.all_codes()])


def totals(corpus: Corpus) -> Counts:
    """The whole corpus: its testimonies, its meetings (held even without words) and its people."""
    held = {meeting.id for meeting in corpus.meetings}
    return Counts(
        testimonies=len(corpus.testimonies),
        meetings=len(held | {testimony.meeting for testimony in corpus.testimonies}),
        people=sum(testimony.persons for testimony in corpus.testimonies),
    )


def _counts(corpus: Corpus, codebook: Codebook, codes: list[str]) -> dict[str, Counts]:
    index = _index(corpus, codebook)
    return {
        code: counts_of(corpus, _in_reading_order(corpus, index.get(code, set()))) for code in codes
    }


def _index(corpus: Corpus, codebook: Codebook) -> dict[str, set[str]]:
    """The excerpt ids under each code, and under the theme of that code."""
    index: dict[str, set[str]] = {}
    for coding in corpus.codings:
        theme = codebook.theme_of(coding.code)
        for code in {coding.code, theme.code if theme else coding.code}:
            index.setdefault(code, set()).add(coding.excerpt)
    return index


def _in_reading_order(corpus: Corpus, ids: set[str]) -> tuple[Excerpt, ...]:
    def rank(excerpt: Excerpt) -> tuple[int, int, int, str]:
        number = corpus.testimony_by_id[excerpt.testimony].number
        return number, excerpt.start, excerpt.number, excerpt.id

    return tuple(sorted((corpus.excerpt_by_id[excerpt] for excerpt in ids), key=rank))
