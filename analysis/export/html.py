"""The synthesis as one HTML file: no script, nothing fetched, every finding opens its excerpts.

The page's own security policy refuses all but its pictures (as data) and its one style sheet.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import count as counting
from pathlib import Path

from analysis.document import Synthesis, TraceRow
from analysis.export.blocks import Block, display, quote
from analysis.export.outline import blocks, document_title

STYLE = Path(__file__).parents[1] / "data" / "synthese.css"
_NARROW = 3  # a table of at most so many columns fits a telephone


@dataclass(frozen=True, slots=True)
class _Part:
    """A block, what it is called in the page, and the finding that its words link to."""

    block: Block
    anchor: str
    synthesis: Synthesis
    sentences: Mapping[str, str]


def write(synthesis: Synthesis, path: Path) -> None:
    parts = _parts(synthesis)
    text = "\n".join((*_head(synthesis), *_main(parts), *_foot(synthesis)))
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


@cache
def style() -> tuple[str, str]:
    """The style sheet, and the source by which the security policy allows it."""
    text = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return text, f"'sha256-{digest}'"


def _parts(synthesis: Synthesis) -> list[_Part]:
    """Anchors are made of ranks: no text of the document can forge one."""
    anchors = {item.theme: f"constat-{n}" for n, item in enumerate(synthesis.findings, 1)}
    sentences = {display(item.sentence): anchors[item.theme] for item in synthesis.findings}
    ranks: dict[str, Iterator[int]] = {"heading": counting(1), "table": counting(1)}
    parts = []
    for block in blocks(synthesis):
        anchor = ""
        if block.kind == "heading" and block.theme:
            anchor = anchors[block.theme]
        elif block.kind == "table" or (block.kind == "heading" and block.level == 1):
            anchor = f"{block.kind}-{next(ranks[block.kind])}"
        parts.append(_Part(block, anchor, synthesis, sentences))
    return parts


def _head(synthesis: Synthesis) -> Iterator[str]:
    css, source = style()
    title = escape(document_title(synthesis))
    author = escape(display(synthesis.identity.council))
    policy = (
        f"default-src 'none'; style-src {source}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    yield '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f'<meta name="author" content="{author}">\n<title>{title}</title>'
    yield f"<style>{css}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#contenu">Aller au contenu</a>'
    yield f'<header>\n<h1>{title}</h1>\n</header>\n<main id="contenu">'


def _foot(synthesis: Synthesis) -> Iterator[str]:
    said = f"{synthesis.identity.council}, version {synthesis.identity.version}."
    yield f"</main>\n<footer><p>{escape(display(said))}</p></footer>\n</body>\n</html>"


def _main(parts: Sequence[_Part]) -> Iterator[str]:
    listed = False
    for part in parts:
        if part.block.kind != "page":
            yield _WRITERS[part.block.kind](part)
        elif not listed:
            listed = True
            yield _contents(parts)


def _contents(parts: Sequence[_Part]) -> str:
    """Each section, and under it the findings that it holds."""
    chapters: list[tuple[_Part, list[_Part]]] = []
    for part in parts:
        if part.block.kind == "heading" and part.anchor:
            if part.block.level == 1:
                chapters.append((part, []))
            else:
                chapters[-1][1].append(part)
    lines = "\n".join(
        f"<li>{_link(chapter)}{_inner(findings)}</li>" for chapter, findings in chapters
    )
    return (
        '<nav aria-labelledby="sommaire">\n<h2 id="sommaire">Sommaire</h2>\n'
        f"<ol>\n{lines}\n</ol>\n</nav>"
    )


def _inner(findings: Sequence[_Part]) -> str:
    items = "".join(f"\n<li>{_link(part)}</li>" for part in findings)
    return f"\n<ol>{items}\n</ol>" if items else ""


def _link(part: _Part) -> str:
    return f'<a href="#{part.anchor}">{escape(part.block.text)}</a>'


def _heading(part: _Part) -> str:
    tag = f"h{part.block.level + 1}"
    anchor = f' id="{part.anchor}"' if part.anchor else ""
    return f"<{tag}{anchor}>{escape(part.block.text)}</{tag}>"


def _text(part: _Part) -> str:
    if part.block.theme:
        return _proof(part)
    names = {"text": "<p>", "lead": '<p class="lead">', "notice": '<p class="notice">'}
    return f"{names[part.block.kind]}{escape(part.block.text)}</p>"


def _proof(part: _Part) -> str:
    """The excerpts behind a finding: each one, those that may not be quoted too."""
    rows = [row for row in part.synthesis.trace.rows if row.theme == part.block.theme]
    items = "\n".join(f"<li>{_said(quote(row.quotation), _from(row))}</li>" for row in rows)
    opened = f"\n<ul>\n{items}\n</ul>\n" if items else ""
    return f"<details>\n<summary>{escape(part.block.text)}</summary>{opened}</details>"


def _from(row: TraceRow) -> str:
    return display(", ".join(filter(None, (row.questionnaire, *row.coders))))


def _said(block: Block, more: str = "") -> str:
    """A quotation and where it comes from; its direction is its own, and stops with it."""
    where = escape(", ".join(filter(None, (block.note, more))))
    if block.kind != "quote":
        return f"<p>{escape(block.text)}</p>"
    words = f"«\u00a0<bdi>{escape(block.text)}</bdi>\u00a0»"
    return f'<blockquote><p>{words}</p><p class="where">[{where}]</p></blockquote>'


def _quote(part: _Part) -> str:
    return _said(part.block)


def _list(part: _Part) -> str:
    lines = []
    for item in part.block.items:
        anchor = part.sentences.get(item, "")
        text = escape(item)
        lines.append(f'<li><a href="#{anchor}">{text}</a></li>' if anchor else f"<li>{text}</li>")
    return "\n".join(("<ul>", *lines, "</ul>"))


def _table(part: _Part) -> str:
    block = part.block
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.head)
    rows = "\n".join(
        "".join(("<tr>", *(f"<td><bdi>{escape(cell)}</bdi></td>" for cell in row), "</tr>"))
        for row in block.rows
    )
    wide = ' class="wide"' if len(block.head) > _NARROW else ""
    return (
        f'<div class="scroll" role="region" aria-labelledby="{part.anchor}" tabindex="0">\n'
        f'<table{wide}>\n<caption id="{part.anchor}">{escape(block.text)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def _picture(part: _Part) -> str:
    drawn = part.synthesis.pictures[part.block.picture].png
    data = base64.b64encode(drawn).decode("ascii")
    return (
        f"<figure>\n<figcaption>{escape(part.block.text)}</figcaption>\n"
        f'<img src="data:image/png;base64,{data}" alt="{escape(part.block.alt)}">\n</figure>'
    )


_WRITERS: Mapping[str, Callable[[_Part], str]] = {
    "heading": _heading,
    "text": _text,
    "lead": _text,
    "notice": _text,
    "list": _list,
    "quote": _quote,
    "table": _table,
    "picture": _picture,
}
