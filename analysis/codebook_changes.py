"""Changes of a grid: a list that is applied in order, and what becomes of each code.

A name that a grid has borne never comes back with another meaning: counts of two versions
would be added up although they say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from analysis import codebook_writer
from analysis.codebook import Codebook, CodebookError
from analysis.codebook_file import from_document
from analysis.codebook_steps import STEPS, Change
from analysis.wording import listing

Codes = Mapping[str, tuple[str, ...]]


def to_dict(change: Change) -> dict[str, Any]:
    """The change as JSON holds it."""
    fields = asdict(change) | {"codes": list(change.codes), "parts": list(change.parts)}
    return {name: value for name, value in fields.items() if value}


def from_dict(stored: Mapping[str, Any]) -> Change:
    """The change that `to_dict` wrote."""
    told = dict(stored)
    return Change(
        **told | {"codes": tuple(told.get("codes", ())), "parts": tuple(told.get("parts", ()))}
    )


def apply(book: Codebook, changes: Sequence[Change], used: Collection[str] = ()) -> Codebook:
    """The grid once changed; ``used`` are names that earlier versions have borne.

    Raises `CodebookError`, in French, for a change that cannot be.
    """
    borne = {*used, *(code.code for code in book.all_codes())}
    for change in changes:
        new = _new_names(change)
        for name in new:
            if name in borne:
                raise CodebookError(
                    f"Le nom « {name} » a déjà servi dans cette grille. Prenez-en un autre : "
                    "les comptes d’avant et d’après ne se mélangeront pas."
                )
            borne.add(name)
        book = from_document(codebook_writer.document(_step(change)(book, change)))
    return book


def mapping(book: Codebook, changes: Sequence[Change]) -> dict[str, tuple[str, ...]]:
    """For every code of ``book``, the codes that stand for it afterwards; none once retired."""
    found: dict[str, tuple[str, ...]] = {code.code: (code.code,) for code in book.all_codes()}
    for change in changes:
        found = compose(found, _become(book, change))
        book = _step(change)(book, change)
    return found


def compose(first: Codes, second: Codes) -> dict[str, tuple[str, ...]]:
    """What two successive changes make of each code; a code unknown to the second stays."""
    return {
        code: tuple(dict.fromkeys(name for now in names for name in second.get(now, (now,))))
        for code, names in first.items()
    }


def next_name(book: Codebook, theme: str, used: Collection[str] = ()) -> str:
    """A free name in a theme: its letters and the first number that never served."""
    borne = {*used, *(code.code for code in book.all_codes())}
    letters = book.theme(theme).code.rstrip("0123456789")
    return next(name for n in range(1, 1000) if (name := f"{letters}{n}") not in borne)


def sentence(change: Change) -> str:
    """What was done, in one French sentence."""
    names = listing(str(part.get("code", "")) for part in change.parts)
    told = {
        "texts": f"Les textes de {change.code} sont modifiés.",
        "add": f"{names} entre dans le thème {change.theme}.",
        "add_theme": f"Le thème {names} est ajouté.",
        "rename": f"{change.code} s’appelle désormais {change.target}.",
        "split": f"{change.code} est divisé en {names}.",
        "merge": f"{listing(change.codes)} et {change.code} ne font plus qu’un : {change.code}.",
        "move": f"{change.code} passe au thème {change.theme}, sous le nom {change.target}.",
        "retire": f"{change.code} est retiré.",
        "place": f"Le pilier du thème {change.code} est modifié.",
        "grouping": f"Le regroupement « {change.texts.get('label', change.code)} » est modifié.",
    }
    return told.get(change.kind, "Changement.")


def _step(change: Change) -> Callable[[Codebook, Change], Codebook]:
    try:
        return STEPS[change.kind]
    except KeyError:
        raise CodebookError("Ce changement n’est pas connu. Rechargez la page.") from None


def _new_names(change: Change) -> list[str]:
    if change.kind in {"rename", "move"}:
        return [change.target]
    return [str(part["code"]) for part in change.parts if change.kind != "grouping"]


def _become(book: Codebook, change: Change) -> dict[str, tuple[str, ...]]:
    """What becomes of the codes that one change touches."""
    if change.kind in {"rename", "move"}:
        return {change.code: (change.target,)}
    if change.kind == "split":
        return {change.code: tuple(str(part["code"]) for part in change.parts)}
    if change.kind == "merge":
        return dict.fromkeys(change.codes, (change.code,))
    if change.kind == "retire":
        return dict.fromkeys(_with_codes(book, change.code), ())
    return {}


def _with_codes(book: Codebook, code: str) -> list[str]:
    """A code alone, or a theme with all its codes."""
    found = book.theme_of(code)
    if found is None or found.code != code:
        return [code]
    return [code, *(child.code for child in found.codes)]
