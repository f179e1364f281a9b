from pathlib import Path

import pytest

from pledges.watch.discovery import discover, sitemaps_in, usual_places

DATA = Path(__file__).parents[1] / "data"
PAGE = b"""<!doctype html><html><head><title>The Daily</title><base href="https://daily.example/es/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" title="All news" href="feed">
<link rel="ALTERNATE" type="application/feed+json" href="https://cdn.example/feed.json?utm_source=x">
<link rel="alternate" hreflang="en" href="/en/"><link rel="alternate" type="application/json+oembed" href="/oembed">
<link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
<link rel="stylesheet" href="x.css"></head><body><p>%s</p></body></html>""" % (b"News. " * 60)


@pytest.mark.parametrize(
    ("name", "url", "kind", "title"),
    [
        ("feeds/rss2.xml", "https://diario.example/rss/", "feed", "Diario de Muestra"),
        ("feeds/jsonfeed.json", "https://mi.example/feed.json", "feed", "Mi feed"),
        ("sitemaps/news.xml", "https://www.daily.example/sitemap-news.xml", "sitemap", "daily.example"),
        ("sitemaps/index.xml", "https://daily.example/sitemap.xml", "sitemap", "daily.example"),
        ("sitemaps/plain.xml.gz", "https://daily.example/sitemap.xml.gz", "sitemap", "daily.example"),
        ("series/es.csv", "https://inec.example/tasa.csv", "data", "tasa.csv"),
        ("series/months.xlsx", "https://inec.example/download?id=7", "data", "download"),
        ("series/worldbank.json", "https://bank.example/api.json", "data", "api.json"),
        ("gdelt/artlist.json", "https://api.gdeltproject.org/api/v2/doc/doc?query=x", "gdelt", "GDELT"),
    ],
)
def test_what_an_address_is_by_itself(name, url, kind, title):
    found = discover((DATA / name).read_bytes(), url=url)
    assert (found.kind, found.title) == (kind, title)
    assert [(one.kind, one.url, one.declared) for one in found.candidates] == [(kind, url, True)]


def test_a_page_has_what_it_declares_then_the_usual_places_and_is_watched_for_change_last():
    found = discover(PAGE, url="https://daily.example/es/")
    assert (found.kind, found.title, found.problem) == ("page", "The Daily", "")
    declared = [(one.kind, one.url, one.title) for one in found.candidates if one.declared]
    assert declared == [
        ("feed", "https://daily.example/es/feed", "All news"),
        ("feed", "https://cdn.example/feed.json", ""),
        ("feed", "https://daily.example/comments/feed/", "Comments"),
        ("page", "https://daily.example/es/", "The Daily"),
    ]
    assert found.candidates[3].url == "https://daily.example/feed"
    assert len({one.url for one in found.candidates}) == len(found.candidates)


def test_usual_places_in_order():
    places = [
        (one.kind, one.url.removeprefix("https://a.example")) for one in usual_places("https://a.example/politica/")
    ]
    assert places[:4] == [("feed", "/politica/feed"), ("feed", "/feed"), ("feed", "/rss"), ("feed", "/rss.xml")]
    assert ("feed", "/arc/outboundfeeds/rss/?outputType=xml") in places
    assert places.index(("robots", "/robots.txt")) < places.index(("sitemap", "/sitemap-news.xml"))


def test_robots_txt_names_sitemaps():
    robots = "User-agent: *\nDisallow: /x\nSitemap: https://a.example/sitemap.xml\nsitemap:/news-sitemap.xml\nSitemap: file:///x"
    assert sitemaps_in(robots, url="https://a.example/robots.txt") == (
        "https://a.example/news-sitemap.xml",
        "https://a.example/sitemap.xml",
    )
    found = discover(robots.encode(), url="https://a.example/robots.txt", content_type="text/plain")
    assert [one.kind for one in found.candidates] == ["sitemap", "sitemap"]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (b"<html><body><form><input type='password'></form></body></html>", "asks for a login"),
        (b"<html><body>Just a moment...<script></script></body></html>", "asks whether we are human"),
        (b"<html><body><div id=root></div><script src=x.js></script></body></html>", "only with JavaScript"),
    ],
)
def test_what_stands_in_the_way_is_said(page, says):
    assert says in str(discover(page, url="https://a.example/").problem)


@pytest.mark.parametrize(
    "body", [b"", b"\0" * 100, b"\x89PNG\r\n\x1a\n\0\0", b"<" * 10_000, b"PK\x03\x04", b"plain text"]
)
def test_anything_else_is_nothing(body):
    found = discover(body, url="https://a.example/x")
    assert found.kind in ("", "page", "data")
    assert all(one.url.startswith("https://a.example/") for one in found.candidates)
