"""Writers of a synthesis: one per format, each named once in ``WRITERS``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from analysis.document import Synthesis
from analysis.export import csv, docx, html, json_writer, odt, pdf, xlsx

Writer = Callable[[Synthesis, Path], None]

WRITERS: Mapping[str, Writer] = {
    "docx": docx.write,
    "odt": odt.write,
    "pdf": pdf.write,
    "xlsx": xlsx.write,
    "csv": csv.write,
    "html": html.write,
    "json": json_writer.write,
}


class UnknownFormatError(ValueError):
    """No writer bears that name; the message says so in French."""


def write(synthesis: Synthesis, format: str, path: Path) -> None:
    """Write the file whole or not at all: a failure leaves what was there before.

    Raises ``UnknownFormatError`` for a format that is not in ``WRITERS``.
    """
    if format not in WRITERS:
        known = ", ".join(sorted(WRITERS))
        raise UnknownFormatError(
            f"Le format « {format} » n'existe pas. Rien n'a été écrit. Formats possibles : {known}."
        )
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=f".{format}", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        WRITERS[format](synthesis, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
