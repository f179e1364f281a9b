"""Import and export in a browser: by keyboard from a file to the rows, and the pages as axe and the eye see them."""

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import expect

from pledges.models import Topic
from pledges.tests.e2e.test_every_desk_page import LANGUAGE, complaints
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WRONG = "slug,name_en,name_es\nports,Ports,Puertos\nNot a slug,{},x\n".format("Extraordinariamente" * 6)
RIGHT = WRONG.replace("Not a slug", "long-name")


@pytest.fixture(scope="module")
def session(site, django_db_blocker) -> str:
    with django_db_blocker.unblock(), translation.override("en"):
        client = Client()
        client.force_login(factories.EditorFactory())
        return client.cookies["sessionid"].value


@pytest.fixture
def visit(open_page, site, session):
    def log_in(language="en", **options):
        page = open_page("/en/", locale=language, **options)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        return page

    return log_in


def choose(page, text: str) -> None:
    file = {"name": "topics.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".desk-upload button").press("Enter")
    page.locator("#desk-fates").wait_for()


def test_axe_finds_nothing_and_nothing_sticks_out(visit):
    page = visit(LANGUAGE)
    page.goto("/admin/exchange/")
    found = [*complaints(page, "index")]
    for name in ("topics", "pledges", "updates"):
        page.goto(f"/admin/exchange/{name}/import/")
        found += complaints(page, name)
    page.goto("/admin/exchange/topics/import/")
    choose(page, WRONG)
    found += complaints(page, "errors")
    page.goto("/admin/exchange/topics/import/")
    choose(page, RIGHT.replace("ports", Topic.objects.first().slug))
    expect(page.locator("ins").first).to_be_visible()
    found += complaints(page, "fates")
    page.goto("/admin/pledges/topic/")
    found += complaints(page, "list with the way to it")
    assert found == []


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_file_to_the_rows(visit, scripts):
    page = visit(java_script_enabled=scripts)
    page.goto("/admin/pledges/topic/")
    page.get_by_role("link", name="Import and export").press("Enter")
    page.get_by_role("link", name="Import topics from a file").press("Enter")
    slug = f"by-hand-{scripts}".lower()
    choose(page, f"slug;name_en;name_es\n{slug};By hand;A mano\n")
    assert not Topic.objects.filter(slug=slug).exists()
    page.get_by_role("button", name="Import these rows").press("Enter")
    page.get_by_text("1 row is imported.").wait_for()
    assert Topic.objects.get(slug=slug).name_es == "A mano"
