"""Three packages, one direction: the contracts of setup.cfg, checked by import-linter."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys

from house.project_files import ROOT


def test_every_import_contract_is_kept() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    contracts = [name for name in config.sections() if name.startswith("importlinter:contract:")]
    answer = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "imports.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", answer.stdout)
    assert kept is not None, answer.stdout
    assert int(kept[1]) == len(contracts) >= 4
