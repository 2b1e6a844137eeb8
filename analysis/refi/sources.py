"""The texts of a .qdpx and their passages, put back where they lie."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from analysis.refi import model
from analysis.refi.archive import Archive
from analysis.refi.remarks import Remark
from analysis.refi.repair import Passage, settle
from analysis.refi.xml import child, children, guid, position, said

INTERNAL = "internal://"


class Sources:
    """Reads the ``TextSource`` elements of one archive; ``remarks`` grows along the way."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.remarks: list[Remark] = []

    def read(self, element: Any) -> model.Source | None:
        """One source; None when its text cannot be had, which is said."""
        name = element.get("name", "")
        text = self._text(element, name)
        if text is None:
            return None
        held = list(children(element, "PlainTextSelection"))
        passages = [
            Passage(
                position(item.get("startPosition")),
                position(item.get("endPosition")),
                item.get("name", ""),
            )
            for item in held
        ]
        settled = settle(text, passages)
        # Each mended text is said once, with how many passages it has.
        self.remarks += [Remark(kind, name, len(held)) for kind in settled.mended]
        if settled.moved:
            self.remarks.append(Remark("moved", name, settled.moved))
        found = []
        for rank, (item, span) in enumerate(zip(held, settled.spans, strict=True)):
            if span is None:
                kind = "doubtful" if rank in settled.doubtful else "position"
                self.remarks.append(Remark(kind, name))
            else:
                found.append(_selection(item, span))
        return model.Source(
            guid=guid(element.get("guid")),
            name=name,
            text=settled.text,
            description=said(element, "Description"),
            selections=tuple(found),
            codings=_codings(element),
            notes=_notes(element),
        )

    def note(self, element: Any) -> str:
        """The words of a note, wherever they are kept; nothing when they cannot be had."""
        return self._text(element, element.get("name", "")) or ""

    def _text(self, element: Any, name: str) -> str | None:
        inline = child(element, "PlainTextContent")
        if inline is not None:
            return inline.text or ""
        given = element.get("plainTextPath", "").strip()
        rich = element.get("richTextPath", "").strip()
        if not given and rich.lower().endswith(".txt"):
            given = rich
            self.remarks.append(Remark("rich_path", name))
        if not given:
            self.remarks.append(Remark("rich_text" if rich else "missing", name))
            return None
        if not given.lower().startswith(INTERNAL):
            self.remarks.append(Remark("outside", name))
            return None
        inside = unquote(given[len(INTERNAL) :]).replace("\\", "/")
        found = self._archive.text(PurePosixPath(inside).name)
        if found is None:
            self.remarks.append(Remark("missing", name))
            return None
        data, in_place = found
        if not in_place:
            self.remarks.append(Remark("folder", name))
        return self._decoded(data, name)

    def _decoded(self, data: bytes, name: str) -> str:
        """The text with its byte order mark, which tells how passages were counted."""
        if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                self.remarks.append(Remark("encoding", name))
                return data.decode("cp1252", "replace")
        self.remarks.append(Remark("encoding", name))
        return data.decode("utf-16", "replace")


def _selection(element: Any, span: tuple[int, int]) -> model.Selection:
    return model.Selection(
        guid=guid(element.get("guid")),
        start=span[0],
        end=span[1],
        name=element.get("name", ""),
        description=said(element, "Description"),
        codings=_codings(element),
        notes=_notes(element),
    )


def _codings(element: Any) -> tuple[model.Coding, ...]:
    found = []
    for item in children(element, "Coding"):
        reference = child(item, "CodeRef")
        code = guid(reference.get("targetGUID")) if reference is not None else ""
        user = guid(item.get("creatingUser") or element.get("creatingUser"))
        found.append(model.Coding(guid(item.get("guid")), code, user, _notes(item)))
    return tuple(found)


def _notes(element: Any) -> tuple[str, ...]:
    return tuple(guid(item.get("targetGUID")) for item in children(element, "NoteRef"))
