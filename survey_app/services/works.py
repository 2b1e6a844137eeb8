"""Which work each kind of job does: adding one is one line here."""

from __future__ import annotations

from survey_app.services import analyses, exports
from survey_app.services.jobs import Work

WORKS: dict[str, Work] = {
    "analyse": analyses.work,
    "export": exports.work,
    "testimonies": exports.work_testimonies,
}
