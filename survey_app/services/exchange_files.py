"""The .qdpx files: one comes in at a time; those written out are deleted with a withdrawal."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from survey_app.locks import held
from survey_app.models import Campaign, ExchangeGuid, Job, Testimony
from survey_app.runtime import Runtime
from survey_app.services import exchange_names

EXPORT = "qdpx-export"


@contextmanager
def alone(runtime: Runtime, campaign: Campaign) -> Iterator[None]:
    """Wait for the other imports of this campaign, from a page or a command, then hold it alone."""
    folder = runtime.settings.instance / "imports" / str(campaign.id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(folder):
        yield


def forget(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Delete the files that hold this testimony, once committed, and its names now.

    Those on the shelf go with it: `import_shelf.forget`.
    """
    guid = session.scalars(
        select(ExchangeGuid.guid).where(
            ExchangeGuid.campaign_id == testimony.campaign_id,
            ExchangeGuid.kind == "source",
            ExchangeGuid.key == str(testimony.id),
        )
    ).one_or_none()
    asked = select(Job.parameters).where(
        Job.campaign_id == testimony.campaign_id, Job.kind == EXPORT
    )
    names = [given["file"] for given in session.scalars(asked) if "file" in given]
    exchange_names.forget(session, testimony)
    if guid is None:
        return
    paths = [runtime.settings.instance / name for name in names]

    def after_commit(_: Session) -> None:
        for path in paths:
            if _holds(path, f"sources/{guid}.txt"):
                path.unlink(missing_ok=True)

    event.listen(session, "after_commit", after_commit, once=True)


def _holds(path: Path, name: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return name in archive.namelist()
