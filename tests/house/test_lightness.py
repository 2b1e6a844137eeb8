"""No page ever loads what only jobs need: a small machine must serve a whole council."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from house.project_files import ROOT

HEAVY = ("spacy", "thinc", "sklearn", "matplotlib", "wordcloud", "numpy", "docx", "typst")
TOUR = """
import sys
from pathlib import Path
from survey_app import create_app
from survey_app.runtime import Runtime
from survey_app.settings import Settings
from house import test_routes as tour

folder = Path(sys.argv[1])
runtime = Runtime.start(Settings(folder / "instance", folder / "keys", testing=True))
app = create_app(runtime=runtime)
with runtime.database.writing() as session:
    values = tour.settle(session, "d’ici", "ici", "bonjour")
opened = 0
for role in ("coordinator", "councillor", "evaluator", "admin", "dpo", "reader"):
    person = tour.visitor(app, role)
    for rule, method, _ in tour.routes(app):
        if method == "GET":
            opened += person.get(tour.address(app, rule, values)).status_code == 200
print(opened, *[name for name in sys.argv[2:] if name in sys.modules])
"""


def python(code: str, *arguments: str) -> list[str]:
    """What a fresh interpreter prints, word by word."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_tour_of_every_page_loads_nothing_heavy(migrated: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated, tmp_path / "house")
    opened, *loaded = python(TOUR, str(tmp_path / "house"), *HEAVY)
    assert int(opened) > 100
    assert loaded == []


def test_the_two_pure_packages_start_alone() -> None:
    code = "import sys, analysis.corpus, questionnaires.library as l; l.load(l.names()[0]);"
    names = python(code + "print(*sys.modules)")
    assert not {"flask", "sqlalchemy", "spacy", "survey_app"} & set(names)
