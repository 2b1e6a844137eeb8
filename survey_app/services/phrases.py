"""The phrase that a person heard and accepted, as it may be printed: masked like the text."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Redaction, TextVersion

Span = tuple[int, int, str]


def masked(phrase: str, text: str, spans: Iterable[Span]) -> str:
    """The phrase with the placeholders of the text it was said in; empty when cut by one.

    ``spans`` are (start, end, placeholder) in code points of ``text``. A phrase that is not in
    the text is given back as it is: only one found in the masked text is ever printed.
    """
    at = text.find(phrase)
    if at < 0:
        return phrase
    end, made = at + len(phrase), phrase
    for first, last, placeholder in sorted(spans, reverse=True):
        if last <= at or first >= end:
            continue
        if first < at or last > end:
            return ""
        made = made[: first - at] + placeholder + made[last - at :]
    return made


def all_masked(session: Session, given: Collection[tuple[uuid.UUID, str]]) -> dict[uuid.UUID, str]:
    """Each testimony's accepted phrase, masked as its text was."""
    rows = session.execute(
        select(
            Redaction.testimony_id,
            TextVersion.text,
            Redaction.start,
            Redaction.end,
            Redaction.placeholder,
        )
        .join(TextVersion, TextVersion.id == Redaction.text_version_id)
        .where(Redaction.state == "accepted", Redaction.testimony_id.in_([key for key, _ in given]))
    )
    spans: dict[uuid.UUID, list[Span]] = defaultdict(list)
    texts: dict[uuid.UUID, str] = {}
    for key, text, start, end, placeholder in rows:
        texts[key] = text
        spans[key].append((start, end, placeholder))
    return {key: masked(phrase, texts.get(key, ""), spans[key]) for key, phrase in given}
