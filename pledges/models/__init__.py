"""The models with their constraints and triggers, one file for each aggregate. Callers import the names from here.

May import domain only.
"""

from pledges.models.account import GUARDED_ACTS, Account, Act
from pledges.models.alert import Alert
from pledges.models.article import Article, Capture, Revision, Story
from pledges.models.backup import Backup
from pledges.models.base import (
    COUNTED_LABELS,
    FAILURE_LABELS,
    PRECISION_LABELS,
    STATUS_LABELS,
    TIMELINESS_LABELS,
    State,
    Text,
)
from pledges.models.destination import CHOSEN_EVENTS, Delivery, Destination, Event
from pledges.models.edition import EDITION_LOCK, Edition, EditionItem
from pledges.models.edition_snapshot import EditionSnapshot
from pledges.models.indicator import Indicator, Observation, Series, readable
from pledges.models.intake import Candidate, Intake
from pledges.models.lead import Lead
from pledges.models.logo import Logo
from pledges.models.lookup import AddressLookup
from pledges.models.mandate import Mandate
from pledges.models.newsroom import Newsroom, Notice, User, UserFactor, UserGroup, UserPermission
from pledges.models.pledge import CRITERIA, Pledge, Wording
from pledges.models.pledge_correction import PledgeCorrection
from pledges.models.preservation import Preservation
from pledges.models.quality import WatchQuality
from pledges.models.reference import Institution, SourceDocument, Topic
from pledges.models.retraction import Retraction
from pledges.models.review import Autosave, Comment, Contributor
from pledges.models.search import SearchWord
from pledges.models.source import Host, Source
from pledges.models.update import Evidence, Update
from pledges.models.watch import Digest, Snapshot, TermCount, WatchTerm
from pledges.models.withdrawal import Withdrawal

Draftable = (
    Update | Wording | Retraction | Withdrawal | PledgeCorrection
)  # what one person writes and another publishes

__all__ = [
    "CHOSEN_EVENTS",
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
    "Backup",
    "Candidate",
    "Capture",
    "Comment",
    "Contributor",
    "Delivery",
    "Destination",
    "Digest",
    "Draftable",
    "Edition",
    "EditionItem",
    "EditionSnapshot",
    "Event",
    "Evidence",
    "Host",
    "Indicator",
    "Institution",
    "Intake",
    "Lead",
    "Logo",
    "Mandate",
    "Newsroom",
    "Notice",
    "Observation",
    "Pledge",
    "PledgeCorrection",
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
    "Withdrawal",
    "Wording",
    "readable",
]
