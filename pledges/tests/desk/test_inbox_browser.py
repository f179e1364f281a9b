"""The inbox in a real browser: by keyboard alone, with keys switched off, without scripts, and by two at once."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright

from pledges.actions import leads as lead_actions
from pledges.models import Lead, Update
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INBOX = reverse("admin:pledges_lead_changelist")
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));"""


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(wording__title_en="Build a prison")


@pytest.fixture
def leads(pledge) -> list[Lead]:
    """Five open leads on one pledge, as the inbox shows them: the last is the newest and stands first."""
    return [factories.LeadFactory(pledge=pledge, article__title=f"Report {number}") for number in range(1, 6)]


@pytest.fixture
def browse(live_server, chromium_path, monkeypatch) -> Iterator:
    """`browse(user)`: the inbox in a browser of one's own; what it complains of fails the test at its end."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in the thread of the test
    pages = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-background-networking"]
        )

        def open_inbox(user, path: str = INBOX, **options) -> Page:
            client = Client()
            client.force_login(user)
            tab = chromium.new_context(base_url=live_server.url, locale="en", **options)
            tab.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
            if options.get("java_script_enabled", True):
                tab.add_init_script(TELL_OF_VIOLATIONS)
            page = tab.new_page()
            page.complaints = []
            page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(path)
            pages.append(page)
            return page

        yield open_inbox
        chromium.close()
    assert [said for page in pages for said in page.complaints] == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('[data-lead]')?.querySelector('h2')?.innerText ?? ''")


def said(page: Page, words: str) -> None:
    page.locator(".desk-done", has_text=words).wait_for()


def test_the_day_by_keyboard_alone(browse, leads, pledge):
    port = factories.PublishedPledgeFactory(wording__title_en="Report on the ports")
    page = browse(factories.ReporterFactory())
    press(page, "j", "j")
    assert focused(page) == "Report 4"
    press(page, "k", "a")
    said(page, "Accepted: Report 5.")
    assert focused(page) == "Report 4"  # the next one, at once
    press(page, "d", "2")
    said(page, "Dismissed: Report 4.")
    press(page, "s", "1")
    said(page, "Snoozed until")
    assert focused(page) == "Report 2"
    press(page, "p")
    page.locator("[data-lead] [data-choice]", has_text="Report on the ports").wait_for()
    press(page, "1")
    said(page, "Moved to “Report on the ports”: Report 2.")
    press(page, "m")
    page.locator("[data-choice]", has_text="Report 5").wait_for()
    press(page, "1")
    said(page, "Merged into “Report 5”: Report 1.")
    by_title = {lead.article.title: lead for lead in Lead.objects.filter(pledge=pledge).select_related("article")}
    assert [by_title[f"Report {number}"].state for number in (5, 4, 3, 2, 1)] == [
        *("accepted", "dismissed", "snoozed", "dismissed", "dismissed")
    ]
    assert by_title["Report 4"].dismiss_reason == "nothing_new"
    assert by_title["Report 1"].merged_into == by_title["Report 5"]
    assert Lead.objects.get(pledge=port).article == by_title["Report 2"].article
    for number in (1, 2, 3, 4, 5):  # and all of it taken back, the last first
        press(page, "u")
        page.locator(".desk-lead h2", has_text=f"Report {number}").wait_for()
    assert Lead.objects.filter(pledge=pledge, state="open").count() == 5
    assert not Lead.objects.filter(pledge=port).exists()
    assert not Update.objects.exists()


def test_ticking_opening_and_writing_by_keyboard(browse, leads):
    page = browse(factories.ReporterFactory())
    press(page, "j", "x")
    expect(page.locator(".action-select").first).to_be_checked()
    press(page, "?")
    expect(page.locator("#desk-keys")).to_be_visible()
    press(page, "a")  # nothing is decided behind a dialog
    press(page, "Escape")
    expect(page.locator("#desk-keys")).to_be_hidden()
    press(page, "w")
    page.wait_for_url("**/admin/pledges/update/*/change/")
    page.goto(INBOX)
    press(page, "j", "o")
    page.locator("h1", has_text="Report 4").wait_for()
    assert sorted(Lead.objects.values_list("state", flat=True)) == ["accepted", "open", "open", "open", "open"]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_article_becomes_further_evidence_of_a_draft_that_is_being_written(browse, leads, scripts):
    reporter = factories.ReporterFactory(byline="Rosa")
    draft = lead_actions.accept_lead(lead=leads[0], by=reporter)
    page = browse(reporter, java_script_enabled=scripts)
    if scripts:
        press(page, "j", "a")
        expect(
            page.locator("[data-lead]").first.get_by_role("button", name="Add it as evidence to Rosa")
        ).to_be_focused()
        press(page, "1")
        said(page, "Accepted: Report 5.")
    else:
        page.locator("[data-lead]").first.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="Add it as evidence to Rosa").press("Enter")
        page.get_by_text("The article is further evidence of this draft now.").wait_for()
    assert (draft.evidence.count(), Update.objects.count()) == (2, 1)


def test_a_leads_own_page_by_keyboard(browse, leads, pledge):
    port = factories.PublishedPledgeFactory(wording__title_en="Report on the ports")
    weak = factories.LeadFactory(pledge=port, article__title="Report 0, weak", score=0.6)
    page = browse(factories.ReporterFactory(), f"{INBOX}?score=middle")

    def at(title: str) -> None:
        expect(page.locator("h1")).to_have_text(title)
        page.locator(".desk-scripted #desk-one").wait_for()

    press(page, "j", "o")
    at("Report 5")
    press(page, "k")  # nothing is before the first
    press(page, "j")
    at("Report 4")
    expect(page.get_by_role("button", name="Accept")).to_have_attribute("aria-keyshortcuts", "a")
    press(page, "k")
    at("Report 5")
    press(page, "a")  # and back to the inbox as it was narrowed down
    page.locator(".success", has_text="Accepted: Report 5.").wait_for()
    assert page.url.endswith("?score=middle")
    page.locator(".desk-scripted #result_list").wait_for()
    press(page, "u")
    page.locator(".success", has_text="1 lead is open again.").wait_for()
    for keys, words in (
        (("d", "2"), "Dismissed: Report 5."),
        (("s", "1"), "Snoozed until"),
        (("m", "Report 2", "1"), "Merged into “Report 2”: Report 3."),
        (("p", "Report on the ports", "1"), "Moved to “Report on the ports”: Report 2."),
    ):
        page.locator(".desk-scripted #result_list").wait_for()
        press(page, "j", "o")
        page.locator(".desk-scripted #desk-one").wait_for()
        press(page, keys[0])
        page.locator("details[open] [data-choice]", has_text=keys[1] if len(keys) > 2 else "").first.wait_for()
        press(page, keys[-1])
        page.locator(".success", has_text=words).wait_for()
    page.locator(".desk-scripted #result_list").wait_for()
    press(page, "j", "j", "o")  # the first is the one that was moved, on its new pledge
    at("Report 1")
    press(page, "w")
    page.wait_for_url("**/admin/pledges/update/*/change/")
    page.get_by_role("link", name="Report 1").click()
    at("Report 1")
    press(page, "u")
    page.locator(".success", has_text="Open again: Report 1.").wait_for()
    at("Report 1")
    by_title = dict(Lead.objects.filter(pledge=pledge).values_list("article__title", "state"))
    expected = ("open", "dismissed", "dismissed", "snoozed", "dismissed")
    assert [by_title[f"Report {number}"] for number in range(1, 6)] == list(expected)
    assert Lead.objects.filter(pledge=port, state="open").exclude(pk=weak.pk).count() == 1
    assert Lead.objects.get(pk=weak.pk).state == "open"
    assert not Update.objects.exists()


def test_keys_are_letters_while_one_types_and_nothing_when_switched_off(browse, leads):
    page = browse(factories.ReporterFactory())
    page.locator("#searchbar").focus()
    press(page, "j", "a", "d")
    assert page.locator("#searchbar").input_value() == "jad"
    page.locator("#desk-keys-on").uncheck()
    page.locator("[data-lead]").first.focus()
    press(page, "a", "d", "x", "?")
    page.reload()  # it is remembered
    expect(page.locator("#desk-keys-on")).not_to_be_checked()
    page.locator("[data-lead]").first.focus()
    press(page, "a")
    assert page.locator("kbd:visible").count() == 1  # the button that opens the list of keys
    assert Lead.objects.filter(state="open").count() == 5


def test_what_follows_comes_without_loading_the_page(browse, pledge):
    for number in range(40, 0, -1):
        factories.LeadFactory(pledge=pledge, article__title=f"Report {number:02}")
    page = browse(factories.ReporterFactory())
    page.evaluate("window.untouched = true")
    press(page, "j")
    for number in range(1, 21):
        press(page, "d", "2")
        said(page, f"Dismissed: Report {number:02}.")
    page.locator(".desk-lead h2", has_text="Report 35").wait_for()
    assert page.evaluate("window.untouched")
    ids = page.locator("[data-lead]").evaluate_all("all => all.map(one => one.dataset.lead)")
    assert len(ids) == len(set(ids)) >= 35


def test_two_at_the_same_lead(browse, leads):
    rosa, elena = factories.ReporterFactory(byline="Rosa"), factories.EditorFactory(byline="Elena")
    hers, theirs = browse(elena), browse(rosa)
    with hers.expect_response(lambda answer: "presence" in answer.url):  # told a moment after the key
        press(hers, "j")
    press(theirs, "j")  # the browser tells, and asks, on the way
    theirs.locator(".desk-seen", has_text="Elena is looking at this, since").wait_for()
    press(hers, "d", "3")
    said(hers, "Dismissed: Report 5.")
    theirs.locator("[data-lead]").first.focus()
    press(theirs, "a")
    theirs.locator(".desk-refused", has_text="Elena has already decided this lead: Dismissed.").wait_for()
    expect(theirs.locator("[data-lead]").first).to_contain_text("Not reliable enough")
    assert focused(theirs) == "Report 4"
    assert not Update.objects.exists()
    theirs.complaints.clear()  # the browser notes every answer 409


def test_a_decision_without_an_answer_says_so_and_is_tried_again(browse, leads):
    page = browse(factories.EditorFactory())
    page.route("**/dismiss/", lambda route: route.abort())
    press(page, "j", "d", "3")
    page.locator(".desk-lead .desk-refused", has_text="this may or may not have been done").wait_for()
    page.unroute("**/dismiss/")
    press(page, "3")  # the choices are still open
    said(page, "Dismissed: Report 5.")
    expect(page.locator(".desk-refused")).to_have_count(0)
    page.complaints.clear()  # the browser notes every request that fails


def test_without_scripts_all_of_it_is_buttons_and_pages(browse, leads):
    page = browse(factories.ReporterFactory(), java_script_enabled=False)
    first = page.locator("[data-lead]").first
    first.get_by_text("Merge with…").click()
    first.get_by_role("link", name="Choose the other lead…").click()
    page.get_by_role("button", name="Report 4").click()
    page.get_by_text("Merged into “Report 4”: Report 5.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("1 lead is open again.").wait_for()
    factories.PublishedPledgeFactory(wording__title_en="Ports for all")
    first = page.locator("[data-lead]").first
    first.get_by_text("About another pledge…").click()
    first.get_by_role("link", name="Choose the pledge…").click()
    page.get_by_label("Words of the pledge").fill("ports")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ports for all").click()
    page.get_by_text("Moved to “Ports for all”: Report 5.").wait_for()
    assert page.locator("kbd:visible").count() == 0
    for box in page.locator(".action-select").all()[:3]:
        box.check()
    page.locator("select[name=action]").select_option("dismiss_selected")
    page.locator("select[name=reason]").select_option("nothing_new")
    page.get_by_role("button", name="Go").click()
    page.get_by_text("3 leads dismissed.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("3 leads are open again.").wait_for()


def test_who_was_quicker_is_named_without_scripts_too(browse, leads):
    page = browse(factories.ReporterFactory(), java_script_enabled=False)
    lead_actions.dismiss_lead(lead=leads[-1], by=factories.EditorFactory(byline="Elena"), reason="other")
    page.locator("[data-lead]").first.get_by_role("button", name="Accept").click()
    page.get_by_text("has already decided this lead: Dismissed.").wait_for()
