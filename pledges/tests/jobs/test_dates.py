"""Dates from outside on their way to the desk: a bare day stays that day, and one that cannot be true harms nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads
from pledges.models import Article, Lead
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"
ZONES = ["America/Guayaquil", "Pacific/Tongatapu", "Pacific/Pago_Pago"]
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(params=ZONES)
def zone(request, settings):
    settings.TIME_ZONE = request.param


def desk_pages(lead: Lead) -> list[str]:
    article = reverse("admin:pledges_article_change", args=[lead.article_id])
    names = ("pledges_lead_changelist", "pledges_article_changelist", "index")
    return [
        article,
        reverse("admin:pledges_lead_change", args=[lead.pk]),
        *(reverse(f"admin:{name}") for name in names),
    ]


def test_a_day_in_a_feed_is_the_day_of_the_draft_and_of_its_evidence(zone, web, editor):
    source = factories.SourceFactory(url=f"{web.origin}/feed")
    web.serve("/feed", (DATA / "feeds" / "dateonly_rss.xml").read_bytes())
    jobs.read_source.apply(args=[source.pk], throw=True)
    pledge = factories.PublishedPledgeFactory()
    assert Article.objects.count() == 5
    for article in Article.objects.all():
        draft = leads.accept_lead(lead=factories.LeadFactory(article=article, pledge=pledge), by=editor)
        assert (draft.happened_on, draft.evidence.get().published_on) == (date(2025, 8, 5), date(2025, 8, 5))


def test_a_day_on_a_page_is_the_day_of_its_article(zone, web):
    article = factories.ArticleFactory(
        url=f"{web.origin}/one", published_at=None, text="", state=Article.State.NEW, source__language="es"
    )
    page = (DATA / "pages" / "date0.html").read_text().replace("0001-01-01T00:00:00", "2025-08-05")
    web.serve("/one", page.encode(), **HTML)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert timezone.localdate(article.published_at) == date(2025, 8, 5)


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-05:00"])
def test_a_page_whose_date_cannot_be_true_is_read_without_one(zone, web, client, editor, stamp):
    article = factories.ArticleFactory(url=f"{web.origin}/one", published_at=None, text="", state=Article.State.NEW)
    page = (DATA / "pages" / "date0.html").read_text().replace("0001-01-01T00:00:00", stamp)
    web.serve("/one", page.encode(), **HTML)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert (article.state, article.published_at, article.failure) == ("read", None, "")
    for address in desk_pages(factories.LeadFactory(article=article)):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("stamp", ["0001-01-01", "1000-01-01 BC", "1989-01-01", "9999-12-31 23:59", "infinity"])
def test_the_database_takes_what_cannot_be_true_for_none(stamp):
    article = factories.ArticleFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_article SET published_at = %s WHERE id = %s", [f"{stamp}", article.pk])
    article.refresh_from_db()
    assert article.published_at is None
    article.published_at = datetime(2024, 7, 1, 12, tzinfo=UTC)
    article.save()
    article.refresh_from_db()
    assert article.published_at == datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["0001-01-01 00:00+00", "9999-12-31 23:59+00"])
def test_a_row_that_is_there_all_the_same_takes_no_page_down(zone, client, editor, stamp):
    lead = factories.LeadFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pledges_article DISABLE TRIGGER USER")
        cursor.execute("UPDATE pledges_article SET published_at = %s RETURNING published_at", [stamp])
        assert cursor.fetchone()[0].year in (1, 9999)
    for address in desk_pages(lead):
        assert client.get(address).status_code == 200, address
    draft = leads.accept_lead(lead=Lead.objects.get(pk=lead.pk), by=editor)
    assert (draft.happened_on, draft.evidence.get().published_on) == (timezone.localdate(), None)
