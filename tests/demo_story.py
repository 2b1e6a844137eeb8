"""The demonstration's files, read once, with what the tests ask of each testimony."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from questionnaires import answers as filled
from questionnaires import library
from questionnaires.adapt import testimony_part
from questionnaires.model import Questionnaire
from survey_app.services import demo

Q01, Q02, Q03 = "Q01-entretien-individuel", "Q02-entretien-collectif", "Q03-micro-trottoir"
Q04, Q05 = "Q04-porteur-de-paroles", "Q05-marche-exploratoire"
METHOD_OF = {
    Q01: "individuel",
    Q02: "collectif",
    Q03: "micro_trottoir",
    Q04: "porteur_de_paroles",
    Q05: "marche",
}
ROOT = Path(__file__).resolve().parents[1]
GRID = yaml.safe_load(
    (ROOT / "analysis" / "data" / "contrat-de-ville.yaml").read_text(encoding="utf-8")
)
THEME_OF = {sub["code"]: theme["code"] for theme in GRID["themes"] for sub in theme["sous_themes"]}
THEMES = [theme["code"] for theme in GRID["themes"]]
CAMPAIGN = demo.read("campaign.yaml")
STORY: list[dict[str, Any]] = demo.testimonies()
CODED = [item for item in STORY if "state" not in item]
MEETINGS = {meeting["key"]: meeting for meeting in demo.meetings()}
SECTORS = {
    place["code"]: {sector["name"] for sector in place["sectors"]}
    for place in CAMPAIGN["neighbourhoods"]
}
ROLES = {account["login"]: set(account["roles"]) for account in CAMPAIGN["accounts"]}


@cache
def form(name: str) -> Questionnaire:
    """What a shipped questionnaire asks at each testimony."""
    return testimony_part(library.load(name))


def voices(meeting: str) -> list[dict[str, Any]]:
    return [item for item in STORY if item["meeting"] == meeting]


def raw_text(item: dict[str, Any]) -> str:
    """The open answers, joined as the product joins them."""
    return filled.open_text(form(item["questionnaire"]), item["answers"])[0]


def spans(item: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    """Where each masked passage stands, in order of appearance."""
    text, found = raw_text(item), []
    for mask in item["mask"]:
        starts = [match.start() for match in re.finditer(re.escape(mask["words"]), text)]
        assert starts, f"{mask['words']} is not in the text"
        assert len(starts) == 1 or "occurrence" in mask, f"which {mask['words']}?"
        start = starts[mask.get("occurrence", 1) - 1]
        found.append((start, start + len(mask["words"]), mask["category"], mask["words"]))
    return sorted(found)


def masked_text(item: dict[str, Any]) -> str:
    """Placeholders numbered per category and distinct word: same words, same number."""
    text, numbers = raw_text(item), defaultdict[str, dict[str, int]](dict)
    pieces, position = [], 0
    for start, end, category, words in spans(item):
        assert start >= position, "two masks overlap"
        known = numbers[category]
        number = known.setdefault(words, len(known) + 1)
        pieces += [text[position:start], f"[{category} {number}]"]
        position = end
    return "".join([*pieces, text[position:]])


def folded_words(text: str) -> list[str]:
    """Words without accents, case or punctuation, so that only the wording is compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9œ]+", "".join(c for c in plain if not unicodedata.combining(c)))


def tones(item: dict[str, Any], theme: str) -> set[str]:
    """The tones in which a testimony speaks of a theme, by its codings."""
    return {
        coding["facets"]["tonalite"]
        for coding in item["codings"]
        if theme in {THEME_OF[code] for code in coding["codes"]}
    }
