"""Measure the installation of this very machine, in a folder that is thrown away afterwards."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from analysis.export import WRITERS
from bench import coded, coding, field, keystrokes, page, words, writers
from survey_app import create_app
from survey_app.models import Account, Campaign
from survey_app.permissions import Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, backup, campaigns, councils, imports, jobs, worker
from survey_app.services import syntheses as drafts
from survey_app.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "large_sample_2000.csv"
SLUG = "bench"
PAGES = (
    "/",
    "/collecte/",
    f"/relecture/{SLUG}",
    f"/codage/{SLUG}",
    f"/resultats/{SLUG}",
    f"/resultats/{SLUG}/themes/",
    f"/resultats/{SLUG}/themes/LOG",
    f"/resultats/{SLUG}/croisements",
    f"/recherche/?q=voisine+secu*&campagne={SLUG}",
    f"/resultats/{SLUG}/syntheses/1",
    f"/resultats/{SLUG}/syntheses/1/edition",
)
VISITS = 7
MANY = 5_000


def main() -> None:
    """Print the figures (seconds, milliseconds, megabytes) and the ratios as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder)), ensure_ascii=False, indent=1))


def measure(folder: Path) -> dict[str, Any]:
    """Every figure, on a new installation in ``folder``."""
    house = Runtime.start(Settings(folder / "instance", folder / "keys"))
    token = prepare(house)
    first = words.write(folder / "a.csv", 0, 2_000)
    figures: dict[str, Any] = {
        "import_2000_s": timed("import", lambda: bring(house, first, "texte")),
        "import_again_s": timed("import, une seconde fois", lambda: bring(house, first, "texte")),
        "analysis_cold_s": timed("analyse", lambda: work(house, "analyse", campaign=SLUG)),
    }
    bring(house, words.write(folder / "b.csv", 2_000, 50), "texte")
    figures["analysis_after_50_s"] = timed(
        "analyse de 50 de plus", lambda: work(house, "analyse", campaign=SLUG)
    )
    figures |= exports(house, folder)
    if SHARED.exists():
        figures["import_shared_2000_s"] = timed(
            "import du fichier partagé", lambda: bring(house, SHARED, "text")
        )
    have = 4_050 if SHARED.exists() else 2_050
    bring(house, words.write(folder / "c.csv", 2_050, MANY - have), "texte")
    figures["pages_ms"] = visits(house, token)
    figures["coded_excerpts"] = coded.code_all(house)
    figures["analysis_coded_s"] = timed(
        "analyse de la campagne codée", lambda: work(house, "analyse", campaign=SLUG)
    )
    figures["draft_coded_s"] = timed("brouillon de la synthèse codée", lambda: draft(house))
    figures["pages_coded_ms"] = visits(house, token)
    figures["backup_s"] = timed("sauvegarde", lambda: backup.backup(house))
    figures["writers_60_themes"] = writers.measure(folder / "long")
    figures["peak_mb"] = round(peak(), 1)
    figures["ratios"] = {
        "import_again": round(figures["import_again_s"] / figures["import_2000_s"], 3),
        "analysis_after_50": round(figures["analysis_after_50_s"] / figures["analysis_cold_s"], 3),
    }
    house.database.close()
    print("  poste de codage…", file=sys.stderr, flush=True)
    return figures | {"coding_bench": coding.measure()} | analysed() | tablet()


def analysed() -> dict[str, Any]:
    """The analysis of words, part by part, and who waits while files are written."""
    # They build on this module, which must be whole first.
    from bench import analysis, annotation, classes, exports, scale

    print("  analyse des mots…", file=sys.stderr, flush=True)
    figures: dict[str, Any] = {
        "analysis": analysis.measure(),
        "classes": classes.measure(),
        "exports_5000": exports.measure(),
    }
    if scale.LARGE.exists():  # twenty minutes more, on real contributions
        figures |= {"annotation": annotation.measure(), "scale": scale.measure()}
    return figures


def tablet() -> dict[str, Any]:
    """What the tablet in the field and its server do; Chromium is not on every machine."""
    print("  réception, pages et frappe de la tablette…", file=sys.stderr, flush=True)
    received = {f"reception_{workers}": field.measure(workers) for workers in (1, 2)}
    figures: dict[str, Any] = received | page.measure()
    if any(map(shutil.which, keystrokes.CANDIDATES)):
        figures |= keystrokes.measure()
    else:
        figures["typing_lost_s"] = "pas mesuré : aucun Chromium sur cette machine"
    return figures


def prepare(house: Runtime) -> str:
    """A council, a coordinator, an empty campaign; returns the account's session token."""
    backup.prepare(house)
    with house.database.writing() as session:
        council = councils.create(session, "Conseil du banc d’essai")
        machine = system_actor(council.id)
        account: Account = accounts.create(session, machine, "banc", "Banc", [Role.COORDINATOR])[0]
        campaigns.create(session, machine, SLUG, "Banc d’essai", ["QP034020"])
        return account.session_token


def bring(house: Runtime, path: Path, column: str) -> None:
    with house.database.writing() as session:
        campaign = session.query(Campaign).one()
        columns = imports.Columns(column, "id")
        actor = system_actor(campaign.council_id)
        imports.import_testimonies(session, actor, house.keys, campaign, path, columns)


def work(house: Runtime, kind: str, **parameters: Any) -> None:
    with house.database.writing() as session:
        campaign = session.query(Campaign).one()
        actor = system_actor(campaign.council_id)
        job = jobs.create(session, actor, kind, campaign.id, **parameters)
    ended = worker.foreground(house, job)
    if ended.state != "done":
        raise SystemExit(ended.message)


def draft(house: Runtime) -> str:
    """The synthesis drafted from what is coded now; its id."""
    with house.database.writing() as session:
        campaign = session.query(Campaign).one()
        return str(drafts.draft(session, system_actor(campaign.council_id), campaign).id)


def exports(house: Runtime, folder: Path) -> dict[str, float]:
    synthesis = draft(house)
    return {
        f"export_{name}_s": timed(
            f"export {name}",
            lambda name=name: work(
                house, "export", synthesis=synthesis, formats=[name], folder=str(folder / "out")
            ),
        )
        for name in WRITERS
    }


def visits(house: Runtime, token: str, paths: Sequence[str] = PAGES) -> dict[str, float]:
    """Median milliseconds of each page, seen by the coordinator."""
    app = create_app(runtime=house)
    visitor = app.test_client()
    with visitor.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = {}
    for path in paths:
        spent = []
        for _ in range(VISITS):
            began = time.perf_counter()
            answer = visitor.get(path, follow_redirects=True)
            spent.append(1_000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise SystemExit(f"{path} : {answer.status}")
        found[path] = round(median(spent), 1)
    return found


def timed(label: str, action: Callable[[], object]) -> float:
    """Seconds that an action takes, announced on stderr."""
    print(f"  {label}…", file=sys.stderr, flush=True)
    began = time.perf_counter()
    action()
    return round(time.perf_counter() - began, 2)


def peak() -> float:
    """The most memory this process ever held, in MB (macOS counts bytes, Linux kilobytes)."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1_048_576 if sys.platform == "darwin" else 1_024)


if __name__ == "__main__":
    main()
