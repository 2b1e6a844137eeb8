"""A campaign coded from end to end, as a year of work would leave it, written in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from sqlalchemy import insert, select

from analysis.sentences import sentences
from survey_app.models import Account, Campaign, Coding, Excerpt, TextVersion, uuid7
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import grids

EACH = 3
"""Coded sentences of a testimony, at most."""


def code_all(house: Runtime) -> int:
    """Put a code on the first sentences of every masked text; how many excerpts that makes."""
    with house.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        coder = session.scalars(select(Account).limit(1)).one()
        book = grids.of(session, system_actor(campaign.council_id), campaign)
        codes = cycle(code.code for code in book.all_codes() if code.theme)
        masked = select(TextVersion).where(TextVersion.kind == "masked")
        excerpts = [row for text in session.scalars(masked) for row in _excerpts(campaign, text)]
        common = {"council_id": campaign.council_id, "created_by": coder.id}
        for number, row in enumerate(excerpts, campaign.last_excerpt + 1):
            row |= common | {"number": number}
        campaign.last_excerpt += len(excerpts)
        codings = [
            common
            | {
                "excerpt_id": row["id"],
                "codebook_version_id": campaign.codebook_version_id,
                "code": next(codes),
                "coder_id": coder.id,
            }
            for row in excerpts
        ]
        session.execute(insert(Excerpt), excerpts)
        session.execute(insert(Coding), codings)
        return len(excerpts)


def _excerpts(campaign: Campaign, text: TextVersion) -> Iterator[dict[str, Any]]:
    for span in sentences(text.text)[:EACH]:
        quote = text.text[span.start : span.end]
        yield {
            "id": uuid7(),
            "campaign_id": campaign.id,
            "testimony_id": text.testimony_id,
            "text_version_id": text.id,
            "start": span.start,
            "end": span.end,
            "quote": quote,
            "quote_sha256": hashlib.sha256(quote.encode()).hexdigest(),
        }
