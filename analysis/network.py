"""The network of words said together: its skeleton, its groups, and where each word stands.

The skeleton is the maximum spanning tree of the pairs, as the « analyse de similitude » draws it
(Flament 1962; Vergès & Bouriche 2001). Groups are communities of all the pairs, not of the tree
alone (Blondel, Guillaume, Lambiotte & Lefebvre 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cooccurrence import Cooccurrences, Pair, Term
from analysis.network_layout import layout
from analysis.wording import count, listing

_SEED = 1
_WORDS = 4  # of each group, in the sentence
NOTHING = (
    "Aucun mot n'est assez souvent dit avec un autre, par plusieurs témoignages, pour un réseau."
)


@dataclass(frozen=True, slots=True)
class Node:
    """A word: times said, testimonies, place in the unit square (y downwards), group from 0."""

    lemma: str
    display: str
    count: int
    testimonies: int
    x: float
    y: float
    community: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two lemmas; ``tree`` when it belongs to the skeleton."""

    a: str
    b: str
    weight: float
    count: int
    testimonies: int
    tree: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and the lemmas of each community, most said first; edges, strongest first."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    communities: tuple[tuple[str, ...], ...]

    @property
    def alt(self) -> str:
        """What the picture shows, in a sentence."""
        if not self.nodes:
            return NOTHING
        shown = {node.lemma: node.display for node in self.nodes}
        groups = [
            listing([shown[lemma] for lemma in lemmas], most=_WORDS) for lemmas in self.communities
        ]
        sizes = (
            count(len(self.nodes), "mot"),
            count(len(self.edges), "lien"),
            count(len(groups), "groupe"),
        )
        return f"{', '.join(sizes)} : {' ; '.join(groups)}."


def network(found: Cooccurrences, strongest: int = 0) -> Network:
    """The skeleton of the pairs, and the ``strongest`` further links among those left.

    Pairs said together less than by chance (a negative score) are no links; a word without any
    is not shown.
    """
    pairs = [pair for pair in found.pairs if pair.score > 0]
    tree = _tree(pairs)
    left = [pair for pair in pairs if pair not in tree]
    kept = {*tree, *left[: max(0, strongest)]}
    linked = {lemma for pair in tree for lemma in (pair.a, pair.b)}
    terms = [term for term in found.terms if term.lemma in linked]
    ranks = {term.lemma: rank for rank, term in enumerate(terms)}
    edges = tuple(
        Edge(pair.a, pair.b, pair.score, pair.count, pair.testimonies, pair in tree)
        for pair in pairs
        if pair in kept
    )
    places = layout([t.display for t in terms], [(ranks[e.a], ranks[e.b]) for e in edges])
    groups = _communities(terms, pairs, ranks)
    of = {lemma: number for number, lemmas in enumerate(groups) for lemma in lemmas}
    nodes = tuple(
        Node(term.lemma, term.display, term.count, term.testimonies, x, y, of[term.lemma])
        for term, (x, y) in zip(terms, places, strict=True)
    )
    return Network(nodes, edges, groups)


def _tree(pairs: Sequence[Pair]) -> frozenset[Pair]:
    """The maximum spanning forest of pairs that come strongest first (Kruskal 1956)."""
    leader: dict[str, str] = {}

    def head(lemma: str) -> str:
        while (above := leader.setdefault(lemma, lemma)) != lemma:
            leader[lemma] = leader[above]
            lemma = leader[lemma]
        return lemma

    kept = []
    for pair in pairs:
        a, b = head(pair.a), head(pair.b)
        if a != b:
            leader[b] = a
            kept.append(pair)
    return frozenset(kept)


def _communities(
    terms: Sequence[Term], pairs: Sequence[Pair], ranks: dict[str, int]
) -> tuple[tuple[str, ...], ...]:
    """Groups of words, the largest first; ties by the most said of their words."""
    import networkx  # heavy: only when an analysis runs

    graph = networkx.Graph()
    graph.add_nodes_from(range(len(terms)))
    graph.add_weighted_edges_from(
        (ranks[pair.a], ranks[pair.b], pair.score) for pair in sorted(pairs, key=_names)
    )
    found = networkx.community.louvain_communities(graph, seed=_SEED) if terms else []
    groups = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))
    return tuple(tuple(terms[rank].lemma for rank in group) for group in groups)


def _names(pair: Pair) -> tuple[str, str]:
    return pair.a, pair.b
