"""Names of persons by the lists of names and by the words around them.

A name in small letters is believed when nothing else is written so (« karima »), or when the
words before it announce a name (« ma voisine rose », « monsieur diallo »).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from analysis.codebook import fold
from analysis.masking_rules import Found
from analysis.masking_words import Word, group, in_group

NO_NAMES = ("titres", "appels", "proches", "lieux", "endroits", "articles", "familles")
_SURNAMES = 3  # as many as a person may bear after a first name


def places(words: Sequence[Word], known: Iterable[str] = ()) -> frozenset[int]:
    """Ranks of the words that belong to a place's name: « école Jean Jaurès », « Saint-Pierre ».

    ``known`` are the names of the towns and quarters around.
    """
    around = {word for name in known for word in re.findall(r"[^\W\d_]+", fold(name))}
    around -= group("particules")
    found = {
        rank
        for rank, word in enumerate(words)
        if (_holy(word) and not (rank and word.gap == "" and words[rank - 1].sure))
        or (word.capital and (word.folded in around or in_group("pays", word)))
    }
    for rank, word in enumerate(words):
        if in_group("lieux", word) or in_group("endroits", word):
            found.update(_named_after(words, rank, sure=in_group("lieux", word)))
    return frozenset(found)


def _holy(word: Word) -> bool:
    """« Saint-Pierre »: a place, unless a first name stands right before it."""
    return word.folded.split("-")[0] in ("saint", "sainte", "st", "ste")


def _named_after(words: Sequence[Word], rank: int, *, sure: bool) -> Sequence[int]:
    """The words of the name after « rue », « école »…: at most two small words, then four.

    Not ``sure`` (« la place », « au club »), a single word right after it may be somebody, and so
    may a first name after « de » (« la maison de Karima »).
    """
    at = rank + 1
    while at < min(rank + 3, len(words)) and words[at].glued and in_group("particules", words[at]):
        at += 1
    linked = at > rank + 1
    only = linked and at == rank + 2 and words[at - 1].folded in ("de", "d")
    if at < len(words) and only and not sure and words[at].given:
        return ()
    end = at
    while end < min(at + 4, len(words)) and words[end].glued and not words[end].tool:
        if not (words[end].capital or (words[end].name and sure and not linked)):
            break
        end += 1
    return range(at, end) if sure or linked or end - at > 1 else ()


def people(words: Sequence[Word], public: frozenset[int]) -> Iterator[Found]:
    """First names, surnames beside them, and whatever is announced as a name."""
    done = 0
    for rank, word in enumerate(words):
        before = words[rank - 1] if rank else None
        if rank in public or word.tool or rank < done:
            continue
        found = _announced(words, rank, before) or _known(word, before) or _led(words, rank)
        if found is None:
            continue
        yield Found(word.start, word.end, *found)
        done = surnames_end(words, rank, public)
        if done > rank + 1:
            yield Found(words[rank + 1].start, words[done - 1].end, "NOM", "suite")


def _announced(words: Sequence[Word], rank: int, before: Word | None) -> tuple[str, str] | None:
    """Category and reason when the words before announce a name."""
    word = words[rank]
    aside = any(in_group(name, word) for name in NO_NAMES)
    if before is None or aside or not (word.glued or _after_comma(words, rank)):
        return None
    if _titled(words, rank) and (word.capital or len(word.folded) > 2):
        return ("PRÉNOM" if _first_of_two(words, rank) else "NOM"), "titre"
    if _of_family(words, rank):
        return "NOM", "famille"
    believed = word.capital or word.kind is not None
    if in_group("appels", before) and (believed or len(word.text) > 3):
        return "PRÉNOM", "apres"
    if in_group("nommes", before) and believed:
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


def _of_family(words: Sequence[Word], rank: int) -> bool:
    """« la famille Benali », « les frères Traoré », « chez les Martin »."""
    word, before = words[rank], words[rank - 1]
    listed = word.surname and (word.capital or not in_group("mots", word))
    home = before.folded == "les" and rank > 1 and words[rank - 2].folded == "chez"
    family = in_group("familles", before)
    return word.gap == "" and ((home and listed) or (family and (word.capital or listed)))


def _first_of_two(words: Sequence[Word], rank: int) -> bool:
    following = words[rank + 1] if rank + 1 < len(words) else None
    return words[rank].name and following is not None and following.glued and following.capital


def _known(word: Word, before: Word | None) -> tuple[str, str] | None:
    """Category and reason when the word itself is a first name, as it is written here."""
    if word.sure or (word.kind == "rare" and word.capital and len(word.text) > 2):
        shouted = word.shouted and len(word.text) < 5
        return None if shouted else ("PRÉNOM", "prenom")
    inside = word.capital and not word.first and not word.text.isupper()
    article = before is not None and in_group("articles", before)
    return ("PRÉNOM", "prenom") if word.kind == "mot" and inside and not article else None


def _led(words: Sequence[Word], rank: int) -> tuple[str, str] | None:
    """A name by its neighbour: « BENALI Karima », « rose dupont », « Li Zhang »."""
    word = words[rank]
    after = words[rank + 1] if rank + 1 < len(words) else None
    if after is None or after.gap or after.first:
        return None
    if after.sure and word.surname and (word.shouted or (word.capital and not word.first)):
        return "NOM", "suite"
    listed = after.folded in group("noms") and word.capital == after.capital
    titled = word.capital and after.capital and not after.shouted
    if word.given and not after.tool and (listed or titled):
        return "PRÉNOM", "prenom"
    return None


def surnames_end(words: Sequence[Word], rank: int, public: frozenset[int]) -> int:
    """The rank after the surnames that follow a first name, with « de », « ben »… before them.

    They bear a capital, or the list knows them: « karima benali ».
    """
    end = rank + 1
    for _ in range(_SURNAMES):
        at = end
        while at < min(end + 3, len(words)) and words[at].glued and _joins(words[at]):
            at += 1
        if at >= len(words) or not words[at].glued or at in public:
            break
        if not _is_surname(words[at], words[rank], alone=at == end):
            break
        end = at + 1
    return end


def _joins(word: Word) -> bool:
    return in_group("particules", word) and word.gap in ("", "'")


def _is_surname(word: Word, head: Word, *, alone: bool) -> bool:
    """Whether this word goes on the name that ``head`` begins; ``alone``, without a particle."""
    if word.tool:
        return False
    if word.capital and not (word.shouted and head.shouted):
        return word.kind is None or (alone and (word.surname or _holy(word)))
    listed = word.folded in group("noms") or (word.folded in group("mots") and head.sure)
    return listed and word.gap == "" and alone
