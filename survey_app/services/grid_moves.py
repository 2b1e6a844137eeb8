"""A campaign that passes to another version of its grid: its codings follow, and may come back."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from analysis import codebook_compare, codebook_moves
from analysis.wording import listing
from survey_app.domain import Conflict
from survey_app.models import (
    AgreementRound,
    Campaign,
    CodebookChange,
    CodebookVersion,
    Coding,
    Excerpt,
    Signature,
    SuggestionSheet,
    Synthesis,
)
from survey_app.permissions import Actor
from survey_app.services import (
    grid_rows,
    grids,
    journal,
    kept,
    scope,
    states,
    syntheses,
    syntheses_erasure,
)

NOTHING = "Rien n’a été changé."
OVER = frozenset({"returned", "purged"})
BEING_SIGNED = ("cross_review", "validated")


@dataclass(frozen=True, slots=True)
class Plan:
    """What passing to a version would do to the codings of a campaign, counted."""

    target: CodebookVersion
    differences: list[str]
    renamed: int
    merged: int
    retired: dict[str, int]
    shared: int
    total: int


def choices(session: Session, actor: Actor, campaign: Campaign) -> list[CodebookVersion]:
    """The versions that a campaign may pass to: newer ones of its grid, or another grid."""
    actor.require("codebook.manage")
    current = campaign.codebook_version_id
    now = grids.version_of(session, actor, campaign) if current else None
    return [
        row
        for row in grids.versions(session, actor)
        if now is None
        or row.name != now.name
        or codebook_compare.rank(row.version) > codebook_compare.rank(now.version)
    ]


def plan(session: Session, actor: Actor, campaign: Campaign, target: CodebookVersion) -> Plan:
    """Count what would change; nothing is written."""
    actor.require("codebook.manage")
    become, codings = (
        _become(session, actor, campaign, target),
        grid_rows.codings(session, campaign),
    )
    moves = codebook_moves.forward(codings, become)
    states_of = Counter(move.after.state for move in moves if move.after.state != move.before.state)
    retired = Counter(m.before.code for m in moves if m.after.state == codebook_moves.RETIRED)
    differences = []
    if campaign.codebook_version_id is not None:
        before = grids.of(session, actor, campaign)
        differences = codebook_compare.differences(before, grids.book(target), become)
    counting = [move for move in moves if move.before.state == codebook_moves.COUNTS]
    return Plan(
        target,
        differences,
        sum(m.before.code != m.after.code and not m.share for m in counting),
        states_of[codebook_moves.MERGED],
        dict(retired),
        sum(bool(move.share) for move in moves),
        sum(coded.state == codebook_moves.COUNTS for coded in codings),
    )


def apply(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    target: CodebookVersion,
    seen: uuid.UUID | None = None,
) -> CodebookChange | None:
    """Bring a campaign to a version, with its codings; None for its first grid.

    ``seen``: the version that the page showed; `Conflict` if it is no longer the campaign's.
    """
    actor.require("codebook.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    _refuse_target(session, actor, mine, target, seen)
    before = mine.codebook_version_id
    if before is None:
        mine.codebook_version_id = target.id
        session.flush()
        return None
    moves = codebook_moves.forward(
        grid_rows.codings(session, mine), _become(session, actor, mine, target)
    )
    grid_rows.write(session, moves)
    change = CodebookChange(
        council_id=mine.council_id,
        created_by=actor.account_id,
        campaign_id=mine.id,
        from_version_id=before,
        to_version_id=target.id,
        moves=[grid_rows.told(move) for move in moves],
        made=[],
    )
    session.add(change)
    _bring(session, actor, mine, target.id)
    _told(session, actor, mine, "grid_applied", target, len(moves))
    return change


def _refuse_target(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    target: CodebookVersion,
    seen: uuid.UUID | None,
) -> None:
    if seen is not None and campaign.codebook_version_id != seen:
        raise Conflict("La grille de cette campagne a changé entre-temps.", f"{NOTHING} Relisez.")
    refuse_busy(session, actor, campaign)
    if target.id not in {row.id for row in choices(session, actor, campaign)}:
        raise Conflict(
            f"Cette campagne ne peut pas passer à la version {target.version}.",
            f"{NOTHING} Choisissez une version de la liste.",
        )


def _told(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    action: str,
    version: CodebookVersion,
    codings: int,
) -> None:
    journal.record(
        session,
        actor,
        action,
        "campaigns",
        campaign.id,
        version=version.version,
        codings=codings,
    )


def latest(session: Session, actor: Actor, campaign: Campaign) -> CodebookChange | None:
    """The last change of grid that still stands, if the campaign is where it led."""
    query = (
        scope.scoped(actor, CodebookChange)
        .where(CodebookChange.campaign_id == campaign.id, CodebookChange.undone.is_(False))
        .order_by(CodebookChange.created_at.desc(), CodebookChange.id.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    current = campaign.codebook_version_id
    return found if found is not None and found.to_version_id == current else None


def why_not_undo(session: Session, actor: Actor, change: CodebookChange) -> str:
    """What forbids coming back to the version before; empty when nothing does."""
    signed = (
        select(Signature.id)
        .join(Synthesis, Synthesis.id == Signature.synthesis_id)
        .where(
            Synthesis.campaign_id == change.campaign_id,
            Signature.council_id == actor.council_id,
            Signature.created_at > change.created_at,
        )
    )
    if session.execute(signed.limit(1)).first() is not None:
        return "Une synthèse a été signée depuis : elle s’appuie sur cette version."
    return ""


def undo(session: Session, actor: Actor, campaign: Campaign, change: CodebookChange) -> None:
    """Come back to the version before, with every coding as it was; later codings follow."""
    actor.require("codebook.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    standing = latest(session, actor, mine)
    if standing is None or standing.id != change.id:
        raise Conflict("Ce changement de grille n’est plus le dernier.", NOTHING)
    reason = why_not_undo(session, actor, standing)
    if reason:
        raise Conflict(reason, f"{NOTHING} Préparez plutôt une nouvelle version de la grille.")
    refuse_busy(session, actor, mine)
    before = scope.get(session, actor, CodebookVersion, standing.from_version_id)
    after = scope.get(session, actor, CodebookVersion, standing.to_version_id)
    become = grids.become(session, actor, before, after)
    moves = [grid_rows.move(line) for line in standing.moves]
    back, lost = codebook_moves.backward(
        grid_rows.codings(session, mine), moves, standing.made, become
    )
    if lost:
        names = listing(sorted({coded.code for coded in lost}))
        raise Conflict(
            f"Des extraits portent déjà {names}, que la version {before.version} n’a pas.",
            f"{NOTHING} Retirez d’abord ces codes au banc de codage.",
        )
    grid_rows.write(session, back)
    standing.undone = True
    _bring(session, actor, mine, before.id)
    _told(session, actor, mine, "grid_undone", before, len(back))


def _become(
    session: Session, actor: Actor, campaign: Campaign, target: CodebookVersion
) -> dict[str, tuple[str, ...]]:
    if campaign.codebook_version_id is None:
        return {}
    now = grids.version_of(session, actor, campaign)
    return grids.become(session, actor, now, target)


def refuse_busy(session: Session, actor: Actor, campaign: Campaign) -> None:
    """A grid does not change under people who code blind or sign."""
    if campaign.state in OVER:
        raise Conflict(f"Cette campagne est « {states.label(campaign)} ».", NOTHING)
    rounds = scope.scoped(actor, AgreementRound).where(
        AgreementRound.campaign_id == campaign.id, AgreementRound.state != "closed"
    )
    if session.scalars(rounds.limit(1)).first() is not None:
        raise Conflict(
            "Un double codage est en cours dans cette campagne.",
            f"{NOTHING} Terminez-le, arbitrage compris, avant de changer de grille.",
        )
    waiting = scope.scoped(actor, Synthesis).where(
        Synthesis.campaign_id == campaign.id, Synthesis.state.in_(BEING_SIGNED)
    )
    row = session.scalars(waiting.limit(1)).first()
    if row is not None:
        raise Conflict(
            f"La version {row.version} de la synthèse est « {states.label(row)} ».",
            f"{NOTHING} Remettez-la en brouillon, ou publiez-la, avant de changer de grille.",
        )


def _bring(session: Session, actor: Actor, campaign: Campaign, version_id: uuid.UUID) -> None:
    """The campaign, its codings, its suggestions and its draft follow the version."""
    campaign.codebook_version_id = version_id
    excerpts = select(Excerpt.id).where(Excerpt.campaign_id == campaign.id)
    session.execute(
        update(Coding)
        .where(Coding.excerpt_id.in_(excerpts))
        .values(codebook_version_id=version_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(SuggestionSheet).where(SuggestionSheet.campaign_id == campaign.id))
    session.flush()
    session.expire_all()
    unsigned = scope.scoped(actor, Synthesis).where(
        Synthesis.campaign_id == campaign.id, Synthesis.state == "draft"
    )
    for row in session.scalars(unsigned).all():
        kept.replace(row, {})
    session.flush()
    if syntheses.quick_to_prove(session, campaign):
        syntheses_erasure.redraft(session, actor, campaign)
        session.flush()
