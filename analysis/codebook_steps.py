"""What each kind of change does to a grid: one small function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.codebook import Code, Codebook, CodebookError, Group, Grouping, Theme

PILLARS = "piliers_2015"
SPECIAL = "Les codes de relecture servent à l’outil : seuls leurs textes se modifient."


@dataclass(frozen=True, slots=True)
class Change:
    """One gesture on a grid; which fields count depends on ``kind`` (see `STEPS`).

    ``code`` is what changes; ``target`` its new name, theme or group; ``theme`` where it goes;
    ``codes`` what joins it; ``parts`` the new codes or groups, as fields; ``texts`` new words.
    """

    kind: str
    code: str = ""
    target: str = ""
    theme: str = ""
    codes: tuple[str, ...] = ()
    parts: tuple[Mapping[str, Any], ...] = ()
    texts: Mapping[str, Any] = field(default_factory=dict)


def _texts(book: Codebook, change: Change) -> Codebook:
    book.code(change.code)
    told = dict(change.texts)
    if "lemmas" in told:
        told["lemmas"] = tuple(told["lemmas"])

    def rewritten(code: Code) -> Code:
        return replace(code, **told) if code.code == change.code else code

    special = tuple(rewritten(code) for code in book.special)
    themes = tuple(
        replace(theme, **told)
        if theme.code == change.code
        else replace(theme, codes=tuple(rewritten(code) for code in theme.codes))
        for theme in book.themes
    )
    return replace(book, themes=themes, special=special)


def _add(book: Codebook, change: Change) -> Codebook:
    theme = book.theme(change.theme)
    return _with(book, replace(theme, codes=(*theme.codes, *_codes(change, theme.code))))


def _add_theme(book: Codebook, change: Change) -> Codebook:
    themes = tuple(Theme(**{"pillar": "", **part}, codes=()) for part in change.parts)
    return replace(book, themes=(*book.themes, *themes))


def _rename(book: Codebook, change: Change) -> Codebook:
    theme = _theme_of(book, change.code)
    if theme.code == change.code:
        codes = tuple(replace(code, theme=change.target) for code in theme.codes)
        new = replace(theme, code=change.target, codes=codes)
        themes = tuple(new if item is theme else item for item in book.themes)
        placed = {name: change.target if name == theme.code else name for name in _names(book)}
        return replace(book, themes=themes, groupings=_regrouped(book, placed))
    return _swap(book, change.code, [replace(book.code(change.code), code=change.target)])


def _split(book: Codebook, change: Change) -> Codebook:
    if len(change.parts) < 2:
        raise CodebookError("Un code se divise en deux codes au moins. Nommez-les tous.")
    theme = _child_of(book, change.code)
    return _swap(book, change.code, _codes(change, theme.code))


def _merge(book: Codebook, change: Change) -> Codebook:
    if not change.codes or change.code in change.codes:
        raise CodebookError("Choisissez au moins un autre code à réunir avec celui-ci.")
    _child_of(book, change.code)
    kept = book.code(change.code)
    words = dict.fromkeys(kept.lemmas)
    for name in change.codes:
        _child_of(book, name)
        words |= dict.fromkeys(book.code(name).lemmas)
        book = _swap(book, name, [])
    return _swap(book, change.code, [replace(kept, lemmas=tuple(words))])


def _move(book: Codebook, change: Change) -> Codebook:
    if _child_of(book, change.code).code == change.theme:
        raise CodebookError(f"{change.code} est déjà dans le thème {change.theme}.")
    theme = book.theme(change.theme)
    moved = replace(book.code(change.code), code=change.target, theme=theme.code)
    book = _swap(book, change.code, [])
    return _with(book, replace(theme, codes=(*theme.codes, moved)))


def _retire(book: Codebook, change: Change) -> Codebook:
    theme = _theme_of(book, change.code)
    if theme.code != change.code:
        return _swap(book, change.code, [])
    if len(book.themes) == 1:
        raise CodebookError("Une grille garde au moins un thème.")
    themes = tuple(item for item in book.themes if item is not theme)
    placed = {name: "" if name == theme.code else name for name in _names(book)}
    return replace(book, themes=themes, groupings=_regrouped(book, placed))


def _place(book: Codebook, change: Change) -> Codebook:
    """Give a theme its pillar, or none: the same in the theme and in the grouping of pillars."""
    theme = book.theme(change.code)
    pillars = next((item for item in book.groupings if item.id == PILLARS), None)
    if change.target and (pillars is None or change.target not in {g.id for g in pillars.groups}):
        raise CodebookError(f"Le pilier « {change.target} » n’existe pas. Choisissez-en un.")
    book = _with(book, replace(theme, pillar=change.target))
    if pillars is None:
        return book
    groups = []
    for group in pillars.groups:
        others = tuple(name for name in group.themes if name != theme.code)
        mine = (theme.code,) if group.id == change.target else ()
        same = theme.code in group.themes and mine
        groups.append(group if same else replace(group, themes=(*others, *mine)))
    return _with_grouping(book, replace(pillars, groups=tuple(groups)))


def _grouping(book: Codebook, change: Change) -> Codebook:
    if change.code == PILLARS:
        raise CodebookError("Les piliers ne changent pas : le pilier se choisit dans le thème.")
    groups = tuple(
        Group(str(part["id"]), str(part["label"]), tuple(part["themes"])) for part in change.parts
    )
    return _with_grouping(book, Grouping(change.code, str(change.texts["label"]), groups))


STEPS: dict[str, Callable[[Codebook, Change], Codebook]] = {
    "texts": _texts,
    "add": _add,
    "add_theme": _add_theme,
    "rename": _rename,
    "split": _split,
    "merge": _merge,
    "move": _move,
    "retire": _retire,
    "place": _place,
    "grouping": _grouping,
}


def _codes(change: Change, theme: str) -> list[Code]:
    return [
        Code(**{**part, "lemmas": tuple(part.get("lemmas", ())), "theme": theme})
        for part in change.parts
    ]


def _names(book: Codebook) -> list[str]:
    return [theme.code for theme in book.themes]


def _theme_of(book: Codebook, code: str) -> Theme:
    """The theme of a code, or the theme itself; `CodebookError` for a reviewing code."""
    theme = book.theme_of(code)
    if theme is None:
        raise CodebookError(f"{code} ne peut pas changer ainsi. {SPECIAL}")
    return theme


def _child_of(book: Codebook, code: str) -> Theme:
    theme = _theme_of(book, code)
    if theme.code == code:
        raise CodebookError(f"« {code} » est un thème : seul un code peut changer ainsi.")
    return theme


def _swap(book: Codebook, code: str, new: Sequence[Code]) -> Codebook:
    """Put codes in the place of one."""
    theme = _child_of(book, code)
    codes: list[Code] = []
    for old in theme.codes:
        codes += new if old.code == code else [old]
    return _with(book, replace(theme, codes=tuple(codes)))


def _with(book: Codebook, theme: Theme) -> Codebook:
    """The same grid, where this theme stands in the place of the one of its name."""
    return replace(
        book, themes=tuple(theme if old.code == theme.code else old for old in book.themes)
    )


def _with_grouping(book: Codebook, new: Grouping) -> Codebook:
    if new.id not in {old.id for old in book.groupings}:
        return replace(book, groupings=(*book.groupings, new))
    return replace(book, groupings=tuple(new if g.id == new.id else g for g in book.groupings))


def _regrouped(book: Codebook, placed: Mapping[str, str]) -> tuple[Grouping, ...]:
    """The groupings once themes were renamed, or dropped (an empty name)."""
    return tuple(
        replace(
            grouping,
            groups=tuple(
                replace(group, themes=tuple(placed[name] for name in group.themes if placed[name]))
                for group in grouping.groups
            ),
        )
        for grouping in book.groupings
    )
