"""Every write that touches more than one row: atomic, keyword-only, by somebody; publication makes the edition."""

from .errors import Refused
from .leads import accept_lead, dismiss_lead, raise_leads, reopen_lead, snooze_lead, wake_leads
from .learning import count_terms, record_opinion, record_quality, still_unread, strike_word, take_back_word
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
from .watch import (
    claim_due_sources,
    claim_unread_articles,
    read_now,
    record_articles,
    record_page,
    record_page_failure,
    record_source_failure,
)

__all__ = [
    "Refused",
    "accept_lead",
    "claim_due_sources",
    "claim_unread_articles",
    "count_terms",
    "discard_draft",
    "dismiss_lead",
    "make_edition",
    "mark_reviewed",
    "publication_problems",
    "publish",
    "raise_leads",
    "read_now",
    "record_articles",
    "record_change",
    "record_opinion",
    "record_page",
    "record_page_failure",
    "record_quality",
    "record_source_failure",
    "reopen_lead",
    "sealed",
    "send_back",
    "snooze_lead",
    "start_correction",
    "start_wording",
    "still_unread",
    "strike_word",
    "submit_for_review",
    "take_back_word",
    "verify",
    "wake_leads",
]
