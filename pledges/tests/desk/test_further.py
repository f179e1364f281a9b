"""A lead whose pledge has a draft already: who comes second is led to it, and may add the article as evidence there."""

import pytest
from django.urls import reverse

from pledges.actions import lead_evidence, leads, publishing
from pledges.models import Lead, State, Update
from pledges.tests.desk.test_updates import messages, page
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def accept(lead) -> str:
    return reverse("admin:pledges_lead_accept", args=[lead.pk])


@pytest.fixture
def elena(client):
    person = factories.EditorFactory(byline="Elena")
    client.force_login(person)
    return person


@pytest.fixture
def draft():
    """Rosa's, made from a lead; the articles of the factories are all of the same day."""
    return leads.accept_lead(lead=factories.LeadFactory(), by=factories.ReporterFactory(byline="Rosa"))


@pytest.fixture
def lead(draft):
    """Another one on the same pledge."""
    return factories.LeadFactory(pledge=draft.pledge)


def test_who_comes_second_is_led_to_the_draft(client, elena, draft):
    taken = Lead.objects.get(update=draft)
    response = client.post(accept(taken), follow=True)
    assert response.redirect_chain[-1][0] == page(draft)
    assert "Rosa accepted this lead (" in messages(response) and "begun by Rosa" in messages(response)
    row = client.post(accept(taken), headers={"HX-Request": "true"})
    assert row.status_code == 409
    assert "Rosa accepted this lead (" in row.content.decode() and page(draft) in row.content.decode()
    opened = client.get(reverse("admin:pledges_lead_change", args=[taken.pk])).content.decode()
    assert "Rosa accepted this lead (" in opened and f'href="{page(draft)}">Open the draft' in opened
    assert Update.objects.count() == 1


def test_a_dismissed_lead_leads_nowhere(client, elena, lead):
    leads.dismiss_lead(lead=lead, by=factories.EditorFactory(byline="Ana"), reason="other")
    response = client.post(accept(lead) + "?", {"draft": "new"}, follow=True)
    assert "Ana has already decided this lead" in messages(response)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_article_becomes_further_evidence_of_the_draft(client, elena, draft, lead, headers):
    asked = client.post(accept(lead), headers=headers)
    html = asked.content.decode()
    assert f'name="draft" value="{draft.pk}"' in html and "Add it as evidence to Rosa’s draft of" in html
    lead.refresh_from_db()
    assert (lead.state, draft.evidence.count()) == ("open", 1)
    client.post(accept(lead), {"draft": draft.pk}, headers=headers)
    lead.refresh_from_db()
    draft.refresh_from_db()
    assert (lead.state, lead.update, lead.decided_by) == ("accepted", draft, elena)
    assert list(draft.evidence.values_list("url", "sentence"))[1] == (lead.article.url, lead.sentence)
    assert draft.edited_by == elena  # two pairs of eyes: not Elena's to publish now
    assert Update.objects.count() == 1


def test_or_begins_another_draft(client, elena, draft, lead):
    client.post(accept(lead), {"draft": "new"})
    assert Update.objects.count() == 2


def test_what_was_ticked_comes_along(client, elena, draft, lead):
    html = client.post(accept(lead), {"also": ["7", "8", "x"]}).content.decode()
    assert html.count('name="also"') == 2


def test_by_another_story_on_another_day_nobody_is_asked(client, elena, draft, lead):
    Update.objects.filter(pk=draft.pk).update(happened_on="2024-01-01")
    client.post(accept(lead))
    assert Update.objects.count() == 2


def test_the_same_story_of_another_day_is_asked_even_when_joined_by_a_merge(draft):
    Update.objects.filter(pk=draft.pk).update(happened_on="2024-01-01")
    editor, first = factories.EditorFactory(), Lead.objects.get(update=draft)
    late, other = factories.LeadFactory.create_batch(2, pledge=draft.pledge)
    assert lead_evidence.drafts_alike(lead=other) == []
    leads.merge_lead(lead=late, into=first, by=editor)
    other.article.story = Lead.objects.get(pk=first.pk).story
    assert lead_evidence.drafts_alike(lead=other) == [draft]


def test_a_published_update_or_a_correction_is_not_offered(draft, lead):
    publishing.publish(draft, by=factories.EditorFactory())
    draft.refresh_from_db()
    publishing.start_correction(update=draft, by=factories.EditorFactory())
    assert lead_evidence.drafts_alike(lead=lead) == []


def test_a_reporter_adds_to_no_draft_of_somebody_else(client, draft, lead):
    client.force_login(factories.ReporterFactory())
    html = client.post(accept(lead)).content.decode()
    assert f'value="{draft.pk}"' not in html and page(draft) in html and "Rosa writes a draft" in html
    other = factories.UpdateFactory(author=factories.EditorFactory())
    for wrong in (draft.pk, other.pk, 999_999, "x", "-1"):
        client.post(accept(lead), {"draft": wrong})
        lead.refresh_from_db()
        assert lead.state == "open", wrong
    assert draft.evidence.count() == 1


def test_a_link_that_is_there_already_is_there_once_and_a_set_time_is_taken_back(draft, lead):
    editor = factories.EditorFactory()
    factories.EvidenceFactory(update=draft, url=lead.article.url)
    later = "2199-01-01T00:00:00+00:00"
    Update.objects.filter(pk=draft.pk).update(
        state=State.REVIEW, submitted_at="2024-07-02T00:00:00+00:00", publish_at=later, scheduled_by=editor
    )
    leads.accept_lead(lead=lead, by=editor, to=draft)
    draft.refresh_from_db()
    assert (draft.evidence.count(), draft.publish_at, draft.state) == (2, None, "review")


def test_a_lead_that_was_taken_back_meanwhile_says_so_in_its_row(client, elena, monkeypatch):
    there = leads.move_lead(lead=factories.LeadFactory(), pledge=factories.PublishedPledgeFactory(), by=elena)

    def gone(*, lead, **_rest):
        Lead.objects.filter(pk=lead.pk).delete()
        return []

    monkeypatch.setattr(lead_evidence, "drafts_alike", gone)
    response = client.post(accept(there), headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "This lead does not exist any more" in response.content.decode()
