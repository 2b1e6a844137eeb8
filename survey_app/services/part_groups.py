"""The words that mark each part of a campaign: by theme, place, profile, facet, period, method.

Pages show what the inside threshold lets through; pictures and exported rows leave the house, so
the outside threshold applies to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from analysis import groups, keyness
from analysis.cuts import Variable
from analysis.drawings_bars import Signed, signed_bars
from analysis.groups import Group
from analysis.keyness import Key, Keyness
from analysis.pictures import OUTSIDE_THRESHOLD
from survey_app.services.run_parts import Given, Part

if TYPE_CHECKING:
    from analysis.pictures import Picture

TOLD = "Mots propres à chaque partie"
GROUPS = "specificites"
HEAD = ("Partie", "Mot", "Fois ici", "Fois en tout", "Témoignages d’ici", "Indice")
MORE, LESS = 12, 6  # bars of a picture
FEWEST_BARS = 3
MOST_PICTURES = 20  # of a run, 80 ms each: the first cuts have theirs


def made(given: Given) -> Iterator[Part | Picture]:
    """For each cut, its terms and its pictures; first the list of the cuts."""
    cuts = groups.available(given.corpus, given.codebook)
    inside, outside = (
        keyness.keyness(given.said, given.corpus, cuts, threshold=threshold, proofs=0)
        for threshold in (given.threshold, max(given.threshold, OUTSIDE_THRESHOLD))
    )
    offered, left = [], MOST_PICTURES
    for rank, (cut, shown, leaving) in enumerate(zip(cuts, inside, outside, strict=True)):
        label, values = _labels(given, cut)
        offered.append([cut.key, label, _name(rank)])
        pictures = dict(islice(_pictures(cut, label, values, shown, leaving, rank), left))
        left -= len(pictures)
        names = {key: picture.name for key, picture in pictures.items()}
        yield Part(
            _name(rank),
            f"Mots propres : {label}",
            _document(given, cut, label, values, shown, names),
            HEAD,
            tuple(_row(key, values) for key in leaving.keys),
        )
        yield from pictures.values()
    yield Part(GROUPS, "Mots propres à chaque partie", {"groups": offered})


def _name(rank: int) -> str:
    return f"{GROUPS}-{rank:02d}"


def _labels(given: Given, cut: Group) -> tuple[str, dict[str, str]]:
    """What a cut and its parts are called: a profile question by its own words."""
    plain = dict(cut.parts)
    if cut.kind != "profile":
        return cut.label, plain
    question = Variable(cut.key, cut.label, cut.kind).question
    label, options = given.labels.get(question, (cut.label, {}))
    return label, {value: options.get(value, said) for value, said in plain.items()}


def _document(
    given: Given,
    cut: Group,
    label: str,
    values: Mapping[str, str],
    shown: Keyness,
    pictures: Mapping[str, str],
) -> dict[str, Any]:
    """What the pages read; ``spans``: rank of the testimony, start, end, rank of the part.

    Where a masked part stands is not kept.
    """
    parts = [
        [part.key, values[part.key], part.terms, part.testimonies, pictures.get(part.key, "")]
        for part in shown.parts
    ]
    return {
        "key": cut.key,
        "label": label,
        "kind": cut.kind,
        "sensitive": cut.sensitive,
        "parts": parts,
        "spans": _spans(given, cut, shown),
        "keys": [
            [
                key.part,
                key.term,
                key.display,
                key.count,
                key.total,
                key.testimonies,
                round(key.score, 4),
            ]
            for key in shown.keys
        ],
    }


def _spans(given: Given, cut: Group, shown: Keyness) -> list[list[int]]:
    open_to_all = {rank for rank, part in enumerate(shown.parts) if part.testimonies is not None}
    return [
        [place, *span]
        for place, testimony in enumerate(given.corpus.testimonies)
        for span in cut.spans.get(testimony.id, ())
        if span[2] in open_to_all
    ]


def _row(key: Key, values: Mapping[str, str]) -> tuple[str | int | float, ...]:
    numbers = key.count, key.total, key.testimonies, round(key.score, 4)
    return values[key.part], key.display, *numbers


def _pictures(
    cut: Group,
    label: str,
    values: Mapping[str, str],
    shown: Keyness,
    leaving: Keyness,
    rank: int,
) -> Iterator[tuple[str, Picture]]:
    """The bars of each part that may leave the house; each opens a page that exists."""
    opened = {(key.part, key.term) for key in shown.keys}
    for place, part in enumerate(leaving.parts):
        more, less = (_opened(leaving.of(part.key, more=side), opened) for side in (True, False))
        # The most said on top, down to the least said.
        keys = [*more[:MORE], *reversed(less[:LESS])]
        if len(keys) < FEWEST_BARS:
            continue
        bars = [Signed(key.display, key.score, _page(cut.key, key)) for key in keys]
        title = f"Mots plus ou moins dits, {label.lower()} : {values[part.key]}"
        yield part.key, signed_bars(bars, name=f"{_name(rank)}-{place:02d}", title=title)


def _opened(keys: Sequence[Key], opened: set[tuple[str, str]]) -> list[Key]:
    return [key for key in keys if (key.part, key.term) in opened]


def _page(cut: str, key: Key) -> str:
    return "concordance?" + urlencode({"mot": key.term, "par": cut, "partie": key.part})
