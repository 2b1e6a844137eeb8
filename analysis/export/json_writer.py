"""``synthese.json``: the synthesis for machines, each quotation exactly as the masked text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.document import Synthesis, TraceRow, fingerprint, plain
from analysis.findings import NATURE_LABELS, Finding
from analysis.quotations import Quotation


def as_json(synthesis: Synthesis) -> dict[str, Any]:
    """What the file holds; only excerpts that may be quoted are listed with their words."""
    return {
        "format": "paroles-synthese",
        "format_version": 1,
        "identity": plain(synthesis.identity),
        "draft": synthesis.draft,
        "codebook_version": synthesis.identity.codebook_version,
        "fingerprint": fingerprint(synthesis),
        "question": synthesis.question,
        "axes": list(synthesis.axes),
        "criteria": list(synthesis.criteria),
        "essentials": plain(synthesis.essentials),
        "listening": plain(synthesis.listening),
        "representativeness": synthesis.heard.representativeness,
        "heard": plain(synthesis.heard),
        "findings": [_finding(finding) for finding in synthesis.findings],
        "no_disagreement_because": synthesis.silence,
        "resources": [_voices(item) for item in synthesis.resources],
        "proposals": [_voices(item) for item in synthesis.proposals],
        "limits": list(synthesis.limits),
        "exploratory": plain(synthesis.exploratory),
        "traceability": [_row(row, synthesis) for row in synthesis.trace.rows],
        "exclusions": dict(synthesis.trace.exclusions),
        "maskings": dict(synthesis.trace.maskings),
        "pictures": [
            {"name": picture.name, "alt": picture.alt, "rows": plain(picture.rows)}
            for picture in synthesis.pictures
        ],
    }


def write(synthesis: Synthesis, path: Path) -> None:
    text = json.dumps(as_json(synthesis), ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def _finding(finding: Finding) -> dict[str, Any]:
    printed = [*finding.excerpts, *(item for side in finding.positions for item in side.quotations)]
    return {
        "theme": finding.theme,
        "theme_label": finding.theme_label,
        "nature": finding.nature,
        "nature_label": NATURE_LABELS[finding.nature],
        "sentence": finding.sentence,
        "counts": plain(finding.counts),
        "excerpts": _citable(printed),
        "positions": [
            {
                "label": side.label,
                "testimonies": side.testimonies,
                "excerpts": _citable(side.quotations),
            }
            for side in finding.positions
        ],
        "nuance": finding.nuance,
        "limit": finding.limit,
    }


def _citable(quotations: Iterable[Quotation]) -> list[dict[str, Any]]:
    unique = {item.excerpt: item for item in quotations if item.quote is not None}
    return [
        {
            "id": item.id,
            "testimony": item.testimony,
            "start": item.start,
            "end": item.end,
            "quote": item.quote,
        }
        for item in unique.values()
    ]


def _voices(item: Any) -> dict[str, Any]:
    return {
        "theme": item.theme,
        "theme_label": item.label,
        "testimonies": item.testimonies,
        "excerpts": _citable(item.quotations),
    }


def _row(row: TraceRow, synthesis: Synthesis) -> dict[str, Any]:
    return {
        "theme": row.theme,
        "excerpt": row.quotation.id,
        "testimony": row.quotation.testimony,
        "testimony_number": row.quotation.testimony_number,
        "meeting": row.quotation.meeting,
        "questionnaire": row.questionnaire,
        "codebook_version": synthesis.identity.codebook_version,
        "coders": list(row.coders),
        "citable": row.quotation.quote is not None,
    }
