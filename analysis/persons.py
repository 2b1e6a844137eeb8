"""Names of persons as spaCy finds them: for jobs only, kept as JSON for the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from analysis.codebook import fold
from analysis.french import MODEL, FrenchModelError, cut, pipeline_id
from analysis.masking_capitals import only, pairs, raised
from analysis.masking_french import Dictionary
from analysis.masking_words import first_names, in_group, words_of
from analysis.sentences import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Span as SpacySpan

_LONE = re.compile("[\ud800-\udfff]")  # halves of signs, which spaCy cannot read
_OPENING, _CLOSING = tuple('"“«'), tuple('"”»')
_KIND = "+ner3"  # raised when readings change, so that those that are kept are made again


def find(texts: Mapping[str, str]) -> dict[str, tuple[Span, ...]]:
    """The persons named in each text, as code-point spans in order, under the same keys.

    `FrenchModelError` when the language model is missing.
    """
    found: dict[str, list[Span]] = {key: [] for key in texts}
    clean = {key: _LONE.sub("\ufffd", text) for key, text in texts.items()}
    for key, span in _through_spacy(clean):
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


@lru_cache(maxsize=1)
def _french() -> Dictionary:
    return Dictionary(_pipeline())


def _through_spacy(texts: Mapping[str, str]) -> Iterator[tuple[str, Span]]:
    """As each text is written, then with capitals where it may lack some."""
    yield from _entities(texts)
    lifted = {key: raised(text, _french()) for key, text in texts.items()}
    needy = {key: text for key, (text, got) in lifted.items() if got}
    for key, found in groupby(_entities(needy), key=itemgetter(0)):
        words = words_of(needy[key])
        for _, span in found:
            for part in only(span, words, lifted[key][1]):
                if not _quoted(texts[key], part):
                    yield key, part
    for key, text in texts.items():
        for span in (*pairs(*lifted[key]), *_strangers(text)):
            yield key, span


def _entities(texts: Mapping[str, str]) -> Iterator[tuple[str, Span]]:
    chunks = ((part, (key, offset)) for key, text in texts.items() for offset, part in cut(text))
    for doc, (key, offset) in _pipeline().pipe(chunks, as_tuples=True):
        for entity in doc.ents:
            start = _start(entity) if entity.label_ == "PER" else None
            if start is not None:
                yield key, Span(offset + start, offset + entity.end_char)


def _start(entity: SpacySpan) -> int | None:
    """Where the person's name starts; None when it is nobody's, as « Faire ceci… ».

    A common word that begins the sentence is left out: « Demain Guerline vient ».
    """
    begins = entity.start == 0 or entity.doc[entity.start - 1].is_punct
    first, last, alone = entity[0].text, entity[-1].text, len(entity) == 1
    if entity.text.islower():
        return int(entity.start_char) if _named(first, last) and not alone else None
    if not begins or fold(first) in first_names() or not _french().resembles(first):
        return int(entity.start_char)
    if alone or _french().resembles(last):
        return None
    return int(entity[1].idx if _french().holds(first) else entity.start_char)


def _quoted(text: str, span: Span) -> bool:
    """Whether quotation marks hold this alone, and no first name in it: « running shoe »."""
    before, after = (
        text[max(span.start - 3, 0) : span.start].rstrip()[-1:],
        text[span.end : span.end + 3].lstrip()[:1],
    )
    alone = before in _OPENING and after in _CLOSING
    return alone and fold(text[span.start : span.end].split()[0]) not in first_names()


def _named(first: str, last: str) -> bool:
    """Whether these words in small letters may begin and end a name: « marine le pen »."""
    begins = fold(first) in first_names() or not _french().usual(first)
    return begins and not _french().stands(last)


def _strangers(text: str) -> Iterator[Span]:
    """« ma voisine guerline », « Chanthou a dit »: words unknown to French in a name's place.

    So is the word after a first name in small letters: « karima benzekri ».
    """
    words = words_of(text)
    for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
        if len(word.text) < 3 or word.tool or _french().resembles(word.text):
            continue
        near = before if word.gap in ("", ",") and not word.first else None
        announced = near is not None and (in_group("proches", near) or in_group("aupres", near))
        follows = near is not None and near.sure and word.gap == "" and not near.capital
        acts = after is not None and after.glued and in_group("gestes", after)
        titled = word.capital and not word.text.isupper()
        if ((announced or follows) and not word.capital) or (acts and titled):
            yield Span(word.start, word.end)
