"""Embeds in a page of another site: nothing is cut in any column, with the host script or without, in either theme."""

import html
import re
import threading
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pledges.actions import publishing
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTHS = (320, 480, 700)
# A title of 160 characters, twenty-two long words, a deadline that is over.
LONG_TITLE = "Reconstruir integralmente las instituciones penitenciarias, electrificar las comunidades amazónicas "
LONG_TITLE += "y descontaminar progresivamente las desembocaduras hidrográficas"
LONG_PUBLISHER = "Administración institucional de la Radiodifusión " * 3
LONG_TEXT = "administraciones institucionales " * 20
EMBEDS = {
    "en": ["/en/pledges/new-prisons/", "/en/pledges/the-longest/", "/en/pledges/?status=broken&status=kept"],
    "es": ["/es/promesas/new-prisons/", "/es/promesas/the-longest/", "/es/promesas/?status=in_progress"],
}
EMBEDS["en"] += ["/en/mandates/noboa-2023/", "/en/indicators/homicides-per-year/", "/en/indicators/litoral-deaths/"]
EMBEDS["es"] += ["/es/mandatos/noboa-2025/", "/es/indicadores/homicides-monthly-2025/"]


@contextmanager
def serve(pages):
    """A server of another origin with `pages`, {path: (policy, HTML)}, which may change; yields its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            policy, body = pages.get(self.path, ("default-src 'none'", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def worst(site, django_db_blocker) -> None:
    """A pledge with the longest of everything, published in the server's database."""
    with django_db_blocker.unblock():
        pledge = factories.PublishedPledgeFactory(
            slug="the-longest",
            wording__title_en=LONG_TITLE[:160],
            wording__title_es=LONG_TITLE[:160],
            wording__deadline=date(2024, 9, 30),
            wording__deadline_precision="month",
        )
        update = factories.UpdateFactory(
            pledge=pledge,
            happened_on=date(2024, 9, 30),
            status="in_progress",
            text_en=LONG_TEXT,
            text_es=LONG_TEXT,
            evidence=None,
        )
        for _ in range(3):
            factories.EvidenceFactory(update=update, publisher=LONG_PUBLISHER)
        publishing.publish(update, by=factories.EditorFactory())


def copied(page, path, theme):
    """The HTML that the picker gives for the page at a path."""
    answer = page.request.get("/en/embed/", params={"url": path, "theme": theme, "lang": path[1:3]})
    return html.unescape(re.search(r'<textarea[^>]*id="code"[^>]*>(.*?)</textarea>', answer.text(), re.DOTALL)[1])


@pytest.fixture
def story(open_page, site, worst):
    """`story(["/en/pledges/…/"], themes=["dark"], script=False)`: a page of another site with their embeds."""
    pages = {}
    with serve(pages) as origin:

        def open_story(paths, *, themes=("light",), script=True, styles="'unsafe-inline'", article="", **options):
            page = open_page("/static/icon.svg", width=WIDTHS[0], height=6000, **options)
            body = "<p>Between.</p>".join(copied(page, path, theme) for path in paths for theme in themes)
            if not script:
                body = re.sub(r"<script.*?</script>", "", body)
            allowed = site if script else "'none'"
            policy = f"default-src 'none'; script-src {allowed}; frame-src {site}; style-src {styles}"
            pages["/story"] = (policy, f"<!doctype html><body style='margin:0;{article}'>{body}<p>After.</p>")
            page.goto(f"{origin}/story")
            page.wait_for_function("() => document.querySelectorAll('iframe').length === window.length")
            return page

        yield open_story


# Of a frame: what does not fit to the right and below, what room is free below the foot, and whether the lines of
# evidence and of the edition are all in it.
MEASURED = """async html => {
    if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done));
    for (let times = 0; times < 2; times++) await new Promise(requestAnimationFrame);
    const foot = document.querySelector("footer").getBoundingClientRect();
    const lines = [...document.querySelectorAll(".ev, .from")].map(each => each.getBoundingClientRect());
    return {
        right: html.scrollWidth - html.clientWidth,
        below: html.scrollHeight - html.clientHeight,
        free: html.clientHeight - foot.bottom,
        lines: lines.length,
        inside: lines.every(each => each.left >= 0 && each.right <= innerWidth && each.bottom <= innerHeight),
    };
}"""


def frames(page):
    """The documents in the frames of a page, each loaded and in view: browsers lay out no others."""
    for element in page.query_selector_all("iframe"):
        element.scroll_into_view_if_needed()
        frame = element.content_frame()
        frame.wait_for_selector("footer")
        yield frame


def measure(frame):
    return frame.locator("html").evaluate(MEASURED)


def fits(frame):
    """Whether the frame is exactly as high as its content."""
    found = measure(frame)
    return found["right"] == found["below"] == 0 and -1 < found["free"] < 1


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("es", "dark")])
def test_under_a_strict_policy_each_frame_is_as_high_as_its_content(story, language, theme):
    page = story(EMBEDS[language], themes=[theme], styles="'none'")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 6000})
        for frame in frames(page):
            for _ in range(200):
                if fits(frame):
                    break
                page.wait_for_timeout(30)
            found = measure(frame)
            assert fits(frame), (frame.url, width, found)
            assert found["inside"] and found["lines"] >= 2, (frame.url, width)
    assert all("style-src" in each for each in page.complaints)  # the code's own styles, which this policy forbids
    page.complaints.clear()


def test_without_the_script_the_height_in_the_code_is_enough_and_a_lower_frame_scrolls(story):
    page = story(EMBEDS["en"] + EMBEDS["es"], script=False)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 6000})
        for frame in frames(page):
            found = measure(frame)
            assert found["right"] == found["below"] == 0, (frame.url, width, found)
            assert found["free"] < 360, (frame.url, width, found)
    page.evaluate("document.querySelectorAll('iframe').forEach(each => { each.style.height = '150px' })")
    for frame in frames(page):
        frame.locator("html").evaluate("() => scrollTo(0, 100000)")
        assert frame.locator("footer").evaluate("each => each.getBoundingClientRect().bottom") <= 151


def test_a_style_that_an_editor_takes_away_cuts_nothing(story):
    page = story(["/en/pledges/the-longest/"], script=False)
    page.evaluate("document.querySelectorAll('div, iframe').forEach(each => each.removeAttribute('style'))")
    (frame,) = frames(page)
    found = measure(frame)
    assert (found["right"], found["below"]) == (0, 0)


HEIGHTS = "() => [...document.querySelectorAll('iframe')].map(each => each.style.height)"


def test_only_an_embed_of_ours_sets_the_height_and_only_of_its_own_frame(story):
    page = story(["/en/pledges/new-prisons/", "/en/indicators/litoral-deaths/"])
    first, _second = frames(page)
    page.wait_for_function(f"() => ({HEIGHTS})().every(each => each.endsWith('px'))")
    before = page.evaluate(HEIGHTS)
    page.evaluate("() => postMessage({type: 'embed-height', height: 9}, '*')")  # from the page itself
    for bad in ("null", "{type: 'other'}", *(f"{{type: 'embed-height', height: {bad}}}" for bad in ("'x'", -1, 1e9))):
        first.evaluate(f"() => parent.postMessage({bad}, '*')")
    page.wait_for_timeout(50)
    assert page.evaluate(HEIGHTS) == before
    first.evaluate("() => parent.postMessage({type: 'embed-height', height: 77}, '*')")
    page.wait_for_function("() => document.querySelector('iframe').style.height === '77px'")
    assert page.evaluate(HEIGHTS)[1] == before[1]


LIGHT, DARK = ("rgb(255, 255, 255)", "light"), ("rgb(29, 31, 36)", "dark")
LOOK = "html => [getComputedStyle(html).backgroundColor, getComputedStyle(html).colorScheme]"


@pytest.mark.parametrize("device", ["light", "dark"])
def test_it_is_as_light_or_dark_as_the_page_says_whatever_the_reader_prefers(story, device):
    follows = "color-scheme:light dark;background:canvas;color:canvastext"  # an article that follows the device
    page = story(["/en/pledges/new-prisons/"], themes=["light", "dark", "auto"], article=follows, color_scheme=device)
    light, dark, auto = (tuple(frame.locator("html").evaluate(LOOK)) for frame in frames(page))
    assert (light, dark) == (LIGHT, DARK)
    assert auto[0] == (LIGHT if device == "light" else DARK)[0]


def test_the_picker_shows_what_is_chosen_without_loading_the_page_anew(open_page):
    page = open_page("/en/embed/")
    page.get_by_label("What: the address of a page here").fill("prison")
    page.get_by_role("link", name="Build new maximum-security prisons").first.click()
    page.wait_for_selector("#code")
    page.get_by_label("Your page is").select_option("dark")
    page.wait_for_url("**theme=dark**")
    page.wait_for_selector(".stage-dark")
    assert "theme=dark" in page.locator("#code").input_value()
    frame = page.query_selector(".stage iframe").content_frame()
    frame.wait_for_selector("footer")
    page.wait_for_function("() => document.querySelector('.stage iframe').style.height.endsWith('px')")
    assert fits(frame)
