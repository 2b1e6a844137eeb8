"""A grid as a table, one line a code: what a spreadsheet opens, and what comes back from it.

Facets and local groupings do not fit in a table: those of ``like`` are taken when it is read.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from analysis.codebook import Code, Codebook, CodebookError, Grouping, Theme, fold
from analysis.codebook_steps import PILLARS
from analysis.csv_text import decoded

HEAD = (
    "code",
    "theme",
    "libelle",
    "definition",
    "inclure",
    "exclure",
    "exemple",
    "lemmes",
    "pilier",
)
MOST_LINES = 3_000
LONGEST_CELL = 20_000
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NEEDED = ("code", "theme", "libelle", "definition")


def write(book: Codebook) -> bytes:
    """UTF-8 with its mark, semicolons, formulas neutralised: what a French Excel opens."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    for theme in book.themes:
        mine = (theme.code, theme.code, theme.label, theme.definition, theme.include)
        writer.writerow(map(_neutral, (*mine, theme.exclude, "", "", theme.pillar)))
        writer.writerows(map(_neutral, _line(code)) for code in theme.codes)
    writer.writerows(map(_neutral, _line(code)) for code in book.special)
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes, like: Codebook, name: str, title: str) -> Codebook:
    """The grid of a table; ``CodebookError`` names the faulty line, in French.

    A line whose theme is its own code opens a theme; one without a theme is a reviewing code.
    """
    themes: dict[str, Theme] = {}
    special: list[Code] = []
    seen: dict[str, int] = {}
    for number, cells in _lines(data):
        code = cells["code"].upper()
        theme = cells["theme"].upper()
        if code in seen:
            raise CodebookError(
                f"ligne {number} : le code « {code} » est déjà à la ligne {seen[code]}."
            )
        seen[code] = number
        if theme == code:
            themes[code] = _theme(code, cells)
        elif not theme:
            special.append(_code(code, "", cells))
        elif theme in themes:
            whole = themes[theme]
            themes[theme] = replace(whole, codes=(*whole.codes, _code(code, theme, cells)))
        else:
            raise CodebookError(
                f"ligne {number} : le thème « {theme} » n’a pas encore sa ligne. "
                "Elle doit venir avant celles de ses codes."
            )
    return completed(tuple(themes.values()), tuple(special), like, name, title)


def completed(
    themes: tuple[Theme, ...], special: tuple[Code, ...], like: Codebook, name: str, title: str
) -> Codebook:
    """A whole grid from its themes: reviewing codes, facets and pillars are those of ``like``."""
    known = {code.code for code in special}
    pillars = next((item for item in like.groupings if item.id == PILLARS), None)
    groups = pillars.groups if pillars else ()
    ids = {group.id for group in groups}
    strange = next((theme for theme in themes if theme.pillar and theme.pillar not in ids), None)
    if strange is not None:
        raise CodebookError(
            f"thème {strange.code} : le pilier « {strange.pillar} » n’existe pas. "
            f"Choisissez parmi {', '.join(sorted(ids))}, ou laissez la case vide."
        )
    placed = tuple(
        replace(group, themes=tuple(item.code for item in themes if item.pillar == group.id))
        for group in groups
    )
    return replace(
        like,
        id=name,
        version="1.0.0",
        title=title,
        summary="",
        themes=themes,
        special=(*special, *(code for code in like.special if code.code not in known)),
        groupings=(Grouping(pillars.id, pillars.label, placed),) if pillars else (),
    )


def _line(code: Code) -> tuple[str, ...]:
    words = " | ".join(code.lemmas)
    return (code.code, code.theme, code.label, code.definition, "", "", code.example, words, "")


def _neutral(cell: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """The cell without the apostrophe that neutralised it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _lines(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The lines that are not empty, each with its number in the file and its cells by name."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_separator(data))
    found: list[tuple[int, dict[str, str]]] = []
    try:
        head = [fold(cell).strip() for cell in next(reader, [])]
        missing = [name for name in _NEEDED if name not in head]
        if missing:
            raise CodebookError(f"ligne 1 : il manque la colonne « {missing[0]} ».")
        if len(set(head) & set(HEAD)) != sum(name in HEAD for name in head):
            raise CodebookError("ligne 1 : une colonne est écrite deux fois.")
        number = reader.line_num + 1
        for row in reader:
            cells = dict.fromkeys(HEAD, "") | dict(zip(head, map(_plain, row), strict=False))
            if any(len(cell) > LONGEST_CELL for cell in cells.values()):
                raise CodebookError(f"ligne {number} : une case est démesurée.")
            if any(cells.values()):
                found.append((number, cells))
            if len(found) > MOST_LINES:
                raise CodebookError(f"le tableau a plus de {MOST_LINES} lignes.")
            number = reader.line_num + 1
    except csv.Error as error:
        raise CodebookError(f"ligne {reader.line_num} : elle n’a pas pu être lue.") from error
    return found


def _text(data: bytes) -> str:
    text = decoded(data)
    if text is None:
        raise CodebookError("ce fichier n’est pas un tableau de texte. Enregistrez-le en CSV.")
    return text


def _separator(data: bytes) -> str:
    head = data.split(b"\n", 1)[0]
    return max(";,\t", key=lambda mark: head.count(mark.encode()))


def _theme(code: str, cells: dict[str, str]) -> Theme:
    return Theme(
        code=code,
        label=cells["libelle"],
        definition=cells["definition"],
        include=cells["inclure"],
        exclude=cells["exclure"],
        pillar=cells["pilier"],
        codes=(),
    )


def _code(code: str, theme: str, cells: dict[str, str]) -> Code:
    words = tuple(word.strip() for word in cells["lemmes"].split("|") if word.strip())
    return Code(code, cells["libelle"], cells["definition"], cells["exemple"], words, theme)
