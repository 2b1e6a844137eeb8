"""Files written where somebody chose: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from survey_app.domain import DomainError


def write(path: Path, data: bytes) -> None:
    """Write a file, its folder made when it is missing; what stood there stays until it is whole.

    Raises `DomainError` when the place can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".paroles-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise DomainError(
            f"Le fichier « {path} » n’a pas pu être écrit ({error.strerror}).",
            "Les témoignages sont intacts. Choisissez un autre emplacement.",
        ) from None
