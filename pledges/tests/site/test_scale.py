"""The public site with more pledges than anybody looks at one by one: pages stay small, an edition is read cheaply."""

import re
import threading
from datetime import date

import pytest
from django.utils import timezone

from pledges.domain import process_cache
from pledges.models import Edition
from pledges.queries import standings as tables
from pledges.queries.standings import standings
from pledges.site import home
from pledges.site.mandates import views as mandate_view
from pledges.site.pledges import context as pledge_context
from pledges.site.shared import strips
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    """What are many is three, or two on a page."""
    monkeypatch.setattr(strips, "MOST_BLOCKS", 3)
    monkeypatch.setattr(home, "MOST_LISTED", 2)
    monkeypatch.setattr(mandate_view, "PAGE_SIZE", 2)
    monkeypatch.setattr(pledge_context, "MOST_RELATED", 2)


@pytest.fixture
def mandate():
    return factories.MandateFactory(slug="president")


def published(mandate, count: int, **fields):
    return [factories.PublishedPledgeFactory(mandate=mandate, **fields) for _number in range(count)]


def test_a_tally_of_many_is_one_band_with_each_status_in_its_share(client, address, mandate, few):
    published(mandate, 3)
    assert client.get(address("home")).content.decode().count('aria-label="') > 3
    first, *_others = published(mandate, 1)
    factories.PublishedUpdateFactory(pledge=first, status="kept")
    empty_caches()
    text = client.get(address("mandates")).content.decode()
    assert re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%" height="100%" fill="url\(#p-(\w+)\)"', text) == [
        ("0", "25", "kept"),
        ("25", "75", "not_rated"),
    ]
    assert "its share of the 4 pledges" in text
    assert f'/{first.slug}/"' not in text


def test_the_front_page_names_some_of_the_many_that_are_late_and_says_how_many_more(client, address, mandate, few):
    published(mandate, 5, headline=True, wording__deadline=date(2024, 1, 1), wording__deadline_precision="day")
    text = client.get(address("home")).content.decode()
    late = text.partition('id="overdue"')[2].partition("</section>")[0]
    assert late.count("overdue since") == 2
    assert re.search(r'\?deadline=overdue">and 3 more</a>', late)
    assert "and 3 more" in text.partition('id="headline-set"')[2].partition("</section>")[0]


def test_a_mandate_with_many_pledges_has_pages(client, address, mandate, few):
    own = published(mandate, 2)
    carried = published(factories.MandateFactory(), 1)[0]
    carried.carried_into.add(mandate)
    pages = [client.get(address("mandate", "president"), {"page": page}).content.decode() for page in (1, 2, 99)]
    rows = [re.findall(r'<li><p><a href="[^"]*/([\w-]+)/"', text) for text in pages]
    every = sorted([*(pledge.slug for pledge in own), carried.slug])
    assert rows == [every[:2], every[2:], every[2:]]
    assert 'rel="next" href="?page=2"' in pages[0]
    assert 'rel="prev" href="?page=1"' in pages[1]


def test_a_pledge_names_some_of_the_many_on_its_topic(client, address, mandate, few):
    topic = factories.TopicFactory(slug="ports")
    pledges = published(mandate, 5)
    for pledge in pledges:
        pledge.topics.add(topic)
    text = client.get(address("pledge", pledges[0].slug)).content.decode()
    related = text.partition('id="related"')[2].partition("</section>")[0]
    assert related.count("<li>") == 3
    assert re.search(r'\?topic=ports[^"]*">and 2 more</a>', related)


def test_the_next_edition_reads_only_what_it_names(mandate):
    pledges = published(mandate, 4)
    day, number = timezone.localdate(), Edition.objects.count()
    before = {standing.pledge.pk: standing for standing in standings(number, day)}
    update = factories.PublishedUpdateFactory(pledge=pledges[0], status="kept")
    after = {standing.pledge.pk: standing for standing in standings(number + 1, day)}
    assert after[pledges[0].pk].status == "kept" and after[pledges[0].pk].latest == update
    assert all(after[pledge.pk].pledge is before[pledge.pk].pledge for pledge in pledges[1:])
    process_cache.reset()
    assert [(s.pledge, s.status) for s in standings(number + 1, day)] == [(s.pledge, s.status) for s in after.values()]


def test_of_two_readers_at_once_one_has_the_table_read_and_the_other_waits_for_it(mandate, monkeypatch):
    published(mandate, 1)
    number, day = Edition.objects.count(), timezone.localdate()
    second, read = threading.Thread(target=standings, args=(number, day)), tables._next

    def slowly(*args):
        if second.ident is None:
            second.start()
            second.join(0.3)
        assert second.is_alive()
        return read(*args)

    monkeypatch.setattr(tables, "_next", slowly)
    assert len(standings(number, day)) == 1
    second.join()


def test_an_edition_that_changes_what_pledges_share_reads_all(mandate):
    published(mandate, 2)
    day, number = timezone.localdate(), Edition.objects.count()
    standings(number, day)
    mandate.person = "Somebody Else"
    mandate.save()
    factories.EditionFactory(acts=[("changed", mandate)])
    assert {standing.pledge.mandate.person for standing in standings(number + 1, day)} == {"Somebody Else"}


def test_a_new_day_reads_nothing(mandate, django_assert_num_queries):
    factories.PublishedUpdateFactory(pledge=published(mandate, 1)[0], happened_on=date(2024, 3, 1), status="kept")
    number = Edition.objects.count()
    standings(number, date(2024, 3, 2))
    with django_assert_num_queries(0):
        assert standings(number, date(2024, 2, 1))[0].status == "not_rated"


def test_a_citation_of_the_past_works_out_one_pledge_and_its_topic(client, address, mandate):
    cited = published(mandate, 1)[0]
    number = Edition.objects.count()
    published(mandate, 3)
    process_cache.reset()
    assert client.get(address("pledge", cited.slug), {"edition": number}).status_code == 200
    assert standings.last is None
