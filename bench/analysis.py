"""The whole analysis of 5,000 coded testimonies: cold, then after fifty more, then its pages.

``python -m bench.analysis`` prints JSON: seconds, the most memory held, in MB, and milliseconds
of each page. Everything goes through the product: import, coding, the job, the pages.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import coded, words
from bench.__main__ import bring, peak, prepare, timed, visits, work
from survey_app.runtime import Runtime
from survey_app.services import run_parts
from survey_app.settings import Settings

SLUG = "bench"
TESTIMONIES, MORE = 5_000, 50
PAGES = (
    "mots",
    "mots/choix",
    "concordance?mot=logement",
    "specificites",
    "reseau",
    "classes",
    "classes/1",
    "plan",
    "ensemble",
    "saturation",
    "periodes",
    "entendus",
    "themes/LOG/constat",
    "reponses-proches",
    "tableaux",
)


def measure(testimonies: int = TESTIMONIES) -> dict[str, Any]:
    """Every figure, on an installation made for it and thrown away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = Runtime.start(Settings(folder / "instance", folder / "keys"))
        token = prepare(house)
        bring(house, words.write(folder / "a.csv", 0, testimonies), "texte")
        figures: dict[str, Any] = {
            "testimonies": testimonies,
            "words": sum(len(words.text(n).split()) for n in range(testimonies)),
            "excerpts": coded.code_all(house),
            "parts": len(run_parts.MODULES),
            "cold_s": timed("analyse à froid", lambda: work(house, "analyse", campaign=SLUG)),
        }
        bring(house, words.write(folder / "b.csv", testimonies, MORE), "texte")
        figures["after_50_s"] = timed(
            "analyse de 50 de plus", lambda: work(house, "analyse", campaign=SLUG)
        )
        figures["peak_mb"] = round(peak(), 1)
        paths = [f"/resultats/{SLUG}", *(f"/resultats/{SLUG}/{page}" for page in PAGES)]
        figures["pages_ms"] = visits(house, token, paths)
        figures["ratio_after_50"] = round(figures["after_50_s"] / figures["cold_s"], 3)
        return figures


if __name__ == "__main__":
    count = int(sys.argv[1]) if sys.argv[1:] else TESTIMONIES
    print(json.dumps(measure(count), ensure_ascii=False, indent=1))
