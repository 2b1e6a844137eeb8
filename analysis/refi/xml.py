"""The project document as elements, read without ever following an entity or an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analysis.refi.archive import NOTHING, damaged
from analysis.refi.model import RefiError

_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?")
_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_POSITION = re.compile(r"\s*(-?[0-9]{1,9})\s*")


def library() -> Any:
    """lxml's ``etree``, loaded when a file is really written or read."""
    from lxml import etree

    return etree


def parse(data: bytes) -> Any:
    """The root element; `RefiError` for a document type, an entity, or anything but a project."""
    etree = library()
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise damaged() from None
    if root.getroottree().docinfo.doctype:
        raise RefiError(
            "Ce fichier est refusé : il déclare un type de document, ce qu’aucun logiciel "
            f"d’analyse ne fait. {NOTHING}"
        )
    if local(root) != "Project":
        raise damaged()
    return root


def local(element: Any) -> str:
    """The tag without its namespace: other versions of the standard change it."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any | None, *names: str) -> Iterator[Any]:
    """The children with one of these tags; none of an absent element."""
    if element is not None:
        yield from (child for child in element if local(child) in names)


def child(element: Any | None, name: str) -> Any | None:
    return next(children(element, name), None)


def said(element: Any | None, name: str) -> str:
    """The text of a child, or nothing."""
    found = child(element, name)
    return (found.text or "") if found is not None else ""


def guid(text: str | None) -> str:
    """A GUID as we keep it: lower case, no braces; what is not one stays as it is, stripped."""
    given = (text or "").strip().lower()
    found = _GUID.fullmatch(given)
    return found[1] if found else given


def position(text: str | None) -> int:
    """An offset; -1 for what is not a reasonable number."""
    found = _POSITION.fullmatch(text or "")
    return int(found[1]) if found else -1


def legal(text: str) -> str:
    """The text with a replacement character for each that XML cannot hold."""
    return _INVALID.sub("\ufffd", text)
