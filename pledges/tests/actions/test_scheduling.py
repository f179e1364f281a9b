"""Publication at a set time: late once and never twice, by the rules of that moment, in the name of who set it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pledges.actions import errors, publishing, scheduling
from pledges.jobs import publish_scheduled
from pledges.models import Comment, Edition, Update
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def scheduled(*, late: bool = True, **fields) -> Update:
    """An update that an editor has scheduled; `late`: its time has come meanwhile."""
    update = factories.UpdateFactory(**fields)
    scheduling.schedule(item=update, by=factories.EditorFactory(byline="Elena"), at=in_an_hour())
    if late:
        Update.objects.filter(pk=update.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    update.refresh_from_db()
    return update


def test_it_goes_out_when_its_time_has_come_and_only_once():
    update = scheduled(late=False)
    assert (update.state, update.scheduled_by.public_name) == ("review", "Elena")
    publish_scheduled()
    update.refresh_from_db()
    assert update.state == "review"
    Update.objects.update(publish_at=timezone.now() - timedelta(days=1))  # the worker was down for a day
    editor = update.scheduled_by
    publish_scheduled()
    publish_scheduled()
    update.refresh_from_db()
    assert (update.state, update.published_by, update.publish_at) == ("published", editor, None)
    assert Edition.objects.filter(items__kind="update").count() == 1
    assert publishing.verify() == []


def test_words_go_out_before_the_update_that_needs_them():
    wording = factories.WordingFactory()
    update = factories.UpdateFactory(pledge=wording.pledge)
    by = factories.EditorFactory()
    scheduling.schedule(item=wording, by=by, at=in_an_hour())
    with pytest.raises(errors.Refused, match="Publish the pledge"):
        scheduling.schedule(item=update, by=by, at=in_an_hour())
    type(wording).objects.filter(pk=wording.pk).update(publish_at=timezone.now())
    publish_scheduled()
    wording.refresh_from_db()
    assert wording.is_published


@pytest.mark.parametrize("hours", [0, -1])
def test_not_in_the_past(hours):
    update = factories.UpdateFactory()
    with pytest.raises(errors.Refused, match="still to come"):
        scheduling.schedule(item=update, by=factories.EditorFactory(), at=timezone.now() + timedelta(hours=hours))
    update.refresh_from_db()
    assert update.state == "draft"


def test_the_rules_are_asked_when_it_is_scheduled():
    update = factories.UpdateFactory()
    with pytest.raises(errors.Refused, match="two pairs of eyes"):
        scheduling.schedule(item=update, by=update.author, at=in_an_hour())
    with pytest.raises(errors.Changed):
        scheduling.schedule(
            item=update, by=factories.EditorFactory(), at=in_an_hour(), seen=update.updated_at - timedelta(seconds=1)
        )


def test_and_again_when_it_goes_out_and_then_a_comment_says_why_not():
    update, other = scheduled(), scheduled()
    update.evidence.all().delete()
    publish_scheduled()
    update.refresh_from_db()
    other.refresh_from_db()
    assert (update.state, update.publish_at, update.scheduled_by) == ("review", None, None)
    assert "Add at least one piece of evidence" in Comment.objects.get(update=update).text
    assert other.is_published


@pytest.mark.parametrize("lost", ["active", "group"])
def test_who_set_the_time_must_still_be_allowed(lost):
    update = scheduled()
    if lost == "active":
        type(update.scheduled_by).objects.filter(pk=update.scheduled_by_id).update(is_active=False)
    else:
        update.scheduled_by.groups.clear()
    publish_scheduled()
    update.refresh_from_db()
    assert (update.state, update.publish_at) == ("review", None)
    assert "Elena may not publish any more." in update.comments.get().text


def test_what_was_taken_back_or_sent_back_stays():
    taken, sent = scheduled(), scheduled()
    scheduling.unschedule(item=taken)
    publishing.send_back(item=sent, by=factories.EditorFactory(), note="Which day?")
    publish_scheduled()
    assert set(Update.objects.values_list("state", flat=True)) == {"review", "draft"}
    assert sent.comments.get().text == "Which day?"
    with pytest.raises(errors.Refused, match="not scheduled any more"):
        scheduling.unschedule(item=taken)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_it_once():
    update = scheduled()

    def work():
        try:
            publish_scheduled()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _worker in range(2)]:
            done.result()
    update.refresh_from_db()
    assert (update.state, update.comments.count()) == ("published", 0)
    assert Edition.objects.filter(items__kind="update").count() == 1
