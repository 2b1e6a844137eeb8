"""Passages that use the same words, gathered by Reinert's descending classification.

Says how many classes could be made, what is in each, and the way back to every passage. Below
`FEWEST` passages nothing is classified, and `Classes.notice` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.corpus import Corpus
from analysis.french import Token
from analysis.segments import TARGET, Incidence, Segment, incidence, segments
from analysis.wording import count

if TYPE_CHECKING:
    from analysis.reinert_profiles import Profiles
    from analysis.reinert_tree import Class, Descent, Division

FEWEST = 200  # passages
SHARED_FROM = 30  # testimonies: below, no share is given
USUAL = 6  # classes looked for
_WORDS = 20  # of each class, those that mark it and those it avoids
_TOP = 8  # words on the tree
_PASSAGES = 10
_SMALLEST = 10  # passages of a class, and at least this share of all of them
_SHARE = 0.02
NOTE = (
    "Une classe rassemble des passages qui emploient les mêmes mots. Elle ne dit pas si les "
    "personnes sont d'accord entre elles, ni combien d'habitants pensent ainsi. Les mots sont "
    "rangés selon leur lien avec la classe : c'est un ordre, pas une preuve."
)
_ALIKE = (
    "Les passages se ressemblent trop pour former des classes. Les mots, les thèmes et la "
    "recherche restent à votre disposition."
)
_FEWER = (
    "{} classes ont pu être formées, sur {} demandées : au-delà, elles seraient trop petites ou "
    "trop fragiles pour dire quelque chose."
)


@dataclass(frozen=True, slots=True)
class Word:
    """A term of a class: passages of the class with it, classified passages with it, signed χ².

    ``testimonies`` are those of the class that say it. The χ² is for ranking only.
    """

    term: str
    inside: int
    overall: int
    testimonies: int
    chi2: float


@dataclass(frozen=True, slots=True)
class Typical:
    """A passage that shows its class well: the sum of the signed χ² of its terms."""

    segment: Segment
    score: float


@dataclass(frozen=True, slots=True)
class WordClass:
    """A class, numbered from 1 (the largest): its words, those it avoids, its best passages.

    ``share`` is that of all passages, None when too few testimonies allow one.
    """

    number: int
    size: int
    testimonies: int
    share: float | None
    words: tuple[Word, ...]
    avoided: tuple[Word, ...]
    passages: tuple[Typical, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A class on the tree."""

    number: int
    size: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A division on the tree. ``height`` is its χ², or that of a higher one below it."""

    left: Branch | Leaf
    right: Branch | Leaf
    height: float
    size: int


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a campaign; ``labels[i]`` is the class of ``segments[i]``, 0 for none.

    ``tree`` and ``divisions`` belong to a simple classification: a double one has no single tree.
    ``notice`` says in French what could not be done, empty when all that was asked was.
    """

    classes: tuple[WordClass, ...] = ()
    segments: tuple[Segment, ...] = ()
    labels: tuple[int, ...] = ()
    unclassified_share: float | None = None
    tree: Branch | Leaf | None = None
    divisions: tuple[Division, ...] = ()
    notice: str = ""

    @property
    def unclassified(self) -> tuple[Segment, ...]:
        """The passages in no class, in their order."""
        pairs = zip(self.segments, self.labels, strict=True)
        return tuple(segment for segment, label in pairs if not label)


def classify(
    said: Mapping[str, Sequence[Token]],
    corpus: Corpus,
    most: int = USUAL,
    *,
    double: bool = False,
    target: int = TARGET,
) -> Classes:
    """At most ``most`` classes (two or more) of passages of about ``target`` words.

    ``double`` crosses two classifications, of shorter and longer units. ValueError for one class.
    """
    if most < 2:
        raise ValueError("Il faut demander au moins deux classes.")
    texts = {testimony.id: testimony.text for testimony in corpus.testimonies}
    table = incidence(said, segments(texts, target))
    usable = int((table.matrix.getnnz(axis=1) > 0).sum())
    if usable < FEWEST:
        return Classes((), table.segments, (0,) * len(table.segments), notice=_too_few(usable))
    smallest = max(_SMALLEST, round(_SHARE * usable))
    if double:
        from analysis import reinert_double

        owners = [segment.testimony for segment in table.segments]
        crossed = reinert_double.double(table.matrix, owners, most, smallest)
        return _described(table, crossed.labels, crossed.classes, most, None)
    from analysis.reinert_tree import descend

    descent = descend(table.matrix, most, smallest)
    labels = descent.labels(len(table.segments))
    return _described(table, labels, len(descent.classes), most, descent)


def _too_few(usable: int) -> str:
    return (
        f"Il y a ici {count(usable, 'passage')} à comparer. Il en faut au moins {FEWEST} pour "
        "former des classes : avec moins, quelques phrases de plus ou de moins les changeraient "
        "toutes. Les mots, les thèmes et la recherche restent à votre disposition."
    )


def _described(
    table: Incidence, labels: Any, made: int, asked: int, descent: Descent | None
) -> Classes:
    from analysis.reinert_profiles import profiles

    total = len(table.segments)
    if made < 2:
        return Classes((), table.segments, (0,) * total, notice=_ALIKE)
    given = tuple(int(label) for label in labels)
    enough = len({segment.testimony for segment in table.segments}) >= SHARED_FROM
    found = profiles(table.matrix, labels, made)
    classes = tuple(
        _word_class(table, labels, number, found, total if enough else 0)
        for number in range(1, made + 1)
    )
    tops = [tuple(word.term for word in one.words[:_TOP]) for one in classes]
    return Classes(
        classes=classes,
        segments=table.segments,
        labels=given,
        unclassified_share=given.count(0) / total if enough else None,
        tree=_tree(descent.root, descent.classes, tops) if descent else None,
        divisions=tuple(descent.divisions) if descent else (),
        notice=_FEWER.format(made, asked) if made < asked else "",
    )


def _word_class(
    table: Incidence, labels: Any, number: int, found: Profiles, total: int
) -> WordClass:
    """The class of this number, with its share of ``total`` (0: no share is given)."""
    import numpy as np

    from analysis import reinert_profiles

    owners = [segment.testimony for segment in table.segments]
    rows, chi2 = np.flatnonzero(labels == number), found.chi2[number - 1]
    people, held = reinert_profiles.heard(table.matrix, rows, owners)

    def words(scores: Any) -> tuple[Word, ...]:
        ranks = reinert_profiles.strongest(scores, _WORDS)
        return tuple(
            Word(
                table.terms[rank],
                int(found.inside[number - 1, rank]),
                int(found.overall[rank]),
                int(held[rank]),
                float(chi2[rank]),
            )
            for rank in ranks
        )

    best = reinert_profiles.typical(table.matrix, rows, chi2, owners, _PASSAGES)
    passages = tuple(Typical(table.segments[row], score) for row, score in best)
    share = len(rows) / total if total else None
    return WordClass(number, len(rows), people, share, words(chi2), words(-chi2), passages)


def _tree(
    one: Class, classes: Sequence[Class], tops: Sequence[tuple[str, ...]]
) -> Branch | Leaf | None:
    """The tree of the classes that were kept; a division with one side left is not drawn."""
    for number, kept in enumerate(classes, start=1):
        if kept is one:
            return Leaf(number, len(one.rows), tops[number - 1])
    sides = [side for part in one.parts if (side := _tree(part, classes, tops)) is not None]
    if len(sides) < 2:
        return sides[0] if sides else None
    left, right = sides
    below = [side.height for side in sides if isinstance(side, Branch)]
    return Branch(left, right, max([one.chi2, *below]), left.size + right.size)


def leaning(found: Classes, part_of: Mapping[str, str], floor: int) -> dict[int, tuple[str, ...]]:
    """For each class, the parts (neighbourhoods, profiles) heard there more than elsewhere.

    ``part_of`` gives the part of each testimony. Strongest first, by the χ² of testimonies with a
    passage in the class; only parts with ``floor`` testimonies inside and outside it. Names only:
    no count is given out, so none can be worked out.
    """
    from analysis.reinert_profiles import signed

    pairs = zip(found.segments, found.labels, strict=True)
    seen = {(segment.testimony, label) for segment, label in pairs if segment.testimony in part_of}
    people = {testimony for testimony, _ in seen}
    overall = Counter(part_of[testimony] for testimony in people)
    leans: dict[int, tuple[str, ...]] = {}
    for one in found.classes:
        inside = Counter(part_of[key] for key, label in seen if label == one.number)
        size = sum(inside.values())
        scores = {
            part: float(signed(both, size, overall[part], len(people)))
            for part, both in inside.items()
            if both >= floor and overall[part] - both >= floor
        }
        kept = [part for part in scores if scores[part] > 0]
        leans[one.number] = tuple(sorted(kept, key=lambda part: (-scores[part], part)))
    return leans
