"""The desk in a real browser, by keyboard and without JavaScript. How each page looks: e2e/test_every_desk_page.py."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from pledges.actions import leads, publishing
from pledges.domain.messages import deferred_message
from pledges.jobs import find_source
from pledges.models import AddressLookup, Lead, Source, Update, WatchTerm
from pledges.tests.support import factories
from pledges.tests.support.watched import atom, entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk() -> dict[str, str]:
    """Rows to look at and the addresses of their pages; an editor's session."""
    editor = factories.EditorFactory()
    lead = factories.LeadFactory(article__title="Work on the prison begins")
    waiting = factories.UpdateFactory(text_es="", pledge=lead.pledge)
    publishing.submit_for_review(item=waiting, by=waiting.author)
    client = Client()
    client.force_login(editor)
    return {
        "session": client.cookies["sessionid"].value,
        "inbox": reverse("admin:pledges_lead_changelist"),
        "update": reverse("admin:pledges_update_change", args=[waiting.pk]),
        "knowledge": reverse("admin:pledges_pledge_knowledge", args=[lead.pledge_id]),
        "find": reverse("admin:pledges_source_add"),
    }


@pytest.fixture
def browse(desk, live_server, chromium_path, monkeypatch) -> Iterator:
    """A function that opens a page of the desk, logged in: `browse("inbox", java_script_enabled=False)`."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in the thread of the test
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-background-networking"]
        )

        def open_page(name: str, **context) -> Page:
            tab = chromium.new_context(base_url=live_server.url, **context)
            tab.add_cookies([{"name": "sessionid", "value": desk["session"], "url": live_server.url}])
            page = tab.new_page()
            page.complaints = []
            page.on("console", lambda message: page.complaints.append(message.text))
            page.goto(desk[name])
            return page

        yield open_page
        chromium.close()


def test_a_lead_is_dismissed_and_taken_back_by_keyboard_without_javascript(browse):
    page = browse("inbox", java_script_enabled=False)
    page.get_by_text("Dismiss…").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Dismissed: Work on the prison begins.").wait_for()
    assert Lead.objects.get().state == "dismissed"
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 lead is open again.").wait_for()
    assert Lead.objects.get().state == "open"


def test_from_the_lead_to_the_public_without_javascript(browse):
    page = browse("inbox", java_script_enabled=False)
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Begin another draft").click()  # one on this pledge waits for review already
    page.get_by_label("Text (English):").fill("Work on the prison began on Monday.")
    page.get_by_role("button", name="Save and submit for review").click()
    page.get_by_text("Submitted: somebody else reviews and publishes it.").wait_for()
    assert Update.objects.filter(state="review").count() == 2
    page.goto(page.url)
    page.get_by_text("somebody else has to publish it").wait_for()
    reviewed = browse("update", java_script_enabled=False)
    reviewed.get_by_role("button", name="Save and publish").click()
    reviewed.get_by_text("Published in edition 2.").first.wait_for()


def test_a_feed_is_pasted_looked_at_and_kept_by_keyboard_without_javascript(browse, web):
    web.serve("/feed", atom(entry(web, "one")))
    page = browse("find", java_script_enabled=False)
    page.get_by_label("Paste any address").fill(f"{web.origin}/feed")
    page.keyboard.press("Enter")
    page.get_by_text("Waiting for a worker").wait_for()
    find_source(AddressLookup.objects.get().pk)
    page.get_by_text("Title of one").wait_for()  # the page reloads itself; there is a link for who does not wait
    page.get_by_role("button", name="Watch this").focus()
    page.keyboard.press("Enter")
    page.get_by_text("is watched; it is read within a minute").wait_for()
    assert Source.objects.filter(url=f"{web.origin}/feed", kind="feed").exists()


def test_what_was_found_comes_into_the_page_that_waits_for_it(browse, web):
    web.serve("/feed", atom(entry(web, "one")))
    page = browse("find")
    page.get_by_label("Paste any address").fill(f"{web.origin}/feed")
    page.get_by_role("button", name="Look what is there").click()
    status = page.get_by_role("status")
    status.get_by_text("Waiting for a worker").wait_for()
    row = AddressLookup.objects.get()
    AddressLookup.objects.update(progress=deferred_message("What it answered is read…"))
    status.get_by_text("What it answered is read").wait_for()
    page.get_by_label("Paste any address").fill("https://other.example/")  # typed meanwhile, and kept
    find_source(row.pk)
    page.get_by_text("Title of one").wait_for()
    assert page.get_by_label("Paste any address").input_value() == "https://other.example/"
    assert page.locator("[hx-get]").count() == 0
    assert page.complaints == []


def teach() -> None:
    """One more lead on the same pledge, decided, so that words are learned."""
    taught = factories.LeadFactory(pledge=Lead.objects.get().pledge, article__title="Walls of the prison")
    leads.dismiss_lead(lead=taught, by=factories.EditorFactory(), reason="nothing_new")


def test_a_learned_word_is_struck_and_taken_back_without_javascript(browse):
    teach()
    page = browse("knowledge", java_script_enabled=False)
    page.get_by_role("button", name="Strike walls").click()
    page.get_by_text("is struck: no decision teaches it any more.").wait_for()
    assert WatchTerm.objects.get().rule == "struck"
    page.get_by_role("button", name="Take back walls").click()
    page.get_by_text("may be learned again.").wait_for()
    assert not WatchTerm.objects.exists()
