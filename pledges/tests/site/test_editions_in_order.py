"""Of several editions the newest counts: a row of an edition is named as it was then, a figure revises the last one."""

from datetime import date

import pytest

from pledges.actions import publishing
from pledges.queries import corrections
from pledges.tests.site.test_feed import reword
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


def test_an_edition_names_a_pledge_by_its_last_wording_until_then(client, address):
    pledge = factories.PublishedPledgeFactory(wording__title_en="Open the port")
    reword(pledge, title_en="Open two ports")
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 3, 1))
    reword(pledge, title_en="Open three ports")
    page = client.get(address("edition", 3)).content.decode()
    assert "Open two ports" in page
    assert "Open the port<" not in page and "Open three ports" not in page


def test_a_figure_that_was_revised_twice_replaces_the_last_one():
    first = factories.ObservationFactory(value=10)
    publishing.record_change(first.indicator, by=factories.EditorFactory())
    for value in (11, 12):
        factories.ObservationFactory(indicator=first.indicator, value=value)
        publishing.record_change(first.indicator, by=factories.EditorFactory())
    index = corrections.index(3)
    newest = corrections.details(index)[0]
    assert (newest["figure"].value, newest["was"].value) == (12, 11)
