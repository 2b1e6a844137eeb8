"""Names of persons as spaCy finds them: for jobs only, kept as JSON for the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from analysis.first_names import in_group, words_of
from analysis.french import MODEL, FrenchModelError, cut, pipeline_id
from analysis.sentences import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.lookups import Table
    from spacy.pipeline import Lemmatizer

_KIND = "+ner"


def find(texts: Mapping[str, str]) -> dict[str, tuple[Span, ...]]:
    """The persons named in each text, as code-point spans in order, under the same keys.

    `FrenchModelError` when the language model is missing.
    """
    found: dict[str, list[Span]] = {key: [] for key in texts}
    for key, span in _through_spacy(texts):
        found[key].append(span)
    return {key: tuple(sorted(set(spans))) for key, spans in found.items()}


def encode(spans: tuple[Span, ...]) -> str:
    """What is kept of a reading: the pipeline that made it, and where the names are."""
    return json.dumps({"p": pipeline_id() + _KIND, "w": spans}, separators=(",", ":"))


def decode(entry: str, text: str) -> tuple[Span, ...] | None:
    """The persons of a kept reading; None when another pipeline made it, or it is damaged."""
    try:
        raw = json.loads(entry)
        if raw["p"] != pipeline_id() + _KIND:
            return None
        spans = tuple(Span(*pair) for pair in raw["w"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return spans if all(_sound(span, len(text)) for span in spans) else None


def _sound(span: Span, length: int) -> bool:
    return (
        type(span.start) is int and type(span.end) is int and 0 <= span.start < span.end <= length
    )


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    import spacy

    try:
        return spacy.load(
            MODEL, exclude=["parser", "morphologizer", "attribute_ruler"], disable=["lemmatizer"]
        )
    except OSError as error:
        raise FrenchModelError(
            "Le modèle de langue française ne peut pas être chargé. Rien n'est perdu : "
            "refaites l'installation, puis rouvrez la page."
        ) from error


def _through_spacy(texts: Mapping[str, str]) -> Iterator[tuple[str, Span]]:
    chunks = ((part, (key, offset)) for key, text in texts.items() for offset, part in cut(text))
    for doc, (key, offset) in _pipeline().pipe(chunks, as_tuples=True):
        for entity in doc.ents:
            if entity.label_ == "PER" and not entity.text.islower():
                yield key, Span(offset + entity.start_char, offset + entity.end_char)
    for key, text in texts.items():
        for span in _strangers(text):
            yield key, span


def _strangers(text: str) -> Iterator[Span]:
    """« ma voisine guerline »: a word that French does not know, where a name is announced."""
    french = _french()
    words = words_of(text)
    for before, word in pairwise(words):
        if not word.glued or word.capital or len(word.text) < 3 or word.tool:
            continue
        announced = in_group("proches", before) or in_group("aupres", before)
        if announced and word.text not in french and word.folded not in french:
            yield Span(word.start, word.end)


def _french() -> Table:
    lemmatizer = cast("Lemmatizer", _pipeline().get_pipe("lemmatizer"))
    return lemmatizer.lookups.get_table("lemma_lookup")
