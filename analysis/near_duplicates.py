"""Testimonies that are nearly copies of one another: a petition, a form letter, a double entry.

They are compared sign by sign (`analysis.shingles`), never by meaning: two people who think alike
are not copies. The result only lists; merging, or setting aside, is a person's decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.corpus import Corpus
from analysis.shared_passages import Passage, passages, plain
from analysis.shingles import Links, similar
from analysis.tables import Counts

# Four fifths of the signs in common: a few words changed in a sentence, one sentence in ten.
THRESHOLD = 0.8
SIZE = 6  # signs in a shingle: about a word and the space before it
LEAST = 20  # shingles: « il y a trop de bruit » may be said by two without being copied


@dataclass(frozen=True, slots=True)
class Pair:
    """Two testimonies, the first in the order given first, and their exact similarity in 0..1."""

    one: str
    two: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Group:
    """Testimonies each close to another one of the group, not always to every one.

    ``links`` join the whole group by its strongest pairs: one fewer than there are members.
    """

    members: tuple[str, ...]
    links: tuple[Pair, ...]

    @property
    def lowest(self) -> float:
        """The similarity of the weakest link."""
        return min(link.similarity for link in self.links)


@dataclass(frozen=True, slots=True)
class Answers:
    """A group in a campaign: what it stands for, and for each link the passages it shares."""

    group: Group
    counts: Counts
    shared: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True)
class _Found:
    """Texts of the same plain words (each such family by rank), and the similar families."""

    ids: tuple[str, ...]
    family: tuple[int, ...]
    members: Mapping[int, Sequence[int]]
    links: Links


def pairs(
    texts: Mapping[str, str], threshold: float = THRESHOLD, size: int = SIZE, least: int = LEAST
) -> Iterator[Pair]:
    """Every pair at or above ``threshold`` (over 0, at most 1), in the order of the texts.

    ``size`` is in signs; a text of fewer than ``least`` different shingles is a copy of none.
    Pairs are made one by one: a thousand copies of a text make half a million.
    """
    import numpy as np

    found = _search(texts, threshold, size, least)
    links = found.links
    ends = np.concatenate([links.one, links.two])
    order = np.argsort(ends, kind="stable")
    ends, others = ends[order], np.concatenate([links.two, links.one])[order]
    likeness = np.concatenate([links.likeness, links.likeness])[order]
    for here, rank in enumerate(found.family):
        first, last = np.searchsorted(ends, [rank, rank + 1])
        beside = zip(others[first:last].tolist(), likeness[first:last].tolist(), strict=True)
        close = [(rank, 1.0), *beside]
        later = [
            (to, like) for kin, like in close for to in found.members.get(kin, ()) if to > here
        ]
        for there, similarity in sorted(later):
            yield Pair(found.ids[here], found.ids[there], similarity)


def groups(
    texts: Mapping[str, str], threshold: float = THRESHOLD, size: int = SIZE, least: int = LEAST
) -> tuple[Group, ...]:
    """The families of near copies, the largest first; see ``pairs`` for what is asked."""
    found = _search(texts, threshold, size, least)
    edges = [(-1.0, first, other) for first, *others in found.members.values() for other in others]
    for one, two, similarity in _strongest(found.links, len(texts)):
        first, other = sorted((found.members[one][0], found.members[two][0]))
        edges.append((-similarity, first, other))
    chief = list(range(len(found.ids)))
    tree = [edge for edge in sorted(edges) if _joined(chief, *edge[1:])]
    links: defaultdict[int, list[Pair]] = defaultdict(list)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for minus, one, two in tree:
        top = _chief(chief, one)
        links[top].append(Pair(found.ids[one], found.ids[two], -minus))
        members[top] |= {one, two}
    order = sorted(members, key=lambda top: (-len(members[top]), min(members[top])))
    return tuple(
        Group(tuple(found.ids[rank] for rank in sorted(members[top])), tuple(links[top]))
        for top in order
    )


def coordinated(corpus: Corpus, threshold: float = THRESHOLD) -> tuple[Answers, ...]:
    """The near copies of a campaign, with the testimonies, meetings and people they stand for."""
    texts = {testimony.id: testimony.text for testimony in corpus.testimonies}
    return tuple(_answers(corpus, texts, group) for group in groups(texts, threshold))


def _answers(corpus: Corpus, texts: Mapping[str, str], group: Group) -> Answers:
    met = [corpus.testimony_by_id[member] for member in group.members]
    counts = Counts(
        testimonies=len(met),
        meetings=len({testimony.meeting for testimony in met}),
        people=sum(testimony.persons for testimony in met),
    )
    shared = tuple(passages(texts[link.one], texts[link.two]) for link in group.links)
    return Answers(group, counts, shared)


def _strongest(links: Links, ranks: int) -> list[tuple[int, int, float]]:
    """Among these links, those of the trees that join the same texts by the highest indices."""
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    values, places = np.unique(-links.likeness, return_inverse=True)
    weights = places.ravel() + 1.0  # places, since a sum of floats would not give them back
    graph = coo_matrix((weights, (links.one, links.two)), shape=(ranks, ranks)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    found = -values[tree.data.astype(int) - 1]
    return list(zip(tree.row.tolist(), tree.col.tolist(), found.tolist(), strict=True))


def _joined(chief: list[int], one: int, two: int) -> bool:
    """Put two members in one group; False when they were already."""
    one, two = _chief(chief, one), _chief(chief, two)
    chief[max(one, two)] = min(one, two)
    return one != two


def _chief(chief: list[int], member: int) -> int:
    while chief[member] != member:
        chief[member] = chief[chief[member]]
        member = chief[member]
    return member


def _search(texts: Mapping[str, str], threshold: float, size: int, least: int) -> _Found:
    if not 0 < threshold <= 1 or size < 1:
        raise ValueError("threshold lies in ]0, 1] and a shingle has a sign or more")
    ranks: dict[str, int] = {}
    family = [ranks.setdefault(plain(text), len(ranks)) for text in texts.values()]
    held, links = similar(list(ranks), threshold, size, max(least, 1))
    large = set(held)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for place, rank in enumerate(family):
        if rank in large:
            members[rank].append(place)
    return _Found(tuple(texts), tuple(family), members, links)
