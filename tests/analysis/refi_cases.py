"""Projects and .qdpx files for tests: well made, then damaged the way they are in the field."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from analysis.refi import model, write

HARD = "👩🏽‍🦱 L’été, e\u0301 monte.\n« Karima »\xa0: 😀 oui.\n\nFin \u202f!"


def guid(rank: int) -> str:
    return str(uuid.UUID(int=rank))


def selection(rank: int, text: str, start: int, end: int, *codes: str) -> model.Selection:
    codings = tuple(
        model.Coding(guid(9_000 + 10 * rank + place), code) for place, code in enumerate(codes)
    )
    return model.Selection(guid(1_000 + rank), start, end, text[start:end], codings=codings)


def project(text: str, *spans: tuple[int, int]) -> model.Project:
    """One source under one code."""
    code = model.Code(guid(1), "LOG1 État du logement")
    passages = tuple(
        selection(rank, text, start, end, code.guid) for rank, (start, end) in enumerate(spans)
    )
    source = model.Source(guid(2), "T-0001", text, selections=passages)
    return model.Project("Essai", "essai", codes=(code,), sources=(source,))


def packed(folder: Path, made: model.Project) -> bytes:
    path = folder / "projet.qdpx"
    write(made, path)
    return path.read_bytes()


def archive(document: str | bytes, **files: bytes) -> bytes:
    """A zip of these entries; ``document`` is the project."""
    return zipped({"project.qde": document, **files})


def zipped(entries: dict[str, str | bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return target.getvalue()


def document(selections: list[tuple[int, int, str]], source: str = "", sets: str = "") -> str:
    """A project of one code and one source; ``source`` replaces the attributes of its text."""
    path = source or f'plainTextPath="internal://{guid(2)}.txt"'
    held = "".join(
        f'<PlainTextSelection guid="{guid(100 + rank)}" startPosition="{start}" '
        f'endPosition="{end}" name={quoteattr(name)}><Coding guid="{guid(500 + rank)}">'
        f'<CodeRef targetGUID="{guid(1)}"/></Coding></PlainTextSelection>'
        for rank, (start, end, name) in enumerate(selections)
    )
    return (
        f'<Project name="Essai" xmlns="{model.NAMESPACE}"><CodeBook><Codes>'
        f'<Code guid="{guid(1)}" name="LOG1" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="{guid(2)}" name="entretien" {path}>{held}</TextSource>'
        f"</Sources>{sets}</Project>"
    )


# What XML can hold, with what is hard on offsets; texts hold line feeds only, and no mark.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff")
    | st.sampled_from("é😀\n\u0301👩\u202f"),
    max_size=30,
)
TEXTS = WORDS.map(lambda words: words + "fin")
GUIDS = st.uuids().map(str)


@st.composite
def sources(
    draw: st.DrawFn, names: Iterator[str], coding: model.Coding, whole: model.Coding
) -> model.Source:
    """A text with passages, all coded alike under GUIDs of their own."""
    text, passages = draw(TEXTS), []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        made = (replace(coding, guid=next(names)),)
        passages.append(
            model.Selection(next(names), start, end, text[start:end], draw(WORDS), made)
        )
    codings = (replace(whole, guid=next(names)),)
    return model.Source(
        next(names), draw(WORDS), text, draw(WORDS), tuple(passages), codings, coding.notes
    )


@st.composite
def projects(draw: st.DrawFn) -> model.Project:
    """A whole project, references included."""
    names = iter(draw(st.lists(GUIDS, min_size=60, max_size=60, unique=True)))
    users = tuple(model.User(next(names), draw(WORDS)) for _ in range(2))
    under = model.Code(next(names), draw(WORDS), draw(WORDS), "#A0B1C2", draw(st.booleans()))
    above = model.Code(next(names), draw(WORDS), codes=(under,))
    beside = model.Code(next(names), draw(WORDS), draw(WORDS))
    variable = model.Variable(next(names), draw(WORDS), draw(WORDS))
    notes = tuple(model.Note(next(names), draw(WORDS), draw(WORDS)) for _ in range(2))
    coding = model.Coding("", under.guid, users[0].guid, (notes[0].guid,))
    whole = model.Coding("", beside.guid)
    texts = tuple(draw(sources(names, coding, whole)) for _ in range(draw(st.integers(0, 3))))
    known = tuple(source.guid for source in texts)
    values = ((variable.guid, draw(WORDS)),)
    return model.Project(
        name=draw(WORDS),
        origin=draw(WORDS),
        users=users,
        codes=(above, beside),
        variables=(variable,),
        cases=(model.Case(next(names), draw(WORDS), draw(WORDS), values, known),),
        sources=texts,
        notes=notes,
        groups=(model.Group(next(names), draw(WORDS), draw(WORDS), known),),
        description=draw(WORDS),
    )
