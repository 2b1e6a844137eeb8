"""The synthesis for LibreOffice: real styles, French language, accessible tables and pictures."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.outline import blocks, document_title
from analysis.export.packing import settle

STYLES = Path(__file__).parents[1] / "data" / "styles-odt.xml"
LANGUAGE = "fr-FR"
_THUMBNAIL = "Thumbnails/thumbnail.png"  # a picture of the model's empty page
_TEXT_WIDTH_CM = 17.0
_TALLEST_CM = 20.0


def write(synthesis: Synthesis, path: Path) -> None:
    from odfdo import Document, Paragraph  # heavy: only when a file is written

    document = Document("text")
    _dress(document)
    _margins(document, synthesis)
    _properties(document, synthesis)
    body = document.body
    body.delete(body.get_paragraphs()[-1])  # the model's one empty paragraph
    body.append(Paragraph(document_title(synthesis), style="Title"))
    printed = blocks(synthesis)
    chapters = [item.text for item in printed if item.kind == "heading" and item.level == 1]
    anchors = iter(range(1, len(chapters) + 1))
    new_page = listed = False
    for block in printed:
        if block.kind == "page":
            if not listed:
                body.append(_contents(chapters))
            new_page = listed = True
            continue
        made = _WRITERS[block.kind](document, block, synthesis)
        if block.kind == "heading" and block.level == 1:
            _name(made[0], f"partie-{next(anchors)}")
        if new_page:
            _break(document, made[0])
            new_page = False
        body.extend(made)
    document.save(str(path))
    settle(path)


def _dress(document: Any) -> None:
    from odfdo import Element

    for style in Element.from_tag(STYLES.read_text(encoding="utf-8")).children:
        # LibreOffice reads how a table looks among the automatic styles only.
        table = (style.get_attribute_string("style:family") or "").startswith("table")
        document.insert_style(style.clone, automatic=table)
    for level in document.styles.get_elements("//text:outline-level-style"):
        for name in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            level.set_attribute(name, "")
    document.set_language(LANGUAGE)
    document.del_part(_THUMBNAIL)
    document.manifest.del_full_path(_THUMBNAIL)


def _properties(document: Any, synthesis: Synthesis) -> None:
    taken = synthesis.identity.taken_at
    made = datetime.fromisoformat(taken) if taken else datetime.now(UTC)
    made = made.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    meta = document.meta
    meta.title = document_title(synthesis)
    meta.subject = display(synthesis.question)
    meta.creator = meta.initial_creator = display(synthesis.identity.council)
    meta.creation_date = meta.date = made
    meta.language = LANGUAGE


def _margins(document: Any, synthesis: Synthesis) -> None:
    """Header: what the reader must not forget. Footer: page number of how many."""
    from odfdo import Element, Paragraph

    layout = document.styles.get_element("//style:page-layout")
    for place in ("header", "footer"):
        room = Element.from_tag("style:header-footer-properties")
        room.set_attribute("fo:min-height", "0.9cm")
        layout.get_element(f"style:{place}-style").append(room)
    said = [DRAFT] if synthesis.draft else []
    said += [display(FICTITIOUS)] if synthesis.identity.fictitious else []
    header, footer = Element.from_tag("style:header"), Element.from_tag("style:footer")
    header.append(Paragraph(" - ".join(said), style="Header"))
    line = Paragraph("Page ", style="Footer")
    for field, between in (("text:page-number", " sur "), ("text:page-count", "")):
        number = Element.from_tag(field)
        number.text = "1"
        line.append(number)
        line.append(between)
    footer.append(line)
    master = document.styles.get_element("//style:master-page")
    master.append(header)
    master.append(footer)


def _break(document: Any, first: Any) -> None:
    """Begin a page at this paragraph, by a style like its own."""
    parent = first.get_attribute("text:style-name")
    name = f"{parent}_page"
    if document.get_style("paragraph", name) is None:
        document.insert_style(
            f'<style:style style:name="{name}" style:family="paragraph" '
            f'style:parent-style-name="{parent}">'
            '<style:paragraph-properties fo:break-before="page"/></style:style>',
            automatic=True,
        )
    first.set_attribute("text:style-name", name)


def _name(heading: Any, anchor: str) -> None:
    from odfdo import Bookmark

    heading.append(Bookmark(anchor))


def _contents(chapters: list[str]) -> Any:
    """A list of links; LibreOffice can update it, which adds the page numbers."""
    from odfdo import TOC, IndexTitle, Link, Paragraph

    toc: Any = TOC(title="", name="Sommaire", protected=False, outline_level=1)
    toc.body = None  # makes an empty one
    title = IndexTitle(name="Sommaire_titre", style="Contents_20_Heading")
    title.append(Paragraph("Sommaire", style="Contents_20_Heading"))
    toc.body.append(title)
    for rank, chapter in enumerate(chapters, start=1):
        line = Paragraph(style="Contents_20_1")
        line.append(Link(f"#partie-{rank}", text=chapter))
        toc.body.append(line)
    return toc


def _heading(_: Any, block: Block, __: Synthesis) -> list[Any]:
    from odfdo import Header

    made = Header(block.level, block.text)
    made.set_attribute("text:style-name", f"Heading_20_{block.level}")  # `style=` is dropped
    return [made]


def _text(style: str, _: Any, block: Block, __: Synthesis) -> list[Any]:
    from odfdo import Paragraph

    return [Paragraph(block.text, style=style)]


def _list(_: Any, block: Block, __: Synthesis) -> list[Any]:
    from odfdo import List, ListItem, Paragraph

    made = List(style="Bullets")
    for item in block.items:
        line = ListItem()
        line.append(Paragraph(item, style="Text_20_body"))
        made.append(line)
    return [made]


def _quote(_: Any, block: Block, __: Synthesis) -> list[Any]:
    from odfdo import Paragraph, Span

    said = Paragraph(f"«\u00a0{block.text}\u00a0» ", style="Quotations")
    said.append(Span(f"[{block.note}]", style="Source"))
    return [said]


def _table(document: Any, block: Block, _: Synthesis) -> list[Any]:
    from odfdo import Element, Paragraph

    table = Element.from_tag("table:table")
    table.set_attribute("table:name", f"Tableau {len(document.body.get_tables()) + 1}")
    table.set_attribute("table:style-name", "Whole_20_width")
    for width in block.widths:
        column = Element.from_tag("table:table-column")
        column.set_attribute("table:style-name", _column(document, width, sum(block.widths)))
        table.append(column)
    head = Element.from_tag("table:table-header-rows")
    head.append(_row(block.head, "Head_20_cell", "Table_20_Heading"))
    table.append(head)
    for row in block.rows:
        table.append(_row(row, "Cell", "Table_20_Contents"))
    return [Paragraph(block.text, style="Caption"), table, Paragraph("", style="After_20_table")]


def _row(cells: tuple[str, ...], style: str, words: str) -> Any:
    from odfdo import Element, Paragraph

    row = Element.from_tag("table:table-row")
    row.set_attribute("table:style-name", "Whole_20_row")
    for text in cells:
        cell = Element.from_tag("table:table-cell")
        cell.set_attribute("table:style-name", style)
        cell.set_attribute("office:value-type", "string")
        cell.append(Paragraph(text, style=words))
        row.append(cell)
    return row


def _column(document: Any, width: int, total: int) -> str:
    name = f"Column_{width}_{total}"
    if document.get_style("table-column", name) is None:
        size = f"{_TEXT_WIDTH_CM * width / total:.3f}cm"
        document.insert_style(
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{size}"/></style:style>',
            automatic=True,
        )
    return name


def _picture(document: Any, block: Block, synthesis: Synthesis) -> list[Any]:
    from odfdo import DrawImage, Element, Frame, Paragraph

    png = synthesis.pictures[block.picture].png
    place = f"Pictures/image-{block.picture + 1}.png"
    document.set_part(place, png)
    document.manifest.add_full_path(place, "image/png")
    across, down = struct.unpack(">II", png[16:24])  # the size that every PNG begins with
    scale = min(_TEXT_WIDTH_CM / across, _TALLEST_CM / down)
    size = (f"{across * scale:.3f}cm", f"{down * scale:.3f}cm")
    name = f"Image {block.picture + 1}"
    frame = Frame(name=name, size=size, anchor_type="as-char")
    frame.append(DrawImage(place))
    for tag, text in (("svg:title", block.text), ("svg:desc", block.alt)):
        said = Element.from_tag(tag)
        said.text = text
        frame.append(said)
    line = Paragraph(style="Figure")
    line.append(frame)
    return [Paragraph(block.text, style="Caption"), line]


_WRITERS: Mapping[str, Callable[[Any, Block, Synthesis], list[Any]]] = {
    "heading": _heading,
    "text": partial(_text, "Text_20_body"),
    "lead": partial(_text, "Lead"),
    "notice": partial(_text, "Notice"),
    "list": _list,
    "quote": _quote,
    "table": _table,
    "picture": _picture,
}
