"""The one erasure path: withdrawal, removal by the coordination and purge all come here.

Each store that may hold words of a testimony registers how to remove them; `erase` calls them
all, writes the id in the ledger, and empties the write-ahead log once committed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from sqlalchemy import delete, event, or_, select
from sqlalchemy.orm import Session

from survey_app.domain import NotFound
from survey_app.models import (
    Annotation,
    Attachment,
    Delivery,
    Draft,
    Erasure,
    RecontactEntry,
    Record,
    Recording,
    ReviewQuestion,
    Run,
    Testimony,
    TextVersion,
    WithdrawalCode,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    analysis_folder,
    exchange_files,
    exports,
    import_shelf,
    journal,
    media,
    recordings,
    scope,
    syntheses_erasure,
)

Deleter = Callable[[Session, Actor, Runtime, Testimony], None]
LEDGER = "effacements.txt"
RESIDENT = "habitant"
CARD = "card"
"""Reason of the ledger's lines that stand for a withdrawn testimony's paper code."""


def _annotations(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    texts = select(TextVersion.id).where(TextVersion.testimony_id == testimony.id)
    session.execute(delete(Annotation).where(Annotation.text_version_id.in_(texts)))


def _runs(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """Word counts and clouds are made of everybody's words: they are computed again."""
    session.execute(delete(Run).where(Run.campaign_id == testimony.campaign_id))


def _syntheses(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    syntheses_erasure.leave(session, actor, testimony, erased=True)


def _files(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    exports.forget(session, runtime, testimony)


def _folders(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """What the analysis wrote for other programs is made of everybody's words."""
    analysis_folder.forget(session, runtime, testimony)


def _exchanges(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """The files for other programs that hold it, and the names under which it left."""
    exchange_files.forget(session, runtime, testimony)


def _waiting(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """A file that waits to be imported may hold the same words."""
    import_shelf.forget(session, runtime, testimony.campaign_id)


def _photos(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """Those of its draft too: a testimony keeps the id that its interview had."""
    mine = or_(Attachment.testimony_id == testimony.id, Attachment.draft_id == testimony.id)
    session.execute(delete(Attachment).where(mine))


def _voices(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """Its voices, and whatever a tablet still brings for it."""
    recordings.forget(session, runtime, testimony)
    media.forget(session, runtime, testimony.council_id, testimony.id)


def _drafts(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    session.execute(delete(Draft).where(Draft.id == testimony.id))


def _deliveries(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """That it once came by a rescue file, to be finished at the desk."""
    session.execute(delete(Delivery).where(Delivery.id == testimony.id))


def _questions(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """What its reviewer asked of who collected it, and what they answered."""
    session.execute(delete(ReviewQuestion).where(ReviewQuestion.testimony_id == testimony.id))


def _rows(session: Session, actor: Actor, runtime: Runtime, testimony: Testimony) -> None:
    """Texts, consents, reviews, maskings, excerpts and codings go with their testimony."""
    session.execute(delete(Testimony).where(Testimony.id == testimony.id))
    session.expunge(testimony)


# In this order: what is derived first, the rows that lead to it last.
DELETERS: dict[str, Deleter] = {
    "annotations": _annotations,
    "runs": _runs,
    "syntheses": _syntheses,
    "files": _files,
    "folders": _folders,
    "exchanges": _exchanges,
    "waiting": _waiting,
    "photos": _photos,
    "voices": _voices,
    "drafts": _drafts,
    "deliveries": _deliveries,
    "questions": _questions,
    "rows": _rows,
}


def erase(
    session: Session, actor: Actor, runtime: Runtime, testimony_id: uuid.UUID, reason: str
) -> None:
    """Erase a testimony at the coordination's decision (``reason``: a code, no words)."""
    actor.require("testimony.erase")
    _erase(session, actor, runtime, scope.get(session, actor, Testimony, testimony_id), reason)


def by_code(session: Session, code_hash: str) -> Testimony:
    """The testimony that a paper code leads to; `NotFound` where there is none any more."""
    found = session.scalars(
        select(Testimony)
        .join(WithdrawalCode, WithdrawalCode.testimony_id == Testimony.id)
        .where(WithdrawalCode.code_hash == code_hash)
    ).one_or_none()
    if found is None:
        raise NotFound(
            "Aucune parole ne correspond à ce code.",
            "Vérifiez chaque lettre et chaque chiffre de votre papier. Si le code est bon, "
            "la parole a déjà été retirée.",
        )
    return found


def was_withdrawn(session: Session, code_hash: str) -> bool:
    """Whether a testimony under this paper code was erased: its paper must not bring it back."""
    return session.get(Erasure, _card_id(code_hash)) is not None


def _card_id(code_hash: str) -> uuid.UUID:
    """What the ledger keeps of a paper code, once its testimony is erased: half a keyed hash."""
    return uuid.UUID(code_hash[:32])


def by_resident(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Erase a testimony for whoever showed its paper code."""
    resident = Actor(testimony.council_id, None, RESIDENT)
    _erase(session, resident, runtime, testimony, "withdrawn")


def replay(session: Session, runtime: Runtime, ledger: set[uuid.UUID]) -> int:
    """Erase again, in a restored database, whatever the ledger says was erased.

    The whole ledger is kept there: what was withdrawn after the backup and comes again from a
    tablet is still refused. Returns how many testimonies were erased.
    """
    count = 0
    for testimony in session.scalars(select(Testimony).where(Testimony.id.in_(ledger))).all():
        machine = Actor(testimony.council_id, None, "restauration")
        _erase(session, machine, runtime, testimony, "replayed")
        count += 1
    for kept in (Draft, Record, Recording, RecontactEntry):
        session.execute(delete(kept).where(kept.id.in_(ledger)))
    known = set(session.scalars(select(Erasure.record_id)))
    session.add_all(Erasure(record_id=key, reason="replayed") for key in ledger - known)
    return count


def read_ledger(runtime: Runtime) -> set[uuid.UUID]:
    """Ids of the ledger kept beside the keys, which outlives the database."""
    path = runtime.settings.key_dir / LEDGER
    if not path.exists():
        return set()
    lines = path.read_text(encoding="ascii").split()
    return {uuid.UUID(line) for line in lines}


def _erase(
    session: Session, actor: Actor, runtime: Runtime, testimony: Testimony, reason: str
) -> None:
    identifier, council_id, campaign = testimony.id, testimony.council_id, testimony.campaign
    of_testimony = select(WithdrawalCode.code_hash).where(WithdrawalCode.testimony_id == identifier)
    cards = [_card_id(code_hash) for code_hash in session.scalars(of_testimony)]
    for deleter in DELETERS.values():
        deleter(session, actor, runtime, testimony)
    syntheses_erasure.redraft(session, actor, campaign)
    journal.forget(session, identifier)
    if session.get(Erasure, identifier) is None:
        session.add(Erasure(record_id=identifier, council_id=council_id, reason=reason))
    for card in cards:
        if session.get(Erasure, card) is None:
            session.add(Erasure(record_id=card, reason=CARD))  # no council: counted nowhere
    journal.record(session, actor, "erase", "testimonies", identifier, reason=reason)
    session.flush()

    def after_commit(session: Session) -> None:
        with (runtime.settings.key_dir / LEDGER).open("a", encoding="ascii") as file:
            file.writelines(f"{key}\n" for key in (identifier, *cards))
        runtime.database.forget_erased()

    event.listen(session, "after_commit", after_commit, once=True)
