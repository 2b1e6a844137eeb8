"""Which work each kind of job does: adding one is one line here."""

from __future__ import annotations

from survey_app.services import (
    analyses,
    analysis_files,
    exchanges,
    exports,
    import_work,
    learning,
    masking_proposals,
    suggestions,
)
from survey_app.services.jobs import Work

WORKS: dict[str, Work] = {
    "analyse": analyses.work,
    analysis_files.KIND: analysis_files.work,
    exchanges.EXPORT: exchanges.work_export,
    exchanges.IMPORT: exchanges.work_import,
    "export": exports.work,
    "import": import_work.work,
    "names": masking_proposals.work,
    learning.KIND: learning.work,
    "testimonies": exports.work_testimonies,
    "words": suggestions.work,
}
