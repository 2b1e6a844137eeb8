"""French spacing, for display only: what people wrote is stored and quoted as they wrote it."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
NARROW = "\u202f"
_GAP = f"[ {NO_BREAK}{NARROW}]*"
_OPENING = re.compile(f"«{_GAP}(?=[^ {NO_BREAK}{NARROW}])")
_CLOSING = re.compile(f"(?<=[^ {NO_BREAK}{NARROW}«]){_GAP}»")
# With a space before it, or right after a word and before a space: « 14:30 », « http:// » and
# « ?! » keep their shape.
_COLON = re.compile(f"(?<=\\S)(?:[ {NO_BREAK}{NARROW}]+:|(?<=[\\w»)\\]]):(?=\\s|$|»))")
_HIGH = re.compile(
    f"(?<=\\S)(?:[ {NO_BREAK}{NARROW}]+([;!?])|(?<=[\\w»)\\]])([;!?])(?=\\s|$|[»)!?]))"
)


def french(text: str) -> str:
    """Plain text with the non-breaking spaces French typography wants; applying it twice is once.

    Not for HTML source: the semicolon of an entity would be taken for a sentence's.
    """
    text = _OPENING.sub(f"«{NO_BREAK}", text)
    text = _CLOSING.sub(f"{NO_BREAK}»", text)
    text = _COLON.sub(f"{NO_BREAK}:", text)
    return _HIGH.sub(lambda found: f"{NARROW}{found[1] or found[2]}", text)
