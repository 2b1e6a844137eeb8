"""The demonstration: an invented campaign that walks the whole way through the real services.

The words and counts stand in ``survey_app/demo/*.yaml``; `build` may be run again at any time:
what is there is left alone, what is missing is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, DomainError
from survey_app.models import Account, Campaign, Council, Job, Run, Synthesis, Testimony
from survey_app.permissions import ROLE_LABELS, Actor, Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import (
    accounts,
    backup,
    campaign_questionnaires,
    campaigns,
    councils,
    demo_walk,
    exports,
    jobs,
    neighbourhoods,
    signers,
    syntheses,
    worker,
)

SLUG = "demo"
# Printed on screen and in the documents: it protects nothing, and the demonstration says so.
PASSWORD = "parole-de-demo-2026"  # noqa: S105  # meant to be known
COORDINATION, BODY = "denis", "chloe"
METHODS = ("individuel", "collectif", "micro_trottoir", "porteur_de_paroles", "marche")
ASKED = (
    "Q01-entretien-individuel",
    "Q02-entretien-collectif",
    "Q03-micro-trottoir",
    "Q04-porteur-de-paroles",
    "Q05-marche-exploratoire",
)
ON_PAPER = "vau-10"  # the testimony whose withdrawal code is printed, to be tried


def build(runtime: Runtime) -> Iterator[str]:
    """Make whatever the demonstration lacks, telling each step in French.

    Raises `Conflict`, before anything is written, where a real council already works here.
    """
    backup.prepare(runtime)
    story = read("campaign.yaml")
    found = _present(runtime)
    if found is None:
        yield "Démonstration : tout ce qui suit est inventé."
        yield from _populate(runtime, story)
    else:
        yield "La démonstration est déjà là : rien n’est doublé."
    yield from _analyse(runtime)
    yield from _synthesise(runtime)
    yield from _export(runtime)
    yield from _accounts(runtime, story)


def present(session: Session) -> Council | None:
    """The council of the demonstration, if this installation holds it."""
    return session.scalars(
        select(Council)
        .join(Campaign, Campaign.council_id == Council.id)
        .where(Campaign.slug == SLUG, Campaign.fictitious.is_(True))
    ).one_or_none()


def read(name: str) -> Any:
    """One of the demonstration's files, as plain data."""
    text = (files("survey_app") / "demo" / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def meetings() -> list[dict[str, Any]]:
    """Every meeting of the demonstration, in the order of their dates."""
    entries = [*read("campaign.yaml")["meetings"], *read("meetings.yaml")]
    return sorted(entries, key=lambda entry: entry["date"])


def testimonies() -> list[dict[str, Any]]:
    """Every testimony of the demonstration, file by file in the order of their names."""
    names = sorted(entry.name for entry in (files("survey_app") / "demo").iterdir())
    return [item for name in names if name.startswith("testimonies") for item in read(name)]


def folder(runtime: Runtime) -> Path:
    """Where the demonstration's files are written."""
    return runtime.settings.instance / "demo"


def _present(runtime: Runtime) -> Council | None:
    with runtime.database.reading() as session:
        mine = present(session)
        others = [
            row.name
            for row in session.scalars(select(Council))
            if mine is None or row.id != mine.id
        ]
    if others:
        raise Conflict(
            f"Un conseil travaille déjà dans cette installation : {others[0]}.",
            "La démonstration ne s’y mélange pas, et rien n’a été changé. "
            "Pour l’essayer, donnez un autre dossier à SURVEY_INSTANCE et à SURVEY_KEY_DIR.",
        )
    return mine


def _populate(runtime: Runtime, story: dict[str, Any]) -> Iterator[str]:
    """Everything up to the codings in one transaction: the demonstration is whole or absent."""
    spoken = testimonies()
    with runtime.database.writing() as session:
        council = councils.create(session, **story["council"])
        people = _people(session, council, story["accounts"])
        yield f"  {council.name} : {len(people)} comptes"
        campaign = _campaign(session, people[COORDINATION], story)
        _name_signers(session, people, campaign)
        campaigns.make_ready(session, people[COORDINATION], campaign)
        campaigns.start(session, people[COORDINATION], campaign)
        yield f"  Campagne « {campaign.title} »"
        walk = demo_walk.Walk(session, runtime.keys, campaign, people)
        for entry in meetings():
            voices = [item for item in spoken if item["meeting"] == entry["key"]]
            walk.meeting(entry, voices)
            many = "témoignage" if len(voices) == 1 else "témoignages"
            yield f"  Rencontre du {entry['date']:%d/%m/%Y} : {len(voices)} {many}"
        for item in spoken:
            walk.testimony(item)
    left = sum("state" in item for item in spoken)
    yield f"  {len(spoken) - left} témoignages relus, masqués et codés"
    yield f"  {left} autres attendent qu’on les relise, les masque ou les code"


def _people(session: Session, council: Council, entries: list[Any]) -> dict[str, Actor]:
    machine = system_actor(council.id)
    return {
        entry["login"]: accounts.actor_of(
            accounts.create(
                session,
                machine,
                entry["login"],
                entry["display_name"],
                entry["roles"],
                password=PASSWORD,
                mandate=entry.get("mandate", False),
                trained=Role.COUNCILLOR in entry["roles"],
            )[0]
        )
        for entry in entries
    }


def _campaign(session: Session, actor: Actor, story: dict[str, Any]) -> Campaign:
    contract = councils.save_contract(session, actor, **story["contract"])
    for place in story["neighbourhoods"]:
        row = neighbourhoods.by_code(session, place["code"])
        for sector in place["sectors"]:
            councils.add_sector(session, actor, row, sector["label"], sector["name"])
    campaign = campaigns.create(
        session,
        actor,
        neighbourhood_codes=[place["code"] for place in story["neighbourhoods"]],
        methods=list(METHODS),
        contract_id=contract.id,
        fictitious=True,
        **story["campaign"],
    )
    shipped = [campaign_questionnaires.SHIPPED + name for name in ASKED]
    campaign_questionnaires.choose(session, actor, campaign, shipped)
    return campaign


def _name_signers(session: Session, people: dict[str, Actor], campaign: Campaign) -> None:
    signers.name(
        session,
        people[COORDINATION],
        campaign,
        coordinator=people[COORDINATION].account_id,
        body=people[BODY].account_id,
    )


def _actor(session: Session, login: str) -> Actor:
    """The actor of a demonstration account, as it stands now."""
    council = present(session)
    query = select(Account).where(Account.login == login)
    row = session.scalars(query).one_or_none()
    if council is None or row is None or row.council_id != council.id:
        raise Conflict(f"Le compte de démonstration « {login} » n’existe plus.")
    return accounts.actor_of(row)


def _campaign_row(session: Session) -> Campaign:
    return session.scalars(select(Campaign).where(Campaign.slug == SLUG)).one()


def _analyse(runtime: Runtime) -> Iterator[str]:
    with runtime.database.reading() as session:
        campaign = _campaign_row(session)
        done = session.scalars(select(Run.id).where(Run.campaign_id == campaign.id)).first()
    if done is None:
        yield "  Analyse : comptes par thème, mots, nuage…"
        _job(runtime, "analyse", campaign=SLUG)


def _synthesise(runtime: Runtime) -> Iterator[str]:
    """Drafted, sent to the contradictory review, signed by both voices, published."""
    with runtime.database.writing() as session:
        campaign = _campaign_row(session)
        if session.scalars(
            select(Synthesis.id).where(Synthesis.campaign_id == campaign.id)
        ).first():
            return
        coordinator, body = _actor(session, COORDINATION), _actor(session, BODY)
        row = syntheses.draft(session, coordinator, campaign)
        syntheses.submit(session, coordinator, row, campaign)
        syntheses.sign(session, coordinator, row, campaign, "coordinator")
        syntheses.sign(session, body, row, campaign, "body")
        syntheses.publish(session, coordinator, row, campaign)
        count = len(syntheses.document(row).findings)
    yield f"  Synthèse : {count} constats, deux signatures, publiée"


def _export(runtime: Runtime) -> Iterator[str]:
    target = folder(runtime)
    missing = [name for name in exports.FORMATS if not (target / f"synthese.{name}").exists()]
    if not missing:
        yield f"  Fichiers déjà écrits dans {target}"
        return
    yield "  Écriture des fichiers…"
    with runtime.database.writing() as session:
        actor, campaign = _actor(session, COORDINATION), _campaign_row(session)
        newest = syntheses.listed(session, actor, campaign)[0]
        if not newest.document:  # a draft, emptied by somebody's withdrawal
            syntheses.draft(session, actor, campaign)
    wanted = exports.check_formats(",".join(missing))
    job = _job(
        runtime,
        "export",
        synthesis=str(newest.id),
        formats=wanted,
        folder=exports.recorded(runtime, target),
    )
    for name in job.result["files"]:
        yield f"  {name}"


def _job(runtime: Runtime, kind: str, **parameters: Any) -> Job:
    """Run a job here, as the command line does; raises what made it fail."""
    with runtime.database.writing() as session:
        actor, campaign = _actor(session, COORDINATION), _campaign_row(session)
        job = jobs.create(session, actor, kind, campaign.id, **parameters)
    ended = worker.foreground(runtime, job)
    if ended.state != "done":
        raise DomainError(ended.message)
    return ended


def _accounts(runtime: Runtime, story: dict[str, Any]) -> Iterator[str]:
    yield f"Comptes de démonstration, tous avec le mot de passe « {PASSWORD} » :"
    for entry in story["accounts"]:
        roles = ", ".join(ROLE_LABELS[Role(name)] for name in entry["roles"])
        yield f"  {entry['login']:8} {entry['display_name']:10} {roles}"
    with runtime.database.reading() as session:
        kept = session.get(Testimony, demo_walk.identifier(ON_PAPER)) is not None
    if kept:
        code = demo_walk.withdrawal_code(runtime.keys, ON_PAPER)
        yield f"Un code de retrait, pour essayer : {code}"
    yield "Ce mot de passe est connu de tous : ne mettez ici aucune parole réelle."
