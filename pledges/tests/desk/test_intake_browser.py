"""Pledges from a document in a real browser: the whole way without scripts and by keyboard, and what a script adds."""

import pytest
from django.urls import reverse

from pledges.models import Candidate, Pledge
from pledges.tests.desk.test_browser import browse, desk  # noqa: F401
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPEECH = "Good evening to all of you.\nWe will build two prisons. It is not easy, and it is what you asked of us."


@pytest.fixture
def pages(desk):  # noqa: F811
    """The addresses of the pages, beside those of the others of the desk."""
    factories.TopicFactory(name_en="Prisons")
    document = factories.IntakeFactory(text="We will build two prisons.\nNo child shall be hungry.")
    factories.CandidateFactory(intake=document, sentence="We will build two prisons.")
    desk["give"] = reverse("admin:pledges_intake_add")
    desk["document"] = reverse("admin:pledges_intake_change", args=[document.pk])
    return desk


def test_from_a_pasted_text_to_a_draft_by_keyboard_and_without_scripts(pages, browse):  # noqa: F811
    page = browse("give", java_script_enabled=False)
    page.get_by_label("Paste the text").fill(SPEECH)
    page.get_by_label("Made in mandate").select_option(index=1)
    page.get_by_label("Publisher").fill("Presidency")
    page.get_by_role("button", name="Look for pledges").press("Enter")
    page.get_by_text("One sentence may hold a pledge.").wait_for(timeout=60_000)
    page.get_by_label("Take: build two prisons").press("Space")
    page.get_by_role("button", name="Make drafts of what is ticked").press("Enter")
    page.get_by_label("Said on").fill("2024-01-10")
    page.get_by_label("Prisons", exact=True).press("Space")
    page.get_by_role("button", name="Make the draft").press("Enter")
    page.get_by_text("One draft is made.").wait_for()
    candidate = Candidate.objects.get(intake__text=SPEECH)
    assert candidate.pledge == Pledge.objects.get(slug="build-two-prisons")
    assert candidate.pledge.wordings.get().title_en == "Build two prisons"


def test_what_is_selected_in_the_text_comes_into_the_field(pages, browse):  # noqa: F811
    page = browse("document")
    select = "document.getSelection().selectAllChildren(document.querySelector('.intake-scroll'))"
    page.evaluate(select)  # across a mark and the number of its card
    field = page.get_by_label("A pledge that was missed")
    page.wait_for_function("document.getElementById('id_sentence').value !== ''")
    assert field.input_value() == "We will build two prisons.\nNo child shall be hungry."
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('#intake-text-title'))")
    assert field.input_value() == "We will build two prisons.\nNo child shall be hungry."
    page.evaluate(
        "(() => { const last = document.querySelector('.intake-scroll').lastChild;"
        " document.getSelection().setBaseAndExtent(last, 0, last, last.length); })()"
    )
    page.wait_for_function("!document.getElementById('id_sentence').value.includes('prisons')")
    page.get_by_role("button", name="Mark it").click()
    page.get_by_text("It is one of the candidates now.").wait_for()
    assert page.complaints == []
