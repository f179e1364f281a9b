"""What becomes of leads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pledges import models
from pledges.actions import errors, leads, publishing
from pledges.domain.rules import FailureReason, Status
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def test_accepting_makes_a_draft_with_its_evidence():
    capture = factories.CaptureFactory()
    lead = factories.LeadFactory(article__capture=capture, suggested_status=Status.IN_PROGRESS)
    reporter = factories.ReporterFactory()
    update = leads.accept_lead(lead=lead, by=reporter)
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by, lead.update) == ("accepted", reporter, update)
    assert (update.pledge, update.author, update.state) == (lead.pledge, reporter, "draft")
    assert (update.status, update.happened_on.isoformat()) == (Status.IN_PROGRESS, "2024-07-01")
    assert lead.sentence in update.text_en
    piece = update.evidence.get()
    assert (piece.url, piece.publisher, piece.sentence) == (lead.article.url, lead.article.publisher, lead.sentence)
    assert piece.capture == capture


def test_the_draft_can_be_submitted_as_it_is():
    update = leads.accept_lead(lead=factories.LeadFactory(), by=factories.ReporterFactory())
    publishing.submit_for_review(item=update, by=update.author)


def test_without_a_suggestion_the_pledge_stays_where_it_stands():
    pledge = factories.PublishedPledgeFactory()
    wrong = factories.PublishedUpdateFactory(
        pledge=pledge, status=Status.STALLED, failure_reason=FailureReason.LAPSED, happened_on="2024-02-01"
    )
    wrong.refresh_from_db()
    publishing.start_correction(update=wrong, by=factories.ReporterFactory())  # not published: it does not count yet
    lead = factories.LeadFactory(pledge=pledge, suggested_status="", cue="")
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    assert (update.status, update.failure_reason) == (Status.STALLED, FailureReason.LAPSED)


@pytest.mark.parametrize("suggestion", ["as_before", ""])
def test_the_draft_of_an_earlier_day_has_the_status_of_that_day(suggestion):
    pledge = factories.PublishedPledgeFactory()
    for day, status, reason in (
        ("2024-03-01", Status.STALLED, FailureReason.LAPSED),
        ("2024-08-01", Status.IN_PROGRESS, ""),
        ("2024-09-01", Status.STALLED, FailureReason.WITHDRAWN),
    ):
        factories.PublishedUpdateFactory(pledge=pledge, status=status, failure_reason=reason, happened_on=day)
    lead = factories.LeadFactory(pledge=pledge, suggested_status="", suggestion=suggestion)  # of 1 July
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    assert (update.status, update.failure_reason) == (Status.STALLED, FailureReason.LAPSED)


def test_before_any_update_nothing_had_begun():
    lead = factories.LeadFactory(suggested_status="", suggestion="as_before")
    factories.PublishedUpdateFactory(pledge=lead.pledge, status=Status.KEPT, happened_on="2024-08-01")
    assert leads.accept_lead(lead=lead, by=factories.ReporterFactory()).status == Status.NOT_STARTED


def test_why_it_cannot_be_rated_goes_along_with_the_status():
    pledge = factories.PublishedPledgeFactory()
    factories.PublishedUpdateFactory(
        pledge=pledge, status=Status.UNCLEAR, reason_detail_en="No source says.", happened_on="2024-02-01"
    )
    lead = factories.LeadFactory(pledge=pledge, suggested_status="", cue="")
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    assert (update.status, update.failure_reason, update.reason_detail_en) == ("unclear", "", "No source says.")
    publishing.submit_for_review(item=update, by=update.author)


def test_a_lead_is_decided_once():
    lead = factories.LeadFactory()
    leads.dismiss_lead(lead=lead, by=factories.EditorFactory(byline="Elena"), reason="nothing_new")
    with pytest.raises(errors.Refused, match="Elena has already decided this lead: Dismissed"):
        leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    assert not models.Update.objects.exists()


@pytest.mark.parametrize("reason", ["", "because"])
def test_dismissing_needs_a_reason(reason):
    lead = factories.LeadFactory()
    with pytest.raises(errors.Refused, match="reason"):
        leads.dismiss_lead(lead=lead, by=factories.EditorFactory(), reason=reason)
    lead.refresh_from_db()
    assert lead.state == "open"


def test_snoozing_until_it_wakes():
    lead = factories.LeadFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(errors.Refused, match="still to come"):
        leads.snooze_lead(lead=lead, by=factories.EditorFactory(), until=timezone.localdate())
    leads.snooze_lead(lead=lead, by=factories.EditorFactory(), until=tomorrow)
    assert leads.wake_leads(today=timezone.localdate()) == 0
    assert leads.wake_leads(today=tomorrow) == 1
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by, lead.snoozed_until) == ("open", None, None)


def test_opening_again_undoes_a_dismissal_but_not_an_acceptance():
    editor = factories.EditorFactory()
    lead, accepted = factories.LeadFactory(), factories.LeadFactory()
    leads.dismiss_lead(lead=lead, by=editor, reason="other", note="see above")
    leads.reopen_lead(lead=lead, by=editor)
    lead.refresh_from_db()
    assert (lead.state, lead.dismiss_reason, lead.dismiss_note) == ("open", "", "")
    leads.accept_lead(lead=accepted, by=editor)
    with pytest.raises(errors.Refused):
        leads.reopen_lead(lead=accepted, by=editor)
