"""A coded campaign to exchange, and what comes out of the files it gives. Words are invented."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import factories
from analysis import codebook, refi
from survey_app.models import Campaign, Coding, CodingStep, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, exchanges, import_shelf

TEXTS = (
    "L’été 😀 l’ascenseur tombe en panne.\n\nOn monte à pied, e\u0301puisés.",
    "Le hall est sale depuis un an. Le gardien ne passe plus.",
    "Un banc devant l’école, c’est tout ce qu’on demande.",
)


@dataclass
class Coded:
    """A campaign of three testimonies; two people coded the first."""

    slug: str
    actors: dict[str, Actor]
    testimonies: list[uuid.UUID]


def settle(runtime: Runtime, slug: str = "essai") -> Coded:
    with runtime.database.writing() as session:
        council = factories.council(session, f"Conseil {slug}")
        actors = factories.actors(session, council, suffix="" if slug == "essai" else f"-{slug}")
        campaign = factories.campaign(session, council, slug)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        rows = [
            factories.testimony(session, meeting, text=f"Brut : {text}", masked=text)
            for text in TEXTS
        ]
        code(session, actors["coordinator"], rows[0], "l’ascenseur tombe", "LOG4")
        code(session, actors["evaluator"], rows[0], "l’ascenseur tombe", "LOG4", tone=True)
        code(session, actors["evaluator"], rows[0], "e\u0301puisés", "SAN1")
        code(session, actors["coordinator"], rows[1], "Le gardien ne passe plus", "LOG5")
        excerpt = session.scalars(select(Excerpt).order_by(Excerpt.number)).first()
        assert excerpt is not None
        excerpt.memo = "À relier aux pannes.\nVoir la réunion."
    return Coded(slug, actors, [row.id for row in rows])


def code(
    session: Session, by: Actor, row: Testimony, words: str, name: str, *, tone: bool = False
) -> None:
    text = row.text("masked")
    assert text is not None
    start = text.text.index(words)
    facets = {"tonalite": "négative"} if tone else None
    coding.code(session, by, row, start, start + len(words), [name], facets)


def quiet(done: int, total: int, message: str) -> None:
    """Progress that nobody looks at."""


def given(runtime: Runtime, of: Coded, by: str = "coordinator") -> bytes:
    """The file of the campaign, as a page would fetch it."""
    actor = of.actors[by]
    told = exchanges.work_export(runtime, actor, {"campaign": of.slug}, quiet)
    with runtime.database.reading() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == of.slug)).one()
        key = uuid.UUID(told["waiting"])
        return import_shelf.get(runtime, actor, campaign, key, "testimony.export").data


def brought(runtime: Runtime, of: Coded, data: bytes, by: str = "coordinator") -> dict[str, Any]:
    return exchanges.bring(runtime, of.actors[by], of.slug, data, quiet)


def codings(runtime: Runtime) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Every coding that counts: words, code, state of its making, facets; and memo by words."""
    with runtime.database.reading() as session:
        rows = session.execute(
            select(Excerpt.quote, Coding.code, Coding.origin, Coding.facets)
            .join(Coding, Coding.excerpt_id == Excerpt.id)
            .where(Coding.state == "validated")
        )
        return sorted(((q, c, o, f) for q, c, o, f in rows), key=lambda row: row[:3])


def spoken(reading: refi.Reading) -> list[tuple[str, str]]:
    """The words and code names of every coding of a file."""
    names = {code.guid: code.name for code in reading.project.all_codes()}
    return sorted(
        (source.text[passage.start : passage.end], names[item.code])
        for source in reading.project.sources
        for passage in source.selections
        for item in passage.codings
    )


def label(code: str) -> str:
    """A code as it is named outside."""
    found = codebook.load().code(code)
    return f"{found.code} {found.label}"


def kinds(told: dict[str, list[tuple[str, str, int]]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, _, count in told["remarks"]:
        found[kind] = found.get(kind, 0) + count
    return found


def rewritten(data: bytes, change: Callable[[str], str], texts: Callable[[str], str]) -> bytes:
    """The same file after another program saved it its own way."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in held.items():
            altered = change(content) if name.endswith(".qde") else texts(content)
            archive.writestr(name, altered)
    return target.getvalue()


def same(content: str) -> str:
    return content


def strange_guids(document: str) -> str:
    """Every GUID but those of files replaced, consistently."""
    made: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        return made.setdefault(found[1], str(uuid.uuid4())).join(('="', '"'))

    return re.sub(r'="([0-9a-f]{8}-[0-9a-f-]{27})"', other, document)


def without_codings(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.execute(delete(CodingStep))
        session.execute(delete(Coding))
        session.execute(delete(Excerpt))
