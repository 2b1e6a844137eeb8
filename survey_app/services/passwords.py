"""Passwords: what is asked of them, how they are kept, how temporary ones are made."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey_app.domain import Invalid

# argon2id with the least that OWASP's password storage sheet asks for: 19 MiB, 2 rounds.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_LENGTH = 12
MAX_LENGTH = 200
RULE = f"Au moins {MIN_LENGTH} caractères. Plusieurs mots à la suite conviennent très bien."

_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"


def normalised(password: str) -> str:
    """The same word on every keyboard: « é » in one or two code points, spaces around or not."""
    return unicodedata.normalize("NFC", password).strip()


def check(password: str, login: str = "") -> None:
    """Raise `Invalid` for a password that would be too easily guessed."""
    size = len(normalised(password))
    if size < MIN_LENGTH:
        raise Invalid(
            f"Ce mot de passe est trop court : il en faut au moins {MIN_LENGTH} caractères.",
            "Plusieurs mots à la suite font un bon mot de passe.",
        )
    if size > MAX_LENGTH:
        raise Invalid(
            f"Ce mot de passe dépasse {MAX_LENGTH} caractères.", "Choisissez-en un plus court."
        )
    if login and normalised(password).casefold() == login.casefold():
        raise Invalid("Le mot de passe est le même que l’identifiant.", "Choisissez-en un autre.")


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return HASHER.hash(normalised(password))


def matches(stored: str, password: str) -> bool:
    """Whether the password fits; a hash nobody can read fits nothing."""
    try:
        return HASHER.verify(stored, normalised(password)[: MAX_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def decoy() -> str:
    """A hash of nothing, verified where there is no account: the answer takes as long."""
    return hashed(secrets.token_urlsafe(16))


def temporary() -> str:
    """A password to read aloud once: three invented words and two digits (about 61 bits)."""
    words = ["".join(_syllable() for _ in range(3)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])


def _syllable() -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)
