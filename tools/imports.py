"""Check who may import whom (the contracts of setup.cfg); exit status 1 when one is broken."""

from __future__ import annotations

import sys
from pathlib import Path

from importlinter.cli import lint_imports

if __name__ == "__main__":
    project = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(project))
    sys.exit(lint_imports(str(project / "setup.cfg"), no_cache=True, no_logo=True))
