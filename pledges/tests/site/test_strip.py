"""The status strip draws what its words say."""

import re
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from pledges.actions import publishing
from pledges.domain import dates
from pledges.models import Edition, Mandate
from pledges.queries.standings import standings
from pledges.site.shared.headlines import headline
from pledges.site.shared.strips import Axis, strip
from pledges.templatetags.pledges import timeliness
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
TODAY = date(2024, 12, 31)
YEAR = Axis(date(2024, 1, 1), TODAY)


@pytest.fixture
def pledge(db):
    """Begun in a month of 2023, stalled on a day of 2024, with one more update that changes nothing."""
    pledge = factories.PublishedPledgeFactory(
        slug="harbour", wording__deadline=date(2024, 6, 1), wording__deadline_precision="month"
    )
    told = [
        (date(2023, 12, 15), "month", "in_progress", ""),
        (date(2024, 7, 1), "day", "stalled", "lapsed"),
        (date(2024, 9, 1), "day", "stalled", "lapsed"),
    ]
    for day, precision, status, reason in told:
        factories.PublishedUpdateFactory(
            pledge=pledge, happened_on=day, happened_precision=precision, status=status, failure_reason=reason
        )
    return pledge


def stand(day=TODAY):
    return standings(Edition.objects.count(), day)[0]


def test_the_strip_says_in_words_what_it_draws(pledge):
    drawn = strip(stand(), YEAR)
    # The status that it brought along began earlier, and only its month is known.
    assert drawn.label == "In progress from December 2023; Stalled from 1 July 2024; deadline June 2024; 2 updates."
    assert [segment.status for segment in drawn.segments] == ["in_progress", "stalled"]
    assert drawn.segments[1].x == YEAR.at(date(2024, 7, 1))
    assert drawn.ticks == [YEAR.at(date(2024, 7, 1)), YEAR.at(date(2024, 9, 1))]
    assert drawn.deadline == YEAR.at(date(2024, 7, 1))  # the end of June
    assert drawn.today is None


def test_in_spanish_too(pledge):
    with translation.override("es"):
        label = strip(stand(), YEAR).label
    assert "2023" in label
    assert label != strip(stand(), YEAR).label


def test_the_segments_cover_the_known_days_and_no_others(pledge):
    axis = Axis(date(2023, 12, 1), date(2025, 12, 31))
    drawn = strip(stand(date(2024, 12, 31)), axis)
    assert drawn.segments[0].x == 0
    assert drawn.segments[0].status == "not_rated"
    for before, after in zip(drawn.segments, drawn.segments[1:], strict=False):
        assert after.x == pytest.approx(before.x + before.width, abs=0.002)
    known = (date(2025, 1, 1) - axis.start).days / ((axis.end - axis.start).days + 1)
    assert sum(segment.width for segment in drawn.segments) == pytest.approx(100 * known, abs=0.01)
    assert drawn.today == axis.at(date(2024, 12, 31))


def test_what_has_not_begun_has_no_segments_and_breaks_nothing(pledge):
    ahead = Axis(date(2026, 1, 1), date(2029, 12, 31))
    drawn = strip(stand(), ahead)
    assert (drawn.segments, drawn.ticks, drawn.deadline, drawn.today) == ([], [], None, None)
    assert drawn.label == "deadline June 2024; 0 updates."  # it has a status, so it is not called "not yet rated"


def test_a_mandate_that_begins_tomorrow_is_shown(client, address):
    tomorrow = date.today() + timedelta(days=1)
    factories.PublishedPledgeFactory(
        slug="early", mandate__slug="next", mandate__starts_on=tomorrow, mandate__ends_on=None
    )
    for name in [("home",), ("pledges",), ("pledge", "early"), ("mandates",), ("mandate", "next")]:
        assert client.get(address(*name)).status_code == 200


def test_a_mandate_of_one_day_past_and_one_without_an_end_are_shown(client, address):
    day = date(2024, 1, 1)
    factories.MandateFactory(slug="short", starts_on=day, ends_on=day + timedelta(days=1))
    factories.MandateFactory(slug="open", starts_on=day, ends_on=None)
    publishing.record_change(*Mandate.objects.all(), by=factories.EditorFactory())
    assert b"After its 2 days" in client.get(address("mandate", "short")).content
    for name in [("mandate", "open"), ("mandates",)]:
        assert "since 1 January 2024" in client.get(address(*name)).content.decode()


def test_a_headline_credits_a_carried_pledge_to_who_made_it(client, address):
    heir = factories.MandateFactory(slug="heir", person="Heir", starts_on=date(2025, 5, 25), ends_on=None)
    pledge = factories.PublishedPledgeFactory(mandate__person="Founder")
    pledge.carried_into.add(heir)
    text = client.get(address("mandate", "heir")).content.decode()
    assert "The one pledge in the mandate of Heir (2025–) is not yet rated." in text
    assert "It was carried over from the mandate of Founder, 2023–25." in text
    factories.PublishedPledgeFactory(mandate=heir)
    empty_caches()
    assert (
        "None of the two pledges in the mandate of Heir (2025–) is rated yet."
        in client.get(address("mandate", "heir")).content.decode()
    )


@pytest.mark.parametrize(
    ("day", "phrase"),
    [(date(2024, 6, 29), "kept in time, before the end of June 2024"), (date(2024, 6, 30), "kept in time")],
)
def test_what_is_kept_on_the_last_day_is_not_kept_before_it(day, phrase):
    pledge = factories.PublishedPledgeFactory(wording__deadline=date(2024, 6, 1), wording__deadline_precision="month")
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=day, status="kept")
    assert timeliness(stand())["phrase"] == phrase


def test_the_page_draws_it_with_a_text_alternative_and_numbers_that_svg_can_read(client, address, pledge):
    for language in ("en", "es"):
        text = client.get(address("pledge", "harbour", language=language)).content.decode()
        (large,) = re.findall(r'<div class="strip large"><svg role="img" aria-label="([^"]+)"(.*?)</svg>', text)
        assert large[0].endswith(".")
        assert re.findall(r'(?:x|width|x1|x2)="(\d+,\d+%?)"', large[1]) == []
        assert large[1].count('class="tick"') == 3


def test_the_years_are_written_where_they_begin_but_not_at_the_edges():
    assert Axis(date(2023, 11, 23), date(2026, 11, 24)).years == [(2024, 3.552), (2025, 36.885), (2026, 70.128)]
    assert Axis(date(2023, 12, 31), date(2024, 12, 31)).years == []
    assert [year for year, _at in Axis(date(1994, 4, 27), date(2024, 5, 29)).years] == list(range(1995, 2024, 4))
    assert len(Axis(date(1, 1, 1), date(2026, 1, 1)).years) <= 8  # a slip in a mandate's year


@pytest.mark.parametrize(
    ("precision", "english", "short"),
    [
        ("day", "6 December 2023", "6 Dec 2023"),
        ("month", "December 2023", "December 2023"),
        ("year", "2023", "2023"),
        ("approx", "around 6 December 2023", "around 6 Dec 2023"),
        ("by", "by 6 December 2023", "by 6 Dec 2023"),
    ],
)
def test_days_are_written_as_exactly_as_they_are_known(precision, english, short):
    day = date(2023, 12, 6)
    assert dates.written(day, precision) == english
    assert dates.written(day, precision, short=True) == short
    assert dates.written(None, precision) == ""


@pytest.mark.parametrize(
    ("tally", "person", "sentence"),
    [
        ({}, "X", "No pledges are published yet."),
        ({"broken": 1}, "X", "The one pledge that X made is not kept."),
        ({"kept": 1}, "", "The one pledge in the mandate of Y (2021–25) is kept."),
        ({"broken": 12}, "X", "None of the twelve pledges that X made is kept."),
        ({"broken": 2}, "", "None of the two pledges in the mandate of Y (2021–25) is kept."),
        ({"kept": 2}, "", "All two pledges in the mandate of Y (2021–25) are kept."),
        ({"kept": 1, "broken": 11}, "X", "One of the twelve pledges that X made is kept."),
        ({"not_rated": 1}, "X", "The one pledge that X made is not yet rated."),
        ({"not_rated": 3}, "", "None of the three pledges in the mandate of Y (2021–25) is rated yet."),
        ({"kept": 13, "broken": 1}, "", "13 of the 14 pledges in the mandate of Y (2021–25) are kept."),
    ],
)
def test_the_headline_has_the_answer_in_it(tally, person, sentence):
    assert headline(tally, person, "Y (2021–25)") == sentence


# --- figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "english", "spanish"), [("8248.0000", "8,248", "8.248"), ("44.50", "44.5", "44,5"), ("0", "0", "0")]
)
def test_figures_are_written_as_each_language_writes_them(value, english, spanish):
    from decimal import Decimal

    template = Template("{{ value|figure }}")
    assert template.render(Context({"value": Decimal(value)})) == english
    with translation.override("es"):
        assert template.render(Context({"value": Decimal(value)})).replace("\xa0", ".") == spanish
