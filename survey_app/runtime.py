"""What one installation is made of: settings, keys, database. Passed around, never global."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey_app.database import Database
from survey_app.keys import KeyRing
from survey_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything that a service may need beside its session and its actor."""

    settings: Settings
    keys: KeyRing
    database: Database

    @classmethod
    def start(cls, settings: Settings) -> Runtime:
        keys = KeyRing(settings.key_dir)
        return cls(settings, keys, Database.from_settings(settings, keys))

    @property
    def exports(self) -> Path:
        """Where the files of syntheses are written: derived, and erased with what they quote."""
        return self.settings.instance / "exports"
