"""One PDF, set by typst in a process of its own that ends with it.

typst keeps what it has set: in a server that prints all day, some 130 MB would stay. Run as
``python -m questionnaires.paper.typeset``, it reads a template, its data and the folder of the
fonts as JSON, and writes the PDF. Nothing touches the disk: cards bear codes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS = 60
"""Longest that a paper may take; a form takes about 0.3 s."""

MEMORY = 1_000_000_000
"""Bytes of addresses that the process may hold; a form takes less than a third."""

# Each thread sets addresses aside: on a large machine they would be counted as memory.
_FEW_THREADS = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}

_HERE = Path(__file__).parent


class TooHeavyError(ValueError):
    """The paper takes too long or too much memory to set: it is not a form that one can print."""


def pdf(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
    """The tagged PDF (PDF/UA-1) that a template of this folder makes of the data.

    Raises ``TooHeavyError`` beyond ``SECONDS`` or ``MEMORY``, and ``RuntimeError`` with typst's
    own words when it refuses.
    """
    asked = {"template": template, "data": data, "fonts": str(fonts), "memory": MEMORY}
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", __name__],
            input=json.dumps(asked).encode(),
            capture_output=True,
            cwd=_HERE.parents[1],
            env=os.environ | _FEW_THREADS,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooHeavyError(f"more than {SECONDS} seconds") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()[-2000:]
        # An allocation that fails ends Rust by a signal, and Python by its own error.
        heavy = done.returncode < 0 or "memory allocation" in words or "MemoryError" in words
        raise TooHeavyError(words) if heavy else RuntimeError(words)
    return done.stdout


def main() -> None:
    """Read what to set on the standard input, write the PDF on the standard output."""
    asked = json.loads(sys.stdin.buffer.read())
    _limit(asked["memory"])
    import typst

    made = typst.compile(
        (_HERE / asked["template"]).read_bytes(),
        sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False)},
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[asked["fonts"]]),
        format="pdf",
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(made)


def _limit(memory: int) -> None:
    """Bound the process, where the system can: macOS and Windows cannot."""
    if sys.platform in ("darwin", "win32"):
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main()
