"""Reading a grid's YAML file, strictly: every error names the place, in French."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from analysis.codebook import Code, Codebook, CodebookError, Facet, Group, Grouping, Theme

MAX_BYTES = 2_000_000
_CODE = re.compile(r"[A-Z]{2,6}[0-9]{0,2}")
_ID = re.compile(r"[a-z][a-z0-9_-]*")


def parse(data: bytes) -> Codebook:
    """A grid from the bytes of its YAML file; ``CodebookError`` names the faulty place."""
    return from_document(raw(data))


def from_document(document: object) -> Codebook:
    """A grid from the fields of its file, as `raw` or `codebook_writer.document` give them."""
    return _codebook(_Entry(document, "en tête"))


def raw(data: bytes) -> Any:
    """The lists and fields of a grid's YAML file, as JSON would hold them; nothing is checked."""
    if len(data) > MAX_BYTES:
        raise CodebookError("le fichier dépasse 2 Mo. Une grille est bien plus courte.")
    loader = None
    try:
        loader = _StrictLoader(data.decode("utf-8"))
        return loader.get_single_data()
    except UnicodeDecodeError as error:
        raise CodebookError("le fichier n'est pas en UTF-8. Enregistrez-le ainsi.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"ligne {mark.line + 1} : " if mark else ""
        raise CodebookError(f"{where}la mise en forme YAML est fautive.") from error
    except RecursionError as error:
        raise CodebookError("les listes sont emboîtées trop profondément.") from error
    finally:
        if loader is not None:
            loader.dispose()


class _StrictLoader(yaml.SafeLoader):
    """YAML holding only text, lists and fields, where no field is written twice.

    A repeated field would silently hide the first; « oui », « 1.0 » or a date must stay the
    words that were written.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):  # a few lines could stand for gigabytes
            here: Any = self
            line = here.peek_event().start_mark.line + 1
            raise CodebookError(f"ligne {line} : les renvois (*nom) ne sont pas acceptés.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise CodebookError(f"ligne {line} : un nom de champ doit être un mot.")
            if key.value in seen:
                raise CodebookError(f"ligne {line} : le champ « {key.value} » est écrit deux fois.")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag.endswith((":bool", ":null"))]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Entry:
    """One mapping of the file, which knows its place and which of its fields were read."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, dict):
            raise CodebookError(f"{place} : des champs sont attendus (nom : valeur).")
        self.raw: dict[object, object] = raw
        self.place = place
        self.read: set[object] = set()

    def fail(self, key: str, wish: str) -> CodebookError:
        return CodebookError(f"{self.place} : le champ « {key} » {wish}.")

    def get(self, key: str, default: object = None) -> object:
        self.read.add(key)
        return self.raw.get(key, default)

    def text(
        self, key: str, default: str | None = None, shape: re.Pattern[str] | None = None
    ) -> str:
        value = self.get(key, default)
        if value is None:
            raise self.fail(key, "manque")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(key, "doit être un texte non vide")
        if shape is not None and not shape.fullmatch(value):
            raise self.fail(key, f"a une forme inattendue (« {value} »)")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, "doit être une liste")
        if not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(key, "ne doit contenir que des textes non vides")
        return tuple(item.strip() for item in value)

    def entries(self, key: str, name: str, required: bool = False) -> Iterator[_Entry]:
        value = self.get(key, [])
        if not isinstance(value, list) or (required and not value):
            raise self.fail(key, "doit être une liste" + (" non vide" if required else ""))
        for rank, item in enumerate(value, start=1):
            known = item.get("code") or item.get("id") if isinstance(item, dict) else None
            yield _Entry(item, f"{name} {known or f'n° {rank}'}")

    def done(self) -> None:
        unknown = [str(key) for key in self.raw if key not in self.read]
        if unknown:
            raise CodebookError(f"{self.place} : champ inconnu « {unknown[0]} ».")


def _codebook(entry: _Entry) -> Codebook:
    if entry.text("langue") != "fr":
        raise entry.fail("langue", "doit valoir « fr »")
    entry.text("licence", "")
    book = Codebook(
        id=entry.text("id", shape=_ID),
        version=entry.text("version"),
        title=entry.text("titre"),
        summary=entry.text("resume", ""),
        themes=tuple(_theme(theme) for theme in entry.entries("themes", "thème", required=True)),
        special=tuple(_code(c, "", "") for c in entry.entries("codes_de_relecture", "code")),
        facets=tuple(_facet(facet) for facet in entry.entries("facettes", "facette")),
        groupings=tuple(
            _grouping(group) for group in entry.entries("regroupements", "regroupement")
        ),
    )
    entry.done()
    _refuse_repeats("code", [code.code for code in book.all_codes()])
    _refuse_repeats("facette", [facet.id for facet in book.facets])
    _refuse_repeats("regroupement", [grouping.id for grouping in book.groupings])
    _refuse_unknown_themes(book)
    return book


def _theme(entry: _Entry) -> Theme:
    code = entry.text("code", shape=_CODE)
    theme = Theme(
        code=code,
        label=entry.text("libelle"),
        definition=entry.text("definition"),
        include=entry.text("inclure", ""),
        exclude=entry.text("exclure", ""),
        pillar=entry.text("pilier", ""),
        codes=tuple(
            _code(child, code, f"{entry.place}, ") for child in entry.entries("sous_themes", "code")
        ),
    )
    entry.done()
    return theme


def _code(entry: _Entry, theme: str, within: str) -> Code:
    entry.place = within + entry.place
    code = Code(
        code=entry.text("code", shape=_CODE),
        label=entry.text("libelle"),
        definition=entry.text("definition"),
        example=entry.text("exemple", ""),
        lemmas=entry.texts("lemmes"),
        theme=theme,
    )
    entry.done()
    return code


def _facet(entry: _Entry) -> Facet:
    multiple = entry.get("multiple", False)
    if not isinstance(multiple, bool):
        raise entry.fail("multiple", "doit valoir true ou false")
    facet = Facet(
        id=entry.text("id", shape=_ID),
        label=entry.text("libelle"),
        values=entry.texts("valeurs"),
        multiple=multiple,
        help=entry.text("aide", ""),
    )
    if not facet.values:
        raise entry.fail("valeurs", "doit contenir au moins une valeur")
    entry.done()
    _refuse_repeats(f"{entry.place} : valeur", list(facet.values))
    return facet


def _grouping(entry: _Entry) -> Grouping:
    raw = _Entry(entry.get("groupes", {}), f"{entry.place}, groupes").raw
    groups = []
    for name, content in raw.items():
        child = _Entry(content, f"{entry.place}, groupe {name}")
        groups.append(Group(str(name), child.text("libelle"), child.texts("themes")))
        child.done()
    grouping = Grouping(entry.text("id", shape=_ID), entry.text("libelle"), tuple(groups))
    entry.done()
    return grouping


def _refuse_repeats(what: str, names: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise CodebookError(f"{what} « {name} » présent {times} fois. Gardez-en un seul.")


def _refuse_unknown_themes(book: Codebook) -> None:
    known = {theme.code for theme in book.themes}
    for grouping in book.groupings:
        placed: set[str] = set()
        for group in grouping.groups:
            for theme in group.themes:
                place = f"regroupement {grouping.id}, groupe {group.id}"
                if theme not in known:
                    raise CodebookError(f"{place} : le thème « {theme} » n'existe pas.")
                if theme in placed:
                    raise CodebookError(f"{place} : le thème « {theme} » a déjà sa place.")
                placed.add(theme)
