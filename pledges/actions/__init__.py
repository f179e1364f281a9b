"""Every write that touches more than one row: atomic, keyword-only, by somebody; publication makes the edition."""

from .claims import (
    Claim,
    claim_article,
    claim_due_sources,
    claim_source,
    claim_unread_articles,
    free_hosts,
    next_free_host,
    waiting,
)
from .errors import Refused
from .health import keep_digest, send_digest
from .leads import accept_lead, dismiss_lead, raise_leads, reopen_lead, snooze_lead, wake_leads
from .publishing import (
    discard_draft,
    make_edition,
    mark_reviewed,
    publication_problems,
    publish,
    record_change,
    sealed,
    send_back,
    start_correction,
    start_wording,
    submit_for_review,
    verify,
)
from .readings import Reading, record_readings
from .watch import read_now, record_kept, record_page, record_page_failure

__all__ = [
    "Claim",
    "Reading",
    "Refused",
    "accept_lead",
    "claim_article",
    "claim_due_sources",
    "claim_source",
    "claim_unread_articles",
    "discard_draft",
    "dismiss_lead",
    "free_hosts",
    "keep_digest",
    "make_edition",
    "mark_reviewed",
    "next_free_host",
    "publication_problems",
    "publish",
    "raise_leads",
    "read_now",
    "record_change",
    "record_kept",
    "record_page",
    "record_page_failure",
    "record_readings",
    "reopen_lead",
    "sealed",
    "send_back",
    "send_digest",
    "snooze_lead",
    "start_correction",
    "start_wording",
    "submit_for_review",
    "verify",
    "waiting",
    "wake_leads",
]
