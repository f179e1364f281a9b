"""Which items of a feed are articles of their own, what they are called, and what damage in them costs."""

import json
from pathlib import Path

import feedparser
import pytest

from pledges.watch import isolation
from pledges.watch.sources import entries, feeds

CASES = Path(__file__).parents[1] / "data" / "feeds" / "cases"
URL = "https://diario.example/rss"


def case(name):
    return feeds.parse((CASES / f"{name}.xml").read_bytes(), url=URL).entries


def rss(*items):
    body = "".join(f"<item>{item}</item>" for item in items)
    return feeds.parse(f'<rss version="2.0"><channel><title>D</title>{body}</channel></rss>'.encode(), url=URL).entries


def atom(*items):
    body = "".join(f"<entry><link href='/{n}'/>{item}</entry>" for n, item in enumerate(items))
    space = "http://www.w3.org/2005/Atom"
    return feeds.parse(f'<feed xmlns="{space}"><title>D</title>{body}</feed>'.encode(), url=URL).entries


def json_feed(*items):
    body = {"version": "https://jsonfeed.org/version/1.1", "items": list(items)}
    return feeds.parse(json.dumps(body).encode(), url=URL).entries


def item(link, guid="", title="T"):
    return f"<title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>"


def addresses(found):
    return [entry.url.removeprefix("https://diario.example") for entry in found]


def test_items_that_share_a_guid_are_told_apart_by_their_links():
    found = case("sameguid")
    assert addresses(found) == ["/n/0", "/n/1", "/n/2"]
    assert len({entry.id for entry in found}) == 3


@pytest.mark.parametrize("guid", ["N/A", "0", "", " "])
def test_whatever_the_guid_says(guid):
    found = rss(item("/a", guid), item("/b", guid), item("/c", "own"))
    assert addresses(found) == ["/a", "/b", "/c"]
    assert len({entry.id for entry in found}) == 3
    assert found[2].id == "own"


def test_nor_do_atom_and_json_lose_items_that_share_an_id():
    assert addresses(atom("<id>tag:x</id><title>A</title>", "<id>tag:x</id><title>B</title>")) == ["/0", "/1"]
    assert addresses(json_feed({"id": 1, "url": "/a"}, {"id": "1", "url": "/b"})) == ["/a", "/b"]


def test_an_item_that_is_there_twice_is_one():
    assert addresses(rss(item("/a", "x"), item("/a?utm_source=rss", "x"), item("/a#xtor=RSS-1", "x"))) == ["/a"]


def test_items_that_differ_in_their_fragment_only_keep_it():
    assert [entry.url for entry in case("frag")] == [f"https://gob.example/boletines#b{n}" for n in range(3)]
    assert addresses(rss(item("/a#1"), item("/a#2"), item("/b#3"))) == ["/a#1", "/a#2", "/b"]
    assert addresses(json_feed({"url": "/a"}, {"url": "/a#uno dos"})) == ["/a", "/a#uno%20dos"]


def test_a_fragment_that_is_a_page_of_a_script_is_kept():
    assert addresses(rss(item("/#/noticias/7"), item("/app#!/8"))) == ["/#/noticias/7", "/app#!/8"]


@pytest.mark.parametrize("mark", ["xtor=RSS-1", "utm_source=rss&amp;utm_medium=x", "Echobox=17", ":~:text=hola"])
def test_marks_of_campaigns_are_no_fragment(mark):
    assert addresses(rss(item(f"/a#{mark}", "1"), item("/a", "1"))) == ["/a"]


def test_a_long_id_is_known_by_its_hash():
    found = case("bigguid")
    assert [entry.title for entry in found] == ["Guid largo", "Normal"]
    assert all(len(entry.id.encode()) <= entries.LONGEST_ID for entry in found)
    same = "x" * 2000
    assert len({entry.id for entry in rss(item("/a", f"{same}1"), item("/b", f"{same}2"))}) == 2


# --- titles


def test_signs_in_a_title_are_no_tags():
    assert [entry.title for entry in case("lt_title")] == [
        "Inflación <3% dice ministro y <Plan País> avanza si a<b entonces todo"
    ]


@pytest.mark.parametrize(
    ("xml", "title"),
    [
        ("<title>&lt;b&gt;Uno&lt;/b&gt; y &lt;Plan País&gt;</title>", "Uno y <Plan País>"),
        ("<title><![CDATA[<b>Uno</b> y <Plan País>]]></title>", "Uno y <Plan País>"),
        ("<title>a&amp;lt;b</title>", "a<b"),
    ],
)
def test_however_an_rss_title_is_escaped(xml, title):
    assert rss(f"{xml}<link>/a</link>")[0].title == title


@pytest.mark.parametrize("kind", ["", ' type="text"', ' type="text/plain"'])
@pytest.mark.parametrize("damage", ["", "<rights>&undefined;</rights>"])  # the fast road, and feedparser's
def test_text_of_atom_is_text(kind, damage):
    found = atom(f"<title{kind}>La etiqueta &lt;b&gt; y a&lt;b</title><summary{kind}>x &lt;p&gt;</summary>{damage}")
    assert (found[0].title, found[0].summary) == ("La etiqueta <b> y a<b", "x <p>")


def test_and_its_html_is_html():
    assert atom('<title type="html">La &lt;b&gt;ley&lt;/b&gt; &lt;Plan País&gt;</title>')[0].title == (
        "La ley <Plan País>"
    )


def test_text_of_json_is_text():
    found = json_feed({"url": "/a", "title": "a<b y <Plan País>", "content_text": "Use <b> para negrita"})
    assert (found[0].title, found[0].summary) == ("a<b y <Plan País>", "Use <b> para negrita")


def test_an_item_without_a_title_is_called_by_how_its_text_begins():
    text = "Hoy inauguramos la planta de agua de Esmeraldas, cumplida la promesa"
    assert [entry.title for entry in case("notitle")] == [text]
    (long,) = rss(f"<title> </title><link>/a</link><description>{'palabra, ' * 60}</description>")
    assert long.title == "palabra, " * 12 + "palabra…"
    (one_word,) = rss(f"<link>/a</link><description>{'ñ' * 500}</description>")
    assert one_word.title == "ñ" * 120 + "…"
    (bare,) = rss("<link>/a</link><title><![CDATA[<img src='x'>]]></title>")
    assert bare.title == "https://diario.example/a"


# --- damage


def test_an_emoji_in_two_halves_costs_nothing():
    assert [entry.title for entry in case("emoji_surrogate")] == ["Obras 🚀 avanzan", "Otra"]


@pytest.mark.parametrize(
    "reference",
    ["&#55357;", "&#xDE80;", "&#0;", "&#11;", "&#x1F;", "&#xFFFE;", "&#65535;", "&#x110000;", "&#4294967296;"],
)
def test_a_reference_to_no_character_is_dropped(reference):
    title = f"<title>Obras{reference} y más</title>"
    for text in (title, f"<title><![CDATA[Obras{reference} y más]]></title>"):
        found = rss(f"{text}<link>/a</link>", item("/b"))
        assert [entry.title for entry in found] == ["Obras y más", "T"]
    found = atom(f"{title}<category term='x{reference}'/>", "<title>T</title>")
    assert [entry.title for entry in found] == ["Obras y más", "T"]


@pytest.mark.parametrize("half", ["&#55357;&#56960;", "&#xD83D;&#xDE80;", "&amp;#55357;&amp;#56960;"])
def test_halves_are_joined_wherever_they_stand(half):
    assert rss(f"<title>{half}</title><link>/a</link>")[0].title == "🚀"
    assert rss(f"<title>T</title><link>/a</link><description>&lt;p&gt;{half}</description>")[0].summary == "🚀"
    assert json_feed({"url": "/a", "content_html": f"<p>{half.replace('amp;', '')}</p>"})[0].summary == "🚀"


def test_lone_halves_in_json_are_dropped_from_texts():
    found = json_feed({"url": "/a", "title": "Obras \ud83d y", "summary": "x\udc00", "id": "i\ud800\0"}, {"url": "/b"})
    assert [(entry.id, entry.title, entry.summary) for entry in found[:1]] == [("i", "Obras y", "x")]
    assert len(found) == 2


def test_nor_do_they_come_into_a_title_by_the_address():
    (entry,) = json_feed({"url": "/a\ud800\0b"})
    assert entry.title == "https://diario.example/ab"


def test_feedparser_sees_few_attributes_of_a_tag(monkeypatch):
    """Its XML reader takes the square of their number."""
    seen = []
    monkeypatch.setattr(isolation, "call", lambda function, *args, seconds, **more: function(*args, **more))
    real = feedparser.parse
    monkeypatch.setattr(
        feedparser, "parse", lambda body, **kwargs: seen.append(body.getvalue()) or real(body, **kwargs)
    )
    for value in ("1", ">", "&gt;"):
        attributes = " ".join(f"a{n}='{value}'" for n in range(2_000))
        assert rss(f"{item('/a')}<description><p {attributes}>uno</p></description>")[0].summary == "uno"
    assert len(seen) == 3
    assert all(body.count(b"a1") < 60 for body in seen)


def test_items_of_one_page_that_only_their_ids_tell_apart():
    told = "<item><title>{0}</title><link>https://d.example/p</link><guid>https://d.example/p#{0}</guid></item>"
    body = f"<rss version='2.0'><channel><title>T</title>{told.format('a')}{told.format('b')}</channel></rss>"
    read = feeds.parse(body.encode(), url="https://d.example/feed").entries
    assert [entry.url for entry in read] == ["https://d.example/p#a", "https://d.example/p#b"]
