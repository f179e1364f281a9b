"""Rows of equal sort keys: PostgreSQL returns them in any order, so pages sort by a unique key last."""

from datetime import date, timedelta

import pytest

from pledges.actions import publishing
from pledges.models import Mandate
from pledges.queries import visibility
from pledges.queries.changes import Moment
from pledges.queries.changes_between import between
from pledges.queries.standings import standings
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)


@pytest.fixture
def same_day():
    """Two mandates that began on one day. The table has them as second, first: an update moves a row to the end."""
    first = factories.MandateFactory(slug="a", person="Ana", starts_on=DAY)
    second = factories.MandateFactory(slug="b", person="Bea", starts_on=DAY)
    Mandate.objects.filter(pk=first.pk).update(note_en="Moved.")
    return first, second


def test_mandates_of_one_day_are_listed_by_their_slug(same_day):
    assert [row.slug for row in visibility.mandates_until(DAY)] == ["a", "b"]


def test_mandates_that_a_pledge_is_carried_into_are_always_in_one_order(same_day):
    pledge = factories.PledgeFactory(mandate__starts_on=date(2020, 1, 1), made_on=date(2020, 2, 1))
    pledge.carried_into.set(same_day)
    edition = publishing.publish(pledge.wordings.get(), by=factories.EditorFactory())
    (standing,) = standings(edition.number, DAY)
    assert [row.slug for row in standing.mandates[1:]] == ["a", "b"]


def test_mandates_that_began_on_one_day_are_changes_in_the_order_of_their_slugs(same_day):
    edition = publishing.record_change(*reversed(same_day), by=factories.EditorFactory()).number
    changes = between(Moment(edition, DAY - timedelta(days=1)), Moment(edition, DAY))
    assert [change.mandate.slug for change in changes] == ["a", "b"]
