"""The tour of docs/editors.md through the desk, walked: see guide.py."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from pledges.models import Edition, Mandate, Pledge, Story
from pledges.tests.e2e import guide
from pledges.tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NEWS = "The plan for a second maximum-security prison has been given up, the ministry said on Monday."
ARTICLE = f"""{NEWS}

The first of the two prisons, in the province of Santa Elena, has held inmates since November.

The site that was meant for the second one goes back to the town, a spokesman said."""
SPEECH = """My fellow citizens, this year was hard.

We will open forty health centres in the countryside by December 2027. Nobody will have to travel a day to see a doctor.

By the middle of next year every public school will have clean water. I thank the teachers for their patience.

We will also strengthen security at ports and airports. Together we shall succeed."""
TOPICS = "slug,name_en,name_es\nhealth,Health,Salud\nprisons,Prisons and jails,Cárceles\n"


@pytest.fixture(scope="module")
def people(site, django_db_blocker) -> dict[str, str]:
    """The sessions of Rosa, Elena and Paula, and what waits for them: committed, for the server to see."""
    with django_db_blocker.unblock():
        who = {
            "rosa": factories.ReporterFactory(username="rosa", first_name="Rosa", byline="Rosa Vera"),
            "elena": factories.EditorFactory(username="elena", first_name="Elena", byline="Elena Paz"),
            "paula": factories.PublisherFactory(username="paula", first_name="Paula", byline="Paula Sol"),
        }
        newswire = factories.SourceFactory(name="Sample newswire", sample=True)
        read = {each["slug"]: each for each in json.loads(_data("newswire.json"))}
        for slug, pledge, score, suggestion in (
            ("minister-will-publish-names-of-judges", "name-judges-prosecutors", 0.74, ""),
            ("court-suspends-parts-of-intelligence-law", "intelligence-unit", 0.83, "as_before"),
        ):
            story = read[slug]
            factories.LeadFactory(
                pledge=Pledge.objects.get(slug=pledge),
                article__source=newswire,
                article__title=story["title"],
                article__publisher=story["outlet"],
                article__text="\n\n".join(story["paragraphs"]),
                article__published_at=story["published_at"],
                sentence=story["paragraphs"][0],
                words=["intelligence", "law"] if "law" in slug else ["judges", "prosecutors"],
                score=score,
                suggestion=suggestion,
                suggested_status="",
                cue="",
            )
        lead = factories.LeadFactory(
            pledge=Pledge.objects.get(slug="new-prisons"),
            article__source=newswire,
            article__title="Plan for a second maximum-security prison is given up",
            article__text=ARTICLE,
            article__published_at=timezone.now() - timedelta(days=75),  # so that the strip shows what follows
            article__story=Story.objects.create(opened_at=timezone.now()),
            sentence=NEWS,
            words=["prison", "maximum", "security"],
            score=0.94,
            suggested_status="partly_kept",
            cue="given up",
        )
        factories.ArticleFactory(
            story=lead.article.story, publisher="Radio Example", title="Second prison will not be built"
        )
        sessions = {}
        for name, person in who.items():
            client = Client()
            client.force_login(person)
            sessions[name] = client.cookies["sessionid"].value
        return sessions


def _data(name: str) -> str:
    return (settings.BASE_DIR / "pledges" / "data" / name).read_text()


@pytest.fixture
def desk(open_page, site, people):
    """`desk("rosa")`: the first page of the desk in a browser of hers."""

    def log_in(who: str) -> Page:
        page = open_page("/en/", locale="en-GB", height=860)
        page.context.add_cookies([{"name": "sessionid", "value": people[who], "url": site}])
        page.goto("/admin/")
        return page

    return log_in


@pytest.fixture
def stop(pictures):
    """`stop(page, "day", to=locator)`: see `guide.walk`."""
    yield from guide.walk("editors.md", "desk", pictures)


def test_the_tour(desk, stop):
    rosa = desk("rosa")
    stop(rosa, "day", to=rosa.locator(".desk-work").last)
    rosa.get_by_role("link", name="Inbox").first.click()
    rosa.locator(".desk-scripted #result_list").wait_for()
    rosa.keyboard.press("j")
    expect(rosa.locator(".desk-current h2")).to_have_text("Plan for a second maximum-security prison is given up")
    stop(rosa, "inbox", since=rosa.locator(".desk-keybar"), to=rosa.locator(".desk-current"))
    rosa.keyboard.press("o")
    rosa.locator(".desk-scripted #desk-one").wait_for()
    stop(rosa, "lead", to=rosa.locator(".desk-decide"))

    rosa.keyboard.press("w")
    rosa.locator("#id_text_en").fill("The ministry gave up the second prison. The first one holds inmates.")
    rosa.locator("#id_text_es").fill("El ministerio descartó la segunda cárcel. En la primera hay presos.")
    rosa.locator("#id_failure_reason").select_option("under_delivered")
    expect(rosa.locator("#desk-kept")).to_contain_text("Kept at")
    stop(rosa, "draft", since=rosa.locator("#desk-kept"), to=rosa.locator("#id_failure_reason"))
    rosa.keyboard.press("Control+Enter")
    rosa.locator(".desk-review").wait_for()
    expect(rosa.frame_locator(".desk-strips").locator("svg[role=img]")).to_have_count(2)
    expect(rosa.frame_locator(".desk-page").locator("main")).to_contain_text("The ministry gave up the second prison.")
    stop(rosa, "preview", to=rosa.locator(".desk-strips"))
    rosa.locator("[name=text]").fill("The spokesman is not named; the ministry confirmed it by telephone.")
    rosa.get_by_role("button", name="Add the comment").click()
    rosa.get_by_role("button", name="Submit for review").click()
    expect(rosa.locator(".success")).to_contain_text("Submitted")

    elena = desk("elena")
    elena.locator(".desk-work").get_by_role("link", name="review").first.click()
    elena.locator("#result_list tbody th a").first.click()
    elena.get_by_role("link", name=re.compile("Preview and 1 comment")).click()
    expect(elena.frame_locator(".desk-page").locator("main")).to_contain_text("The ministry gave up the second prison.")
    stop(elena, "review", since=elena.locator("#content h1"), to=790)
    elena.get_by_role("button", name="Publish now").click()
    expect(elena.locator(".success")).to_contain_text(f"Published in edition {Edition.objects.count()}.")
    elena.goto("/en/pledges/new-prisons/")
    stop(elena, "public", to=elena.locator("main figure").first)

    elena.goto(reverse("admin:pledges_intake_add"))
    elena.locator("[name=title]").fill("Address to the nation")
    elena.locator("[name=pasted]").fill(SPEECH)
    elena.locator("[name=mandate]").select_option(label=str(Mandate.objects.get(slug="noboa-2025")))
    elena.locator("#content form button[type=submit]").first.click()
    elena.locator(".intake-card").first.wait_for()
    stop(elena, "document", to=700)
    elena.goto("/admin/exchange/topics/import/")
    file = {"name": "topics.csv", "mimeType": "text/csv", "buffer": TOPICS.encode()}
    elena.locator("input[type=file]").set_input_files(file)
    elena.get_by_role("button", name="Show what it would do").click()
    elena.locator("#desk-fates").wait_for()
    stop(elena, "import", to=elena.locator("#desk-fates ~ .results").last)
    elena.goto(reverse("admin:pledges_record"))
    stop(elena, "record", to=700)
    paula = desk("paula")
    paula.goto(reverse("admin:pledges_mandate_close", args=[Mandate.objects.get(slug="noboa-2023").pk]))
    stop(paula, "mandate", to=640)
