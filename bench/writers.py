"""How long each writer takes on a long synthesis: sixty themes of twelve excerpts each."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import export
from analysis.codebook import load
from analysis.corpus import Campaign, Coding, Corpus, Excerpt, Meeting, Testimony
from analysis.document import Synthesis
from analysis.pictures import bars
from analysis.synthesis import draft
from bench import words

THEMES, EACH = 60, 12


def measure(folder: Path) -> dict[str, Any]:
    """Seconds and kilobytes of each format."""
    folder.mkdir(parents=True, exist_ok=True)
    synthesis = long_synthesis()
    figures: dict[str, Any] = {}
    for name in export.WRITERS:
        path = folder / f"longue.{name}"
        export.write(synthesis, name, path)  # the first time also loads the library
        began = time.perf_counter()
        export.write(synthesis, name, path)
        spent = round(time.perf_counter() - began, 2)
        figures[name] = {"seconds": spent, "kb": round(path.stat().st_size / 1000)}
    return figures


def long_synthesis() -> Synthesis:
    """One drafted theme, repeated under sixty names."""
    base = draft(_corpus(), load())
    (finding,) = base.findings
    themes = [(f"T{rank:02}", f"Thème numéro {rank}") for rank in range(1, THEMES + 1)]
    findings = [replace(finding, theme=code, theme_label=label) for code, label in themes]
    rows = [replace(row, theme=code) for code, _ in themes for row in base.trace.rows]
    chart = bars([(label, EACH) for _, label in themes], EACH)
    return replace(
        base,
        findings=tuple(findings),
        trace=replace(base.trace, rows=tuple(rows)),
        pictures=(chart,),
    )


def _corpus() -> Corpus:
    ranks = range(EACH)
    people = [
        Testimony(f"t{n}", n + 1, f"m{n % 4}", "QN", words.text(n), citable="yes") for n in ranks
    ]
    return Corpus(
        campaign=Campaign(slug="bench", title="Banc d’essai"),
        meetings=tuple(Meeting(f"m{n}", f"Rencontre {n}", "collectif", "QN") for n in range(4)),
        testimonies=tuple(people),
        excerpts=tuple(
            Excerpt(f"x{n}", n + 1, f"t{n}", 0, len(people[n].text), people[n].text) for n in ranks
        ),
        codings=tuple(
            Coding(f"x{n}", "LOG1", "a", {"tonalite": ("positive", "négative")[n % 2]})
            for n in ranks
        ),
    )
