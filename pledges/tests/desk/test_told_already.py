"""Who judges a lead or a draft sees whether a published update tells the same already, and what else is of those days.

Accepting such a lead works, and says it. What a first user meets, the sample newswire on the first data set, is in
tests/jobs/test_newswire.py.
"""

import html
import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges.actions import publishing
from pledges.models import Lead, Update
from pledges.queries.told_already import Report, already_told
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 6)
TOLD = "seems to tell this already"


@pytest.fixture
def editor(client):
    person = factories.EditorFactory()
    client.force_login(person)
    return person


def page(client, name, *args, **query):
    return html.unescape(client.get(reverse(f"admin:pledges_{name}", args=args), query).content.decode())


def at(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


@pytest.fixture
def update():
    """The published update of a delivery of rifles on 6 August 2024."""
    row = factories.UpdateFactory(
        happened_on=DAY,
        text_en="In Durán the police were given 1,782 rifles, worth 3.9 million dollars. Seized arms do not count.",
        text_es="En Durán la policía recibió 1.782 fusiles, por unos 3,9 millones de dólares.",
        evidence=None,
    )
    factories.EvidenceFactory(update=row, url="https://news.example/rifles", sentence="")
    publishing.publish(row, by=factories.EditorFactory())
    row.refresh_from_db()
    return row


def lead_of(update, title, text, *, day=DAY, language="en", **article):
    row = factories.ArticleFactory(title=title, text=text, language=language, published_at=at(day), **article)
    return factories.LeadFactory(pledge=update.pledge, article=row, sentence=title)


def rifles(update, **article):
    text = "President Noboa handed 1,782 rifles worth 3.9 million dollars to the National Police in Durán."
    return lead_of(update, "Police receive rifles in Durán", text, **article)


def test_a_lead_says_so_in_the_inbox_on_its_page_and_once_accepted(client, editor, update):
    lead = rifles(update)
    link = reverse("admin:pledges_update_change", args=[update.pk])
    for shown in (page(client, "lead_changelist"), page(client, "lead_change", lead.pk)):
        assert re.search(rf'<a href="{link}">update of 6 August 2024</a>\s+{TOLD}', shown)
        assert "In Durán the police were given 1,782 rifles, worth 3.9 million dollars.</q>" in shown
        assert "Seized arms do not count.</q>" not in shown
    answer = client.post(reverse("admin:pledges_lead_accept", args=[lead.pk]), follow=True)
    said = html.unescape(answer.content.decode())
    assert f"The update of 6 August 2024 {TOLD}: compare them before you submit." in said
    draft = Update.objects.get(leads=lead)
    assert f'<a href="{link}">update of 6 August 2024</a>' in page(client, "update_change", draft.pk)
    assert f'<a href="{link}">update of 6 August 2024</a>' in page(client, "update_preview", draft.pk)


def test_so_it_does_to_whoever_reviews_a_draft_that_was_written_by_hand(client, editor, update):
    draft = factories.UpdateFactory(
        pledge=update.pledge, happened_on=DAY, text_en="The police in Durán were given 1,782 rifles.", state="review"
    )
    assert TOLD in page(client, "update_preview", draft.pk)
    later = factories.UpdateFactory(
        pledge=update.pledge, happened_on=DAY + timedelta(days=30), text_en=draft.text_en, state="review"
    )
    assert TOLD not in page(client, "update_preview", later.pk)


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ({}, True),
        ({"day": DAY + timedelta(days=1)}, True),
        ({"day": DAY + timedelta(days=30)}, False),  # the same words of another day
        ({"language": ""}, True),
    ],
)
def test_the_day_and_the_words_count(client, editor, update, lead, expected):
    rifles(update, **lead)
    assert (TOLD in page(client, "lead_changelist")) == expected


def test_so_do_the_other_language_and_names_and_figures_across_languages(client, editor, update):
    text = "El presidente entregó a la policía, en Durán, 1.782 fusiles por 3,9 millones de dólares."
    lead_of(update, "La policía recibió fusiles", text, language="es")
    assert TOLD in page(client, "lead_changelist")
    Lead.objects.all().delete()
    only_english = factories.PublishedUpdateFactory(
        happened_on=DAY, text_en="In Durán the Policía Nacional were given 1,782 rifles and 3.9 tonnes.", text_es=""
    )
    lead_of(only_english, "Durán: 1.782 fusiles", "La Policía Nacional recibió 3,9 toneladas.", language="es")
    assert TOLD in page(client, "lead_changelist")


def test_other_news_of_those_days_is_a_neighbour(client, editor, update):
    lead = lead_of(
        update, "Court hears appeal", "The appeal of a mayor is heard by judges.", day=DAY + timedelta(days=5)
    )
    shown = page(client, "lead_change", lead.pk)
    assert TOLD not in shown
    assert "1 published update within 7 days of it" in shown
    lead_of(update, "Court hears appeal again", "The appeal is heard again.", day=DAY + timedelta(days=8))
    assert page(client, "lead_changelist").count("within 7 days of it") == 1


def test_the_same_page_is_known_on_any_day_and_by_any_address_of_it(client, editor, update):
    lead = lead_of(
        update, "A look back", "Much later.", day=DAY + timedelta(days=200), url="https://news.example/rifles"
    )
    shown = page(client, "lead_change", lead.pk)
    assert re.search(r"update of 6 August 2024</a>\s+has this page as evidence already", shown)
    draft = factories.UpdateFactory(pledge=update.pledge, happened_on=DAY, text_en="Something else.", evidence=None)
    factories.EvidenceFactory(update=draft, url="https://news.example/rifles?utm_source=x#top")
    assert "has this page as evidence already" in page(client, "update_change", draft.pk)


def test_only_what_is_published_and_stands_counts(client, editor, update):
    factories.UpdateFactory(pledge=update.pledge, happened_on=DAY, text_en="1,782 rifles for the police in Durán.")
    other = factories.PublishedUpdateFactory(happened_on=DAY, text_en=update.text_en)  # of another pledge
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="Nothing was handed over.", correction_note_en="Not true.")
    assert TOLD not in page(client, "update_change", draft.pk)  # a correction says what the published one told
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    rifles(update)
    shown = page(client, "lead_changelist")
    assert TOLD not in shown and reverse("admin:pledges_update_change", args=[other.pk]) not in shown
    assert "Nothing was handed over." in shown  # a neighbour


def test_a_month_is_all_its_days_and_the_calendars_ends_are_no_error(update):
    row = factories.PublishedUpdateFactory(
        happened_on=date(2024, 8, 1), happened_precision="month", text_en="Arms came."
    )
    assert already_told({1: Report(row.pledge_id, date(2024, 8, 28))})[1].near[0].update == row
    for day in (date.min, date.max):
        assert not already_told({1: Report(row.pledge_id, day)})[1]


def test_the_inbox_asks_as_much_with_many_leads_as_with_few(client, editor, update, django_assert_max_num_queries):
    rifles(update)
    page(client, "lead_changelist")
    with CaptureQueriesContext(connection) as few:
        page(client, "lead_changelist")
        most = len(few)
    for number in range(8):
        other = factories.PublishedUpdateFactory(happened_on=DAY, text_en=update.text_en)
        rifles(other, url=f"https://news.example/{number}")
    page(client, "lead_changelist")
    with django_assert_max_num_queries(most):
        assert page(client, "lead_changelist").count(TOLD) == 9
