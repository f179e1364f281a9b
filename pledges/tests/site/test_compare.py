"""Mandates beside each other: day n of each on one axis, counts beside every share, and a sentence to quote."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import publishing
from pledges.site.mandates import pictures
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2019, 5, 24), date(2023, 11, 23)


def published(mandate, made_on, changes=(), count=1):
    """So many pledges, each with these changes, in one edition."""
    for _number in range(count):
        pledge = factories.PledgeFactory(mandate=mandate, made_on=made_on)
        writer = pledge.wordings.get().author
        updates = [
            factories.UpdateFactory(pledge=pledge, author=writer, status=status, happened_on=day)
            for status, day in changes
        ]
        publishing.publish(pledge.wordings.get(), *updates, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def two():
    """A mandate of 1,462 days, one of three pledges kept on its day 50; and one of 549 days, one of two on day 200."""
    first = factories.MandateFactory(slug="first", person="Ana", starts_on=FIRST, ends_on=date(2023, 5, 24))
    second = factories.MandateFactory(slug="second", person="Bea", starts_on=SECOND, ends_on=date(2025, 5, 24))
    published(first, FIRST, [("kept", FIRST + timedelta(days=49))])
    published(first, FIRST, count=2)
    published(second, SECOND, [("kept", SECOND + timedelta(days=199))])
    published(second, SECOND)
    return first, second


@pytest.fixture
def read(client, address):
    """`read("?mandate=first&day=100")`: the text of the comparison."""

    def find(query="", status=200, language="en"):
        response = client.get(address("compare", language=language) + query)
        assert response.status_code == status
        return html.unescape(response.content.decode())

    return find


BOTH = "?mandate=first&mandate=second"


def answer(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition('id="answer"')[2].partition("</div>")[0]))


def table(text):
    """Its rows as words, by the letter of the mandate."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)).strip() for row in body.split("</tr>")[:-1]]
    return {row[0]: row for row in rows}


def test_a_sentence_says_what_each_had_kept_by_that_day(two, read):
    assert (
        "On day 100, 1 of 3 pledges were kept in the mandate of Ana, 2019–23, against 0 of 2 in that of Bea, 2023–25."
        in answer(read(f"{BOTH}&day=100"))
    )
    assert "On day 200, 1 of 3 pledges were kept in the mandate of Ana, 2019–23, against 1 of 2" in answer(
        read(f"{BOTH}&day=200")
    )


def test_no_share_stands_without_its_counts(two, read):
    text = read(f"{BOTH}&day=200")
    assert "1 of 3 33%" in table(text)["A"]
    assert "1 of 2 50%" in table(text)["B"]
    shares = re.findall(r">([^<>]*\d+%[^<>]*)<", text.partition('id="along"')[2])
    assert shares
    assert all(re.search(r"\(\d+ of \d+\)", words) for words in shares)


def test_unasked_it_is_the_last_day_that_all_have_had(two, read):
    assert "Day 549" in answer(read(BOTH))
    assert re.search(r'max="1462" step="1" value="549"', read(BOTH))


def test_a_shorter_mandate_says_that_it_is_over_and_does_not_enter_the_sentence(two, read):
    text = read(f"{BOTH}&day=1000")
    assert "day 549, its last" in table(text)["B"]
    assert "Bea" not in answer(text)
    assert "On day 1000, 1 of 3 pledges were kept in the mandate of Ana, 2019–23." in answer(text)


def test_one_that_goes_on_says_which_day_is_its_latest(two, read):
    today = timezone.localdate()
    now = factories.MandateFactory(slug="now", person="Eva", starts_on=today - timedelta(days=9), ends_on=None)
    published(now, today)
    text = read("?mandate=first&mandate=now&day=100")
    assert "day 10, the latest" in table(text)["B"]
    assert "Eva" not in answer(text)


def test_one_that_has_not_begun_and_one_without_pledges_are_said_to_be_so(two, read):
    factories.MandateFactory(slug="next", starts_on=date(2090, 1, 1), ends_on=None)
    factories.MandateFactory(slug="empty", starts_on=date(2010, 1, 1), ends_on=date(2014, 1, 1))
    text = read("?mandate=next&mandate=empty&mandate=first&day=100")
    assert "It begins on 1 January 2090" in table(text)["A"]
    assert "no pledges are published for it" in table(text)["B"]
    assert "Ana, 2019–23." in answer(text)
    drawn = text.partition('id="along"')[2].partition("</section>")[0]
    # The third keeps the look that the table shows, though it is the only one that is drawn.
    assert 'class="course-2"' in drawn
    assert 'class="course-0"' not in drawn
    nothing = read("?mandate=next&mandate=empty")
    assert "None of these mandates has had this day with pledges to count." in answer(nothing)
    assert 'id="along"' not in nothing


def test_what_is_carried_over_counts_in_both_and_is_said_to_be_carried(two, read):
    first, second = two
    pledge = published(first, FIRST, [("kept", SECOND - timedelta(days=1))])
    pledge.carried_into.add(second)
    empty_caches()
    text = read(f"{BOTH}&day=1")
    assert "1 of 3" in table(text)["B"]
    assert "1 of them carried over" in table(text)["B"]
    assert "0 of 4" in table(text)["A"]
    assert "carried" not in table(text)["A"]


def test_unasked_the_two_newest_are_compared_and_others_can_be_chosen(two, read):
    factories.MandateFactory(slug="oldest", starts_on=date(2010, 1, 1), ends_on=date(2014, 1, 1))
    text = read()
    boxes = dict(re.findall(r'name="mandate" value="([\w-]+)"( checked)?', text))
    assert boxes == {"second": " checked", "first": " checked", "oldest": ""}


def test_one_alone_is_shown_alone(two, read):
    assert "On day 100, 0 of 2 pledges were kept in the mandate of Bea, 2023–25." in answer(
        read("?mandate=second&day=100")
    )


def test_what_is_not_known_or_too_much_is_said_and_the_rest_is_shown(two, read):
    text = read(f"{BOTH}&mandate=<b>&mandate=first%00&day=100", status=422)
    assert "these were left out: <b>, first\x00." in text
    assert set(table(text)) == {"A", "B"}
    more = [factories.MandateFactory(starts_on=date(1990 + n, 1, 1), ends_on=None).slug for n in range(7)]
    text = read("?" + "&".join(f"mandate={slug}" for slug in more), status=422)
    assert len(table(text)) == 6
    assert f"left out: {more[6]}." in text


@pytest.mark.parametrize("day", ["0", "-1", "x", "1.5", "٣", "9" * 40])
def test_a_day_that_is_no_number_is_refused_and_not_asked_for_again(two, read, day):
    text = read(f"{BOTH}&day={day}", status=422)
    assert "Write the day of the mandates as a number from 1" in text
    assert 'name="day"' not in text
    assert 'name="mandate" value="first"' in text


def test_a_day_that_none_has_had_shows_the_last_and_says_so(two, read):
    text = read(f"{BOTH}&day=5000")
    assert "None of these mandates has come to day 5000" in text
    assert "Day 1462" in answer(text)


def test_as_of_a_day_it_knows_nothing_of_what_came_later(two, read):
    text = read(f"{BOTH}&on=2023-12-01")
    assert "Day 9" in answer(text)
    assert "day=549" not in text.partition('id="landmarks"')[2].partition("</nav>")[0]
    earlier = read("?on=2020-01-01")
    assert re.findall(r'name="mandate" value="([\w-]+)"', earlier) == ["first"]


def test_before_any_mandate_it_says_so(read):
    assert "No mandate has begun that could be compared." in read()


def test_in_spanish_the_share_is_written_as_spanish_writes_it(two, read):
    assert re.search(r"33\s?%", table(read(f"{BOTH}&day=200", language="es"))["A"])


def test_the_list_of_mandates_leads_to_the_comparison(two, client, address):
    text = client.get(address("mandates")).content.decode()
    assert f'<form action="{address("compare")}">' in text
    assert re.findall(r'type="checkbox" name="mandate" value="([\w-]+)"', text) == ["second", "first"]


def test_many_pledges_cost_as_many_queries_as_few(two, client, address):
    where = address("compare") + BOTH

    def cost():
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    cost()
    few = cost()
    published(two[0], FIRST, count=4)
    assert cost() == few


def test_the_pictures_have_the_pages_own_colours_only(two, read):
    drawn = read(f"{BOTH}&day=100").partition('id="along"')[2].partition("</section>")[0]
    assert not [stand_in for stand_in in pictures.LINES if stand_in in drawn]
    assert "style=" not in drawn
