"""The whole story: a reporter accepts a lead, an editor publishes, readers see it at once and the chain holds."""

import io
import re

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pledges.models import Edition, Lead, Pledge, Update
from pledges.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NEWS = "A second wing of the Cárcel del Encuentro was opened on Monday."


@pytest.fixture(scope="module")
def lead(site, django_db_blocker):
    """A lead on a public pledge, and two people with passwords: committed, for the server to see."""
    with django_db_blocker.unblock():
        for username, person in (("rosa", factories.ReporterFactory), ("elena", factories.EditorFactory)):
            person(username=username, byline=username.title(), password=make_password(f"secret of {username}"))
        return factories.LeadFactory(
            pledge=Pledge.objects.get(slug="new-prisons"),
            article__title="Second wing opened at the Encuentro",
            article__url="https://daily.example/second-wing",
            article__published_at=timezone.now(),
            sentence=NEWS,
            suggested_status="in_progress",
        ).pk


@pytest.fixture
def desk(open_page):
    """`desk("rosa")`: the desk's first page in a browser of her own, logged in."""

    def log_in(username):
        page = open_page("/admin/", locale="en-GB")
        page.locator("[name=login]").fill(username)
        page.locator("[name=password]").fill(f"secret of {username}")
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        return page

    return log_in


def test_from_a_lead_to_the_reader(desk, open_page, lead):
    before = Edition.objects.count()
    reader = open_page("/en/pledges/new-prisons/")
    expect(reader.locator("main")).not_to_contain_text("second wing", ignore_case=True)

    rosa = desk("rosa")
    rosa.goto(reverse("admin:pledges_lead_changelist"))
    rosa.get_by_role("link", name="Second wing opened at the Encuentro").click()
    expect(rosa.locator("main")).to_contain_text(NEWS)
    rosa.get_by_role("button", name="Accept and write the update").click()
    update = Lead.objects.get(pk=lead).update
    where = reverse("admin:pledges_update_change", args=[update.pk])
    expect(rosa).to_have_url(re.compile(re.escape(where)))
    expect(rosa.locator("#id_text_en")).to_have_value(f"The Daily Example reported: “{NEWS}”")
    assert update.evidence.get().url == "https://daily.example/second-wing"
    rosa.locator("#id_text_en").fill("The prison got a second wing.")
    rosa.locator("#id_text_es").fill("La cárcel tiene un segundo pabellón.")
    expect(rosa.get_by_role("button", name="Save and publish")).to_have_count(0)
    rosa.get_by_role("button", name="Save and submit for review").click()
    expect(rosa.locator(".success")).to_contain_text("Submitted")
    update.refresh_from_db()
    assert (update.state, update.text_en) == ("review", "The prison got a second wing.")

    token = next(cookie["value"] for cookie in rosa.context.cookies() if cookie["name"] == "csrftoken")
    refused = rosa.request.post(
        where, form={"_publish": "1", "csrfmiddlewaretoken": token}, headers={"Referer": rosa.url}
    )
    assert refused.status in (200, 403)
    update.refresh_from_db()
    assert update.state == "review"
    assert Edition.objects.count() == before

    elena = desk("elena")
    elena.goto(where)
    elena.get_by_role("button", name="Save and publish").click()
    expect(elena.get_by_text(f"edition {before + 1}", exact=False).first).to_be_visible()
    assert Update.objects.get(pk=update.pk).published_by.username == "elena"

    reader.reload()
    expect(reader.locator("main")).to_contain_text("The prison got a second wing.")
    expect(reader.locator("#edition-line")).to_contain_text(f"Edition {before + 1}")
    reader.goto("/es/")
    expect(reader.locator("main")).to_contain_text("La cárcel tiene un segundo pabellón.")

    said = io.StringIO()
    call_command("verify", stdout=said)
    assert f"{before + 1} editions verified" in said.getvalue()
