"""The desk's first page: what waits, for whom, and that each count opens exactly its list."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges.actions import publishing, retraction, scheduling
from pledges.desk.shared import due
from pledges.domain.rules import Status
from pledges.models import Indicator, Mandate, Pledge, Update
from pledges.tests.support import factories
from tracker import __version__

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
TODAY = date(2026, 6, 1)


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


def work(client) -> dict[str, dict]:
    return {str(entry["label"]): entry for entry in client.get(INDEX).context["work"]}


def pledge_with(deadline: date | None = None, precision: str = "", reviewed_on: date | None = None) -> Pledge:
    pledge = factories.PublishedPledgeFactory(wording__deadline=deadline, wording__deadline_precision=precision)
    Pledge.objects.filter(pk=pledge.pk).update(reviewed_on=reviewed_on)
    return pledge


def test_each_count_opens_exactly_its_list(client, editor):
    today = timezone.localdate()
    factories.LeadFactory()
    for _number in range(2):
        waiting = factories.UpdateFactory()
        publishing.submit_for_review(item=waiting, by=waiting.author)
    own = factories.UpdateFactory(author=editor)
    publishing.submit_for_review(item=own, by=editor)
    back = factories.UpdateFactory(author=editor)
    publishing.submit_for_review(item=back, by=editor)
    publishing.send_back(item=back, by=factories.EditorFactory(), note="Which day?")
    timed = factories.UpdateFactory()
    publishing.submit_for_review(item=timed, by=timed.author)
    Update.objects.filter(pk=timed.pk).update(publish_at=timezone.now() + timedelta(days=1), scheduled_by=editor)
    pledge_with(deadline=today + timedelta(days=5), precision="day")
    Pledge.objects.filter(pk=pledge_with().pk).update(created_at=timezone.now() - timedelta(days=500))
    Mandate.objects.update(ends_on=None)
    Mandate.objects.filter(pk=waiting.pledge.mandate_id).update(ends_on=today - timedelta(days=1))
    factories.ObservationFactory(starts_on=today - timedelta(days=900), ends_on=today - timedelta(days=800))
    factories.SourceFactory(failing_since=timezone.now(), failures=1, failure="No.")
    entries = work(client)
    assert {label: entry["count"] for label, entry in entries.items() if entry["count"]} == {
        "leads in the inbox": 1,
        "leads that suggest a change of status": 1,
        "updates waiting for your review": 2,
        "updates sent back to you": 1,
        "your drafts of updates": 1,
        "your updates in review": 1,
        "scheduled updates": 1,
        "review interval is over": 1,
        "deadline near or passed": 1,
        "not checked for 180 days": 1,
        "mandates over but not closed": 1,
        "indicators out of date": 1,
        "sources failing": 1,
    }
    for label, entry in entries.items():
        opened = client.get(entry["url"], follow=True)
        assert opened.context["cl"].result_count == entry["count"], label


def test_drafts_of_every_kind_are_counted(client, editor):
    for factory in (factories.WordingFactory, factories.UpdateFactory):
        factory(author=editor)
        for state in ("mine", "back", "timed"):
            row = factory(author=editor)
            publishing.submit_for_review(item=row, by=editor)
            if state == "back":
                publishing.send_back(item=row, by=factories.EditorFactory(), note="Which day?")
            if state == "timed":
                scheduling.schedule(item=row, by=factories.EditorFactory(), at=timezone.now() + timedelta(days=1))
    retraction.start_retraction(pledge=factories.PublishedPledgeFactory(), by=editor)
    entries = work(client)
    counts = {label: entry["count"] for label, entry in entries.items() if entry["group"] == "Writing"}
    for kind in ("pledges", "updates"):
        assert counts[f"your drafts of {kind}"] == 2
        assert counts[f"your {kind} in review"] == 2
        assert counts[f"{kind} sent back to you"] == 1
        assert counts[f"scheduled {kind}"] == 1
    assert counts["your drafts of retractions"] == 1
    assert "your retractions in review" not in counts  # only updates are shown when there are none
    for label in counts:
        opened = client.get(entries[label]["url"])
        assert opened.context["cl"].result_count == counts[label], label


def test_the_three_leads_that_stand_first_in_the_inbox_stand_there_with_their_reason(client, editor):
    factories.LeadFactory(score=0.99, suggested_status="", suggestion="as_before")  # no change: not among the first
    for score in (0.6, 0.95, 0.7, 0.8):
        factories.LeadFactory(score=score, article__title=f"Scored {score}", cue="began <b>")
    response = client.get(INDEX)
    assert [lead.score for lead in response.context["strongest"]] == [0.95, 0.8, 0.7]
    html = response.content.decode()
    assert "Scored 0.95" in html
    assert re.search(r"Change to “In progress”:\s+“began &lt;b&gt;”", html)


def test_a_reporter_is_shown_no_work_that_only_editors_can_do(client):
    client.force_login(factories.ReporterFactory())
    labels = work(client)
    assert "updates waiting for your review" not in labels
    assert "your updates in review" in labels


def test_as_many_queries_for_much_work_as_for_little(client, editor):
    def costs() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(INDEX)
        return len(queries)

    def add() -> None:
        lead = factories.LeadFactory()
        update = factories.UpdateFactory(pledge=lead.pledge)
        publishing.submit_for_review(item=update, by=update.author)
        factories.ObservationFactory()
        factories.SourceFactory(failing_since=timezone.now(), failures=1, failure="No.")

    for _number in range(3):  # as many of the strongest as there can be
        add()
    costs()
    few = costs()
    for _number in range(5):
        add()
    assert costs() == few


# --- pledges with a deadline ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "precision", "reviewed_on", "is_due"),
    [
        (date(2026, 8, 1), "day", None, True),  # within 90 days
        (date(2026, 9, 30), "day", None, False),
        (date(2026, 8, 1), "day", date(2026, 5, 20), False),  # looked at within these 90 days
        (date(2026, 8, 1), "day", date(2026, 4, 1), True),
        (date(2026, 5, 1), "day", date(2026, 5, 1), True),  # the last look was on the last day, not after it
        (date(2026, 5, 1), "day", date(2026, 5, 2), False),
        (date(2026, 5, 1), "month", date(2026, 5, 2), True),  # the month was to end first
        (date(2026, 1, 1), "year", None, False),  # until 31 December
        (None, "", None, False),
    ],
)
def test_a_deadline_that_nears_or_has_passed_asks_for_a_look(deadline, precision, reviewed_on, is_due):
    pledge_with(deadline, precision, reviewed_on)
    assert due.deadline_due(Pledge.objects.all(), today=TODAY).exists() == is_due


@pytest.mark.parametrize(("status", "is_due"), [(Status.KEPT, False), (Status.BROKEN, False), (Status.STALLED, True)])
def test_a_settled_pledge_asks_for_none(status, is_due):
    today = timezone.localdate()
    pledge = pledge_with(today + timedelta(days=100), "day")
    reason = {"failure_reason": "lapsed"} if status != Status.KEPT else {}
    factories.PublishedUpdateFactory(pledge=pledge, status=status, **reason)
    assert due.deadline_due(Pledge.objects.all(), today=today + timedelta(days=101)).exists() == is_due


def test_without_review_or_update_for_180_days_whatever_the_interval():
    pledge = pledge_with()
    Pledge.objects.filter(pk=pledge.pk).update(
        created_at=timezone.now() - timedelta(days=200), review_interval_days=999
    )
    today = timezone.localdate()
    assert due.unchecked(Pledge.objects.all(), today=today).exists()
    factories.PublishedUpdateFactory(pledge=pledge)
    assert not due.unchecked(Pledge.objects.all(), today=today).exists()
    assert due.unchecked(Pledge.objects.all(), today=today + timedelta(days=200)).exists()


# --- indicators -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "old"),
    [
        ([], False),
        ([date(2024, 12, 31)], False),  # a single figure counts as yearly: until 29 January 2027
        ([date(2023, 12, 31)], True),
        ([date(2022, 12, 31), date(2023, 12, 31), date(2024, 12, 31)], False),
        ([date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)], False),  # monthly: until 29 June
        ([date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28)], True),
        ([date(2015, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)], False),  # one hole is not usual
    ],
)
def test_figures_grow_old_after_twice_their_usual_gap_and_a_month(ends, old):
    assert due.is_outdated(ends, today=TODAY) == old
    indicator = factories.IndicatorFactory()
    for end in ends:
        factories.ObservationFactory(indicator=indicator, period=str(end), starts_on=end.replace(day=1), ends_on=end)
    assert due.outdated(Indicator.objects.all(), today=TODAY).exists() == old


def test_the_version_is_at_the_foot_of_the_desk_and_nowhere_before_the_login(client, editor):
    assert f"Version {__version__}" in client.get(INDEX).content.decode()
    client.logout()
    assert "desk-version" not in client.get(reverse("account_login")).content.decode()
