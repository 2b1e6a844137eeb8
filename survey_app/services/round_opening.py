"""Opening an agreement round: which two people, on which texts that neither of them has coded."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from random import Random, SystemRandom

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey_app.domain import Invalid
from survey_app.models import (
    Account,
    AgreementRound,
    AgreementText,
    Campaign,
    Coding,
    Excerpt,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import accounts, excerpts, journal, rounds, scope

MOST = 200
_PIECE = re.compile(r"\s*([0-9]{1,7})\s*(?:[-–à]\s*([0-9]{1,7})\s*)?")


def coders(session: Session, actor: Actor) -> list[Account]:
    """Who may be one of the two: the active accounts of the council that may code."""
    actor.require("campaign.manage")
    query = scope.scoped(actor, Account).where(Account.active.is_(True))
    rows = session.scalars(query.order_by(Account.display_name, Account.id))
    return [row for row in rows if excerpts.may_code(accounts.actor_of(row))]


def open_round(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    pair_of: tuple[uuid.UUID, uuid.UUID],
    chosen: Sequence[Testimony],
    title: str = "",
) -> AgreementRound:
    """Ask two people to code the texts (see `at_random`, `by_number`), blind to each other."""
    _check(session, actor, pair_of, chosen)
    first, second = pair_of
    made = AgreementRound(
        council_id=campaign.council_id,
        created_by=actor.account_id,
        campaign_id=campaign.id,
        title=title.strip(),
        first_coder_id=first,
        second_coder_id=second,
        state=rounds.OPEN,
    )
    session.add(made)
    session.flush()
    session.add_all(
        AgreementText(
            round_id=made.id,
            council_id=made.council_id,
            testimony_id=row.id,
            text_version_id=excerpts.masked_text(actor, row).id,
        )
        for row in chosen
    )
    journal.record(session, actor, "round_opened", rounds.KIND, made.id, count=len(chosen))
    session.flush()
    return made


def _check(
    session: Session,
    actor: Actor,
    pair_of: tuple[uuid.UUID, uuid.UUID],
    chosen: Sequence[Testimony],
) -> None:
    able = {row.id for row in coders(session, actor)}
    if len(set(pair_of)) < 2 or not set(pair_of) <= able:
        raise Invalid(
            "Choisissez deux personnes différentes, formées au codage.",
            "Rien n’a été ouvert.",
        )
    if not chosen:
        raise Invalid(
            "Aucun texte ne peut entrer dans ce double codage.",
            "Rien n’a été ouvert. Il faut des textes masqués que ni l’une ni l’autre n’a codés.",
        )


def free(actor: Actor, campaign: Campaign, pair: Collection[uuid.UUID]) -> Select[Testimony]:
    """The texts of a campaign that these people may code blind, by number.

    Neither of them has put a code there, and no round that is not closed holds the text.
    """
    coded = (
        select(Coding.id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.testimony_id == Testimony.id,
            Coding.coder_id.in_(pair),
            Coding.state != "undone",
        )
    )
    held = (
        select(AgreementText.id)
        .join(AgreementRound, AgreementRound.id == AgreementText.round_id)
        .where(AgreementText.testimony_id == Testimony.id, AgreementRound.state != rounds.CLOSED)
    )
    return (
        scope.scoped(actor, Testimony)
        .where(
            Testimony.campaign_id == campaign.id,
            Testimony.state.in_(excerpts.CODABLE),
            ~coded.exists(),
            ~held.exists(),
        )
        .order_by(Testimony.number)
    )


def at_random(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    pair: Collection[uuid.UUID],
    count: int,
    chance: Random | None = None,
) -> Sequence[Testimony]:
    """As many texts as asked, drawn by lot; all of them where there are fewer."""
    if not 1 <= count <= MOST:
        raise Invalid(f"Choisissez de 1 à {MOST} textes.", "Rien n’a été ouvert.")
    query = free(actor, campaign, pair).with_only_columns(Testimony.id)
    keys = list(session.scalars(query))
    drawn = (chance or SystemRandom()).sample(keys, min(count, len(keys)))
    found = scope.scoped(actor, Testimony).where(Testimony.id.in_(drawn))
    return session.scalars(found.order_by(Testimony.number)).all()


def by_number(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    pair: Collection[uuid.UUID],
    asked: Collection[int],
) -> Sequence[Testimony]:
    """The texts of these testimonies; `Invalid` names those that cannot be taken."""
    query = free(actor, campaign, pair).where(Testimony.number.in_(asked))
    found = session.scalars(query).all()
    missing = sorted(set(asked) - {row.number for row in found})
    if missing:
        shown = ", ".join(map(str, missing[:10])) + (", …" if len(missing) > 10 else "")
        raise Invalid(
            f"Ces témoignages ne peuvent pas être pris : {shown}.",
            "Rien n’a été ouvert. Un texte doit être masqué, n’être codé par aucune des deux "
            "personnes, et n’être dans aucun autre double codage.",
        )
    return found


def numbers(written: str) -> list[int]:
    """« 3, 7, 12-15 » as numbers in order, each once; `Invalid` for anything else."""
    found: set[int] = set()
    for piece in filter(str.strip, re.split(r"[,;\n]", written)):
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise Invalid(
                f"« {piece.strip()[:20]} » n’est pas un numéro de témoignage.",
                "Écrivez par exemple : 3, 7, 12-15.",
            )
        low = int(match[1])
        high = int(match[2] or low)
        if not low <= high < low + MOST:
            raise Invalid(
                f"« {piece.strip()[:20]} » n’est pas une suite de {MOST} numéros au plus.",
                "Écrivez par exemple : 12-15.",
            )
        found.update(range(low, high + 1))
    if not 1 <= len(found) <= MOST:
        raise Invalid(f"Écrivez de 1 à {MOST} numéros de témoignages.", "Rien n’a été ouvert.")
    return sorted(found)
