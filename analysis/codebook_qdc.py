"""A grid as a REFI-QDA codebook (``.qdc``, version 1.0): written for other tools, and read back.

Specification: the REFI-QDA standard's ``Codebook.xsd``. A name is « LOG1 État du logement »;
what else we know of a code is in its description, under headings that we read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from analysis import codebook_csv
from analysis.codebook import Code, Codebook, Group, Grouping, Theme
from analysis.codebook_steps import PILLARS
from analysis.qdc_names import Namer
from analysis.qdc_xml import Node, parse
from analysis.wording import count

SPACE = "urn:QDA-XML:codebook:1.0"
REVIEW = "Code de relecture"
HEADINGS = {"include": "Inclure", "exclude": "Exclure", "example": "Exemple", "lemmas": "Mots"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML can hold none of them
Guid = Callable[[str, str], str]


def write(book: Codebook, guid: Guid) -> bytes:
    """The codebook in UTF-8; ``guid`` names a thing by its kind (``code``, ``set``) and key."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines += [f'<CodeBook xmlns="{SPACE}" origin="Paroles">', "<Codes>"]
    for theme in book.themes:
        about = _about(include=theme.include, exclude=theme.exclude)
        lines += _open(theme.code, theme.label, theme.definition, about, guid)
        for code in theme.codes:
            lines += [*_code(code, guid), "</Code>"]
        lines.append("</Code>")
    for code in book.special:
        lines += [*_code(code, guid), "</Code>"]
    lines += ["</Codes>", *_sets(book, guid), "</CodeBook>", ""]
    return _CONTROLS.sub("", "\n".join(lines)).encode("utf-8")


def read(data: bytes, like: Codebook, name: str, title: str) -> tuple[Codebook, list[str]]:
    """The grid of a codebook, and what did not fit in it, said in French.

    Facets, and reviewing codes that are missing, are those of ``like``. Raises
    `CodebookError` with the line of what cannot be read.
    """
    root = parse(data, "CodeBook")
    namer, losses = Namer(), []
    themes: list[Theme] = []
    special: list[Code] = []
    names: dict[str, str] = {}
    tops = [node for part in root.named("Codes") for node in part.named("Code")]
    for top in tops:
        namer.reserve(top)
    for top in tops:
        if any(code.code == namer.known(top) for code in like.special) or _is_review(top):
            special.append(_read_code(top, namer.name(top), ""))
            names[top.guid] = special[-1].code
            continue
        theme = _read_theme(top, namer.name(top))
        names[top.guid] = theme.code
        children, deep = _below(top)
        if deep:
            told = count(deep, "code plus profond remonte", "codes plus profonds remontent")
            losses.append(f"« {top.label} » : {told} sous le thème.")
        codes = [_read_code(node, namer.name(node, theme.code), theme.code) for node in children]
        names |= {node.guid: code.code for node, code in zip(children, codes, strict=True)}
        themes.append(replace(theme, codes=tuple(codes)))
    groupings, lost = _read_sets(root, names, {theme.code for theme in themes})
    pillars = {n: g.id for item in groupings if item.id == PILLARS for g in item.groups
               for n in g.themes}  # fmt: skip
    placed = tuple(replace(theme, pillar=pillars.get(theme.code, "")) for theme in themes)
    book = codebook_csv.completed(placed, tuple(special), like, name, title)
    kept = tuple(groupings) or book.groupings
    return replace(book, groupings=kept), [*losses, *namer.told, *lost]


def _about(**fields: str) -> str:
    return "".join(f"\n{HEADINGS[name]} : {text}" for name, text in fields.items() if text)


def _open(code: str, label: str, definition: str, about: str, guid: Guid) -> list[str]:
    name = quoteattr(f"{code} {label}")
    return [
        f'<Code guid="{guid("code", code)}" name={name} isCodable="true">',
        f"<Description>{escape(definition + about)}</Description>",
    ]


def _code(code: Code, guid: Guid) -> list[str]:
    about = _about(example=code.example, lemmas=" | ".join(code.lemmas))
    about += "" if code.theme else f"\n{REVIEW}"
    return _open(code.code, code.label, code.definition, about, guid)


def _sets(book: Codebook, guid: Guid) -> list[str]:
    """A set for each group of themes; « identifier/group » tells it again when it comes back."""
    lines = []
    for grouping in book.groupings:
        for group in grouping.groups:
            key = f"{grouping.id}/{group.id}"
            name = quoteattr(f"{grouping.label} – {group.label}")
            lines.append(f'<Set guid="{guid("set", key)}" name={name}>')
            told = f"{key}\n{grouping.label}\n{group.label}"
            lines.append(f"<Description>{escape(told)}</Description>")
            lines += [f'<MemberCode guid="{guid("code", code)}"/>' for code in group.themes]
            lines.append("</Set>")
    return ["<Sets>", *lines, "</Sets>"] if lines else []


def _is_review(node: Node) -> bool:
    return REVIEW in node.description.splitlines()


def _read_theme(node: Node, code: str) -> Theme:
    told = _read_about(node)
    label = _label(node, code)
    return Theme(code, label, told[""] or label, told["include"], told["exclude"], "", ())


def _read_code(node: Node, code: str, theme: str) -> Code:
    told = _read_about(node)
    label = _label(node, code)
    words = tuple(word.strip() for word in told["lemmas"].split("|") if word.strip())
    return Code(code, label, told[""] or label, told["example"], words, theme)


def _label(node: Node, code: str) -> str:
    """The name without the code that begins it."""
    rest = node.label.removeprefix(code)
    return rest.strip() if rest != node.label and rest[:1] == " " else node.label.strip()


def _read_about(node: Node) -> dict[str, str]:
    """The definition (under « »), then what stands under each heading."""
    told: dict[str, list[str]] = {"": [], **{name: [] for name in HEADINGS}}
    where = ""
    for line in node.description.splitlines():
        if line == REVIEW:
            continue
        for name, heading in HEADINGS.items():
            if line.startswith(f"{heading} : "):
                where, line = name, line.removeprefix(f"{heading} : ")
        told[where].append(line)
    return {name: "\n".join(lines).strip() for name, lines in told.items()}


def _below(top: Node) -> tuple[list[Node], int]:
    """Every code under a theme in reading order, and how many lay deeper than one step."""
    found, deep = [], 0
    waiting = [(node, 1) for node in reversed(top.named("Code"))]
    while waiting:
        node, depth = waiting.pop()
        found.append(node)
        deep += depth > 1
        waiting += [(child, depth + 1) for child in reversed(node.named("Code"))]
    return found, deep


def _read_sets(
    root: Node, names: dict[str, str], themes: set[str]
) -> tuple[list[Grouping], list[str]]:
    """The groupings of themes; a set of something else is told as lost."""
    found: dict[str, Grouping] = {}
    lost = []
    for node in (one for part in root.named("Sets") for one in part.named("Set")):
        told = node.description.split("\n")
        members = [names.get(item.guid, "") for item in node.named("MemberCode")]
        key, _, group = told[0].partition("/")
        if len(told) != 3 or not group or not set(members) <= themes:
            lost.append(f"L’ensemble « {node.label} » n’est pas un groupe de thèmes : laissé.")
            continue
        grouping = found.setdefault(key, Grouping(key, told[1], ()))
        mine = Group(group, told[2], tuple(members))
        found[key] = replace(grouping, groups=(*grouping.groups, mine))
    return list(found.values()), lost
