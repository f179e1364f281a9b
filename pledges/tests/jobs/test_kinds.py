"""Sources of every kind, read over real HTTP: what each answer is turned into, once."""

import gzip
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import publishing, snapshots
from pledges.domain.messages import deferred_message
from pledges.models import Article, Capture, Lead, Observation, Snapshot, Source
from pledges.tests.support import factories
from pledges.tests.support.watched import page
from pledges.watch import isolation

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"
CSV = {"Content-Type": "text/csv; charset=utf-8"}


@pytest.fixture
def source(web):
    """Makes a source of a kind at /<path> of the small site."""

    def make(kind, path="it", **fields):
        return factories.SourceFactory(kind=kind, url=f"{web.origin}/{path}", **{"publisher": "Desk", **fields})

    return make


def read(source):
    """As a worker does when it is told to look; the source as it is afterwards."""
    Source.objects.filter(pk=source.pk).update(next_due_at=None, claimed_until=None)
    jobs.read_source.apply(args=[source.pk], throw=True)
    source.refresh_from_db()
    return source


def titles():
    return sorted(Article.objects.values_list("title", flat=True))


def test_a_json_feed(web, source):
    web.serve("/it", (DATA / "feeds/jsonfeed.json").read_bytes(), **{"Content-Type": "application/feed+json"})
    assert read(source(Source.Kind.FEED)).failure == ""
    assert titles() == ["Nueva cárcel", "Sin título"]


def test_a_news_sitemap(web, source):
    web.serve("/it", (DATA / "sitemaps/news.xml").read_bytes())
    assert read(source(Source.Kind.SITEMAP)).failure == ""
    assert titles() == ["Avanzan las obras & el puerto", "Nota nueva"]


def test_an_index_of_sitemaps_is_followed_to_the_newest(web, source):
    parts = "".join(
        f"<sitemap><loc>{web.origin}/part-{n}.xml.gz</loc><lastmod>2025-09-0{n}</lastmod></sitemap>"
        for n in range(1, 6)
    )
    web.serve("/it", f"<sitemapindex>{parts}</sitemapindex>".encode())
    for number in (2, 3, 5):
        url = f"<url><loc>{web.origin}/nota-{'abcdef'[number]}-larga</loc></url>"
        web.serve(f"/part-{number}.xml.gz", gzip.compress(f"<urlset>{url}</urlset>".encode()))
    found = source(Source.Kind.SITEMAP)
    assert read(found).failure == ""  # part 4 is not there, and spoils nothing
    assert titles() == ["Nota d larga", "Nota f larga"]
    web.serve("/it", f"<sitemapindex><sitemap><loc>{web.origin}/gone.xml</loc></sitemap></sitemapindex>".encode())
    assert "None of the sitemaps" in str(read(found).failure)


def test_a_gdelt_search_names_each_outlet(web, source):
    web.serve("/it", (DATA / "gdelt/artlist.json").read_bytes(), **{"Content-Type": "application/json"})
    found = read(source(Source.Kind.GDELT))
    assert found.failure == ""
    assert sorted(Article.objects.values_list("publisher", flat=True)) == ["Desk", "daily.example", "wire.example"]
    web.serve("/it", b"Please limit requests to one every 5 seconds.")
    assert "GDELT asks for fewer requests" in str(read(found).failure)


def agenda(web, name):
    web.serve("/it", (DATA / f"pages/agenda_{name}.html").read_bytes(), **{"Content-Type": "text/html; charset=utf-8"})


def test_a_page_watched_for_change(web, source):
    watched = source(Source.Kind.PAGE, name="Agenda", language="es", selector="#agenda")
    agenda(web, "before")
    read(watched)
    first = Snapshot.objects.get()
    assert (first.article, first.text.splitlines()[0]) == (None, "Proyectos")
    read(watched)
    assert Snapshot.objects.count() == 1
    agenda(web, "after")
    assert read(watched).failure == ""
    second = watched.snapshots.first()
    article = second.article
    assert article.text.splitlines() == ["El proyecto de ley de puertos fue aprobado en primer debate.", "Ley C"]
    assert article.url.startswith(f"{web.origin}/it#captured-{second.taken_at:%Y-%m-%dT%H:%MZ}")
    assert (article.state, article.publisher, article.language) == ("new", "Desk", "es")
    assert "Agenda" in article.title
    assert gzip.decompress(second.capture.body) == (DATA / "pages/agenda_after.html").read_bytes()
    read(watched)
    assert (Snapshot.objects.count(), Article.objects.count(), Capture.objects.count()) == (2, 1, 2)


def test_what_is_new_on_a_page_is_matched_without_fetching_it_again(web, source):
    factories.PublishedPledgeFactory(
        mandate__person="Ana Romero",
        also_called_en=["lighthouse of Puerto Azul"],
        wording__title_en="Repair the lighthouse of Puerto Azul",
        wording__statement_en="The army repairs the lighthouse of Puerto Azul.",
    )
    told = "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it."
    watched = source(Source.Kind.PAGE, name="Orders", language="en", selector="p")
    web.serve("/it", page("Orders", "Nothing yet."))
    read(watched)
    web.serve("/it", page("Orders", "Nothing yet.", told))
    read(watched)
    requests = len(web.requests)
    article = Article.objects.get()
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert (article.state, article.attempts, len(web.requests)) == ("read", 0, requests)
    assert Lead.objects.get().sentence == told


def test_what_a_page_says_to_the_visitor_alone_is_not_kept(web, source):
    web.serve("/it", page("T", "One line."), **{"Set-Cookie": "visitor=42", "X-Served-By": "press"})
    read(source(Source.Kind.PAGE, selector="p"))
    kept = {name.lower() for name in Capture.objects.get().headers}
    assert "x-served-by" in kept and "set-cookie" not in kept


def test_only_what_is_absent_makes_no_article(web, source):
    watched = source(Source.Kind.PAGE, selector="p")
    web.serve("/it", page("T", "One line.", "Another line."))
    read(watched)
    web.serve("/it", page("T", "One line."))
    read(watched)
    assert (Snapshot.objects.count(), Article.objects.count()) == (2, 0)


def test_a_page_whose_part_is_gone_fails_and_keeps_what_it_said(web, source):
    watched = source(Source.Kind.PAGE, selector="#agenda")
    agenda(web, "before")
    read(watched)
    web.serve("/it", page("T", "Rebuilt."))
    assert "Nothing on the page matches “#agenda”" in str(read(watched).failure)
    assert Snapshot.objects.count() == 1
    agenda(web, "before")
    assert read(watched).failure == ""
    assert Snapshot.objects.count() == 1


def test_a_page_that_takes_too_long_fails_and_keeps_what_it_said(web, source, monkeypatch):
    watched = source(Source.Kind.PAGE)
    web.serve("/it", page("Orders", "One order that was given on Monday, and is told of here at some length. " * 3))
    read(watched)

    def call(*_arguments, **_more):
        raise isolation.TimedOut(deferred_message("It takes too long."))

    monkeypatch.setattr(isolation, "call", call)
    web.serve("/it", page("Orders", "Another."))
    read(watched)
    assert (str(watched.failure), watched.failures, watched.snapshots.count()) == ("It takes too long.", 1, 1)


def test_two_workers_that_see_the_same_change_keep_it_once(web, source):
    watched = source(Source.Kind.PAGE)
    kept = {"capture": ("text/html", b"x", {}), "url": watched.url, "added": ""}
    now = timezone.now()
    first = snapshots.record_snapshot(source=watched, before=None, text="a", now=now, **kept)
    assert first is not None
    assert snapshots.record_snapshot(source=watched, before=None, text="b", now=now + timedelta(1), **kept) is None
    assert Snapshot.objects.count() == 1


@pytest.fixture
def figures(source):
    """A source of figures for an indicator that has two published ones."""
    indicator = factories.IndicatorFactory()
    for year, value in ((2022, 10), (2023, 20)):
        first, last = date(year, 1, 1), date(year, 12, 31)
        factories.ObservationFactory(
            indicator=indicator, series="rate", period=str(year), starts_on=first, ends_on=last, value=value
        )
    publishing.record_change(indicator, by=factories.EditorFactory())
    columns = {"period_column": "Year", "value_column": "Rate"}
    return source(Source.Kind.DATA, indicator=indicator, series="rate", **columns)


def waiting():
    return [(o.period, o.value) for o in Observation.objects.filter(edition=None).order_by("starts_on")]


def test_figures_wait_where_they_are_news(web, figures):
    web.serve("/it", b"Year;Rate\n2022;10,0\n2023;21,5\n2024;30\n", **CSV)
    assert read(figures).failure == ""
    assert waiting() == [("2023", Decimal("21.5")), ("2024", Decimal("30"))]
    row = Observation.objects.get(period="2024")
    assert (row.imported_from, row.source, row.url, row.edition) == (figures, "Desk", figures.url, None)
    read(figures)
    assert len(waiting()) == 2


def test_figures_that_wait_are_brought_up_to_date_and_typed_ones_are_left(web, figures):
    typed = factories.ObservationFactory(
        indicator=figures.indicator, series="rate", period="2025", starts_on="2025-01-01", ends_on="2025-12-31", value=1
    )
    web.serve("/it", b"Year,Rate\n2024,30\n2025,2\n", **CSV)
    read(figures)
    web.serve("/it", b"Year,Rate\n2024,31\n2025,3\n", **CSV)
    read(figures)
    typed.refresh_from_db()
    assert waiting() == [("2024", 31), ("2025", 1)]
    assert typed.imported_from is None


def test_once_published_they_are_news_no_more(web, figures):
    web.serve("/it", b"Year,Rate\n2023,25\n", **CSV)
    read(figures)
    publishing.record_change(figures.indicator, by=factories.EditorFactory())
    read(figures)
    assert waiting() == []
    web.serve("/it", b"Year,Rate\n2023,20\n", **CSV)  # back to what an older edition said
    read(figures)
    assert waiting() == [("2023", 20)]
    assert publishing.verify() == []


def test_a_file_that_cannot_be_read_writes_nothing_and_says_where(web, figures):
    web.serve("/it", b"Year,Rate\n2024,30\n2025,many\n", **CSV)
    assert str(read(figures).failure) == "Row 3, column “Rate”: “many” is no number."
    assert waiting() == []


def test_what_is_left_out_of_a_file_stands_at_its_source(web, client, figures):
    web.serve("/it", b"Year;Rate\n2023;n.d.\n2024;30 %\n", **CSV)
    figures = read(figures)
    assert str(figures.notice).startswith("Left out, since they hold no value: rows 2. The file gives percentages;")
    client.force_login(factories.EditorFactory())
    page = client.get(reverse("admin:pledges_source_change", args=[figures.pk])).content.decode()
    assert "Left out, since they hold no value: rows 2." in page
    web.serve("/it", b"Year;Rate\n2024;30\n", **CSV)
    assert read(figures).notice == ""


def test_a_file_past_the_limits_is_a_failure_with_its_reason(web, figures, monkeypatch):
    def call(function, *args, **kwargs):
        raise isolation.TimedOut(deferred_message("It takes too long."))

    web.serve("/it", b"Year,Rate\n2024,30\n", **CSV)
    monkeypatch.setattr(isolation, "call", call)
    row = read(figures)
    assert str(row.failure) == "It takes too long. Of a spreadsheet, save the one worksheet as CSV."
    assert waiting() == []


@pytest.mark.parametrize("kind", [Source.Kind.FEED, Source.Kind.SITEMAP, Source.Kind.GDELT, Source.Kind.PAGE])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 50,
        b"\x89PNG\r\n\x1a\n\0\0",
        b"{",
        b"<",
        b"[" * 50_000,
        b"\x1f\x8b\x08\0",
        b"<a>" * 20_000,
        b"PK\x03\x04",
    ],
    ids=range(9),
)
def test_hostile_answers_become_a_sentence(web, source, kind, body):
    web.serve("/it", body)
    failure = str(read(source(kind)).failure)
    assert failure
    assert "The tracker itself failed" not in failure


@pytest.mark.django_db(transaction=True)
def test_another_part_of_a_page_is_a_beginning_and_not_a_change(web, client, source):
    watched = source(Source.Kind.PAGE, selector="#agenda")
    agenda(web, "before")
    read(watched)
    client.force_login(factories.EditorFactory())
    data = {"name": "A", "publisher": "P", "url": watched.url, "language": "es", "active": "on", "selector": "footer"}
    data |= {"interval_minutes": 15, "slowest_minutes": 360}
    Source.objects.update(etag='"v1"', next_due_at="2999-01-01T00:00Z")
    client.post(reverse("admin:pledges_source_change", args=[watched.pk]), data)
    watched.refresh_from_db()
    assert (watched.selector, watched.etag, watched.next_due_at) == ("footer", "", None)
    read(watched)
    read(watched)
    assert (Snapshot.objects.count(), Article.objects.count()) == (2, 0)
    agenda(web, "after")
    read(watched)
    assert Article.objects.get().text == "Visitas: 11"
    moved = f"{web.origin}/moved"
    Source.objects.update(moved_from=watched.url, url=moved, moved_at=timezone.now())
    watched.refresh_from_db()
    web.serve("/moved", b"<html><body><footer>Visitas: 12</footer></body></html>")
    read(watched)
    assert Article.objects.count() == 2  # what moved by itself is the same page
