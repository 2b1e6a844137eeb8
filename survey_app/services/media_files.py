"""Sealed files on the disk: what tablets are bringing, and the voices that wait for a review.

Nothing here is ever written open. Names are made of identifiers and digests alone.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from survey_app.runtime import Runtime


def incoming(runtime: Runtime, council_id: uuid.UUID, testimony_id: uuid.UUID) -> Path:
    """Where what goes with a testimony waits for it: ``<id>.part``, then ``<id>.age``."""
    return runtime.settings.instance / "incoming" / str(council_id) / str(testimony_id)


def voice(runtime: Runtime, sha256: str) -> Path:
    """The file of a voice, named after what it holds."""
    return runtime.settings.instance / "media" / f"{sha256}.age"


def found(runtime: Runtime, council_id: uuid.UUID, media_id: uuid.UUID) -> tuple[int, bool]:
    """How many bytes of a file are here, and whether it is whole and checked."""
    council = runtime.settings.instance / "incoming" / str(council_id)
    for path in council.glob(f"*/{media_id}.*"):
        with suppress(FileNotFoundError):
            return path.stat().st_size, path.suffix == ".age"
    return 0, False


def size(path: Path) -> int:
    """Bytes of a file, 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


def append(path: Path, data: bytes) -> None:
    """Add bytes to a file; they are on the disk when this returns, all of them or none."""
    new = not path.exists()
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        before = os.fstat(descriptor).st_size
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)
    if new:
        sync(path.parent)


def sync(folder: Path) -> None:
    """Make sure that the names of a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def adopt(runtime: Runtime, waiting: Path, sha256: str) -> None:
    """Give a file that waits its lasting name; it keeps the other one until it is dropped."""
    target = voice(runtime, sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):  # the same bytes, from a try that was cut short
        os.link(waiting, target)
    sync(target.parent)


def drop(folder: Path) -> None:
    """Remove what waited for a testimony, once it is stored or erased."""
    shutil.rmtree(folder, ignore_errors=True)
