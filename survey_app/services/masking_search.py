"""Words looked for all over a text, within limits that keep a page quick."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.domain import Invalid
from survey_app.models import TextVersion
from survey_app.services import placeholders
from survey_app.services.placeholders import NOTHING_DONE, Span

# A name, an address or a whole sentence fits; the time of a search grows with its length.
MAX_WORDS = 300
# In the longest interviews a name comes back some dozens of times; each passage is a mark to show.
MAX_PASSAGES = 500


def uncovered(
    text: TextVersion,
    words: str,
    category: str,
    spans: Sequence[Span],
    *,
    everywhere: bool = True,
) -> list[Span]:
    """Every passage that says these words and that none of the spans covers, or the first alone.

    Raises `Invalid` for words too long to look for, or found in too many passages.
    """
    if len(words) > MAX_WORDS:
        raise Invalid(
            f"Ces mots sont trop longs pour être cherchés : {MAX_WORDS} caractères au plus.",
            f"{NOTHING_DONE} Sélectionnez-les dans le texte et décochez « Partout ».",
        )
    found = placeholders.everywhere(text.text, words, category)
    free = placeholders.outside(found, [(span.start, span.end) for span in spans])
    if not everywhere:
        return free[:1]
    if len(free) > MAX_PASSAGES:
        raise Invalid(
            f"Ces mots sont dans plus de {MAX_PASSAGES} passages du texte.",
            f"{NOTHING_DONE} Écrivez-en davantage, ou sélectionnez le passage et"
            " décochez « Partout ».",
        )
    return free
