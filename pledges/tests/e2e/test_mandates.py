"""The slider over the days of a mandate, by keyboard: with scripts the page follows it, without them a button does."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_with_scripts_page_address_and_banner_follow_the_slider_and_the_focus_stays(open_page):
    page = open_page("/en/mandates/noboa-2023/")
    page.evaluate("window.stillTheSamePage = true")
    slider = page.get_by_role("slider")
    slider.focus()
    where = page.locator("form.slider").bounding_box()["y"]
    for key in ("Home", "PageUp", "PageUp", "PageDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(slider).to_have_attribute("aria-valuetext", "Day 12 of 549, 4 December 2023")
    expect(page.locator("#day-said")).to_have_text("Day 12 of 549, 4 December 2023")
    expect(page).to_have_url(re.compile(r"/en/mandates/noboa-2023/\?on=2023-12-04$"))
    expect(page.locator("#answer h2")).to_have_text("Day 12 of 549, 4 December 2023")
    expect(page.locator("#shown-time")).to_contain_text("This is where things stood on 4 December 2023")
    expect(page.locator("#masthead nav a").first).to_have_attribute("href", re.compile(r"\?on=2023-12-04$"))
    expect(slider).to_be_focused()
    assert page.locator("form.slider").bounding_box()["y"] == pytest.approx(where, abs=2)
    assert page.evaluate("window.stillTheSamePage")
    page.reload()
    expect(page.get_by_role("slider")).to_have_value("12")
    page.keyboard.press("Tab")
    page.go_back()
    expect(page.locator("#answer h2")).not_to_have_text("Day 12 of 549, 4 December 2023")


def test_without_scripts_a_button_shows_the_day(open_page):
    page = open_page("/en/mandates/noboa-2023/?sort=title", java_script_enabled=False)
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Show this day").click()
    expect(page).to_have_url(re.compile(r"/en/mandates/noboa-2023/\?sort=title&on=2023-11-24$"))
    expect(page.locator("#answer h2")).to_have_text("Day 2 of 549, 24 November 2023")


def test_a_comparison_is_chosen_from_the_list_and_follows_its_slider(open_page):
    page = open_page("/en/mandates/")
    page.get_by_role("checkbox", name="Compare Daniel Noboa, 2023–25").check()
    page.get_by_role("checkbox", name="Compare Daniel Noboa, 2025–29").check()
    page.get_by_role("button", name="Compare what is chosen").click()
    expect(page).to_have_url(re.compile(r"/en/mandates/compare/\?mandate=noboa-2025&mandate=noboa-2023$"))
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator("#answer")).to_contain_text("On day 1, 2 of 12 pledges were kept")
    expect(page).to_have_url(re.compile(r"mandate=noboa-2025&mandate=noboa-2023&day=1$"))
    expect(page.get_by_role("slider")).to_be_focused()
    page.get_by_role("checkbox", name="Daniel Noboa, 2023–25").uncheck()
    expect(page.locator("#compared tbody tr")).to_have_count(1)
