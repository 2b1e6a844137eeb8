"""Which work each kind of job does: adding one is one line here."""

from __future__ import annotations

from survey_app.services import analyses, exports, import_work, masking_proposals, suggestions
from survey_app.services.jobs import Work

WORKS: dict[str, Work] = {
    "analyse": analyses.work,
    "export": exports.work,
    "import": import_work.work,
    "names": masking_proposals.work,
    "testimonies": exports.work_testimonies,
    "words": suggestions.work,
}
