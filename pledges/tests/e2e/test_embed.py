"""A pledge in a frame of a foreign page: nothing is cut in any column, and it is as light or dark as the page."""

from datetime import date

import pytest

from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTHS = (320, 480, 700)
# A title of 160 characters, twenty-two long words, a deadline that is over.
LONG_TITLE = "Reconstruir integralmente las instituciones penitenciarias, electrificar las comunidades amazónicas "
LONG_TITLE += "y descontaminar progresivamente las desembocaduras hidrográficas"
LONG_TEXT = "administraciones institucionales " * 20
LOADED = """async () => {
    if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done));
    await document.fonts.ready;
}"""


@pytest.fixture(scope="module")
def worst(site, django_db_blocker) -> str:
    """A pledge with the longest of everything, published in the server's database."""
    with django_db_blocker.unblock():
        pledge = factories.PublishedPledgeFactory(
            slug="the-longest",
            wording__title_en=LONG_TITLE[:160],
            wording__title_es=LONG_TITLE[:160],
            wording__deadline=date(2024, 9, 30),
            wording__deadline_precision="month",
        )
        factories.PublishedUpdateFactory(
            pledge=pledge, happened_on=date(2024, 9, 30), status="in_progress", text_en=LONG_TEXT, text_es=LONG_TEXT
        )
    return pledge.slug


@pytest.fixture
def story(open_page, site):
    """`story("/en/pledges/…/", 480)`: a page of another origin, with the frame's code in a column of that width."""

    def open_story(path, width, *, theme="light", article="", **options):
        page = open_page(path, width=width, permissions=["local-network-access"], **options)
        code = page.locator("#frame-living").input_value().replace("theme=light", f"theme={theme}")
        elsewhere = site.replace("127.0.0.1", "localhost") + "/story"
        body = f"<!doctype html><body style='margin:0;{article}'><p>Before.</p>{code}<p>After.</p>"
        page.route(elsewhere, lambda route: route.fulfill(content_type="text/html", body=body))
        page.goto(elsewhere)
        page.frame_locator("iframe").locator("html").evaluate(LOADED)  # a lazy frame loads after its page
        return page

    return open_story


# How much of the frame's page does not fit to the right and below, and how much room is free below.
MEASURED = """html => [
    html.scrollWidth - html.clientWidth,
    html.scrollHeight - html.clientHeight,
    html.clientHeight - document.querySelector("main").getBoundingClientRect().bottom,
]"""


@pytest.mark.parametrize("slug", ["reduce-violence", "new-prisons", "the-longest"])
@pytest.mark.parametrize("home", ["/en/pledges", "/es/promesas"])
def test_nothing_is_cut_in_any_column_and_the_frame_is_not_much_higher_than_its_text(story, worst, slug, home):
    page = story(f"{home}/{slug}/", WIDTHS[0])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        right, below, free = page.frame_locator("iframe").locator("html").evaluate(MEASURED)
        assert (right, below) == (0, 0), width
        assert free < (160 if slug == worst else 105), width


def test_a_style_that_an_editor_takes_away_cuts_nothing(story, worst):
    page = story(f"/en/pledges/{worst}/", 320)
    page.evaluate("document.querySelectorAll('div, iframe').forEach(each => each.removeAttribute('style'))")
    right, below, _free = page.frame_locator("iframe").locator("html").evaluate(MEASURED)
    assert (right, below) == (0, 0)


LIGHT, DARK = ("rgb(255, 255, 255)", "light"), ("rgb(29, 31, 36)", "dark")
LOOK = "body => [getComputedStyle(body).backgroundColor, getComputedStyle(body.parentElement).colorScheme]"


@pytest.mark.parametrize("device", ["light", "dark"])
def test_it_is_as_light_or_dark_as_the_page_says_whatever_the_reader_prefers(story, device, pictures):
    def look(theme, article=""):
        page = story("/en/pledges/new-prisons/", 480, theme=theme, article=article, color_scheme=device)
        page.screenshot(path=pictures / f"embed-{theme}-{device}.png")
        return tuple(page.frame_locator("iframe").locator("body").evaluate(LOOK))

    assert look("light") == LIGHT
    assert look("dark", "background:#111;color:#eee;color-scheme:dark") == DARK
    # An article that follows the reader's device.
    follows = "color-scheme:light dark;background:canvas;color:canvastext"
    assert look("auto", follows)[0] == (LIGHT if device == "light" else DARK)[0]
