"""Keys: random, one file each, outside the data folder, readable by their owner alone."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class DamagedKeyError(RuntimeError):
    """A key file is not what it was: it is never replaced, for that would lose the data."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"La clé {name} est abîmée. Elle n’a pas été remplacée, ce qui perdrait les données : "
            "reprenez-la de votre sauvegarde des clés."
        )


def _read(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        raise DamagedKeyError(path.name) from None


class KeyRing:
    """The keys of one installation, made at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _key(self, name: str) -> bytes:
        path = self.folder / f"{name}.key"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            key = _read(path)
        else:
            key = secrets.token_bytes(KEY_BYTES)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(key.hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
        if len(key) != KEY_BYTES:
            raise DamagedKeyError(path.name)
        return key

    @property
    def database(self) -> bytes:
        """The key of the database file: without it, the file is noise."""
        return self._key("database")

    @property
    def session(self) -> bytes:
        """Signs cookies, form tokens and queued jobs."""
        return self._key("session")

    def keyed_hash(self, purpose: str, value: str) -> str:
        """HMAC-SHA-256 (RFC 2104) of a value, in hexadecimal, apart for each purpose."""
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self._key("hash"), message, hashlib.sha256).hexdigest()
