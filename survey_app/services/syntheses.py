"""Syntheses: drafted from validated codings, rewritten by people, signed twice, published."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from analysis import synthesis as documents
from analysis.findings import NATURE_LABELS
from survey_app.domain import Conflict, Invalid, NotFound
from survey_app.models import Campaign, Finding, Signature, Synthesis, Testimony, now
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import drafting, journal, kept, mandates, scope, states

PUBLISHED = ("published", "to_rectify", "rectified")
CAPACITIES = mandates.CAPACITIES
QUICK = 400
"""Testimonies that can all be read again while somebody waits for a page."""


def listed(session: Session, actor: Actor, campaign: Campaign) -> list[Synthesis]:
    """Versions of a campaign's synthesis, newest first; only published ones for a reader."""
    actor.require("synthesis.read")
    query = scope.scoped(actor, Synthesis).where(Synthesis.campaign_id == campaign.id)
    if not actor.can("synthesis.write"):
        query = query.where(Synthesis.state.in_(PUBLISHED))
    # The document holds pictures: it is read only when it is asked for.
    query = query.options(defer(Synthesis.document))
    return list(session.scalars(query.order_by(Synthesis.version.desc())))


def get(session: Session, actor: Actor, synthesis_id: uuid.UUID | str) -> Synthesis:
    """A synthesis that the actor may read; an unpublished one does not exist for a reader."""
    found = scope.get(session, actor, Synthesis, synthesis_id)
    if found.state not in PUBLISHED and not actor.can("synthesis.write"):
        raise NotFound()
    return found


def by_version(session: Session, actor: Actor, campaign: Campaign, version: int) -> Synthesis:
    """The synthesis of this number, if the actor may read it; `NotFound` otherwise."""
    found = [row for row in listed(session, actor, campaign) if row.version == version]
    if not found:
        raise NotFound()
    return found[0]


def draft(session: Session, actor: Actor, campaign: Campaign, reason: str = "") -> Synthesis:
    """Draft a new version, or bring the present draft up to date: what people wrote stays.

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
        if newest is not None:
            drafting.carry_over(newest, row)
        session.add(row)
    drafting.refresh(session, actor, row, campaign)
    session.flush()
    return row


def document(row: Synthesis, *, traced: bool = True) -> documents.Synthesis:
    """The synthesis as it reads now, with what people wrote; a published one as it was printed.

    Without ``traced``, its annex is empty: a page that does not print it opens at once.
    """
    if not row.document:
        raise Conflict(
            "Une parole a été retirée, ou la grille a changé : ce brouillon est à recalculer.",
            "Relancez l’analyse, puis mettez le brouillon à jour. Vos phrases sont gardées.",
        )
    stored = kept.read(row, traced=traced)
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


def stamp(finding: Finding) -> str:
    """What a finding holds now, in short: a form sends it back to say what it was shown."""
    parts = (
        finding.sentence,
        finding.nature,
        finding.nuance,
        finding.limit,
        finding.kept,
        finding.quotes,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def rewrite(
    session: Session,
    actor: Actor,
    row: Synthesis,
    theme: str,
    edit: documents.Edit,
    seen: str = "",
) -> Finding:
    """Keep what a person wrote on one theme; only a draft may be rewritten.

    ``seen`` is the `stamp` of what they were shown: `Conflict` if somebody wrote meanwhile.
    """
    actor.require("synthesis.write")
    if row.state != "draft":
        raise Conflict(
            f"Cette synthèse est « {states.label(row)} » : elle ne se modifie plus.",
            "Remettez-la en brouillon, ou rectifiez-la si elle est publiée.",
        )
    finding = next((finding for finding in row.findings if finding.theme == theme), None)
    if finding is None:
        raise NotFound()
    if seen and seen != stamp(finding):
        raise Conflict(
            "Une autre personne a modifié ce constat pendant que vous écriviez.",
            "Votre texte est toujours dans le formulaire. Comparez, puis enregistrez à nouveau.",
        )
    before = (finding.sentence, finding.nature, finding.nuance, finding.limit)
    after = _merged(finding, edit)
    finding.sentence, finding.nature, finding.nuance, finding.limit = after
    finding.kept = edit.kept
    finding.quotes = None if edit.quotes is None else list(edit.quotes)
    if after != before:
        finding.revision += 1
    journal.record(
        session, actor, "rewrite", "findings", finding.id, before=before[0], after=after[0]
    )
    return finding


def _merged(finding: Finding, edit: documents.Edit) -> tuple[str, str, str, str]:
    """Sentence, nature, nuance and limit once edited; a finding set aside may have no words."""
    if edit.nature is not None and edit.nature not in NATURE_LABELS:
        raise Invalid("Cette nature de constat n’existe pas.", "Choisissez-en une de la liste.")
    sentence = _clean(edit.sentence, finding.sentence)
    if edit.kept and not sentence:
        raise Invalid("Un constat a besoin d’une phrase.", "Écrivez-la, ou écartez ce constat.")
    return (
        sentence or finding.sentence,
        edit.nature or finding.nature,
        _clean(edit.nuance, finding.nuance),
        _clean(edit.limit, finding.limit),
    )


def _clean(text: str | None, before: str) -> str:
    return before if text is None else text.replace("\x00", "").strip()


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


def quick_to_prove(session: Session, campaign: Campaign) -> bool:
    """Whether `problems` may run while somebody waits for a page."""
    count = select(func.count()).select_from(Testimony).where(Testimony.campaign_id == campaign.id)
    return (session.scalar(count) or 0) <= QUICK


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
    mandates.require(session, actor, campaign, capacity)
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


def publish(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> None:
    """Freeze the signed document: from now on it is read as it is, and only rectified."""
    actor.require("synthesis.publish")
    faults = problems(session, actor, row, campaign) if row.state == "validated" else []
    if faults:
        raise Conflict(" ".join(faults), "Remettez la synthèse en brouillon pour la corriger.")
    states.move(session, actor, row, "published")
    signed = {item.fingerprint for item in row.signatures}
    edited = documents.with_edits(
        kept.read(row, traced=True), {f.theme: _edit(f) for f in row.findings}
    )
    if signed != {documents.fingerprint(edited)}:
        raise Conflict(
            "Le texte n’est plus celui qui a été signé.",
            "Remettez la synthèse en brouillon, puis faites-la signer à nouveau.",
        )
    identity = replace(edited.identity, status="publiée", draft=False, reasons=())
    final = replace(edited, identity=identity)
    kept.keep(row, final)
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
