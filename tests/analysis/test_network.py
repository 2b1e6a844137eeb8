"""The network of words: its skeleton is the heaviest tree, and its picture never changes."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import network_layout
from analysis.cooccurrence import Cooccurrences, Pair, Term
from analysis.network import NOTHING, network
from analysis.network_layout import layout

ROOT = Path(__file__).resolve().parents[2]
_AGAIN = """
from tests.analysis.test_network import clusters
from analysis.network import network
print(network(clusters(), 5))
"""


@st.composite
def found(draw: st.DrawFn) -> Cooccurrences:
    size = draw(st.integers(0, 9))
    every = list(combinations([f"mot{rank}" for rank in range(size)], 2))
    kept = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    weights = draw(st.lists(st.sampled_from((-1.0, 0.2, 0.5, 0.9)), min_size=36, max_size=36))
    return made(size, [(*pair, weight) for pair, weight in zip(kept, weights, strict=False)])


def made(size: int, links: list[tuple[str, str, float]]) -> Cooccurrences:
    terms = [Term(f"mot{rank}", f"Mot{rank}", 20 - rank, 9, 5) for rank in range(size)]
    pairs = [Pair(a, b, 3, 2, weight, ()) for a, b, weight in links]
    pairs.sort(key=lambda pair: (-pair.score, -pair.count, pair.a, pair.b))
    return Cooccurrences("sentence", "jaccard", 50, tuple(terms), tuple(pairs))


def clusters() -> Cooccurrences:
    """Three groups of four words, joined by weak links."""
    links = [
        (f"mot{4 * group + a}", f"mot{4 * group + b}", 0.8 - 0.01 * (a + b))
        for group in range(3)
        for a, b in combinations(range(4), 2)
    ]
    return made(13, [*links, ("mot0", "mot4", 0.1), ("mot4", "mot8", 0.1)])


@settings(max_examples=40, deadline=None)
@given(found(), st.integers(0, 3))
def test_the_skeleton_is_the_heaviest_tree_of_each_part(pairs: Cooccurrences, more: int) -> None:
    drawn = network(pairs, more)
    graph = networkx.Graph()
    links = [(pair.a, pair.b, pair.score) for pair in pairs.pairs if pair.score > 0]
    graph.add_weighted_edges_from(links)
    tree = [edge for edge in drawn.edges if edge.tree]
    assert {node.lemma for node in drawn.nodes} == set(graph)
    assert len(tree) == len(graph) - networkx.number_connected_components(graph)
    heaviest = networkx.maximum_spanning_tree(graph).size(weight="weight")
    assert sum(edge.weight for edge in tree) == pytest.approx(heaviest)
    assert networkx.is_forest(
        networkx.Graph([(edge.a, edge.b) for edge in tree]) if tree else networkx.path_graph(1)
    )
    others = [edge.weight for edge in drawn.edges if not edge.tree]
    left = [link[2] for link in links]
    for edge in tree:
        left.remove(edge.weight)
    assert others == sorted(left, reverse=True)[:more]
    assert sorted(lemma for group in drawn.communities for lemma in group) == sorted(graph)
    for node in drawn.nodes:
        assert node.lemma in drawn.communities[node.community]
        assert 0 <= node.x <= 1
        assert 0 <= node.y <= 1


def test_groups_are_those_of_all_the_links_and_are_told_in_a_sentence() -> None:
    drawn = network(clusters())
    assert [set(group) for group in drawn.communities] == [
        {f"mot{4 * group + rank}" for rank in range(4)} for group in range(3)
    ]
    assert drawn.alt == (
        "12 mots, 11 liens, 3 groupes : Mot0, Mot1, Mot2 et Mot3 ; "
        "Mot4, Mot5, Mot6 et Mot7 ; Mot8, Mot9, Mot10 et Mot11."
    )
    assert network(made(3, [("mot0", "mot1", -2.0)])).alt == NOTHING


@pytest.mark.parametrize("seed", ["1", "77"])
def test_the_same_words_make_the_same_network_in_another_process(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _AGAIN],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(network(clusters(), 5))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("aéilm", min_size=1, max_size=14), max_size=50), st.data())
def test_labels_do_not_pile_up(labels: list[str], data: st.DataObject) -> None:
    edges = [(data.draw(st.integers(0, rank - 1)), rank) for rank in range(1, len(labels))]
    places = layout(labels, edges)
    assert places == layout(labels, edges)
    widths = [len(one) * network_layout._LETTER + network_layout._AROUND for one in labels]
    for (one, wide), (two, broad) in combinations(zip(places, widths, strict=True), 2):
        across = abs(one[0] - two[0]) >= (wide + broad) / 2 - 2e-3
        assert across or abs(one[1] - two[1]) >= network_layout._HEIGHT - 2e-3


def test_linked_words_stand_nearer_than_others() -> None:
    chain = layout([str(rank) for rank in range(8)], [(rank, rank + 1) for rank in range(7)])
    across = [place[0] for place in chain]
    assert across in (sorted(across), sorted(across, reverse=True))
