"""Whether a written sentence repeats somebody's words: runs of words, whatever their case."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


def runs(text: str, length: int) -> frozenset[tuple[str, ...]]:
    """Every run of ``length`` words in a text; of all its words where it has fewer."""
    words = _WORD.findall(text.casefold())
    size = min(length, len(words))
    if size == 0:
        return frozenset()
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def borrows(sentence: str, texts: Iterable[str], length: int) -> bool:
    """Whether ``sentence`` repeats ``length`` words in a row of a text, or all of a shorter one."""
    said = _WORD.findall(sentence.casefold())
    for text in texts:
        theirs = runs(text, length)
        size = len(next(iter(theirs), ()))
        if size and any(tuple(said[i : i + size]) in theirs for i in range(len(said) - size + 1)):
            return True
    return False
