"""The tasks of the watch's queues: importing it registers them, without what publishes, mails and makes backups."""

from pledges.jobs import (
    document_opinions,
    edition_snapshots,
    evidence,
    lead_opinions,
    nightly,
    polling,
    reading,
    source_finder,
)

__all__ = [
    "document_opinions",
    "edition_snapshots",
    "evidence",
    "lead_opinions",
    "nightly",
    "polling",
    "reading",
    "source_finder",
]
