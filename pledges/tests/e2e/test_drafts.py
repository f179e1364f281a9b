"""Drafts in real browsers: two people on the same one, what is typed and not saved, a session that ends meanwhile."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from pledges.models import Autosave, Pledge, Update
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def made(site, django_db_blocker):
    """The sessions of a reporter and an editor, and drafts of the reporter's: committed, for the server to see."""
    with django_db_blocker.unblock():
        people = {"rosa": factories.ReporterFactory(byline="Rosa"), "elena": factories.EditorFactory(byline="Elena")}
        sessions = {}
        for name, person in people.items():
            client = Client()
            client.force_login(person)
            sessions[name] = client.cookies["sessionid"].value
        fields = {"pledge": Pledge.objects.get(slug="new-prisons"), "author": people["rosa"]}
        drafts = factories.UpdateFactory.create_batch(7, text_en="Work began.", text_es="", **fields)
        return sessions, drafts


@pytest.fixture
def draft(made):
    """A draft of Rosa's that no other test has touched."""
    return made[1].pop()


@pytest.fixture
def desk(open_page, site, made):
    """`desk("rosa", "/admin/")`: a page in a browser of her own, logged in."""

    def log_in(who, path, **options):
        page = open_page("/en/", locale="en-GB", **options)
        page.context.add_cookies([{"name": "sessionid", "value": made[0][who], "url": site}])
        page.goto(path)
        return page

    return log_in


def form_of(draft):
    return reverse("admin:pledges_update_change", args=[draft.pk])


@pytest.mark.parametrize("scripts", [True, False])
def test_two_browsers_on_the_same_draft(desk, draft, scripts):
    rosa = desk("rosa", form_of(draft), java_script_enabled=scripts)
    elena = desk("elena", form_of(draft), java_script_enabled=scripts)
    elena.locator("#id_text_en").fill("Work began on Monday.")
    elena.locator("#id_text_es").fill("El lunes.")
    elena.get_by_role("button", name="Save draft").click()
    expect(elena.locator(".success")).to_be_visible()

    rosa.locator("#id_text_en").fill("Work began in May.")
    rosa.get_by_role("button", name="Save draft").click()
    clashes = rosa.locator(".desk-clashes")
    expect(clashes.get_by_role("heading")).to_contain_text("Elena saved this at")
    expect(clashes.locator("fieldset")).to_have_count(2)
    expect(clashes.locator("del").first).to_contain_text("on")
    expect(rosa.locator("#id_text_en")).to_have_value("Work began in May.")
    draft.refresh_from_db()
    assert draft.text_en == "Work began on Monday."
    expect(clashes.get_by_role("group", name="Text (Spanish)").get_by_role("radio").first).to_be_checked()
    clashes.get_by_role("group", name="Text (English)").get_by_role("radio").last.check()
    rosa.locator("#id_text_en").fill("Work began on Monday, in May.")
    rosa.get_by_role("button", name="Save draft").click()
    expect(rosa.locator(".success")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.text_en, draft.text_es) == ("Work began on Monday, in May.", "El lunes.")


@pytest.mark.parametrize("scripts", [True, False])
def test_two_browsers_on_the_same_evidence(desk, draft, scripts):
    rosa = desk("rosa", form_of(draft), java_script_enabled=scripts)
    elena = desk("elena", form_of(draft), java_script_enabled=scripts)
    elena.locator("#id_evidence-0-sentence").fill("The first stone was laid.")
    elena.locator("#id_evidence-1-url").fill("https://gazette.example/1")
    elena.locator("#id_evidence-1-publisher").fill("Gazette")
    elena.get_by_role("button", name="Save draft").click()
    expect(elena.locator(".success")).to_be_visible()

    rosa.locator("#id_evidence-0-sentence").fill("Work began, the minister said.")
    rosa.locator("#id_evidence-1-url").fill("https://courier.example/1")
    rosa.locator("#id_evidence-1-publisher").fill("Courier")
    rosa.get_by_role("button", name="Save draft").click()
    clashes = rosa.locator(".desk-clashes")
    expect(clashes.locator("fieldset")).to_have_count(2)
    sentence = clashes.get_by_role("group", name=re.compile("Sentence relied on"))
    expect(sentence).to_contain_text("The first stone was laid.")
    expect(sentence.get_by_role("radio").last).to_be_checked()
    sentence.get_by_role("radio").first.check()
    expect(clashes.get_by_role("group", name="Gazette").get_by_label("Keep it: Elena added it")).to_be_checked()
    rosa.get_by_role("button", name="Save draft").click()
    expect(rosa.locator(".success")).to_be_visible()
    assert list(draft.evidence.values_list("publisher", flat=True)[1:]) == ["Gazette", "Courier"]
    assert draft.evidence.first().sentence == "The first stone was laid."


def test_what_is_typed_is_kept_and_taken_back(desk, draft):
    page = desk("rosa", form_of(draft))
    page.locator("#id_text_en").fill("Half a sen")
    expect(page.locator("#desk-kept")).to_contain_text(re.compile(r"Kept at \d\d:\d\d"))
    page.goto("/admin/")
    page.goto(form_of(draft))
    expect(page.locator("#id_text_en")).to_have_value("Work began.")
    page.get_by_role("link", name="Restore").click()
    expect(page.locator("#id_text_en")).to_have_value("Half a sen")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".success")).to_be_visible()
    assert not Autosave.objects.exists()


def test_when_the_session_has_ended_no_word_is_lost(desk, draft, made, site):
    page = desk("rosa", form_of(draft))
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_text_en").fill("Typed after the session ended.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#desk-kept")).to_contain_text("Not kept at the desk")
    expect(page.locator("#id_text_en")).to_have_value("Typed after the session ended.")
    page.context.add_cookies([{"name": "sessionid", "value": made[0]["rosa"], "url": site}])
    page.goto(form_of(draft))
    page.get_by_role("link", name="Something you typed was only kept in this browser").click()
    expect(page.locator("#id_text_en")).to_have_value("Typed after the session ended.")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preview of")
    draft.refresh_from_db()
    assert draft.text_en == "Typed after the session ended."


def test_preview_and_publication_by_keyboard(desk, draft):
    page = desk("elena", form_of(draft))
    page.locator("#id_text_es").focus()
    page.get_by_role("button", name="Save and preview").press("Enter")
    framed = page.frame_locator(".desk-page")
    expect(framed.locator("main")).to_contain_text("Work began.")
    expect(page.frame_locator(".desk-strips").locator("svg[role=img]")).to_have_count(2)
    page.get_by_role("button", name="Publish now").press("Enter")
    expect(page.locator(".success")).to_contain_text("Published in edition")
    assert Update.objects.get(pk=draft.pk).is_published
