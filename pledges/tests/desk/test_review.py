"""The preview: the reader's page with the draft in it, what changes, comments, and what is decided there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import drafts, leads, publishing, scheduling
from pledges.models import Comment, Edition, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def at(item, route: str = "preview") -> str:
    return reverse(f"admin:pledges_{item._meta.model_name}_{route}", args=[item.pk])


def seen(item) -> dict:
    item.refresh_from_db()
    return {"seen": item.updated_at.isoformat()}


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_framed_page_is_what_readers_then_get(client, editor, django_capture_on_commit_callbacks):
    first = factories.PublishedUpdateFactory(status="in_progress", text_en="It began.", happened_on="2024-01-10")
    draft = factories.UpdateFactory(pledge=first.pledge, status="kept", text_en="It opened.", happened_on="2024-06-01")
    response = client.get(at(draft, "preview_page"))
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    framed = response.content.decode()
    before = client.get(reverse("pledge", args=[first.pledge.slug])).content.decode()
    assert "It opened." not in before  # nothing was written, and what others read is untouched
    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(draft, by=editor)
    after = client.get(reverse("pledge", args=[first.pledge.slug])).content.decode()

    def main(html):
        return html.partition("<main")[2].partition("</main>")[0].replace('<a target="_blank" ', "<a ")

    assert "It opened." in main(framed)
    assert main(framed) == main(after)
    assert "<script" not in framed


def test_nothing_is_written_by_looking(client, reporter):
    draft = factories.UpdateFactory(author=reporter)
    version = seen(draft)
    for route in ("preview", "preview_page", "preview_strips"):
        assert client.get(at(draft, route)).status_code == 200
    assert seen(draft) == version
    assert draft.state == "draft"
    assert not Edition.objects.filter(items__kind="update").exists()


def test_in_both_languages(client, reporter):
    draft = factories.UpdateFactory(author=reporter, text_en="It opened.", text_es="Se inauguró.")
    assert "Se inauguró." in client.get(at(draft, "preview_page"), {"lang": "es"}).content.decode()
    english = client.get(at(draft, "preview_page"), {"lang": "en"}).content.decode()
    assert 'lang="en"' in english
    assert "It opened." in english
    assert "lang=es" in client.get(at(draft), {"lang": "es"}).content.decode()
    assert client.get(at(draft), {"lang": "<script>"}).status_code == 200


def test_status_and_deadline_before_and_after(client, reporter):
    first = factories.PublishedUpdateFactory(status="in_progress", happened_on="2024-01-10")
    draft = factories.UpdateFactory(pledge=first.pledge, status="kept", happened_on="2024-06-01", author=reporter)
    response = client.get(at(draft))
    assert response.context["before"]["status"] == "In progress"
    assert response.context["after"] == {
        "status": "Kept",
        "since": "since 1 June 2024",
        "due": response.context["after"]["due"],
    }
    strips = client.get(at(draft, "preview_strips")).content.decode()
    assert strips.count('class="strip large"') == 2


def test_a_correction_shows_the_words_that_change(client, editor):
    update = factories.PublishedUpdateFactory(status="kept", text_en="The prison opened in May.")
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="The prison opened in June.", correction_note_en="The month.")
    html = client.get(at(draft)).content.decode()
    assert "The prison opened in <del>May</del><ins>June</ins>." in html


def test_a_rewording_and_a_first_wording(client, editor):
    pledge = factories.PublishedPledgeFactory(wording__statement_en="Build two prisons.")
    wording = publishing.start_wording(pledge=pledge, by=factories.EditorFactory())
    type(wording).objects.filter(pk=wording.pk).update(statement_en="Build <b>three</b> prisons.")
    assert (
        "Build <del>two</del><ins>&lt;b&gt;three&lt;/b&gt;</ins> prisons." in client.get(at(wording)).content.decode()
    )
    assert "Build &lt;b&gt;three" in client.get(at(wording, "preview_page")).content.decode()
    first = factories.WordingFactory()
    response = client.get(at(first))
    assert response.context["before"]["status"] == "Not public yet"
    assert client.get(at(first, "preview_page")).status_code == 200


def test_an_update_of_a_pledge_that_is_not_public(client, reporter):
    draft = factories.UpdateFactory(pledge=factories.WordingFactory().pledge, author=reporter)
    html = client.get(at(draft)).content.decode()
    assert "Publish the pledge with its criteria first." in html
    assert client.get(at(draft, "preview_page")).status_code == 200
    assert client.get(at(draft, "preview_strips")).status_code == 200


def test_from_the_draft_to_the_readers_in_three_screens(client, reporter):
    lead = factories.LeadFactory(pledge=factories.PublishedPledgeFactory(), suggested_status="in_progress")
    client.post(reverse("admin:pledges_lead_accept", args=[lead.pk]))  # opens the first
    update = Update.objects.get()
    assert client.get(at(update)).status_code == 200  # the second
    client.post(at(update, "submit"), seen(update))
    client.force_login(factories.EditorFactory())
    html = client.get(at(update)).content.decode()  # the third
    assert "Publish now" in html
    response = client.post(at(update, "publish"), seen(update), follow=True)
    update.refresh_from_db()
    assert update.is_published
    assert f"Published in edition {update.edition_id}." in messages(response)


def test_the_sentence_stands_in_its_context(client, reporter):
    lead = factories.LeadFactory(
        pledge=factories.PublishedPledgeFactory(),
        article__capture=factories.CaptureFactory(),
        article__text="First <part>.\n\nHe said so. The wing opened. Others doubt it.\n\nLast.\n\nFar away.",
        sentence="The wing opened.",
    )
    update = leads.accept_lead(lead=lead, by=reporter)
    where = reverse("admin:pledges_update_change", args=[update.pk])
    html = client.get(where).content.decode()
    assert (
        "<p>First &lt;part&gt;.</p><p>He said so. <mark>The wing opened.</mark> Others doubt it.</p><p>Last.</p>"
        in html
    )
    assert "Far away." not in html
    update.evidence.update(sentence="He never said this.")
    assert "not found in what was captured" in client.get(where).content.decode()


@pytest.mark.parametrize("route", ["submit", "publish", "schedule"])
def test_only_the_version_that_was_looked_at(client, route):
    author, editor = factories.ReporterFactory(), factories.EditorFactory()
    update = factories.UpdateFactory(author=author)
    client.force_login(editor)
    data = seen(update) | {"at": "2999-01-01T10:00"}
    Update.objects.get(pk=update.pk).save()
    response = client.post(at(update, route), data, follow=True)
    assert "changed since you opened it" in messages(response)
    assert "What was changed since you opened it" in response.content.decode()
    for bad in ({}, {"seen": "x"}, {"seen": "2024-13-45T00:00"}):
        client.post(at(update, route), data | bad if bad else {"at": data["at"]})
    update.refresh_from_db()
    assert (update.state, update.publish_at) == ("draft", None)


@pytest.mark.django_db(transaction=True)
def test_what_was_changed_is_shown(client):
    update = factories.UpdateFactory(text_en="Work began.", author=factories.ReporterFactory(byline="Rosa"))
    editor = factories.EditorFactory()
    client.force_login(editor)
    data = seen(update)
    Update.objects.get(pk=update.pk).save()  # not a word
    changed = Update.objects.get(pk=update.pk)
    changed.text_en = "Work stopped."
    changed.save()
    html = client.post(at(update, "publish"), data, follow=True).content.decode()
    assert "<del>Work began.</del> <ins>Work stopped.</ins>" in html


def test_comments(client, reporter):
    update = factories.UpdateFactory(author=reporter)
    response = client.post(at(update, "comment"), {"text": "Is it <May>?"}, follow=True)
    assert response.redirect_chain[-1][0] == at(update)
    assert "Is it &lt;May&gt;?" in response.content.decode()
    assert Comment.objects.get().author == reporter
    for text in ("", " \x00", "x" * 5001):
        client.post(at(update, "comment"), {"text": text})
    assert Comment.objects.count() == 1
    editor = factories.EditorFactory(byline="Elena")
    client.force_login(editor)
    client.post(at(update, "submit"), seen(update))
    client.post(at(update, "send-back"), {"review_note": "Which day?"})
    update.refresh_from_db()
    assert (update.state, update.review_note) == ("draft", "Elena: Which day?")
    assert list(update.comments.values_list("text", flat=True)) == ["Is it <May>?", "Which day?"]


def test_problems_stand_beside_the_button(client, editor):
    update = factories.UpdateFactory(author=editor)
    html = client.get(at(update)).content.decode()
    assert "somebody else has to publish it" in html
    assert "disabled>Publish now" in html
    client.post(at(update, "publish"), seen(update))
    update.refresh_from_db()
    assert update.state == "draft"


def test_publishing_at_a_time_of_the_newsrooms_clock(client, editor, settings):
    update = factories.UpdateFactory()
    response = client.post(at(update, "schedule"), seen(update) | {"at": "2999-03-01T09:30"}, follow=True)
    update.refresh_from_db()
    assert (update.state, update.scheduled_by) == ("review", editor)
    assert timezone.localtime(update.publish_at).strftime("%Y-%m-%d %H:%M") == "2999-03-01 09:30"
    assert settings.TIME_ZONE in messages(response)
    client.post(at(update, "unschedule"))
    update.refresh_from_db()
    assert (update.state, update.publish_at) == ("review", None)


@pytest.mark.parametrize("when", ["", "soon", "2020-01-01T09:00", "2999-03-01T25:00"])
def test_a_time_that_is_none_or_past_is_answered_on_the_page(client, editor, when):
    update = factories.UpdateFactory()
    response = client.post(at(update, "schedule"), seen(update) | {"at": when})
    assert response.status_code == 422
    assert response.context["schedule_form"].errors
    update.refresh_from_db()
    assert update.publish_at is None


@pytest.mark.parametrize("when", ["2030-03-31T02:30", "2030-10-27T02:30"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(client, editor, when):
    update = factories.UpdateFactory()
    with timezone.override("Europe/Madrid"):
        response = client.post(at(update, "schedule"), seen(update) | {"at": when})
    assert response.status_code == 422


def test_changing_the_words_takes_the_time_back(client, editor):
    from pledges.tests.desk.test_updates import typed

    update = factories.UpdateFactory()
    scheduling.schedule(item=update, by=editor, at=timezone.now() + timedelta(days=1))
    update.refresh_from_db()
    page = reverse("admin:pledges_update_change", args=[update.pk])
    assert "Changing its words takes that time back" in client.get(page).content.decode()
    client.post(page, typed(update) | {"_preview": "1"})
    update.refresh_from_db()
    assert update.publish_at
    response = client.post(page, typed(update, text_en="Other words.") | {"_preview": "1"}, follow=True)
    update.refresh_from_db()
    assert (update.state, update.publish_at, update.text_en) == ("review", None, "Other words.")
    assert "without a time" in messages(response)
    assert response.redirect_chain[-1][0] == at(update)


ACTS = ["submit", "publish", "schedule", "unschedule", "send-back", "comment"]
LOOKS = ["preview", "preview_page", "preview_strips"]


@pytest.mark.parametrize("kind", [factories.UpdateFactory, factories.WordingFactory])
def test_who_may(client, kind):
    item = kind()
    for route in LOOKS + ACTS:
        assert client.post(at(item, route)).url.startswith(reverse("admin:login"))
    client.force_login(factories.UserFactory())
    for route in LOOKS + ACTS:
        assert client.post(at(item, route)).status_code == 403, route
    client.force_login(factories.ReporterFactory())
    data = {"at": "2999-01-01T10:00", "review_note": "x", "text": "x"} | seen(item)
    for route in LOOKS:
        assert client.get(at(item, route)).status_code == 200, route
    for route in ACTS[:-1]:
        assert client.get(at(item, route)).status_code == 405, route
        assert client.post(at(item, route), data).status_code == 403, route
    item.refresh_from_db()
    assert item.state == "draft"
    client.force_login(factories.EditorFactory())
    for route in ACTS:
        assert client.get(at(item, route)).status_code == 405, route
        assert client.post(at(item, route), data).status_code == 302, route


def test_what_is_published_meanwhile(client, editor):
    update = factories.UpdateFactory()
    data = seen(update)
    publishing.publish(update, by=factories.EditorFactory(byline="Elvira"))
    for route in ACTS:
        response = client.post(at(update, route), data | {"at": "2999-01-01T10:00"}, follow=True)
        assert "Elvira has published this" in messages(response)
    assert client.get(at(update), follow=True).redirect_chain[-1][0].endswith("/change/")
    assert client.get(at(Update(pk=99999)), follow=True).status_code == 200


def test_a_fixed_number_of_queries(client, editor, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    draft = factories.UpdateFactory()
    drafts.comment(item=draft, by=editor, text="First.")
    client.get(at(draft))
    with CaptureQueriesContext(connection) as few:
        client.get(at(draft))
    for number in range(6):
        factories.PublishedUpdateFactory(pledge=draft.pledge, happened_on=f"2024-02-0{number + 1}")
        drafts.comment(item=draft, by=factories.ReporterFactory(), text=f"{number}")
    client.get(at(draft))
    with CaptureQueriesContext(connection) as many:
        client.get(at(draft))
    assert len(many) <= len(few) + 2  # the first update and its evidence
