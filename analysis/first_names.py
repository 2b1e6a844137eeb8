"""Names of persons by a list of first names and by the words around them.

A name in small letters is believed when nothing else is written so (« karima »), or when the
words before it announce a name (« ma voisine rose », « monsieur diallo »).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from analysis.codebook import fold
from analysis.french import stop_words
from analysis.masking_rules import Found
from analysis.sentences import PLACEHOLDER, sentences

_OPENING = '«"“:\n–—(-'
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@lru_cache(maxsize=1)
def _around() -> dict[str, frozenset[str]]:
    """Groups of folded words that stand beside names (``data/autour-des-noms.txt``)."""
    text = (files("analysis") / "data" / "autour-des-noms.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    groups = re.findall(r"^(\w+):((?: +\S+|\n +\S+)+)", "\n".join(lines), re.MULTILINE)
    return {name: frozenset(words.split()) for name, words in groups}


NO_NAMES = ("titres", "appels", "proches", "lieux", "endroits", "articles")


def in_group(group: str, word: Word) -> bool:
    """Whether the word is one of those that the group of the file lists."""
    return word.folded in _around()[group]


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
    def glued(self) -> bool:
        """Whether nothing but spaces, an apostrophe or « M. » parts it from the word before."""
        return self.gap in ("", "'", ".") and not self.first

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@lru_cache(maxsize=1)
def first_names() -> dict[str, str]:
    """The shipped first names, folded, and what else each may be (``data/prenoms.csv``)."""
    text = (files("analysis") / "data" / "prenoms.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.split(",")[0]: line.split(",")[1] for line in lines[1:]}


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
        found.append(
            Word(
                match.start(),
                match.end(),
                match[0],
                folded,
                kind=first_names().get(folded, _of_parts(folded)),
                first=match.start() in begins or any(sign in gap for sign in _OPENING),
                gap=gap.strip(" \u00a0\u202f").replace("’", "'"),
                tool=folded in _tools(),
            )
        )
    return found


def _of_parts(folded: str) -> str | None:
    """« Marie-Fatou » is a first name because both parts are."""
    parts = folded.split("-")
    if len(parts) == 1 or parts[0] in _around()["lieux"]:
        return None
    return "" if all(part in first_names() for part in parts) else None


def places(words: Sequence[Word], known: Iterable[str] = ()) -> frozenset[int]:
    """Ranks of the words that belong to a place's name: « école Jean Jaurès », « Saint-Pierre ».

    ``known`` are the names of the towns and quarters around.
    """
    around = {word for name in known for word in re.findall(r"[^\W\d_]+", fold(name))}
    around -= _around()["particules"]
    found = {
        rank
        for rank, word in enumerate(words)
        if word.folded.split("-")[0] in ("saint", "sainte", "st", "ste")
        or (word.capital and word.folded in around)
    }
    for rank, word in enumerate(words):
        if in_group("lieux", word) or in_group("endroits", word):
            found.update(_named_after(words, rank, sure=in_group("lieux", word)))
    return frozenset(found)


def _named_after(words: Sequence[Word], rank: int, *, sure: bool) -> Sequence[int]:
    """The words of the name after « rue », « école »…: at most two small words, then four.

    Not ``sure`` (« la place », « au club »), a single word right after it may be somebody.
    """
    at = rank + 1
    while at < min(rank + 3, len(words)) and words[at].glued and in_group("particules", words[at]):
        at += 1
    linked = at > rank + 1
    end = at
    while end < min(at + 4, len(words)) and words[end].glued and not words[end].tool:
        if not (words[end].capital or (words[end].name and sure and not linked)):
            break
        end += 1
    return range(at, end) if sure or linked or end - at > 1 else ()


def people(words: Sequence[Word], public: frozenset[int]) -> Iterator[Found]:
    """First names, surnames beside them, and whatever is announced as a name."""
    for rank, word in enumerate(words):
        before = words[rank - 1] if rank else None
        if rank in public or word.tool:
            continue
        found = _announced(words, rank, before) or _known(word, before)
        if found is None:
            continue
        yield Found(word.start, word.end, *found)
        yield from _following(words, rank + 1, public)


def _announced(words: Sequence[Word], rank: int, before: Word | None) -> tuple[str, str] | None:
    """Category and reason when the words before announce a name."""
    word = words[rank]
    aside = any(in_group(group, word) for group in NO_NAMES)
    if before is None or aside or not (word.glued or _after_comma(words, rank)):
        return None
    if _titled(words, rank) and (word.capital or len(word.folded) > 2):
        return ("PRÉNOM" if _first_of_two(words, rank) else "NOM"), "titre"
    if in_group("appels", before) and (word.capital or word.kind is not None or len(word.text) > 3):
        return "PRÉNOM", "apres"
    if in_group("aupres", before) and word.name:
        return "PRÉNOM", "apres"
    known = word.name or word.kind == "mot"
    if in_group("proches", before) and (
        known or (word.capital and not before.capital and word.glued)
    ):
        return "PRÉNOM", "apres"
    return None


def _after_comma(words: Sequence[Word], rank: int) -> bool:
    return words[rank].name and words[rank].gap == "," and not words[rank].first


def _titled(words: Sequence[Word], rank: int) -> bool:
    """Whether a title stands before; « le monsieur » is nobody's title, nor is « m’ »."""
    title = words[rank - 1]
    if not in_group("titres", title) or words[rank].gap not in ("", ".") or words[rank].first:
        return False
    common = rank > 1 and title.glued and in_group("articles", words[rank - 2])
    return not common and title.text != "m"


def _first_of_two(words: Sequence[Word], rank: int) -> bool:
    following = words[rank + 1] if rank + 1 < len(words) else None
    return words[rank].name and following is not None and following.glued and following.capital


def _known(word: Word, before: Word | None) -> tuple[str, str] | None:
    """Category and reason when the word itself is a first name, as it is written here."""
    if word.kind == "" or (word.kind == "rare" and word.capital and len(word.text) > 2):
        shouted = word.text.isupper() and len(word.text) < 5
        return None if shouted else ("PRÉNOM", "prenom")
    inside = word.capital and not word.first and not word.text.isupper()
    article = before is not None and in_group("articles", before)
    return ("PRÉNOM", "prenom") if word.kind == "mot" and inside and not article else None


def _following(words: Sequence[Word], rank: int, public: frozenset[int]) -> Iterator[Found]:
    """The surname after a first name: capitals, with « de », « ben », « el »… before them."""
    at = rank
    while at < min(rank + 3, len(words)) and words[at].glued and in_group("particules", words[at]):
        at += 1
    if at >= len(words) or not words[at].glued or at in public:
        return
    word = words[at]
    if word.capital and not word.tool and word.kind is None and not word.first:
        yield Found(words[rank].start, word.end, "NOM", "suite")
