"""The pieces a document is made of, their texts ready to print.

Typography is applied to our own sentences, and never to a quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.document import Synthesis
from analysis.export.typography import french
from analysis.glyphs import clean
from analysis.quotations import Quotation

DRAFT = "BROUILLON"
FICTITIOUS = "Démonstration : témoignages inventés"
NOT_CITABLE = "extrait non citable"

Kind = Literal["heading", "text", "lead", "notice", "list", "quote", "table", "picture", "page"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the document.

    ``text`` is a heading, a paragraph, a quotation, or the caption of a table or a picture;
    ``note`` says where a quotation comes from; ``picture`` is a rank in the synthesis's pictures.
    ``widths`` are the relative widths of a table's columns; ``theme`` names the finding whose
    heading, or whose number of excerpts, this is.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    note: str = ""
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    picture: int = 0
    alt: str = ""
    theme: str = ""


def display(text: str) -> str:
    """Our own text, ready to print."""
    return french(clean(text))


def heading(text: str, level: int = 1, theme: str = "") -> Block:
    return Block("heading", display(text), level, theme=theme)


def paragraph(text: str, kind: Kind = "text", theme: str = "") -> Block:
    return Block(kind, display(text), theme=theme)


def bullets(items: Iterable[str]) -> Block:
    return Block("list", items=tuple(display(item) for item in items))


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int] = ()
) -> Block:
    return Block(
        "table",
        display(caption),
        head=tuple(display(cell) for cell in head),
        rows=tuple(tuple(clean(cell) for cell in row) for row in rows),
        widths=tuple(widths) or (1,) * len(head),
    )


def figure(synthesis: Synthesis, rank: int) -> Block:
    picture = synthesis.pictures[rank]
    return Block("picture", display(picture.title), picture=rank, alt=display(picture.alt))


def quote(item: Quotation) -> Block:
    source = f"{item.id}, témoignage {item.testimony_number}"
    source = f"{source}, {item.meeting}" if item.meeting else source
    if item.quote is None:
        return paragraph(f"[{NOT_CITABLE} : {source}]")
    return Block("quote", clean(item.quote), note=display(source))
