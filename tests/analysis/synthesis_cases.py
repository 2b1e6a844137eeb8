"""Small campaigns made by hand, for the tests of findings, synthesis and exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from analysis.corpus import (
    Campaign,
    Citable,
    Coding,
    Corpus,
    Excerpt,
    Meeting,
    Neighbourhood,
    Testimony,
)
from analysis.lexicon import WordCount

HOSTILE = (
    "#read(\"/etc/passwd\") *gras* $x$ <script>alert('x')</script> &amp; \\ « guillemets » "
    "émoji 👍🏽 חתול 日本 \x00\x07\u202eenvers\u202c fin ?"
)
# (testimony, code, tone, kind)
Said = tuple[int, str, str, str]


def said_by(
    *said: Said,
    testimonies: int = 4,
    citable: Sequence[Citable] = ("yes",),
    texts: Sequence[str] = (),
    fictitious: bool = False,
) -> Corpus:
    """A campaign of ``testimonies`` in two meetings; each item of ``said`` is a coded excerpt."""
    people = _people(testimonies, citable, texts)
    excerpts, codings = [], []
    for rank, (who, code, tone, kind) in enumerate(said):
        text = people[who].text
        excerpts.append(Excerpt(f"x{rank}", rank + 1, f"t{who}", 0, len(text), text))
        facets = {"tonalite": tone, "kind": kind}
        filled = {name: value for name, value in facets.items() if value}
        codings.append(Coding(f"x{rank}", code, "zoe" if rank % 2 else "ali", filled))
    return Corpus(
        campaign=Campaign(
            slug="essai",
            title="Vivre ici",
            question="Qu'est-ce qui a changé ?",
            council="Conseil citoyen",
            neighbourhoods=(Neighbourhood("QN03401I", "Les Tilleuls", "2024"),),
            fictitious=fictitious,
        ),
        meetings=(
            Meeting("m0", "Marché", "micro-trottoir", "QN03401I", date(2024, 3, 1), "la place"),
            Meeting("m1", "Hall B", "collectif", "QN03401I", date(2024, 3, 9), "le hall"),
        ),
        testimonies=people,
        excerpts=tuple(excerpts),
        codings=tuple(codings),
        codebook_version="1.0.0",
        masking_counts={"PRÉNOM": 4},
        exclusions={"retrait": 1},
        pending=2,
        taken_at=datetime(2024, 4, 2, 10, 30, 15, 250, tzinfo=UTC),
    )


def _people(
    testimonies: int, citable: Sequence[Citable], texts: Sequence[str]
) -> tuple[Testimony, ...]:
    return tuple(
        Testimony(
            id=f"t{rank}",
            number=rank + 1,
            meeting=f"m{rank % 2}",
            neighbourhood="QN03401I",
            text=texts[rank] if rank < len(texts) else f"Voici la parole numéro {rank}, dite ici.",
            persons=1 + rank,
            citable=citable[rank % len(citable)],
            questionnaire="Q01 v1",
        )
        for rank in range(testimonies)
    )


def words(*spoken: tuple[str, int, int]) -> list[WordCount]:
    return [WordCount(word, times, people, (word,)) for word, times, people in spoken]
