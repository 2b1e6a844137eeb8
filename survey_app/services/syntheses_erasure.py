"""How a testimony that is withdrawn, or no longer quoted, leaves the syntheses that drew on it."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.borrowing import borrows
from analysis.codebook import CodebookError
from analysis.corpus import CorpusError
from survey_app.domain import DomainError
from survey_app.models import Campaign, Finding, Synthesis, Testimony
from survey_app.permissions import Actor
from survey_app.services import drafting, kept, states

RUN_OF_WORDS = 5  # words in a row that are no longer chance
REMOVED = "Une parole à l’appui de ce constat a été retirée par la personne."
log = logging.getLogger(__name__)


def leave(session: Session, actor: Actor, testimony: Testimony, *, erased: bool) -> None:
    """Take a testimony's words out of every synthesis of its campaign.

    A draft is left empty, to be computed again by `redraft`; what was signed is to be signed
    again. A published document keeps its sentences but loses the quotations and, when the
    testimony is ``erased``, the pictures and word counts that it fed: it is to be rectified.
    """
    texts = [text.text for text in testimony.texts]
    mine = select(Synthesis).where(Synthesis.campaign_id == testimony.campaign_id)
    for synthesis in session.scalars(mine).all():
        for finding in synthesis.findings:
            _unwrite(finding, texts)
        if synthesis.published_at is None:
            kept.replace(synthesis, {})
            synthesis.signatures = []
            if synthesis.state != "draft":
                states.move(session, actor, synthesis, "draft")
            continue
        before = kept.whole(synthesis)
        left = _without(before, str(testimony.id), texts, erased)
        touched = erased or left != before
        kept.replace(synthesis, left)
        if touched and synthesis.state == "published":
            states.move(session, actor, synthesis, "to_rectify")


def redraft(session: Session, actor: Actor, campaign: Campaign) -> None:
    """Compute the emptied drafts again. Never in the way of a withdrawal: a failure is logged."""
    emptied = select(Synthesis).where(
        Synthesis.campaign_id == campaign.id, Synthesis.state == "draft"
    )
    for synthesis in session.scalars(emptied).all():
        if synthesis.document:
            continue
        try:
            drafting.refresh(session, actor, synthesis, campaign)
        except (DomainError, CorpusError, CodebookError) as error:
            log.warning("draft %s not computed again: %s", synthesis.id, type(error).__name__)


def _unwrite(finding: Finding, texts: list[str]) -> None:
    """Forget what a person wrote with the testimony's own words."""
    if borrows(finding.sentence, texts, RUN_OF_WORDS):
        finding.sentence, finding.nuance, finding.limit = REMOVED, "", ""
        finding.revision = 1
    for field in ("nuance", "limit"):
        if borrows(getattr(finding, field), texts, RUN_OF_WORDS):
            setattr(finding, field, "")


def _without(value: Any, testimony: str, texts: list[str], erased: bool) -> Any:
    """The same JSON with the testimony's quotations emptied and borrowed sentences replaced."""
    if isinstance(value, dict):
        kept = {key: _without(item, testimony, texts, erased) for key, item in value.items()}
        if kept.get("testimony") == testimony and "quote" in kept:
            kept["quote"] = None
        if erased and "pictures" in kept and "findings" in kept:
            kept["pictures"] = []
            kept["exploratory"] = None
        return kept
    if isinstance(value, list):
        return [_without(item, testimony, texts, erased) for item in value]
    if isinstance(value, str) and borrows(value, texts, RUN_OF_WORDS):
        return REMOVED
    return value
