"""The synthesis for LibreOffice: real styles, French language, accessible tables and pictures.

The body is built as markup and read by odfdo in one go: element by element, a long synthesis took
ten times longer. Every text passes through ``_inline`` or ``escape``.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.outline import blocks, document_title
from analysis.export.packing import settle

STYLES = Path(__file__).parents[1] / "data" / "styles-odt.xml"
LANGUAGE = "fr-FR"
_THUMBNAIL = "Thumbnails/thumbnail.png"  # a picture of the model's empty page
_TEXT_WIDTH_CM = 17.0
_TALLEST_CM = 20.0
_BLANKS = re.compile("^ +| {2,}|[\n\t]")
_BROKEN = "_page"  # a style like another one, that also begins a page


def write(synthesis: Synthesis, path: Path) -> None:
    from odfdo import Document, Element  # heavy: only when a file is written

    document = Document("text")
    printed = blocks(synthesis)
    _dress(document, printed)
    _margins(document, synthesis)
    _properties(document, synthesis)
    for rank, picture in enumerate(synthesis.pictures):
        document.set_part(_place(rank), picture.png)
        document.manifest.add_full_path(_place(rank), "image/png")
    markup = "".join(_body(synthesis, printed))
    document.body.clear()
    document.body.extend(Element.from_tag(f"<office:text>{markup}</office:text>").children)
    document.save(str(path))
    settle(path)


def _dress(document: Any, printed: Sequence[Block]) -> None:
    from odfdo import Element

    for style in Element.from_tag(STYLES.read_text(encoding="utf-8")).children:
        # LibreOffice reads how a table looks among the automatic styles only.
        table = (style.get_attribute_string("style:family") or "").startswith("table")
        document.insert_style(style.clone, automatic=table)
    for level in (1, 2, 3):
        document.insert_style(
            f'<style:style style:name="Heading_20_{level}{_BROKEN}" style:family="paragraph" '
            f'style:parent-style-name="Heading_20_{level}">'
            '<style:paragraph-properties fo:break-before="page"/></style:style>',
            automatic=True,
        )
    for width, total in sorted(
        {(width, sum(item.widths)) for item in printed for width in item.widths}
    ):
        document.insert_style(
            f'<style:style style:name="{_column(width, total)}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="'
            f'{_TEXT_WIDTH_CM * width / total:.3f}cm"/></style:style>',
            automatic=True,
        )
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


def _body(synthesis: Synthesis, printed: Sequence[Block]) -> Iterator[str]:
    chapters = [item.text for item in printed if item.kind == "heading" and item.level == 1]
    met, tables, new_page, listed = 0, 0, False, False
    yield _paragraph("Title", document_title(synthesis))
    for block in printed:
        if block.kind == "page":
            if not listed:
                yield _contents(chapters)
            new_page = listed = True
        elif block.kind == "heading":
            chapter = block.level == 1
            met += chapter
            yield _heading(block, f"partie-{met}" if chapter else "", new_page)
            new_page = False
        elif block.kind == "table":
            tables += 1
            yield _table(block, tables)
        else:
            yield _WRITERS[block.kind](block, synthesis)


def _inline(text: str) -> str:
    """Text as ODF holds it: blanks that XML would fold, tabs and line ends have their elements."""

    def blank(found: re.Match[str]) -> str:
        if found[0] in "\n\t":
            return "<text:line-break/>" if found[0] == "\n" else "<text:tab/>"
        return f'<text:s text:c="{len(found[0])}"/>'

    return _BLANKS.sub(blank, escape(text))


def _paragraph(style: str, text: str) -> str:
    return f'<text:p text:style-name="{style}">{_inline(text)}</text:p>'


def _heading(block: Block, anchor: str, new_page: bool) -> str:
    style = f"Heading_20_{block.level}{_BROKEN if new_page else ''}"
    named = f'<text:bookmark text:name="{anchor}"/>' if anchor else ""
    return (
        f'<text:h text:style-name="{style}" text:outline-level="{block.level}">{named}'
        f"{_inline(block.text)}</text:h>"
    )


def _contents(chapters: Sequence[str]) -> str:
    """A list of links; LibreOffice can update it, which adds the page numbers."""
    lines = "".join(
        f'<text:p text:style-name="Contents_20_1"><text:a xlink:type="simple" '
        f'xlink:href="#partie-{rank}">{_inline(chapter)}</text:a></text:p>'
        for rank, chapter in enumerate(chapters, start=1)
    )
    return (
        '<text:table-of-content text:name="Sommaire">'
        '<text:table-of-content-source text:outline-level="1">'
        '<text:index-title-template text:style-name="Contents_20_Heading">Sommaire'
        "</text:index-title-template></text:table-of-content-source><text:index-body>"
        '<text:index-title text:name="Titre du sommaire">'
        f"{_paragraph('Contents_20_Heading', 'Sommaire')}</text:index-title>"
        f"{lines}</text:index-body></text:table-of-content>"
    )


def _text(style: str, block: Block, _: Synthesis) -> str:
    return _paragraph(style, block.text)


def _list(block: Block, _: Synthesis) -> str:
    items = "".join(
        f"<text:list-item>{_paragraph('Text_20_body', item)}</text:list-item>"
        for item in block.items
    )
    return f'<text:list text:style-name="Bullets">{items}</text:list>'


def _quote(block: Block, _: Synthesis) -> str:
    said = _inline(f"«\u00a0{block.text}\u00a0» ")
    source = f'<text:span text:style-name="Source">{_inline(f"[{block.note}]")}</text:span>'
    return f'<text:p text:style-name="Quotations">{said}{source}</text:p>'


def _column(width: int, total: int) -> str:
    return f"Column_{width}_{total}"


def _table(block: Block, rank: int) -> str:
    total = sum(block.widths)
    columns = "".join(
        f'<table:table-column table:style-name="{_column(width, total)}"/>'
        for width in block.widths
    )
    head = _row(block.head, "Head_20_cell", "Table_20_Heading")
    rows = "".join(_row(row, "Cell", "Table_20_Contents") for row in block.rows)
    return (
        f"{_paragraph('Caption', block.text)}"
        f'<table:table table:name="Tableau {rank}" table:style-name="Whole_20_width">{columns}'
        f"<table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"
        f"{_paragraph('After_20_table', '')}"
    )


def _row(cells: Sequence[str], style: str, words: str) -> str:
    filled = "".join(
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"{_paragraph(words, text)}</table:table-cell>"
        for text in cells
    )
    return f'<table:table-row table:style-name="Whole_20_row">{filled}</table:table-row>'


def _place(rank: int) -> str:
    return f"Pictures/image-{rank + 1}.png"


def _picture(block: Block, synthesis: Synthesis) -> str:
    png = synthesis.pictures[block.picture].png
    across, down = struct.unpack(">II", png[16:24])  # the size that every PNG begins with
    scale = min(_TEXT_WIDTH_CM / across, _TALLEST_CM / down)
    size = f'svg:width="{across * scale:.3f}cm" svg:height="{down * scale:.3f}cm"'
    return (
        f"{_paragraph('Caption', block.text)}"
        f'<text:p text:style-name="Figure"><draw:frame draw:name="Image {block.picture + 1}" '
        f'text:anchor-type="as-char" {size}><draw:image xlink:type="simple" xlink:show="embed" '
        f'xlink:actuate="onLoad" xlink:href="{_place(block.picture)}"/>'
        f"<svg:title>{escape(block.text)}</svg:title><svg:desc>{escape(block.alt)}</svg:desc>"
        "</draw:frame></text:p>"
    )


_WRITERS: Mapping[str, Callable[[Block, Synthesis], str]] = {
    "text": partial(_text, "Text_20_body"),
    "lead": partial(_text, "Lead"),
    "notice": partial(_text, "Notice"),
    "list": _list,
    "quote": _quote,
    "picture": _picture,
}
