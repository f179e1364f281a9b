import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pledges.watch.sources.feeds import Entry, FeedError, parse
from pledges.watch.web.urls import canonical_url

DATA = Path(__file__).parents[1] / "data" / "feeds"
NOW = datetime(2025, 12, 1, tzinfo=UTC)


def read(name, **kwargs):
    return parse((DATA / name).read_bytes(), url="https://diario.example/rss/", now=NOW, **kwargs)


def test_rss():
    feed = read("rss2.xml", content_type="application/rss+xml; charset=utf-8")
    assert (feed.title, feed.language) == ("Diario de Muestra", "es")
    assert feed.entries[0] == Entry(
        id="nota-7",
        url="https://diario.example/corte-ley?id=7",
        title="La Corte & la ley: primera audiencia",
        summary="Uno. Dos & tres.",
        published_at=datetime(2025, 9, 1, 15, 30, tzinfo=UTC),
        language="es",
    )


def test_entries_without_use_are_left_out_and_odd_dates_are_none():
    entries = read("rss2.xml").entries
    assert [(entry.id, entry.published_at) for entry in entries[1:]] == [
        ("https://diario.example/relativa", None),
        ("https://diario.example/futuro", None),
    ]
    assert parse((DATA / "rss2.xml").read_bytes(), url="https://diario.example/").entries[2].published_at.year == 2098


def test_atom():
    feed = read("atom.xml")
    first, second = feed.entries
    assert (feed.title, feed.language) == ("Sample wire", "")
    assert (first.url, first.title, first.summary) == (
        "https://wire.example/news/one",
        "5 < 7, says minister",
        "First line. Second.",
    )
    assert (first.published_at, first.language) == (datetime(2025, 11, 10, 17, tzinfo=UTC), "en")
    assert (second.url, second.published_at) == ("https://wire.example/news/two", datetime(2025, 11, 12, 8, tzinfo=UTC))
    assert second.summary == "Según el ministro, los trabajos no se han detenido."
    assert second.language == "es"  # by its words: nothing declares it


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_nothing_turns_the_direction_of_what_stands_beside_it(mark):
    body = f"""<rss version="2.0"><channel><title>D{mark}aily</title><item><title>{mark}Minister{mark} denies</title>
        <link>https://wire.example/a</link><description>He {mark}said.</description>
        <source url="https://outlet.example/">Out{mark}let</source></item></channel></rss>"""
    feed = parse(body.encode(), url="https://wire.example/feed")
    entry = feed.entries[0]
    said = (feed.title, entry.title, entry.summary, entry.publisher)
    assert said == ("Daily", "Minister denies", "He said.", "Outlet")


def test_a_damaged_feed_gives_what_is_whole():
    assert read("damaged.xml").entries[0].url == "https://cut.example/1"


@pytest.mark.parametrize("content_type", ["", "text/xml", "application/xml; charset=iso-8859-1"])
def test_other_charsets(content_type):
    feed = read("latin1.xml", content_type=content_type)
    assert (feed.title, feed.entries[0].title) == ("Señal", "Cárcel de máxima seguridad")


def test_an_empty_channel_is_a_feed():
    assert (
        parse(b'<rss version="2.0"><channel><title>t</title></channel></rss>', url="https://a.example/").entries == ()
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "nothing at all"),
        (b" \n", "nothing at all"),
        (b"<!DOCTYPE html><html><body>news</body></html>", "HTML page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON"),
        (b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "sitemap"),
        (b'<rss version="2.0"><channel><title>t', "XML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a feed"),
        (b"/etc/passwd", "not a feed"),
        (b"http://127.0.0.1/", "not a feed"),
    ],
)
def test_what_is_no_feed_is_said_plainly(body, says):
    with pytest.raises(FeedError, match=says):
        parse(body, url="https://a.example/")


def test_entities_neither_explode_nor_read_files():
    bomb = '<!ENTITY a0 "lollollollol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    body = (
        f'<!DOCTYPE r [{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>t</title>'
        "<item><title>&a9; &f;</title><link>https://a.example/1</link></item></channel></rss>"
    )
    started = time.monotonic()
    feed = parse(body.encode(), url="https://a.example/")
    assert time.monotonic() - started < 5
    assert all(len(entry.title) <= 500 and "root:" not in entry.title for entry in feed.entries)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/A?utm_source=x&b=2&fbclid=1&a=%20#top", "https://news.example/A?b=2&a=%20"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8000/?id=5", "http://news.example:8000/?id=5"),
        ("http://news.example/?clid=5&utm=1&id", "http://news.example/?clid=5&utm=1&id"),
        ("mailto:desk@news.example", ""),
        ("http://user:pw@news.example/", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_canonical_url(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("name", "title", "language", "entry"),
    [
        ("rss091.xml", "Old wire", "en", ("https://old.example/port", "Port concession signed", None)),
        ("rss090.xml", "Oldest", "", ("https://oldest.example/1", "One", None)),
        ("rdf.xml", "Gaceta", "es", ("https://gaceta.example/1", "Decreto 100", datetime(2025, 3, 1, 13, tzinfo=UTC))),
        (
            "atom03.xml",
            "Draft",
            "en",
            ("https://draft.example/bill", "Bill tabled", datetime(2025, 2, 3, 10, tzinfo=UTC)),
        ),
        ("xhtml.xml", "X", "", ("https://x.example/1", "Two words", datetime(2025, 2, 3, 10, tzinfo=UTC))),
        ("entities.xml", "España", "", ("https://e.example/1", "Cárcel nueva", None)),
    ],
)
def test_all_generations(name, title, language, entry):
    feed = read(name)
    assert (feed.title, feed.language) == (title, language)
    assert [(e.url, e.title, e.published_at) for e in feed.entries] == [entry]


def test_a_search_names_the_outlet_of_each_entry():
    entry = parse((DATA / "google_news.xml").read_bytes(), url="https://news.google.com/rss/search?q=x").entries[0]
    assert (entry.title, entry.publisher, entry.language) == (
        "Avanzan las obras del puerto de Manta",
        "Diario Uno",
        "es",
    )
    own = parse((DATA / "google_news.xml").read_bytes(), url="https://diariouno.example/rss").entries[0]
    assert own.publisher == ""


def test_json_feed():
    body = (DATA / "jsonfeed.json").read_bytes()
    feed = parse(body, url="https://mi.example/feed.json", content_type="application/feed+json", now=NOW)
    assert (feed.title, feed.language) == ("Mi feed", "es")
    assert [(e.id, e.url, e.title, e.summary, e.language) for e in feed.entries] == [
        ("1", "https://mi.example/nota", "Nueva cárcel", "Uno. Dos.", "es"),
        ("2", "https://otro.example/2", "Sin título", "Sin título", "en"),
    ]
    assert feed.entries[0].published_at == datetime(2025, 9, 1, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"[", b'{"items": 3}', b'{"items": [' + b"[" * 100_000, b'{"a": "\xff"', b"[1, 2]"])
def test_json_that_is_no_feed_is_said_plainly(body):
    with pytest.raises(FeedError, match="JSON"):
        parse(body, url="https://a.example/")


@pytest.mark.parametrize("name", ["utf16.xml", "bom.xml", "cp1252_as_latin1.xml", "cp1252_as_utf8.xml", "mixed.xml"])
@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "application/rss+xml; charset=iso-8859-1", "text/xml;charset=x"]
)
def test_whatever_charset_is_claimed(name, content_type):
    feed = read(name, content_type=content_type)
    assert (feed.title, feed.entries[0].title) == ("Señal", "“Año” 100 €")
    if name == "mixed.xml":
        assert feed.entries[1].title == "Ministerio señala"


def test_a_claim_beside_western_ones_is_believed():
    body = "<rss version='2.0'><channel><title>Правда</title></channel></rss>".encode("koi8-r")
    assert parse(body, url="https://a.example/", content_type="text/xml; charset=koi8-r").title == "Правда"


def test_many_entities_are_not_multiplied():
    declared = f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>'
    item = f"<item><title>{'&a;' * 100_000}</title><link>https://a.example/1</link></item>"
    body = f'{declared}<rss version="2.0"><channel>{item}</channel></rss>'
    title = parse(body.encode(), url="https://a.example/").entries[0].title
    assert len(title) <= 500
    assert "aaaa" not in title
