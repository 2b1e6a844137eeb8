"""The words of a run: the lexicon, sequences of words, proposed expressions, and where each stands.

The places of the words are kept in shards, so that opening one word reads a small document.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from analysis import concordance, lexicon, terms
from analysis import expressions as phrases
from analysis.codebook import fold
from analysis.corpus import quote_hash
from analysis.french import Token
from analysis.lexicon import Term
from survey_app.services.run_parts import Given, Part, selection

TOLD = "Lexique et concordance"
WORDS, SEQUENCES, PROPOSED, PLACES = "mots", "suites", "expressions", "concordance"
LISTED, SEQUENCES_LISTED, PROPOSALS = 5_000, 1_000, 80
INDEXED = 8_000  # words whose places are kept: more than are listed, for those of one testimony
SHARDS = 32
HASH = 16  # characters of a text's fingerprint: enough to see that it changed
LEAST_SEQUENCE = 3  # times said
FEW_TESTIMONIES = 300  # below, an expression said twice is already proposed
KINDS = {
    "NOUN": "nom",
    "PROPN": "nom propre",
    "VERB": "verbe",
    "ADJ": "adjectif",
    "ADV": "adverbe",
    "PRON": "pronom",
    "INTJ": "interjection",
    terms.EXPRESSION: "expression",
    terms.NGRAM: "suite de mots",
}
HEAD = (
    "Mot",
    "Sorte",
    "Nombre de fois",
    "Témoignages",
    "Rencontres",
    "Écart de répartition entre témoignages (0 à 1)",
    "Écart de répartition entre rencontres (0 à 1)",
)

Said = Mapping[str, Sequence[Token]]


def made(given: Given) -> Iterator[Part]:
    """The lexicon, the sequences where the campaign counts them, proposals, and the places."""
    chosen = selection(given.choices)
    words = lexicon.lexicon(given.said, given.corpus)
    yield _lexicon(given, WORDS, "Lexique", words, LISTED, _kinds(given.said))
    longer: dict[str, list[Token]] = {key: [] for key in given.said}
    for size in range(2, chosen.ngrams + 1):
        for key, found in terms.ngrams(given.annotated, given.corpus, size, chosen).items():
            longer[key] += found
    sequences = lexicon.lexicon(longer, given.corpus, LEAST_SEQUENCE) if chosen.ngrams > 1 else []
    sequences = [one for one in sequences if not one.lone][:SEQUENCES_LISTED]
    yield _lexicon(given, SEQUENCES, "Suites de mots", sequences, SEQUENCES_LISTED, {})
    yield _proposed(given, chosen)
    places = concordance.index(given.said, given.corpus, INDEXED)
    further = {one.lemma for one in sequences} - places.keys()
    places |= concordance.index(longer, given.corpus, 0, further)
    yield from _places(given, places, [*words, *sequences])


def part_of(name: str) -> str:
    """The name of the shard that holds a word."""
    return f"{PLACES}-{zlib.crc32(name.encode()) % SHARDS:02d}"


def _kinds(said: Said) -> dict[str, str]:
    """The part of speech that each term has most often."""
    counts: Counter[tuple[str, str]] = Counter(
        (token.lemma, token.pos) for tokens in said.values() for token in tokens
    )
    found: dict[str, tuple[int, str]] = {}
    for (lemma, kind), count in counts.items():
        found[lemma] = max(found.get(lemma, (0, "")), (count, kind))
    return {lemma: kind for lemma, (_, kind) in found.items()}


def _lexicon(
    given: Given,
    name: str,
    title: str,
    found: Sequence[Term],
    most: int,
    kinds: Mapping[str, str],
) -> Part:
    """A list of terms that several testimonies share, most frequent first."""
    shared = [term for term in found if not term.lone][:most]
    rows = [
        (
            term.display,
            kinds.get(term.lemma, terms.NGRAM),
            term.count,
            term.testimonies,
            term.meetings,
            round(term.uneven, 4),
            round(term.uneven_meetings, 4),
        )
        for term in shared
    ]
    document = {
        "selection": selection(given.choices).as_dict(),
        "testimonies": len(given.corpus.testimonies),
        "meetings": len({one.meeting for one in given.corpus.testimonies}),
        "said": sum(map(len, given.said.values())),
        "lone": sum(term.lone for term in found),
        "words": [[term.lemma, *row] for term, row in zip(shared, rows, strict=True)],
    }
    table = tuple((row[0], KINDS.get(row[1], row[1]), *row[2:]) for row in rows)
    return Part(name, title, document, HEAD, table)


def _proposed(given: Given, chosen: terms.Selection) -> Part:
    few = len(given.corpus.testimonies) < FEW_TESTIMONIES
    found = phrases.expressions(
        given.annotated, given.corpus, chosen, least=2 if few else 3, most=PROPOSALS
    )
    rows = [[" ".join(one.lemmas), one.display, one.count, one.testimonies] for one in found]
    return Part(PROPOSED, "Expressions proposées", {"expressions": rows})


def _places(
    given: Given, places: Mapping[str, concordance.Postings], words: Collection[Term]
) -> Iterator[Part]:
    """The testimonies that every word points into, then the words, in shards."""
    shards: dict[str, dict[str, Any]] = defaultdict(lambda: {"terms": {}, "names": {}})
    for lemma, postings in places.items():
        shards[part_of(lemma)]["terms"][lemma] = postings.packed()
    for term in words:  # most frequent first: so are the words that share a form
        if term.lemma in places:
            for name in dict.fromkeys(map(fold, (term.lemma, *term.forms))):
                known = shards[part_of(name)]["names"].setdefault(name, [])
                known.append(term.lemma)
    texts = [[one.id, quote_hash(one.text)[:HASH]] for one in given.corpus.testimonies]
    yield Part(PLACES, "Concordance", {"testimonies": texts})
    for name in sorted(shards):
        yield Part(name, "Concordance", shards[name])
