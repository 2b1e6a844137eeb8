"""French words: lemmas and parts of speech through spaCy, loaded only when texts need it.

Nothing here is imported by a web request but ``pipeline_id``; annotation belongs to a job.
Annotated texts are cached as JSON under the caller's key.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from importlib import metadata
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from analysis.sentences import PLACEHOLDER, sentences

if TYPE_CHECKING:
    from spacy.language import Language

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


class FrenchModelError(RuntimeError):
    """The language model is missing; the message says what to do, in French."""


class Token(NamedTuple):
    """A word: half-open code-point offsets in its text, lower-case lemma, universal POS tag."""

    start: int
    end: int
    lemma: str
    pos: str


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


def annotate(
    texts: Mapping[str, str],
    cache: MutableMapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, tuple[Token, ...]]:
    """The words of each text, under the same keys and in the same order.

    Only texts the cache does not hold go through spaCy; a damaged entry, or one made by another
    pipeline or from another text, is made again. ``progress`` receives (done, total) as texts
    are finished. Masked passages, and signs without letter or digit, give no token.
    """
    pipeline = pipeline_id()
    known: dict[str, tuple[Token, ...]] = {}
    for key, text in texts.items():
        entry = cache.get(key) if cache is not None else None
        tokens = _decode(entry, text, pipeline) if entry is not None else None
        if tokens is not None:
            known[key] = tokens
    missing = {key: text for key, text in texts.items() if key not in known}
    if progress is not None:
        progress(len(known), len(texts))
    for key, tokens in _through_spacy(missing):
        known[key] = tokens
        if cache is not None:
            cache[key] = _encode(tokens, texts[key], pipeline)
        if progress is not None:
            progress(len(known), len(texts))
    return {key: known[key] for key in texts}


def kept(entry: str, text: str) -> tuple[Token, ...]:
    """The words that `annotate` cached for this text; none when the entry is not to be trusted.

    Light enough for a web request: spaCy is never loaded.
    """
    return _decode(entry, text, pipeline_id()) or ()


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
    for doc, (key, offset) in _pipeline().pipe(chunks, as_tuples=True, batch_size=_BATCH):
        if held is not None and key != held:
            yield held, tuple(tokens)
            tokens = []
        held = key
        for word in doc:
            if not any(char.isalnum() for char in word.text):
                continue
            start = offset + word.idx
            lemma = (word.lemma_ or word.text).lower()
            tokens.append(Token(start, start + len(word.text), lemma, word.pos_))
    if held is not None:
        yield held, tuple(tokens)


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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _encode(tokens: tuple[Token, ...], text: str, pipeline: str) -> str:
    entry = {"p": pipeline, "t": _digest(text), "w": tokens}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _decode(entry: str, text: str, pipeline: str) -> tuple[Token, ...] | None:
    """The cached tokens, or None when this entry cannot be trusted for this text."""
    try:
        raw = json.loads(entry)
        if raw["p"] != pipeline or raw["t"] != _digest(text):
            return None
        tokens = tuple(Token(*word) for word in raw["w"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return tokens if all(_sound(token, len(text)) for token in tokens) else None


def _sound(token: Token, length: int) -> bool:
    if not all(type(offset) is int for offset in token[:2]):
        return False
    words = isinstance(token.lemma, str) and isinstance(token.pos, str)
    return words and 0 <= token.start < token.end <= length
