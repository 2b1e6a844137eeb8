"""A .qdpx file as a project and what must be said of it: nothing is left out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from analysis.refi import model
from analysis.refi.archive import Archive, guarded
from analysis.refi.remarks import Remark, gathered
from analysis.refi.sources import Sources
from analysis.refi.xml import child, children, guid, local, parse, said

UNREAD = {"Link": "link", "Graph": "graph"}
MEDIA = ("PDFSource", "PictureSource", "AudioSource", "VideoSource")


@dataclass(frozen=True, slots=True)
class Reading:
    """``remarks`` are gathered: one line a kind and a thing, with its count."""

    project: model.Project
    remarks: tuple[Remark, ...]


def read(data: bytes) -> Reading:
    """The project of a .qdpx; raises `RefiError` for what is not one, or would harm us."""
    archive = Archive(data)
    document, in_place = archive.project()
    remarks = [] if in_place else [Remark("folder", "le document du projet")]
    root = parse(document)
    with guarded():
        sources = Sources(archive)
        project = _project(root, sources)
        project = _without_strays(project, remarks)
        remarks += [*sources.remarks, *_left(root), *_twins(project)]
    return Reading(project, gathered(remarks))


def _project(root: Any, sources: Sources) -> model.Project:
    codes = child(child(root, "CodeBook"), "Codes")
    return model.Project(
        name=root.get("name", ""),
        origin=root.get("origin", ""),
        users=tuple(
            model.User(guid(item.get("guid")), item.get("name", ""))
            for item in children(child(root, "Users"), "User")
        ),
        codes=tuple(_code(item) for item in children(codes, "Code")),
        variables=tuple(
            model.Variable(guid(item.get("guid")), item.get("name", ""), said(item, "Description"))
            for item in children(child(root, "Variables"), "Variable")
        ),
        cases=tuple(_case(item) for item in children(child(root, "Cases"), "Case")),
        sources=tuple(
            source
            for item in children(child(root, "Sources"), "TextSource")
            if (source := sources.read(item)) is not None
        ),
        notes=tuple(
            model.Note(guid(item.get("guid")), item.get("name", ""), sources.note(item))
            for item in children(child(root, "Notes"), "Note")
        ),
        groups=tuple(_group(item) for item in children(child(root, "Sets"), "Set")),
        description=said(root, "Description"),
    )


def _code(element: Any) -> model.Code:
    return model.Code(
        guid=guid(element.get("guid")),
        name=element.get("name", ""),
        description=said(element, "Description"),
        color=element.get("color", ""),
        codable=element.get("isCodable", "true").strip() not in {"false", "0"},
        codes=tuple(_code(under) for under in children(element, "Code")),
    )


def _case(element: Any) -> model.Case:
    values = []
    for held in children(element, "VariableValue"):
        reference = child(held, "VariableRef")
        target = reference.get("targetGUID") if reference is not None else ""
        words = [item.text or "" for item in held if local(item).endswith("Value")]
        values.append((guid(target), "".join(words[:1])))
    return model.Case(
        guid=guid(element.get("guid")),
        name=element.get("name", ""),
        description=said(element, "Description"),
        values=tuple(values),
        sources=_targets(element, "SourceRef"),
    )


def _group(element: Any) -> model.Group:
    return model.Group(
        guid=guid(element.get("guid")),
        name=element.get("name", ""),
        description=said(element, "Description"),
        sources=_targets(element, "MemberSource"),
    )


def _targets(element: Any, name: str) -> tuple[str, ...]:
    return tuple(guid(item.get("targetGUID")) for item in children(element, name))


def _without_strays(project: model.Project, remarks: list[Remark]) -> model.Project:
    """The project without codings of codes that the file does not hold, said one by one."""
    known = {code.guid for code in project.all_codes()}

    def kept(codings: tuple[model.Coding, ...], where: str) -> tuple[model.Coding, ...]:
        found = tuple(coding for coding in codings if coding.code in known)
        if len(found) < len(codings):
            remarks.append(Remark("unknown_ref", where, len(codings) - len(found)))
        return found

    def whole(source: model.Source) -> model.Source:
        return replace(
            source,
            codings=kept(source.codings, source.name),
            selections=tuple(
                replace(passage, codings=kept(passage.codings, source.name))
                for passage in source.selections
            ),
        )

    return replace(project, sources=tuple(map(whole, project.sources)))


def _left(root: Any) -> Iterable[Remark]:
    """What this product has no place for: other media, relations, drawings."""
    for item in children(child(root, "Sources"), *MEDIA):
        yield Remark(local(item), item.get("name", ""))
    for family in ("Links", "Graphs"):
        for item in children(child(root, family), *UNREAD):
            yield Remark(UNREAD[local(item)], item.get("name", ""))


def _twins(project: model.Project) -> Iterable[Remark]:
    names = Counter(code.name.strip() for code in project.all_codes())
    for name, times in names.items():
        if times > 1:
            yield Remark("twice", name, times)
