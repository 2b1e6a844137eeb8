"""From the picture of a campaign to a REFI-QDA project, every thing under its own GUID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from analysis.codebook import Code, Codebook, Theme
from analysis.refi import model
from survey_app.services.exchange_names import Name
from survey_app.services.exchange_picture import Picture

LONGEST_NAME = 200
FACETS = "Précisions"
# Far enough from each other to be told apart, dark enough to be read on white.
COLORS = (
    "#8A3B12", "#1F5FA8", "#2E7D32", "#8E2A6B", "#6A5ACD", "#B26A00", "#00796B",
    "#AD1457", "#4E6E0E", "#37474F", "#C62828", "#0277BD", "#5D4037", "#7B1FA2",
)  # fmt: skip
Guids = Mapping[Name, str]


def of(picture: Picture, guids: Guids, origin: str) -> model.Project:
    """The whole project; the same picture and names give the same project."""
    corpus, book = picture.loaded.corpus, picture.loaded.codebook
    notes: list[model.Note] = []
    passages = _passages(picture, guids, book, notes)
    held = defaultdict(list)
    for testimony in corpus.testimonies:
        held[testimony.meeting].append(guids["source", testimony.id])
    return model.Project(
        name=picture.title,
        origin=origin,
        users=_users(picture, guids),
        codes=_codes(picture, guids, book),
        variables=tuple(
            model.Variable(guids["variable", name], label) for name, label in picture.labels.items()
        ),
        cases=tuple(_case(picture, guids, row.id, label(row.number)) for row in corpus.testimonies),
        sources=tuple(
            model.Source(
                guids["source", row.id], label(row.number), row.text, selections=passages[row.id]
            )
            for row in corpus.testimonies
        ),
        notes=tuple(notes),
        groups=tuple(
            model.Group(guids["meeting", row.id], f"Rencontre {row.label}", "", tuple(held[row.id]))
            for row in corpus.meetings
            if held[row.id]
        ),
        description=(
            f"Paroles masquées, codées avec la grille « {book.title} », version {book.version}. "
            "Un témoignage dont la variable « Citable » vaut « non » compte, mais ne se cite pas."
        ),
    )


def label(number: int) -> str:
    """The name of a testimony outside: « T-0012 »."""
    return f"T-{number:04d}"


def _users(picture: Picture, guids: Guids) -> tuple[model.User, ...]:
    """Pseudonyms, in the order in which their GUIDs were drawn: they never change hands."""
    present = {str(row.coder_id) for row in picture.coded}
    drawn = [key for kind, key in guids if kind == "user"]
    return tuple(
        model.User(guids["user", key], f"Codeur {rank}")
        for rank, key in enumerate(drawn, start=1)
        if key in present
    )


def _codes(picture: Picture, guids: Guids, book: Codebook) -> tuple[model.Code, ...]:
    def one(code: Code, color: str, text: str = "", under: tuple[model.Code, ...] = ()) -> Any:
        example = f"Exemple : {code.example}" if code.example else ""
        described = "\n".join(line for line in (text or code.definition, example) if line)
        name = f"{code.code} {code.label}"
        return model.Code(guids["code", code.code], name, described, color, codes=under)

    found = []
    for rank, theme in enumerate(book.themes):
        color = COLORS[rank % len(COLORS)]
        under = tuple(one(code, color) for code in theme.codes)
        found.append(one(theme.as_code(), color, _theme_words(theme), under))
    found += [one(code, "#616161") for code in book.special]
    gone = sorted({row.code for row in picture.coded if row.code not in book})
    return (*found, *(model.Code(guids["code", code], code) for code in gone))


def _theme_words(theme: Theme) -> str:
    lines = [theme.definition]
    lines += [f"Inclure : {theme.include}"] if theme.include else []
    lines += [f"Exclure : {theme.exclude}"] if theme.exclude else []
    return "\n".join(lines)


def _case(picture: Picture, guids: Guids, key: str, name: str) -> model.Case:
    values = tuple(
        (guids["variable", variable], held[key])
        for variable, held in picture.values.items()
        if key in held
    )
    return model.Case(guids["case", key], name, "", values, (guids["source", key],))


def _passages(
    picture: Picture, guids: Guids, book: Codebook, notes: list[model.Note]
) -> Mapping[str, tuple[model.Selection, ...]]:
    """The coded excerpts by testimony; what was written about them goes to ``notes``."""
    rows: dict[Any, list[Any]] = defaultdict(list)
    for row in picture.coded:
        rows[row.excerpt_id].append(row)
    found: dict[str, list[model.Selection]] = defaultdict(list)
    for key, held in rows.items():
        first = held[0]
        memo: tuple[str, ...] = ()
        if first.memo:
            memo = (guids["memo", str(key)],)
            notes.append(
                model.Note(guids["memo", str(key)], f"Mémo É-{first.number:04d}", first.memo)
            )
        codings = tuple(_coding(row, guids, book, notes) for row in held)
        quote = first.quote
        name = quote if len(quote) <= LONGEST_NAME else f"{quote[:LONGEST_NAME].rstrip()}…"
        found[str(first.testimony_id)].append(
            model.Selection(
                guids["excerpt", str(key)], first.start, first.end, name, "", codings, memo
            )
        )
    return defaultdict(tuple, {key: tuple(held) for key, held in found.items()})


def _coding(row: Any, guids: Guids, book: Codebook, notes: list[model.Note]) -> model.Coding:
    key = str(row.coding_id)
    noted: tuple[str, ...] = ()
    if row.facets:
        noted = (guids["facets", key],)
        notes.append(model.Note(guids["facets", key], FACETS, facets_told(book, row.facets)))
    user = guids["user", str(row.coder_id)]
    return model.Coding(guids["coding", key], guids["code", row.code], user, noted)


def facets_told(book: Codebook, facets: Mapping[str, Any]) -> str:
    """One line a facet: « Tonalité : partagée »."""
    labels = {facet.id: facet.label for facet in book.facets}
    lines = []
    for name, value in sorted(facets.items()):
        values = [value] if isinstance(value, str) else value
        lines.append(f"{labels.get(name, name)} : {' ; '.join(values)}")
    return "\n".join(lines)


def facets_read(book: Codebook, text: str) -> tuple[dict[str, Any], bool]:
    """The facets that such lines say, and whether every line was understood."""
    known = {facet.label: facet for facet in book.facets}
    found: dict[str, Any] = {}
    whole = True
    for line in text.splitlines():
        name, _, said = line.partition(" : ")
        facet, values = known.get(name.strip()), [value.strip() for value in said.split(" ; ")]
        if facet is None or not set(values) <= set(facet.values):
            whole = False
        elif facet.multiple:
            found[facet.id] = sorted(set(values), key=facet.values.index)
        else:
            found[facet.id], whole = values[0], whole and len(values) == 1
    return found, whole
