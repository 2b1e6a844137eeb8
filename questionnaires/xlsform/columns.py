"""The words of a workbook: its columns, its languages, its cells, and the columns that we add.

XLSForm (https://xlsform.org) has no place for some of what a questionnaire holds. It stands in
extra columns, whose names begin with ``paroles_``: pyxform and the tools built on it accept them
and pay them no attention. A text in a given language has its language after ``::``.

Sheet ``survey``: ``paroles_name`` (the section's own name, when a question has it too),
``paroles_type`` (``scale`` and ``place``, which XLSForm lacks), ``paroles_kind``,
``paroles_repeat::…`` (what one entry is called), ``paroles_max_repeats``, ``paroles_profile``,
``paroles_consent``, ``paroles_visibility``, ``paroles_max_choices``, ``paroles_choices_from``,
``paroles_facet_…`` (one column a facet). Sheet ``choices``: ``paroles_exclusive``,
``paroles_theme``. Sheet ``settings``: ``paroles_title::…`` (titles in the other languages),
``paroles_purpose::…``, ``paroles_audience::…``, ``paroles_duration::…``, ``paroles_method``,
``paroles_usage``, ``paroles_unproofread``, and ``paroles_incomplete``: languages that did not say
everything when the workbook was written.

Probes are XLSForm's ``guidance_hint``, one a line. A limit on the choices, and a choice that goes
alone, are also written as a ``constraint`` that every tool obeys (`enforced`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from questionnaires.languages import LANGUAGES, is_code
from questionnaires.model import Choice, Question

OURS = "paroles_"
FACET = f"{OURS}facet_"
YES = "yes"

SURVEY_TEXTS = ("label", "hint", "guidance_hint", "constraint_message", f"{OURS}repeat")
SURVEY_PLAIN = (
    *("type", "name", "required", "relevant", "constraint", "appearance"),
    *("repeat_count", "disabled", f"{OURS}name", f"{OURS}type", f"{OURS}kind"),
    *(f"{OURS}max_repeats", f"{OURS}profile", f"{OURS}consent", f"{OURS}visibility"),
    *(f"{OURS}max_choices", f"{OURS}choices_from"),
)
CHOICES_TEXTS = ("label",)
CHOICES_PLAIN = ("list_name", "name", f"{OURS}exclusive", f"{OURS}theme")
SETTINGS_TEXTS = (f"{OURS}title", f"{OURS}purpose", f"{OURS}audience", f"{OURS}duration")
SETTINGS_PLAIN = (
    *("form_title", "form_id", "version", "default_language"),
    *(f"{OURS}method", f"{OURS}usage", f"{OURS}unproofread", f"{OURS}incomplete"),
)
UNSUPPORTED = frozenset(
    (
        *("calculation", "choice_filter", "default", "read_only", "parameters", "trigger"),
        *("save_to", "query", "rows", "bind", "body", "control", "instance", "intent"),
    )
)
"""Columns of the survey that change what a form does, in a way that we do not."""

ALIASES: Mapping[str, str] = {
    "relevance": "relevant",
    "caption": "label",
    "constraining_message": "constraint_message",
    "command": "type",
    "tag": "name",
    "value": "name",
    "calculate": "calculation",
    "readonly": "read_only",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "title": "form_title",
    "set_form_title": "form_title",
    "id_string": "form_id",
    "set_form_id": "form_id",
}
_BIND: Mapping[str, str] = {
    "relevant": "relevant",
    "required": "required",
    "constraint": "constraint",
    "jr:constraintmsg": "constraint_message",
    "readonly": "read_only",
    "calculate": "calculation",
}

_CODE = re.compile(r"\(\s*([A-Za-z]{2,3})(-[A-Za-z0-9-]+)?\s*\)\s*\Z")
_ENGLISH = {"french": "fr", "arabic": "ar", "spanish": "es", "portuguese": "pt", "turkish": "tr"}
_ENGLISH |= {"romanian": "ro", "russian": "ru", "ukrainian": "uk", "chinese": "zh", "tamil": "ta"}
_NAMES = _ENGLISH | {
    name.casefold(): code
    for code, language in LANGUAGES.items()
    for name in (language.french, language.own)
}

# What XML, or a reader of workbooks, would lose: written as OOXML does (_x000D_).
_LOST = re.compile(r"x(?=[0-9A-Fa-f]{4})|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|\$(?=\{)")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


def column(name: str, language: str) -> str:
    """``label`` and ``fr`` give ``label::Français (fr)``."""
    return f"{name}::{language_name(language)}"


def language_name(code: str) -> str:
    """The language as the header of a column names it."""
    own = LANGUAGES[code].own if code in LANGUAGES else code
    return f"{own[0].upper()}{own[1:]} ({code})"


def language_code(name: str) -> str | None:
    """The code in ``Français (fr)``, ``French``, ``fr``; ``None`` when none does."""
    found = _CODE.search(name)
    if found:
        code = found[1].lower() + (found[2] or "")
        return code if is_code(code) else None
    bare = name.strip()
    return bare if is_code(bare) else _NAMES.get(bare.casefold())


def header_parts(header: str, double: bool) -> tuple[str, str]:
    """The field that a header names, and the language after it (empty when there is none).

    ``double``: the sheet separates with ``::``; older ones do with a single colon.
    """
    if double or "::" in header:
        parts = [part.strip() for part in header.split("::")]
    else:
        parts = [part.strip() for part in re.split(r"(?<!\bjr):", header)]
    first = "_".join(parts[0].split()).lower()
    if first == "bind" and len(parts) > 1 and parts[1].lower() in _BIND:
        first, parts = _BIND[parts[1].lower()], parts[1:]
    if first.startswith(FACET):
        return parts[0], ""
    return ALIASES.get(first, first), "::".join(parts[1:])


def to_cell(text: str) -> str:
    """A text as a cell holds it: `from_cell` gives it back, whatever its signs."""
    written = _LOST.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)
    if text and not text.strip():
        return f"_x{ord(text[0]):04X}_{written[1:]}" if written[0] == text[0] else written
    return written


def from_cell(cell: str) -> str:
    """The text of a cell."""
    return _WRITTEN.sub(lambda sign: chr(int(sign[1], 16)), cell)


def to_lines(texts: Iterable[str]) -> str:
    """Several texts, one a line of the same cell; empty ones keep their line."""
    return "\n".join(to_cell(text).replace("\n", "_x000A_") for text in texts).rstrip("\n")


def from_lines(cell: str) -> list[str]:
    """Back from `to_lines`."""
    return [from_cell(line) for line in cell.split("\n")]


def enforced(question: Question) -> str:
    """The constraint that says the limits of a multiple choice to tools that know no other.

    It is written after the question's own, and taken away when the workbook is read.
    """
    if question.type != "select_multiple" or not question.choices:
        return ""
    rules = [_alone(choice) for choice in question.choices if choice.exclusive]
    if question.max_choices is not None:
        rules.insert(0, f"count-selected(.) <= {question.max_choices}")
    return " and ".join(rules)


def _alone(choice: Choice) -> str:
    return f"not(selected(., '{choice.name}') and count-selected(.) > 1)"


def with_enforced(constraint: str, rule: str) -> str:
    """The question's own constraint, then the rule."""
    if not rule:
        return constraint
    return f"({constraint}) and {rule}" if constraint else rule


def without_enforced(constraint: str, rule: str) -> str:
    """Back from `with_enforced`; a constraint that does not end with the rule stays whole."""
    if not rule or constraint == rule:
        return "" if rule else constraint
    end = f") and {rule}"
    if constraint.startswith("(") and constraint.endswith(end):
        return constraint[1 : -len(end)]
    return constraint
