"""``synthese.csv``: one row per finding and excerpt, as a French spreadsheet opens it.

UTF-8 with a byte order mark, semicolons, CRLF between rows. The columns are ``HEAD``, in this
order: a new one is only ever added at the end.
"""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.document import Synthesis
from analysis.export.sheets import DOCUMENT_HEAD, PROOF_HEAD, cells, document_cells, proofs

HEAD = (*DOCUMENT_HEAD, *PROOF_HEAD)


def write(synthesis: Synthesis, path: Path) -> None:
    about = document_cells(synthesis)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEAD)
        writer.writerows(cells((*about, *row)) for row in proofs(synthesis))
