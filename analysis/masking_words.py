"""Words of a text as the search for names reads them, and the lists that know names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from analysis.codebook import fold
from analysis.french import stop_words
from analysis.sentences import PLACEHOLDER, sentences

_OPENING = '«"“:\n–—(-'
_LETTER = "[^\\W\\d_][\u0300-\u036f]*"
_WORD = re.compile(rf"(?<!\w)(?:{_LETTER})+(?:-(?:{_LETTER})+)*(?!\d)")
# Participles that would be first names without their accents.
_NO_NAME = frozenset(("marié", "mariés", "aminé", "laminé", "sergé", "régi", "dénis", "allié"))


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    """Groups of folded words (``data/autour-des-noms.txt`` and ``data/noms.txt``)."""
    lines = [
        line
        for name in ("autour-des-noms.txt", "noms.txt")
        for line in (files("analysis") / "data" / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    found = re.findall(r"^(\w+):((?: +\S+|\n +\S+)+)", "\n".join(lines), re.MULTILINE)
    return {name: frozenset(words.split()) for name, words in found}


def group(name: str) -> frozenset[str]:
    """The folded words that a group of the two files lists."""
    return _groups()[name]


@lru_cache(maxsize=1)
def first_names() -> dict[str, str]:
    """The shipped first names, folded and sorted, and what else each may be.

    Those of ``data/prenoms.csv`` (Insee), then those of ``data/noms.txt`` that it lacks.
    """
    text = (files("analysis") / "data" / "prenoms.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    listed = {line.split(",")[0]: line.split(",")[1] for line in lines[1:]}
    ours = dict.fromkeys(group("ailleurs"), "") | dict.fromkeys(group("courts"), "rare")
    return dict(sorted((ours | listed).items()))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text. ``kind`` is that of the list of first names, None outside it;
    ``first`` says that a sentence begins with it, ``gap`` which signs part it from the one before.
    """

    start: int
    end: int
    text: str
    folded: str
    kind: str | None
    first: bool
    gap: str
    tool: bool

    @property
    def name(self) -> bool:
        """Whether the list knows it as a first name before anything else."""
        return self.kind in ("", "rare")

    @property
    def given(self) -> bool:
        """Whether it is a first name among other things: « pierre », « rose »."""
        return self.name or self.kind == "mot"

    @property
    def sure(self) -> bool:
        """Whether it is a first name even in small letters."""
        return self.kind == ""

    @property
    def surname(self) -> bool:
        """Whether the list knows it as a surname, even if it is also a common word."""
        return self.folded in group("noms") or self.folded in group("mots")

    @property
    def glued(self) -> bool:
        """Whether nothing but spaces, an apostrophe or « M. » parts it from the word before."""
        return self.gap in ("", "'", ".") and not self.first

    @property
    def capital(self) -> bool:
        """Whether it has one, be it after a particle: « al-Zawahiri »."""
        return self.text[0].isupper() or any(part[:1].isupper() for part in self.text.split("-"))

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def in_group(name: str, word: Word) -> bool:
    """Whether the word is one of those that the group lists."""
    return word.folded in group(name)


@lru_cache(maxsize=1)
def _tools() -> frozenset[str]:
    return frozenset(fold(word) for word in stop_words())


def words_of(text: str) -> list[Word]:
    """The words in order, without those of masked passages."""
    said = PLACEHOLDER.sub(lambda masked: "\n" * len(masked[0]), text)
    begins = {span.start for span in sentences(said)}
    found: list[Word] = []
    for match in _WORD.finditer(said):
        folded = fold(match[0])
        gap = said[found[-1].end if found else 0 : match.start()]
        known = first_names().get(folded, _of_parts(folded))
        found.append(
            Word(
                match.start(),
                match.end(),
                match[0],
                folded,
                kind=None if match[0] in _NO_NAME else known,
                first=match.start() in begins or any(sign in gap for sign in _OPENING),
                gap=gap.strip(" \u00a0\u202f").replace("’", "'"),
                tool=folded in _tools(),
            )
        )
    return found


def _of_parts(folded: str) -> str | None:
    """« Marie-Fatou » is a first name because both parts are."""
    parts = folded.split("-")
    if len(parts) == 1 or parts[0] in group("lieux"):
        return None
    return "" if all(part in first_names() for part in parts) else None
