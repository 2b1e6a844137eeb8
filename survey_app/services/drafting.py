"""A synthesis computed from the corpus as it is now, without touching what people wrote."""

from __future__ import annotations

from sqlalchemy.orm import Session

from analysis import exploratory
from analysis import synthesis as documents
from survey_app.models import Campaign, Finding, Synthesis
from survey_app.permissions import Actor
from survey_app.services import analyses, kept
from survey_app.services import corpus as corpora

AUTHORS = ("coordination", "instance d’habitants")
TEAM = ("membres du conseil citoyen", "coordination")


def refresh(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> None:
    """Compute the document again; a sentence that somebody rewrote stays theirs.

    What was written on a theme that nobody speaks of any more is kept, but not printed.
    """
    loaded = corpora.load(session, actor, campaign)
    run = analyses.latest(session, actor, campaign)
    document = documents.draft(
        loaded.corpus,
        loaded.codebook,
        words=analyses.words_of(run),
        cloud=analyses.cloud_of(session, run),
        pointed=exploratory.sentence(analyses.pointed_of(run)),
        version=row.version,
        status="brouillon",
        authors=AUTHORS,
        team=TEAM,
    )
    kept.keep(row, document)
    written = {finding.theme: finding for finding in row.findings}
    findings = []
    for drafted in document.findings:
        mine = written.pop(drafted.theme, None)
        mine = mine or Finding(council_id=row.council_id, theme=drafted.theme, revision=1)
        if not is_rewritten(mine):
            mine.sentence, mine.nature = drafted.sentence, drafted.nature
            mine.nuance, mine.limit = drafted.nuance, drafted.limit
        findings.append(mine)
    findings += [finding for finding in written.values() if is_rewritten(finding)]
    for position, finding in enumerate(findings):
        finding.position = position
    row.findings = findings


def is_rewritten(finding: Finding) -> bool:
    """Whether a person wrote this finding (its first revision is the machine's)."""
    return finding.revision > 1


def carry_over(before: Synthesis, row: Synthesis) -> None:
    """Begin a new version with what people wrote and chose in the one before."""
    row.findings = [
        Finding(
            council_id=old.council_id,
            theme=old.theme,
            position=old.position,
            nature=old.nature,
            sentence=old.sentence,
            nuance=old.nuance,
            limit=old.limit,
            quotes=old.quotes,
            kept=old.kept,
            revision=old.revision,
        )
        for old in before.findings
    ]
