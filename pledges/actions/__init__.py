"""Every write that touches more than one row: atomic, keyword-only, by somebody; publication makes the edition."""

from .errors import Refused
from .figures import discard_figures, news_in, record_figures, waiting_figures
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
from .snapshots import is_of_the_same, record_snapshot
from .watch import (
    claim_due_sources,
    claim_unread_articles,
    read_now,
    record_articles,
    record_kept,
    record_page,
    record_page_failure,
    record_source_failure,
)

__all__ = [
    "Refused",
    "accept_lead",
    "claim_due_sources",
    "claim_unread_articles",
    "discard_draft",
    "discard_figures",
    "dismiss_lead",
    "is_of_the_same",
    "make_edition",
    "mark_reviewed",
    "news_in",
    "publication_problems",
    "publish",
    "raise_leads",
    "read_now",
    "record_articles",
    "record_change",
    "record_figures",
    "record_kept",
    "record_page",
    "record_page_failure",
    "record_snapshot",
    "record_source_failure",
    "reopen_lead",
    "sealed",
    "send_back",
    "snooze_lead",
    "start_correction",
    "start_wording",
    "submit_for_review",
    "verify",
    "waiting_figures",
    "wake_leads",
]
