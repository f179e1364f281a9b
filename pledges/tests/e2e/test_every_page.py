"""Every page, in both languages: nothing to complain of for axe, at no width anything to scroll sideways, no errors."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe

from pledges.tests.support import public_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BOTH = pytest.mark.parametrize("language", ["en", "es"])
WIDER_THAN = """width => [...document.querySelectorAll("main *")]
    .filter(each => each.getBoundingClientRect().right > width)
    .map(each => each.outerHTML.slice(0, 80))
    .slice(-3)"""
NOT_FOUND = "Failed to load resource: the server responded with a status of 404"


def addresses(language):
    return public_pages.addresses(language).values()


def visit(page, path):
    page.goto(path)
    page.complaints[:] = [
        said
        for said in page.complaints
        if not (said.startswith(NOT_FOUND) and "nothing-here" in path) and "422" not in said
    ]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])  # bench.looks has all eight looks
def test_axe_finds_nothing(open_page, language, scheme):
    page = open_page(f"/{language}/", color_scheme=scheme, bypass_csp=True)
    problems = []
    for path in addresses(language):
        visit(page, path)
        for found in Axe().run(page).response["violations"]:
            nodes = [f"{node['html'][:140]} ({node['failureSummary'][:160]})" for node in found["nodes"][:3]]
            problems.append(f"{path} {found['id']}: {nodes}")
    assert problems == []


@BOTH
def test_nothing_scrolls_sideways_and_nothing_is_complained_of(open_page, language):
    page = open_page(f"/{language}/")
    too_wide = []
    for path in addresses(language):
        visit(page, path)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                who = page.evaluate(WIDER_THAN, width)
                too_wide.append((path, width, needed, who))
    assert too_wide == []


@pytest.mark.parametrize("language", ["en"])
def test_pages_read_the_same_without_scripts(open_page, language):
    page = open_page(f"/{language}/", java_script_enabled=False)
    for path in addresses(language):
        visit(page, path)
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip()
        levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => e.tagName)")]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
