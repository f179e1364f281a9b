"""A pledge in a frame of somebody else's page: small, of its own, and no page but embeds may be framed."""

import html
from datetime import date

import pytest

from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories, public_pages

pytestmark = pytest.mark.django_db
WRONG = {
    (404, "en"): "There is nothing at this address.",
    (404, "es"): "No hay nada en esta dirección.",
    (422, "en"): "This cannot be shown",
    (422, "es"): "Esto no se puede mostrar",
}


@pytest.fixture
def pledge():
    row = factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 3, 1), text_en="Work began.")
    factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.")
    return row


@pytest.fixture
def frame(client, address):
    def get(query="", status=200, language="en"):
        response = client.get(address("pledge_embed", "harbour", language=language) + query)
        assert response.status_code == status
        return html.unescape(response.content.decode())

    return get


def test_it_says_where_the_pledge_stands_and_who_says_so(pledge, frame):
    text = frame()
    for words in ("Mend the harbour", "Kept", "since 1 July 2024", "It stands.", "edition 3", 'class="strip'):
        assert words in text
    assert 'href="/en/pledges/harbour/" target="_blank"' in text
    assert text.count("<script") == text.count('<script src="/static/embed-frame.js" defer>') == 1
    assert "Reparar" not in text
    assert "Cumplida" in frame(language="es")


def test_it_can_be_asked_for_an_edition_or_a_day(pledge, frame):
    cited = frame("?edition=2")
    assert "In progress" in cited
    assert 'href="/en/pledges/harbour/?edition=2"' in cited
    then = frame("?on=2024-04-01")
    assert "as of 1 April 2024" in then
    assert "It stands." not in then
    frame("?on=tomorrow", status=422)


def test_it_is_light_unless_the_page_around_it_says_otherwise(pledge, frame):
    light, dark, auto = frame(), frame("?theme=dark"), frame("?theme=auto&edition=3")
    assert frame("?theme=light") == light
    assert 'class="theme-light"' in light and "dark.css" not in light
    assert 'class="theme-dark"' in dark and 'dark.css" media="screen"' in dark
    assert 'class="theme' not in auto and 'media="screen and (prefers-color-scheme: dark)"' in auto
    assert "one of these themes: light, dark, auto." in frame("?theme=blue", status=422)
    assert 'class="theme-dark"' in frame("?theme=dark&on=tomorrow", status=422)


def test_the_latest_update_is_cut_between_words_where_the_frame_ends(pledge, frame):
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 8, 1), text_en="extraordinarily long " * 30)
    words = frame().partition('<p class="last">')[2].partition("</p>")[0]
    assert words.count("extraordinarily") == 7
    assert words.split()[-2:] == ["long", "…"]


def may_be_framed(response):
    return (response.get("X-Frame-Options"), "frame-ancestors *" in response["Content-Security-Policy"]) == (None, True)


def test_a_pledges_other_addresses_may_not_be_framed(pledge, client, address):
    for _ in range(2):  # made, and out of the cache
        assert may_be_framed(client.get(address("pledge_embed", "harbour")))
    others = [("home",), ("pledges",), ("pledge", "harbour"), ("mandates",), ("methodology",), ("edition", 1)]
    others += [(name, "harbour") for name in ("pledge_json", "pledge_csv", "pledge_feed", "pledge_card")]
    for name in others:
        response = client.get(address(*name))
        assert response["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], name
    assert not may_be_framed(client.get("/admin/login/"))


def test_the_page_has_the_code_of_its_frame_as_text(pledge, client, address):
    raw = client.get(address("pledge", "harbour")).content.decode()
    codes = [part.partition("</textarea>")[0] for part in raw.split("<textarea")[1:]]
    living, lasting = (html.unescape(code.partition(">")[2]) for code in codes)
    assert '<iframe src="http://testserver/en/pledges/harbour/embed/?theme=light" title="Mend the harbour' in living
    assert "/embed/?edition=3&amp;theme=light" in lasting
    assert "<iframe" not in raw


def test_a_title_cannot_break_out_of_the_code(client, address):
    factories.PublishedPledgeFactory(slug="odd", wording__title_en='"></iframe><script>alert(1)</script>')
    raw = client.get(address("pledge", "odd")).content.decode()
    code = html.unescape(raw.partition('id="frame-living"')[2].partition(">")[2].partition("</textarea>")[0])
    assert "<script>" not in raw.partition("</head>")[2]
    assert code.count("<") == 6  # the frame's own, its wrapper's and the script's
    assert "&quot;&gt;" in code


def test_of_a_retracted_pledge_it_says_so(pledge, frame, client, address):
    retract(pledge)
    text = frame(status=410)
    assert "Retracted:" in text
    assert "It was said by somebody else." in text
    assert "It stands." not in text
    assert may_be_framed(client.get(address("pledge_embed", "harbour")))
    assert "This pledge was retracted in edition 4" in frame("?edition=3")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("slug", "query", "status"),
    [
        ("nothing", "", 404),
        ("harbour", "?edition=99", 404),
        ("harbour", "?on=2020-01-01", 404),
        ("harbour", "?on=tomorrow", 422),
        ("harbour", "?on=2999-01-01", 422),
    ],
)
def test_what_cannot_be_shown_is_said_in_the_frame(pledge, client, address, slug, query, status, language):
    where = address("pledge_embed", slug, language=language)
    response = client.get(where + query)
    text = response.content.decode()
    assert response.status_code == status
    assert may_be_framed(response)
    assert WRONG[status, language] in text
    assert 'class="embed"' in text and 'name="robots" content="noindex"' in text
    assert "<form" not in text and "<nav" not in text
    assert 'target="_blank"' in text  # out of the frame, to the site
    assert (f'href="{where}"' in text) == bool(query)  # the pledge as it is now


def test_it_is_among_the_pages_that_are_looked_at():
    assert any(route == "pledge_embed" for _name, route, _args, _query in public_pages.PAGES)
