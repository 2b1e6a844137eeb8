"""A grid being rewritten: a list of changes over a version, which becomes the next version."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session

from analysis import codebook_changes, codebook_compare, codebook_writer
from analysis.codebook import Codebook, CodebookError, fold
from analysis.codebook_file import from_document
from analysis.codebook_steps import Change
from survey_app.domain import Conflict, Invalid, NotFound
from survey_app.models import CodebookVersion
from survey_app.permissions import Actor
from survey_app.services import grids, journal, scope

DRAFT = "draft"
UNNUMBERED = "brouillon"
NOTHING = "Rien n’a été changé."
MOST_CODES = 800
MOST_CHANGES = 500
LONGEST = {"title": 200, "name": 80}


def drafts(session: Session, actor: Actor) -> list[CodebookVersion]:
    """The grids that the council is rewriting."""
    actor.require("codebook.manage")
    query = scope.scoped(actor, CodebookVersion).where(CodebookVersion.state == DRAFT)
    return list(session.scalars(query.order_by(CodebookVersion.name)))


def get(session: Session, actor: Actor, draft_id: uuid.UUID | str) -> CodebookVersion:
    """A draft; `NotFound` for a published version, or one of another council."""
    actor.require("codebook.manage")
    row = scope.get(session, actor, CodebookVersion, draft_id)
    if row.state != DRAFT:
        raise NotFound()
    return row


def begin(session: Session, actor: Actor, base: CodebookVersion) -> CodebookVersion:
    """A draft of the next version, or the one that is already being written."""
    actor.require("codebook.manage")
    there = next((row for row in drafts(session, actor) if row.name == base.name), None)
    if there is not None:
        return there
    return _added(session, actor, grids.book(base), base.document, {"from": base.version})


def begin_from_file(
    session: Session, actor: Actor, book: Codebook, licence: str = ""
) -> CodebookVersion:
    """A draft of what a file says; it follows the last version of the grid of that name."""
    actor.require("codebook.manage")
    if any(row.name == book.id for row in drafts(session, actor)):
        raise Conflict(
            f"La grille « {book.title} » a déjà un brouillon.",
            "Rien n’a été importé. Publiez-le ou supprimez-le d’abord.",
        )
    _refuse_too_large(book)
    last = next(iter(grids.versions(session, actor, book.id)), None)
    document = codebook_writer.document(book, licence)
    step = {"from": last.version if last else "", "source": document}
    return _added(session, actor, book, document, step)


def changes(row: CodebookVersion) -> list[Change]:
    """What was changed so far, in order."""
    return [codebook_changes.from_dict(told) for told in row.migrations[0]["changes"]]


def base(session: Session, actor: Actor, row: CodebookVersion) -> Codebook:
    """What the draft began from: a version, or the file that was read."""
    step = row.migrations[0]
    if "source" in step:
        return from_document(step["source"])
    found = grids.made_from(session, actor, row)
    if found is None:
        raise NotFound()
    return grids.book(found)


def change(
    session: Session, actor: Actor, row: CodebookVersion, revision: int, new: Change
) -> Codebook:
    """Add a change to a draft. `Conflict` if somebody changed it since ``revision``."""
    mine = _opened(session, actor, row, revision)
    if len(changes(mine)) >= MOST_CHANGES:
        raise Conflict(
            f"Ce brouillon compte {MOST_CHANGES} changements.",
            f"{NOTHING} Publiez-le, puis continuez dans un nouveau brouillon.",
        )
    return _write(session, actor, mine, [*changes(mine), new])


def undo(session: Session, actor: Actor, row: CodebookVersion, revision: int) -> Change:
    """Take the last change back, and say which it was."""
    mine = _opened(session, actor, row, revision)
    made = changes(mine)
    if not made:
        raise Conflict("Il n’y a aucun changement à annuler.", NOTHING)
    _write(session, actor, mine, made[:-1])
    return made[-1]


def drop(session: Session, actor: Actor, row: CodebookVersion, revision: int) -> None:
    """Give a draft up; published versions stay."""
    session.delete(_opened(session, actor, row, revision))
    session.flush()


def free_name(session: Session, actor: Actor, row: CodebookVersion, theme: str, rank: int) -> str:
    """The ``rank``-th code (from 0) that a theme has never borne, to be offered."""
    used = {*_used(session, actor, row), *base_names(session, actor, row)}
    for _ in range(rank + 1):
        name = codebook_changes.next_name(grids.book(row), theme, used)
        used.add(name)
    return name


def base_names(session: Session, actor: Actor, row: CodebookVersion) -> set[str]:
    """Every code that the draft bears or has borne."""
    names = {code.code for code in base(session, actor, row).all_codes()}
    for made in changes(row):
        names |= {made.target, *(str(part.get("code", "")) for part in made.parts)}
    return names


def become(session: Session, actor: Actor, row: CodebookVersion) -> dict[str, tuple[str, ...]]:
    """What stands in the draft for each code that it began from."""
    return codebook_changes.mapping(base(session, actor, row), changes(row))


def differences(session: Session, actor: Actor, row: CodebookVersion) -> list[str]:
    """What the draft changes, in sentences."""
    old, become_of = base(session, actor, row), become(session, actor, row)
    return codebook_compare.differences(old, grids.book(row), become_of)


def proposed(session: Session, actor: Actor, row: CodebookVersion) -> str:
    """The number to offer for the next version."""
    published = grids.versions(session, actor, row.name)
    if not published:
        return "1.0.0"
    old = grids.book(published[0])
    if "source" in row.migrations[0]:
        names = codebook_compare.same_names(old, grids.book(row))
    else:
        names = become(session, actor, row)
    return codebook_compare.proposed(published[0].version, old, grids.book(row), names)


def publish(
    session: Session,
    actor: Actor,
    row: CodebookVersion,
    revision: int,
    number: str,
    notes: str = "",
) -> CodebookVersion:
    """Make the draft a version that nothing changes any more.

    `Invalid` for a number that does not follow; `Conflict` when nothing differs.
    """
    mine = _opened(session, actor, row, revision)
    published = grids.versions(session, actor, mine.name)
    number = number.strip()
    if not codebook_compare.NUMBER.match(number):
        raise Invalid(
            "Un numéro de version s’écrit en trois nombres, par exemple 1.1.0.",
            "Rien n’a été publié.",
        )
    if published and codebook_compare.rank(number) <= codebook_compare.rank(published[0].version):
        raise Invalid(
            f"La version {published[0].version} est déjà publiée.",
            "Rien n’a été publié. Choisissez un numéro plus grand.",
        )
    book = replace(grids.book(mine), version=number)
    _refuse_same(published, book)
    step = {**mine.migrations[0], "notes": " ".join(notes.split())[:2000]}
    mine.document = {**mine.document, "version": number}
    mine.migrations, mine.version, mine.state = [step], number, grids.PUBLISHED
    mine.fingerprint, mine.revision = book.fingerprint, mine.revision + 1
    session.flush()
    journal.record(
        session, actor, "published", "codebooks", mine.id, name=mine.name, version=number
    )
    return mine


def slug(text: str) -> str:
    """The technical name of a grid, from its title or its file."""
    bare = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return (bare if bare[:1].isalpha() else f"grille-{bare}".strip("-"))[: LONGEST["name"]]


def _added(
    session: Session, actor: Actor, book: Codebook, document: dict[str, Any], step: dict[str, Any]
) -> CodebookVersion:
    if len(book.title) > LONGEST["title"] or len(book.id) > LONGEST["name"]:
        raise Invalid("Le titre de cette grille est trop long.", "Raccourcissez-le.")
    row = CodebookVersion(
        council_id=actor.council_id,
        created_by=actor.account_id,
        name=book.id,
        version=UNNUMBERED,
        title=book.title,
        fingerprint="",
        document=document,
        migrations=[{**step, "changes": [], "notes": ""}],
        state=DRAFT,
    )
    session.add(row)
    session.flush()
    return row


def _opened(session: Session, actor: Actor, row: CodebookVersion, revision: int) -> CodebookVersion:
    mine = get(session, actor, row.id)
    if mine.revision != revision:
        raise Conflict(
            "Ce brouillon a changé depuis que cette page est ouverte.",
            f"{NOTHING} Relisez-le, puis recommencez.",
        )
    return mine


def _write(
    session: Session, actor: Actor, row: CodebookVersion, made: Sequence[Change]
) -> Codebook:
    """Apply all the changes again to what the draft began from, and keep what they give."""
    try:
        book = codebook_changes.apply(base(session, actor, row), made, _used(session, actor, row))
    except CodebookError as error:
        raise Invalid(str(error), NOTHING) from error
    _refuse_too_large(book)
    licence = str(row.document.get("licence", ""))
    row.document = codebook_writer.document(book, licence)
    told = [codebook_changes.to_dict(item) for item in made]
    row.migrations = [{**row.migrations[0], "changes": told}]
    row.revision += 1
    session.flush()
    return book


def _used(session: Session, actor: Actor, row: CodebookVersion) -> set[str]:
    """The codes of every published version of this grid."""
    return {
        code.code
        for version in grids.versions(session, actor, row.name)
        for code in grids.book(version).all_codes()
    }


def _refuse_too_large(book: Codebook) -> None:
    if len(book.all_codes()) > MOST_CODES:
        raise Invalid(
            f"Cette grille a plus de {MOST_CODES} codes : personne ne peut coder avec.",
            f"{NOTHING} Réunissez des codes.",
        )


def _refuse_same(published: Sequence[CodebookVersion], book: Codebook) -> None:
    for row in published:
        if replace(book, version=row.version).fingerprint == row.fingerprint:
            raise Conflict(
                f"Ce brouillon dit la même chose que la version {row.version}.",
                "Rien n’a été publié. Changez quelque chose, ou supprimez le brouillon.",
            )


class SealedError(RuntimeError):
    """Somebody tried to change a published grid."""


def _sealed(mapper: Mapper[Any], connection: object, target: CodebookVersion) -> None:
    state = inspect(target)
    before = state.attrs["state"].history.deleted
    if DRAFT in (before or ()) or target.state == DRAFT:
        return
    for name in ("name", "version", "fingerprint", "document", "migrations"):
        if state.attrs[name].history.has_changes():
            raise SealedError(f"{name} of a published grid never changes")


event.listen(CodebookVersion, "before_update", _sealed)
