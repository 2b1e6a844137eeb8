"""Every table, one family a file; importing this package makes the metadata whole."""

from survey_app.models.base import Base, now, uuid7
from survey_app.models.campaign import (
    Campaign,
    CampaignNeighbourhood,
    CampaignQuestionnaire,
    CampaignSigner,
    Meeting,
    QuestionnaireDraft,
    QuestionnaireVersion,
)
from survey_app.models.coding import CodebookVersion, Coding, CodingStep, Excerpt
from survey_app.models.journal import AppendOnlyError, AuditEvent, Erasure, RecordKey
from survey_app.models.people import Account, AccountRole, Attempt, Council
from survey_app.models.restitution import (
    Action,
    ContextIndicator,
    FollowUp,
    LearningSupport,
    Practice,
    Record,
    Restitution,
)
from survey_app.models.results import (
    Annotation,
    Finding,
    Job,
    Picture,
    Run,
    Signature,
    Synthesis,
)
from survey_app.models.review import Redaction, Review, SafeguardingAlert
from survey_app.models.territory import (
    CityContract,
    Neighbourhood,
    NeighbourhoodSuccession,
    Sector,
    Territory,
)
from survey_app.models.testimony import (
    Attachment,
    ConsentRecord,
    Draft,
    RecontactEntry,
    Testimony,
    TextVersion,
    WithdrawalCode,
)

__all__ = [
    "Account",
    "AccountRole",
    "Action",
    "Annotation",
    "AppendOnlyError",
    "Attachment",
    "Attempt",
    "AuditEvent",
    "Base",
    "Campaign",
    "CampaignNeighbourhood",
    "CampaignQuestionnaire",
    "CampaignSigner",
    "CityContract",
    "CodebookVersion",
    "Coding",
    "CodingStep",
    "ConsentRecord",
    "ContextIndicator",
    "Council",
    "Draft",
    "Erasure",
    "Excerpt",
    "Finding",
    "FollowUp",
    "Job",
    "LearningSupport",
    "Meeting",
    "Neighbourhood",
    "NeighbourhoodSuccession",
    "Picture",
    "Practice",
    "QuestionnaireDraft",
    "QuestionnaireVersion",
    "RecontactEntry",
    "Record",
    "RecordKey",
    "Redaction",
    "Restitution",
    "Review",
    "Run",
    "SafeguardingAlert",
    "Sector",
    "Signature",
    "Synthesis",
    "Territory",
    "Testimony",
    "TextVersion",
    "WithdrawalCode",
    "now",
    "uuid7",
]
