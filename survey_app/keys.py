"""Keys: random, one file each, outside the data folder, readable by their owner alone."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyrage

KEY_BYTES = 32
RECOVERY = "recovery.txt"


class DamagedKeyError(RuntimeError):
    """A key file is not what it was: it is never replaced, for that would lose the data."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"La clé {name} est abîmée. Elle n’a pas été remplacée, ce qui perdrait les données : "
            "reprenez-la de votre sauvegarde des clés."
        )


class KeyRing:
    """The keys of one installation, made at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hash = b""
        self._sealing: dict[uuid.UUID, pyrage.x25519.Identity] = {}

    def _written(self, name: str, make: Callable[[], str]) -> str:
        """The text of a key file, made whole or not at all when it is not there yet."""
        path = self.folder / f"{name}.key"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = self.folder / f".{name}.{secrets.token_hex(8)}"
            try:
                descriptor = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(make() + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                with suppress(FileExistsError):  # somebody else made it meanwhile: theirs stands
                    os.link(made, path)
            finally:
                made.unlink(missing_ok=True)
        try:
            return path.read_text(encoding="ascii").strip()
        except ValueError:
            raise DamagedKeyError(path.name) from None

    def _key(self, name: str) -> bytes:
        try:
            key = bytes.fromhex(self._written(name, lambda: secrets.token_hex(KEY_BYTES)))
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise DamagedKeyError(f"{name}.key")
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
        self._hash = self._hash or self._key("hash")  # read once: each testimony asks for it
        return hmac.new(self._hash, message, hashlib.sha256).hexdigest()

    def sealing(self, council_id: uuid.UUID) -> pyrage.x25519.Identity:
        """The age identity (X25519) that opens what a council's tablets seal."""
        if council_id in self._sealing:
            return self._sealing[council_id]
        name = f"sealing-{council_id}"
        text = self._written(name, lambda: str(pyrage.x25519.Identity.generate()))
        try:
            self._sealing[council_id] = pyrage.x25519.Identity.from_str(text)
        except pyrage.IdentityError:
            raise DamagedKeyError(f"{name}.key") from None
        return self._sealing[council_id]

    def recipients(self, council_id: uuid.UUID) -> tuple[str, ...]:
        """The public keys that a council's tablets seal to: its own, then those of recovery.

        ``recovery.txt``, in the key folder, is optional: one ``age1…`` a line, ``#`` for notes.
        """
        found = [str(self.sealing(council_id).to_public())]
        path = self.folder / RECOVERY
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        try:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    found.append(str(pyrage.x25519.Recipient.from_str(line.strip())))
        except pyrage.RecipientError:
            raise DamagedKeyError(RECOVERY) from None
        return tuple(dict.fromkeys(found))
