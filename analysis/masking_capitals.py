"""Giving names back their capitals, so that a reading made for careful texts finds them.

Residents' words are often typed on a telephone: « ma voisine karima benali », or in capitals
throughout. The text that goes to the model is as long, code point for code point.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from analysis.masking_french import Dictionary
from analysis.masking_words import Word, in_group, words_of
from analysis.sentences import Span, sentences


def raised(text: str, french: Dictionary) -> tuple[str, frozenset[int]]:
    """The text with capitals on what may be a name, and where the words that got one start.

    A text that needs nothing is itself.
    """
    signs = list(_quiet(text))
    words = words_of("".join(signs))
    doubted = _suspects(words, french)
    got: set[int] = set()
    for rank, word in enumerate(words):
        if not word.text.islower():
            continue
        if rank in doubted:
            got.add(word.start)
        if rank in doubted or word.first:
            _capital(signs, word)
    return ("".join(signs), frozenset(got)) if got else (text, frozenset())


def _quiet(text: str) -> str:
    """Sentences written in capitals throughout, in small letters; the others as they are."""
    signs = list(text)
    for span in sentences(text):
        said = text[span.start : span.end]
        if said.isupper() and len(said.split()) > 2 and len(said.lower()) == len(said):
            signs[span.start : span.end] = said.lower()
    return "".join(signs)


def _suspects(words: Sequence[Word], french: Dictionary) -> set[int]:
    """Ranks of first names, of words unknown to French, and of the words beside them."""
    found = {rank for rank, word in enumerate(words) if _strange(word, french)}
    for rank in range(1, len(words)):
        before, word = words[rank - 1], words[rank]
        if word.gap or word.first or word.tool or before.tool:
            continue
        known, held = french.usual(before.text), french.usual(word.text)
        if before.sure and (word.surname or not french.stands(word.text)):
            found.add(rank)
        if (before.kind is not None or rank - 1 in found) and not held:
            found.add(rank)
        if rank in found and (before.kind is not None or not known):
            found.add(rank - 1)
    found.update(
        rank
        for rank in range(len(words) - 2)
        if words[rank].given and in_group("particules", words[rank + 1]) and rank + 2 in found
        if words[rank + 1].gap == "" and words[rank + 2].gap in ("", "'")
    )
    return found


def _strange(word: Word, french: Dictionary) -> bool:
    if word.tool or any(in_group(name, word) for name in ("proches", "titres", "sigles", "pays")):
        return False
    return word.sure or (len(word.text) > 3 and not french.resembles(word.text))


def _capital(signs: list[str], word: Word) -> None:
    """A capital on each part of the word, where one sign stays one sign."""
    for rank, sign in enumerate(word.text):
        if (rank == 0 or word.text[rank - 1] == "-") and len(sign.upper()) == 1:
            signs[word.start + rank] = sign.upper()


def pairs(text: str, got: frozenset[int]) -> list[Span]:
    """A first name and the words in a row behind it, when all were raised."""
    runs: list[list[Word]] = [[]]
    for word in words_of(text):
        follows = runs[-1] and word.gap == "" and not word.first
        if word.start in got and follows:
            runs[-1].append(word)
        else:
            runs.append([word] if word.start in got and word.kind is not None else [])
    return [Span(run[0].start, run[-1].end) for run in runs if len(run) > 1]


def only(span: Span, every: Sequence[Word], got: frozenset[int]) -> list[Span]:
    """What may be a name, of a person found in the raised text: raised, capital or beside such.

    ``every`` are the words of the raised text. « bill » of « par bill Clinton » and « honoré » of
    « Christophe honoré », but neither « général » of « le général Montgomery » nor a tool word.
    """
    begins = bisect_left(every, span.start, key=lambda word: word.start)
    words = every[begins : bisect_left(every, span.end, key=lambda word: word.start)]
    bears = [word.start in got or word.capital for word in words]
    if not any(word.start in got for word in words):
        return []
    first, last = bears.index(True), len(bears) - 1 - bears[::-1].index(True)
    before = every[begins - 1] if begins else None
    if first and not any(_common(word) for word in words[:first]) and _leads(before, words[0]):
        first = 0
    while last + 1 < len(words) and not words[last + 1].gap.strip(".'"):
        step = 2 if _linked(words, last + 1) else 1
        if words[last + step].tool:
            break
        last += step
    return [Span(words[first].start, words[last].end)]


def _linked(words: Sequence[Word], rank: int) -> bool:
    return in_group("particules", words[rank]) and rank + 1 < len(words)


def _common(word: Word) -> bool:
    return word.tool or any(in_group(name, word) for name in ("proches", "titres", "lieux"))


def _leads(before: Word | None, word: Word) -> bool:
    """Whether a name may begin here: after « de », « par », a comma…, not after « le », « son »."""
    return word.first or bool(word.gap) or before is None or in_group("menent", before)
