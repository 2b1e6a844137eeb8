"""The demonstration, built for real: the whole way through the same services as the screens."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, func, select

from commands import paroles, refused
from conftest import settings_in
from demo_story import CODED, MEETINGS, STORY, masked_text
from survey_app.models import (
    AuditEvent,
    Base,
    Campaign,
    Coding,
    Council,
    Erasure,
    Job,
    Meeting,
    Redaction,
    Review,
    Synthesis,
    Testimony,
)
from survey_app.permissions import Role
from survey_app.runtime import Runtime
from survey_app.services import (
    accounts,
    consents,
    demo,
    demo_walk,
    deposit,
    erasure,
    exports,
    queue,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished demonstration, made once and copied by each test."""
    folder = tmp_path_factory.mktemp("demo") / "house"
    runtime = Runtime.start(settings_in(folder))
    answer = paroles(runtime, "demo", "--no-serve")
    assert answer.status == 0, answer.err
    (folder / "said.txt").write_text(answer.out, encoding="utf-8")
    runtime.database.forget_erased()
    runtime.database.close()
    return folder


@pytest.fixture
def house(built: Path, tmp_path: Path) -> Iterator[Runtime]:
    shutil.copytree(built, tmp_path / "house")
    runtime = Runtime.start(settings_in(tmp_path / "house"))
    yield runtime
    runtime.database.close()


def files(house: Runtime) -> dict[str, Path]:
    return {path.suffix: path for path in demo.folder(house).iterdir()}


def rows(house: Runtime) -> dict[str, int]:
    """How many rows each table holds."""
    with house.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_it_says_what_it_makes_and_how_to_enter(built: Path) -> None:
    said = (built / "said.txt").read_text(encoding="utf-8")
    assert "tout ce qui suit est inventé" in said
    assert f"{len(CODED)} témoignages relus, masqués et codés" in said
    assert f"{len(STORY) - len(CODED)} autres attendent" in said
    assert demo.PASSWORD in said
    for login in ("amina", "denis", "gilles"):
        assert login in said
    for suffix in exports.FORMATS:
        assert f"synthese.{suffix}" in said
    assert "aucune parole réelle" in said


def test_everything_in_it_says_that_it_is_invented(house: Runtime) -> None:
    with house.database.reading() as session:
        assert "fictif" in session.scalars(select(Council)).one().name
        campaign = session.scalars(select(Campaign)).one()
        assert (campaign.slug, campaign.fictitious, campaign.state) == ("demo", True, "running")
    found = json.loads(files(house)[".json"].read_text(encoding="utf-8"))
    assert found["identity"]["fictitious"] is True


def test_each_coded_testimony_went_the_whole_way(house: Runtime) -> None:
    with house.database.reading() as session:
        for item in CODED:
            row = session.get_one(Testimony, demo_walk.identifier(item["key"]))
            collector = session.get_one(accounts.Account, row.collector_id)
            reviewer = session.get_one(accounts.Account, row.reviewer_id)
            assert collector.login == MEETINGS[item["meeting"]]["collector"]
            assert reviewer.login == item["reviewer"] != collector.login
            assert (row.state, row.origin) == ("coded", "demo")
            assert row.said_on == MEETINGS[item["meeting"]]["date"]
            assert row.claimed_at.date() == row.said_on
            masked = row.text("masked").text
            assert all(mask["words"] not in masked for mask in item["mask"])
            assert all(coding["quote"] in masked for coding in item["codings"])


def test_the_others_wait_in_the_queues_of_the_desk(house: Runtime) -> None:
    with house.database.reading() as session:
        for item in STORY:
            row = session.get_one(Testimony, demo_walk.identifier(item["key"]))
            assert row.state == item.get("state", "coded")
            masked = row.text("masked")
            assert (masked.text if masked else "") == (
                masked_text(item) if row.state in {"masked", "coded"} else ""
            )
        campaign = session.scalars(select(Campaign)).one()
        account = session.scalars(select(accounts.Account).filter_by(login="denis")).one()
        found = queue.counts(session, accounts.actor_of(account), campaign)
        assert min(found[name] for name in ("a-relire", "a-masquer", "a-coder")) >= 4
        assert found["pret"] == len(CODED)


def test_a_group_counts_its_persons_and_the_meetings_tell_their_weather(house: Runtime) -> None:
    with house.database.reading() as session:
        for item in STORY:
            row = session.get_one(Testimony, demo_walk.identifier(item["key"]))
            assert row.persons == item["answers"].get("presents", 1)
        told = {(row.place, row.team, row.weather) for row in session.scalars(select(Meeting))}
    assert told == {
        (entry["place"], entry.get("team", ""), entry.get("weather", ""))
        for entry in MEETINGS.values()
    }


def test_counts_are_those_of_the_story(house: Runtime) -> None:
    reviewed = [item for item in STORY if item.get("state") != "to_review"]
    masked = [item for item in reviewed if item.get("state") != "reviewed"]
    codings = sum(len(entry["codes"]) for item in STORY for entry in item["codings"])
    with house.database.reading() as session:
        for model, expected in (
            (Testimony, len(STORY)),
            (Meeting, len(MEETINGS)),
            (Review, len(reviewed)),
            (Redaction, sum(len(item["mask"]) for item in masked)),
            (Coding, codings),
        ):
            assert session.scalar(select(func.count()).select_from(model)) == expected
        assert set(session.scalars(select(Meeting.state))) == {"closed"}
        approached = sum(entry["counters"]["approached"] for entry in MEETINGS.values())
        assert session.scalar(select(func.sum(Meeting.approached))) == approached
        given = [item["answers"]["accord_citer"] for item in STORY]
        citable = [consents.citable(row) for row in session.scalars(select(Testimony))]
        for state, answer in (("yes", "oui"), ("approved", "apres_relecture"), ("no", "non")):
            assert citable.count(state) == given.count(answer)


def test_the_synthesis_is_signed_by_two_voices_and_published(house: Runtime) -> None:
    with house.database.reading() as session:
        row = session.scalars(select(Synthesis)).one()
        logins = {
            session.get_one(accounts.Account, item.account_id).login: item.capacity
            for item in row.signatures
        }
        assert (row.version, row.state) == (1, "published")
        assert logins == {"denis": "coordinator", "chloe": "body"}


def quotations(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        if "quote" in found:
            yield found
        for value in found.values():
            yield from quotations(value)
    elif isinstance(found, list):
        for value in found:
            yield from quotations(value)


def test_the_files_quote_exactly_and_only_who_agreed(house: Runtime, tmp_path: Path) -> None:
    found = json.loads(files(house)[".json"].read_text(encoding="utf-8"))
    target = tmp_path / "t.json"
    answer = paroles(house, "export-testimonies", "--campaign", "demo", "--output", target)
    readable = [item for item in STORY if item.get("state") in {None, "masked"}]
    assert answer.out.startswith(f"{len(readable)} témoignages écrits")
    records = {row["id"]: row for row in json.loads(target.read_text(encoding="utf-8"))}
    quoted = list(quotations(found))
    assert len(quoted) > 20
    for item in quoted:
        record = records[item["testimony"]]
        assert record["text"][item["start"] : item["end"]] == item["quote"]
        assert record["consents"]["citer"]
        phrases = record["approved_phrases"]
        assert not phrases or any(item["quote"] in phrase for phrase in phrases)
    assert len(found["findings"]) == 14
    assert not found["draft"]


def test_the_pdf_and_the_word_file_open(house: Runtime) -> None:
    from docx import Document

    assert len(PdfReader(files(house)[".pdf"]).pages) > 3
    words = "\n".join(part.text for part in Document(str(files(house)[".docx"])).paragraphs)
    assert "Démonstration, paroles de trois quartiers" in words


def test_again_is_quick_and_doubles_nothing(house: Runtime) -> None:
    before = rows(house)
    stamps = {path: path.stat().st_mtime_ns for path in files(house).values()}
    answer = paroles(house, "demo", "--no-serve")
    assert answer.status == 0
    assert "rien n’est doublé" in answer.out
    assert rows(house) == before
    assert {path: path.stat().st_mtime_ns for path in files(house).values()} == stamps


def test_a_missing_file_is_written_again_alone(house: Runtime) -> None:
    pdf = files(house)[".pdf"].stat().st_mtime_ns
    files(house)[".docx"].unlink()
    answer = paroles(house, "demo", "--no-serve")
    assert answer.status == 0
    assert set(files(house)) == {f".{name}" for name in exports.FORMATS}
    assert files(house)[".pdf"].stat().st_mtime_ns == pdf


def test_the_accounts_open_with_the_printed_password(house: Runtime) -> None:
    with house.database.writing() as session:
        for entry in demo.read("campaign.yaml")["accounts"]:
            account = accounts.authenticate(
                session, house.keys, entry["login"], demo.PASSWORD, "127.0.0.1"
            )
            assert account.role_names == {Role(name) for name in entry["roles"]}


def written_here(house: Runtime) -> None:
    """Write the files again: the jobs of the copied house remember the folder of the first one."""
    with house.database.writing() as session:
        session.execute(delete(Job))
    for path in files(house).values():
        path.unlink()
    assert paroles(house, "demo", "--no-serve").status == 0
    assert len(files(house)) == len(exports.FORMATS)


def test_the_printed_code_withdraws_and_the_demonstration_stands_up_again(
    house: Runtime, built: Path
) -> None:
    said = (built / "said.txt").read_text(encoding="utf-8")
    code = said.split("Un code de retrait, pour essayer : ")[1].splitlines()[0]
    gone = demo_walk.identifier(demo.ON_PAPER)
    written_here(house)
    with house.database.reading() as session:
        quote = session.get_one(Testimony, gone).text("masked").text[:40]
    with house.database.writing() as session:
        found = erasure.by_code(session, deposit.code_hash(house.keys, code))
        erasure.by_resident(session, house, found)
    assert files(house) == {}
    answer = paroles(house, "demo", "--no-serve")
    assert answer.status == 0, answer.err
    assert "code de retrait" not in answer.out
    assert set(files(house)) == {f".{name}" for name in exports.FORMATS}
    assert quote not in files(house)[".json"].read_text(encoding="utf-8")
    with house.database.reading() as session:
        assert session.get(Testimony, gone) is None
        # The ledger holds the testimony's id and, under an id of its own, its spent card.
        left = dict(session.execute(select(Erasure.record_id, Erasure.reason)).all())
        assert gone in left
        assert sorted(left.values()) == ["card", "withdrawn"]
        assert session.scalar(select(func.count()).select_from(Testimony)) == len(STORY) - 1


def test_a_real_council_never_joins_the_demonstration(house: Runtime) -> None:
    message = refused(house, "init", "--council", "Vrai conseil", "--login", "anne")
    assert "contient la démonstration" in message
    assert "contient la démonstration" in refused(house, "init")
    answer = paroles(
        house, "create-campaign", "vraie", "--title", "T", "--neighbourhood", "QP034020"
    )
    assert answer.status == 0
    assert "ce conseil est celui de la démonstration" in answer.err


def test_every_gesture_is_in_the_journal_without_a_word(house: Runtime) -> None:
    with house.database.reading() as session:
        events = session.scalars(select(AuditEvent)).all()
    actions = {event.action for event in events}
    assert {"deposit", "take", "read_raw", "mask", "code", "sign", "state"} <= actions
    details = json.dumps([event.details for event in events], ensure_ascii=False)
    for item in STORY:
        assert not any(mask["words"] in details for mask in item["mask"])
