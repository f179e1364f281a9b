"""An address parsed into a filter, and the address that a filter writes."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict

from pledges.queries.search.filters import FACETS, Filter, Since, parse

DAY = date(2024, 6, 30)


def test_each_parameter_becomes_a_typed_field():
    filter = parse(QueryDict("q=+two++words&status=kept&status=broken&since=2024-01-01&sort=title&page=3"), [])
    assert filter == Filter(
        q="two words",
        status=("kept", "broken"),
        since=Since("2024-01-01", date(2024, 1, 1)),
        sort="title",
        page=3,
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=prison",
        "q=a+%26+b&status=broken&status=kept&deadline=overdue&headline=yes&since=30&sort=title&page=2",
        "since=edition&sort=status",
    ],
)
def test_a_filter_writes_the_address_that_it_was_parsed_from(query):
    assert parse(QueryDict(query), []).to_query() == f"?{query}"


def test_the_written_address_is_canonical():
    query = "page=1&sort=&status=kept&foo=bar&status=broken&status=kept&q=x&sort=relevance"
    assert parse(QueryDict(query), []).to_query() == "?q=x&status=broken&status=kept"


def test_unknown_values_are_set_aside():
    filter = parse(QueryDict("status=banana&status=kept&topic=nothing&since=2024-02-30&sort=size&page=x"), [])
    assert filter.unknown == (("status", "banana"), ("topic", "nothing"), ("since", "2024-02-30"), ("sort", "size"))
    assert replace(filter, unknown=()) == Filter(status=("kept",))


def test_a_saved_search_has_no_page_no_sort_order_and_no_time():
    filter = parse(QueryDict("q=x&status=kept&sort=title&page=2"), [], as_of=(("on", "2024-01-01"),))
    assert filter.to_query() == "?q=x&status=kept&sort=title&page=2&on=2024-01-01"
    assert filter.saved.to_query() == "?q=x&status=kept"


def test_a_value_is_added_and_removed_and_the_first_page_shown():
    filter = Filter(status=("kept",), page=4)
    assert filter.with_value("status", "broken") == Filter(status=("kept", "broken"))
    assert filter.with_value("status", "broken").without("status", "kept") == Filter(status=("broken",))
    assert replace(filter, q="x").without("status") == Filter(q="x")
    assert replace(filter, q="x").without("q") == Filter(status=("kept",))
    assert Filter(since=Since.parse("30", DAY)).without("since") == Filter()


def test_every_facet_has_a_field():
    assert {name for name in FACETS if getattr(Filter(), name) == ()} == set(FACETS)


@pytest.mark.parametrize("value", ["2024-07-01", "20240101", "2024-1-1", "31", "-7", "", "junk"])
def test_a_period_is_one_of_the_list_or_a_date_that_has_come(value):
    with pytest.raises(ValueError):
        Since.parse(value, DAY)
    assert Since.parse("7", DAY).first_day == date(2024, 6, 23)
    assert Since.parse("edition", DAY).first_day is None
