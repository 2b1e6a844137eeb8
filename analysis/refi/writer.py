"""A project as a .qdpx file: the order and names that the standard's schema asks for.

The same project gives the same bytes. Texts are UTF-8 without byte order mark, line feeds only.
"""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from analysis.refi import model
from analysis.refi.repair import carried, plain
from analysis.refi.xml import legal, library

EPOCH = (1980, 1, 1, 0, 0, 0)
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def write(project: model.Project, target: Path | IO[bytes]) -> None:
    """Write the whole file, at a path or in a stream; ``ValueError`` for a faulty GUID."""
    root = _project(project)
    document = library().tostring(root, xml_declaration=True, encoding="UTF-8")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("project.qde"), document)
        for source in project.sources:
            name = f"sources/{uuid.UUID(source.guid)}.txt"
            archive.writestr(_entry(name), plain(source.text).encode("utf-8", "replace"))


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that does not tell when it was made."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _project(project: model.Project) -> Any:
    space = model.NAMESPACE
    root = library().Element(f"{{{space}}}Project", nsmap={None: space})
    _set(root, name=project.name, origin=project.origin)
    users = _container(root, "Users", project.users)
    for user in project.users:
        _add(users, "User", guid=user.guid, name=user.name)
    if project.codes:
        codes = _add(_add(root, "CodeBook"), "Codes")
        for code in project.codes:
            _code(codes, code)
    variables = _container(root, "Variables", project.variables)
    for variable in project.variables:
        made = _add(
            variables, "Variable", guid=variable.guid, name=variable.name, typeOfVariable="Text"
        )
        _say(made, "Description", variable.description)
    cases = _container(root, "Cases", project.cases)
    for case in project.cases:
        _case(cases, case)
    sources = _container(root, "Sources", project.sources)
    for source in project.sources:
        _source(sources, source)
    notes = _container(root, "Notes", project.notes)
    for note in project.notes:
        made = _add(notes, "Note", guid=note.guid, name=note.name)
        _say(made, "PlainTextContent", note.text, always=True)
    sets = _container(root, "Sets", project.groups)
    for group in project.groups:
        made = _add(sets, "Set", guid=group.guid, name=group.name)
        _say(made, "Description", group.description)
        _refer(made, "MemberSource", group.sources)
    _say(root, "Description", project.description)
    return root


def _code(parent: Any, code: model.Code) -> None:
    made = _add(parent, "Code", guid=code.guid, name=code.name)
    made.set("isCodable", "true" if code.codable else "false")
    if _COLOR.fullmatch(code.color):
        made.set("color", code.color)
    _say(made, "Description", code.description)
    for under in code.codes:
        _code(made, under)


def _case(parent: Any, case: model.Case) -> None:
    made = _add(parent, "Case", guid=case.guid, name=case.name)
    _say(made, "Description", case.description)
    for variable, value in case.values:
        held = _add(made, "VariableValue")
        _refer(held, "VariableRef", [variable])
        _say(held, "TextValue", value, always=True)
    _refer(made, "SourceRef", case.sources)


def _source(parent: Any, source: model.Source) -> None:
    path = f"internal://{uuid.UUID(source.guid)}.txt"
    made = _add(parent, "TextSource", guid=source.guid, name=source.name)
    made.set("plainTextPath", path)
    _say(made, "Description", source.description)
    ends = [end for passage in source.selections for end in (passage.start, passage.end)]
    places = iter(carried(source.text, ends))
    for passage in source.selections:
        held = _add(made, "PlainTextSelection", guid=passage.guid)
        _set(held, name=passage.name)
        held.set("startPosition", str(next(places)))
        held.set("endPosition", str(next(places)))
        _say(held, "Description", passage.description)
        _codings(held, passage.codings)
        _refer(held, "NoteRef", passage.notes)
    _codings(made, source.codings)
    _refer(made, "NoteRef", source.notes)


def _codings(parent: Any, codings: Sequence[model.Coding]) -> None:
    for coding in codings:
        made = _add(parent, "Coding", guid=coding.guid)
        if coding.user:
            made.set("creatingUser", coding.user)
        _refer(made, "CodeRef", [coding.code])
        _refer(made, "NoteRef", coding.notes)


def _container(root: Any, name: str, items: Sequence[object]) -> Any:
    """The element that holds a family; nothing where the family is empty: some choke on it."""
    return _add(root, name) if items else None


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    made = library().SubElement(parent, f"{{{model.NAMESPACE}}}{tag}")
    _set(made, **attributes)
    return made


def _set(element: Any, **attributes: str) -> None:
    """Set attributes; an empty one is left out, unless the schema wants a name."""
    for name, value in attributes.items():
        if value or name == "name":
            element.set(name, legal(value))


def _say(parent: Any, tag: str, text: str, *, always: bool = False) -> None:
    if text or always:
        _add(parent, tag).text = legal(text)


def _refer(parent: Any, tag: str, guids: Sequence[str]) -> None:
    for guid in guids:
        _add(parent, tag, targetGUID=guid)
