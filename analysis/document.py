"""The synthesis as a document: frozen parts, and their passage to JSON and back.

Everything printed is here, so a stored snapshot can be exported again without the database.
Days are ISO 8601 strings, empty when unknown; counters that were never entered are None.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from analysis.corpus import Neighbourhood
from analysis.findings import Finding
from analysis.pictures import Picture
from analysis.quotations import Quotation
from analysis.tables import Counts


class SnapshotError(ValueError):
    """A stored synthesis cannot be read back; the message says where, in French."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The first page. ``draft`` and ``reasons`` say whether and why it is only a draft."""

    campaign: str
    slug: str
    council: str
    controller: str
    city_contract: str
    neighbourhoods: tuple[Neighbourhood, ...]
    first_day: str
    last_day: str
    taken_at: str
    version: int
    authors: tuple[str, ...]
    status: str
    draft: bool
    reasons: tuple[str, ...]
    fictitious: bool
    codebook_version: str


@dataclass(frozen=True, slots=True)
class Essentials:
    findings: tuple[str, ...]
    disagreements: tuple[str, ...]
    proposals: tuple[str, ...]
    limit: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """No counter here: a count by place and day is a crossing, kept out of the document."""

    label: str
    day: str
    place: str
    method: str
    neighbourhood: str


@dataclass(frozen=True, slots=True)
class Listening:
    methods: tuple[str, ...]
    meetings: tuple[MeetingRow, ...]
    questionnaires: tuple[str, ...]
    team: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard; women and men are None when unknown or below the outside threshold."""

    counts: Counts
    approached: int | None
    refusals: int | None
    stopped: int | None
    present_women: int | None
    present_men: int | None
    representativeness: str
    missing: str


@dataclass(frozen=True, slots=True)
class ThemeVoices:
    """What one theme brings of one kind (resources, proposals); ``testimonies`` is a count."""

    theme: str
    label: str
    testimonies: int
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Exploratory:
    """Words counted by the machine, which no person has read or coded."""

    note: str
    words: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TraceRow:
    theme: str
    quotation: Quotation
    questionnaire: str
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The annex: every excerpt behind every count, what was set aside, what was masked."""

    rows: tuple[TraceRow, ...]
    exclusions: tuple[tuple[str, int], ...]
    maskings: tuple[tuple[str, int], ...]
    pending: int


@dataclass(frozen=True, slots=True)
class Synthesis:
    """A whole synthesis. ``silence`` explains an empty section on disagreements."""

    identity: Identity
    essentials: Essentials
    question: str
    axes: tuple[str, ...]
    criteria: tuple[str, ...]
    listening: Listening
    heard: Heard
    findings: tuple[Finding, ...]
    set_aside: int
    silence: str
    resources: tuple[ThemeVoices, ...]
    proposals: tuple[ThemeVoices, ...]
    limits: tuple[str, ...]
    exploratory: Exploratory | None
    trace: Trace
    pictures: tuple[Picture, ...] = ()

    @property
    def draft(self) -> bool:
        return self.identity.draft

    @property
    def coded(self) -> bool:
        """Whether people coded anything at all."""
        return bool(self.findings or self.trace.rows or self.set_aside)


def plain(value: Any) -> Any:
    """Dataclasses, tuples and bytes as JSON knows them (bytes become base64 text)."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def to_dict(synthesis: Synthesis) -> dict[str, Any]:
    """The synthesis as JSON values; ``from_dict`` gives it back identical."""
    return typing.cast(dict[str, Any], plain(synthesis))


def from_dict(data: Mapping[str, Any]) -> Synthesis:
    """A stored synthesis. Raises ``SnapshotError`` when a part is missing or of another kind."""
    try:
        return typing.cast(Synthesis, _reader(Synthesis)(data))
    except _DamageError as damage:
        raise SnapshotError(_damaged(f"synthèse{damage.path}")) from damage


def fingerprint(synthesis: Synthesis) -> str:
    """SHA-256, in hexadecimal, of the synthesis in canonical JSON."""
    canonical = json.dumps(
        to_dict(synthesis), ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


class _DamageError(ValueError):
    """A part that cannot be read; ``path`` leads to it, and grows on the way up."""

    def __init__(self, path: str = "") -> None:
        super().__init__(path)
        self.path = path


@functools.cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What reads a value of this type: worked out once, for the thousands of rows of a trace."""
    origin = typing.get_origin(kind)
    if is_dataclass(kind):
        return functools.partial(_read_parts, typing.cast(type, kind))
    if origin is tuple:
        return functools.partial(_read_items, typing.get_args(kind))
    if origin is types.UnionType:
        whole = next(option for option in typing.get_args(kind) if option is not types.NoneType)
        return lambda value: None if value is None else _reader(whole)(value)
    if origin is typing.Literal:
        return functools.partial(_read_choice, typing.get_args(kind))
    return _read_bytes if kind is bytes else functools.partial(_read_value, kind)


@functools.cache
def _parts(kind: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((part.name, _reader(hints[part.name])) for part in fields(typing.cast(Any, kind)))


def _read_parts(kind: type, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _DamageError()
    found = {}
    for name, read in _parts(kind):
        try:
            found[name] = read(value[name])
        except KeyError:
            raise _DamageError(f".{name}") from None
        except _DamageError as damage:
            raise _DamageError(f".{name}{damage.path}") from None
    return kind(**found)


def _read_items(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _DamageError()
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise _DamageError()
    found = []
    for kind, item in zip(kinds, value, strict=True):
        try:
            found.append(_reader(kind)(item))
        except _DamageError as damage:
            raise _DamageError(f"[{len(found)}]{damage.path}") from None
    return tuple(found)


def _read_choice(choices: tuple[Any, ...], value: Any) -> Any:
    if value in choices:
        return value
    raise _DamageError()


def _read_bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        raise _DamageError() from None


def _read_value(kind: type, value: Any) -> Any:
    if isinstance(value, kind) and isinstance(value, bool) == (kind is bool):
        return value
    raise _DamageError()


def _damaged(where: str) -> str:
    return (
        f"La synthèse enregistrée ne peut pas être relue (partie « {where} »). "
        "Les témoignages et les codages n'ont pas changé : préparez une nouvelle version."
    )
