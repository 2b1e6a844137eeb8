"""Excerpts as they are printed, and the choice of the few that stand for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.corpus import Corpus, Excerpt

MOST_QUOTED = 4
FEWEST_QUOTED = 2
_PREFERRED_LENGTH = range(40, 401)


@dataclass(frozen=True, slots=True)
class Quotation:
    """An excerpt as printed. ``id`` is what people read (É-0123), ``meeting`` a label.

    ``start`` and ``end`` are code points in the masked text. ``quote`` is None when the person
    did not agree to be quoted: the passage counts and is never printed.
    """

    id: str
    excerpt: str
    testimony: str
    testimony_number: int
    meeting: str
    start: int
    end: int
    quote: str | None


def quotation(corpus: Corpus, excerpt: Excerpt) -> Quotation:
    """The excerpt as printed, its words left out without the person's consent."""
    testimony = corpus.testimony_by_id[excerpt.testimony]
    meeting = corpus.meeting_by_id.get(testimony.meeting)
    return Quotation(
        id=excerpt.label,
        excerpt=excerpt.id,
        testimony=testimony.id,
        testimony_number=testimony.number,
        meeting=meeting.label if meeting else "",
        start=excerpt.start,
        end=excerpt.end,
        quote=excerpt.quote if testimony.may_quote(excerpt.quote) else None,
    )


def representative(
    corpus: Corpus, excerpts: Iterable[Excerpt], most: int = MOST_QUOTED
) -> tuple[Quotation, ...]:
    """Two to ``most`` citable excerpts, other meetings and testimonies first, of readable length.

    Non-citable ones only complete the proof when fewer than two may be quoted.
    """
    meetings: set[str] = set()
    testimonies: set[str] = set()
    chosen: list[Quotation] = []
    waiting = [(excerpt, quotation(corpus, excerpt)) for excerpt in excerpts]

    def rank(item: tuple[Excerpt, Quotation]) -> tuple[bool, bool, bool, bool, int, str]:
        excerpt, quoted = item
        return (
            quoted.quote is None,
            quoted.testimony in testimonies,
            corpus.testimony_by_id[quoted.testimony].meeting in meetings,
            len(excerpt.quote) not in _PREFERRED_LENGTH,
            excerpt.number,
            excerpt.id,
        )

    while waiting and len(chosen) < most:
        best = min(waiting, key=rank)
        if best[1].quote is None and len(chosen) >= FEWEST_QUOTED:
            break
        waiting.remove(best)
        chosen.append(best[1])
        testimonies.add(best[1].testimony)
        meetings.add(corpus.testimony_by_id[best[1].testimony].meeting)
    return tuple(chosen)
