"""A REFI-QDA project as frozen values. Offsets are code points, half-open, in ``Source.text``.

GUIDs are lower case, without braces; references that lead nowhere never come out of the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NAMESPACE = "urn:QDA-XML:project:1.0"


class RefiError(ValueError):
    """The file cannot be read, or must not be; the message says why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class User:
    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code and those under it. ``color`` is ``#RRGGBB`` or empty."""

    guid: str
    name: str
    description: str = ""
    color: str = ""
    codable: bool = True
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    guid: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Who or what spoke: texts of variables (guid, value), then sources."""

    guid: str
    name: str
    description: str = ""
    values: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    guid: str
    code: str
    user: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage; ``name`` is usually its words, perhaps cut: what positions are checked by."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text with its passages; ``codings`` bear on the whole of it."""

    guid: str
    name: str
    text: str
    description: str = ""
    selections: tuple[Selection, ...] = ()
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    guid: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A set (``Set``) of sources."""

    guid: str
    name: str
    description: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    name: str
    origin: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    groups: tuple[Group, ...] = ()
    description: str = ""

    def all_codes(self) -> Iterator[Code]:
        """Every code, each before those under it."""
        waiting = list(reversed(self.codes))
        while waiting:
            code = waiting.pop()
            yield code
            waiting += reversed(code.codes)
