"""The coding grid: themes, codes, facets; loading it strictly and searching it.

The shipped grid is ``data/contrat-de-ville.yaml``. Errors name the place in the file, in French.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

SHIPPED = "contrat-de-ville.yaml"
_WORD = re.compile(r"\w+")


class CodebookError(ValueError):
    """The grid is faulty or does not hold this code; the message says where, in French."""


@dataclass(frozen=True, slots=True)
class Code:
    """What may be put on an excerpt. ``theme`` is empty for the special codes (HOR, AUT, INC)."""

    code: str
    label: str
    definition: str
    example: str = ""
    lemmas: tuple[str, ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A family of codes; its own code may also be put on an excerpt."""

    code: str
    label: str
    definition: str
    include: str
    exclude: str
    pillar: str
    codes: tuple[Code, ...]

    def as_code(self) -> Code:
        return Code(self.code, self.label, self.definition, theme=self.code)


@dataclass(frozen=True, slots=True)
class Facet:
    """A second look at a coding (tone, kind...); ``multiple`` allows several values."""

    id: str
    label: str
    values: tuple[str, ...]
    multiple: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    label: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to gather themes, such as the pillars of a city contract."""

    id: str
    label: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Codebook:
    """A published version of the grid. ``special`` holds the reviewing codes, outside themes."""

    id: str
    version: str
    title: str
    summary: str
    themes: tuple[Theme, ...]
    special: tuple[Code, ...]
    facets: tuple[Facet, ...]
    groupings: tuple[Grouping, ...]

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return {code.code: code for code in self.all_codes()}

    @cached_property
    def _themes(self) -> dict[str, Theme]:
        return {theme.code: theme for theme in self.themes}

    @cached_property
    def _words(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Each code's searchable words: those of its label (and code), then the others."""
        found = {}
        for code in self.all_codes():
            first = frozenset(_words(f"{code.code} {code.label}"))
            rest = frozenset(_words(f"{code.definition} {' '.join(code.lemmas)}"))
            found[code.code] = (first, rest)
        return found

    def all_codes(self) -> tuple[Code, ...]:
        """Everything a coding may hold: each theme then its codes, then the special codes."""
        found: list[Code] = []
        for theme in self.themes:
            found += [theme.as_code(), *theme.codes]
        return (*found, *self.special)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def code(self, code: str) -> Code:
        """The code, theme code or special code of that name; ``CodebookError`` if unknown."""
        try:
            return self._codes[code]
        except KeyError:
            raise CodebookError(
                f"Le code « {code} » n'existe pas dans la grille « {self.title} », "
                f"version {self.version}. Choisissez un code de cette version."
            ) from None

    def theme(self, code: str) -> Theme:
        """The theme bearing exactly that code; ``CodebookError`` if there is none."""
        if code not in self._themes:
            raise CodebookError(f"« {code} » n'est pas un thème de la grille « {self.title} ».")
        return self._themes[code]

    def theme_of(self, code: str) -> Theme | None:
        """The theme a code belongs to; None for a special code (it belongs to no theme)."""
        theme = self.code(code).theme
        return self._themes[theme] if theme else None

    def facet(self, facet: str) -> Facet:
        for found in self.facets:
            if found.id == facet:
                return found
        raise CodebookError(f"La facette « {facet} » n'existe pas dans la grille « {self.title} ».")

    def search(self, words: str) -> list[Code]:
        """Codes whose words begin with any of those typed, accents and capitals aside.

        Codes matching more of the typed words come first, then matches in the label, then the
        order of the grid. Nothing typed: every code.
        """
        wanted = _words(words)
        wanted = [word for word in wanted if len(word) > 1] or wanted
        if not wanted:
            return [] if words.strip() else list(self.all_codes())
        ranked = []
        for order, code in enumerate(self.all_codes()):
            label, rest = self._words[code.code]
            in_label = sum(_begins(word, label) for word in wanted)
            anywhere = sum(_begins(word, label | rest) for word in wanted)
            if anywhere:
                ranked.append(((-anywhere, -in_label, order), code))
        return [code for _, code in sorted(ranked, key=lambda pair: pair[0])]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the grid's content, whatever the layout of its file."""
        canonical = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def fold(text: str) -> str:
    """Lower case without accents, so that « ETE » finds « été » and « coeur » finds « cœur »."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().replace("œ", "oe").replace("æ", "ae")


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _begins(prefix: str, words: frozenset[str]) -> bool:
    return any(word.startswith(prefix) for word in words)


def shipped() -> dict[str, Any]:
    """The shipped grid as a document, for a council to keep as it is today."""
    from analysis.codebook_file import raw

    document: dict[str, Any] = raw((files("analysis") / "data" / SHIPPED).read_bytes())
    return document


def load(path: Path | None = None) -> Codebook:
    """Read a grid, the shipped one by default; ``CodebookError`` names the faulty place."""
    from analysis.codebook_file import parse

    name = SHIPPED if path is None else path.name
    try:
        source = files("analysis") / "data" / SHIPPED if path is None else path
        return parse(source.read_bytes())
    except OSError as error:
        message = f"La grille {name} ne peut pas être lue. Vérifiez l'emplacement du fichier."
        raise CodebookError(message) from error
    except CodebookError as error:
        raise CodebookError(f"Grille {name}, {error}") from error
