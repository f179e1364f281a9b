"""The inbox: what stands in a row, which leads are shown, and what a decision does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import leads as lead_actions
from pledges.models import Lead, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:pledges_lead_changelist")


def address(verb: str, lead: Lead) -> str:
    return reverse(f"admin:pledges_lead_{verb}", args=[lead.pk])


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def titles(response) -> list[str]:
    return [lead.article.title for lead in response.context["cl"].result_list]


def test_a_row_has_all_that_a_decision_needs(client, reporter):
    lead = factories.LeadFactory(
        article__title="Prison <b>begun</b>",
        sentence="Work on the <prison> began on Monday.",
        pledge__wording__title_en="Build a prison",
        pledge__wording__kept_en="The prison holds people.",
    )
    html = client.get(INBOX).content.decode()
    for part in (
        "Prison &lt;b&gt;begun&lt;/b&gt;",
        "The Daily Example",
        'Work on the &lt;<mark>prison</mark>&gt; <mark class="desk-cue">began</mark> on Monday.',
        lead.article.url,
        "In progress",
        "Not yet rated",
        ">began</q>",
        "Build a prison",
        "The prison holds people.",
        address("accept", lead),
    ):
        assert part in html, part


def test_open_leads_unless_asked_otherwise(client, reporter):
    now = timezone.now()
    old = factories.LeadFactory(raised_at=now - timedelta(days=2), article__title="Old")
    factories.LeadFactory(raised_at=now, article__title="New")
    gone = factories.LeadFactory(article__title="Gone")
    later = factories.LeadFactory(article__title="Later")
    lead_actions.dismiss_lead(lead=gone, by=reporter, reason="nothing_new")
    lead_actions.snooze_lead(lead=later, by=reporter, until=timezone.localdate() + timedelta(days=3))
    assert titles(client.get(INBOX)) == ["New", "Old"]
    assert titles(client.get(INBOX, {"state": "snoozed"})) == ["Later"]
    assert titles(client.get(INBOX, {"state": "decided"})) == ["Gone"]
    assert len(titles(client.get(INBOX, {"state": "all"}))) == 4
    assert titles(client.get(INBOX, {"pledge": old.pledge_id})) == ["Old"]
    assert titles(client.get(INBOX, {"pledge": "x"})) == []
    assert titles(client.get(INBOX, {"q": "new"})) == ["New"]


def test_filters_of_language_score_and_suggestion(client, reporter):
    factories.LeadFactory(article__title="Fuerte", article__language="es", score=0.9, suggested_status="kept")
    factories.LeadFactory(article__title="Weak", article__language="en", score=0.55, suggested_status="")
    assert titles(client.get(INBOX, {"language": "es"})) == ["Fuerte"]
    assert titles(client.get(INBOX, {"score": "low"})) == ["Weak"]
    assert titles(client.get(INBOX, {"score": "high"})) == ["Fuerte"]
    assert titles(client.get(INBOX, {"suggested_status__exact": "kept"})) == ["Fuerte"]


def test_as_many_queries_for_100_leads_as_for_one(client, reporter, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    factories.LeadFactory()
    client.get(INBOX)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(INBOX, {"all": ""})
    source = factories.SourceFactory()
    pledges = [factories.PublishedPledgeFactory() for _number in range(5)]
    for number in range(99):
        lead = factories.LeadFactory.build(article=None, pledge=None)
        lead.article = factories.ArticleFactory(source=source)
        lead.pledge = pledges[number % 5]
        lead.save()
    with django_assert_num_queries(len(one)):
        response = client.get(INBOX, {"all": ""})
    assert len(titles(response)) == 100


def test_accepting_opens_the_draft(client, reporter):
    lead = factories.LeadFactory()
    response = client.post(address("accept", lead), follow=True)
    update = Update.objects.get()
    assert response.redirect_chain[-1][0] == reverse("admin:pledges_update_change", args=[update.pk])
    assert "Accepted" in messages(response)
    assert lead.article.url in response.content.decode()


def test_dismissing_goes_back_to_the_inbox_with_its_filters_and_can_be_undone(client, reporter):
    lead = factories.LeadFactory()
    url = f"{address('dismiss', lead)}?_changelist_filters=language%3Den"
    response = client.post(url, {"reason": "nothing_new"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{INBOX}?language=en"
    lead.refresh_from_db()
    assert (lead.state, lead.dismiss_reason, lead.decided_by) == ("dismissed", "nothing_new", reporter)
    html = response.content.decode()
    assert f'form="desk-undo" name="leads" value="{lead.pk}"' in html
    assert '<form id="desk-undo" method="post"' in html
    response = client.post(reverse("admin:pledges_lead_undo"), {"leads": str(lead.pk)}, follow=True)
    lead.refresh_from_db()
    assert lead.state == "open"
    assert "open again" in messages(response)


def test_dismissing_without_a_reason_says_so_on_the_page(client, reporter):
    lead = factories.LeadFactory()
    response = client.post(address("dismiss", lead), {"note": "typed already"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Choose a reason" in html
    assert "typed already" in html
    lead.refresh_from_db()
    assert lead.state == "open"


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01", "9999-99-99"])
def test_snoozing_needs_a_day_to_come(client, reporter, day):
    lead = factories.LeadFactory()
    assert client.post(address("snooze", lead), {"until": day}).status_code == 422
    lead.refresh_from_db()
    assert lead.state == "open"


def test_snoozing_by_a_preset(client, reporter):
    lead = factories.LeadFactory()
    day = timezone.localdate() + timedelta(days=7)
    # the preset's button comes after the empty date field of the same name
    response = client.post(address("snooze", lead), {"until": ["", day.isoformat()]}, follow=True)
    lead.refresh_from_db()
    assert (lead.state, lead.snoozed_until) == ("snoozed", day)
    assert "Undo" in messages(response)
    client.post(address("reopen", lead))
    lead.refresh_from_db()
    assert lead.state == "open"


@pytest.mark.parametrize(
    ("verb", "data"),
    [("accept", {}), ("dismiss", {"reason": "other"}), ("snooze", {"until": "2999-01-01"})],
)
def test_who_comes_late_is_told_who_was_first(client, reporter, verb, data):
    lead = factories.LeadFactory()
    lead_actions.dismiss_lead(lead=lead, by=factories.EditorFactory(byline="Elena"), reason="unreliable")
    response = client.post(address(verb, lead), data, follow=True)
    assert "Elena has already decided this lead: Dismissed." in messages(response)
    assert not Update.objects.exists()


def test_dismissing_many_for_one_reason(client, reporter):
    leads = [factories.LeadFactory() for _number in range(3)]
    lead_actions.accept_lead(lead=leads[2], by=factories.EditorFactory(byline="Elena"))
    data = {"action": "dismiss_selected", "_selected_action": [lead.pk for lead in leads], "index": "0"}
    response = client.post(f"{INBOX}?state=all", data | {"reason": "duplicate"}, follow=True)
    assert "2 leads dismissed." in messages(response)
    assert "Elena has already decided this lead: Accepted." in messages(response)
    assert Lead.objects.filter(state="dismissed", dismiss_reason="duplicate").count() == 2


def test_dismissing_many_needs_a_reason(client, reporter):
    lead = factories.LeadFactory()
    data = {"action": "dismiss_selected", "_selected_action": [lead.pk], "index": "0", "reason": ""}
    assert "Choose a reason" in messages(client.post(INBOX, data, follow=True))
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_lead_has_its_page(client, reporter):
    lead = factories.LeadFactory(pledge__wording__broken_en="It is called off.")
    factories.PublishedUpdateFactory(pledge=lead.pledge, text_en="A site was chosen.", status="in_progress")
    html = client.get(address("change", lead)).content.decode()
    for part in (
        "The minister spoke.",
        'Work on the <mark>prison</mark> <mark class="desk-cue">began</mark> on Monday.',
        "It is called off.",
        "A site was chosen.",
        'name="reason"',
        'name="until"',
    ):
        assert part in html, part


def test_only_by_post_and_with_the_token(client, reporter):
    from django.test import Client

    lead = factories.LeadFactory()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    for verb in ("accept", "dismiss", "snooze", "reopen"):
        assert client.get(address(verb, lead)).status_code == 405
        assert strict.post(address(verb, lead), {"reason": "other"}).status_code == 403
    assert strict.post(reverse("admin:pledges_lead_undo"), {"leads": str(lead.pk)}).status_code == 403
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_lead_that_is_not_there(client, reporter):
    for number in ("0", "x"):
        url = reverse("admin:pledges_lead_accept", args=[number])
        assert "doesn’t exist" in messages(client.post(url, follow=True))
