"""Settings, read once from SURVEY_* variables; an unsafe production is refused at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis import scale


class SettingsError(RuntimeError):
    """The settings would put people's words at risk; the message says what to change."""


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() in {"1", "true", "oui", "yes"}


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environ.get(name, str(default)).strip()
    if not (value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
        raise SettingsError(
            f"{name} vaut « {value[:40]} », or il faut un nombre de {least} à {most}."
        )
    return int(value)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things live and how strict to be.

    ``instance``: database, jobs, exports. ``key_dir``: keys, never inside ``instance``.
    ``database_url``: empty for the embedded encrypted SQLite. ``production``: HTTPS only.
    ``proxies``: how many reverse proxies of ours stand in front (their word on the visitor's
    address and on HTTPS is believed); 0 when nobody does. ``workers``: processes that answer.
    ``scheduler``: where words are read, as `analysis.scale.mapped` takes it; empty for one by one.
    """

    instance: Path
    key_dir: Path
    database_url: str = ""
    plain_sqlite: bool = False
    production: bool = False
    proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    scheduler: str = ""
    testing: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; ``instance/`` and ``keys/`` of the current folder by default."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("SURVEY_INSTANCE", "instance")).resolve()
        keys = Path(env.get("SURVEY_KEY_DIR", str(instance.parent / "keys"))).resolve()
        settings = cls(
            instance=instance,
            key_dir=keys,
            database_url=env.get("SURVEY_DATABASE_URL", ""),
            plain_sqlite=_flag(env, "SURVEY_PLAIN_SQLITE"),
            production=_flag(env, "SURVEY_PRODUCTION"),
            host=env.get("SURVEY_HOST", "127.0.0.1"),
            port=_number(env, "SURVEY_PORT", 8000, 1, 65_535),
            workers=_number(env, "SURVEY_WORKERS", 1, 1, 64),
            proxies=_number(env, "SURVEY_PROXIES", 0, 0, 100),
            scheduler=env.get("SURVEY_SCHEDULER", "").strip(),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raise `SettingsError` where the keys lie beside the data, or production is unsafe."""
        try:
            scale.check(self.scheduler)
        except scale.ScaleError as error:
            raise SettingsError(f"SURVEY_SCHEDULER : {error}") from None
        if self.key_dir == self.instance or self.instance in self.key_dir.parents:
            raise SettingsError(
                "Les clés ne peuvent pas se trouver dans le dossier des données. "
                "Donnez à SURVEY_KEY_DIR un dossier situé ailleurs."
            )
        if self.production and self.plain_sqlite:
            raise SettingsError(
                "En production, la base doit être chiffrée. Retirez SURVEY_PLAIN_SQLITE."
            )
