"""Many drafts at once: imported, submitted, read and published by two people, in one edition."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges.actions import publishing, together
from pledges.models import Edition, Update, Wording
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
LISTS = {name: reverse(f"admin:pledges_{name}_changelist") for name in ("pledge", "wording", "update")}
SUBMIT, REVIEW = "submit_selected", "review_selected"


def choose(client, name: str, action: str, rows, **query):
    """Tick rows in a list, choose what to do with them, and press Go."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"{LISTS[name]}?{urlencode(query)}", data, follow=True)


def seen(rows) -> dict[str, str]:
    return {f"seen-{row.pk}": type(row).objects.get(pk=row.pk).updated_at.isoformat() for row in rows}


def decide(client, page, rows, **choices):
    """Press the button of the page, with what it showed; `choices` are by id, publish for all others."""
    chosen = {f"choice-{row.pk}": "publish" for row in rows}
    return client.post(address(page), {**seen(rows), **chosen, **choices}, follow=True)


def address(page) -> str:
    return page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"]


def said(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def text(page) -> str:
    return " ".join(page.content.decode().split())


def in_review(count: int, factory=factories.WordingFactory, **words) -> list:
    rows = [factory(**words) for _number in range(count)]
    for row in rows:
        publishing.submit_for_review(item=row, by=row.author)
    return rows


def thirty_pledges() -> bytes:
    mandate = factories.MandateFactory(slug="term")
    factories.TopicFactory(slug="roads")
    factories.SourceDocumentFactory(slug="speech", published_on=mandate.starts_on)
    out = io.StringIO()
    columns = ("slug", "mandate", "made_on", "source_document", "topics", "title_en", "statement_en", "kept_en")
    writer = csv.writer(out)
    writer.writerow((*columns, "broken_en"))
    for number in range(30):
        titles = (f"Build road {number}", f"The government will build road {number}.")
        writer.writerow(
            (f"road-{number}", "term", mandate.starts_on, "speech", "roads", *titles, "It is open.", "Given up.")
        )
    return out.getvalue().encode()


@pytest.fixture
def pages(client, monkeypatch):
    """The addresses of the pages that the client was shown, without redirects."""
    shown = []

    def counted(send):
        def request(*args, **kwargs):
            response = send(*args, **kwargs)
            if not getattr(response, "redirect_chain", []) and response.status_code < 300:
                shown.append(response.request["PATH_INFO"])
            return response

        return request

    monkeypatch.setattr(client, "get", counted(client.get))
    monkeypatch.setattr(client, "post", counted(client.post))
    return shown


def test_thirty_pledges_are_imported_and_published_by_two_people_on_nine_pages_in_one_edition(client, editor, pages):
    where = reverse("exchange:import", args=["pledges"])
    client.get(where)
    shown = client.post(where, {"file": SimpleUploadedFile("pledges.csv", thirty_pledges())})
    data = {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint}
    imported = client.post(where, data, follow=True)
    pledges = list(imported.context["cl"].result_list)
    assert len(pledges) == 30
    confirm = choose(client, "pledge", SUBMIT, pledges)
    assert "30 drafts can be submitted" in text(confirm)
    drafts = list(Wording.objects.order_by("pk"))
    submitted = client.post(address(confirm), seen(drafts), follow=True)
    assert "30 drafts are submitted." in said(submitted)

    client.force_login(factories.EditorFactory())
    waiting = client.get(LISTS["wording"], {"waits": "me"})
    reading = choose(client, "wording", REVIEW, waiting.context["cl"].result_list, waits="me")
    assert text(reading).count('class="desk-one"') == 30
    assert "The government will build road 29." in text(reading)
    before = Edition.objects.count()
    ticked = client.post(address(reading), {**seen(drafts), "_tick": "1"})
    assert text(ticked).count('value="publish" checked') == 30
    done = decide(client, reading, drafts)
    edition = Edition.objects.get(number=before + 1)
    assert f"30 drafts are published in edition {edition.number}." in said(done)
    assert Edition.objects.count() == before + 1
    assert Wording.objects.filter(edition=edition, state="published").count() == 30
    assert edition.items.filter(kind="pledge").count() == 30
    assert len(pages) == 9


def test_what_cannot_be_submitted_is_named_and_the_rest_is_submitted(client, editor):
    good = factories.UpdateFactory(author=editor)
    bare = factories.UpdateFactory(author=editor, evidence=None)
    (waiting,) = in_review(1, factories.UpdateFactory)
    page = choose(client, "update", SUBMIT, [good, bare, waiting])
    assert [row.item for row in page.context["ready"]] == [good]
    reasons = {row.item: row.problems for row in page.context["hindered"]}
    assert reasons == {
        bare: ["Add at least one piece of evidence: an update without evidence cannot be published."],
        waiting: ["Only a draft can be submitted for review."],
    }
    assert reverse("admin:pledges_update_preview", args=[bare.pk]) in text(page)
    done = client.post(address(page), seen([good]), follow=True)
    assert "1 draft is submitted." in said(done)
    assert [row.pk for row in done.context["cl"].result_list] == [good.pk]
    assert list(Update.objects.filter(state="draft")) == [bare]


def test_a_reporter_submits_own_drafts_only_and_publishes_none(client, reporter):
    own, other = factories.UpdateFactory(author=reporter), factories.UpdateFactory()
    page = choose(client, "update", SUBMIT, [own, other])
    assert [row.item for row in page.context["ready"]] == [own]
    client.post(address(page), seen([own, other]))
    assert list(Update.objects.filter(state="review")) == [own]
    assert "Read and publish together" not in text(client.get(LISTS["update"]))
    where = f"{reverse('admin:pledges_update_review_many')}?ids={own.pk}"
    assert client.get(where).status_code == 403
    assert client.post(where, {**seen([own]), f"choice-{own.pk}": "publish"}).status_code == 403


def test_each_draft_shows_its_new_words_and_evidence_and_is_published_or_sent_back_with_a_note(client, editor):
    rows = in_review(3, factories.UpdateFactory, text_en="The wing <b>opened</b>.")
    page = choose(client, "update", REVIEW, rows)
    html = text(page)
    assert html.count("The wing &lt;b&gt;opened&lt;/b&gt;.") == 3
    assert html.count('<blockquote lang="en">Work on it began on Monday.</blockquote>') == 3
    sent = {f"choice-{rows[1].pk}": "back", f"note-{rows[1].pk}": "Which wing?", f"choice-{rows[2].pk}": ""}
    done = decide(client, page, rows, **sent)
    assert "1 draft is sent back." in said(done)
    states = {row.pk: row.state for row in Update.objects.all()}
    assert [states[row.pk] for row in rows] == ["published", "draft", "review"]
    assert "Which wing?" in Update.objects.get(pk=rows[1].pk).review_note


def test_a_note_is_needed_and_nothing_is_lost_without_it(client, editor):
    rows = in_review(2)
    page = choose(client, "wording", REVIEW, rows)
    refused = decide(client, page, rows, **{f"choice-{rows[0].pk}": "back"})
    assert refused.status_code == 422
    assert "Say what should be changed." in text(refused)
    assert {row.item: row.choice for row in refused.context["rows"]} == {rows[0]: "back", rows[1]: "publish"}
    assert decide(client, page, rows, **{f"choice-{row.pk}": "" for row in rows}).status_code == 422
    assert not Wording.objects.exclude(state="review").exists()


def test_two_pairs_of_eyes_for_each_of_many(client, editor):
    own, other = factories.WordingFactory(author=editor), factories.WordingFactory()
    page = choose(client, "wording", REVIEW, [own, other])
    assert {row.item: bool(row.problems) for row in page.context["rows"]} == {own: True, other: False}
    ticked = client.post(address(page), {**seen([own, other]), "_tick": "1"})
    assert {row.item: row.choice for row in ticked.context["rows"]} == {own: "", other: "publish"}
    refused = decide(client, page, [own, other])  # as if the page had let it be ticked
    assert refused.status_code == 422
    assert "You wrote in this" in text(refused)
    assert not Wording.objects.filter(pk__in=[own.pk, other.pk], state="published").exists()


def test_what_was_changed_or_published_meanwhile_is_named_before_the_others_go_on(client, editor):
    rows = in_review(4)
    page = choose(client, "wording", REVIEW, rows)
    stale = seen(rows)
    Wording.objects.filter(pk=rows[0].pk).update(title_en="Other words", updated_at=timezone.now())
    publishing.publish(rows[1], by=factories.EditorFactory())
    rows[2].delete()
    refused = client.post(address(page), {**stale, **{f"choice-{row.pk}": "publish" for row in (*rows[:2], rows[3])}})
    assert refused.status_code == 422
    named = {row.item.pk: row.error for row in refused.context["refused"]}
    assert named.keys() == {rows[0].pk, rows[1].pk}
    assert "already published" in named[rows[1].pk]
    assert "is no longer there" in text(refused)
    assert "Other words" in text(refused)
    assert Wording.objects.get(pk=rows[3].pk).state == "review"
    choices = {f"choice-{row.item.pk}": row.choice for row in refused.context["rows"]}
    done = client.post(address(page), {**seen([rows[0], rows[1], rows[3]]), **choices}, follow=True)
    assert "1 draft is published" in said(done)
    assert Wording.objects.get(pk=rows[0].pk).state == "review"


def test_pledges_stand_for_their_unpublished_wording(client, editor):
    public, draft = factories.PublishedPledgeFactory(), factories.PledgeFactory()
    page = choose(client, "pledge", REVIEW, [public, draft])
    assert [row.item.pledge for row in page.context["rows"]] == [draft]
    assert "1 of these pledges has no unpublished wording" in said(page)
    assert "None of these pledges" in said(choose(client, "pledge", SUBMIT, [public]))


def test_a_bound_on_how_many_and_addresses_that_are_none(client, editor, monkeypatch):
    rows = in_review(3)
    monkeypatch.setattr(together, "MOST", 2)
    assert "3 are chosen, and at most 2 go at once." in said(choose(client, "wording", REVIEW, rows))
    for route in ("submit_many", "review_many"):
        where = reverse(f"admin:pledges_wording_{route}")
        for ids in ("", "x", "1,2,3", "9" * 40, "\x00", "²"):
            assert client.get(where, {"ids": ids}, follow=True).status_code == 200
            assert client.post(f"{where}?{urlencode({'ids': ids})}", follow=True).status_code == 200


@pytest.mark.parametrize("kind", [factories.WordingFactory, factories.UpdateFactory])
def test_queries_grow_by_a_few_for_each_draft(client, editor, kind):
    def counted(rows) -> tuple[int, int]:
        name = rows[0]._meta.model_name
        page = choose(client, name, REVIEW, rows)
        with CaptureQueriesContext(connection) as reading:
            client.get(address(page))
        with CaptureQueriesContext(connection) as publication:
            decide(client, page, rows)
        return len(reading), len(publication)

    few, many = counted(in_review(2, kind)), counted(in_review(12, kind))
    reading, publication = ((after - before) / 10 for before, after in zip(few, many, strict=True))
    assert reading <= 26  # most of them check the constraints, as for a draft alone
    assert publication <= 36
