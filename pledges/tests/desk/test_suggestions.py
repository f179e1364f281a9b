"""What the watch says of the status: a change, as before, or nothing; in the inbox, at the lead, the draft, the review.

What becomes of it when a story goes on is in tests/actions/test_stories.py.
"""

import html
import re
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import leads as lead_actions
from pledges.actions import publishing
from pledges.models import Lead, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:pledges_lead_changelist")


@pytest.fixture
def editor(client):
    person = factories.EditorFactory()
    client.force_login(person)
    return person


def words(page: str) -> str:
    """A page as plain text, white space joined, none before a full stop, colon or semicolon."""
    return re.sub(r" (?=[.:;])", "", " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()))


def shown(client, url: str, **query) -> str:
    return words(client.get(url, query).content.decode())


def at(day: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T12:00"))


def page_of(lead: Lead) -> str:
    return reverse("admin:pledges_lead_change", args=[lead.pk])


def titles(response) -> list[str]:
    return [lead.article.title for lead in response.context["cl"].result_list]


@pytest.fixture
def pledge():
    """Stalled since 1 March 2024; what "in progress" and "stalled" mean is written."""
    row = factories.PublishedPledgeFactory(
        wording__in_progress_en="Diggers are at work.", wording__stalled_en="Nobody has dug for months."
    )
    factories.PublishedUpdateFactory(pledge=row, status="stalled", failure_reason="lapsed", happened_on="2024-03-01")
    return row


def lead_of(pledge, *, day="2024-07-01", suggestion="change", **fields) -> Lead:
    if suggestion != "change":
        fields |= {"suggested_status": "", "cue": ""}
    return factories.LeadFactory(pledge=pledge, article__published_at=at(day), suggestion=suggestion, **fields)


@pytest.mark.parametrize(
    ("suggestion", "said"),
    [
        ("change", "Change Stalled → to In progress began"),
        ("as_before", "As before Stalled"),
        ("", "Nothing said about the status"),
    ],
)
def test_the_inbox_and_the_lead_say_which_of_the_three(client, editor, pledge, suggestion, said):
    lead = lead_of(pledge, suggestion=suggestion)
    row = client.get(INBOX).content.decode().split('class="desk-suggests"')[1].split("</p>")[0]
    assert words(f"<p{row}") == said
    assert f"Suggests {said}" in shown(client, page_of(lead))


def test_the_status_before_is_that_of_the_articles_day_and_now_is_said_where_it_differs(client, editor, pledge):
    lead = lead_of(pledge, suggested_status="kept", cue="opened")
    assert "(now:" not in shown(client, INBOX)
    factories.PublishedUpdateFactory(pledge=pledge, status="in_progress", happened_on="2024-09-01")
    for url in (INBOX, page_of(lead)):
        assert "Change Stalled → to Kept opened (now: In progress)" in shown(client, url)
    correction = publishing.start_correction(update=Update.objects.get(happened_on="2024-03-01"), by=editor)
    Update.objects.filter(pk=correction.pk).update(status="broken", correction_note_en="It was worse.")
    publishing.publish(Update.objects.get(pk=correction.pk), by=factories.EditorFactory())
    assert "Change Broken → to Kept" in shown(client, INBOX)


def test_a_pledge_without_an_update_is_not_yet_rated(client, editor):
    lead_of(factories.PublishedPledgeFactory(), suggestion="as_before")
    assert "As before Not yet rated" in shown(client, INBOX)


def test_the_lead_has_the_cue_in_its_sentence_and_the_criterion_of_the_status(client, editor, pledge):
    page = client.get(page_of(lead_of(pledge))).content.decode()
    assert page.count('<mark class="desk-cue">began</mark>') == 2  # why it is here, and in the article
    assert "Its criterion Diggers are at work." in words(page)
    assert "Its criterion Nobody has dug" in shown(client, page_of(lead_of(pledge, suggestion="as_before")))
    assert "Its criterion" not in shown(client, page_of(lead_of(pledge, suggestion="")))


# --- what is published already --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-07-01", "Already told update of 1 July 2024: In progress"),
        ("2024-07-05", "Already told update of 5 July 2024: In progress"),
        ("2024-06-10", "As before In progress"),  # published after the lead was raised
        ("2024-07-20", "Change Stalled → to In progress began (now: In progress)"),
    ],
)
def test_a_change_that_is_published_is_none_any_more(client, editor, pledge, day, said):
    lead = lead_of(pledge)
    factories.PublishedUpdateFactory(pledge=pledge, status="in_progress", happened_on=day, text_en="Diggers came.")
    for url in (INBOX, page_of(lead)):
        assert said in shown(client, url)


def test_accepting_a_change_that_is_published_says_so(client, editor, pledge):
    lead = lead_of(pledge)
    factories.PublishedUpdateFactory(
        pledge=pledge, status="in_progress", happened_on="2024-07-03", text_en="They came."
    )
    answer = client.post(reverse("admin:pledges_lead_accept", args=[lead.pk]), follow=True)
    assert "has this status already, by the update of 3 July 2024: compare" in words(answer.content.decode())


def test_the_same_event_with_another_status_is_told_too(client, editor, pledge):
    lead = lead_of(pledge, article__url="https://news.example/dig")
    update = factories.UpdateFactory(
        pledge=pledge, status="stalled", failure_reason="lapsed", happened_on="2024-07-01", evidence=None
    )
    factories.EvidenceFactory(update=update, url="https://news.example/dig")
    publishing.publish(update, by=factories.EditorFactory())
    assert "update of 1 July 2024: Stalled; the watch suggests “In progress”" in shown(client, page_of(lead))


# --- filters and order ----------------------------------------------------------------------------------------------


@pytest.fixture
def three(pledge):
    """A change, one as before and one without: the better the score, the less it says; the newest is as before."""
    lead_of(pledge, score=0.6, article__title="Change")
    lead_of(pledge, suggestion="", score=0.9, article__title="Nothing")
    lead_of(pledge, suggestion="as_before", score=0.7, article__title="Before")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["Change", "Before", "Nothing"]),
        ("score", ["Nothing", "Before", "Change"]),
        ("newest", ["Before", "Nothing", "Change"]),
        ("backwards'", ["Change", "Before", "Nothing"]),
    ],
)
def test_changes_stand_first_unless_another_order_is_asked_for(client, editor, three, order, expected):
    response = client.get(INBOX, {"order": order} if order else {})
    assert titles(response) == expected
    first, middle, last = (lead.pk for lead in response.context["cl"].result_list)
    page = client.get(page_of(Lead.objects.get(pk=middle)), {"_changelist_filters": f"order={order}"})
    assert f"/{first}/change/" in page.context["previous_url"]
    assert f"/{last}/change/" in page.context["next_url"]
    more = client.post(f"{reverse('admin:pledges_lead_more')}?order={order}", {"shown": str(first)})
    assert [lead.pk for lead in more.context["leads"]] == [middle, last]


def test_the_orders_are_links_that_keep_the_filters(client, editor, three):
    page = client.get(INBOX, {"suggestion": "change", "order": "score"}).content.decode()
    assert re.search(r'<a href="\?order=newest&amp;suggestion=change">\s*Newest first', page)
    assert re.search(r'<a href="\?order=score&amp;suggestion=change" aria-current="true">\s*Highest score', page)


@pytest.mark.parametrize(("chosen", "title"), [("change", "Change"), ("as_before", "Before"), ("nothing", "Nothing")])
def test_filtered_by_kind_with_their_numbers(client, editor, three, pledge, chosen, title):
    lead_of(pledge, article__title="Gone")
    lead_actions.dismiss_lead(lead=Lead.objects.get(article__title="Gone"), by=editor, reason="nothing_new")
    response = client.get(INBOX, {"suggestion": chosen})
    assert titles(response) == [title]
    page = words(response.content.decode())
    assert "Change (1) As before (1) Nothing said about the status (1)" in page
    assert "Change (2)" in shown(client, INBOX, state="all")
    assert "Change (1) As before (1)" in shown(client, INBOX, _facets="True")


# --- the draft and the review ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suggestion", "status", "said"),
    [
        ("change", "in_progress", "The watch suggested a change to “In progress”: began."),
        ("as_before", "stalled", "The watch said “as before”: the draft began with the status that the pledge had on"),
        ("", "stalled", "The watch found nothing said about the status: the draft began with the one that the pledge"),
    ],
)
def test_the_draft_and_its_review_say_where_its_status_comes_from(client, editor, pledge, suggestion, status, said):
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on="2024-09-01")  # after the article
    lead = lead_of(pledge, suggestion=suggestion)
    draft = lead_actions.accept_lead(lead=lead, by=factories.ReporterFactory())
    assert (draft.status, draft.happened_on) == (status, date(2024, 7, 1))
    for view in ("change", "preview"):
        assert said in shown(client, reverse(f"admin:pledges_update_{view}", args=[draft.pk]))
