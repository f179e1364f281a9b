"""The inbox while one works: rows that are replaced, what comes next, who else looks, and many leads at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import leads as lead_actions
from pledges.models import Lead, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:pledges_lead_changelist")
HTMX = {"HX-Request": "true"}


def address(verb: str, lead: Lead) -> str:
    return reverse(f"admin:pledges_lead_{verb}", args=[lead.pk])


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [
        ("accept", {}, "accepted"),
        ("dismiss", {"reason": "nothing_new"}, "dismissed"),
        ("snooze", {"until": "2999-01-01"}, "snoozed"),
    ],
)
def test_a_decision_answers_with_a_line_and_its_undo_with_the_row(client, reporter, verb, data, state):
    lead = factories.LeadFactory(article__title="Prison <b>begun</b>")
    html = client.post(address(verb, lead), data, headers=HTMX).content.decode()
    lead.refresh_from_db()
    assert lead.state == state
    assert html.strip().startswith(f'<li class="desk-done" id="row-{lead.pk}"')
    assert "Prison &lt;b&gt;begun&lt;/b&gt;" in html
    assert address("undo", lead) in html
    html = client.post(address("undo", lead), headers=HTMX).content.decode()
    lead.refresh_from_db()
    assert (lead.state, Update.objects.count()) == ("open", 0)
    assert f'<li class="desk-lead" id="row-{lead.pk}"' in html
    assert address("accept", lead) in html


def test_who_comes_late_sees_in_the_row_who_was_first_and_what_it_was(client, reporter):
    lead = factories.LeadFactory()
    lead_actions.dismiss_lead(lead=lead, by=factories.EditorFactory(byline="Elena"), reason="unreliable")
    response = client.post(address("accept", lead), headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Elena has already decided this lead: Dismissed." in html
    assert "Not reliable enough" in html
    assert not Update.objects.exists()


def test_a_wrong_decision_says_so_in_the_row(client, reporter):
    lead = factories.LeadFactory()
    response = client.post(address("dismiss", lead), {"reason": ""}, headers=HTMX)
    assert response.status_code == 422
    assert "Choose a reason" in response.content.decode()


def test_an_acceptance_whose_draft_was_worked_on_is_not_undone_and_leads_to_it(client, reporter):
    lead = factories.LeadFactory()
    update = lead_actions.accept_lead(lead=lead, by=reporter)
    update.save()
    draft = reverse("admin:pledges_update_change", args=[update.pk])
    response = client.post(address("undo", lead), headers=HTMX)
    assert response.status_code == 409
    assert draft in response.content.decode()
    response = client.post(reverse("admin:pledges_lead_undo"), {"leads": lead.pk}, follow=True)
    assert draft in messages(response)


def test_merging_is_a_choice_among_the_leads_of_the_pledge(client, reporter):
    lead = factories.LeadFactory()
    other = factories.LeadFactory(pledge=lead.pledge, article__title="Diggers <i>move</i> in")
    factories.LeadFactory(article__title="On another pledge")
    for headers in ({}, HTMX):
        html = client.get(address("merge", lead), headers=headers).content.decode()
        assert "Diggers &lt;i&gt;move&lt;/i&gt; in" in html
        assert "On another pledge" not in html
    response = client.post(address("merge", lead), {"into": other.pk}, follow=True)
    assert "Merged into" in messages(response)
    html = client.get(INBOX).content.decode()
    assert "also in" not in html  # both by one publisher
    lead.refresh_from_db()
    assert lead.merged_into == other


def test_a_merged_lead_counts_the_outlets_of_both(client, reporter):
    lead = factories.LeadFactory(article__publisher="Gazette")
    other = factories.LeadFactory(pledge=lead.pledge)
    client.post(address("merge", lead), {"into": other.pk}, headers=HTMX)
    assert "also in 1 outlet" in client.get(INBOX).content.decode()


def test_moving_is_a_choice_among_the_pledges_that_words_find(client, reporter):
    lead = factories.LeadFactory(article__title="A new port", pledge__wording__title_en="Build a prison")
    port = factories.PublishedPledgeFactory(wording__title_en="Build a port & quay")
    school = factories.PublishedPledgeFactory(wording__title_en="Open a school")
    html = client.get(address("move", lead), headers=HTMX).content.decode()
    assert "Build a port &amp; quay" in html
    assert "Build a prison" not in html
    assert "Open a school" in client.get(address("move", lead), {"q": "school\x00"}).content.decode()
    response = client.post(address("move", lead), {"pledge": school.pk}, headers=HTMX)
    assert "Moved to “Open a school”" in response.content.decode()
    assert Lead.objects.get(pledge=school).raised_by == reporter
    assert not Lead.objects.filter(pledge=port).exists()
    assert "Moved here by" in client.get(INBOX).content.decode()


@pytest.mark.parametrize("data", [{}, {"into": "x"}, {"into": "9" * 30}, {"pledge": "0"}])
def test_a_choice_of_nothing_is_refused_in_words(client, reporter, data):
    lead = factories.LeadFactory()
    for verb in ("merge", "move"):
        assert client.post(address(verb, lead), data, headers=HTMX).status_code == 409
        assert "Choose" in messages(client.post(address(verb, lead), data, follow=True))
    lead.refresh_from_db()
    assert lead.state == "open"


# --- many at once ---------------------------------------------------------------------------------------------------


def test_many_are_snoozed_and_all_taken_back_in_one_step(client, reporter):
    leads = [factories.LeadFactory(article__title=f"Lead {number}") for number in range(3)]
    lead_actions.accept_lead(lead=leads[2], by=factories.EditorFactory(byline="Elena"))
    day = timezone.localdate() + timedelta(days=7)
    data = {"action": "snooze_selected", "_selected_action": [lead.pk for lead in leads], "index": "0"}
    response = client.post(f"{INBOX}?state=all", data | {"until": day.isoformat()}, follow=True)
    assert "2 leads snoozed until" in messages(response)
    assert "Lead 2: Elena has already decided this lead: Accepted." in messages(response)
    assert Lead.objects.filter(state="snoozed", snoozed_until=day).count() == 2
    ids = ",".join(str(lead.pk) for lead in leads[:2])
    assert f'value="{ids}"' in messages(response) or f'value="{leads[1].pk},{leads[0].pk}"' in messages(response)
    response = client.post(reverse("admin:pledges_lead_undo"), {"leads": ids}, follow=True)
    assert "2 leads are open again." in messages(response)


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2024-99-99"])
def test_many_are_not_snoozed_without_a_day_to_come(client, reporter, until):
    lead = factories.LeadFactory()
    data = {"action": "snooze_selected", "_selected_action": [lead.pk], "index": "0", "until": until}
    assert "Choose" in messages(client.post(INBOX, data, follow=True))
    lead.refresh_from_db()
    assert lead.state == "open"


# --- while one works ------------------------------------------------------------------------------------------------


def test_more_gives_what_is_not_yet_on_the_page_under_the_same_filters(client, reporter, django_assert_max_num_queries):
    leads = [factories.LeadFactory(article__title=f"Lead {number:02}") for number in range(14)]
    factories.LeadFactory(article__title="Otra", article__language="es")
    shown = ",".join(str(lead.pk) for lead in leads[10:])
    url = f"{reverse('admin:pledges_lead_more')}?language=en"
    with django_assert_max_num_queries(16):
        html = client.post(url, {"shown": shown}, headers=HTMX).content.decode()
    assert html.index("Lead 09") < html.index("Lead 00")
    assert "Lead 13" not in html
    assert "Otra" not in html
    assert "_changelist_filters=language%3Den" in html
    assert 'id="desk-more"' not in html
    assert 'id="desk-more"' in client.post(url, headers=HTMX).content.decode()
    assert client.post(f"{url}&nonsense__x=1", headers=HTMX).status_code == 400


def test_a_lead_that_somebody_has_open_says_so_for_two_minutes(client, reporter, monkeypatch):
    lead = factories.LeadFactory()
    client.get(address("change", lead))
    assert "is looking at this" not in client.get(INBOX).content.decode()  # one knows of oneself
    client.force_login(factories.EditorFactory(byline="Elena <b>"))
    assert "Rosa is looking at this, since" in client.get(INBOX).content.decode()
    assert "Rosa is looking at this, since" in client.get(address("change", lead)).content.decode()
    url = reverse("admin:pledges_lead_presence")
    assert "Rosa" in client.post(url, {"shown": lead.pk}).content.decode()
    client.force_login(reporter)
    assert "Elena &lt;b&gt; is looking" in client.post(url, {"shown": f"{lead.pk},x,"}).content.decode()
    later = timezone.now() + timedelta(seconds=121)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "Elena" not in client.post(url, {"shown": lead.pk}).content.decode()


def test_without_the_cache_the_inbox_opens_and_nobody_seems_to_look(client, reporter, settings):
    lead = factories.LeadFactory()
    from pledges.desk.leads import presence

    class Gone:
        def __getattr__(self, _name):
            def fail(*_args, **_kwargs):
                raise OSError

            return fail

    original, presence.cache = presence.cache, Gone()
    try:
        assert client.get(address("change", lead)).status_code == 200
        assert client.get(INBOX).status_code == 200
    finally:
        presence.cache = original


@pytest.mark.parametrize("verb", ["merge", "move", "undo"])
def test_who_may_and_how(client, reporter, verb):
    from django.test import Client

    lead = factories.LeadFactory()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    assert strict.post(address(verb, lead), {"into": "1"}, headers=HTMX).status_code == 403
    assert client.get(address(verb, lead)).status_code == (405 if verb == "undo" else 200)
    client.force_login(factories.UserFactory())
    assert client.post(address(verb, lead)).status_code == 403
    assert client.get(address(verb, lead)).status_code == (405 if verb == "undo" else 403)
    for name in ("more", "presence", "undo"):
        url = reverse(f"admin:pledges_lead_{name}")
        assert client.post(url).status_code == 403
        assert client.get(url).status_code == 405
        assert strict.post(url).status_code == 403
    client.logout()
    assert client.post(address(verb, lead)).status_code == 302
