"""The body of an ODT document as markup, from blocks: every text passes through ``_inline``."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from xml.sax.saxutils import escape

from analysis.document import Synthesis
from analysis.export.blocks import Block
from analysis.export.outline import document_title

TEXT_WIDTH_CM = 17.0
BROKEN = "_page"  # a style like another one, that also begins a page
_TALLEST_CM = 20.0
_BLANKS = re.compile("^ +| {2,}| $|[\n\t]")


def body(synthesis: Synthesis, printed: Sequence[Block]) -> Iterator[str]:
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
    style = f"Heading_20_{block.level}{BROKEN if new_page else ''}"
    named = f'<text:bookmark text:name="{anchor}"/>' if anchor else ""
    return (
        f'<text:h text:style-name="{style}" text:outline-level="{block.level}">{named}'
        f"{_inline(block.text)}</text:h>"
    )


def _contents(chapters: Sequence[str]) -> str:
    """A list of links, each with the page that LibreOffice finds it on."""
    lines = "".join(
        f'<text:p text:style-name="Contents_20_1"><text:a xlink:type="simple" '
        f'xlink:href="#partie-{rank}">{_inline(chapter)}</text:a>'
        f'<text:tab/><text:bookmark-ref text:reference-format="page" '
        f'text:ref-name="partie-{rank}"/></text:p>'
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
        f"<text:list-item>{_paragraph('List_20_Contents', item)}</text:list-item>"
        for item in block.items
    )
    return f'<text:list text:style-name="Bullets">{items}</text:list>'


def _quote(block: Block, _: Synthesis) -> str:
    said = _inline(f"«\u00a0{block.text}\u00a0» ")
    source = f'<text:span text:style-name="Source">{_inline(f"[{block.note}]")}</text:span>'
    return f'<text:p text:style-name="Quotations">{said}{source}</text:p>'


def column(width: int, total: int) -> str:
    return f"Column_{width}_{total}"


def _table(block: Block, rank: int) -> str:
    total = sum(block.widths)
    columns = "".join(
        f'<table:table-column table:style-name="{column(width, total)}"/>' for width in block.widths
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


def place(rank: int) -> str:
    return f"Pictures/image-{rank + 1}.png"


def _picture(block: Block, synthesis: Synthesis) -> str:
    png = synthesis.pictures[block.picture].png
    across, down = struct.unpack(">II", png[16:24])  # the size that every PNG begins with
    scale = min(TEXT_WIDTH_CM / across, _TALLEST_CM / down)
    size = f'svg:width="{across * scale:.3f}cm" svg:height="{down * scale:.3f}cm"'
    return (
        f"{_paragraph('Caption', block.text)}"
        f'<text:p text:style-name="Figure"><draw:frame draw:name="Image {block.picture + 1}" '
        f'text:anchor-type="as-char" {size}><draw:image xlink:type="simple" xlink:show="embed" '
        f'xlink:actuate="onLoad" xlink:href="{place(block.picture)}"/>'
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
