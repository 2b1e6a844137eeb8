"""A grid written down again: the fields of its file, and the YAML that people keep."""

from __future__ import annotations

from typing import Any

import yaml

from analysis.codebook import Code, Codebook, Facet, Grouping, Theme


def document(book: Codebook, licence: str = "") -> dict[str, Any]:
    """The fields of a grid's file; `codebook_file.from_document` reads the same grid from them."""
    head = {
        "id": book.id,
        "version": book.version,
        "langue": "fr",
        "licence": licence,
        "titre": book.title,
        "resume": book.summary,
    }
    return {
        **_filled(head),
        "themes": [_theme(theme) for theme in book.themes],
        "codes_de_relecture": [_code(code) for code in book.special],
        "facettes": [_facet(facet) for facet in book.facets],
        "regroupements": [_grouping(grouping) for grouping in book.groupings],
    }


def to_yaml(book: Codebook, licence: str = "") -> bytes:
    """The YAML file of a grid, in UTF-8."""
    text: str = yaml.safe_dump(
        document(book, licence), allow_unicode=True, sort_keys=False, width=100
    )
    return text.encode("utf-8")


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _theme(theme: Theme) -> dict[str, Any]:
    fields = {
        "code": theme.code,
        "libelle": theme.label,
        "pilier": theme.pillar,
        "definition": theme.definition,
        "inclure": theme.include,
        "exclure": theme.exclude,
    }
    return _filled(fields) | {"sous_themes": [_code(code) for code in theme.codes]}


def _code(code: Code) -> dict[str, Any]:
    return _filled(
        {
            "code": code.code,
            "libelle": code.label,
            "definition": code.definition,
            "exemple": code.example,
            "lemmes": list(code.lemmas),
        }
    )


def _facet(facet: Facet) -> dict[str, Any]:
    return _filled(
        {
            "id": facet.id,
            "libelle": facet.label,
            "multiple": facet.multiple,
            "valeurs": list(facet.values),
            "aide": facet.help,
        }
    )


def _grouping(grouping: Grouping) -> dict[str, Any]:
    groups = {
        group.id: {"libelle": group.label, "themes": list(group.themes)}
        for group in grouping.groups
    }
    return {"id": grouping.id, "libelle": grouping.label, "groupes": groups}
