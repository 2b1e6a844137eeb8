"""What an account is called by: logins, names shown, roles, session tokens, once checked."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

from survey_app.domain import Invalid
from survey_app.permissions import ROLE_LABELS

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


def folded(login: str) -> str:
    """A login as it is looked up: capitals and spaces around do not matter."""
    return unicodedata.normalize("NFC", login).strip().casefold()


def login(typed: str) -> str:
    """A login that may be given to a new account; `Invalid` otherwise."""
    name = folded(typed)
    if not _LOGIN.fullmatch(name):
        raise Invalid(
            "Cet identifiant ne convient pas.",
            "Utilisez de 2 à 80 lettres sans accent, chiffres, points ou tirets.",
        )
    return name


def display_name(typed: str) -> str:
    """The name shown to the others, in one line of 1 to 200 characters."""
    shown = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not 1 <= len(shown) <= 200:
        raise Invalid("Il manque le nom à afficher, ou il est trop long.", "Un prénom suffit.")
    return shown


def roles(wanted: Iterable[str]) -> list[str]:
    """The roles asked for, each once, sorted; `Invalid` for none or for one that is not ours."""
    names = sorted({str(role) for role in wanted})
    if not names:
        raise Invalid("Ce compte n’a aucun rôle.", "Choisissez-en au moins un.")
    if any(name not in ROLE_LABELS for name in names):
        raise Invalid("Ce rôle n’existe pas.", "Choisissez parmi ceux de la liste.")
    return names


def token() -> str:
    """A new random session token (256 bits)."""
    return secrets.token_hex(32)
