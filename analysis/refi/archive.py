"""A .qdpx from outside: measured before anything is unpacked, read in memory, written nowhere."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath

from analysis.refi.model import RefiError

MAX_FILE = 256 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_PROJECT = 64 * 1024 * 1024
MAX_TEXT = 8 * 1024 * 1024
MAX_TEXTS = 128 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_RATIO = 200
FREE = 4 * 1024 * 1024  # below this a part cannot do harm, whatever its ratio
NOTHING = "Rien n’a été importé, et rien n’a été perdu."
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def damaged() -> RefiError:
    return RefiError(
        "Ce fichier ne s’ouvre pas : il est abîmé, protégé par un mot de passe, ou ce n’est pas "
        f"un projet REFI-QDA (.qdpx). Exportez-le de nouveau depuis votre logiciel. {NOTHING}"
    )


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever a damaged file raises into the one refusal that people read."""
    try:
        yield
    except RefiError:
        raise
    except DAMAGED:
        raise damaged() from None


def _refused(why: str) -> RefiError:
    return RefiError(f"Ce fichier est refusé : {why}. {NOTHING}")


class Archive:
    """The project document and the texts of a .qdpx, found whatever the case of their names."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_FILE:
            raise _refused("il dépasse 256 Mo")
        with guarded():
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise _refused(f"il contient plus de {MAX_ENTRIES} éléments")
        if sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise _refused("il est démesuré une fois décompressé")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._texts_read = 0
        for info in infos:
            if not info.is_dir():
                self._entries.setdefault(_safe(info.filename), info)
        self._by_name = {
            PurePosixPath(name).name.lower(): name for name in reversed(list(self._entries))
        }

    def project(self) -> tuple[bytes, bool]:
        """The bytes of the project document, and whether it is where the standard puts it."""
        found = sorted(
            (name for name in self._entries if name.lower().endswith(".qde")),
            key=lambda name: (name.lower() != "project.qde", name.count("/"), name),
        )
        if not found:
            raise RefiError(
                "Ce fichier ne contient pas de projet REFI-QDA (aucun document .qde). "
                f"Exportez-le de nouveau au format REFI-QDA depuis votre logiciel. {NOTHING}"
            )
        return self._bytes(self._entries[found[0]], MAX_PROJECT), found[0] == "project.qde"

    def text(self, name: str) -> tuple[bytes, bool] | None:
        """The bytes of a source, and whether it is where the standard puts it; None if absent."""
        exact = self._entries.get(f"sources/{name}")
        key = "" if exact else self._by_name.get(name.lower(), "")
        info = exact or self._entries.get(key)
        if info is None:
            return None
        self._texts_read += info.file_size
        if self._texts_read > MAX_TEXTS:
            raise _refused("ses textes sont démesurés")
        return self._bytes(info, MAX_TEXT), exact is not None

    def _bytes(self, info: zipfile.ZipInfo, most: int) -> bytes:
        allowed = max(FREE, min(most, MAX_RATIO * info.compress_size))
        if info.file_size > allowed:
            raise _refused("un de ses éléments est démesuré une fois décompressé")
        with guarded(), self._zip.open(info) as part:
            content = part.read(allowed + 1)
        if len(content) > allowed:
            raise _refused("un de ses éléments est démesuré une fois décompressé")
        return content


def _safe(name: str) -> str:
    """The name with forward slashes; refused when it leads out of its folder."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or re.match(r"[A-Za-z]:", plain) or ".." in plain.split("/"):
        raise _refused("le nom d’un de ses éléments sort du dossier")
    return plain
