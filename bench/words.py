"""Invented texts, always the same ones, of the lengths that people's contributions have."""

from __future__ import annotations

import csv
import random
from pathlib import Path

SUBJECTS = ("Le bus", "Ma voisine", "Le marché", "La mairie", "L’ascenseur", "Mon fils", "La place")
VERBS = ("passe", "attend", "ferme", "aide", "manque", "revient", "change", "coûte")
OBJECTS = ("devant l’école", "au city-stade", "trop tôt", "depuis trois ans", "avec les jeunes")
ENDS = ("et ça fait du bien.", "alors on s’arrange.", "mais personne ne répond.", "c’est dommage.")


def write(path: Path, first: int, count: int) -> Path:
    """A CSV of ``count`` texts numbered from ``first``: one to sixteen sentences each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "texte"])
        for number in range(first, first + count):
            writer.writerow([f"b{number}", text(number)])
    return path


def text(number: int) -> str:
    """The text of this number."""
    pick = random.Random(number)  # noqa: S311  # repeatable, not secret
    length = min(16, 1 + int(pick.expovariate(0.3)))
    parts = (SUBJECTS, VERBS, OBJECTS, ENDS)
    return " ".join(" ".join(pick.choice(part) for part in parts) for _ in range(length))
