"""A photo that is erased or withdrawn is nowhere on the disk; the register says what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import factories
import photo_cases
import photo_files as files
import results_cases as cases
from conftest import settings_in
from survey_app.models import Attachment, Campaign, Draft, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import attachments, backup, drafts, erasure, register, withdrawal

Actors = dict[str, Actor]
BIT = 24  # bytes


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Runtime]:
    """An installation without encryption: what it forgets must really be gone from the disk."""
    started = Runtime.start(settings_in(tmp_path / "house", plain_sqlite=True))
    started.database.upgrade()
    yield started
    started.database.close()


@pytest.fixture
def actors(plain: Runtime) -> Actors:
    with plain.database.writing() as session:
        council = factories.council(session)
        made = factories.actors(session, council)
        factories.campaign(session, council)
    return made


def begun(runtime: Runtime, actors: Actors, photos: int) -> tuple[Draft, list[bytes]]:
    """An interview with photos, as they are kept."""
    with runtime.database.writing() as session:
        by = actors["councillor"]
        held = photo_cases.held(session, session.scalars(select(Campaign)).one(), by)
        draft = photo_cases.begun(session, held, by)
        rows = [attachments.receive(session, by, draft, files.jpeg()) for _ in range(photos)]
        return draft, [row.content for row in rows]


def deposited(runtime: Runtime, actors: Actors, draft: Draft) -> Testimony:
    with runtime.database.writing() as session:
        draft = session.get_one(Draft, draft.id)
        photos = attachments.owned(session, draft)
        reviewer = actors["councillor2"].account_id
        return photo_cases.deposited(session, draft, *photos, reviewer_id=reviewer)


def holders(folder: Path, photo: bytes) -> list[str]:
    """The files under a folder that hold any piece of a photo (a page of SQLite may cut it)."""
    middle = len(photo) // 2
    bits = {photo[at : at + BIT] for at in range(middle, len(photo) - BIT, BIT)}
    found = []
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        held = path.read_bytes()
        if any(bit in held for bit in bits):
            found.append(path.name)
    return found


def test_a_withdrawn_photo_is_in_no_file_even_after_an_old_backup_comes_back(
    plain: Runtime, actors: Actors, tmp_path: Path
) -> None:
    draft, (photo,) = begun(plain, actors, 1)
    row = deposited(plain, actors, draft)
    with plain.database.writing() as session:
        code = cases.with_code(session, plain, row)
    saved = backup.backup(plain, tmp_path / "sauvegarde.db")
    assert {"paroles.db", "paroles.db-wal"} & set(holders(tmp_path, photo))
    assert "sauvegarde.db" in holders(tmp_path, photo)
    with plain.database.writing() as session:
        found = withdrawal.find(session, plain.keys, code, "192.0.2.7")
        assert withdrawal.said(session, found).photos == 1
        withdrawal.erase(session, plain, found)
    plain.database.close()
    assert holders(tmp_path, photo) == ["sauvegarde.db"]
    assert backup.restore(plain, saved).erased == 1
    plain.database.close()
    assert holders(tmp_path, photo) == ["sauvegarde.db"]


def test_a_photo_erased_at_review_is_in_no_file_and_its_neighbour_stays(
    plain: Runtime, actors: Actors, tmp_path: Path
) -> None:
    draft, (first, second) = begun(plain, actors, 2)
    row = deposited(plain, actors, draft)
    with plain.database.writing() as session:
        testimony = session.get_one(Testimony, row.id)
        gone = attachments.owned(session, testimony)[0]
        attachments.erase(session, actors["councillor2"], plain, testimony, gone.id)
    assert holders(tmp_path, first) == []  # at once, while the database is still open
    plain.database.close()
    assert holders(tmp_path, first) == []
    assert holders(tmp_path, second) == ["paroles.db"]


def test_an_abandoned_interview_takes_its_photos_with_it(
    plain: Runtime, actors: Actors, tmp_path: Path
) -> None:
    draft, (photo,) = begun(plain, actors, 1)
    assert holders(tmp_path, photo)
    with plain.database.writing() as session:
        mine = session.get_one(Draft, draft.id)
        drafts.wipe(session, actors["councillor"], plain, mine)
    plain.database.close()
    assert holders(tmp_path, photo) == []


def test_erasing_takes_the_photos_of_a_draft_of_the_same_name(
    plain: Runtime, actors: Actors
) -> None:
    draft, _ = begun(plain, actors, 1)
    with plain.database.writing() as session:
        held = session.get_one(Draft, draft.id).meeting
        row = factories.testimony(session, held, id=draft.id)
        cases.with_code(session, plain, row)
        erasure.erase(session, actors["coordinator"], plain, row.id, "decision")
        assert session.scalars(select(Attachment.id)).all() == []


def test_photos_are_erased_by_name_and_not_only_by_cascade(plain: Runtime, actors: Actors) -> None:
    draft, _ = begun(plain, actors, 2)
    row = deposited(plain, actors, draft)
    with plain.database.writing() as session:
        erasure.DELETERS["photos"](session, actors["coordinator"], plain, row)
        assert session.scalars(select(Attachment.id)).all() == []
        assert session.get(Testimony, row.id) is not None


def test_the_register_counts_the_photos_of_each_campaign(plain: Runtime, actors: Actors) -> None:
    with plain.database.reading() as session:
        assert register.treatments(session, actors["dpo"])[0].photos == 0
    draft, _ = begun(plain, actors, 2)
    with plain.database.reading() as session:
        assert register.treatments(session, actors["dpo"])[0].photos == 2
    deposited(plain, actors, draft)
    begun(plain, actors, 1)
    with plain.database.reading() as session:
        assert register.treatments(session, actors["dpo"])[0].photos == 3
