"""Files: written whole, only for what is still true, and forgotten with the words they quote."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import results_cases as cases
from survey_app.domain import Conflict, DomainError, Forbidden, Invalid, NotFound
from survey_app.models import Synthesis
from survey_app.runtime import Runtime
from survey_app.services import erasure, exports, jobs, syntheses
from survey_app.services.works import WORKS


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


@pytest.fixture
def draft(house: cases.House) -> Synthesis:
    with house.runtime.database.writing() as session:
        return syntheses.draft(session, house.actors["coordinator"], house.campaign)


def asked(row: Synthesis, folder: Path, *formats: str) -> dict[str, Any]:
    return {"synthesis": str(row.id), "formats": list(formats), "folder": str(folder)}


def export(house: cases.House, asked_for: dict[str, Any], role: str = "councillor") -> Any:
    return exports.work(house.runtime, house.actors[role], asked_for, lambda *step: None)


def test_each_format_is_written(house: cases.House, draft: Synthesis, tmp_path: Path) -> None:
    result = export(house, asked(draft, tmp_path / "sortie", "docx", "pdf", "json"))
    assert [Path(name).name for name in result["files"]] == [
        "synthese.docx", "synthese.pdf", "synthese.json"
    ]  # fmt: skip
    assert (tmp_path / "sortie" / "synthese.docx").read_bytes().startswith(b"PK")
    assert (tmp_path / "sortie" / "synthese.pdf").read_bytes().startswith(b"%PDF")
    written = (tmp_path / "sortie" / "synthese.json").read_text(encoding="utf-8")
    assert json.loads(written)
    assert cases.LIFT in written
    assert cases.SECRET not in written


def test_a_format_is_known_or_refused() -> None:
    assert exports.check_formats(" DOCX, pdf,docx ") == ["docx", "pdf"]
    for wrong in ("", "wmf", "pdf,exe"):
        with pytest.raises(Invalid, match="Format inconnu"):
            exports.check_formats(wrong)


def test_a_synthesis_that_changed_meanwhile_leaves_no_file(
    house: cases.House, draft: Synthesis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = exports.write

    def changing(*given: Any) -> None:
        real(*given)
        with house.runtime.database.writing() as session:
            session.get_one(Synthesis, draft.id).document = {}

    monkeypatch.setattr(exports, "write", changing)
    with pytest.raises(Conflict, match="a changé pendant"):
        export(house, asked(draft, tmp_path, "json"))
    assert list(tmp_path.glob("synthese*")) == []


def test_a_folder_that_cannot_be_written_is_told(
    house: cases.House, draft: Synthesis, tmp_path: Path
) -> None:
    (tmp_path / "plein").write_text("un fichier", encoding="utf-8")
    with pytest.raises(DomainError, match="n’a pas pu être écrit"):
        export(house, asked(draft, tmp_path / "plein", "json"))


def test_who_may_not_read_it_may_not_write_it_out(
    house: cases.House, draft: Synthesis, tmp_path: Path
) -> None:
    with pytest.raises(Forbidden):
        export(house, asked(draft, tmp_path, "json"), role="reader")
    with pytest.raises(NotFound):
        exports.work(
            house.runtime,
            cases.stranger(house),
            asked(draft, tmp_path, "json"),
            lambda *step: None,
        )


def test_a_file_made_before_publication_is_not_the_published_one(
    house: cases.House, draft: Synthesis
) -> None:
    runtime, coordinator = house.runtime, house.actors["coordinator"]
    folder = exports.folder(runtime, house.campaign, draft)
    export(house, asked(draft, folder, "json"))
    assert list(exports.written(runtime, house.campaign, draft)) == ["json"]
    with runtime.database.writing() as session:
        row = syntheses.get(session, coordinator, draft.id)
        syntheses.submit(session, coordinator, row, house.campaign)
        syntheses.sign(session, coordinator, row, house.campaign, "coordinator")
        syntheses.sign(session, house.actors["councillor2"], row, house.campaign, "body")
        syntheses.publish(session, coordinator, row, house.campaign)
    os.utime(folder / "synthese.json", (0, 0))
    assert exports.written(runtime, house.campaign, row) == {}
    export(house, asked(row, folder, "json"))
    assert list(exports.written(runtime, house.campaign, row)) == ["json"]


def test_files_are_forgotten_once_committed_and_nothing_else(
    house: cases.House, draft: Synthesis, tmp_path: Path
) -> None:
    folder = tmp_path / "sortie"
    folder.mkdir()
    for name in ("synthese.docx", ".synthese-abc.pdf", "notes.docx"):
        (folder / name).write_bytes(b"mots")
    coordinator, campaign = house.actors["coordinator"], house.campaign
    with house.runtime.database.writing() as session:
        jobs.create(session, coordinator, "export", campaign.id, **asked(draft, folder, "docx"))
    with house.runtime.database.writing() as session:
        exports.forget(session, house.runtime, house.testimonies[0])
        session.rollback()
    assert len(list(folder.iterdir())) == 3
    with house.runtime.database.writing() as session:
        exports.forget(session, house.runtime, house.testimonies[0])
    assert [path.name for path in folder.iterdir()] == ["notes.docx"]


def test_testimonies_leave_masked_with_their_consents(house: cases.House, tmp_path: Path) -> None:
    path = tmp_path / "paroles.json"
    evaluator = house.actors["evaluator"]
    with house.runtime.database.writing() as session:
        assert exports.write_testimonies(session, evaluator, house.campaign, path) == 5
        with pytest.raises(Forbidden):
            exports.testimonies(session, house.actors["councillor"], house.campaign)
    records = json.loads(path.read_text(encoding="utf-8"))
    assert records[0]["text"] == cases.LIFT
    assert [record["consents"]["citer"] for record in records] == [True] * 4 + [False]
    assert [record["number"] for record in records] == [1, 2, 3, 4, 5]
    assert "Karima" not in path.read_text(encoding="utf-8")


def test_files_are_forgotten_even_when_the_installation_moved(
    house: cases.House, draft: Synthesis, tmp_path: Path
) -> None:
    runtime = house.runtime
    inside = runtime.settings.instance / "exports" / "essai"
    assert exports.recorded(runtime, inside) == str(Path("exports") / "essai")
    assert exports.recorded(runtime, tmp_path / "ailleurs") == str(tmp_path / "ailleurs")
    parameters = asked(draft, inside, "json") | {"folder": exports.recorded(runtime, inside)}
    with runtime.database.writing() as session:
        jobs.create(session, house.actors["coordinator"], "export", house.campaign.id, **parameters)
    moved = Runtime(
        replace(runtime.settings, instance=tmp_path / "plus-loin"), runtime.keys, runtime.database
    )
    kept = tmp_path / "plus-loin" / "exports" / "essai" / "synthese.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("mots", encoding="utf-8")
    with runtime.database.writing() as session:
        exports.forget(session, moved, house.testimonies[0])
    assert not kept.exists()


def test_a_list_of_testimonies_goes_with_the_first_that_is_withdrawn(
    house: cases.House, tmp_path: Path
) -> None:
    runtime, coordinator = house.runtime, house.actors["coordinator"]
    ours, theirs = tmp_path / "paroles.json", tmp_path / "autre.json"
    theirs.write_text("[]", encoding="utf-8")
    with runtime.database.writing() as session:
        made = [
            jobs.create(
                session,
                coordinator,
                "testimonies",
                house.campaign.id,
                campaign=house.campaign.slug,
                file=exports.recorded(runtime, path),
            ).id
            for path in (ours, theirs)
        ]
    done = jobs.run(runtime, made[0], WORKS)
    assert (done.state, done.result) == ("done", {"testimonies": 5, "waiting": 0})
    with runtime.database.writing() as session:
        erasure.erase(session, coordinator, runtime, house.testimonies[0].id, "decision")
    assert not ours.exists()
    assert theirs.exists(), "a file that does not hold the testimony is not ours to delete"
