"""The page of a mandate: its days with every pledge on them, the slider, its progress as picture, table and files."""

import csv
import html
import json
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import publishing
from pledges.domain import process_cache
from pledges.models import Edition, Mandate
from pledges.queries.standings import standings
from pledges.site.mandates import pictures
from pledges.site.mandates import views as mandate_view
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
TOLD = {
    "ports": [("in_progress", date(2024, 3, 1)), ("stalled", date(2025, 2, 1)), ("kept", date(2026, 5, 1))],
    "barges": [("broken", date(2024, 2, 1))],
    "jobs": [],
}


@pytest.fixture
def mandate():
    """One of 549 days with three pledges, which was followed by another into which one of them was carried."""
    row = factories.MandateFactory(slug="first", starts_on=date(2023, 11, 23), ends_on=date(2025, 5, 24))
    later = factories.MandateFactory(slug="second", starts_on=date(2025, 5, 24), ends_on=date(2099, 5, 24))
    deadlines = {"barges": date(2024, 6, 1)}
    for slug, changes in TOLD.items():
        pledge = factories.PledgeFactory(
            slug=slug,
            mandate=row,
            wording__title_en=f"About {slug}",
            wording__deadline=deadlines.get(slug),
            wording__deadline_precision="day" if slug in deadlines else "",
        )
        reasons = {"stalled": "lapsed", "broken": "withdrawn"}
        writer = pledge.wordings.get().author
        updates = [
            factories.UpdateFactory(
                pledge=pledge, author=writer, status=status, happened_on=day, failure_reason=reasons.get(status, "")
            )
            for status, day in changes
        ]
        if slug == "ports":
            pledge.carried_into.add(later)
        publishing.publish(pledge.wordings.get(), *updates, by=factories.EditorFactory())
    return row


@pytest.fixture
def read(client, address):
    """`read("mandate", "first", query="?on=2024-06-01")`: the page's text."""

    def find(name, *args, query="", status=200, language="en"):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == status
        return html.unescape(response.content.decode())

    return find


def pictured(text: str) -> list[tuple[str, str, str]]:
    """The rows of the picture as (address, what its strip says, its status)."""
    body = text.partition('<div class="mandate-days">')[2].partition("</ul>")[0]
    found = re.findall(r'<li>.*?/pledges/([\w-]+)/.*?aria-label="([^"]*)".*?<span class="s s-(\w+)', body, re.DOTALL)
    assert len(found) == body.count("<li>")
    return found


def answer(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition('id="answer"')[2].partition("</div>")[0]))


def test_every_pledge_stands_on_the_days_with_a_sentence_that_says_what_is_drawn(mandate, read):
    rows = {slug: (words, status) for slug, words, status in pictured(read("mandate", "first"))}
    assert set(rows) == set(TOLD)
    words, status = rows["ports"]
    assert words == "In progress from 1 March 2024; Stalled from 1 February 2025; 2 updates."
    assert status == "kept"  # today, long after the mandate's last day
    assert rows["barges"] == ("Broken from 1 February 2024; deadline 1 June 2024; 1 update.", "broken")


def test_a_day_says_which_it_is_of_how_many(mandate, read):
    assert "Day 100 of 549, 1 March 2024" in answer(read("mandate", "first", query="?on=2024-03-01"))
    assert "After its 549 days" in answer(read("mandate", "first"))
    assert "It begins on 23 November 2023" in answer(read("mandate", "first", query="?on=2023-01-01"))


def test_tallies_have_the_numbers_beside_them_and_say_what_was_carried_over(mandate, read):
    text = read("mandate", "first", query="?on=2024-03-01")
    assert re.findall(r"<b>(\d+)</b> ([\w ]+)</a>", text) == [
        ("1", "in progress"),
        ("1", "broken"),
        ("1", "not yet rated"),
    ]
    assert "carried over" not in answer(text)
    assert f"It was carried over from the mandate of {mandate}." in answer(read("mandate", "second"))
    assert pictured(read("mandate", "second"))[0][0] == "ports"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("status", ["ports", "barges", "jobs"]),
        ("deadline", ["barges", "jobs", "ports"]),
        ("title", ["barges", "jobs", "ports"]),
        ("changed", ["ports", "barges", "jobs"]),
        ("made", ["barges", "jobs", "ports"]),
    ],
)
def test_the_picture_is_ordered_by_its_address(mandate, read, sort, order):
    text = read("mandate", "first", query=f"?sort={sort}")
    assert [slug for slug, *_rest in pictured(text)] == order
    current = re.findall(r'<a href="([^"]*)" aria-current="true">', text.partition('aria-label="Order"')[2])
    assert current == ["?" if sort == "status" else f"?sort={sort}"]


def test_an_order_that_there_is_not_is_said_and_the_page_is_shown(mandate, read):
    text = read("mandate", "first", query="?sort=<b>", status=422)
    assert "“<b>” is not known here" in text
    assert len(pictured(text)) == 3


# --- the slider -----------------------------------------------------------------------------------------------------


def test_the_slider_leads_to_the_address_of_its_day(mandate, client, address):
    where = address("mandate", "first")
    found = client.get(where, {"day": "100", "sort": "title"})
    assert (found.status_code, found["Location"]) == (302, f"{where}?sort=title&on=2024-03-01")
    # By day 100 of an edition is another page than day 100 by what is said now.
    found = client.get(where, {"day": "100", "edition": "1"})
    assert found["Location"] == f"{where}?on=2024-03-01&edition=1"


def test_the_last_day_that_can_be_asked_for_is_what_the_page_shows_unasked(client, address):
    today = timezone.localdate()
    factories.PublishedPledgeFactory(
        mandate__slug="now", mandate__starts_on=today - timedelta(days=9), mandate__ends_on=None, made_on=today
    )
    assert client.get(address("mandate", "now"), {"day": "10"})["Location"] == address("mandate", "now") + "?"
    text = client.get(address("mandate", "now")).content.decode()
    assert re.search(r'<input type="range"[^>]* max="10"[^>]* value="10"', text)


@pytest.mark.parametrize("day", ["0", "550", "-1", "1.5", "x", "٣", "9" * 40, "<b>"])
def test_a_day_that_the_mandate_has_not_is_refused_with_the_days_it_has(mandate, read, day):
    text = read("mandate", "first", query=f"?day={day}", status=422)
    assert "This mandate has the days 1 to 549." in text
    assert 'name="day"' not in text  # the form that mends it does not ask for it again


def test_a_day_that_lies_ahead_is_refused(mandate, read):
    assert "lies ahead" in read("mandate", "second", query="?day=20000", status=422)


def test_the_slider_says_its_day_in_words_and_stands_on_it(mandate, read):
    text = read("mandate", "first", query="?on=2024-03-01&sort=title")
    (slider,) = re.findall(r'<input type="range"[^>]*>', text)
    assert 'min="1" max="549" step="1" value="100"' in slider
    assert 'aria-valuetext="Day 100 of 549, 1 March 2024"' in slider
    assert 'data-words="Day {n} of 549, {day}"' in slider
    assert '<input type="hidden" name="sort" value="title">' in text


def test_landmarks_lead_to_their_days_and_none_lies_ahead(mandate, read):
    text = read("mandate", "first", query="?on=2024-03-01&sort=title")
    marks = {
        name: query
        for query, name in re.findall(
            r'<a href="(\?[^"]*)"[^>]*>([^<]*)</a>', text.partition('id="landmarks"')[2].partition("</nav>")[0]
        )
    }
    assert marks["Day 100"] == "?sort=title&on=2024-03-01"
    assert marks["1 year"] == "?sort=title&on=2024-11-23"
    assert marks["Last day"] == "?sort=title&on=2025-05-24"
    assert marks["Today"] == "?sort=title"
    assert "Last day" not in read("mandate", "second").partition('id="landmarks"')[2].partition("</nav>")[0]


def test_a_mandate_that_lies_ahead_has_no_slider_and_no_progress(client, address):
    factories.PublishedPledgeFactory(
        mandate__slug="next", mandate__starts_on=timezone.localdate() + timedelta(days=5), mandate__ends_on=None
    )
    text = client.get(address("mandate", "next")).content.decode()
    assert 'type="range"' not in text
    assert 'id="progress"' not in text
    assert "It begins on" in text
    for name in ("mandate_progress_csv", "mandate_progress_json"):
        assert client.get(address(name, "next")).status_code == 200


# --- progress -------------------------------------------------------------------------------------------------------


def rows_of(client, address, query=""):
    response = client.get(address("mandate_progress_csv", "first") + query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(response.content.decode().splitlines()))


def test_the_file_has_every_day_as_the_page_of_that_day_has_it(mandate, client, address):
    rows = rows_of(client, address)
    assert [int(row["day"]) for row in rows] == list(range(1, 550))
    number = Edition.objects.count()
    for row in rows[::61]:
        day = date.fromisoformat(row["date"])
        stood = [standing.status for standing in standings(number, day)]
        assert int(row["pledges"]) == len(stood)
        assert {status: int(row[status]) for status in pictures.ORDER} == {
            status: stood.count(status) for status in pictures.ORDER
        }


def test_neither_file_nor_page_knows_what_came_later(mandate, client, address, read):
    rows = rows_of(client, address, "?on=2024-02-10")
    assert (rows[-1]["date"], rows[-1]["broken"], rows[-1]["in_progress"]) == ("2024-02-10", "1", "0")
    progress = read("mandate", "first", query="?on=2024-02-10").partition('id="progress"')[2]
    assert "p-broken" in progress
    assert "p-stalled" not in progress
    assert "Stalled" not in progress
    spec = client.get(address("mandate_progress_json", "first") + "?on=2024-02-10").json()
    assert {row["status"] for row in spec["layer"][0]["data"]["values"]} == {"broken", "not_rated"}


def test_the_picture_has_a_band_and_a_name_for_each_status_and_a_table_and_a_sentence_beside_it(mandate, read):
    progress = read("mandate", "first", query="?on=2025-05-24").partition('id="progress"')[2].partition("</section>")[0]
    for status, words in [("in_progress", "0 in progress"), ("stalled", "1 stalled"), ("broken", "1 broken")]:
        assert f'fill="url(#p-{status})"' in progress
        assert f">{words}<" in progress
    assert "style=" not in progress
    assert set(re.findall(r"#[0-9a-f]{6}", progress)) == set()  # no colour but the page's own
    assert "Day 100, 1 March 2024: 0 of 3 pledges kept; 1 in progress, 1 broken, 1 not yet rated." in progress
    header = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', progress)
    row = progress.partition('<th scope="row">31 Mar 2024</th>')[2].partition("</tr>")[0]
    assert header == ["Date", "Day", "Pledges", "In progress", "Stalled", "Broken", "Not yet rated"]
    assert re.findall(r">(\d+)<", row) == ["130", "3", "1", "0", "1", "1"]


def test_the_specification_is_one_that_can_be_drawn_elsewhere(mandate, client, address):
    spec = client.get(address("mandate_progress_json", "first")).json()
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    text = json.dumps(spec)
    assert not [stand_in for stand_in in pictures.STAND_INS.values() if stand_in in text]
    assert pictures.INK not in text


def test_in_spanish_words_and_addresses_are_spanish(mandate, client, address, read):
    text = read("mandate", "first", query="?on=2024-03-01", language="es")
    assert address("mandate_progress_csv", "first", language="es") in text
    assert "1 de marzo de 2024" in answer(text)


# --- many -----------------------------------------------------------------------------------------------------------


def test_a_page_costs_as_many_queries_with_many_pledges_and_pages_keep_the_order(
    mandate, client, address, read, monkeypatch
):
    where = address("mandate", "first") + "?sort=title"

    def cost():
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _number in range(6):
        factories.PublishedPledgeFactory(mandate=mandate)
    assert cost() == few
    monkeypatch.setattr(mandate_view, "PAGE_SIZE", 4)
    empty_caches()
    text = read("mandate", "first", query="?sort=title&page=2")
    assert len(pictured(text)) == 4
    assert 'rel="prev" href="?sort=title&page=1"' in text
    assert 'rel="next" href="?sort=title&page=3"' in text


def test_a_picture_of_very_many_changes_leaves_out_what_cannot_be_seen_and_says_so(mandate, read, monkeypatch):
    assert "The picture leaves out" not in read("mandate", "first")
    empty_caches()
    monkeypatch.setattr(pictures, "MOST_STEPS", 2)
    assert "The picture leaves out" in read("mandate", "first")


@pytest.mark.parametrize("slug", ["compare", "comparar"])
def test_no_mandate_takes_the_address_of_the_comparison(slug):
    with pytest.raises(ValidationError, match="address of the comparison"):
        factories.MandateFactory.build(slug=slug).full_clean()


def test_once_closed_it_says_how_it_stood_that_day_and_works_out_no_table_of_that_day(client, address, mandate):
    Mandate.objects.filter(pk=mandate.pk).update(closed_on=date(2025, 6, 1))
    process_cache.reset()
    text = " ".join(client.get(address("mandate", "first")).content.decode().split())
    assert "had a last decision. 1 stalled, 1 broken, 1 not yet rated." in text  # one of them was kept since
    assert len(standings._values) == 1  # today's
