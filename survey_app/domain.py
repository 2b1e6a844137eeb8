"""Refusals that services raise and that people read: plain French, with what to do."""

from __future__ import annotations


class DomainError(Exception):
    """Something cannot be done. ``status`` is the HTTP status that says the same."""

    status = 400
    code = "invalid"

    def __init__(self, message: str, remedy: str = "", *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code or self.code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(DomainError):
    """The words or values given do not fit."""

    status = 422


class NotFound(DomainError):
    """No such record here; one of another council answers the same."""

    status = 404
    code = "not-found"

    def __init__(
        self,
        message: str = "Cette page n’existe pas, ou elle ne vous est pas ouverte.",
        remedy: str = "Vérifiez l’adresse, ou revenez à l’accueil.",
    ) -> None:
        super().__init__(message, remedy)


class Forbidden(DomainError):
    """The actor's roles do not allow it."""

    status = 403
    code = "forbidden"

    def __init__(
        self,
        message: str = "Votre compte ne permet pas de faire cela.",
        remedy: str = "Rien n’a été changé. Demandez à la coordination si vous en avez besoin.",
    ) -> None:
        super().__init__(message, remedy)


class Conflict(DomainError):
    """Somebody changed it meanwhile, or the state does not allow it."""

    status = 409
    code = "conflict"


class TooMany(DomainError):
    """Too many tries in a short time."""

    status = 429
    code = "too-many"
