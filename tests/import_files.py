"""The same invented words in every format that an import reads, made by each format's library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document as Docx
from odfdo import Cell, Document, Paragraph
from odfdo import Row as OdfRow
from odfdo import Table as OdfTable
from openpyxl import Workbook

Rows = Sequence[Sequence[str]]
HEADER = ("numéro", "contribution", "quand", "lieu", "thème")
ROWS: Rows = (
    ("c1", "Le hall est sale depuis un an.\nPersonne ne vient.", "2026-03-01", "ici", "logement"),
    ("c2", "=1+1, c’est ce que dit le bailleur  (deux espaces).", "2026-03-02", "là", "logement"),
    ("c3", "On danse 💃🏽 au city-stade, E\u0301loi aussi.", "2026-03-03", "QP034020", "jeunesse"),
)
TALK = (
    ("", "Entretien du 3 mars"),
    ("Enquêtrice", "Comment va le quartier ?"),
    ("Karima", "Le bus ne passe plus."),
    ("", "On marche, avec les courses."),
    ("Enquêtrice", "Et le soir ?"),
    ("Karima", "Le soir : personne."),
    ("Jean", "Moi je prends mon vélo."),
    ("Jean", "Toujours."),
)


def paragraphs() -> list[str]:
    return [f"{who} : {words}" if who else words for who, words in TALK]


def csv_file(rows: Rows = (HEADER, *ROWS), separator: str = ";", encoding: str = "utf-8") -> bytes:
    quoted = (separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join(quoted).encode(encoding)


def xlsx_file(rows: Rows = (HEADER, *ROWS)) -> bytes:
    book, data = Workbook(), io.BytesIO()
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = book.worksheets[0].cell(number, column, text)
            cell.data_type = "s"
    book.save(data)
    return data.getvalue()


def ods_file(rows: Rows = (HEADER, *ROWS)) -> bytes:
    document, data = Document("spreadsheet"), io.BytesIO()
    document.body.clear()
    table = OdfTable("Feuille1")
    for row in rows:
        line = OdfRow()
        for text in row:
            cell = Cell(cell_type="string")
            for part in text.split("\n"):
                cell.append(Paragraph(part))
            line.append_cell(cell)
        table.append_row(line)
    document.body.append(table)
    document.save(data)
    return data.getvalue()


def docx_file(texts: Sequence[str] | None = None) -> bytes:
    document, data = Docx(), io.BytesIO()
    for text in texts or paragraphs():
        document.add_paragraph(text)
    document.save(data)
    return data.getvalue()


def odt_file(texts: Sequence[str] | None = None) -> bytes:
    document, data = Document("text"), io.BytesIO()
    document.body.clear()
    for text in texts or paragraphs():
        document.body.append(Paragraph(text))
    document.save(data)
    return data.getvalue()


def txt_file(texts: Sequence[str] | None = None) -> bytes:
    return "\r\n".join(texts or paragraphs()).encode()


TABLES = {".csv": csv_file, ".xlsx": xlsx_file, ".ods": ods_file}
TRANSCRIPTS = {".docx": docx_file, ".odt": odt_file, ".txt": txt_file}


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A zipped document with one of its parts replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            target.writestr(entry, content if entry.filename == name else source.read(entry))
    return made.getvalue()
