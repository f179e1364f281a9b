"""The whole story, by keyboard alone: a reporter accepts a lead, an editor publishes, readers see it, the chain holds.

What it costs is counted: the screens between the inbox and the publication, and the keys. How long the machine takes is
noted with the test's result (`pytest --junit-xml`), never asserted.
"""

import io
import re
import time
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pledges.models import Edition, Lead, Pledge, Update
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NEWS = "A second wing of the Cárcel del Encuentro was opened on Monday."
INBOX = reverse("admin:pledges_lead_changelist")
FOCUSED = "element => element === document.activeElement"
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement.tagName === "IFRAME" || style.outlineStyle !== "none" || style.boxShadow !== "none"
        || style.textDecorationLine !== "none" || style.borderColor !== "rgb(204, 204, 204)";
}"""


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


class Hands:
    """Two hands on a keyboard, before a page: what they press is counted, and which screens they see."""

    def __init__(self, page):
        self.page, self.pressed, self.typed, self.screens, self.loads = page, 0, 0, [], 0
        self.began = time.perf_counter()
        page.on("framenavigated", lambda frame: frame == page.main_frame and self._see(frame.url))

    def _see(self, url: str) -> None:
        path = urlsplit(url).path
        self.loads += 1
        if path not in self.screens:
            self.screens.append(path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += len(text)

    def reach(self, thing, most: int = 60) -> None:
        """Tab until the thing has the focus. One sees on the way where one is, and is never caught."""
        for _step in range(most):
            self.press("Tab")
            assert self.page.evaluate(SEEN), self.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            if thing.evaluate(FOCUSED):
                return
        raise AssertionError(f"{thing} is not reached by {most} tabs")

    def follow(self, role: str, name: str | re.Pattern) -> None:
        """Skip to the content, go on to a link or a button there, and press it."""
        if self.page.evaluate("document.activeElement === document.body"):
            self.press("Tab", "Enter")
        self.reach(self.page.locator("#container, body").first.get_by_role(role, name=name).first)
        self.press("Enter")

    def log_in(self, username: str) -> None:
        self.reach(self.page.locator("[name=login]"))
        self.type(username)
        self.press("Tab")
        self.type(f"secret of {username}")
        self.press("Enter")
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()
        self.pressed = self.typed = self.loads = 0
        self.screens = [urlsplit(self.page.url).path]
        self.began = time.perf_counter()


def test_from_a_lead_to_the_reader_by_keyboard_alone(open_page, lead, record_property):
    before = Edition.objects.count()
    reader = open_page("/en/pledges/new-prisons/")
    expect(reader.locator("main")).not_to_contain_text("second wing", ignore_case=True)

    rosa = open_page(INBOX, locale="en-GB")
    hers = Hands(rosa)
    hers.log_in("rosa")
    rosa.locator(".desk-scripted").wait_for()
    hers.press("j", "w")
    rosa.wait_for_url("**/update/*/change/")
    update = Lead.objects.get(pk=lead).update
    where = reverse("admin:pledges_update_change", args=[update.pk])
    expect(rosa).to_have_url(re.compile(re.escape(where)))
    expect(rosa.locator("#id_text_en")).to_have_value(f"The Daily Example reported: “{NEWS}”")
    assert update.evidence.get().url == "https://daily.example/second-wing"
    expect(rosa.get_by_role("button", name="Save and publish")).to_have_count(0)
    hers.press("Tab", "Enter")
    hers.reach(rosa.locator("#id_text_en"))
    hers.press("Control+a")
    hers.type("The prison got a second wing.")
    hers.press("Tab")
    hers.type("La cárcel tiene un segundo pabellón.")
    hers.press("Control+Enter")
    expect(rosa.get_by_role("heading", level=1)).to_contain_text("Preview of")
    expect(rosa.frame_locator(".desk-page").locator("main")).to_contain_text("The prison got a second wing.")
    hers.follow("link", "Hand over")
    hers.reach(rosa.get_by_role("button", name="Submit for review"), 3)
    hers.press("Enter")
    expect(rosa.locator(".success")).to_contain_text("Submitted")
    reporter = (hers.pressed, hers.typed, hers.loads, time.perf_counter() - hers.began)
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
    hers.reach(rosa.get_by_role("button", name="Log out"))
    hers.press("Enter")
    expect(rosa.get_by_role("button", name="Log out")).to_have_count(0)

    elena = open_page(where, locale="en-GB")  # as the notice by e-mail leads there
    theirs = Hands(elena)
    theirs.log_in("elena")
    theirs.follow("link", "Preview")
    expect(elena.get_by_role("heading", level=1)).to_contain_text("Preview of")
    theirs.follow("link", "Decide")
    theirs.reach(elena.get_by_role("button", name="Publish now"), 3)
    theirs.press("Enter")
    expect(elena.locator(".success")).to_contain_text(f"Published in edition {before + 1}.")
    editor = (theirs.pressed, theirs.typed, theirs.loads, time.perf_counter() - theirs.began)
    assert Update.objects.get(pk=update.pk).published_by.username == "elena"

    reader.reload()
    by_key = Hands(reader)
    by_key.press("Tab", "Enter")
    expect(reader.locator("main")).to_be_focused()
    expect(reader.locator("main")).to_contain_text("The prison got a second wing.")
    expect(reader.locator("#edition-line")).to_contain_text(f"Edition {before + 1}")
    by_key.reach(reader.locator("main").get_by_role("link", name="The Daily Example").first)
    reader.goto("/es/")
    expect(reader.locator("main")).to_contain_text("La cárcel tiene un segundo pabellón.")

    screens = list(dict.fromkeys(hers.screens[: hers.screens.index(where) + 2] + theirs.screens))
    assert screens == [INBOX, where, f"{where.removesuffix('change/')}preview/"]
    for who, (pressed, typed, loads, seconds) in {"reporter": reporter, "editor": editor}.items():
        said = f"{pressed} keys, {typed} letters, {loads} pages loaded, {seconds:.1f} s"
        record_property(who, said)
        print(f"{who}: {said}")
    assert reporter[0] <= 27
    assert editor[0] <= 13

    said = io.StringIO()
    call_command("verify", stdout=said)
    assert f"{before + 1} editions verified" in said.getvalue()
