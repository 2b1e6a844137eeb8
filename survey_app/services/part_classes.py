"""The classes of words of a run, simple and double, and the passages of each class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis import classes as pure
from analysis import drawings_tree as drawings
from analysis import groups
from analysis.classes import Classes, WordClass
from analysis.cuts import UNSAID
from analysis.lettering import decimal
from analysis.lexicon import surfaces
from analysis.pictures import Picture
from survey_app.services.run_parts import Given, Part

TOLD = "Classes de mots"
PICTURE, CLASSES = "classes", "classes-"
SIMPLE, DOUBLE = "simple", "double"
MODES = {SIMPLE: "Classement simple", DOUBLE: "Classement double"}
NOTE = pure.NOTE
_TITLES = {SIMPLE: "Classes de mots", DOUBLE: "Classes de mots, classement double"}
_FEWEST = 2  # testimonies of a class: what one person says could point at them
_ASKED = "profil:"
HEAD = (
    "Classe",
    "Rang",
    "Mot",
    "Passages de la classe qui l’emploient",
    "Passages classés qui l’emploient",
    "Témoignages de la classe qui l’emploient",
    "Lien avec la classe (χ², pour ranger)",
)


def made(given: Given) -> Iterator[Part | Picture]:
    """The tree of the simple classes, then both classifications with their passages."""
    ranks = {one.id: rank for rank, one in enumerate(given.corpus.testimonies)}
    cuts = _cuts(given)
    classified = {
        mode: pure.classify(given.said, given.corpus, double=mode == DOUBLE) for mode in MODES
    }
    names = _names(given, classified.values())
    yield from _picture(given, classified[SIMPLE], names)
    for mode, found in classified.items():
        yield _described(given, mode, found, names, cuts)
        for number in range(len(found.classes) + 1) if found.classes else ():
            yield _passages(found, mode, number, ranks)


def _names(given: Given, made: Iterable[Classes]) -> dict[str, str]:
    """The form that people say most of each word of the classes."""
    every = [one for found in made for one in found.classes]
    lemmas = {word.term for one in every for word in (*one.words, *one.avoided)}
    forms = surfaces(given.said, given.corpus, lemmas)
    return {lemma: " ".join(forms[lemma][0].split()) for lemma in lemmas}


def _picture(given: Given, found: Classes, names: Mapping[str, str]) -> Iterator[Picture]:
    """The tree; nothing where no class could be made: the page says why."""
    if found.tree is not None:
        yield drawings.dendrogram(
            _drawn(found.tree, names),
            len(found.unclassified),
            "passage",
            PICTURE,
            _TITLES[SIMPLE],
            shares=len(given.corpus.testimonies) >= pure.SHARED_FROM,
        )


def _drawn(
    tree: pure.Branch | pure.Leaf, names: Mapping[str, str]
) -> drawings.Branch | drawings.Leaf:
    if isinstance(tree, pure.Leaf):
        words = tuple(names[word] for word in tree.words)
        return drawings.Leaf(f"Classe {tree.number}", tree.size, words, f"classes/{tree.number}")
    left, right = _drawn(tree.left, names), _drawn(tree.right, names)
    return drawings.Branch(tree.height, left, right)


def _cuts(given: Given) -> list[tuple[str, dict[str, str]]]:
    """Each way to cut the people of the campaign: its name, and the part of each testimony."""
    found = []
    for group in groups.available(given.corpus, given.codebook):
        if not group.whole:
            continue
        title, options = given.labels.get(group.key.removeprefix(_ASKED), (group.label, {}))
        parts = [(key, options.get(key, label)) for key, label in group.parts]
        held = {text: parts[spans[0][2]] for text, spans in group.spans.items()}
        found.append((title, {text: name for text, (key, name) in held.items() if key != UNSAID}))
    return found


def _described(
    given: Given,
    mode: str,
    found: Classes,
    names: Mapping[str, str],
    cuts: list[tuple[str, dict[str, str]]],
) -> Part:
    leans = [(title, pure.leaning(found, part_of, given.threshold)) for title, part_of in cuts]
    classes = [
        {
            "number": one.number,
            "size": one.size,
            "testimonies": one.testimonies,
            "share": _percent(one.share),
            "words": [[word.term, names[word.term], *_numbers(word)] for word in _shared(one)],
            "avoided": [[word.term, names[word.term]] for word in one.avoided],
            "leaning": [[title, held[one.number]] for title, held in leans if held[one.number]],
        }
        for one in found.classes
    ]
    document = {
        "passages": len(found.segments),
        "unclassified": len(found.unclassified),
        "unclassified_share": _percent(found.unclassified_share),
        "notice": found.notice,
        "classes": classes,
    }
    rows = tuple(
        (one.number, rank, names[word.term], *_numbers(word))
        for one in found.classes
        for rank, word in enumerate(_shared(one), start=1)
    )
    return Part(f"{CLASSES}{mode}", _TITLES[mode], document, HEAD, rows)


def _shared(one: WordClass) -> list[pure.Word]:
    return [word for word in one.words if word.testimonies >= _FEWEST]


def _numbers(word: pure.Word) -> tuple[int, int, int, float]:
    return word.inside, word.overall, word.testimonies, round(word.chi2, 1)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{decimal(100 * share, 0)} %"


def _passages(found: Classes, mode: str, number: int, ranks: Mapping[str, int]) -> Part:
    """The passages of a class in order of reading, and those that show it best."""
    pairs = zip(found.segments, found.labels, strict=True)
    inside = [segment for segment, label in pairs if label == number]
    best = found.classes[number - 1].passages if number else ()
    document = {
        "best": [_spot(one.segment, ranks) for one in best],
        "passages": sorted(_spot(segment, ranks) for segment in inside),
    }
    return Part(f"{CLASSES}{mode}-{number}", "Passages d’une classe", document)


def _spot(segment: Any, ranks: Mapping[str, int]) -> list[int]:
    return [ranks[segment.testimony], segment.start, segment.end]
