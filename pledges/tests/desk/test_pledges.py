"""Pledges at the desk: entered with a first wording, reworded by a second person, their frame changed by editions."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import publishing
from pledges.desk.shared import due
from pledges.models import Edition, Pledge, Wording
from pledges.models.pledge import CRITERIA
from pledges.queries.search import fulltext
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:pledges_pledge_changelist")


def page(row) -> str:
    return reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk])


def frame(pledge: Pledge | None = None, **changes) -> dict:
    """What the browser sends of the pledge's own form."""
    pledge = pledge or factories.PledgeFactory.build(mandate=None, source_document=None)
    return {
        "slug": pledge.slug,
        "mandate": pledge.mandate_id or factories.MandateFactory().pk,
        "made_on": pledge.made_on,
        "made_on_precision": "day",
        "source_document": pledge.source_document_id or factories.SourceDocumentFactory().pk,
        "topics": [topic.pk for topic in pledge.topics.all()] if pledge.pk else [factories.TopicFactory().pk],
        "review_interval_days": 90,
        "also_called_en": "",
        "also_called_es": "",
        "watch_terms-TOTAL_FORMS": 0,  # its inline's, without a row
        "watch_terms-INITIAL_FORMS": 0,
    } | changes


def words(prefix: str = "", **changes) -> dict:
    """What the browser sends of a wording's form."""
    names = [f"{name}_{code}" for name in ("title", "statement", *CRITERIA, "deadline_note") for code in ("en", "es")]
    data = dict.fromkeys([*names, "quote", "quote_language", "deadline", "deadline_precision"], "")
    data |= {"title_en": "Build it", "statement_en": "They will.", "kept_en": "It stands.", "broken_en": "Given up."}
    return {f"{prefix}{name}": value for name, value in (data | changes).items()}


def management(**counts) -> dict:
    return {f"wordings-{name}_FORMS": count for name, count in counts.items()}


FIRST = management(TOTAL=1, INITIAL=0, MIN_NUM=1, MAX_NUM=1)


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def editor(client):
    user = factories.EditorFactory(byline="Elena")
    client.force_login(user)
    return user


def test_a_pledge_is_entered_with_its_first_wording_and_published_by_another(client, editor):
    add = reverse("admin:pledges_pledge_add")
    assert client.get(add).status_code == 200
    response = client.post(add, frame(slug="new-prison") | FIRST | words("wordings-0-") | {"_save": "1"}, follow=True)
    wording = Wording.objects.get()
    assert (wording.pledge.slug, wording.author, wording.state) == ("new-prison", editor, "draft")
    assert response.redirect_chain[-1][0] == page(wording)
    assert not Edition.objects.exists()
    client.post(page(wording), words(seen=wording.updated_at.isoformat()) | {"_submit": "1"})
    client.force_login(factories.EditorFactory())
    wording.refresh_from_db()
    client.post(page(wording), words(seen=wording.updated_at.isoformat()) | {"_publish": "1"})
    wording.refresh_from_db()
    assert wording.is_published
    assert publishing.verify() == []


def test_a_pledge_without_words_is_not_entered(client, editor):
    blank = dict.fromkeys(words("wordings-0-"), "")
    response = client.post(reverse("admin:pledges_pledge_add"), frame() | FIRST | blank | {"_save": "1"})
    assert response.status_code == 200
    assert not Pledge.objects.exists()


def test_an_incomplete_wording_is_not_submitted_but_kept(client, editor):
    wording = factories.WordingFactory(author=editor)
    data = words(seen=wording.updated_at.isoformat(), broken_en="", title_en="Half done") | {"_submit": "1"}
    response = client.post(page(wording), data, follow=True)
    wording.refresh_from_db()
    assert (wording.state, wording.title_en) == ("draft", "Half done")
    assert "what counts as kept and as broken are needed" in messages(response)


def test_a_deadline_needs_its_precision(client, editor):
    wording = factories.WordingFactory(author=editor)
    response = client.post(page(wording), words(deadline="2025-01-01") | {"_continue": "1"})
    assert "A deadline needs its precision" in response.content.decode()


def test_changing_the_wording_of_a_public_pledge(client, editor):
    pledge = factories.PublishedPledgeFactory()
    response = client.post(reverse("admin:pledges_pledge_wording", args=[pledge.pk]), follow=True)
    draft = pledge.wordings.get(number=2)
    assert response.redirect_chain[-1][0] == page(draft)
    assert "change_note_en" in response.content.decode()
    client.post(page(draft), words(change_note_en="Clearer.", change_note_es="") | {"_submit": "1"})
    client.force_login(factories.EditorFactory())
    client.post(page(draft), words(change_note_en="Clearer.", change_note_es="") | {"_publish": "1"})
    draft.refresh_from_db()
    assert draft.is_published
    html = client.get(page(draft)).content.decode()
    assert 'name="title_en"' not in html


def test_a_public_pledge_keeps_its_identity(client, editor):
    pledge = factories.PublishedPledgeFactory()
    html = client.get(page(pledge)).content.decode()
    for name in ("slug", "mandate", "made_on", "made_on_precision"):
        assert f'name="{name}"' not in html
    client.post(page(pledge), frame(pledge, slug="other", headline="on") | {"_save": "1"})
    before, pledge = pledge.slug, Pledge.objects.get(pk=pledge.pk)
    assert pledge.slug == before
    assert pledge.headline


def test_a_change_that_readers_see_is_an_edition(client, editor):
    pledge = factories.PublishedPledgeFactory()
    editions = Edition.objects.count()
    response = client.post(page(pledge), frame(pledge, headline="on") | {"_save": "1"}, follow=True)
    assert f"Published in edition {editions + 1}." in messages(response)
    item = Edition.objects.first().items.get()
    assert (item.action, item.kind, item.key) == ("changed", "pledge", str(pledge.pk))
    topic = factories.TopicFactory()
    client.post(page(pledge), frame(pledge, headline="on", topics=[topic.pk]) | {"_save": "1"})
    assert Edition.objects.count() == editions + 2
    assert publishing.verify() == []


def test_a_change_that_readers_do_not_see_is_none(client, editor):
    pledge = factories.PublishedPledgeFactory()
    editions = Edition.objects.count()
    client.post(page(pledge), frame(pledge) | {"_save": "1"})
    client.post(page(pledge), frame(pledge, review_interval_days=30) | {"_save": "1"})
    client.post(page(pledge), frame(pledge, also_called_es="barco prisión, barcaza") | {"_save": "1"})
    assert Edition.objects.count() == editions
    assert list(fulltext.find("barcaza")[0]) == [pledge.pk]
    client.post(page(pledge), frame(pledge, review_interval_days=0) | {"_save": "1"})
    pledge.refresh_from_db()
    assert pledge.review_interval_days == 90


@pytest.mark.parametrize("days", ["0", "-1", "99999", "9" * 20, "x"])
def test_an_interval_that_cannot_be_is_a_mistake_of_the_form(client, editor, days):
    pledge = factories.PublishedPledgeFactory()
    response = client.post(page(pledge), frame(pledge, review_interval_days=days) | {"_save": "1"})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_what_is_public_at_once_is_not_said_to_be_saved_as_a_draft(client, editor):
    pledge = factories.PublishedPledgeFactory()
    draft = publishing.start_wording(pledge=pledge, by=editor)
    for row in (pledge, pledge.mandate):
        html = client.get(page(row)).content.decode()
        assert "Save draft" not in html
        assert 'name="_save"' in html  # which leads from a new pledge to its wording
    assert "Save draft" in client.get(page(draft)).content.decode()


def test_marking_as_reviewed(client, editor):
    pledge = factories.PublishedPledgeFactory(review_interval_days=10)
    url = reverse("admin:pledges_pledge_reviewed", args=[pledge.pk])
    assert client.get(url).status_code == 405
    Pledge.objects.filter(pk=pledge.pk).update(reviewed_on=timezone.localdate() - timedelta(days=10))
    fresh = factories.PublishedPledgeFactory()
    draft = factories.PledgeFactory()
    Pledge.objects.filter(pk=draft.pk).update(reviewed_on="2020-01-01")
    assert list(client.get(LIST, {"due": "yes"}).context["cl"].result_list) == [pledge]
    client.post(url)
    pledge.refresh_from_db()
    assert pledge.reviewed_on == timezone.localdate()
    assert not list(client.get(LIST, {"due": "yes"}).context["cl"].result_list)
    assert {row.pk for row in client.get(LIST, {"public": "yes"}).context["cl"].result_list} == {pledge.pk, fresh.pk}
    assert [row.pk for row in client.get(LIST, {"public": "no"}).context["cl"].result_list] == [draft.pk]


def test_the_interval_runs_from_the_day_in_the_newsrooms_calendar(client, editor):
    pledge = factories.PublishedPledgeFactory(review_interval_days=1)
    evening = datetime(2024, 3, 1, 22, 0, tzinfo=timezone.get_default_timezone())  # in UTC it is the second
    Pledge.objects.filter(pk=pledge.pk).update(created_at=evening)
    pledge.refresh_from_db()
    assert pledge.last_interval_start == date(2024, 3, 1)
    assert list(due.for_review(Pledge.objects.all(), today=date(2024, 3, 2))) == [pledge]
    assert not due.for_review(Pledge.objects.all(), today=date(2024, 3, 1)).exists()


def test_the_list_in_a_fixed_number_of_queries(client, editor, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    topics = [factories.TopicFactory()]
    update = factories.PublishedUpdateFactory(pledge=factories.PublishedPledgeFactory(topics=topics), status="kept")
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        html = client.get(LIST).content.decode()
    assert "Kept" in html
    for _number in range(5):
        factories.PublishedPledgeFactory(topics=topics, mandate=update.pledge.mandate)
    with django_assert_num_queries(len(one)):
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == 6


def test_a_superuser_cannot_delete_a_public_pledge(client):
    client.force_login(factories.SuperuserFactory())
    pledge = factories.PublishedPledgeFactory()
    client.post(reverse("admin:pledges_pledge_delete", args=[pledge.pk]), {"post": "yes"})
    assert Pledge.objects.filter(pk=pledge.pk).exists()
