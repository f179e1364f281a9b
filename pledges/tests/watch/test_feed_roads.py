"""Both roads through a feed, the fast and the tolerant, give the same: over every sample, and over made-up feeds."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges.watch.sources import fast_feeds, feeds
from pledges.watch.web import charsets

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))
URL = "https://daily.example/news/rss"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:a="http://www.w3.org/2005/Atom" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:x="https://x.example/ns" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:gd="http://schemas.google.com/g/2005"'
)


def both(text: str) -> tuple | None:
    """What the roads give, or None where the fast one leaves it to the other."""
    text = charsets.readable_xml(text)
    try:
        fast = fast_feeds.parse(text, url=URL)
    except fast_feeds.Unsure:
        return None
    return fast, feeds.tolerant(text, url=URL)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_sample(sample):
    roads = both(charsets.decode(sample.read_bytes()))
    assert (roads is None) == (sample.stem in {"damaged", "entities", "xhtml"})
    if roads:
        assert roads[0] == roads[1]


words = st.sampled_from(
    [
        *(
            "",
            "Puertos",
            "5 < 7 & 8",
            "<p>Uno.</p><p>Dos &amp; tres</p>",
            "La Corte &amp; la ley",
            "señal",
            "Ã±",
            "\x96",
        ),
        *(" two  spaces ", "AT&amp;amp;T", "<script>alert(1)</script>ok", "&nbsp;x", "<b", "—", "\u2028line", "]]"),
    ]
)
addresses = st.sampled_from(
    [
        *(
            "https://daily.example/a",
            "https://daily.example/a?b=1&c=2",
            "/relative",
            "b/c",
            "tag:daily.example,2024:1",
            "",
        ),
        *("http:///three", "mailto:a@b.example", " https://daily.example/sp ", "urn:uuid:1", "17", "//other.example/x"),
        *("https://daily.example/?", "https://daily.example/#f", "http://[::1", "https://daily.example/ñ"),
    ]
)
moments = st.sampled_from(
    [
        *(
            "Mon, 01 Sep 2025 10:30:00 -0500",
            "1 Sep 2025 10:30:00 GMT",
            "Mon, 1 Sep 25 10:30 EST",
            "2025-09-01T10:30:00Z",
        ),
        *(
            "2025-09-01T10:30:00.123-05:00",
            "2025-09-01",
            "ayer",
            "",
            "Mon, 31 Feb 2025 10:30:00 GMT",
            "2025-09-01 10:30:00",
        ),
        *("Mon, 01 Sep 2025 25:30:00 GMT", "Mon, 01 Sep 2025 10:30:00 +9900", "lun, 01 sep 2025 10:30:00 -0500"),
    ]
)


@st.composite
def element(draw, atom: bool) -> str:
    """One child of an item."""
    made = escape(draw(words))
    if draw(st.booleans()) and "]]" not in made:
        made = f"<![CDATA[{draw(words).replace(']]', '')}]]>"
    link, when = escape(draw(addresses)), draw(moments)
    choices = [
        f"<title>{made}</title>",
        f"<dc:date>{when}</dc:date>",
        "<dc:language>es</dc:language>",
        f"<dc:creator>{made}</dc:creator>",
        f"<media:description>{made}</media:description>",
        f"<media:content url='https://daily.example/x.jpg'><media:title>{made}</media:title></media:content>",
        f"<media:content url='https://daily.example/x.jpg'><media:credit>{made}</media:credit></media:content>",
        f"<x:extra>{made}</x:extra>",
        f"<x:title>{made}</x:title>",
        f"<media:group><media:title>{made}</media:title><media:content><media:description>{made}</media:description>"
        "</media:content></media:group>",
        f"<media:title xml:lang='en'>{made}</media:title>",
        f"<title xmlns='https://other.example/'>{made}</title>",
        f"<media:title xmlns:media='https://other.example/'>{made}</media:title>",
        f"<x:box><x:title>{made}</x:title><x:inner>{made}</x:inner></x:box>",
        f"<x:box><dc:title>{made}</dc:title></x:box>",
        "<author><name>A</name><gd:image rel='x' src='y'/></author>",
        "<slash:comments xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>3</slash:comments>",
        "<category term='x'/>",
        "<!-- a comment -->",
    ]
    if atom:
        choices += [
            f"<link href='{link}'/>",
            f"<link rel='{draw(st.sampled_from(['self', 'alternate', 'edit', 'Alternate']))}' href='{link}'/>",
            f"<link rel='alternate' type='application/json' href='{link}'/>",
            f"<id>{link}</id>",
            f"<updated>{when}</updated>",
            f"<published>{when}</published>",
            f"<issued>{when}</issued>",
            f"<title type='html' xml:lang='en-GB'>{made}</title>",
            f"<summary>{made}</summary>",
            f"<summary type='html'>{made}</summary>",
            f"<content type='html'>{made}</content>",
            f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{escape(draw(words))}</div></content>",
            "<author><name>A</name></author>",
            f"<source><title>{made}</title></source>",
        ]
    else:
        choices += [
            f"<link>{link}</link>",
            f"<guid>{link}</guid>",
            f"<guid isPermaLink='false'>{link}</guid>",
            f"<a:link href='{link}' rel='self'/>",
            f"<pubDate>{when}</pubDate>",
            f"<description>{made}</description>",
            f"<content:encoded>{made}</content:encoded>",
            f"<itunes:summary>{made}</itunes:summary>",
            f"<a:updated>{when}</a:updated>",
            f"<feedburner:origLink>{link}</feedburner:origLink>",
            f"<source url='https://outlet.example'>{made}</source>",
            "<enclosure url='https://daily.example/x.mp3' type='audio/mpeg' length='1'/>",
            "<author>a@daily.example</author>",
        ]
    return draw(st.sampled_from(choices))


@st.composite
def document(draw) -> str:
    """A feed with some items."""
    kind = draw(st.sampled_from(["rss", "rdf", "atom"]))
    atom = kind == "atom"
    name = "entry" if atom else "item"
    language = draw(st.sampled_from(["", " xml:lang='es'", " xml:lang='en_US'", " xml:lang=''"]))
    items = []
    for _ in range(draw(st.integers(1, 3))):
        about = draw(st.sampled_from(["", " rdf:about='https://daily.example/about'"])) if kind == "rdf" else ""
        inside = "".join(draw(st.lists(element(atom), min_size=1, max_size=7)))
        items.append(f"<{name}{about}{draw(st.sampled_from(['', language]))}>{inside}</{name}>")
    head = draw(
        st.sampled_from(["", "<title>T &amp;amp; t</title>", "<title>T</title><dc:language>es-EC</dc:language>"])
    )
    if atom:
        base = draw(st.sampled_from(["", " xml:base='https://wire.example/x/'"]))
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}{language}{base}>{head}{"".join(items)}</feed>'
    if kind == "rss":
        version = draw(st.sampled_from(["0.91", "2.0"]))
        head += draw(st.sampled_from(["", "<language>es</language>", "<image><title>i</title><url>u</url></image>"]))
        return f'<rss version="{version}" {SPACES}{language}><channel>{head}{"".join(items)}</channel></rss>'
    return (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {SPACES}'
        f"{language}><channel>{head}</channel>{''.join(items)}</rdf:RDF>"
    )


@given(document())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_made_up_feeds(text):
    roads = both(text)
    if roads:
        assert roads[0] == roads[1]


def test_the_fast_road_takes_the_usual_feed():
    item = (
        "<item><title>T</title><link>https://daily.example/a</link><guid>https://daily.example/a</guid>"
        "<pubDate>Mon, 01 Sep 2025 10:30:00 GMT</pubDate><dc:creator>C</dc:creator><category>c</category>"
        "<description><![CDATA[<p>x</p>]]></description><content:encoded>y</content:encoded>"
        "<media:content url='u'><media:credit>x</media:credit></media:content><x:views>7</x:views></item>"
    )
    roads = both(f'<rss version="2.0" {SPACES}><channel><title>t</title>{item}</channel></rss>')
    assert roads is not None
    assert roads[0] == roads[1]
    assert roads[0][2][0].link == "https://daily.example/a"
