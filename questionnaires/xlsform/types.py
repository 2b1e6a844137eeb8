"""The column ``type``: XLSForm's words for our types, and what we refuse."""

from __future__ import annotations

import re
from collections.abc import Container

from questionnaires.types import TYPES
from questionnaires.xlsform.columns import OURS
from questionnaires.xlsform.lines import Line, Report

LIKERT = "likert"
PLAIN = frozenset(("text", "integer", "date", "time", "dateTime", "note", "image"))
METADATA = frozenset(
    (
        *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
        *("username", "email", "audit", "imei"),
    )
)
_KINDS = {"string": "text", "int": "integer", "photo": "image", "datetime": "dateTime"}
_SELECT = re.compile(
    r"(?P<word>select_one|select one from|select one|select1|add select one prompt using|"
    r"select_multiple|select all that apply from|select all that apply|"
    r"add select multiple prompt using|rank) (?P<list>\S+)(?P<other> or[ _].*)?\Z"
)


def word_of(line: Line, kind: str, lists: Container[str], report: Report) -> tuple[str, str]:
    """XLSForm's word for the type, and the list of choices; both empty when it is refused."""
    plain = _KINDS.get(kind.lower(), kind)
    if plain in PLAIN:
        return plain, ""
    select = _SELECT.match(kind)
    if select is None or "${" in kind:
        report.refuse(
            line.where,
            f"Le type « {kind} » n’est pas pris en charge.",
            "Choisissez un autre type de question, ou retirez cette ligne.",
        )
        return "", ""
    if select["other"]:
        report.refuse(
            line.where,
            "« or_other » n’est pas pris en charge.",
            "Ajoutez un choix « Autre » et une question pour préciser.",
        )
    if select["list"] not in lists:
        report.refuse(
            line.where,
            f"La liste « {select['list']} » n’est pas dans la feuille choices.",
            "Ajoutez ses choix, ou corrigez le nom de la liste.",
            "invalid",
        )
    if select["word"] == "rank":
        return "rank", select["list"]
    several = re.search("multiple|all that apply", select["word"])
    return "select_multiple" if several else "select_one", select["list"]


def own_type(line: Line, word: str, report: Report) -> tuple[str, str]:
    """Our type and appearance: what our own column says, else what XLSForm's word says."""
    appearance = line.exact("appearance")
    said = line[f"{OURS}type"]
    if not said:
        return read_type(word, appearance)
    if said not in TYPES:
        report.refuse(line.where, f"Le type « {said} » n’existe pas.", "Corrigez-le.", "invalid")
    scale = (said, word) == ("scale", "select_one")
    return said, read_type(word, appearance)[1] if scale else appearance


def read_type(word: str, appearance: str) -> tuple[str, str]:
    """Our type and appearance for XLSForm's: a choice shown on a line (likert) is a scale."""
    words = appearance.split(" ")
    if word == "select_one" and words[-1] == LIKERT:
        return "scale", " ".join(words[:-1])
    return word, appearance
