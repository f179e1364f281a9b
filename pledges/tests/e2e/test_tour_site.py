"""The tour of docs/readers.md through the site, walked (see guide.py), in the looks that a reader may have: wide and on
a telephone, light and dark, English and Spanish."""

import re

import pytest

from pledges.tests.e2e import guide

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BARGES = "/en/pledges/prison-barges/"


@pytest.fixture
def stop(pictures):
    """`stop(page, "front", to=locator)`: see `guide.walk`."""
    yield from guide.walk("readers.md", "site", pictures)


@pytest.fixture
def reader(open_page, settings):
    """`reader("/en/", phone=True, dark=True)`: a page of a site that has an address and can send mail."""
    settings.SITE_URL, settings.EMAIL_HOST = "https://pledges.example", "mail.example"

    def reads(path: str, *, phone: bool = False, dark: bool = False):
        scheme = "dark" if dark else "light"
        return open_page(path, width=390 if phone else 1280, color_scheme=scheme, locale="en-GB")

    return reads


def test_the_tour(reader, stop):
    page = reader("/en/")
    stop(page, "front", to=page.locator(".home .rows > *").first)
    page.locator("#q").fill("prisson ships")
    page.get_by_role("button", name="Search").click()
    stop(page, "search", to=820)
    page.get_by_role("link", name=re.compile("prison barges")).click()
    page.locator("#cite").wait_for()
    stop(page, "pledge", to=page.locator(".jump"))
    stop(page, "cite", since=page.locator(".stories"), to=page.locator(".stories"))

    phone = reader(f"{BARGES}?on=2024-06-01", phone=True, dark=True)
    stop(phone, "as-of", to=phone.locator("figure.big"))
    page.goto("/en/changes/?from=2025-05-24")
    stop(page, "changes", to=680)
    phone = reader("/es/semana/", phone=True)
    stop(phone, "week", to=phone.locator(".changes li").nth(1))

    dark = reader("/en/mandates/noboa-2023/", dark=True)
    stop(dark, "mandate", since=dark.locator("form.slider"), to=dark.locator(".mandate-days"))
    page.goto("/en/mandates/")
    for box in page.locator("input[name=mandate]").all():
        box.check()
    page.get_by_role("button", name="Compare what is chosen").click()
    page.get_by_role("link", name="Day 100").click()
    page.get_by_role("heading", name="Day 100").wait_for()
    stop(page, "compare", since=page.locator(".crumbs"), to=page.locator(".pair"))
    page.goto("/en/indicators/homicides-per-year/")
    stop(page, "indicator", since=page.locator(".crumbs"), to=page.locator(".notice").first)

    page.goto("/en/corrections/")
    stop(page, "corrections", to=page.locator("article.correction").first)
    page.goto("/en/editions/")
    stop(page, "editions", since=page.locator("#check"), to=page.locator(".check > .hash"))
    phone = reader("/en/alerts/?topic=prisons", phone=True)
    stop(phone, "alert", to=phone.locator("#without"))


def test_every_picture_of_the_documentation_is_there_and_named():
    named = set()
    for page in (guide.DOCS.parent / "README.md", *guide.DOCS.glob("*.md")):
        named |= set(re.findall(r"pictures/([\w-]+\.png)", page.read_text()))
    assert named == {path.name for path in (guide.DOCS / "pictures").iterdir()}
