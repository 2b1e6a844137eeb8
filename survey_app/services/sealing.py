"""Opening what a tablet sealed to its council (the age format, X25519): the server alone can."""

from __future__ import annotations

import pyrage

from survey_app.domain import Invalid


def unseal(identity: pyrage.x25519.Identity, sealed: bytes) -> bytes:
    """The bytes that were sealed to the council of this identity (see `KeyRing.sealing`).

    Raises `Invalid`, code ``unreadable``, for what is damaged or sealed to somebody else.
    """
    try:
        return bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError:
        raise Invalid(
            "Cet envoi ne s’ouvre pas : il est abîmé, ou fermé pour un autre conseil.",
            "Il n’a pas été enregistré et n’est pas effacé de la tablette. Faites un fichier de "
            "secours et prévenez la coordination.",
            code="unreadable",
        ) from None
