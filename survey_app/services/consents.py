"""What people accepted, scope by scope, and the paper code that lets them change their mind."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from typing import Literal

from survey_app.models import ConsentRecord, Testimony

Citable = Literal["yes", "approved", "no"]

# Without 0, O, 1, I and L, which a hand or an eye confuses. 31 ** 12 is about 59 bits.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_GROUP = 4


def new_code() -> str:
    """A random withdrawal code, as it is shown: ``XXXX-XXXX-XXXX``."""
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return shown(drawn)


def shown(code: str) -> str:
    """A code in groups of four, as the paper card has it."""
    plain = normalise(code)
    return "-".join(plain[i : i + CODE_GROUP] for i in range(0, len(plain), CODE_GROUP))


def normalise(code: str) -> str:
    """The code without spaces, dashes or case, however it was copied from the paper."""
    folded = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def is_code(code: str) -> bool:
    """Whether it could be a withdrawal code once normalised."""
    plain = normalise(code)
    return len(plain) == CODE_LENGTH and set(plain) <= set(CODE_ALPHABET)


def current(testimony: Testimony) -> dict[str, ConsentRecord]:
    """The decision that stands for each scope: the latest recorded one."""
    return {record.scope: record for record in testimony.consents}


def standing(decisions: Mapping[str, tuple[str, str]]) -> tuple[Citable, tuple[str, ...]]:
    """What may be printed of a testimony, from (decision, approved phrase) by scope.

    ``yes``; ``approved``, only the phrases given with it; ``no``, counted but never printed.
    """
    if decisions.get("noter", ("", ""))[0] in {"refused", "withdrawn"}:
        return "no", ()
    decision, phrase = decisions.get("citer", ("", ""))
    if decision == "granted":
        return "yes", ()
    return ("approved", (phrase,)) if decision == "approved" and phrase else ("no", ())


def _standing(testimony: Testimony) -> tuple[Citable, tuple[str, ...]]:
    records = current(testimony).items()
    return standing({name: (row.decision, row.approved_phrase) for name, row in records})


def approved_phrases(testimony: Testimony) -> tuple[str, ...]:
    """The only phrases that may be quoted when the person asked to hear them first."""
    return _standing(testimony)[1]


def citable(testimony: Testimony) -> Citable:
    """Whether this testimony may be quoted: see `standing`."""
    return _standing(testimony)[0]
