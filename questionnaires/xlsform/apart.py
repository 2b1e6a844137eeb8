"""Workbooks read and written in a process of their own that ends with it.

openpyxl and pyxform bring numpy and lxml along: a server that stays up would keep some 60 MB of
them, and a hostile workbook may take its time. Run as ``python -m questionnaires.xlsform.apart``,
it reads what to do as JSON and writes its answer. Nothing touches the disk.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from questionnaires import versions, xlsform
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.xlsform import Imported

SECONDS = 60
"""Longest that a workbook may take; the library's take about 3 s."""

_ROOT = Path(__file__).parents[2]


def write(questionnaire: Questionnaire) -> bytes:
    """The same as ``xlsform.write``, and the same refusals."""
    told = _asked({"document": versions.to_dict(questionnaire)})
    if "problem" in told:
        raise QuestionnaireError(Problem(**told["problem"]))
    return base64.b64decode(told["workbook"])


def read(data: bytes, filename: str) -> Imported:
    """The same as ``xlsform.read``; a workbook that takes too long is refused as well."""
    try:
        told = _asked({"workbook": base64.b64encode(data).decode(), "filename": filename})
    except subprocess.TimeoutExpired:
        message = "Ce classeur est trop long à lire."
        remedy = "Simplifiez-le, ou partagez-le en deux classeurs."
        return Imported(None, (Problem("unreadable", "classeur", message, remedy),))
    document = told["document"]
    return Imported(
        versions.from_draft(document) if document else None,
        tuple(Problem(**item) for item in told["refusals"]),
        tuple(Problem(**item) for item in told["notices"]),
    )


def _asked(question: Mapping[str, Any]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  # our own module, no shell
        [sys.executable, "-m", __name__],
        input=json.dumps(question).encode(),
        capture_output=True,
        cwd=_ROOT,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def answered(question: Mapping[str, Any]) -> dict[str, Any]:
    """What the process answers: a workbook or its problem, or what a workbook gave."""
    if "document" in question:
        try:
            made = xlsform.write(versions.from_draft(question["document"]))
        except QuestionnaireError as error:
            return {"problem": asdict(error.problem)}
        return {"workbook": base64.b64encode(made).decode()}
    found = xlsform.read(base64.b64decode(question["workbook"]), str(question["filename"]))
    return {
        "document": versions.to_dict(found.questionnaire) if found.questionnaire else None,
        "refusals": [asdict(item) for item in found.refusals],
        "notices": [asdict(item) for item in found.notices],
    }


def main() -> None:
    """Read what to do on the standard input, write the answer on the standard output."""
    told = answered(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(told).encode())


if __name__ == "__main__":
    main()
