"""What pyxform, the reference reader of XLSForm, says of a workbook, told in French.

Its messages carry the sheet and the row: they are kept. One that is not known here is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from questionnaires.problems import Problem
from questionnaires.xlsform.lines import where
from questionnaires.xlsform.sheets import Sheet

_READ = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_ROW = re.compile(r"\[row : ([0-9]+)\]\s*")
_SHEET = re.compile(r"(?:the|for sheet:|sheet named) '(survey|choices|settings|entities|osm)'")
_RENAME = "Renommez-en un, ainsi que les conditions qui le lisent."
_SHORT_NAME = "Écrivez un nom qui commence par une lettre, sans espace ni accent."

# What the message contains, then what we say: {0}, {1} are the words between quotes.
_KNOWN = (
    (
        r"'name' value '([^']*)' is invalid. Questions, groups, and repeats must be unique",
        "Le nom « {0} » est déjà pris dans ce groupe.",
        _RENAME,
    ),
    (r"Repeat names must unique|Repeat names must not", "Ce nom de répétition est pris.", _RENAME),
    (r"Choice names must be unique", "Ce nom de choix est déjà pris dans sa liste.", _RENAME),
    (r"Choices must have a name", "Ce choix n’a pas de nom.", _SHORT_NAME),
    (r"Names must begin with a letter", "Ce nom n’est pas possible.", _SHORT_NAME),
    (r"Question or group with no name", "Cette ligne n’a pas de nom.", _SHORT_NAME),
    (r"Question with no type", "Cette ligne n’a pas de type.", "Écrivez-le."),
    (
        r"Unmatched '(end_\w+)'",
        "« {0} » ne ferme rien.",
        "Retirez cette ligne, ou ajoutez le début du groupe.",
    ),
    (r"Unmatched '(begin_\w+)'", "« {0} » n’a pas de fin.", "Ajoutez la fin du groupe."),
    (
        r"the '(\w+)' value is invalid.*Could not find the name '([^']*)'",
        "La colonne « {0} » lit « {1} », qui n’existe pas.",
        "Corrigez ce nom.",
    ),
    (
        r"the '(\w+)' value is invalid.*The name '([^']*)' appears more than once",
        "La colonne « {0} » lit « {1} », un nom pris deux fois.",
        _RENAME,
    ),
    (
        r"List name not in choices sheet: (\S+)",
        "La liste « {0} » n’est pas dans la feuille choices.",
        "Ajoutez ses choix, ou corrigez le nom de la liste.",
    ),
    (
        r"There should be a choices sheet",
        "Il manque la feuille « choices ».",
        "Ajoutez-la, avec les colonnes list_name, name et label.",
    ),
    (
        r"must have a sheet named '(\w+)'",
        "Il manque la feuille « {0} ».",
        "Nommez ainsi la feuille des questions.",
    ),
    (
        r"required column headers were not found: (.+?)\.( |$)",
        "Il manque ces colonnes : {0}.",
        "Ajoutez-les à la première ligne de la feuille.",
    ),
    (
        r"different names for the same column were found: '([^']*)', '([^']*)'",
        "Les colonnes « {0} » et « {1} » disent la même chose.",
        "Gardez-en une seule.",
    ),
)


def verdict(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Why pyxform refuses the workbook; empty when it accepts it. Never raises."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        convert(_workbook(sheets))
    except PyXFormError as error:
        return [_told(message, sheets) for message in str(error).split("\n") if message.strip()]
    # A reader written for honest workbooks may stumble on another in any way.
    except Exception as error:
        return [_told(f"{type(error).__name__}: {error}", sheets)]
    return []


def _workbook(sheets: Mapping[str, Sheet]) -> dict[str, object]:
    data: dict[str, object] = {"sheet_names": list(sheets)}
    for name in _READ:
        if name in sheets:
            data[name] = [
                {header: cell.strip().replace("\xa0", " ") for header, cell in row.cells.items()}
                for row in sheets[name].rows
            ]
            data[f"{name}_header"] = [dict.fromkeys(sheets[name].header)]
    return data


def _told(message: str, sheets: Mapping[str, Sheet]) -> Problem:
    place = _place(message, sheets)
    plain = " ".join(_ROW.sub("", message).split())
    for pattern, sentence, remedy in _KNOWN:
        found = re.search(pattern, plain)
        if found:
            return Problem("xlsform-invalid", place, sentence.format(*found.groups()), remedy)
    return Problem(
        "xlsform-invalid",
        place,
        f"Le lecteur de formulaires refuse ce classeur. Il dit, en anglais : « {plain[:500]} »",
        "Corrigez cette ligne, ou demandez de l’aide à la personne qui a fait le classeur.",
    )


def _place(message: str, sheets: Mapping[str, Sheet]) -> str:
    """The sheet and the row that the message gives: its rows count ours from 2, without gaps."""
    found, said = _ROW.search(message), _SHEET.search(message)
    name = said[1] if said else "survey"
    if found is None:
        return f"feuille {name}" if said else "classeur"
    index = int(found[1]) - 2
    rows = sheets[name].rows if name in sheets else ()
    return where(name, rows[index].number if 0 <= index < len(rows) else int(found[1]))
