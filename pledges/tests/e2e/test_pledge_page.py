"""A pledge's page in a browser: its texts are copied with a press, and it goes onto paper."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PLEDGE = "/en/pledges/reduce-violence/"


def test_a_press_copies_a_citation_and_says_so(open_page):
    page = open_page(PLEDGE, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile("Copy.*BibTeX")).click()
    page.get_by_text("Copied.", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{reduce-violence-edition-2,\n")


def test_where_no_page_may_write_to_the_clipboard_the_text_is_selected(open_page):
    page = open_page(PLEDGE)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name=re.compile("Copy.*Plain")).click()
    page.get_by_text("Selected:").wait_for()
    assert "edition 2" in page.evaluate("getSelection().toString()")


def test_without_scripts_there_are_no_buttons_that_do_nothing(open_page):
    page = open_page(PLEDGE, java_script_enabled=False)
    assert page.locator("main button:visible").count() == 0
    assert page.get_by_label("Always as it is now").input_value().count("<iframe ") == 1


ON_PAPER = (
    ".verdict",
    ".detail",
    ".facts",
    ".statement",
    ".criteria",
    ".promise .note",
    ".tl .ev",
    ".cited.cite-plain .copy",
)
ON_SCREEN_ONLY = ("header.site nav", "#share", "#embed", "#data", "#related", "#watched", "#wording", ".jump", ".chart")


@pytest.mark.parametrize("path", [PLEDGE, "/es/promesas/reduce-violence/"])
def test_on_paper_a_usual_pledge_is_one_sheet_that_can_be_read(open_page, path):
    page = open_page(path)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.emulate_media(media="print")
    for place in ON_PAPER:
        assert page.locator(place).first.is_visible(), place
    for place in ON_SCREEN_ONLY:
        assert page.locator(place).count() and not page.locator(place).first.is_visible(), place
    size = "element => parseFloat(getComputedStyle(element).fontSize) * 72 / 96"  # in points
    for place in ("body", ".statement > p", ".criteria td", ".tl div > p", ".tl .ev", ".facts dd", ".cited .copy"):
        assert page.locator(place).first.evaluate(size) > 8.49, place
    assert "edition=2" in page.locator(".cited.cite-plain .copy").inner_text()


def test_on_paper_no_entry_of_a_long_timeline_is_cut_in_two(open_page):
    page = open_page("/en/pledges/new-prisons/")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 2
    page.emulate_media(media="print")
    for entry in page.locator(".tl li").all():
        assert entry.evaluate("entry => getComputedStyle(entry).breakInside") == "avoid"


@pytest.mark.parametrize(
    "path", [PLEDGE, "/es/promesas/new-prisons/", "/en/indicators/homicides-per-year/", "/es/correcciones/"]
)
def test_on_paper_every_address_elsewhere_stands_after_its_link_in_full(open_page, path):
    page = open_page(path)
    page.emulate_media(media="print")
    links = [link for link in page.locator("main a[href^=http]").all() if link.is_visible()]
    assert links
    for link in links:
        after = link.evaluate("a => { const s = getComputedStyle(a, '::after'); return [s.content, s.textOverflow]; }")
        assert link.get_attribute("href") in after[0] and after[1] == "clip", link.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
