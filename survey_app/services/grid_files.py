"""Grids that leave as files, and files that become the draft of a grid."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import codebook, codebook_csv, codebook_qdc, codebook_writer
from analysis.codebook import Codebook, CodebookError
from analysis.codebook_file import from_document, raw
from survey_app.domain import Invalid
from survey_app.models import Campaign, CodebookVersion, ExchangeGuid
from survey_app.permissions import Actor
from survey_app.services import grid_drafts, grids

MOST_BYTES = {"csv": 1_000_000, "qdc": 1_000_000, "yaml": 400_000}  # YAML is slow to read
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "qdc": "application/xml; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}
NOTHING = "Rien n’a été importé."
_NUMBER_AT_END = re.compile(r"[-_ ]?v?[0-9]+(\.[0-9]+)*$")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, and what of it could not be kept."""

    book: Codebook
    losses: list[str]
    licence: str = ""


def export(
    session: Session,
    actor: Actor,
    row: CodebookVersion,
    kind: str,
    campaign: Campaign | None = None,
) -> bytes:
    """The bytes of a version's file, ``kind`` being a key of `MEDIA`.

    With a campaign, codes leave under the names that its REFI-QDA exports gave them.
    """
    actor.require("codebook.read")
    book = grids.book(row)
    if kind == "csv":
        return codebook_csv.write(book)
    if kind == "qdc":
        return codebook_qdc.write(book, _guids(session, actor, row, campaign))
    if kind == "yaml":
        return codebook_writer.to_yaml(book, str(row.document.get("licence", "")))
    raise Invalid(
        f"Le format « {kind} » n’existe pas pour une grille.", "Choisissez .yaml, .csv ou .qdc."
    )


def read(name: str, data: bytes) -> Read:
    """What a file says of a grid, by the ending of its name. `Invalid` says where it is faulty."""
    kind = PurePosixPath(name).suffix.lower().lstrip(".").replace("yml", "yaml")
    if kind not in MEDIA:
        raise Invalid(
            f"« {name} » n’est pas un fichier de grille.",
            f"{NOTHING} Choisissez un fichier .yaml, .csv ou .qdc.",
        )
    if len(data) > MOST_BYTES[kind]:
        raise Invalid(
            f"Ce fichier dépasse {MOST_BYTES[kind] // 1000} ko.",
            f"{NOTHING} Une grille est bien plus courte.",
        )
    title = _NUMBER_AT_END.sub("", PurePosixPath(name).stem).strip() or "Grille"
    slug = grid_drafts.slug(title)
    try:
        found = _read(kind, data, slug, title)
        checked = from_document(codebook_writer.document(found.book, found.licence))
    except CodebookError as error:
        raise Invalid(f"Fichier « {name} », {error}", NOTHING) from error
    return replace(found, book=checked)


def _read(kind: str, data: bytes, name: str, title: str) -> Read:
    if kind == "yaml":
        document = raw(data)
        book = from_document(document)
        return Read(book, [], str(document.get("licence", "")))
    like = codebook.load()
    borrowed = f"Les précisions (tonalité, nature…) sont celles de « {like.title} »."
    if kind == "csv":
        return Read(codebook_csv.read(data, like, name, title), [borrowed])
    book, losses = codebook_qdc.read(data, like, name, title)
    return Read(book, [*losses, borrowed])


def _guids(
    session: Session, actor: Actor, row: CodebookVersion, campaign: Campaign | None
) -> Callable[[str, str], str]:
    """A stable name for each code and set: the campaign's own, else one of the council's grid."""
    known: dict[tuple[str, str], uuid.UUID] = {}
    if campaign is not None:
        stored = select(ExchangeGuid).where(
            ExchangeGuid.council_id == actor.council_id, ExchangeGuid.campaign_id == campaign.id
        )
        known = {(item.kind, item.key): item.guid for item in session.scalars(stored)}

    def guid(kind: str, key: str) -> str:
        made = uuid.uuid5(row.council_id, f"{row.name}/{kind}/{key}")
        return str(known.get((kind, key), made))

    return guid
