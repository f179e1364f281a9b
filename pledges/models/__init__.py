"""The model: one file an aggregate. Import from here."""

from .base import (
    COUNTED_LABELS,
    FAILURE_LABELS,
    PRECISION_LABELS,
    STATUS_LABELS,
    TIMELINESS_LABELS,
    State,
    Text,
)
from .edition import EDITION_LOCK, Edition, EditionItem
from .indicator import Indicator, Observation
from .lead import Lead
from .mandate import Mandate
from .newsroom import Newsroom, User
from .pledge import CRITERIA, Institution, Pledge, SourceDocument, Topic, Wording
from .source import Article, Capture, Source
from .update import Evidence, Update

__all__ = [
    "COUNTED_LABELS",
    "CRITERIA",
    "EDITION_LOCK",
    "FAILURE_LABELS",
    "PRECISION_LABELS",
    "STATUS_LABELS",
    "TIMELINESS_LABELS",
    "Article",
    "Capture",
    "Edition",
    "EditionItem",
    "Evidence",
    "Indicator",
    "Institution",
    "Lead",
    "Mandate",
    "Newsroom",
    "Observation",
    "Pledge",
    "Source",
    "SourceDocument",
    "State",
    "Text",
    "Topic",
    "Update",
    "User",
    "Wording",
]
