import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pledges.watch.sources import sitemaps
from pledges.watch.sources.feeds import Entry, FeedError

DATA = Path(__file__).parents[1] / "data" / "sitemaps"


def read(name, url="https://daily.example/sitemap.xml", **kwargs):
    return sitemaps.parse((DATA / name).read_bytes(), url=url, now=datetime(2025, 12, 1, tzinfo=UTC), **kwargs)


def test_a_news_sitemap_gives_its_news_the_newest_first():
    listed = read("news.xml")
    assert listed.children == ()
    assert [(entry.title, entry.language) for entry in listed.entries] == [
        ("Nota nueva", "es"),
        ("Avanzan las obras & el puerto", "es"),
    ]
    assert listed.entries[1] == Entry(
        id="https://daily.example/politica/2025/09/01/obras-del-puerto-avanzan-48213.html",
        url="https://daily.example/politica/2025/09/01/obras-del-puerto-avanzan-48213.html",
        title="Avanzan las obras & el puerto",
        summary="",
        published_at=datetime(2025, 9, 1, 15, 30, tzinfo=UTC),
        language="es",
    )


def test_a_plain_one_is_ordered_by_change_and_says_no_time_of_publication():
    listed = read("plain.xml.gz", url="https://ministry.example/sitemap.xml.gz")
    assert [(entry.title, entry.published_at) for entry in listed.entries] == [
        ("Firma de convenio", None),
        ("El ministerio entrega la obra", None),
        ("Contacto", None),
    ]


def test_an_index_leads_to_its_parts_the_newest_first():
    listed = read("index.xml")
    assert listed.entries == ()
    assert [address.rpartition("/")[2] for address in listed.children] == [
        *("sitemap-latest.xml.gz", "sitemap-2025-09.xml", "sitemap-2025-07.xml", "sitemap-sections.xml"),
    ]


def test_of_a_large_one_only_the_newest_are_taken():
    days = "".join(
        f"<url><loc>https://a.example/nota-{n}</loc><lastmod>{2000 + n // 300}-01-01</lastmod></url>"
        for n in range(6000)
    )
    listed = sitemaps.parse(f"<urlset>{days}</urlset>".encode(), url="https://a.example/sitemap.xml")
    assert len(listed.entries) == sitemaps.MOST_PLAIN
    assert listed.entries[0].url == "https://a.example/nota-5700"


def test_one_cut_short_gives_what_is_whole():
    body = b"<urlset><url><loc>https://a.example/una-nota</loc></url><url><loc>https://a.exam"
    assert [entry.title for entry in sitemaps.parse(body, url="https://a.example/").entries] == ["Una nota"]


def test_a_damaged_one_is_read_on():
    urls = "".join(f"<url><loc>https://a.example/?id={n}&b=2</loc></url>" for n in range(3))
    listed = sitemaps.parse(f"<urlset>{urls}</urlset>".encode(), url="https://a.example/")
    assert len(listed.entries) == 3


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://a.example/2024/07/01/gobierno-anuncia-obras-12345.html", "Gobierno anuncia obras"),
        ("https://a.example/noticias/La_C%C3%A1mara_vota/", "La Cámara vota"),
        ("https://a.example/", ""),
        ("https://a.example/?p=7", ""),
        ("http://[::1", ""),
    ],
)
def test_titles_are_read_off_addresses(url, title):
    assert sitemaps.title_of(url) == title


BOMB = gzip.compress(b"<urlset>" + b" " * 60_000_000)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "nothing at all"),
        (b"<rss version='2.0'></rss>", "no sitemap"),
        (b"<!doctype html><html><body>x</body></html>", "no sitemap"),
        (b"not xml", "not a sitemap"),
        (BOMB, "larger than 20 MB"),
        (gzip.compress(b"<urlset/>")[:15], "cut short"),
        (b"\x1f\x8b\x08rubbish", "damaged"),
    ],
    ids=["empty", "rss", "html", "text", "bomb", "cut", "damaged"],
)
def test_what_is_none_is_said_plainly(body, says):
    with pytest.raises(FeedError, match=says):
        sitemaps.parse(body, url="https://a.example/sitemap.xml")


def test_entities_read_no_files():
    body = (
        b'<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/nota-una</loc>'
        b"<news:news xmlns:news='n'><news:title>&f;</news:title></news:news></url></urlset>"
    )
    assert "root:" not in sitemaps.parse(body, url="https://a.example/").entries[0].title


CASES = Path(__file__).parents[1] / "data" / "feeds" / "cases"
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
VIDEO = 'xmlns:v="http://www.google.com/schemas/sitemap-video/1.1"'
ITS_OWN = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def entries(*urls, spaces=f"{ITS_OWN} {NEWS} {IMAGE} {VIDEO}"):
    body = f"<urlset {spaces}>{''.join(f'<url>{url}</url>' for url in urls)}</urlset>"
    listed = sitemaps.parse(body.encode(), url="https://d.example/sitemap.xml").entries
    return [(entry.url, entry.title) for entry in listed]


def case(name):
    listed = sitemaps.parse((CASES / f"{name}.xml").read_bytes(), url="https://d.example/sitemap.xml").entries
    return [(entry.url, entry.title, entry.language) for entry in listed]


def test_ampersands_that_escape_nothing_cut_nothing():
    assert case("sm_amp") == [("https://d.example/n?id=1&cat=2", "Petróleo & gas: Decreto", "es")]


@pytest.mark.parametrize(
    "loc",
    [
        "https://d.example/n?id=1&copy=2&lt=3",
        "https://d.example/n?id=1&amp;copy=2&amp;lt=3",
        "<![CDATA[https://d.example/n?id=1&copy=2&lt=3]]>",
        "https://d.example/n?id=1&amp;amp;copy=2&amp;amp;lt=3",
        "<![CDATA[https://d.example/n?id=1&amp;copy=2&amp;lt=3]]>",
    ],
)
def test_however_an_address_is_escaped(loc):
    assert [url for url, _title in entries(f"<loc>{loc}</loc>")] == ["https://d.example/n?id=1&copy=2&lt=3"]


def test_nor_do_entities_end_a_title():
    title = "Petr&oacute;leo &nbsp;y &laquo;gas&raquo; &nope; &#55357;&#56960;"
    assert entries(f"<loc>https://d.example/1</loc><news:news><news:title>{title}</news:title></news:news>") == [
        ("https://d.example/1", "Petróleo y «gas» &nope; 🚀"),
    ]


def test_a_picture_is_not_the_page():
    assert case("sm_imgfirst") == [("https://d.example/1", "Uno", "es")]


@pytest.mark.parametrize(
    "before",
    [
        "<image:image><image:loc>https://cdn.example/a.jpg</image:loc><image:title>x</image:title></image:image>",
        "<v:video><v:player_loc>https://cdn.example/p</v:player_loc><v:loc>https://cdn.example/v</v:loc></v:video>",
        "<image:loc>https://cdn.example/a.jpg</image:loc>",
        "<image xmlns='https://other.example/'><loc>https://cdn.example/a.jpg</loc></image>",
        "<undeclared:image><undeclared:loc>https://cdn.example/a.jpg</undeclared:loc></undeclared:image>",
        "<extra><loc>https://cdn.example/a.jpg</loc></extra>",
    ],
)
@pytest.mark.parametrize("spaces", [f"{ITS_OWN} {NEWS} {IMAGE} {VIDEO}", f"{NEWS} {IMAGE} {VIDEO}"])
def test_nor_is_anything_else_that_has_an_address(before, spaces):
    told = f"<news:news>{before}<news:title>Uno</news:title></news:news>"
    assert entries(f"{before}<loc>https://d.example/1</loc>{told}", spaces=spaces) == [("https://d.example/1", "Uno")]


def test_a_gzip_of_several_members_is_read_to_its_end():
    whole = (
        b"<urlset>" + b"".join(b"<url><loc>https://d.example/nota-%d</loc></url>" % n for n in range(9)) + b"</urlset>"
    )
    parts = [gzip.compress(whole[start : start + 50]) for start in range(0, len(whole), 50)]
    for packed in (b"".join(parts), b"\0\0".join(parts), b"".join(parts) + b"\0" * 512, b"".join(parts) + b"rubbish"):
        assert len(sitemaps.parse(packed, url="https://d.example/sitemap.xml.gz").entries) == 9
    with pytest.raises(FeedError, match="cut short"):
        sitemaps.parse(b"".join(parts)[:-9], url="https://d.example/sitemap.xml.gz")
    with pytest.raises(FeedError, match="cut short"):  # more than we read is not taken for the whole
        sitemaps.parse(gzip.compress(b"<urlset>") + gzip.compress(b"") * 1000 + parts[-1], url="https://d.example/s.gz")


def test_a_sign_for_less_that_is_not_escaped_costs_nothing():
    told = "<url><loc>https://d.example/{}</loc><news:news><news:title>{}</news:title></news:news></url>"
    listed = told.format(1, "Inflación < 5 % y desempleo <10") + told.format(2, "Dos")
    read = sitemaps.parse(f"<urlset {NEWS}>{listed}</urlset>".encode(), url="https://d.example/sitemap.xml").entries
    assert [entry.title for entry in read] == ["Inflación < 5 % y desempleo <10", "Dos"]


def test_news_whose_prefix_is_not_declared_are_news():
    news = (
        "<news:news><news:publication_date>2025-08-05</news:publication_date><news:title>Uno</news:title></news:news>"
    )
    body = f"<urlset><url><loc>https://d.example/1</loc>{news}</url></urlset>"
    (entry,) = sitemaps.parse(body.encode(), url="https://d.example/sitemap.xml").entries
    assert (entry.title, entry.published_at.date().isoformat()) == ("Uno", "2025-08-05")
