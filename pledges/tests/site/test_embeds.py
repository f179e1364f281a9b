"""Embeds of the four kinds of pages: what each says, how small it is, who may frame it, and how one is chosen."""

import html
import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.actions import publishing
from pledges.models import Newsroom
from pledges.site.charts import render as charts_render
from pledges.site.charts.slim import slim
from pledges.site.embeds.heights import Heights, Text
from pledges.site.embeds.snippet import snippet
from pledges.site.mandates import pictures
from pledges.tests.actions.test_retraction import retract
from pledges.tests.site.test_cache import forget
from pledges.tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_edition")]
STATIC = Path(settings.BASE_DIR) / "static"
FILES = ("css/embed.css", "css/dark.css", "embed-frame.js", "embed.js")
LARGEST = 15_000  # bytes, uncompressed
PLEDGE, LIST = ("pledge_embed", "new-prisons"), ("pledges_embed",)
MANDATE, INDICATOR = ("mandate_embed", "noboa-2023"), ("indicator_embed", "homicides-per-year")
KINDS = [PLEDGE, LIST, MANDATE, INDICATOR]
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])


@pytest.fixture
def get(client, address):
    """`get(PLEDGE, "?on=…", status=200, language="es")`: the answer, and its text on `answer.text`."""

    def answer(name, query="", status=200, language="en", **headers):
        response = client.get(
            (address(*name, language=language) if isinstance(name, tuple) else name) + query, **headers
        )
        assert response.status_code == status, response.content[:400]
        response.text = html.unescape(response.content.decode())
        return response

    return answer


# --- the embeds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (PLEDGE, ["Build new maximum-security prisons", "In progress", "Evidence:", ">El Universo</a>"]),
        (LIST, ["<b>3</b> kept", "Reduce violence", "overdue since the end of 2025", "All 12 pledges", "Evidence:"]),
        (MANDATE, ["Daniel Noboa, 2023–25", "of the twelve pledges", "<svg", "pieces of evidence", "Day 549"]),
        (INDICATOR, ["Intentional homicides per year", "<svg", "9,216", "Source: ", "Every figure with its source"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_each_says_what_stands_on_what_evidence_and_in_which_edition(get, kind, words):
    text = get(kind).text
    for each in (*words, "The Pledge Record</a>", "edition 1</a>", "as of "):
        assert each in text, each
    assert '<html lang="en"' in text and "<main>" in text and "<h1>" in text and "<footer>" in text
    assert re.search(r"<title>[^<]+ · The Pledge Record</title>", text)
    assert all('target="_blank" rel="noopener"' in link for link in re.findall(r"<a [^>]*>", text))
    assert '<html lang="es"' in get(kind, language="es").text


@EACH
def test_each_may_be_framed_by_every_site_sets_no_cookie_and_is_small(get, kind):
    shared = sum((STATIC / name).stat().st_size for name in FILES)
    for language in ("en", "es"):
        for _ in range(2):  # made, and out of the cache
            answer = get(kind, "?theme=dark", language=language)
            assert "frame-ancestors *" in answer["Content-Security-Policy"]
            assert "default-src 'none'" in answer["Content-Security-Policy"]
            assert "X-Frame-Options" not in answer
            assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
            assert not answer.cookies
        assert len(answer.content) + shared < LARGEST
        linked = set(re.findall(r'(?:src|href)="/static/([^"]+)"', answer.text))
        assert linked == set(FILES) - {"embed.js"}  # nothing else is fetched


def test_pages_that_are_no_embeds_may_not_be_framed(get):
    for name in (("pledges",), ("mandate", "noboa-2023"), ("indicator", "unemployment"), ("embed",), ("data",)):
        answer = get(name)
        assert answer["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], name
        assert ("frame-src" in answer["Content-Security-Policy"]) == (name == ("embed",))


@EACH
def test_each_follows_or_stays(get, kind):
    pledge = factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", text_en="It stands.", happened_on=date(2025, 1, 1))
    assert "edition 3</a>" in get(kind).text
    pinned = get(kind, "?edition=1").text
    assert "edition 1</a>" in pinned and "harbour" not in pinned
    assert "?edition=1" in pinned.partition("<h1>")[2].partition("</h1>")[0]
    assert "as of 1 June 2024" in get(kind, "?on=2024-06-01").text


@EACH
@pytest.mark.parametrize("query", ["?on=tomorrow", "?theme=blue", "?edition=99", "?on=2999-01-01"])
def test_errors_fit_in_the_frame(get, kind, query):
    status = 404 if "edition" in query else 422
    answer = get(kind, query, status=status)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert 'class="embed"' in answer.text and "<nav" not in answer.text and len(answer.content) < 2500
    assert ("As it is now" in answer.text) == ("theme" not in query)


def test_an_unknown_row_filter_or_series_is_an_error_in_the_frame(get):
    for name in ("pledge_embed", "mandate_embed", "indicator_embed"):
        assert "There is nothing at this address." in get((name, "nothing"), status=404).text
    assert "No pledge has “banana”" in get(LIST, "?status=banana", status=422).text
    get(INDICATOR, "?series=banana", status=404)
    assert "No pledge fits this at present." in get(LIST, "?q=dinosaurs").text


def test_a_list_has_the_search_in_words_and_a_link_to_all_of_it(get):
    text = get(LIST, "?q=prison&status=broken&status=in_progress&sort=title").text
    assert "“prison” · Status: In progress, Broken" in text
    assert 'href="/en/pledges/?q=prison&status=broken&status=in_progress&sort=title"' in text
    assert get(LIST, "?series=x&utm_source=y").content == get(LIST).content


def test_a_list_says_what_was_searched_for_and_if_pledges_have_only_some_of_the_words(get):
    text = get(LIST, "?q=prisson").text
    assert "“prison”" in text.partition("<h1>")[2].partition("</h1>")[0]
    assert "“prisson”" not in text and "some of these words" not in text
    assert "of 12 pledges have some of these words." in get(LIST, "?q=prison+crocodile").text
    plain, some = (asked(get, f"http://testserver/en/pledges/?q={words}") for words in ("prisson", "prison+crocodile"))
    assert (plain["title"], some["title"]) == ("“prison”", "“prison crocodile”")
    assert some["height"] > plain["height"]


def test_a_pinned_list_says_what_was_retracted_later(get):
    pledge = factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")
    number = pledge.wordings.get().edition_id
    retract(pledge)
    assert "This pledge was retracted in edition" in get(LIST, f"?status=not_rated&edition={number}").text
    assert "Mend the harbour" not in get(LIST).text


@EACH
def test_a_closed_tracker_says_so(get, kind):
    row = Newsroom.get()
    row.closed_on = date(2026, 1, 2)
    row.save()
    publishing.record_change(row, by=factories.EditorFactory())
    assert "This tracker was closed on 2 January 2026." in get(kind).text


def test_an_indicator_shows_the_series_that_are_asked_for(get):
    figures = json.loads(get(("indicator_json", "homicides-per-year")).content)["datasets"]["figures"]
    names = sorted({row["series"] for row in figures})
    assert len(names) == 4 and all(name in get(INDICATOR).text for name in names)
    police = get(INDICATOR, "?series=national-police").text if "National Police" in names else ""
    assert police.count("National Police") and "Interior Ministry, early count" not in police


def test_more_pledges_cost_no_more_queries_and_the_second_request_none(get):
    urls = [f"/oembed?url=http://testserver{path}" for path in ("/en/pledges/", "/en/mandates/noboa-2023/")]

    def costs():
        counts = {}
        for name in [*KINDS, ("embed",), *urls]:
            get(name)  # what a process reads once, such as templates
            forget()
            with CaptureQueriesContext(connection) as queries:
                get(name)
            counts[name] = len(queries)
            with CaptureQueriesContext(connection) as queries:
                get(name)
            assert len(queries) == 0 or name in urls, name
        return counts

    before = costs()
    for _ in range(9):
        factories.PublishedUpdateFactory(pledge=factories.PublishedPledgeFactory(), status="kept")
    assert costs() == before
    assert max(before.values()) <= 25


def test_without_anything_to_draw_there_are_words_only(get):
    text = get(("indicator_embed", "litoral-deaths")).text  # one figure
    assert "<svg" not in text and "Source: " in text
    row = factories.MandateFactory()
    assert "No pledges are published for it." in get(("mandate_embed", row.slug)).text
    for page in ("indicators/litoral-deaths", f"mandates/{row.slug}"):
        assert asked(get, f"http://testserver/en/{page}/")["height"] > 100


@pytest.mark.parametrize("kind", [MANDATE, INDICATOR], ids=lambda kind: kind[0])
def test_only_the_picture_that_it_shows_is_drawn(get, address, kind, monkeypatch):
    drawn = []
    real = charts_render.vl_convert.vegalite_to_svg
    monkeypatch.setattr(
        charts_render.vl_convert, "vegalite_to_svg", lambda *args, **more: drawn.append(args) or real(*args, **more)
    )
    charts_render._vega_svg.cache_clear()
    pictures._painted_areas.cache_clear()
    page = address(kind[0].removesuffix("_embed"), kind[1])
    asked(get, f"http://testserver{page}")
    assert "<svg" in get(kind).text
    assert len(drawn) == 1


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g fill="none" transform="translate(1,1)"><g><g>'
    '<path d="M0,0h9v9h-9Z"/><path d="" display="none"/><path d="M0,9L0,4.06L2,4.06L2,4.06L5,4.06L5,9Z" fill="red"/>'
    '<path d="M0,0L1.25,2L3,1" stroke="red" opacity="1"/><path d="M0,0L1.25,2L3,1" stroke="red" opacity="1"/>'
    '<path d="M0,5L0,1L0,3" stroke="red"/>'
    '</g></g><text x="1" fill="red" font-size="12px">a</text><text x="2" fill="red" font-size="12px">b</text>'
    '<text x="3" fill="red" font-size="12px">c</text></g></svg>'
)


def test_a_slim_picture_shows_the_same():
    assert slim(SVG) == (
        '<svg viewBox="0 0 9 9"><g fill="none" transform="translate(1,1)"><path d="M0,9V4H5V9Z" fill="red"/>'
        '<path d="M0,0L1.2,2L3,1" stroke="red"/><path d="M0,5V1V3" stroke="red"/>'
        '<g fill="red" font-size="12"><text x="1">a</text><text x="2">b</text><text x="3">c</text></g></g></svg>'
    )


def test_the_colours_are_those_of_the_site():
    def colours(name):
        text = (STATIC / "css" / name).read_text(encoding="utf-8")
        return [
            dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", text, re.DOTALL)
        ]

    assert colours("embed.css")[:2] == colours("base.css")[:2]


# --- the page where one is chosen -------------------------------------------------------------------------------------


def picked(get, status=200, language="en", **choice):
    return get(("embed",), f"?{urlencode(choice)}", status=status, language=language).text


def code_in(text):
    return html.unescape(re.search(r'id="code"[^>]*>(.*?)</textarea>', text, re.DOTALL)[1])


def test_one_chooses_sees_and_copies_without_a_script(get):
    text = picked(get)
    for words in (
        "A list of pledges",
        "Build new maximum-security prisons",
        "Daniel Noboa, 2023–25",
        "Intentional homi",
    ):
        assert words in text
    href = re.search(r'href="(/en/embed/\?url=[^"]+mandates[^"]+)"', text)[1]
    chosen = get(href).text
    assert 'src="/en/mandates/noboa-2025/embed/?theme=light"' in chosen
    code = code_in(chosen)
    assert code.startswith('<div style="container-type') and code.endswith(
        '<script async src="http://testserver/static/embed.js"></script>'
    )
    assert 'src="http://testserver/en/mandates/noboa-2025/embed/?theme=light" title="Daniel Noboa, 2025' in code


def test_theme_language_width_and_edition_are_in_the_code(get):
    chosen = picked(
        get, url="http://testserver/en/pledges/?status=kept", theme="dark", lang="es", width=480, pinned="yes"
    )
    code = code_in(chosen)
    assert '/?status=kept&edition=1&theme=dark"' in code
    assert "/es/" in code and "max-width:480px" in code
    assert "It always shows this edition" in chosen
    assert "The address names a day" in picked(get, url="/en/pledges/new-prisons/?on=2024-06-01")


def test_the_language_is_that_of_the_address_unless_another_is_chosen(get):
    spanish = "http://testserver/es/promesas/new-prisons/"
    text = picked(get, url=spanish, theme="light", lang="", width=480)
    assert '<option value="" selected>as the address</option>' in text
    assert 'lang="en" selected' not in text and 'lang="es" selected' not in text
    assert 'src="http://testserver/es/promesas/new-prisons/' in code_in(text)
    text = picked(get, url=spanish, lang="en")
    assert '<option value="en" lang="en" selected>' in text
    assert 'src="http://testserver/en/pledges/new-prisons/' in code_in(text)
    assert "&lang=es" in picked(get, url="prison", lang="es")  # kept by the links to what was found


def test_only_languages_that_the_newsroom_writes_are_offered(get):
    row = Newsroom.get()
    row.language, row.one_language = "es", True
    row.save()
    publishing.record_change(row, by=factories.EditorFactory())
    url = "http://testserver/es/promesas/new-prisons/"
    text = asked(get, url, status=422, lang="en")["errors"]["lang"]
    assert "es." in text and "en," not in text
    assert asked(get, url, lang="es")["title"].startswith("Construir")


def test_words_find_pages_to_embed(get):
    text = picked(get, url="prison")
    assert "url=/en/pledges/new-prisons/" in text.replace("%2F", "/")
    assert "“prison”" in text
    assert "has “zzzz”" in picked(get, url="zzzz")
    assert "has “<zzzz>”" in picked(get, url="<zzzz>")


@pytest.mark.parametrize(
    ("choice", "status", "words"),
    [
        ({"url": "/en/pledges/nothing/"}, 404, "No page that can be embedded has this address."),
        ({"url": "/en/pledges/?status=banana"}, 422, "No pledge has “banana”"),
        ({"url": "/en/pledges/?edition=99"}, 404, "No page that can be embedded"),
        ({"url": "/en/pledges/", "width": "9"}, 422, "Write a number of pixels from 240 to 1200."),
        ({"url": "/en/pledges/", "theme": "blue"}, 422, "A frame has one of these themes"),
        ({"url": "/en/pledges/", "lang": "xx"}, 422, "A frame has one of these languages"),
        ({"width": "2000"}, 422, "Write a number of pixels from 240 to 1200."),
        ({"width": " 480"}, 422, "Write a number of pixels from 240 to 1200."),
        ({"theme": "blue"}, 422, "A frame has one of these themes"),
        ({"lang": "xx"}, 422, "A frame has one of these languages: en, es."),
        ({"pinned": "a1"}, 422, "Write pinned=yes, or leave it out."),
        ({"url": "prison", "pinned": "a1"}, 422, "Write pinned=yes, or leave it out."),
        ({"url": "http://["}, 200, "has “http://[”"),
    ],
    ids=str,
)
def test_what_cannot_be_embedded_is_said_at_its_field(get, choice, status, words):
    text = picked(get, status=status, **choice)
    assert words in text
    assert 'id="code"' not in text
    assert ("aria-invalid" in text) == (status != 200)


def test_with_htmx_only_what_was_chosen_is_sent(get):
    text = get(("embed",), "?url=/en/pledges/", headers={"HX-Request": "true"}).text
    assert text.lstrip().startswith('<div id="chosen">') and "<html" not in text


def test_pages_lead_to_their_embed(get):
    for name, query, wanted in (
        (("pledge", "new-prisons"), "?edition=1", "/en/pledges/new-prisons/?edition=1"),
        (("pledges",), "?status=kept&page=1&x=y", "/en/pledges/?status=kept"),
        (("mandate", "noboa-2023"), "?sort=deadline", "/en/mandates/noboa-2023/"),
        (("indicator", "unemployment"), "", "/en/indicators/unemployment/"),
    ):
        text = get(name, query).text
        assert f'href="/en/embed/?{urlencode({"url": wanted})}"' in text, name
        discovery = urlencode({"url": f"http://testserver{wanted}"})
        link = f'<link rel="alternate" type="application/json+oembed" href="http://testserver/oembed?{discovery}">'
        assert link in text, name
    assert "json+oembed" not in get(("mandates",)).text
    assert 'href="/en/embed/"' in get(("data",)).text


# --- oEmbed -----------------------------------------------------------------------------------------------------------


def asked(get, url, status=200, **parameters):
    answer = get("/oembed", f"?{urlencode({'url': url, **parameters})}", status=status)
    assert answer["Content-Type"].startswith("application/json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.content)


@pytest.mark.parametrize(
    ("path", "title", "source", "picture"),
    [
        ("/en/pledges/new-prisons/", "Build new maximum-security prisons", "/en/pledges/new-prisons/embed/", 1200),
        ("/en/pledges/?status=kept", "Status: Kept", "/en/embed/pledges/?status=kept&amp;theme", 1200),
        ("/en/mandates/noboa-2023/", "Daniel Noboa, 2023–25", "/en/mandates/noboa-2023/embed/", 1200),
        ("/en/indicators/unemployment/", "Unemployment", "/en/indicators/unemployment/embed/", 1720),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/en") else "",
)
def test_each_kind_of_page_has_an_answer_for_programs(get, path, title, source, picture):
    answer = asked(get, f"https://testserver{path}")
    assert (answer["version"], answer["type"], answer["width"]) == ("1.0", "rich", 704)
    assert answer["title"].startswith(title)
    assert (answer["provider_name"], answer["provider_url"]) == ("The Pledge Record", "http://testserver/")
    assert f'<iframe src="http://testserver{source}' in answer["html"]
    assert answer["thumbnail_width"] == picture
    assert answer["thumbnail_url"].endswith("edition=1")  # a copy of it never says something else


def test_a_thumbnail_has_the_size_that_it_is_said_to_have(client, get):
    for path in ("/en/pledges/?status=kept", "/en/mandates/noboa-2023/", "/en/indicators/homicide-rate/"):
        answer = asked(get, f"http://testserver{path}")
        png = client.get(answer["thumbnail_url"].removeprefix("http://testserver")).content
        size = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
        assert size == (answer["thumbnail_width"], answer["thumbnail_height"])


def test_an_embed_is_as_large_as_it_may_be(get):
    url = "http://testserver/en/mandates/noboa-2023/"
    small = asked(get, url, maxwidth=480, maxheight=300)
    assert (small["width"], small["height"]) == (480, 300)
    assert 'width="480" height="300"' in small["html"] and "<script" not in small["html"]
    narrow = asked(get, url, maxwidth=480)
    assert "max-width:480px" in narrow["html"] and narrow["height"] > 300
    pledge = "http://testserver/en/pledges/new-prisons/"
    assert "thumbnail_url" in asked(get, pledge, maxwidth=1200)
    assert "thumbnail_url" not in asked(get, pledge, maxwidth=1199)
    assert asked(get, pledge, maxwidth=320)["height"] > asked(get, pledge)["height"]


def test_below_the_usual_widths_it_keeps_to_its_bounds_too(get):
    url = "http://testserver/en/pledges/new-prisons/"
    tallest = asked(get, url, maxwidth=320)["height"]
    assert asked(get, url, maxwidth=240)["height"] > tallest
    bounded = asked(get, url, maxwidth=240, maxheight=tallest + 1)
    assert bounded["height"] == tallest + 1
    assert "<script" not in bounded["html"]
    heights = Heights(40, (Text(400, 8, 20),))
    free = snippet("/", "", heights, origin="", newsroom="", most=240)
    assert f'height="{heights.at(240)}"' in free
    at_0, slope = map(int, re.search(r"(\d+)px - (\d+)cqw", free).groups())
    assert at_0 - slope * 240 / 100 >= heights.at(240)


def test_the_height_has_room_for_the_names_of_publishers(get):
    addresses = []
    for slug, publisher in (("short", "El Universo"), ("long", "Administración " * 10)):
        pledge = factories.PublishedPledgeFactory(slug=slug, wording__title_en="Mend the harbour")
        update = factories.UpdateFactory(pledge=pledge, evidence=None, status="kept")
        for _ in range(3):
            factories.EvidenceFactory(update=update, publisher=publisher)
        publishing.publish(update, by=factories.EditorFactory())
        addresses.append([f"{slug}/", f"?mandate={pledge.mandate.slug}"])
    for short, long in zip(*addresses, strict=True):
        first, second = (asked(get, f"http://testserver/en/pledges/{path}")["height"] for path in (short, long))
        assert second > first


def test_pinned_addresses_those_of_embeds_and_old_ones_are_understood(get):
    assert "edition=1" in asked(get, "http://testserver/es/promesas/new-prisons/?edition=1")["html"]
    assert "/es/" in asked(get, "http://testserver/en/pledges/new-prisons/", lang="es", theme="dark")["html"]
    assert "Construir" in asked(get, "http://testserver/en/pledges/new-prisons/", lang="es")["title"]
    again = asked(get, "http://testserver/en/pledges/new-prisons/embed/?theme=dark")
    assert again == asked(get, "http://testserver/en/pledges/new-prisons/")


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/en/pledges/new-prisons/",
        "http://testserver.elsewhere.example/en/pledges/new-prisons/",
        "http://testserver@elsewhere.example/en/pledges/new-prisons/",
        "javascript://testserver/en/pledges/new-prisons/",
        "http://testserver/en/",
        "http://testserver/admin/",
        "http://testserver/en/pledges/nothing/",
        "http://testserver/en/mandates/nothing/",
        "http://testserver/en/pledges/new-prisons/?edition=99",
        "http://[",
        "http://testserver/en/pledges/?q=" + "x" * 3000,
        "http://testserver/en/pledges/?" + "&" * 1500,
    ],
)
def test_other_addresses_are_not_found(get, url):
    assert asked(get, url, status=404)["errors"]["url"]


def test_a_retracted_pledge_has_no_answer_any_more(get):
    pledge = factories.PublishedPledgeFactory(slug="harbour")
    retract(pledge)
    asked(get, "http://testserver/en/pledges/harbour/", status=404)


def test_malformed_questions_are_answered_where_they_are_wrong(get):
    url = "http://testserver/en/pledges/"
    assert asked(get, url, status=501, format="xml")["errors"]["format"]
    asked(get, url, format="json")
    assert asked(get, "", status=422)["errors"]["url"]
    for name, value in (
        ("maxwidth", "wide"),
        ("maxheight", "-1"),
        ("maxwidth", "0"),
        ("theme", "blue"),
        ("lang", "xx"),
    ):
        assert list(asked(get, url, status=422, **{name: value})["errors"]) == [name]
    assert list(asked(get, f"{url}?status=banana", status=422)["errors"]) == ["status"]
    assert list(asked(get, f"{url}?on=tomorrow", status=422)["errors"]) == ["on"]
