"""An edition's page tells of every kind of act who did what: set times, corrections, retractions, figures, the end."""

from datetime import timedelta

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from pledges.actions import closing, publishing, scheduling
from pledges.actions import retraction as retraction_actions
from pledges.models import Indicator, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rosa():
    return factories.ReporterFactory(byline="Rosa")


@pytest.fixture
def elena(client):
    person = factories.PublisherFactory(byline="Elena")
    client.force_login(person)
    return person


def act(by, work, **options):
    """Do something as a request of this person does it."""
    with pghistory.context(user=by.pk):
        return work(by=by, **options)


def told(client, edition) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """For each item of the edition: its kind, what was done to it, and the steps as (what, who)."""
    response = client.get(reverse("admin:pledges_edition_change", args=[edition.pk]))
    assert "Who did what" in response.content.decode()
    return [
        (one.item.kind, one.item.action, [(str(what), who) for what, who, _at in one.steps])
        for one in response.context["acts"]
    ]


def test_what_was_submitted_sent_back_and_published_at_a_set_time(client, rosa, elena):
    update = factories.UpdateFactory(author=rosa)
    act(rosa, publishing.submit_for_review, item=update)
    act(elena, publishing.send_back, item=update, note="Which day?")
    act(rosa, publishing.submit_for_review, item=update)
    at = timezone.now() + timedelta(minutes=5)
    act(elena, scheduling.schedule, item=update, at=at)
    act(elena, lambda by: scheduling.unschedule(item=Update.objects.get(pk=update.pk)))
    act(elena, scheduling.schedule, item=update, at=at)
    edition = scheduling.publish_if_due(kind="update", pk=update.pk, now=at)
    [(kind, action, steps)] = told(client, edition)
    assert (kind, action) == ("update", "published")
    assert steps == [
        ("written by", "Rosa"),
        ("submitted for review", "Rosa"),
        ("sent back by", "Elena"),
        ("comment by", "Elena"),
        ("submitted for review", "Rosa"),
        ("time of publication set by", "Elena"),
        ("time of publication taken back by", "Elena"),
        ("time of publication set by", "Elena"),
        ("published by", "Elena"),
    ]


def test_a_correction_and_a_retraction(client, rosa, elena):
    update = factories.PublishedUpdateFactory(author=rosa)
    correction = act(rosa, publishing.start_correction, update=update)
    Update.objects.filter(pk=correction.pk).update(correction_note_en="The day was wrong.")
    correction.refresh_from_db()
    [(*what, steps)] = told(client, act(elena, lambda by: publishing.publish(correction, by=by)))
    assert what == ["update", "corrected"]
    assert (steps[0], steps[-1]) == (("written by", "Rosa"), ("published by", "Elena"))
    editor = factories.EditorFactory(byline="Ana")
    retraction = act(editor, retraction_actions.start_retraction, pledge=update.pledge)
    type(retraction).objects.filter(pk=retraction.pk).update(note_en="It was never said.")
    retraction.refresh_from_db()
    [(*what, steps)] = told(client, act(elena, lambda by: publishing.publish(retraction, by=by)))
    assert what == ["retraction", "retracted"]
    assert (steps[0], steps[-1]) == (("written by", "Ana"), ("published by", "Elena"))


def test_figures_and_the_end_of_a_mandate(client, elena):
    indicator = factories.IndicatorFactory()
    factories.ObservationFactory(indicator=indicator)
    edition = act(elena, lambda by: publishing.record_change(Indicator.objects.get(pk=indicator.pk), by=by))
    assert told(client, edition) == [
        ("indicator", "published", [("published by", "Elena")]),
        ("observation", "published", [("published by", "Elena")]),
        ("series", "published", [("published by", "Elena")]),
    ]
    mandate = factories.MandateFactory(ends_on=timezone.localdate())
    edition = act(elena, closing.close_mandate, mandate=mandate)
    assert told(client, edition) == [("mandate", "published", [("published by", "Elena")])]
    response = client.get(reverse("admin:pledges_edition_change", args=[edition.pk]))
    [change, *_rest] = response.context["acts"][0].changes
    assert change.who == elena.username and "closed" in str(change.fields)


def test_the_end_of_the_tracker(client, elena):
    factories.NewsroomFactory()
    end = {"day": timezone.localdate(), "note_en": "It ends here.", "note_es": "Termina aquí."}
    edition = act(elena, closing.close_tracker, **end)
    [(kind, _action, steps)] = told(client, edition)
    assert (kind, steps) == ("newsroom", [("published by", "Elena")])
