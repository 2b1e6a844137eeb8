"""Syntheses: drafted from validated codings, rewritten by people, signed twice, published."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis import synthesis as documents
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Campaign, CampaignSigner, Finding, Signature, Synthesis, now
from survey_app.permissions import Actor, Role
from survey_app.services import analyses, journal, scope, states
from survey_app.services import corpus as corpora

PUBLISHED = ("published", "to_rectify", "rectified")
CAPACITIES = {"coordinator": "pour la coordination", "body": "pour l’instance d’habitants"}


def listed(session: Session, actor: Actor, campaign: Campaign) -> list[Synthesis]:
    """Versions of a campaign's synthesis, newest first; only published ones for a reader."""
    actor.require("synthesis.read")
    query = scope.scoped(actor, Synthesis).where(Synthesis.campaign_id == campaign.id)
    if not actor.can("synthesis.write"):
        query = query.where(Synthesis.state.in_(PUBLISHED))
    return list(session.scalars(query.order_by(Synthesis.version.desc())))


def get(session: Session, actor: Actor, synthesis_id: uuid.UUID) -> Synthesis:
    """A synthesis that the actor may read; an unpublished one does not exist for a reader."""
    found = scope.get(session, actor, Synthesis, synthesis_id)
    if found.state not in PUBLISHED and not actor.can("synthesis.write"):
        raise NotFound()
    return found


def draft(session: Session, actor: Actor, campaign: Campaign, reason: str = "") -> Synthesis:
    """Draft a new version, or bring the present draft up to date without touching what people wrote.

    Raises `Conflict` while a version waits for its signatures.
    """
    actor.require("synthesis.write")
    newest = next(iter(listed(session, actor, campaign)), None)
    if newest is not None and newest.state in {"cross_review", "validated"}:
        raise Conflict(
            f"La version {newest.version} est en relecture contradictoire.",
            "Remettez-la en brouillon pour la modifier.",
        )
    if newest is not None and newest.state == "draft":
        row = newest
    else:
        number = select(func.max(Synthesis.version)).where(Synthesis.campaign_id == campaign.id)
        row = Synthesis(
            council_id=actor.council_id,
            created_by=actor.account_id,
            campaign_id=campaign.id,
            version=(session.scalar(number) or 0) + 1,
            correction_reason=reason.strip(),
            document={},
        )
        session.add(row)
    loaded = corpora.load(session, actor, campaign)
    _refresh(session, actor, row, campaign, loaded)
    session.flush()
    return row


def _generate(
    session: Session,
    actor: Actor,
    row: Synthesis,
    campaign: Campaign,
    loaded: corpora.Loaded,
    status: str,
) -> documents.Synthesis:
    run = analyses.latest(session, actor, campaign)
    return documents.draft(
        loaded.corpus,
        loaded.codebook,
        words=analyses.words_of(run),
        cloud=analyses.cloud_of(run),
        version=row.version,
        status=status,
        authors=("coordination", "instance d’habitants"),
        team=("membres du conseil citoyen", "coordination"),
    )


def _refresh(
    session: Session, actor: Actor, row: Synthesis, campaign: Campaign, loaded: corpora.Loaded
) -> None:
    """Recompute the document; a sentence that people rewrote stays theirs."""
    before = {f.theme: f for f in documents.from_dict(row.document).findings} if row.document else {}
    document = _generate(session, actor, row, campaign, loaded, "brouillon")
    row.document = documents.to_dict(document)
    written = {finding.theme: finding for finding in row.findings}
    row.findings = []
    for position, drafted in enumerate(document.findings):
        mine = written.pop(drafted.theme, None)
        old = before.get(drafted.theme)
        if mine is None:
            mine = Finding(council_id=row.council_id, theme=drafted.theme)
        if old is None or (mine.sentence, mine.nature) == (old.sentence, old.nature):
            mine.sentence, mine.nature = drafted.sentence, drafted.nature
            mine.nuance, mine.limit = drafted.nuance, drafted.limit
        mine.position = position
        row.findings.append(mine)


def document(row: Synthesis) -> documents.Synthesis:
    """The synthesis as it reads now, with what people wrote; a published one as it was printed."""
    if not row.document:
        raise Conflict(
            "Une parole a été retirée : ce brouillon doit être recalculé.",
            "Relancez l’analyse, puis mettez le brouillon à jour. Vos phrases sont gardées.",
        )
    stored = documents.from_dict(row.document)
    if row.state in PUBLISHED:
        return stored
    return documents.with_edits(stored, {f.theme: _edit(f) for f in row.findings})


def _edit(finding: Finding) -> documents.Edit:
    return documents.Edit(
        sentence=finding.sentence,
        nuance=finding.nuance,
        limit=finding.limit,
        kept=finding.kept,
        nature=finding.nature,  # type: ignore[arg-type]  # checked on the way in
        quotes=None if finding.quotes is None else tuple(finding.quotes),
    )


def rewrite(
    session: Session,
    actor: Actor,
    row: Synthesis,
    theme: str,
    edit: documents.Edit,
) -> Finding:
    """Keep what a person wrote on one theme; only a draft may be rewritten."""
    actor.require("synthesis.write")
    if row.state != "draft":
        raise Conflict(
            f"Cette synthèse est « {states.label(row)} » : elle ne se modifie plus.",
            "Remettez-la en brouillon, ou rectifiez-la si elle est publiée.",
        )
    finding = next((finding for finding in row.findings if finding.theme == theme), None)
    if finding is None:
        raise NotFound()
    sentence = (edit.sentence or "").strip()
    if edit.kept and not sentence:
        raise Invalid("Un constat a besoin d’une phrase.", "Écrivez-la, ou écartez ce constat.")
    before = finding.sentence
    finding.sentence = sentence or finding.sentence
    finding.nuance = (edit.nuance or "").strip()
    finding.limit = (edit.limit or "").strip()
    finding.nature = edit.nature or finding.nature
    finding.kept = edit.kept
    finding.quotes = None if edit.quotes is None else list(edit.quotes)
    finding.revision += 1
    journal.record(
        session, actor, "rewrite", "findings", finding.id, before=before, after=finding.sentence
    )
    return finding


def problems(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> list[str]:
    """What stands between this draft and its signatures, in French; empty when all is proved."""
    loaded = corpora.load(session, actor, campaign)
    shown = document(row)
    found = documents.check(shown, loaded.corpus, loaded.codebook)
    if not shown.findings:
        found.append("Aucun constat : codez des passages, ou gardez au moins un constat.")
    if not loaded.corpus.reviewed:
        found.append("Des témoignages importés n’ont pas été relus par une personne.")
    return found


def submit(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> None:
    """Send a draft to its contradictory review, once every figure and quotation is proved."""
    actor.require("synthesis.write")
    faults = problems(session, actor, row, campaign)
    if faults:
        raise Conflict(" ".join(faults), "Corrigez ces points, puis recommencez.")
    states.move(session, actor, row, "cross_review")


def reopen(session: Session, actor: Actor, row: Synthesis) -> None:
    """Back to draft: what was signed is no longer what will be read, so signatures go."""
    actor.require("synthesis.write")
    states.move(session, actor, row, "draft")
    row.signatures = []


def sign(
    session: Session, actor: Actor, row: Synthesis, campaign: Campaign, capacity: str
) -> Signature:
    """Sign for the coordination or for the residents' body; the second voice validates."""
    actor.require("synthesis.sign")
    if capacity not in CAPACITIES or actor.account_id is None:
        raise Invalid("Cette signature n’existe pas.", "Choisissez pour qui vous signez.")
    if row.state != "cross_review":
        raise Conflict(
            f"Cette synthèse est « {states.label(row)} » : elle ne se signe pas maintenant.",
            "Envoyez d’abord le brouillon en relecture contradictoire.",
        )
    _check_signer(session, actor, campaign, capacity)
    for signature in row.signatures:
        if signature.account_id == actor.account_id:
            raise Conflict(
                "Vous avez déjà signé cette synthèse.",
                "La seconde voix doit être celle d’une autre personne.",
            )
        if signature.capacity == capacity:
            raise Conflict(f"La signature {CAPACITIES[capacity]} est déjà donnée.")
    faults = problems(session, actor, row, campaign)
    if faults:
        raise Conflict(" ".join(faults), "Remettez la synthèse en brouillon pour la corriger.")
    signature = Signature(
        council_id=row.council_id,
        created_by=actor.account_id,
        account_id=actor.account_id,
        capacity=capacity,
        fingerprint=documents.fingerprint(document(row)),
    )
    row.signatures.append(signature)
    journal.record(session, actor, "sign", "syntheses", row.id, capacity=capacity)
    if {item.capacity for item in row.signatures} == set(CAPACITIES):
        states.move(session, actor, row, "validated")
    session.flush()
    return signature


def _check_signer(session: Session, actor: Actor, campaign: Campaign, capacity: str) -> None:
    if capacity == "coordinator" and Role.COORDINATOR not in actor.roles:
        raise Forbidden("Seule la coordination signe à ce titre.", "Rien n’a été changé.")
    if capacity == "body" and not actor.mandate:
        raise Forbidden(
            "Votre compte n’a pas le mandat de signer pour l’instance d’habitants.",
            "Rien n’a été changé. L’administration peut donner ce mandat.",
        )
    named = set(
        session.scalars(
            select(CampaignSigner.account_id).where(
                CampaignSigner.campaign_id == campaign.id, CampaignSigner.capacity == capacity
            )
        )
    )
    if named and actor.account_id not in named:
        raise Forbidden(
            f"La campagne a désigné quelqu’un d’autre pour signer {CAPACITIES[capacity]}.",
            "Rien n’a été changé.",
        )


def publish(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> None:
    """Freeze the signed document: from now on it is read as it is, and only rectified."""
    actor.require("synthesis.publish")
    states.move(session, actor, row, "published")
    signed = {item.fingerprint for item in row.signatures}
    edited = documents.with_edits(
        documents.from_dict(row.document), {f.theme: _edit(f) for f in row.findings}
    )
    if signed != {documents.fingerprint(edited)}:
        raise Conflict(
            "Le texte n’est plus celui qui a été signé.",
            "Remettez la synthèse en brouillon, puis faites-la signer à nouveau.",
        )
    identity = replace(edited.identity, status="publiée", draft=False, reasons=())
    final = replace(edited, identity=identity)
    row.document = documents.to_dict(final)
    row.fingerprint = documents.fingerprint(final)
    row.published_at = now()
    for older in session.scalars(
        scope.scoped(actor, Synthesis).where(
            Synthesis.campaign_id == campaign.id,
            Synthesis.id != row.id,
            Synthesis.state.in_(("published", "to_rectify")),
        )
    ):
        states.move(session, actor, older, "rectified")
