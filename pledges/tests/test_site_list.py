"""The list: filters, search, order and pages by address, and what it makes of addresses that nobody would write."""

import html
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from pledges import filters
from pledges.rules import Status, Timeliness
from pledges.standings import standings

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def data(first_edition, db):
    """The data set, for every test here."""


@pytest.fixture
def listed(client, address):
    """The status of the answer, the slugs in their order and the text of the list for a query string."""

    def get(query="", language="en", **headers):
        response = client.get(address("pledges", language=language) + query, headers=headers)
        text = html.unescape(response.content.decode())
        return response.status_code, re.findall(r'<h3><a href="/[a-z]+/[a-z]+/([\w-]+)/"', text), text

    return get


def slugs(fits):
    return {standing.pledge.slug for standing in standings(1, date.today()) if fits(standing)}


@pytest.mark.parametrize("status", sorted({"broken", "stalled", "partly_kept", "in_progress"}))
def test_a_status_narrows_the_list_down(listed, status):
    code, found, text = listed(f"?status={status}")
    assert code == 200
    assert set(found) == slugs(lambda s: s.status == status)
    assert f'value="{status}" checked' in text


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(listed):
    _code, both, _text = listed("?status=broken&status=stalled")
    assert set(both) == slugs(lambda s: s.status in ("broken", "stalled"))
    topic = "prisons"
    _code, narrowed, _text = listed(f"?status=broken&status=stalled&topic={topic}")
    in_topic = slugs(lambda s: topic in {t.slug for t in s.pledge.topics.all()})
    assert in_topic
    assert set(narrowed) == set(both) & in_topic


@pytest.mark.parametrize("facet", filters.FACETS)
def test_each_count_is_what_its_choice_would_give(listed, facet):
    _code, _found, text = listed("?status=broken&status=partly_kept")
    choices = re.findall(
        rf'name="{facet}" value="([\w-]+)"[^>]*> <span>.*?</span> <span class="count">(\d+)</span>', text, re.S
    )
    assert choices
    others = "" if facet == "status" else "&status=broken&status=partly_kept"
    for value, count in choices:
        _code, found, _text = listed(f"?{facet}={value}{others}")
        assert len(found) == int(count), (facet, value)


def test_a_pledge_carried_over_is_found_under_both_mandates(listed):
    carried = slugs(lambda s: s.pledge.carried_into.exists())
    mandates = sorted({m.slug for s in standings(1, date.today()) for m in s.mandates})
    assert len(mandates) == 2
    found = [set(listed(f"?mandate={slug}")[1]) for slug in mandates]
    assert found[0] & found[1] == carried


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("changed", lambda s: -s.changed_on.toordinal()),
        ("status", lambda s: list(Status).index(s.status)),
        ("deadline", lambda s: s.wording.deadline_end or date.max),
        ("title", lambda s: filters.fold(str(s.wording.title))),
    ],
)
def test_the_list_can_be_put_in_order(listed, sort, key):
    _code, found, _text = listed(f"?sort={sort}")
    places = {standing.pledge.slug: key(standing) for standing in standings(1, date.today())}
    assert [places[slug] for slug in found] == sorted(places.values())
    assert len(set(places.values())) > 1


def test_a_search_is_ordered_by_how_well_it_fits_unless_told_otherwise(listed):
    by_fit = listed("?q=prison")[1]
    assert by_fit != listed("?q=prison&sort=changed")[1]
    assert listed("?q=prison&sort=relevance")[1] == by_fit
    # What the form itself sends when nothing was chosen: the order field is there, and is empty.
    text = listed()[2]
    assert re.search(r'<option value="" selected>Latest change</option>', text)
    assert listed("?q=prison&sort=")[1] == by_fit
    assert re.search(r'<option value="" selected>Best match</option>', listed("?q=prison&sort=")[2])
    assert re.search(r'<option value="changed" selected>Latest change</option>', listed("?q=prison&sort=changed")[2])


@pytest.mark.parametrize("name", [*filters.FACETS, "sort"])
def test_an_unknown_value_is_named_and_left_out_and_the_rest_applies(listed, name):
    code, found, text = listed(f"?{name}=banana&q=prison")
    assert code == 422
    assert found == listed("?q=prison")[1]
    assert f"“banana” is not known here as a value of “{name}”" in text
    assert 'role="alert"' in text


def test_an_unknown_value_beside_a_known_one_does_not_widen_the_list(listed):
    code, found, _text = listed("?status=broken&status=banana")
    assert code == 422
    assert set(found) == slugs(lambda s: s.status == "broken")


def test_a_known_value_that_no_pledge_has_now_is_an_empty_list_and_no_mistake(listed):
    nobody = next(str(status) for status in Status if status not in {s.status for s in standings(1, date.today())})
    code, found, text = listed(f"?status={nobody}")
    assert (code, found) == (200, [])
    assert "Take one of the choices away." in text
    assert f'value="{nobody}" checked' in text


def test_what_is_chosen_can_be_taken_away_though_the_search_finds_nothing_of_it(listed):
    _code, found, text = listed("?topic=ports-airports&q=barges")
    assert found == []
    assert 'value="ports-airports" checked' in text


def test_with_htmx_only_the_results_come(listed):
    code, found, text = listed("?status=broken", **HTMX)
    assert code == 200
    assert found == listed("?status=broken")[1]
    assert text.strip().startswith('<div id="results"')
    assert "<html" not in text
    whole = listed("?status=broken", **HTMX, **{"HX-History-Restore-Request": "true"})[2]
    assert "<html" in whole


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?q=prison%00s&status=%00",
        "?q=" + "x" * 10_000,
        "?q=" + "prison+" * 2_000,
        "?q=%ff%fe",
        "?q=%ED%A0%80",
        "?q=" + quote("🚢" * 50),
        "?q=" + quote("‮evil"),
        "?q[]=a&q=b&q=c",
        "?page=0",
        "?page=-1",
        "?page=1e9",
        "?page=" + "9" * 5_000,
        "?page=" + quote("²"),
        "?page=%00",
        "?page=last",
        "?page=2&page=1",
        "?sort=relevance",
        "?sort=&status=&topic=",
        "?" + "&".join(f"status=x{n}" for n in range(500)),
    ],
    ids=lambda query: query[:24],
)
def test_no_address_breaks_the_list(listed, query):
    for headers in ({}, HTMX):
        code, _found, text = listed(query, **headers)
        assert code in (200, 422)
        assert 'id="results"' in text
        assert len(text) < 200_000


def test_too_many_parameters_are_a_bad_request(client, address):
    assert client.get(address("pledges") + "?" + "&".join(["status=x"] * 5_000)).status_code == 400


@pytest.mark.parametrize("query", ["?page=%D9%A1", "?page=0", "?page=99", "?page=x", "?page=-3"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(listed, query):
    assert len(listed(query)[1]) == 12


def test_search_words_are_shown_and_never_run(client, address):
    word = """"><script>alert(1)</script>{{ 7 }}'"""
    text = client.get(address("pledges") + "?q=" + quote(word) + "&status=" + quote(word)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}&#x27;" in text


def test_long_lists_have_pages_whose_links_keep_what_was_asked(listed):
    mandate = factories.MandateFactory(slug="long")
    topic = factories.TopicFactory(slug="many")
    editor, reporter = factories.EditorFactory(), factories.ReporterFactory()
    for number in range(51):
        factories.PublishedPledgeFactory(
            slug=f"many-{number:02}",
            mandate=mandate,
            topics=[topic],
            published_by=editor,
            wording__author=reporter,
            wording__title_en=f"Many {number:02}",
        )
    _code, first, text = listed("?topic=many&sort=title&q=many")
    assert first == [f"many-{number:02}" for number in range(50)]
    following = re.search(r'rel="next" href="([^"]+)"', text).group(1)
    assert following == "?q=many&topic=many&sort=title&page=2"
    _code, second, text = listed(following)
    assert second == ["many-50"]
    assert re.search(r'rel="prev" href="([^"]+)"', text).group(1) == "?q=many&topic=many&sort=title"


def test_the_deadline_facet_agrees_with_the_rules(listed):
    overdue = slugs(lambda s: s.timeliness == Timeliness.OVERDUE)
    assert overdue
    assert set(listed("?deadline=overdue")[1]) == overdue


def test_a_pledge_becomes_overdue_the_day_after_its_deadline(listed):
    today = date.today()
    for slug, deadline in (("due-today", today), ("due-yesterday", today - timedelta(days=1))):
        factories.PublishedPledgeFactory(slug=slug, wording__deadline=deadline, wording__deadline_precision="day")
    assert "due-yesterday" in listed("?deadline=overdue")[1]
    assert "due-today" in listed("?deadline=due_soon")[1]
