"""What can be printed: no control character, no letter the bundled font cannot draw.

The font is DejaVu Sans (licence beside it): Latin, Greek, Cyrillic, Arabic, arrows and symbols.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONT = Path(__file__).parent / "data" / "fonts" / "DejaVuSans.ttf"
MISSING = "□"
_WHOLE_UNICODE = 12
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cc", "Cn"})
# Controls, surrogates and non-characters are refused by XML 1.0; the direction overrides could
# reverse the sentences printed around a quotation.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")


def clean(text: str) -> str:
    """The text without what a document may not hold; line ends become plain line feeds."""
    if text.isprintable():  # none of these is, and most cells of a long table hold one word
        return text
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


@cache
def _drawn() -> frozenset[int]:
    """Code points that the bundled font draws, from its OpenType character map (format 12)."""
    data = FONT.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4s4xI4x", data, 12 + 16 * rank) for rank in range(tables))
    cmap = next(offset for tag, offset in entries if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", data, cmap + 2)
    for rank in range(maps):
        (offset,) = struct.unpack_from(">4xI", data, cmap + 4 + 8 * rank)
        form, groups = struct.unpack_from(">H10xI", data, cmap + offset)
        if form == _WHOLE_UNICODE:
            found: set[int] = set()
            for group in range(groups):
                place = cmap + offset + 16 + 12 * group
                first, last = struct.unpack_from(">II", data, place)
                found.update(range(first, last + 1))
            return frozenset(found)
    raise ValueError(f"{FONT.name} has no character map of format {_WHOLE_UNICODE}")


def drawable(text: str) -> str:
    """The cleaned text; each run of characters that no font here draws becomes one « □ »."""
    known = _drawn()
    out: list[str] = []
    for char in clean(text):
        if char in "\n\t" or ord(char) in known:
            out.append(char)
        elif unicodedata.category(char) not in _INVISIBLE and out[-1:] != [MISSING]:
            out.append(MISSING)
    return "".join(out)
