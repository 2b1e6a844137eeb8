"""The synthesis for LibreOffice: real styles, French language, accessible tables and pictures.

The body is built as markup and read by odfdo in one go: element by element, a long synthesis took
ten times longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.odt_markup import BROKEN, TEXT_WIDTH_CM, body, column, place
from analysis.export.outline import blocks, document_title
from analysis.export.packing import made_at, settle

STYLES = Path(__file__).parents[1] / "data" / "styles-odt.xml"
LANGUAGE = "fr-FR"
_THUMBNAIL = "Thumbnails/thumbnail.png"  # a picture of the model's empty page


def write(synthesis: Synthesis, path: Path) -> None:
    from odfdo import Document, Element  # heavy: only when a file is written

    document = Document("text")
    printed = blocks(synthesis)
    _dress(document, printed)
    _margins(document, synthesis)
    _properties(document, synthesis)
    for rank, picture in enumerate(synthesis.pictures):
        document.set_part(place(rank), picture.png)
        document.manifest.add_full_path(place(rank), "image/png")
    markup = "".join(body(synthesis, printed))
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
            f'<style:style style:name="Heading_20_{level}{BROKEN}" style:family="paragraph" '
            f'style:parent-style-name="Heading_20_{level}">'
            '<style:paragraph-properties fo:break-before="page" fo:margin-top="0cm"/>'
            "</style:style>",
            automatic=True,
        )
    for width, total in sorted(
        {(width, sum(item.widths)) for item in printed for width in item.widths}
    ):
        document.insert_style(
            f'<style:style style:name="{column(width, total)}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="'
            f'{TEXT_WIDTH_CM * width / total:.3f}cm"/></style:style>',
            automatic=True,
        )
    for level in document.styles.get_elements("//text:outline-level-style"):
        for name in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            level.set_attribute(name, "")
    document.set_language(LANGUAGE)
    document.del_part(_THUMBNAIL)
    document.manifest.del_full_path(_THUMBNAIL)


def _properties(document: Any, synthesis: Synthesis) -> None:
    meta = document.meta
    meta.title = document_title(synthesis)
    meta.subject = display(synthesis.question)
    meta.creator = meta.initial_creator = display(synthesis.identity.council)
    meta.creation_date = meta.date = made_at(synthesis)
    meta.language = LANGUAGE


def _margins(document: Any, synthesis: Synthesis) -> None:
    """Header: what the reader must not forget. Footer: page number of how many."""
    from odfdo import Element, Paragraph

    layout = document.styles.get_element("//style:page-layout")
    for name in ("header", "footer"):
        room = Element.from_tag("style:header-footer-properties")
        room.set_attribute("fo:min-height", "0.9cm")
        layout.get_element(f"style:{name}-style").append(room)
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
