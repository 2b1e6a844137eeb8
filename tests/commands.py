"""The command line in this very process: what a person would type, see, and get as a status."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from survey_app import cli, create_app
from survey_app.runtime import Runtime


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    status: int
    out: str
    err: str


def paroles(runtime: Runtime, *words: object) -> Answer:
    """Run `paroles <words>` over this installation; nothing it prints is ever a trace."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.run(lambda: create_app(runtime=runtime), [str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
    answer = Answer(status, out.getvalue(), err.getvalue())
    assert "Traceback" not in answer.out + answer.err
    return answer


def refused(runtime: Runtime, *words: object) -> str:
    """The one message of a command that must refuse, with nothing on stdout."""
    answer = paroles(runtime, *words)
    assert answer.status != 0, answer.out
    assert answer.out == ""
    return answer.err
