"""A file that waits: encrypted, one person's, one day; and the job that imports a long one."""

from __future__ import annotations

import os
import time

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import import_files as files
from import_steps import bring, deposit, opened, stored, text, waiting
from pages import CheckedClient, client_for
from survey_app.models import Account, Campaign, Job, Testimony
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, erasure, import_shelf, import_work, jobs
from survey_app.services.works import WORKS


@pytest.fixture
def person(app: Flask, runtime: Runtime) -> CheckedClient:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.account(session, council, "autre", "coordinator")
        factories.campaign(session, council, state="draft")
    return client_for(app, "coordinator")


def test_what_waits_is_encrypted_private_and_goes(
    app: Flask, person: CheckedClient, runtime: Runtime
) -> None:
    where = opened(person, "secret.csv", files.csv_file())
    (kept,) = waiting(runtime)
    assert b"hall est sale" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    assert client_for(app, "autre").get(where).status_code == 404
    assert client_for(app, "councillor").get(where).status_code == 404
    person.post(f"{where}/retirer", data={"csrf_token": person.token(where)})
    assert waiting(runtime) == []
    assert person.get(where).status_code == 404
    where = opened(person, "vieux.csv", files.csv_file())
    (kept,) = waiting(runtime)
    os.utime(kept, (time.time(), time.time() - import_shelf.LONGEST_WAIT - 1))
    assert "n’attend plus ici" in text(person.get(where))
    assert import_shelf.sweep(runtime) == 1
    assert waiting(runtime) == []


def test_erasing_a_testimony_deletes_what_waits_for_its_campaign(
    person: CheckedClient, runtime: Runtime
) -> None:
    bring(person, opened(person, "a.csv", files.csv_file()))
    opened(person, "a.csv", files.csv_file())
    assert waiting(runtime)
    with runtime.database.writing() as session:
        row = session.scalars(select(Testimony).where(Testimony.source_id == "c1")).one()
        erasure.erase(session, system_actor(row.council_id), runtime, row.id, "essai")
    assert waiting(runtime) == []
    again = text(person.get(opened(person, "a.csv", files.csv_file())))
    assert "Retirés depuis, laissés de côté</dt><dd>1</dd>" in again
    assert "Déjà là</dt><dd>2</dd>" in again


def test_a_long_file_becomes_a_job_that_may_be_killed_and_begun_again(
    person: CheckedClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "MOST_AT_ONCE", 5)
    monkeypatch.setattr(import_work, "PACKET", 4)
    rows = (("id", "texte"), *((f"r{n}", f"Parole numéro {n} du marché") for n in range(11)))
    where = opened(person, "long.csv", files.csv_file(rows))
    answer = bring(person, where)
    assert "/import/essai/travaux/" in answer.headers["Location"]
    assert "Avancement" in text(person.get(answer.headers["Location"]))
    assert stored(runtime) == {}
    with runtime.database.reading() as session:
        job = session.scalars(select(Job)).one()

    def killed(done: int, total: int, message: str) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_work.work(runtime, system_of(runtime), dict(job.parameters), killed)
    assert len(stored(runtime)) == 8
    ended = jobs.run(runtime, job.id, WORKS)
    assert (ended.state, ended.result["stored"], ended.result["duplicates"]) == ("done", 3, 8)
    assert len(stored(runtime)) == 11
    assert waiting(runtime) == []
    assert "3 témoignages importés, 8 déjà là" in text(person.get(answer.headers["Location"]))


def system_of(runtime: Runtime) -> Actor:
    with runtime.database.reading() as session:
        row = session.scalars(select(Account).where(Account.login == "coordinator")).one()
        return accounts.actor_of(row)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("photo.png", b"x", "dans aucun des formats lus ici"),
        ("vide.csv", b"", "Ce fichier est vide"),
        ("", b"", "Choisissez un fichier"),
    ],
)
def test_a_file_that_is_not_read_here_is_refused_at_the_door(
    person: CheckedClient, runtime: Runtime, name: str, data: bytes, words: str
) -> None:
    answer = deposit(person, name, data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert waiting(runtime) == []


def test_a_hostile_name_leads_nowhere(person: CheckedClient, runtime: Runtime) -> None:
    before = set(runtime.settings.instance.parent.rglob("*[!md]"))
    where = opened(person, "../../../<i>passe.csv", files.csv_file())
    new = set(runtime.settings.instance.parent.rglob("*[!md]")) - before
    folder = runtime.settings.instance / "imports"
    assert [path.name for path in new if not path.is_relative_to(folder)] == []
    assert "« &lt;i&gt;passe.csv »" in text(person.get(where))


def test_a_campaign_does_not_fill_the_disk_with_files_that_wait(
    person: CheckedClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_shelf, "MOST_WAITING", 2)
    first = opened(person, "a.csv", files.csv_file())
    opened(person, "b.csv", files.csv_file())
    refused = deposit(person, "c.csv", files.csv_file())
    assert refused.status_code == 422
    assert "2 fichiers attendent déjà" in text(refused)
    person.post(f"{first}/retirer", data={"csrf_token": person.token(first)})
    opened(person, "c.csv", files.csv_file())
    assert len(waiting(runtime)) == 2


def test_another_work_is_not_shown_as_an_import(person: CheckedClient, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        mine = jobs.create(session, system_of(runtime), "import", campaign.id)
        other = jobs.create(session, system_of(runtime), "analysis", campaign.id)
        paths = [f"/import/essai/travaux/{job.id}" for job in (mine, other)]
    assert [person.get(path).status_code for path in paths] == [200, 404]
