"""A reader at work: searching and narrowing down, with scripts and without, with the keyboard alone, on a phone."""

import re
import threading
from datetime import date

import pytest
from django.db import connection
from playwright.sync_api import expect

from pledges.models import Mandate, Update
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def titles(page):
    return page.locator("#results h3").all_inner_texts()


def test_without_scripts_the_list_is_searched_narrowed_and_ordered(open_page):
    page = open_page("/en/pledges/", java_script_enabled=False)
    shown = page.locator("#results h3")
    expect(shown).to_have_count(12)
    page.get_by_role("searchbox").fill("prison ships")
    page.get_by_role("button", name="Search").click()
    expect(shown).to_have_text(["Hold the most dangerous prisoners on prison barges"])
    page.get_by_role("link", name="Clear everything").click()
    expect(shown).to_have_count(12)
    broken = int(re.search(r"\d+", page.locator("label[for=status-broken] .count").inner_text()).group())
    assert 1 < broken < 12
    page.get_by_role("checkbox", name=re.compile("^Broken")).check()
    page.get_by_role("combobox", name="Order").select_option("title")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"\?(?=.*status=broken)(?=.*sort=title)"))
    expect(shown).to_have_count(broken)
    assert titles(page) == sorted(titles(page), key=str.casefold)
    expect(page.get_by_role("checkbox", name=re.compile("^Broken"))).to_be_checked()


def test_with_scripts_results_and_address_follow_what_is_typed_and_the_focus_stays(open_page):
    page = open_page("/en/pledges/")
    page.evaluate("window.stillTheSamePage = true")
    field = page.locator("#q")
    field.press_sequentially("prison ships", delay=20)
    expect(page.locator("#count")).to_have_text("1 of 12 pledges fits")
    expect(page).to_have_url(re.compile(r"/en/pledges/\?q=prison(%20|\+)ships$"))
    expect(field).to_be_focused()
    assert page.evaluate("window.stillTheSamePage")
    expect(page.locator("#results h3")).to_have_count(1)
    page.go_back()
    expect(page.locator("#results h3")).to_have_count(12)
    page.go_forward()
    expect(page.locator("#results h3")).to_have_count(1)


def test_with_scripts_a_choice_narrows_at_once_and_keeps_the_focus(open_page):
    page = open_page("/en/pledges/")
    page.evaluate("window.stillTheSamePage = true")
    box = page.get_by_role("checkbox", name=re.compile("^Broken"))
    count = int(re.search(r"\d+", page.locator("label[for=status-broken] .count").inner_text()).group())
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator("#results h3")).to_have_count(count)
    expect(page).to_have_url(re.compile("status=broken"))
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    assert page.evaluate("window.stillTheSamePage")
    page.reload()
    expect(page.locator("#results h3")).to_have_count(count)


def test_with_scripts_a_choice_is_taken_away_by_its_link_and_the_count_is_read_out(open_page):
    page = open_page("/en/pledges/?status=broken&status=in_progress")
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_role("link", name="Take away: Status: Broken").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/pledges/\?status=in_progress$"))
    expect(page.get_by_role("checkbox", name=re.compile("^Broken"))).not_to_be_checked()
    count = page.locator("#count")
    expect(count).to_be_focused()
    expect(page.locator("#results-said")).to_have_text(count.inner_text())
    assert page.evaluate("window.stillTheSamePage")
    page.go_back()
    expect(page.get_by_role("link", name="Take away: Status: Broken")).to_be_visible()


def test_with_scripts_a_day_of_ones_own_is_a_choice_like_the_others(open_page):
    page = open_page("/en/pledges/")
    page.get_by_label("since the day").fill("2025-05-24")
    expect(page).to_have_url(re.compile(r"/en/pledges/\?since=2025-05-24$"))
    expect(page.get_by_label("since the mandate of Daniel Noboa began on 24 May 2025")).to_be_checked()
    expect(page.get_by_label("since the day")).to_have_value("")
    page.get_by_label("at any time").check()
    expect(page).to_have_url(re.compile(r"/en/pledges/$"))


def test_with_scripts_a_search_comes_best_match_first(open_page):
    page = open_page("/en/pledges/")
    page.locator("#q").press_sequentially("prison", delay=20)
    expect(page.locator("#sort")).to_have_value("")
    expect(page.locator("#sort option:checked")).to_have_text("Best match")
    expect(page).to_have_url(re.compile("q=prison$"))
    page.wait_for_load_state("networkidle")  # a request that is still under way would be broken off
    typed = titles(page)
    page.goto("/en/pledges/?q=prison")
    assert titles(page) == typed


def test_on_a_phone_the_choices_stay_open_while_they_are_used(open_page):
    page = open_page("/en/pledges/", width=390)
    page.get_by_text("Narrow the list down").click()
    order = page.get_by_role("combobox", name="Order")
    order.focus()
    order.select_option("title")
    expect(page).to_have_url(re.compile("sort=title"))
    expect(order).to_be_visible()
    expect(order).to_be_focused()


def test_with_the_keyboard_alone_a_reader_skips_filters_and_opens_a_pledge(open_page):
    page = open_page("/en/pledges/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "status":
            break
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("status="))
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('h3') !== null"):
            break
    title = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_sentences_on_what_changed_have_room(open_page):
    page = open_page("/en/changes/?from=2025-05-24")
    sentence = page.locator(".changes li > div > p").first
    assert sentence.bounding_box()["width"] > 500
    page.set_viewport_size({"width": 390, "height": 844})
    assert sentence.bounding_box()["width"] > 300


def test_a_slash_leads_to_the_search_but_can_still_be_typed(open_page):
    page = open_page("/en/pledges/prison-barges/")
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_the_slash_can_be_turned_off_for_this_browser(open_page):
    page = open_page("/en/accessibility/")
    page.get_by_role("checkbox", name="“/” goes to the search").uncheck()
    page.goto("/en/pledges/prison-barges/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.goto("/en/accessibility/")
    page.get_by_role("checkbox", name="“/” goes to the search").check()
    page.goto("/en/pledges/prison-barges/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_language_is_changed_on_the_same_page(open_page):
    page = open_page("/en/pledges/?q=prison&sort=title")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#q")).to_have_value("prison")
    expect(page).to_have_url(re.compile("sort=title"))
    page.get_by_role("checkbox", name=re.compile("^Incumplida")).check()
    expect(page).to_have_url(re.compile("status=broken"))
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("checkbox", name=re.compile("^Broken"))).to_be_checked()


def test_an_open_page_announces_a_new_edition(open_page):
    page = open_page("/en/pledges/prison-barges/?from=mail")
    page.clock.install()
    page.reload()
    line = page.locator("#edition-line")
    expect(line).to_contain_text("Edition 2")
    page.evaluate("window.stillTheSamePage = true")
    line.get_by_role("link", name="Edition 2").focus()

    def publish():  # by somebody else, for good: what this test does itself is never committed
        factories.PublishedUpdateFactory(
            pledge__slug="announced",
            pledge__mandate=Mandate.objects.get(slug="noboa-2025"),
            happened_on=date.today(),
            status="kept",
            text_en="It was done today.",
        )
        connection.close()

    editor = threading.Thread(target=publish)
    editor.start()
    editor.join()
    page.clock.fast_forward(16_000)  # the page asks every 15 seconds
    expect(line).to_contain_text("Edition 4 has just been published.", timeout=60_000)
    assert page.evaluate("window.stillTheSamePage")
    expect(page.get_by_role("link", name="Show it")).to_be_focused()
    page.get_by_role("link", name="Show it").click()
    expect(page).to_have_url(re.compile(r"/en/pledges/prison-barges/\?from=mail$"))
    expect(line).not_to_contain_text("just been published")
    page.goto("/en/")
    expect(page.locator("main")).to_contain_text("It was done today.")


def test_an_old_link_into_the_log_of_corrections_leads_to_the_page_that_its_entry_is_on_now(open_page, monkeypatch):
    monkeypatch.setattr("pledges.site.changes.editions.PAGE_SIZE", 1)
    first = Update.objects.get(corrects__isnull=False)

    def publish():  # for good, as above
        correct(factories.PublishedUpdateFactory(pledge__slug="corrected", happened_on=date.today()))
        connection.close()

    editor = threading.Thread(target=publish)
    editor.start()
    editor.join()
    page = open_page(f"/en/corrections/#c{first.pk}")
    expect(page).to_have_url(re.compile(rf"/en/corrections/\?page=2#c{first.pk}$"))
    expect(page.locator(f"#c{first.pk}")).to_contain_text("A comma was missing.")
