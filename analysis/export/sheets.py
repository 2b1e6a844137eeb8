"""The synthesis as flat tables: what the two spreadsheet formats share.

Texts come out without French typography, so that sorting and searching find what was typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from analysis.document import Synthesis, TraceRow
from analysis.export.blocks import DRAFT, FICTITIOUS, NOT_CITABLE
from analysis.findings import NATURE_LABELS, Finding
from analysis.glyphs import clean
from analysis.quotations import Quotation

Cell = str | int | float
Row = tuple[Cell, ...]

# A spreadsheet takes these, even behind blanks or invisible signs, for the start of a formula;
# the wide forms are what some keyboards type, and some spreadsheets read.
_FORMULA = re.compile(r"[\s\ufeff\u00ad\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n]")

DOCUMENT_HEAD = ("Statut du document", "Avertissement", "Campagne", "Version")
PROOF_HEAD = (
    "Code du thème",
    "Thème",
    "Nature",
    "Constat",
    "Témoignages du constat",
    "Rencontres du constat",
    "Personnes du constat",
    "Extrait",
    "Témoignage",
    "Rencontre",
    "Peut être cité",
    "Imprimé avec le constat",
    "Position",
    "Paroles",
    "Début dans le texte",
    "Fin dans le texte",
    "Questionnaire",
    "Grille de codage",
    "Codeurs",
    "Identifiant du témoignage",
)


def neutral(text: str) -> str:
    """The cleaned text; an apostrophe before what a spreadsheet would take for a formula."""
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text


def cells(row: Row) -> Row:
    """A row ready to be written: numbers stay numbers, every text is neutralised."""
    return tuple(neutral(cell) if isinstance(cell, str) else cell for cell in row)


def proofs(synthesis: Synthesis) -> Iterator[Row]:
    """One row per finding and excerpt behind it, in the order of ``PROOF_HEAD``.

    Offsets are code points in the masked text; « Position » is known for printed excerpts only.
    """
    by_theme: defaultdict[str, list[TraceRow]] = defaultdict(list)
    for row in synthesis.trace.rows:
        by_theme[row.theme].append(row)
    for finding in synthesis.findings:
        for row in by_theme[finding.theme]:
            yield _proof(finding, row, synthesis.identity.codebook_version)


def document_cells(synthesis: Synthesis) -> Row:
    """What a row must carry to be understood away from its file, as ``DOCUMENT_HEAD`` says."""
    identity = synthesis.identity
    status = DRAFT if identity.draft else identity.status
    warning = FICTITIOUS if identity.fictitious else ""
    return status, warning, identity.campaign, identity.version


def printed(finding: Finding) -> dict[str, str]:
    """The excerpts printed with a finding, by id, each with the position it illustrates."""
    shown = {item.excerpt: "" for item in finding.excerpts}
    sides = {item.excerpt: side.label for side in finding.positions for item in side.quotations}
    return shown | sides


def _proof(finding: Finding, row: TraceRow, grid: str) -> Row:
    shown, item = printed(finding), row.quotation
    return (
        finding.theme,
        finding.theme_label,
        NATURE_LABELS[finding.nature],
        finding.sentence,
        finding.counts.testimonies,
        finding.counts.meetings,
        finding.counts.people,
        item.id,
        item.testimony_number,
        item.meeting,
        "non" if item.quote is None else "oui",
        "oui" if item.excerpt in shown else "non",
        shown.get(item.excerpt, ""),
        *_words(item),
        row.questionnaire,
        grid,
        ", ".join(row.coders),
        item.testimony,
    )


def _words(item: Quotation) -> Row:
    return (NOT_CITABLE, "", "") if item.quote is None else (item.quote, item.start, item.end)
