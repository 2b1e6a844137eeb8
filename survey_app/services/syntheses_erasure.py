"""How a withdrawn testimony leaves the syntheses that drew on it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from survey_app.models import Synthesis, Testimony

RUN_OF_WORDS = 5  # words in a row that are no longer chance
REMOVED = "Une parole à l’appui de ce constat a été retirée par la personne."
_WORD = re.compile(r"\w+")


def remove(session: Session, synthesis: Synthesis, testimony: Testimony) -> None:
    """Take a testimony's words out of a synthesis.

    A draft is computed again from what remains; a published document keeps its sentences but
    loses the quotations, the pictures and word counts that the testimony fed.
    """
    texts = [text.text for text in testimony.texts]
    for finding in synthesis.findings:
        for field in ("sentence", "nuance", "limit"):
            if _borrows(getattr(finding, field), texts):
                setattr(finding, field, REMOVED)
    if synthesis.published_at is None:
        synthesis.document = {}
        synthesis.signatures = []
    else:
        synthesis.document = _without(synthesis.document, str(testimony.id), texts)


def _without(value: Any, testimony: str, texts: list[str]) -> Any:
    """The same JSON with the testimony's quotations emptied and borrowed sentences replaced."""
    if isinstance(value, dict):
        kept = {key: _without(item, testimony, texts) for key, item in value.items()}
        if kept.get("testimony") == testimony and "quote" in kept:
            kept["quote"] = None
        if "pictures" in kept and "findings" in kept:
            kept["pictures"] = []
            kept["exploratory"] = None
        return kept
    if isinstance(value, list):
        return [_without(item, testimony, texts) for item in value]
    if isinstance(value, str) and _borrows(value, texts):
        return REMOVED
    return value


def _borrows(sentence: str, texts: list[str]) -> bool:
    """Whether a sentence repeats a run of the testimony's words, or all of a shorter text."""
    said = _WORD.findall(sentence.casefold())
    for text in texts:
        words = _WORD.findall(text.casefold())
        length = min(RUN_OF_WORDS, len(words))
        if length == 0:
            continue
        runs = {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
        if any(tuple(said[i : i + length]) in runs for i in range(len(said) - length + 1)):
            return True
    return False
