"""Several governments in one tracker: every page says whose pledges it counts, and the others are one press away."""

import html
import re
from datetime import date, timedelta

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.domain import process_cache
from pledges.domain.weeks import Week
from pledges.models import Mandate
from pledges.queries import offices, pulse, weekly_report
from pledges.tests.support import factories, governments
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db


@pytest.fixture
def four():
    return governments.make()


@pytest.fixture
def read(client, address):
    """`read("home", query="?mandate=city")`: the page's text, without the space between its marks."""

    def find(name, *args, query="", status=200, language="en"):
        pulse.refresh()
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == status
        return re.sub(r"\s+", " ", html.unescape(response.content.decode()))

    return find


def words(text):
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text.partition("<main")[2])).replace(" ,", ",").replace(" .", ".")
    )


def links(text):
    """Where the links of a text lead, by their words."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', text)
    return {re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", label)).strip(): where for where, label in found}


# --- the front page ---------------------------------------------------------------------------------------------------


def test_the_front_page_is_of_the_newest_mandate_with_pledges_and_says_so(four, read):
    text = read("home")
    assert "<h1>One of the three pledges in the mandate of Bea Sol (2025–29) is kept.</h1>" in text
    said = words(text)
    assert "Bea Sol, President of Ecuador, 2025–29" in said
    assert "1 of them was carried over from the mandate of Ana Paz, 2021–25." in said
    for slug in ("roads", "metro"):
        assert f"/pledges/{slug}/" not in text
    assert "when the mandate of Bea Sol began?" in said


def test_the_others_are_one_press_away_by_name(four, read):
    others = read("home").partition('aria-labelledby="others"')[2].partition("</nav>")[0]
    assert links(others) == {
        "Carla Ruiz, Mayor of Quito, 2023–26": "/en/?mandate=city",
        "Ana Paz, President of Ecuador, 2021–25": "/en/?mandate=first",
    }
    assert words(f"<main>{others}").count("pledges") == 2
    city = read("home", query="?mandate=city")
    assert "<h1>Two of the three pledges that Carla Ruiz made are kept.</h1>" in city
    assert "Mayor of Quito" in words(city)
    assert "/pledges/ports/" not in city


def test_its_links_lead_to_pledges_of_the_same_mandate(four, read):
    found = links(read("home", query="?mandate=city"))
    assert found["What is kept?"] == "/en/pledges/?status=kept&mandate=city"
    assert found["2 kept"] == "/en/pledges/?status=kept&mandate=city"
    assert found["All 3 pledges of this mandate"] == "/en/pledges/?mandate=city"
    assert found["What changed in the last 30 days?"].endswith("&mandate=city")
    elected = found["What changed since the election of 5 February 2023?"]
    assert elected.startswith("/en/changes/?since=2023-02-05&to=") and elected.endswith("&mandate=city")
    began = found["Where did the pledges stand on 14 May 2023, when the mandate of Carla Ruiz began?"]
    assert began == "?mandate=city&on=2023-05-14"
    assert "Carla Ruiz" in read("home", query="?mandate=city&on=2023-07-01")


def test_as_of_a_day_it_is_of_the_mandate_that_was_the_newest(four, read):
    assert "The one pledge that Ana Paz made" not in read("home", query="?on=2021-07-01")
    assert "None of the two pledges that Ana Paz made is rated yet." in read("home", query="?on=2021-07-01")
    before = read("home", query="?mandate=city&on=2020-01-01")
    assert "No pledges are published for it." in before
    assert "Carla Ruiz, Mayor of Quito" in before


@pytest.mark.parametrize("slug", ["nobody", "%00", "x" * 3000, "second'"])
def test_an_unknown_mandate_is_a_404(four, read, slug):
    read("home", query=f"?mandate={slug}", status=404)


def test_a_mandate_without_pledges_has_a_front_page_that_says_so(four, read):
    text = read("home", query="?mandate=empty")
    assert "Eva Luz, Mayor of Quito" in words(text)
    assert "No pledges are published for it." in text
    assert "/en/?mandate=second" in text
    read("home_card", query="?mandate=empty", status=404)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"office_es": "Presidente del Ecuador"}, {"office_es": "Presidenta del Ecuador"}, True),
        ({"office_es": "Presidente"}, {"office_en": "President", "office_es": "Presidenta"}, True),
        ({"office_en": "Mayor of Quito"}, {"office_en": "Mayor  of QUITO"}, True),
        ({"office_en": "Mayor of Quito"}, {"office_en": "Mayor of Cuenca"}, False),
        ({"office_en": "President"}, {"office_en": "President", "country": "PE"}, False),
        ({"office_en": "President"}, {"office_es": "Presidenta"}, False),  # nothing says that they are the same
    ],
)
def test_mandates_of_one_office_follow_one_another(one, other, same):
    rows = [Mandate(**{"country": "EC", "office_en": "", "office_es": "", **values}) for values in (one, other)]
    assert offices.same_office(*rows) is same
    assert len(offices.by_office(rows)) == 2 - same


def test_with_one_mandate_nothing_names_it(read):
    factories.PublishedPledgeFactory(mandate__person="Ana Paz", mandate__ends_on=None)
    text = read("home")
    assert "The one pledge that Ana Paz made is not yet rated." in text
    assert "Other mandates" not in text
    assert "when the mandate began?" in text
    assert "mandate=" not in text
    assert "Made by" not in read("pledges")


def test_two_terms_of_one_person_are_not_mixed(read):
    """What a person made is said only of all that the person made."""
    first = factories.MandateFactory(slug="first", person="Ana Paz")
    second = factories.MandateFactory(slug="second", person="Ana Paz", starts_on=date(2025, 5, 24), ends_on=None)
    factories.PublishedPledgeFactory(mandate=first)
    factories.PublishedPledgeFactory(mandate=second, made_on=date(2025, 6, 1))
    assert "The one pledge in the mandate of Ana Paz (2025–) is not yet rated." in read("home")
    assert "The one pledge in the mandate of Ana Paz (2023–25) is not yet rated." in read("mandate", "first")


# --- mandates ---------------------------------------------------------------------------------------------------------


def test_the_list_of_mandates_counts_what_was_carried_over_and_from_whom(four, read):
    text = read("mandates")
    section = words("<main>" + text.partition('id="m-second"')[2].partition("</section>")[0])
    assert "3 pledges. 1 of them was carried over from the mandate of Ana Paz, 2021–25." in section
    kept = links(text.partition('id="m-second"')[2].partition("</section>")[0])["1 kept"]
    assert kept == "/en/pledges/?status=kept&mandate=second"
    assert "No pledges are published for it." in text.partition('id="m-empty"')[2].partition("</section>")[0]


def test_a_mandates_page_says_of_whom_it_counts(four, read):
    assert "None of the two pledges that Ana Paz made is kept." in read("mandate", "first")
    text = read("mandate", "second")
    assert "One of the three pledges in the mandate of Bea Sol (2025–29) is kept." in text
    assert "1 of them was carried over from the mandate of Ana Paz, 2021–25." in text
    assert "Election day" not in read("mandate", "city")  # the president's election falls into the mayor's days


def test_the_comparison_chooses_the_newest_with_pledges_and_the_one_before_in_its_office(four, read):
    text = read("compare")
    assert re.findall(r'value="(\w+)" checked', text) == ["second", "first"]
    day = (four.first.starts_on + timedelta(days=99)).day
    on_day = words(read("compare", query="?mandate=first&mandate=city&day=100"))
    assert f"A : {day} August 2021 · B : 21 August 2023" in on_day
    assert "Carla Ruiz, 2023–26 Mayor of Quito" in on_day


def test_the_comparison_of_mandates_without_pledges_chooses_none(read):
    factories.MandateFactory(slug="empty")
    text = read("compare")
    assert "checked>" not in text
    assert "No pledges are published for any of these mandates." in text


# --- lists, changes, reports and feeds --------------------------------------------------------------------------------


def test_the_list_says_who_made_each_and_how_many(four, read):
    text = words(read("pledges"))
    assert "Made by Carla Ruiz (3), Ana Paz (2), Bea Sol (2)" in text
    assert "Carla Ruiz, 2023–26 · last changed" in text
    assert "Carla Ruiz, 2023–26, Mayor of Quito" in text  # as a choice
    for choice in (
        "since the mandate of Bea Sol began on 24 May 2025",
        "since the mandate of Carla Ruiz began on 14 May 2023",
        "since the election of 13 Apr 2025 (Bea Sol)",
        "since the election of 5 Feb 2023 (Carla Ruiz)",
    ):
        assert choice in text
    assert "Ana Paz (" not in words(read("pledges", query="?mandate=city"))


def test_what_changed_offers_the_terms_of_each_office_by_name(four, read):
    text = read("changes")
    found = links(text.partition('id="often"')[2].partition("</nav>")[0])
    today = timezone.localdate()
    assert found["Since the election of Bea Sol on 13 April 2025"] == (
        f"/en/changes/?since=2025-04-13&to={today}&mandate=second"
    )
    assert found["Since the election of Carla Ruiz on 5 February 2023"].endswith("&mandate=city")
    assert found["The mandate of Ana Paz that began on 24 May 2021"] == (
        "/en/changes/?since=2021-05-24&to=2025-05-23&mandate=first"
    )
    assert not [label for label in found if label.startswith("Between the elections")]
    where = found["Since the election of Bea Sol on 13 April 2025"].partition("/changes/")[2]
    page = read("changes", query=where)
    assert "What changed since the election of Bea Sol on 13 April 2025" in page
    assert "Only what belongs to the mandate of Bea Sol, 2025–29 (President of Ecuador)." in page
    assert "Mayor of Quito" in page.partition('name="mandate"')[2].partition("</select>")[0]


def test_each_change_says_whose_pledge_it_is(four, read):
    text = words(read("changes", query="?since=2023-08-01&to=2023-12-31"))
    assert "Carla Ruiz, 2023–26 The pledge “ Extend the metro ” is now kept" in text


def test_the_weekly_report_says_whose_pledge_it_is(four, read):
    pledge = factories.PledgeFactory._meta.model.objects.get(slug="water")
    today = timezone.localdate()
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=today)
    pulse.refresh()
    week = Week.of(today)
    text = weekly_report.week_text(week.year, week.number, "en", site="")
    assert "- The pledge “Bring water” was made by Carla Ruiz on 1 June 2023." in text
    assert read("this_week").count('class="meta whose"') == 0  # new pledges name who made them


def test_an_entry_of_a_feed_names_the_mandate(four, client, address):
    found = feedparser.parse(client.get(address("pledges_feed")).content)
    terms = {entry.title: {tag.term for tag in entry.tags} for entry in found.entries}
    assert "Carla Ruiz, 2023–26" in terms["New pledge: Extend the metro"]


# --- cost -------------------------------------------------------------------------------------------------------------


def test_more_mandates_cost_no_more_queries(four, client, address):
    pages = [address(name) for name in ("home", "mandates", "pledges", "changes", "this_week")]
    pages += [address("compare"), address("mandate", "second"), address("home") + "?mandate=city"]

    def costs():
        found = []
        for where in pages:
            pulse.refresh()
            client.get(where)
            empty_caches()
            pulse.refresh()
            process_cache.reset()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            found.append(len(queries))
        return found

    before = costs()
    for number in range(8):
        office = f"Mayor of town {number}"
        mandate = factories.MandateFactory(
            office_en=office, office_es=office, starts_on=date(2022, 1, 1 + number), elected_on=date(2021, 12, 1)
        )
        factories.PublishedPledgeFactory(mandate=mandate)
    assert costs() == before
