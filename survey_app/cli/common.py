"""What every command needs: the runtime, a database up to date, who acts, progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from survey_app.cli.french import Command
from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import Campaign, Council, Job
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import backup, jobs, worker

Function = TypeVar("Function", bound=Callable[..., Any])


def command(name: str, **settings: Any) -> Callable[[Function], click.Command]:
    """A command that runs inside the application."""

    def make(function: Function) -> click.Command:
        return click.command(name, Command, **settings)(with_appcontext(function))

    return make


def runtime() -> Runtime:
    found = current_app.extensions["paroles"]
    assert isinstance(found, Runtime)
    return found


def ask(question: str, option: str) -> str:
    """What the person answers; `Invalid` where nobody is there to answer."""
    try:
        return str(click.prompt(question, prompt_suffix=" : "))
    except (click.Abort, RuntimeError) as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise
    click.echo()
    raise Invalid(
        f"Il manque une réponse à « {question} ». Aucun conseil n’a été créé.",
        f"Recommencez, ou donnez la réponse avec l’option « {option} ».",
    )


def warn_when_plain(house: Runtime) -> None:
    if not house.database.encrypted and not house.settings.database_url:
        click.echo(
            "ATTENTION : la base de données n’est pas chiffrée sur cette machine "
            "(SQLCipher n’est pas installé).",
            err=True,
        )


def opened() -> Runtime:
    """The runtime over a database that exists and is up to date (backed up, then migrated)."""
    house = runtime()
    if not inspect(house.database.engine).has_table("councils"):
        raise Invalid(
            "Il n’y a pas encore de base de données ici.",
            "Lancez « paroles init » pour commencer, ou « make demo » pour essayer.",
        )
    saved = backup.prepare(house)
    if saved is not None:
        click.echo(f"Base mise à jour ; sauvegarde d’avant : {saved}", err=True)
    warn_when_plain(house)
    return house


def council(session: Session, name: str = "") -> Council:
    """The council of this name, or the oldest one."""
    query = select(Council).order_by(Council.created_at, Council.id)
    if name:
        query = query.where(Council.name == name)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(
            f"Aucun conseil ne s’appelle « {name} »." if name else "Il n’y a encore aucun conseil.",
            "Lancez « paroles init », ou vérifiez le nom.",
        )
    return found


def campaign(session: Session, slug: str) -> tuple[Actor, Campaign]:
    """The campaign of this slug, whichever council it belongs to, and who acts on it."""
    found = session.scalars(select(Campaign).where(Campaign.slug == slug)).one_or_none()
    if found is None:
        known = session.scalars(select(Campaign.slug).order_by(Campaign.created_at)).all()
        listed = ", ".join(known) or "aucune"
        raise NotFound(
            f"Aucune campagne ne s’appelle « {slug} ».", f"Campagnes existantes : {listed}."
        )
    return system_actor(found.council_id), found


def run_job(house: Runtime, slug: str, kind: str, **parameters: Any) -> Job:
    """Write a job down and run it here, with progress on stderr; raises what made it fail."""
    with house.database.writing() as session:
        actor, found = campaign(session, slug)
        job = jobs.create(session, actor, kind, found.id, **parameters)
    ended = worker.foreground(house, job, _echo())
    if ended.state != "done":
        raise DomainError(ended.message)
    return ended


def steps(label: str, every: int = 500) -> Callable[[int, int], None]:
    """Progress of a count on stderr, one line every so many."""

    def show(done: int, total: int) -> None:
        if total >= every and (done % every == 0 or done == total):
            click.echo(f"  {label} : {done} sur {total}", err=True)

    return show


def _echo() -> jobs.Progress:
    """Each new step on stderr; within one, a line every tenth of the way."""
    last = ("", -1)

    def show(done: int, total: int, message: str) -> None:
        nonlocal last
        kind, _, where = message.partition(" : ")
        step = (kind, done * 20 // total if where and total else 0)
        if step != last:
            last = step
            click.echo(f"  {message}…", err=True)

    return show
