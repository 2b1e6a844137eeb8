"""Names of persons as spaCy finds them: for jobs only, kept as JSON for the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from analysis.codebook import fold
from analysis.first_names import first_names, in_group, words_of
from analysis.french import MODEL, FrenchModelError, cut, pipeline_id
from analysis.sentences import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.lookups import Table
    from spacy.pipeline import Lemmatizer
    from spacy.tokens import Span as SpacySpan

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
            if entity.label_ == "PER" and not _ordinary(entity):
                yield key, Span(offset + entity.start_char, offset + entity.end_char)
    for key, text in texts.items():
        for span in _strangers(text):
            yield key, span


def _ordinary(entity: SpacySpan) -> bool:
    """Whether it begins a sentence with a common word: « Faire ceci… » is nobody."""
    begins = entity.start == 0 or entity.doc[entity.start - 1].is_punct
    first = entity[0].text
    named = fold(first) in first_names()
    return entity.text.islower() or (begins and not named and _is_french(first))


def _strangers(text: str) -> Iterator[Span]:
    """« ma voisine guerline », « Chanthou a dit »: words unknown to French in a name's place."""
    words = words_of(text)
    for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
        if len(word.text) < 3 or word.tool or _is_french(word.text):
            continue
        near = before if word.gap in ("", ",") and not word.first else None
        announced = near is not None and (in_group("proches", near) or in_group("aupres", near))
        acts = after is not None and after.glued and in_group("gestes", after)
        titled = word.capital and not word.text.isupper()
        if (announced and not word.capital) or (acts and titled):
            yield Span(word.start, word.end)


def _is_french(word: str) -> bool:
    """Whether the model's dictionary holds this word, with or without a final « s »."""
    forms, lemmas = _dictionary()
    low = word.lower()
    return any(said in forms or said in lemmas for said in (low, low.removesuffix("s"), fold(low)))


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Table, frozenset[str]]:
    """The inflected forms that the model knows, and the words that they come from."""
    lookups = cast("Lemmatizer", _pipeline().get_pipe("lemmatizer")).lookups
    forms, listed = lookups.get_table("lemma_lookup"), lookups.get_table("lemma_index")
    listed_words = (word for words in listed.values() for word in words)
    values = ([found] if isinstance(found, str) else found for found in forms.values())
    return forms, frozenset(listed_words).union(word for words in values for word in words)
