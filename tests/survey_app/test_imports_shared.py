"""The 2,000 real contributions: nothing lost, nothing cut, from the file to the three documents."""

from __future__ import annotations

import csv
import json
import re
import resource
import time
import unicodedata
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

import factories
from commands import paroles
from memory import Grown
from pages import CheckedClient, client_for
from survey_app.models import Testimony
from survey_app.runtime import Runtime
from survey_app.services import exports, jobs
from survey_app.services.works import WORKS

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "large_sample_2000.csv"


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


@pytest.mark.shared
@pytest.mark.slow
def test_two_thousand_contributions_go_the_whole_way(runtime: Runtime, tmp_path: Path) -> None:
    grown = Grown()
    with runtime.database.writing() as session:
        factories.campaign(session, factories.council(session), state="draft")
    began = time.monotonic()
    for words in (
        ("import-testimonies", SAMPLE, "--text", "text", "--id", "id", "--date", "date"),
        ("analyse",),
        ("synthesis", "--output", tmp_path / "sortie"),
    ):
        answer = paroles(runtime, *words, "--campaign", "essai")
        assert answer.status == 0, answer.err
    seconds = time.monotonic() - began
    peak = grown.mb()
    print(f"2000 contributions : {seconds:.0f} s, {peak:.0f} Mo")  # the figure asked for
    target = tmp_path / "t.json"
    paroles(runtime, "export-testimonies", "--campaign", "essai", "--output", target)
    kept = {row["source_id"]: row for row in json.loads(target.read_text(encoding="utf-8"))}
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        source = {row["id"]: normal(row["text"]) for row in csv.DictReader(file)}
    assert len(source) == 2000
    assert {key: row["text"] for key, row in kept.items()} == source
    assert not any(row["reviewed"] or row["consents"]["citer"] for row in kept.values())
    synthesis = json.loads((tmp_path / "sortie" / "synthese.json").read_text(encoding="utf-8"))
    assert synthesis["draft"]
    written = {path.suffix for path in (tmp_path / "sortie").iterdir()}
    assert written == {f".{name}" for name in exports.FORMATS}
    assert seconds <= 90
    assert peak <= 1_300  # above the 150 or so of a process that has done nothing


def deposited(person: CheckedClient) -> str:
    """Send the sample as a browser does; the address of its preview.

    The body is written here: the test client would leave a temporary file open.
    """
    part = '--limite\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    token = part.format("csrf_token", "") + person.token("/import/essai") + "\r\n"
    head = part.format("file", f'; filename="{SAMPLE.name}"')
    body = (token + head).encode() + SAMPLE.read_bytes() + b"\r\n--limite--\r\n"
    kind = "multipart/form-data; boundary=limite"
    return person.post("/import/essai", data=body, content_type=kind).headers["Location"]


@pytest.mark.shared
@pytest.mark.slow
def test_two_thousand_contributions_come_in_from_the_browser(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council, state="draft")
    person, began = client_for(app, "coordinator"), time.monotonic()
    where = deposited(person)
    shown = person.get(where).get_data(as_text=True)
    previewed = time.monotonic() - began
    assert "<dt>À importer</dt><dd>2000</dd>" in shown
    form = shown.split(f"{where}/importer", 1)[1]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    answer = person.post(f"{where}/importer", data=MultiDict(hidden))
    job = jobs.run(runtime, uuid.UUID(answer.headers["Location"].rsplit("/", 1)[1]), WORKS)
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"aperçu {previewed:.1f} s, import {seconds:.1f} s, {peak:.0f} Mo")
    assert (job.state, job.result["stored"], job.result["refused"]) == ("done", 2000, 0)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        source = {row["id"]: normal(row["text"]) for row in csv.DictReader(file)}
    with runtime.database.reading() as session:
        rows = session.scalars(select(Testimony)).all()
        assert {row.source_id: row.text("masked").text for row in rows} == source
    again = person.get(deposited(person)).get_data(as_text=True)
    assert "<dt>Déjà là</dt><dd>2000</dd>" in again
    assert seconds <= 60
