"""Starting long work from a page: written down, committed, then handed to the worker."""

from __future__ import annotations

from typing import Any

from survey_app.models import Campaign, Job
from survey_app.services import jobs, worker
from survey_app.web.request import actor, db, runtime


def launch(kind: str, campaign: Campaign, /, **parameters: Any) -> Job:
    """The job that does this work; two taps find the same one under way."""
    under_way = jobs.pending(db(), actor(), kind, campaign.id, parameters)
    if under_way is not None:
        return under_way
    job = jobs.create(db(), actor(), kind, campaign.id, **parameters)
    # The worker reads the row: it must be there before the worker hears of it.
    db().commit()
    worker.enqueue(runtime(), job.id)
    return job
