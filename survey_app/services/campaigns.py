"""Campaigns of listening: prepared, made ready, run, brought to their synthesis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import (
    Campaign,
    CityContract,
    Draft,
    Meeting,
    Neighbourhood,
    Testimony,
    uuid7,
)
from survey_app.permissions import Actor
from survey_app.services import (
    campaign_fields,
    councils,
    journal,
    neighbourhoods,
    publishing,
    scope,
    states,
)

# What may follow, as buttons say it. « purged » is not here: the end of the retention does it.
STEPS: dict[str, dict[str, str]] = {
    "draft": {"ready": "Déclarer la campagne prête"},
    "ready": {"running": "Commencer à écouter", "draft": "Revenir au brouillon"},
    "running": {"review": "Finir d’écouter, passer à la relecture"},
    "review": {"synthesis": "Passer à la synthèse", "running": "Reprendre l’écoute"},
    "synthesis": {"returned": "Déclarer la campagne restituée", "review": "Revenir à la relecture"},
}
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def listed(session: Session, actor: Actor) -> list[Campaign]:
    """The council's campaigns, oldest first."""
    actor.require("campaign.read")
    query = scope.scoped(actor, Campaign).order_by(Campaign.created_at, Campaign.id)
    return list(session.scalars(query))


def create(
    session: Session,
    actor: Actor,
    slug: str,
    title: str,
    neighbourhood_codes: Iterable[str] = (),
    **fields: Any,
) -> Campaign:
    """A draft campaign with the shipped questionnaires and codebook.

    ``slug``: its short name in addresses, unique; made from the title when empty.
    ``fields``: the columns of `Campaign` that people fill. Raises `Invalid` or `Conflict`.
    """
    actor.require("campaign.manage")
    values = campaign_fields.clean({"title": title, **fields})
    name = _slug(session, slug, title)
    campaign = Campaign(
        id=uuid7(),
        council_id=actor.council_id,
        created_by=actor.account_id,
        slug=name,
        state="draft",
        threshold_inside=5,
        threshold_outside=11,
        actions=[],
        context_figure="",
    )
    _apply(session, actor, campaign, values)
    campaign.neighbourhoods = _places(session, neighbourhood_codes)
    campaign.questionnaires = publishing.questionnaires(session, actor)
    campaign.codebook_version_id = publishing.codebook(session, actor).id
    session.add(campaign)
    session.flush()
    journal.record(session, actor, "campaign_created", "campaigns", campaign.id)
    return campaign


def edit(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    *,
    neighbourhood_codes: Iterable[str] | None = None,
    revision: int | None = None,
    **fields: Any,
) -> Campaign:
    """Change a campaign. What residents were told may not change once listening has begun.

    ``revision``: the one the form was filled from; `Conflict` if somebody saved meanwhile.
    """
    actor.require("campaign.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    if revision is not None and revision != mine.revision:
        raise Conflict(
            "Quelqu’un a modifié cette campagne pendant que vous écriviez.",
            "Votre saisie est encore à l’écran : copiez-la, puis rechargez la page.",
        )
    values = campaign_fields.clean(fields)
    _refuse_broken_promises(mine, values)
    before = campaign_fields.gaps(mine)
    _apply(session, actor, mine, values)
    if neighbourhood_codes is not None:
        _move_places(session, mine, _places(session, neighbourhood_codes))
    added = [words for name, words in campaign_fields.gaps(mine).items() if name not in before]
    if mine.state != "draft" and added:
        raise Invalid(" ".join(added), "Une campagne prête ne peut plus perdre ce qui la règle.")
    mine.revision = (mine.revision or 1) + 1
    session.flush()
    journal.record(
        session, actor, "campaign_edited", "campaigns", mine.id, fields=" ".join(sorted(values))
    )
    return mine


def missing(campaign: Campaign, today: date | None = None) -> list[str]:
    """What still prevents the campaign from being ready, in plain sentences."""
    return list(campaign_fields.gaps(campaign, today).values())


def steps(campaign: Campaign) -> dict[str, str]:
    """The states that may follow, each with the words of its button."""
    return STEPS.get(campaign.state, {})


def make_ready(session: Session, actor: Actor, campaign: Campaign) -> Campaign:
    """From draft to ready; `Invalid` says what is missing."""
    return move(session, actor, campaign, "ready")


def start(session: Session, actor: Actor, campaign: Campaign) -> Campaign:
    """From ready to running: testimonies may now be collected."""
    return move(session, actor, campaign, "running")


def move(session: Session, actor: Actor, campaign: Campaign, target: str) -> Campaign:
    """Bring the campaign to its next state, once what guards that state holds."""
    actor.require("campaign.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    if target in STEPS.get(mine.state, {}):
        if target in {"ready", "running"}:
            _refuse_gaps(mine)
        if mine.state == "running":
            _refuse_open_work(session, mine)
    elif target == "purged":
        raise Conflict(
            "La purge ne se fait pas d’ici.", "Elle se fait à la fin de la conservation."
        )
    states.move(session, actor, mine, target)
    return mine


def placeholders(campaign: Campaign, neighbourhood: Neighbourhood) -> dict[str, str]:
    """The words that a questionnaire's texts leave to the campaign, for one neighbourhood."""
    return {
        "quartier": neighbourhood.name,
        "responsable": campaign.controller,
        "contact_dpo": campaign.dpo_contact,
        "date_fin_conservation": in_full(campaign.retention_until),
        "question_de_campagne": campaign.question,
        "base_legale": campaign.legal_basis,
        "destinataires": campaign.recipients,
        "chiffre_de_contexte": campaign.context_figure,
    }


def lists(campaign: Campaign) -> dict[str, dict[str, str]]:
    """The lists that a questionnaire leaves to the campaign: name of each entry to its label."""
    return {"actions": {action["name"]: action["label"] for action in campaign.actions or ()}}


def in_full(day: date | None) -> str:
    """« 1er janvier 2027 »; said to be unknown where there is none."""
    if day is None:
        return "date à fixer"
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def queues(session: Session, actor: Actor) -> dict[str, int]:
    """How many testimonies wait in each queue of the desk, all campaigns together."""
    actor.require("campaign.read")
    query = (
        select(Testimony.state, func.count())
        .where(Testimony.council_id == actor.council_id)
        .group_by(Testimony.state)
    )
    by_state = dict(session.execute(query).all())
    return {
        queue: sum(by_state.get(state, 0) for state in waiting)
        for queue, waiting in states.QUEUES.items()
    }


def _slug(session: Session, slug: str, title: str) -> str:
    """The short name asked for, or the first free one made from the title."""
    wanted = slug.strip() or councils.slug(title)
    name, number = campaign_fields.checked_slug(wanted), 2
    while session.scalars(select(Campaign.id).where(Campaign.slug == name)).first() is not None:
        if slug.strip():
            raise Conflict(
                f"Une campagne porte déjà l’adresse « {name} ».", "Choisissez-en une autre."
            )
        name, number = f"{wanted[:55].strip('-')}-{number}", number + 1
    return name


def _apply(session: Session, actor: Actor, campaign: Campaign, values: dict[str, Any]) -> None:
    if values.get("contract_id") is not None:
        scope.get(session, actor, CityContract, values["contract_id"])
    exception = values.get("single_person_exception")
    if exception is not None and exception != bool(campaign.single_person_exception):
        journal.record(
            session, actor, "single_person_exception", "campaigns", campaign.id, allowed=exception
        )
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign_fields.check_thresholds(campaign.threshold_inside, campaign.threshold_outside)


def _refuse_broken_promises(campaign: Campaign, values: dict[str, Any]) -> None:
    if campaign.state in {"draft", "ready"}:
        return
    changed = [
        name
        for name in sorted(campaign_fields.SAID & set(values))
        if values[name] != getattr(campaign, name)
    ]
    if changed:
        raise Conflict(
            "L’écoute a commencé : ce qui a été dit aux personnes ne peut plus changer "
            "(question, finalité, responsable, base légale, destinataires, durée).",
            "Rien n’a été changé. Au besoin, préparez une nouvelle campagne.",
        )
    listed = {action["name"] for action in values.get("actions", campaign.actions)}
    if not {action["name"] for action in campaign.actions} <= listed:
        raise Conflict(
            "L’écoute a commencé : une action déjà listée ne peut plus être retirée ni renommée.",
            "Rien n’a été changé. Vous pouvez en ajouter.",
        )


def _refuse_gaps(campaign: Campaign) -> None:
    gaps = missing(campaign)
    if gaps:
        raise Invalid(
            "La campagne n’est pas encore complète. " + " ".join(gaps),
            "Rien n’a été changé. Complétez-la, puis recommencez.",
        )


def _refuse_open_work(session: Session, campaign: Campaign) -> None:
    """Nobody may be left in the middle of an interview by the end of the listening."""
    meetings = select(func.count()).where(
        Meeting.campaign_id == campaign.id, Meeting.state == "open"
    )
    drafts = select(func.count()).where(Draft.campaign_id == campaign.id)
    left = session.scalar(meetings) or 0, session.scalar(drafts) or 0
    if any(left):
        raise Conflict(
            f"Il reste {left[0]} rencontre(s) ouverte(s) et {left[1]} entretien(s) en cours.",
            "Rien n’a été changé. Terminez-les ou fermez-les d’abord.",
        )


def _places(session: Session, codes: Iterable[str]) -> list[Neighbourhood]:
    found = {row.code: row for row in (neighbourhoods.by_code(session, code) for code in codes)}
    return [found[code] for code in sorted(found)]


def _move_places(session: Session, campaign: Campaign, wanted: list[Neighbourhood]) -> None:
    leaving = {row.id for row in campaign.neighbourhoods} - {row.id for row in wanted}
    used = select(Meeting.id).where(
        Meeting.campaign_id == campaign.id, Meeting.neighbourhood_id.in_(leaving)
    )
    if session.scalars(used).first() is not None:
        raise Conflict(
            "Des rencontres ont déjà eu lieu dans un quartier que vous retirez.",
            "Gardez ce quartier dans la campagne.",
        )
    campaign.neighbourhoods = wanted
