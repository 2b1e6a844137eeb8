"""French words: lemmas and parts of speech through spaCy, loaded only when texts need it.

Annotation belongs to a job; a page may open what a job kept (`kept`), which loads nothing heavy.
What is kept of a text is a line of JSON (`entries`), found again by `text_hash` and `pipeline_id`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from importlib import metadata
from importlib.resources import files
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from analysis.sentences import PLACEHOLDER, sentences

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "fr_core_news_md"
CHUNK = 100_000  # code points given to spaCy at once, well under its own limit of a million
_BATCH = 64
_FORMAT = 1  # raised when the meaning of a cached entry changes
_PLAIN = str.maketrans("’ʼ\u00a0\u202f\u2009", "''   ")
_CONTENT = frozenset(("NOUN", "PROPN", "VERB", "ADJ"))
# Verbs that say nothing of what is talked about; the stop words hold their other forms.
_GENERIC = re.compile(
    "être|avoir|faire|aller|pouvoir|devoir|vouloir|falloir|dire|mettre|venir|savoir|voir|penser"
    "|croire|trouver|passer|prendre|arriver|sembler|laisser|rendre|tenir|rester|commencer"
    "|continuer|permettre"
)

# Nouns that the stop words hold for the sake of another word (« a été », « il parle »...).
_KEPT_NOUNS = frozenset(("été", "force", "parole", "pièce", "valeur"))

Forms = dict[tuple[int, int, int], tuple[int, str, str]]
"""What spaCy's numbers of a form, a lemma and a tag mean: length, lemma and tag in words."""


class FrenchModelError(RuntimeError):
    """The language model is missing; the message says what to do, in French."""


class Token(NamedTuple):
    """A word: half-open code-point offsets in its text, lower-case lemma, universal POS tag."""

    start: int
    end: int
    lemma: str
    pos: str


_token = partial(tuple.__new__, Token)  # no Python call for each word of a large corpus


@lru_cache(maxsize=1)
def pipeline_id() -> str:
    """Name and versions of what annotates, for cache keys and stored runs; spaCy stays unloaded."""
    try:
        model, library = metadata.version(MODEL), metadata.version("spacy")
    except metadata.PackageNotFoundError as error:
        raise FrenchModelError(
            "Le modèle de langue française n'est pas installé. Rien n'est perdu : "
            "refaites l'installation, puis relancez l'analyse."
        ) from error
    return f"{MODEL}-{model}+spacy-{library}+{_FORMAT}"


def text_hash(text: str) -> str:
    """SHA-256 of the text in hexadecimal: equal texts are read once."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def annotate(texts: Mapping[str, str]) -> dict[str, tuple[Token, ...]]:
    """The words of each text, under the same keys and in the same order; equal texts read once.

    Masked passages, and signs without letter or digit, give no token.
    """
    first: dict[str, str] = {}
    for key, text in texts.items():
        first.setdefault(text, key)
    read = dict(_through_spacy({key: text for text, key in first.items()}))
    return {key: read[first[text]] for key, text in texts.items()}


def entries(texts: Mapping[str, str]) -> dict[str, str]:
    """The words of each text as the line of JSON to keep, under the same keys.

    Short to send and to store: a batch read by another process comes back like this.
    """
    pipeline = pipeline_id()
    return {key: _encode(words, texts[key], pipeline) for key, words in _through_spacy(texts)}


def kept(entry: str, text: str) -> tuple[Token, ...]:
    """The words kept of this text; none when the entry is not to be trusted.

    Light enough for a web request: spaCy is never loaded.
    """
    return opened(entry, text) or ()


def is_content(token: Token) -> bool:
    """Whether this word says something of the subject, rather than holding the sentence up."""
    return (
        token.pos in _CONTENT
        and len(token.lemma) > 1
        and token.lemma[0].isalpha()
        and not _is_tool(token)
        and token.lemma.isprintable()
        and "@" not in token.lemma
        and "://" not in token.lemma
    )


def _is_tool(token: Token) -> bool:
    if token.pos == "VERB" and _GENERIC.fullmatch(token.lemma):
        return True
    kept = token.pos == "NOUN" and token.lemma in _KEPT_NOUNS
    return token.lemma in stop_words() and not kept


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The shipped French stop words (``data/stopwords-fr.txt``; its header names the source)."""
    text = (files("analysis") / "data" / "stopwords-fr.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    import spacy

    try:
        return spacy.load(MODEL, exclude=["parser", "ner"])
    except OSError as error:
        raise FrenchModelError(
            "Le modèle de langue française ne peut pas être chargé. Rien n'est perdu : "
            "refaites l'installation, puis relancez l'analyse."
        ) from error


def _through_spacy(texts: Mapping[str, str]) -> Iterator[tuple[str, tuple[Token, ...]]]:
    """Each text's tokens, in order; the chunks of a long text are put together again."""
    if not texts:
        return
    chunks = ((part, (key, offset)) for key, text in texts.items() for offset, part in cut(text))
    held: str | None = None
    tokens: list[Token] = []
    forms: Forms = {}
    for doc, (key, offset) in _pipeline().pipe(chunks, as_tuples=True, batch_size=_BATCH):
        if held is not None and key != held:
            yield held, tuple(tokens)
            tokens = []
        held = key
        tokens += _words(doc, offset, forms)
    if held is not None:
        yield held, tuple(tokens)


def _words(doc: Doc, offset: int, forms: Forms) -> Iterator[Token]:
    """The words of a part that starts at ``offset``; ``forms`` remembers those already met.

    spaCy's own numbers are read at once: a Python object for each word costs more than it says.
    """
    strings = doc.vocab.strings
    for form, lemma, pos, start in doc.to_array(["ORTH", "LEMMA", "POS", "IDX"]).tolist():
        seen = forms.get((form, lemma, pos))
        if seen is None:
            word = strings[form]
            counts = any(char.isalnum() for char in word)
            said = sys.intern((strings[lemma] or word).lower())
            tag = sys.intern(strings[pos] if pos else "")
            seen = forms[form, lemma, pos] = (len(word) if counts else 0, said, tag)
        if seen[0]:
            yield _token((offset + start, offset + start + seen[0], seen[1], seen[2]))


def cut(text: str, limit: int = CHUNK) -> Iterator[tuple[int, str]]:
    """(offset, part) pieces of at most ``limit`` code points, cut between sentences if possible.

    In the parts, masked passages become spaces and typographic apostrophes and spaces become
    plain ones, character for character: offsets hold, and the model reads « l’ » as « l' ».
    """
    blank = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text).translate(_PLAIN)
    if len(text) <= limit:
        yield 0, blank
        return
    begins = [span.start for span in sentences(text)]
    start = 0
    while start < len(blank):
        end = _last(begins, start + limit, start) if start + limit < len(blank) else len(blank)
        if end is None:
            space = blank.rfind(" ", start + 1, start + limit)
            end = space if space > start else start + limit
        yield start, blank[start:end]
        start = end


def _last(begins: list[int], most: int, least: int) -> int | None:
    """The greatest of these sorted offsets in (least, most], or None."""
    rank = bisect_right(begins, most)
    return begins[rank - 1] if rank and begins[rank - 1] > least else None


def _encode(tokens: tuple[Token, ...], text: str, pipeline: str) -> str:
    """Starts, lengths, lemmas and tags, each in one list: half the size of a list of words."""
    entry = {
        "p": pipeline,
        "t": text_hash(text)[:16],
        "s": [token.start for token in tokens],
        "n": [token.end - token.start for token in tokens],
        "w": [token.lemma for token in tokens],
        "k": " ".join(token.pos for token in tokens),
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def opened(entry: str, text: str) -> tuple[Token, ...] | None:
    """The words kept of this text, or None when the entry cannot be trusted for it.

    It may be damaged, or made by another pipeline or from another text.
    """
    try:
        raw = json.loads(entry)
        if raw["p"] != pipeline_id() or raw["t"] != text_hash(text)[:16]:
            return None
        starts, lengths, lemmas = raw["s"], raw["n"], raw["w"]
        tags = raw["k"].split(" ") if starts else []
        ends = list(map(add, starts, lengths))
        if not _sound(starts, lengths, ends, len(text)):
            return None
        words = zip(starts, ends, map(sys.intern, lemmas), map(sys.intern, tags), strict=True)
        return tuple(map(_token, words))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _sound(starts: list[int], lengths: list[int], ends: list[int], length: int) -> bool:
    """Whether these offsets (code points) stand in a text of this length."""
    if not starts or {*map(type, starts), *map(type, lengths)} != {int}:
        return starts == lengths == []
    return min(starts) >= 0 and min(lengths) > 0 and max(ends) <= length
