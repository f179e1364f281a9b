"""The model: one file an aggregate. Import from here."""

from .account import GUARDED_ACTS, Account, Act
from .alert import Alert
from .article import Article, Capture, Revision, Story
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
from .indicator import Indicator, Observation, Series, readable
from .intake import Candidate, Intake
from .lead import Lead
from .lookup import AddressLookup
from .mandate import Mandate
from .newsroom import Newsroom, Notice, User, UserFactor, UserGroup, UserPermission
from .pledge import CRITERIA, Institution, Pledge, SourceDocument, Topic, Wording
from .preservation import Preservation
from .quality import WatchQuality
from .retraction import Retraction
from .review import Autosave, Comment, Contributor
from .search import SearchWord
from .source import Host, Source
from .update import Evidence, Update
from .watch import Digest, Snapshot, TermCount, WatchTerm

__all__ = [
    "COUNTED_LABELS",
    "CRITERIA",
    "EDITION_LOCK",
    "FAILURE_LABELS",
    "GUARDED_ACTS",
    "PRECISION_LABELS",
    "STATUS_LABELS",
    "TIMELINESS_LABELS",
    "Account",
    "Act",
    "AddressLookup",
    "Alert",
    "Article",
    "Autosave",
    "Candidate",
    "Capture",
    "Comment",
    "Contributor",
    "Digest",
    "Edition",
    "EditionItem",
    "Evidence",
    "Host",
    "Indicator",
    "Institution",
    "Intake",
    "Lead",
    "Mandate",
    "Newsroom",
    "Notice",
    "Observation",
    "Pledge",
    "Preservation",
    "Retraction",
    "Revision",
    "SearchWord",
    "Series",
    "Snapshot",
    "Source",
    "SourceDocument",
    "State",
    "Story",
    "TermCount",
    "Text",
    "Topic",
    "Update",
    "User",
    "UserFactor",
    "UserGroup",
    "UserPermission",
    "WatchQuality",
    "WatchTerm",
    "Wording",
    "readable",
]
