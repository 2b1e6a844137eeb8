"""Commands on the installation: start for real, accounts, backups, restores, routes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import select

from survey_app import security
from survey_app.cli.common import ask, command, opened, runtime, warn_when_plain
from survey_app.domain import Conflict, NotFound
from survey_app.models import Account, Council
from survey_app.permissions import PERMISSIONS, ROLE_LABELS, Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, backup, councils, demo, identity


@command("init", help="Prépare une installation réelle : clés, base, conseil, premier compte.")
@click.option("--council", "name", default=None, metavar="CONSEIL", help="Nom du conseil.")
@click.option("--login", default=None, metavar="IDENTIFIANT", help="Premier compte.")
@click.option("--password", default=None, metavar="MOT", help="Sinon, il est tiré au sort.")
def init(name: str | None, login: str | None, password: str | None) -> None:
    house = runtime()
    saved = backup.prepare(house)
    if saved is not None:
        click.echo(f"Base mise à jour ; sauvegarde d’avant : {saved}", err=True)
    warn_when_plain(house)
    if _already(house, name):
        return
    name = name or ask("Nom du conseil citoyen", "--council")
    login = login or ask("Identifiant du premier compte", "--login")
    with house.database.writing() as session:
        owner = councils.create(session, name)
        roles = (Role.ADMIN, Role.COORDINATOR)
        account, made = accounts.create(
            session, system_actor(owner.id), login, login, roles, password=password
        )
    click.echo(f"Conseil créé : {owner.name}")
    click.echo(f"Compte (administration et coordination) : {account.login}")
    if password is None:
        click.echo(f"Mot de passe, montré une seule fois : {made}")
    click.echo(f"Données : {house.settings.instance}")
    click.echo(
        f"Clés : {house.settings.key_dir}. Gardez-en une copie ailleurs : sans elles, la base "
        "ne s’ouvre plus."
    )
    click.echo("Ensuite : « paroles serve », puis ouvrez l’adresse qui s’affiche.")


def _already(house: Runtime, name: str | None) -> bool:
    """Whether there is nothing to make; `Conflict` beside the demonstration."""
    with house.database.reading() as session:
        known = list(session.scalars(select(Council.name).order_by(Council.created_at)))
        invented = demo.present(session)
    if invented is not None and name != invented.name:
        raise Conflict(
            "Cette installation contient la démonstration.",
            "Un vrai conseil ne s’y mélange pas, et rien n’a été changé. Donnez un autre dossier "
            "à SURVEY_INSTANCE et à SURVEY_KEY_DIR.",
        )
    if not known or (name is not None and " ".join(name.split()) not in known):
        return False
    click.echo(f"L’installation existe déjà ({', '.join(known)}) : rien n’a changé.")
    return True


@command("reset-password", help="Donne un nouveau mot de passe à un compte.")
@click.argument("login", metavar="IDENTIFIANT")
def reset_password(login: str) -> None:
    with opened().database.writing() as session:
        query = select(Account).where(Account.login == identity.folded(login))
        account = session.scalars(query).one_or_none()
        if account is None:
            raise NotFound(f"Aucun compte ne s’appelle « {login} ».", "Vérifiez l’identifiant.")
        new = accounts.reset_password(session, system_actor(account.council_id), account)
    click.echo(f"Nouveau mot de passe de {account.login}, montré une seule fois : {new}")


@command("backup", help="Sauvegarde la base (chiffrée avec la même clé).")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FICHIER",
    help="Fichier à écrire ; sinon, il est daté et rangé avec les données.",
)
def save(output: Path | None) -> None:
    house = opened()
    target = backup.backup(house, output)
    click.echo(f"Sauvegarde écrite et vérifiée : {target}")
    click.echo("Les clés n’y sont pas : sauvegardez-les ailleurs.")


@command("restore", help="Remet une sauvegarde à la place de la base.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FICHIER")
def restore(file: Path) -> None:
    done = backup.restore(runtime(), file)
    click.echo(f"Base restaurée depuis {file}. Vous pouvez rouvrir Paroles.")
    if done.former is not None:
        click.echo(f"L’ancienne base est gardée : {done.former}")
    click.echo(f"Paroles retirées depuis et effacées à nouveau : {done.erased}")


@command("routes", help="Liste les adresses, et qui peut les ouvrir.")
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
def routes(as_json: bool) -> None:
    rows = route_table()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['method']:6} {row['rule']:60} {_who(row)}")


def _who(row: dict[str, Any]) -> str:
    who = ", ".join(ROLE_LABELS[Role(role)] for role in row["roles"])
    if row["scope"] in {"council", "device"}:
        return who if row["scope"] == "council" else f"tablette de : {who}"
    return "tout le monde" if row["scope"] == "public" else "personne"


def route_table() -> list[dict[str, Any]]:
    """One entry for each method of each rule, with the roles that the permission table opens."""
    rows: list[dict[str, Any]] = []
    for rule in current_app.url_map.iter_rules():
        access = security.declared(current_app, rule.endpoint)
        action = access.action if access else ""
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            rows.append(
                {
                    "method": method,
                    "rule": rule.rule,
                    "endpoint": rule.endpoint,
                    "action": action,
                    "roles": sorted(PERMISSIONS.get(action, frozenset())),
                    "scope": access.scope if access else "refused",
                }
            )
    return sorted(rows, key=lambda row: (str(row["rule"]), str(row["method"])))


COMMANDS = (init, reset_password, save, restore, routes)
