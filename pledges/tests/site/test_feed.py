"""The feed of a search: what was published of the pledges that fit it, with the edition, in each language."""

import html
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import publishing
from pledges.jobs.mail import reader_alerts
from pledges.models import Edition, Newsroom, Update, Wording
from pledges.site.changes import feeds
from pledges.tests.actions.test_retraction import retract
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(client, address):
    """The feed of a query string, read as a reader of feeds does."""

    def get(query="", language="en"):
        empty_caches()  # nothing is committed here, so nobody is told of an edition
        response = client.get(address("pledges_feed", language=language) + query)
        assert response.status_code == 200
        assert response["Content-Type"].startswith("application/atom+xml")
        ElementTree.fromstring(response.content)
        found = feedparser.parse(response.content)
        assert not found.bozo
        return found

    return get


@pytest.fixture
def ports():
    """A pledge about ports (edition 1) that was kept (edition 2)."""
    pledge = factories.PublishedPledgeFactory(
        slug="ports", wording__title_en="Open the ports", wording__title_es="Abrir los puertos"
    )
    factories.PublishedUpdateFactory(
        pledge=pledge,
        status="kept",
        happened_on=date(2024, 3, 1),
        text_en="They are <open>.",
        text_es="Están abiertos.",
    )
    return pledge


def titles(found):
    return [entry.title for entry in found.entries]


def test_it_tells_what_was_published_the_newest_edition_first(feed, ports, address):
    found = feed()
    assert titles(found) == ["Kept: Open the ports (1 March 2024)", "New pledge: Open the ports"]
    kept = found.entries[0]
    update = ports.updates.get()
    assert kept.link == f"http://testserver{address('pledge', 'ports')}?edition=2#u{update.pk}"
    assert kept.updated == kept.published == Edition.objects.get(number=2).published_at.isoformat()
    assert "1 March 2024" in kept.summary and "They are &lt;open&gt;." in kept.summary
    assert "The Daily Example" in kept.summary
    assert found.feed.link == f"http://testserver{address('pledges')}"


def test_each_language_has_its_own(feed, ports, address):
    found = feed(language="es")
    assert "Abrir los puertos" in found.entries[0].title
    assert "Están abiertos." in found.entries[0].summary
    assert f"{address('pledge', 'ports', language='es')}?edition=2" in found.entries[0].link
    assert found.feed.language == "es"
    assert {entry.id for entry in found.entries}.isdisjoint(entry.id for entry in feed().entries)


def test_it_is_about_the_pledges_that_fit_the_search(feed, ports):
    other = factories.PublishedPledgeFactory(wording__title_en="Mend the road")
    assert titles(feed("?status=kept")) == ["Kept: Open the ports (1 March 2024)", "New pledge: Open the ports"]
    assert titles(feed("?q=road")) == ["New pledge: Mend the road"]
    assert titles(feed(f"?topic={other.topics.get().slug}&q=road&since=7")) == []
    assert titles(feed("?q=dinosaurs")) == []


def test_its_address_is_that_of_the_list_and_the_list_says_so(feed, ports, client, address):
    query = "?q=ports&status=kept"
    text = html.unescape(client.get(address("pledges") + query + "&sort=title&page=1").content.decode())
    where = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', text).group(1)
    assert where == address("pledges_feed") + query
    assert f'<a href="{where}">' in text
    assert feed(query).feed.link.endswith(address("pledges") + query)
    assert "atom+xml" not in client.get(address("pledges") + "?on=2024-06-01").content.decode()


def test_ids_stay_and_a_correction_is_an_entry_in_the_place_of_what_it_corrects(feed, ports):
    before = {entry.id for entry in feed().entries}
    update = ports.updates.get()
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="They were opened.", correction_note_en="A slip.")
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())
    found = feed()
    assert titles(found) == ["Corrected: Open the ports (Kept, 1 March 2024)", "New pledge: Open the ports"]
    assert "A slip." in found.entries[0].summary
    assert found.entries[0].id not in before
    assert found.entries[1].id in before
    assert found.entries[0].link.partition("?")[2].startswith("edition=3#u")


def test_new_words_of_a_pledge_are_an_entry_and_old_entries_keep_the_old_ones(feed, ports):
    reword(ports, title_en="Open two ports")
    assert titles(feed()) == [
        "New wording (no. 2): Open two ports",
        "Kept: Open the ports (1 March 2024)",
        "New pledge: Open the ports",
    ]


def reword(pledge, **words):
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    Wording.objects.filter(pk=draft.pk).update(change_note_en="Misheard.", **words)
    publishing.publish(Wording.objects.get(pk=draft.pk), by=factories.EditorFactory())


def test_a_pledge_that_leaves_the_search_is_told_and_so_is_what_was_told_while_it_fitted(feed, ports):
    assert titles(feed("?status=kept"))[0] == "Kept: Open the ports (1 March 2024)"
    ids = [entry.id for entry in feed().entries]
    factories.PublishedUpdateFactory(
        pledge=ports, status="broken", failure_reason="withdrawn", happened_on=date(2024, 5, 1)
    )
    factories.PublishedUpdateFactory(
        pledge=ports, status="stalled", failure_reason="lapsed", happened_on=date(2024, 6, 1)
    )
    assert titles(feed("?status=kept")) == [
        "Broken: Open the ports (1 May 2024)",
        "Kept: Open the ports (1 March 2024)",
    ]
    assert titles(feed("?status=broken")) == [
        "Stalled: Open the ports (1 June 2024)",
        "Broken: Open the ports (1 May 2024)",
    ]
    assert titles(feed("?status=not_rated")) == ["Kept: Open the ports (1 March 2024)", "New pledge: Open the ports"]
    assert titles(feed("?status=unclear")) == []
    assert feed("?status=kept").entries[1].id in ids


def test_new_words_that_the_search_does_not_find_are_told_to_who_searched_for_the_old_ones(feed, ports):
    reword(ports, title_en="Open the quays", title_es="Abrir los muelles")
    assert titles(feed("?q=ports")) == [
        "New wording (no. 2): Open the quays",
        "Kept: Open the ports (1 March 2024)",
        "New pledge: Open the ports",
    ]
    assert titles(feed("?q=quays")) == titles(feed("?q=ports"))
    factories.PublishedUpdateFactory(pledge=ports, status="stalled", failure_reason="lapsed")
    assert titles(feed("?q=quays"))[0] == "Stalled: Open the quays (1 July 2024)"
    assert titles(feed("?q=ports"))[0] == "New wording (no. 2): Open the quays"


def test_a_correction_that_takes_a_word_away_is_told_to_who_searched_for_it(feed, ports):
    assert len(titles(feed("?q=open"))) == 2
    update = factories.PublishedUpdateFactory(
        pledge=ports, text_en="A crane fell.", text_es="", happened_on=date(2024, 4, 1)
    )
    correct(update, text_en="A truck fell.")
    assert titles(feed("?q=crane")) == ["Corrected: Open the ports (In progress, 1 April 2024)"]


def test_only_pledges_with_all_of_the_words_are_in_it(feed, ports):
    factories.PublishedPledgeFactory(wording__title_en="Mend the road")
    assert titles(feed("?q=ports+road")) == []  # the list shows what has one of them
    reword(ports, title_en="Open the ports and the road")
    assert titles(feed("?q=ports+road"))[0] == "New wording (no. 2): Open the ports and the road"


@pytest.mark.parametrize(
    "query", ["status=kept", "status=broken", "q=ports", "q=quays", "q=ports+road", "topic=sea", "since=edition", ""]
)
def test_it_tells_all_that_an_alert_for_the_same_search_tells(feed, query):
    sea = factories.TopicFactory(slug="sea")
    first = factories.PublishedPledgeFactory(slug="a", wording__title_en="Open the ports", topics=[sea])
    second = factories.PublishedPledgeFactory(slug="b", wording__title_en="Mend the road", topics=[sea])
    for status in ("kept", "broken"):
        for pledge in (first, second):
            why = "lapsed" if status == "broken" else ""
            factories.PublishedUpdateFactory(pledge=pledge, status=status, failure_reason=why)
    reword(first, title_en="Open the quays", title_es="Abrir")
    retract(second)
    links = [re.search(r"/(\w+)/\?edition=(\d+)", entry.link).groups() for entry in feed(f"?{query}").entries]
    mailed = {
        (change.standing.pledge.slug, str(number))
        for number in range(1, 9)
        for change in reader_alerts.Changes(number - 1, number, timezone.localdate()).matching("search", query)
    }
    gone = {("b", str(number)) for number in range(1, 8)}  # of what was retracted, the rest counts nowhere
    assert mailed - gone <= set(links)
    assert mailed or query == "q=ports+road"


def test_a_retraction_is_told_to_who_followed_the_pledge(feed, ports):
    topic = ports.topics.get().slug
    retract(ports)
    for query in ("", "?status=kept", "?q=ports", f"?topic={topic}"):
        assert titles(feed(query)) == ["Retracted: Open the ports"], query
    assert "somebody else" in feed().entries[0].summary
    assert feed().entries[0].link.endswith("?edition=3")
    assert titles(feed("?q=road")) == titles(feed("?status=broken")) == titles(feed("?q=!!!")) == []


def test_a_retraction_is_told_though_its_word_would_now_be_taken_for_a_slip(feed):
    factories.PublishedPledgeFactory(wording__title_en="Mend the large road")
    retract(factories.PublishedPledgeFactory(wording__title_en="Mend the barge"))
    assert titles(feed("?q=barge")) == ["Retracted: Mend the barge", "New pledge: Mend the large road"]


def test_drafts_are_not_in_it(feed, ports):
    factories.UpdateFactory(pledge=ports, text_en="Secret.")
    factories.PledgeFactory(wording__title_en="Secret pledge")
    assert len(feed().entries) == 2


def test_a_closed_tracker_says_so(feed, ports):
    Newsroom.objects.update_or_create(
        pk=1,
        defaults={
            "name_en": "Desk",
            "name_es": "Mesa",
            "closed_on": timezone.localdate() - timedelta(days=1),
            "closing_note_en": "Look elsewhere.",
        },
    )
    found = feed()
    assert found.entries[0].title.startswith("This tracker was closed on ")
    assert "Look elsewhere." in found.entries[0].summary
    assert "This tracker was closed on " in found.feed.subtitle
    assert len(found.entries) == 3


@pytest.mark.parametrize("query", ["?status=banana", "?since=2999-01-01", "?topic=nothing"])
def test_what_it_does_not_know_is_an_error_and_not_another_feed(ports, client, address, query):
    response = client.get(address("pledges_feed") + query)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert "is not known here" in response.content.decode()


def test_with_many_pledges_it_has_the_newest_entries_and_costs_no_more(client, address, feed, ports, monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 3)

    def cost(query):
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            client.get(address("pledges_feed") + query)
        return len(queries)

    def more():
        """A pledge that stays, one that leaves by its words and its status, and one that is retracted."""
        factories.PublishedUpdateFactory(pledge__wording__title_en="Close the ports", pledge__topics=[])
        left = factories.PublishedPledgeFactory(wording__title_en="Guard the ports")
        reword(left, title_en="Guard it")
        factories.PublishedUpdateFactory(pledge=left, status="stalled", failure_reason="lapsed")
        retract(factories.PublishedPledgeFactory(wording__title_en="Sell the ports"))

    queries = ("?q=the+ports", "?status=not_rated", "?q=ports&status=in_progress")
    more()
    few = [cost(query) for query in (*queries, *queries)][3:]
    for _ in range(3):
        more()
    assert [cost(query) for query in queries] == few
    assert [entry.link.partition("edition=")[2].partition("#")[0] for entry in feed().entries] == ["30", "28", "27"]


def test_it_is_kept_until_the_next_edition(client, address, ports, django_assert_num_queries):
    first = client.get(address("pledges_feed"))
    with django_assert_num_queries(0):
        assert client.get(address("pledges_feed")).content == first.content
        assert client.get(address("pledges_feed"), headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_before_anything_is_published_it_is_empty(feed):
    assert feed().entries == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_pledge_can_have_its_address(address, language):
    assert address("pledges_feed", language=language) == address("pledge", "feed", language=language)
    with pytest.raises(IntegrityError, match="pledge_address_not_reserved"):
        factories.PledgeFactory(slug="feed")
