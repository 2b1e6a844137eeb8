"""One PDF, set by typst in a process of its own that ends with it.

typst keeps what it has set: in a server that prints all day, some 130 MB would stay. Run as
``python -m questionnaires.paper.typeset``, it reads a template, its data and the folder of the
fonts as JSON, and writes the PDF. Nothing touches the disk: cards bear codes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS = 60
"""Longest that a paper may take; a form takes about 0.3 s."""

_HERE = Path(__file__).parent


def pdf(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
    """The tagged PDF (PDF/UA-1) that a template of this folder makes of the data.

    Raises ``RuntimeError`` with typst's own words when it refuses.
    """
    asked = {"template": template, "data": data, "fonts": str(fonts)}
    done = subprocess.run(  # noqa: S603  # our own module, no shell
        [sys.executable, "-m", __name__],
        input=json.dumps(asked).encode(),
        capture_output=True,
        cwd=_HERE.parents[1],
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-2000:])
    return done.stdout


def main() -> None:
    """Read what to set on the standard input, write the PDF on the standard output."""
    import typst

    asked = json.loads(sys.stdin.buffer.read())
    made = typst.compile(
        (_HERE / asked["template"]).read_bytes(),
        sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False)},
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[asked["fonts"]]),
        format="pdf",
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
