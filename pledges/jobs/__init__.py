"""The Celery tasks: they load rows by id, call the watch, and write by way of actions. They hold no rules.

May import accounts and every room below it.

A message holds at most ids. The rows say what is due, so a lost message or a killed worker costs time but no work, and
every task is idempotent. But what strangers do at the login is in the message (`account_requests`): to write a row for
it would take time that can be measured.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pledges.jobs.account_requests import note_attempt, send_reset_links
    from pledges.jobs.backups import make_backup
    from pledges.jobs.destinations import drop_deliveries, send_deliveries, send_test
    from pledges.jobs.document_opinions import look_twice, look_twice_at_lost
    from pledges.jobs.edition_snapshots import make_snapshot, make_snapshots
    from pledges.jobs.evidence import archive_evidence, drop_unused, keep_evidence
    from pledges.jobs.lead_opinions import ask_opinion
    from pledges.jobs.mail.digest import tell_editors
    from pledges.jobs.mail.send_alerts import drop_alerts, send_alerts
    from pledges.jobs.mail.send_notices import send_notices
    from pledges.jobs.nightly import drop_lookups, measure_watch
    from pledges.jobs.polling import poll, read_source, read_sources
    from pledges.jobs.publication import publish_scheduled
    from pledges.jobs.reading import read_article, read_articles
    from pledges.jobs.source_finder import find_source
    from pledges.jobs.websub import send_hub_pings

# The module of each task. Read when a task is asked for: a web process that needs one module of this room must not
# import the watch and its libraries (70 MB).
MODULES = {
    "archive_evidence": "evidence",
    "ask_opinion": "lead_opinions",
    "drop_alerts": "mail.send_alerts",
    "drop_deliveries": "destinations",
    "drop_lookups": "nightly",
    "drop_unused": "evidence",
    "find_source": "source_finder",
    "keep_evidence": "evidence",
    "look_twice": "document_opinions",
    "look_twice_at_lost": "document_opinions",
    "make_backup": "backups",
    "make_snapshot": "edition_snapshots",
    "make_snapshots": "edition_snapshots",
    "measure_watch": "nightly",
    "note_attempt": "account_requests",
    "poll": "polling",
    "publish_scheduled": "publication",
    "read_article": "reading",
    "read_articles": "reading",
    "read_source": "polling",
    "read_sources": "polling",
    "send_alerts": "mail.send_alerts",
    "send_deliveries": "destinations",
    "send_hub_pings": "websub",
    "send_notices": "mail.send_notices",
    "send_reset_links": "account_requests",
    "send_test": "destinations",
    "tell_editors": "mail.digest",
}

__all__ = [
    "archive_evidence",
    "ask_opinion",
    "drop_alerts",
    "drop_deliveries",
    "drop_lookups",
    "drop_unused",
    "find_source",
    "keep_evidence",
    "look_twice",
    "look_twice_at_lost",
    "make_backup",
    "make_snapshot",
    "make_snapshots",
    "measure_watch",
    "note_attempt",
    "poll",
    "publish_scheduled",
    "read_article",
    "read_articles",
    "read_source",
    "read_sources",
    "send_alerts",
    "send_deliveries",
    "send_hub_pings",
    "send_notices",
    "send_reset_links",
    "send_test",
    "tell_editors",
]


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
