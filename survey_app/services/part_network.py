"""The network of words of a run, and for each of its words the sentences that hold it.

The sentences where two words are said together are those that both words hold: every number of
pairs opens all of its sentences, however many pairs there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from analysis import drawings_network as drawings
from analysis.cooccurrence import Cooccurrences, Pair, cooccurrences
from analysis.drawings_marks import look
from analysis.network import Network, network
from analysis.pictures import Picture
from analysis.sentences import sentences
from survey_app.services.run_parts import Given, Part

TOLD = "Réseau des mots dits ensemble"
PICTURE, WORDS, PLACES = "reseau", "reseau-mots", "reseau-phrases-"
MOST_WORDS = 60  # more cannot be read on the picture
MOST_PAIRS = 400
HEAD = ("Mot", "Dit avec", "Phrases", "Témoignages", "Indice de Jaccard (0 à 1)")


def made(given: Given) -> Iterator[Part | Picture]:
    """The picture, the words and pairs, and the sentences of each word."""
    found = cooccurrences(given.said, given.corpus, most_terms=MOST_WORDS)
    net = network(found)
    yield _picture(net)
    yield _words(found, net)
    ranks = {node.lemma: rank for rank, node in enumerate(net.nodes)}
    for rank, places in enumerate(_places(given, ranks)):
        yield Part(f"{PLACES}{rank}", "Phrases d’un mot du réseau", {"places": places})


def _picture(net: Network) -> Picture:
    ranks = {node.lemma: rank for rank, node in enumerate(net.nodes)}
    nodes = [
        drawings.Node(
            node.display,
            node.x,
            node.y,
            node.count,
            node.community,
            f"concordance?{urlencode({'mot': node.lemma})}",
        )
        for node in net.nodes
    ]
    edges = [drawings.Edge(ranks[edge.a], ranks[edge.b], edge.weight) for edge in net.edges]
    return drawings.network(nodes, edges, name=PICTURE, title="Réseau des mots dits ensemble")


def _words(found: Cooccurrences, net: Network) -> Part:
    ranks = {node.lemma: rank for rank, node in enumerate(net.nodes)}
    names = [node.display for node in net.nodes]
    pairs = [pair for pair in found.pairs if pair.a in ranks and pair.b in ranks][:MOST_PAIRS]
    document = {
        "sentences": found.units,
        "words": [
            [node.lemma, node.display, node.count, node.testimonies, look(node.community).letter]
            for node in net.nodes
        ],
        "pairs": [[ranks[pair.a], ranks[pair.b], *_numbers(pair)] for pair in pairs],
    }
    rows = tuple((names[ranks[pair.a]], names[ranks[pair.b]], *_numbers(pair)) for pair in pairs)
    return Part(WORDS, "Mots dits ensemble dans une phrase", document, HEAD, rows)


def _numbers(pair: Pair) -> tuple[int, int, float]:
    return pair.count, pair.testimonies, round(pair.score, 4)


def _places(given: Given, ranks: Mapping[str, int]) -> list[list[list[int]]]:
    """For each word, each time it is said: testimony, its sentence (start, end), start, end."""
    found: list[list[list[int]]] = [[] for _ in ranks]
    for text, testimony in enumerate(given.corpus.testimonies):
        said = [token for token in given.said.get(testimony.id, ()) if token.lemma in ranks]
        spans = sentences(testimony.text) if said else ()
        begins = [span.start for span in spans]
        for token in said:
            span = spans[max(0, bisect_right(begins, token.start) - 1)]
            found[ranks[token.lemma]].append([text, *span, token.start, token.end])
    return found
