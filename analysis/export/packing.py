"""Files without the clock: the same synthesis gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from analysis.document import Synthesis

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that the zip format knows


def made_at(synthesis: Synthesis) -> datetime:
    """When the synthesis was taken, in UTC, whole seconds, as the office formats write a date."""
    taken = synthesis.identity.taken_at
    made = datetime.fromisoformat(taken) if taken else datetime.now(UTC)
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return made.astimezone(UTC).replace(microsecond=0, tzinfo=None)


def settle(path: Path) -> None:
    """Write a zip package again with one fixed date, its parts and their order unchanged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            fixed = zipfile.ZipInfo(part.filename, _EPOCH)
            fixed.compress_type = part.compress_type
            new.writestr(fixed, old.read(part))
    path.write_bytes(packed.getvalue())
