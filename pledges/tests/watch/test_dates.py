"""Which dates of publication are believed, and that a bare day stays that day: in feeds, sitemaps, searches, pages."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pledges.watch.extraction import document_reader
from pledges.watch.sources import articles, documents, feeds, gdelt, sitemaps
from pledges.watch.text import dates

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2025, 12, 1, 15, tzinfo=UTC)
ZONES = ["America/Guayaquil", "Pacific/Tongatapu", "Pacific/Pago_Pago", "Pacific/Kiritimati", "UTC", "Europe/Madrid"]
URL = "https://d.example/"
# The same date, as each kind of source writes it.
KINDS = {
    "rss": '<rss version="2.0"><channel><title>D</title><item><title>A</title><link>https://d.example/1</link>'
    "<pubDate>{}</pubDate></item></channel></rss>",
    "dublin core": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>D</title></channel><item><title>A</title>'
    "<link>https://d.example/1</link><dc:date>{}</dc:date></item></rdf:RDF>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>D</title><entry><title>A</title><id>1</id>'
    '<link href="https://d.example/1"/><updated>{}</updated></entry></feed>',
    "tolerant": '<rss version="2.0"><channel><title>D</title><item><title>A & b</title><link>https://d.example/1</link>'
    "<pubDate>{}</pubDate></item></channel></rss>",
    "json": '{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": "1", "url": "https://d.example/1", '
    '"title": "A", "date_published": "{}"}}]}}',
    "sitemap": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://d.example/1</loc><news:news>'
    "<news:title>A</news:title><news:publication_date>{}</news:publication_date></news:news></url></urlset>",
    "meta": '<meta property="article:published_time" content="{}">',
    "microdata": '<meta itemprop="datePublished" content="{}">',
    "time": '<time datetime="{}">then</time>',
    "json-ld": '<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{}"}}</script>',
}
FEEDS = ("rss", "dublin core", "atom", "tolerant", "json")


def published(kind, text, *, zone=UTC, now=NOW):
    """The time that our readers make of a date in a source of this kind."""
    written = KINDS[kind].format(text)
    if kind in FEEDS:
        return feeds.parse(written.encode(), url=URL, now=now, zone=zone).entries[0].published_at
    if kind == "sitemap":
        return sitemaps.parse(written.encode(), url=URL, now=now, zone=zone).entries[0].published_at
    head, body = (written, "") if kind in ("meta", "microdata", "json-ld") else ("", written)
    words = "<p>The harbour of Puerto Azul was closed on Monday, and nobody could say for how long it will be.</p>" * 3
    page = f"<html><head><title>A</title>{head}</head><body><article>{body}{words}</article></body></html>"
    return articles.extract(page.encode(), url=URL, now=now, zone=zone).published_at


@pytest.mark.parametrize("kind", KINDS)
def test_a_time_is_that_time(kind):
    zone = ZoneInfo("America/Guayaquil")
    assert published(kind, "2025-08-05T22:30:00-05:00", zone=zone) == datetime(2025, 8, 6, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_day_is_that_day_in_the_newsroom(kind, zone):
    zone = ZoneInfo(zone)
    for text in ("2025-08-05", "2025-08-05T00:00:00", "2025-08-05T00:00:00Z", "2025-08-05T00:00:00+00:00"):
        assert published(kind, text, zone=zone).astimezone(zone).date() == date(2025, 8, 5), text


@pytest.mark.parametrize("zone", ZONES)
def test_a_feed_that_knows_only_days(zone):
    zone = ZoneInfo(zone)
    entries = feeds.parse((DATA / "feeds" / "dateonly_rss.xml").read_bytes(), url=URL, now=NOW, zone=zone).entries
    assert [entry.published_at.astimezone(zone).date() for entry in entries] == [date(2025, 8, 5)] * 5


def test_midnight_anywhere_else_is_a_time():
    zone = ZoneInfo("America/Guayaquil")
    assert published("rss", "Tue, 05 Aug 2025 00:00:00 +0200", zone=zone) == datetime(2025, 8, 4, 22, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_midnight_utc_that_is_written_as_another_hour_is_a_time(kind):
    assert published(kind, "2025-08-05T21:00:00-03:00") == datetime(2025, 8, 6, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["rss", "tolerant"])
@pytest.mark.parametrize("text", ["Tue, 05 Aug 2025 21:00:00 -0300", "Tue, 05 Aug 2025 19:00:00 EST"])
def test_an_hour_with_the_name_of_a_zone_is_a_time_too(kind, text):
    assert published(kind, text, zone=ZoneInfo("America/Guayaquil")) == datetime(2025, 8, 6, tzinfo=UTC)


def test_a_search_gives_times_and_no_days():
    found = {"url": "https://d.example/1", "title": "A", "seendate": "20250805T000000Z"}
    (entry,) = gdelt.parse(json.dumps({"articles": [found]}).encode(), url=URL, now=NOW)
    assert entry.published_at == datetime(2025, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "0001-01-01", "1969-12-31T23:59:59Z", "1970-01-01"),
        *("1989-12-31", "2025-12-04", "2025-12-02T15:00:01Z", "2098-01-01T00:00:00+00:00", "9999-12-31"),
        *("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "", "soon", "2025-13-45T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("kind", (*FEEDS, "sitemap"))
def test_what_cannot_be_true_is_no_date(kind, text):
    for zone in map(ZoneInfo, ZONES):
        assert published(kind, text, zone=zone) is None


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00", "1970-01-01", "2098-01-01", "9999-12-31T23:59:59-12:00", "9999-12-31"]
)
@pytest.mark.parametrize("kind", ["meta", "microdata", "time", "json-ld"])
def test_what_cannot_be_true_is_no_date_of_a_page_either(kind, text):
    for zone in map(ZoneInfo, ZONES):
        assert published(kind, text, zone=zone) is None


@pytest.mark.parametrize("text", ["2025-12", "2025", "2025-12-04", "2026-01-02T10:00:00Z"])
@pytest.mark.parametrize("kind", ["meta", "microdata", "time", "json-ld"])
def test_no_day_is_guessed_from_a_part_of_a_date_or_from_one_that_cannot_be_true(kind, text):
    assert published(kind, text) is None


@pytest.mark.parametrize("text", ["2025-08-05T10:00:00+99:99", "2025-08-05T10:00:00+24:00", "9" * 400, "-1"])
@pytest.mark.parametrize(
    "head", ['<meta property="article:published_time" content="{}">', '<meta name="date" content="{}">']
)
def test_a_broken_date_costs_no_article(head, text):
    words = "<p>The harbour of Puerto Azul was closed on Monday, and nobody could say for how long it will be.</p>" * 3
    page = (
        f"<html><head><title>A harbour</title>{head.format(text)}</head><body><article>{words}</article></body></html>"
    )
    read = articles.extract(page.encode(), url=URL, now=NOW)
    assert read.title == "A harbour"
    assert read.text.startswith("The harbour")


def test_the_page_of_the_year_1():
    page = articles.extract((DATA / "pages" / "date0.html").read_bytes(), url=URL)
    assert page.published_at is None


def test_the_next_date_of_a_page_counts_where_the_first_cannot_be_true():
    page = (DATA / "pages" / "date0.html").read_text().replace("<h1>", '<time datetime="2025-08-05T10:00Z"></time><h1>')
    assert articles.extract(page.encode(), url=URL).published_at == datetime(2025, 8, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2025-12-02", "2025-12-02T14:59:00Z", "1990-01-02"])
def test_what_lies_within_a_day_counts(text):
    assert published("rss", text, zone=ZoneInfo("America/Guayaquil")).astimezone(UTC).isoformat()[:10] == text[:10]


def test_without_the_present_only_the_past_is_bounded():
    zone = ZoneInfo("Etc/GMT+12")
    assert dates.published(date(2098, 1, 1), zone=zone, now=None).year == 2098
    assert dates.published(date(9999, 12, 31), zone=zone, now=None) is None
    assert dates.published(None, zone=zone, now=None) is None


def test_a_document_has_the_day_that_its_page_has_in_the_newsroom():
    words = "<p>We will build two new prisons on the coast by the end of next year, the president promised.</p>" * 3
    page = f'<html><head><meta property="article:published_time" content="{{}}"></head><body>{words}</body></html>'
    for text, day in (("2025-08-05T22:30:00-05:00", date(2025, 8, 5)), ("2025-08-05", date(2025, 8, 5))):
        asked = document_reader.DocumentHints(content_type="text/html", url=URL, time_zone="America/Guayaquil")
        assert document_reader.read_here(page.format(text).encode(), asked).published_on == day
    assert document_reader.read_here(page.format("0001-01-01").encode(), asked).published_on is None
    assert documents.text_of(page.format("0001-01-01").encode(), content_type="text/html", url=URL)
