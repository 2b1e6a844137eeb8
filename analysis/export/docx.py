"""The synthesis in Word's format: real headings, French language, accessible tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.outline import blocks, document_title

LANGUAGE = "fr-FR"
_TEXT_WIDTH_CM = 17.0
_SANS = "Arial"


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
    document.add_paragraph(document_title(synthesis), style="Title")
    new_page = False
    for block in blocks(synthesis):
        if block.kind == "page":
            new_page = True
            continue
        before = len(document.element.body)
        _WRITERS[block.kind](document, block, synthesis)
        if new_page:
            # A page break of its own would leave a blank page after a full one.
            document.element.body[before - 1].get_or_add_pPr().pageBreakBefore_val = True
            new_page = False
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


def _heading(document: Any, block: Block, _: Synthesis) -> None:
    document.add_heading(block.text, level=block.level)


def _text(document: Any, block: Block, _: Synthesis) -> None:
    document.add_paragraph(block.text)


def _strong(document: Any, block: Block, _: Synthesis) -> None:
    document.add_paragraph().add_run(block.text).bold = True


def _list(document: Any, block: Block, _: Synthesis) -> None:
    for item in block.items:
        document.add_paragraph(item, style="List Bullet")


def _quote(document: Any, block: Block, _: Synthesis) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.add_run("«\u00a0")
    paragraph.add_run(block.text)
    paragraph.add_run("\u00a0»")
    paragraph.add_run(f" [{block.note}]").italic = False


def _table(document: Any, block: Block, _: Synthesis) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document.add_paragraph(block.text, style="Caption")
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Table Grid")
    table.autofit = False
    unit = _TEXT_WIDTH_CM / sum(block.widths)
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Cm(unit * width)
    cells = iter(table._cells)  # one pass: asking a table for its rows one by one is quadratic
    for rank, row in enumerate((block.head, *block.rows)):
        for text, width in zip(row, block.widths, strict=True):
            cell = next(cells)
            cell.width = Cm(unit * width)
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(9)
            run.bold = rank == 0
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    for rank, line in enumerate(table._tbl.tr_lst):
        properties = line.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if rank == 0:
            properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _picture(document: Any, block: Block, synthesis: Synthesis) -> None:
    from docx.shared import Cm

    document.add_paragraph(block.text, style="Caption")
    picture = synthesis.pictures[block.picture]
    shape = document.add_picture(io.BytesIO(picture.png), width=Cm(_TEXT_WIDTH_CM))
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.text)


_WRITERS: Mapping[str, Callable[[Any, Block, Synthesis], None]] = {
    "heading": _heading,
    "text": _text,
    "lead": _strong,
    "notice": _strong,
    "list": _list,
    "quote": _quote,
    "table": _table,
    "picture": _picture,
}
