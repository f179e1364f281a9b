"""The list: filters, search, order and pages by address, and what it makes of addresses that nobody would write."""

import html
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from pledges.domain.rules import Status, Timeliness
from pledges.queries.search import facets, filters
from pledges.queries.standings import standings
from pledges.tests.support import factories

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
    in_topic = slugs(lambda s: topic in {t.slug for t in s.pledge.topics})
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
    carried = slugs(lambda s: s.mandates[1:])
    mandates = sorted({m.slug for s in standings(1, date.today()) for m in s.mandates})
    assert len(mandates) == 2
    found = [set(listed(f"?mandate={slug}")[1]) for slug in mandates]
    assert found[0] & found[1] == carried


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("changed", lambda s: -s.changed_on.toordinal()),
        ("status", lambda s: list(Status).index(s.status)),
        ("deadline", lambda s: (list(Timeliness).index(s.timeliness), s.wording.deadline_end or date.max)),
        ("title", lambda s: facets.fold(str(s.wording.title))),
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


@pytest.mark.parametrize("name", [*filters.FACETS, "since", "sort"])
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


def test_what_is_asked_of_deadlines_comes_overdue_first(listed):
    for slug, deadline in (("late", date(2024, 5, 1)), ("later", date(2023, 12, 31)), ("ahead", date(2099, 1, 1))):
        factories.PublishedPledgeFactory(slug=slug, wording__deadline=deadline, wording__deadline_precision="day")
    found = listed("?deadline=ahead&deadline=overdue")[1]
    assert found.index("later") < found.index("late") < found.index("ahead")
    assert found == listed("?deadline=ahead&deadline=overdue&sort=deadline")[1]
    text = listed("?deadline=overdue")[2]
    assert re.search(r'<option value="" selected>Overdue first</option>', text)


def test_the_headline_set_is_a_facet(listed):
    assert set(listed("?headline=yes")[1]) == slugs(lambda s: s.pledge.headline) != set()


# --- changed since ----------------------------------------------------------------------------------------------------


@pytest.fixture
def lately():
    """Pledges whose last update is so many days ago, as {days: slug}."""
    made = {}
    for days in (0, 7, 8, 30, 31, 90, 91):
        update = factories.PublishedUpdateFactory(
            pledge__slug=f"changed-{days}", happened_on=timezone.localdate() - timedelta(days=days)
        )
        made[days] = update.pledge.slug
    return made


def since_counts(text):
    field = r'name="since" value="([\w-]+)"[^>]*> <span>.*?</span> <span class="count">(\d+)</span>'
    return {value: int(count) for value, count in re.findall(field, text)}


@pytest.mark.parametrize("days", [7, 30, 90])
def test_what_changed_in_the_last_days(listed, lately, days):
    expected = {slug for ago, slug in lately.items() if ago <= days}
    found = listed(f"?since={days}")[1]
    assert expected <= set(found)
    assert set(lately.values()) - expected == set(lately.values()) - set(found)
    assert since_counts(listed()[2])[str(days)] == len(found)


def test_what_changed_since_a_day_of_ones_own(listed, lately):
    day = timezone.localdate() - timedelta(days=31)
    _code, found, text = listed(f"?since={day}")
    assert set(found) & set(lately.values()) == {lately[days] for days in (0, 7, 8, 30, 31)}
    assert f'value="{day}" checked' in text
    # A form without scripts sends what was chosen and, after it, the day that was just filled in, or nothing.
    assert set(listed(f"?since=7&since={day}")[1]) == set(found)
    assert set(listed(f"?since={day}&since=")[1]) == set(found)


def test_what_the_last_edition_changed_whenever_it_happened(listed):
    update = factories.PublishedUpdateFactory(happened_on=date(2024, 1, 5))
    assert listed("?since=edition")[1] == [update.pledge.slug]
    factories.EditionFactory(acts=[])  # one that is about no pledge
    assert listed("?since=edition")[1] == [update.pledge.slug]


def test_since_the_mandate_began_is_one_choice_away(listed):
    text = listed()[2]
    assert "since the mandate of Daniel Noboa began on 24 May 2025" in text
    assert set(listed("?since=2025-05-24")[1]) == slugs(lambda s: (s.changed_on or date.min) >= date(2025, 5, 24))


def test_since_is_counted_from_the_day_of_the_page(listed):
    _code, _found, text = listed("?since=30&on=2024-02-01")
    found = re.findall(r'<h3><a href="[^"]*/([\w-]+)/\?on=', text)
    assert (
        set(found)
        == {s.pledge.slug for s in standings(1, date(2024, 2, 1)) if s.changed_on and s.changed_on >= date(2024, 1, 2)}
        != set()
    )
    assert "2025" not in text.partition('id="since-any"')[2].partition("</fieldset>")[0]


def test_since_narrows_the_other_facets_and_they_narrow_it(listed):
    _code, both, _text = listed("?since=2025-05-24&status=broken&status=stalled")
    assert set(both) == set(listed("?since=2025-05-24")[1]) & set(listed("?status=broken&status=stalled")[1])
    counts = since_counts(listed("?status=stalled")[2])
    assert counts["2025-05-24"] == len(listed("?status=stalled&since=2025-05-24")[1])


@pytest.mark.parametrize("since", ["2999-01-01", "2024-02-30", "20240601", "2024-W01-1", "0", "-7", "365", "%00", "٧"])
def test_since_no_day_or_period_that_there_is_says_so(listed, since):
    code, found, text = listed(f"?since={since}")
    assert (code, len(found)) == (422, 12)
    assert "is not known here as a value of “since”" in text


# --- chips, and what helps when nothing fits --------------------------------------------------------------------------


def chips(text):
    return dict(re.findall(r'id="chip-([\w-]+)" href="([^"]+)"', text))


def test_each_choice_is_shown_and_can_be_taken_away_by_its_link(listed, address):
    text = listed("?status=broken&status=stalled&headline=yes&since=2024-01-01&sort=title&q=prison")[2]
    links = chips(text)
    assert set(links) == {"status-broken", "status-stalled", "headline-yes", "since-2024-01-01"}
    assert (
        links["status-broken"]
        == address("pledges") + "?q=prison&status=stalled&headline=yes&since=2024-01-01&sort=title"
    )
    assert "Status: Broken" in text
    assert chips(listed("?q=prison")[2]) == {}


def test_a_link_that_takes_away_stays_at_the_time_of_the_page(listed):
    link = chips(listed("?status=in_progress&on=2024-06-01&page=1")[2])["status-in_progress"]
    assert link.endswith("?on=2024-06-01")


def test_where_nothing_fits_it_is_said_what_to_take_away_and_how_many_that_gives(listed):
    _code, found, text = listed("?status=broken&topic=jobs")
    assert found == []
    ways = text.partition('class="plain ways-out"')[2].partition("</ul>")[0]
    links = re.findall(r'href="[^"]+?(\?[^"]*)">([^<]+)</a> <span class="meta">(\d+) pledge', ways)
    assert links
    for query, _words, count in links:
        assert len(listed(query)[1]) == int(count) > 0
    assert "Status: Broken" in ways


def test_words_that_leave_nothing_can_be_taken_away_too(listed):
    text = listed("?q=barges&topic=ports-airports")[2]
    assert "Nothing here speaks of" not in text
    assert ">Take away: “barges”</a>" in text


@pytest.mark.parametrize(
    ("words", "language", "query", "said"),
    [
        ("which security pledges are overdue?", "en", "?q=which+security+are&deadline=overdue", "Deadline: Overdue"),
        ("promesas incumplidas", "es", "?status=broken", "Estado: Incumplida"),
        ("Incumplida", "es", "?status=broken", "Estado: Incumplida"),
        ("broken ports and airports", "en", "?q=broken&topic=ports-airports", "Topic: Ports and airports"),
    ],
)
def test_words_that_name_a_choice_lead_to_it(listed, words, language, query, said):
    text = listed("?q=" + quote(words), language=language)[2]
    assert f'{query}">{said}</a>' in text
    assert listed(query, language=language)[0] == 200


def test_a_facet_with_very_many_values_shows_the_most_frequent_and_the_chosen(listed, monkeypatch):
    monkeypatch.setattr(facets, "MOST_CHOICES", 2)
    text = listed("?institution=dirnea")[2]
    shown = re.findall(r'id="institution-([\w-]+)"', text)
    assert len(shown) == 2 and "dirnea" in shown
    assert re.search(r"and \d+ more: search for its name", text)
