"""An edition is published while the snapshot of the one before is being made, by the same process."""

import pytest

from pledges.actions import edition_snapshots, publishing
from pledges.models import Edition
from pledges.queries.standings import standings
from pledges.tests.support import factories
from pledges.tests.support.together import Other

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_next_snapshot_and_pages_have_what_was_published_meanwhile(monkeypatch):
    first, second = factories.UpdateFactory(status="in_progress"), factories.UpdateFactory(status="kept")
    editor = factories.EditorFactory()
    before = publishing.publish(first, by=editor)
    newsroom_at = edition_snapshots.texts.newsroom_at

    def publish_meanwhile(number):
        newsroom = newsroom_at(number)  # by this the transaction sees the database as of this moment
        if Edition.objects.count() == before.number:
            other = Other(lambda: publishing.publish(second, by=editor))
            other.join()
            assert other.error is None
        return newsroom

    monkeypatch.setattr(edition_snapshots.texts, "newsroom_at", publish_meanwhile)
    assert edition_snapshots.make(before)
    after = Edition.objects.latest("number")
    assert after.number == before.number + 1
    assert edition_snapshots.make(after)

    assert list(edition_snapshots.changed_snapshots()) == []
    day = after.published_at.date()
    standing = {each.pledge.slug: each.status for each in standings(after.number, day)}
    assert standing[second.pledge.slug] == "kept"
