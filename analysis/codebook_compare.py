"""What differs between two versions of a grid, in French sentences; and the number to give."""

from __future__ import annotations

import re

from analysis.codebook import Code, Codebook
from analysis.codebook_changes import Codes
from analysis.wording import listing

NUMBER = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z")
_FIELDS = {
    "label": "libellé",
    "definition": "définition",
    "include": "ce qui entre",
    "exclude": "ce qui n’entre pas",
    "example": "exemple",
    "lemmas": "mots",
    "pillar": "pilier",
}


def differences(old: Codebook, new: Codebook, become: Codes) -> list[str]:
    """Each difference in a sentence; ``become`` says what stands for each code of ``old``."""
    return [
        *_fates(old, new, become),
        *_added(old, new, become),
        *_rewritten(old, new, become),
        *_around(old, new),
    ]


def same_names(old: Codebook, new: Codebook) -> dict[str, tuple[str, ...]]:
    """The mapping of two grids that only their names relate: a code stays, or is not there."""
    return {code.code: (code.code,) if code.code in new else () for code in old.all_codes()}


def proposed(last: str, old: Codebook | None, new: Codebook, become: Codes) -> str:
    """The number after ``last``: a great step when codings move, a small one for mere words."""
    if not NUMBER.match(last):
        return "1.0.0"
    if old is None:
        return last
    major, minor, patch = (int(part) for part in last.split("."))
    if any(names != (code,) for code, names in become.items()):
        return f"{major + 1}.0.0"
    if len(new.all_codes()) > len(old.all_codes()) or old.facets != new.facets:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def rank(number: str) -> tuple[int, ...]:
    """A version's number as something to sort by."""
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", number))


def _fates(old: Codebook, new: Codebook, become: Codes) -> list[str]:
    told = []
    joined: dict[str, list[str]] = {}
    for code, names in become.items():
        label = old.code(code).label
        if not names:
            told.append(f"{code} « {label} » est retiré.")
        elif len(names) > 1:
            told.append(f"{code} « {label} » est divisé en {listing(names)}.")
        elif names != (code,):
            joined.setdefault(names[0], []).append(code)
    for code, before in joined.items():
        every = [*before, code] if code in become else before
        if len(every) > 1:
            told.append(f"{listing(every)} ne font plus qu’un : {code}.")
        else:
            told.append(f"{before[0]} s’appelle désormais {code} « {new.code(code).label} ».")
    return told


def _added(old: Codebook, new: Codebook, become: Codes) -> list[str]:
    known = {name for names in become.values() for name in names}
    return [
        f"{code.code} « {code.label} » est nouveau."
        for code in new.all_codes()
        if code.code not in known
    ]


def _rewritten(old: Codebook, new: Codebook, become: Codes) -> list[str]:
    told = []
    for code, names in become.items():
        joined = names != (code,) and become.get(names[0] if names else "") == names
        if len(names) != 1 or names[0] not in new or joined:
            continue
        before, after = _fields(old, code), _fields(new, names[0])
        changed = [word for field, word in _FIELDS.items() if before.get(field) != after.get(field)]
        if changed:
            told.append(f"Les textes de {names[0]} changent : {listing(changed)}.")
        if before["theme"] != after["theme"] and _same_place(become, before, after):
            told.append(f"{names[0]} passe du thème {before['theme']} au thème {after['theme']}.")
    return told


def _same_place(become: Codes, before: dict[str, object], after: dict[str, object]) -> bool:
    """Whether the themes really differ, and not only by their names."""
    return become.get(str(before["theme"])) != (after["theme"],)


def _fields(book: Codebook, code: str) -> dict[str, object]:
    found: Code = book.code(code)
    theme = book.theme_of(code)
    fields: dict[str, object] = {
        "label": found.label,
        "definition": found.definition,
        "example": found.example,
        "lemmas": found.lemmas,
        "theme": found.theme,
    }
    if theme is not None and theme.code == code:
        more = {"include": theme.include, "exclude": theme.exclude, "pillar": theme.pillar}
        fields |= more | {"theme": ""}
    return fields


def _around(old: Codebook, new: Codebook) -> list[str]:
    told = []
    if old.title != new.title:
        told.append(f"Le titre devient « {new.title} ».")
    if old.summary != new.summary:
        told.append("La présentation est modifiée.")
    if old.facets != new.facets:
        told.append("Les précisions (tonalité, nature…) sont modifiées.")
    before = {grouping.id: grouping for grouping in old.groupings}
    after = {grouping.id: grouping for grouping in new.groupings}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            label = (after.get(name) or before[name]).label
            verb = "modifié" if name in before and name in after else "ajouté"
            told.append(f"Le regroupement « {label} » est {verb if name in after else 'retiré'}.")
    return told
