"""The testimonies as IRaMuTeQ takes a corpus: a line of starred variables, then the words.

Its manual (Ratinaud) asks for plain text: « **** » opens a text and its variables, each
« *name_value »; a star elsewhere, and an underscore at the edge of a word, have a meaning of their
own. Names and values here hold letters and digits only, so that nothing in them can be misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import count

from analysis.codebook import fold
from analysis.corpus import Testimony
from analysis.glyphs import clean
from analysis.sentences import PLACEHOLDER

OTHER = "autre"
TESTIMONY = "temoignage"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys('*_"«»“”„$%|<>{}[]#~^\\', " "),
        "…": "...",
        "œ": "oe",
        "Œ": "Oe",
        "æ": "ae",
        "Æ": "Ae",
        "€": " euros ",
        "&": " et ",
    }
)
_NOT_PLAIN = re.compile("[^a-z0-9]")
# A masked passage against a letter: one word would be read.
_GLUED = re.compile(r"(?<=\w)\x00+(?=\w)")
_EDGES = re.compile(r"(?<![^\s])-+(?=\S)|(?<=\s)-+(?=\s)")


def write(testimonies: Iterable[Testimony], variables: Mapping[str, Mapping[str, str]]) -> str:
    """The whole corpus, one text for each testimony, its number first among its variables.

    ``variables`` gives for each name what it says of testimonies, by id; ``OTHER`` where it says
    nothing. Each text is one line, empty when nothing readable is left of it.
    """
    own = f"*{TESTIMONY}"  # a star: no variable is named so, whatever people called theirs
    names = slugs([own, *variables])
    values = {name: slugs([OTHER, *sorted(set(told.values()))]) for name, told in variables.items()}
    lines = []
    for testimony in testimonies:
        stars = [f"*{names[own]}_{testimony.number}"]
        for name, told in variables.items():
            stars.append(f"*{names[name]}_{values[name][told.get(testimony.id, OTHER)]}")
        lines.append(f"**** {' '.join(stars)}\n{plain(testimony.text)}\n")
    return "\n".join(lines)


def plain(text: str) -> str:
    """The words on one line, without the signs that IRaMuTeQ reads as its own.

    A masked passage becomes one word: « [PRÉNOM 1] » is « prénom_1 ».
    """
    pieces, at = [], 0
    for found in PLACEHOLDER.finditer(text):
        pieces += [_words(text[at : found.start()]), _masked(found[0])]
        at = found.end()
    pieces.append(_words(text[at:]))
    return " ".join(_GLUED.sub(" ", "\x00".join(pieces)).replace("\x00", "").split())


def _words(text: str) -> str:
    """Straight apostrophes, single spaces; a dash that opens a line or a sentence is left out."""
    return _EDGES.sub(" ", clean(text).translate(_SIGNS))


def _masked(placeholder: str) -> str:
    kept = (char if char.isalnum() else " " for char in placeholder.lower())
    return "_".join("".join(kept).split())


def slugs(names: Iterable[str]) -> dict[str, str]:
    """For each name, its own word of small letters and digits; two names never share one."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        if name in found:
            continue
        short = _NOT_PLAIN.sub("", fold(name)) or "x"
        spare = (f"{short}{rank}" for rank in count(2))
        word = short if short not in taken else next(one for one in spare if one not in taken)
        taken.add(word)
        found[name] = word
    return found
