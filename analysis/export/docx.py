"""The synthesis in Word's format: real headings, French language, accessible tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.outline import blocks, document_title

LANGUAGE = "fr-FR"
_TEXT_WIDTH_CM = 17.0
_SANS = "Arial"


@dataclass(frozen=True, slots=True)
class _Body:
    """What a block is written into. ``styles``: the id of each style, by name.

    The library searches the whole style sheet each time that a paragraph names its style.
    """

    document: Any
    synthesis: Synthesis
    styles: Mapping[str, str]

    def paragraph(self, text: str, style: str) -> Any:
        paragraph = self.document.add_paragraph(text)
        paragraph._p.style = self.styles[style]
        return paragraph


def write(synthesis: Synthesis, path: Path) -> None:
    from docx import Document  # heavy: only when a file is written
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _speak_french(document)
    _properties(document, synthesis)
    _margins(section, synthesis)
    body = _Body(document, synthesis, {style.name: style.style_id for style in document.styles})
    body.paragraph(document_title(synthesis), "Title")
    page_from: int | None = None
    for block in blocks(synthesis):
        if block.kind == "page":
            page_from = len(document.element.body)
            continue
        _WRITERS[block.kind](body, block)
        if page_from is not None:
            # A page break of its own would leave a blank page after a full one.
            document.element.body[page_from - 1].get_or_add_pPr().pageBreakBefore_val = True
            page_from = None
    document.save(str(path))


def _speak_french(document: Any) -> None:
    """Word's own template says en-US, a Western font by theme, and blue headings."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
        language.set(qn("w:eastAsia"), LANGUAGE)
    sizes = {"Normal": 11, "Title": 24, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
    for name in (*sizes, "Quote", "List Bullet", "Caption"):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        style.font.name = _SANS
        style.font.size = Pt(sizes.get(name, 11))
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    document.styles["Quote"].paragraph_format.left_indent = Pt(18)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.space_before = Pt(10)


def _properties(document: Any, synthesis: Synthesis) -> None:
    core = document.core_properties
    core.title = document_title(synthesis)[:255]
    core.author = display(synthesis.identity.council)[:255]
    core.language = LANGUAGE
    core.subject = display(synthesis.question)[:255]
    core.comments = ""
    core.last_modified_by = ""
    taken = synthesis.identity.taken_at
    core.created = core.modified = datetime.fromisoformat(taken) if taken else datetime.now(UTC)


def _margins(section: Any, synthesis: Synthesis) -> None:
    """Header: what the reader must not forget. Footer: page number of how many."""
    said = [DRAFT] if synthesis.draft else []
    said += [display(FICTITIOUS)] if synthesis.identity.fictitious else []
    header = section.header.paragraphs[0]
    header.add_run(" - ".join(said)).bold = True
    header.alignment = 1
    footer = section.footer.paragraphs[0]
    footer.alignment = 1
    footer.add_run("Page ")
    _field(footer, "PAGE")
    footer.add_run(" sur ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _heading(body: _Body, block: Block) -> None:
    body.paragraph(block.text, f"Heading {block.level}")


def _text(body: _Body, block: Block) -> None:
    body.document.add_paragraph(block.text)


def _strong(body: _Body, block: Block) -> None:
    body.document.add_paragraph().add_run(block.text).bold = True


def _list(body: _Body, block: Block) -> None:
    for item in block.items:
        body.paragraph(item, "List Bullet")


def _quote(body: _Body, block: Block) -> None:
    paragraph = body.paragraph("", "Quote")
    paragraph.add_run("«\u00a0")
    paragraph.add_run(block.text)
    paragraph.add_run("\u00a0»")
    paragraph.add_run(f" [{block.note}]").italic = False


def _table(body: _Body, block: Block) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    body.paragraph(block.text, "Caption")
    table = body.document.add_table(rows=1 + bool(block.rows), cols=len(block.head))
    table._tbl.tblStyle_val = body.styles["Table Grid"]
    table.autofit = False
    unit = _TEXT_WIDTH_CM / sum(block.widths)
    widths = [Cm(unit * width) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for rank, row in enumerate(table.rows):
        _dress(row.cells, widths, bold=rank == 0)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    head, *model = table._tbl.tr_lst
    head.trPr.append(OxmlElement("w:tblHeader"))
    _fill(head, block.head)
    # Dressed once and copied: the library takes a hundred steps to dress one cell.
    lines = [*model, *(deepcopy(model[0]) for _ in block.rows[1:])]
    for line, texts in zip(lines, block.rows, strict=True):
        _fill(line, texts)
    table._tbl.extend(lines)
    body.document.add_paragraph()


def _dress(cells: Sequence[Any], widths: Sequence[int], *, bold: bool) -> None:
    """Width, weight and spacing of each cell of a line, with one empty run to fill."""
    from docx.shared import Pt

    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run()
        run.font.size = Pt(9)
        run.bold = bold
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def _fill(line: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(line.tc_lst, texts, strict=True):
        cell.p_lst[0].r_lst[0].text = text


def _picture(body: _Body, block: Block) -> None:
    from docx.shared import Cm

    body.paragraph(block.text, "Caption")
    picture = body.synthesis.pictures[block.picture]
    shape = body.document.add_picture(io.BytesIO(picture.png), width=Cm(_TEXT_WIDTH_CM))
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.text)


_WRITERS: Mapping[str, Callable[[_Body, Block], None]] = {
    "heading": _heading,
    "text": _text,
    "lead": _strong,
    "notice": _strong,
    "list": _list,
    "quote": _quote,
    "table": _table,
    "picture": _picture,
}
