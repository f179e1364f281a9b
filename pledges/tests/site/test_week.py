"""A week as a page and as a text: what was said in it, what comes due, what the watch read."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import publishing
from pledges.domain import process_cache
from pledges.domain.weeks import Week
from pledges.models import Edition, Lead
from pledges.queries import pulse
from pledges.queries.weekly_report import week_text
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
WEEK = Week(2026, 19)  # 4 to 10 May 2026


def move(edition, *when):
    """Have an edition published at a time of the newsroom's zone: only the owner can, with the triggers off."""
    at = datetime(*when, tzinfo=ZoneInfo(timezone.get_current_timezone_name()))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE pledges_edition SET published_at = %s WHERE number = %s", [at, edition])
        cursor.execute("SET session_replication_role = origin")
    pulse.refresh()
    process_cache.reset()


@pytest.fixture
def pledge():
    """Followed since Monday, 27 April 2026 (edition 1); stalled by an update published on 5 May (edition 2)."""
    row = factories.PledgeFactory(
        slug="harbour",
        wording__title_en="Mend the harbour",
        wording__title_es="Reparar el puerto",
        wording__deadline=date(2026, 5, 31),
        wording__deadline_precision="day",
    )
    writer = row.wordings.get().author
    begun = factories.UpdateFactory(pledge=row, author=writer, status="in_progress", happened_on=date(2026, 3, 4))
    publishing.publish(row.wordings.get(), begun, by=factories.EditorFactory())
    factories.PublishedUpdateFactory(
        pledge=row,
        status="stalled",
        happened_on=date(2026, 5, 1),
        failure_reason="blocked",
        reason_detail_en="By the harbour court.",
        text_en="The court stopped the work.",
    )
    move(1, 2026, 4, 27, 9)
    move(2, 2026, 5, 5, 9)
    return row


@pytest.fixture
def read(client):
    """`read("2026-W19/")`: the text at that address under week/."""

    def find(name="", status=200, language="en"):
        pulse.refresh()
        response = client.get(f"/{language}/week/{name}")
        assert response.status_code == status
        return response.content.decode()

    return find


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2]).replace(" ”", "”").replace("“ ", "“").split())


def test_a_week_tells_what_was_said_in_it(pledge, read):
    told = words(read("2026-W19/"))
    assert "Week 19 of 2026" in told
    assert "From 4 May 2026 to 10 May 2026" in told
    for sentence in (
        "The pledge “Mend the harbour” is now stalled; it had been in progress since 4 March 2026.",
        "1 May 2026: The court stopped the work.",
        "Why: blocked. By the harbour court.",
        "The Daily Example reported on 1 July 2024: “Work on it began on Monday.”",
        "The pledge “Mend the harbour” comes due on 31 May 2026; it is stalled.",
        "One edition was published, number 2.",
        "The watch read no new articles.",
    ):
        assert sentence in told


def test_the_text_says_the_same_for_pasting(pledge, client):
    response = client.get("/en/week/2026-W19.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("Pledge tracker: the week 2026-W19\nFrom 4 May 2026 to 10 May 2026\n")
    assert "CHANGED STATUS\n\n- The pledge “Mend the harbour” is now stalled; it had been in progress since" in text
    assert "\n  http://testserver/en/pledges/harbour/\n" in text
    assert "<" not in text


def test_other_code_has_it_with_and_without_links(pledge, settings):
    settings.SITE_URL = ""
    assert "http" not in week_text(2026, 19, "en")
    settings.SITE_URL = "https://pledges.example"
    assert "https://pledges.example/es/" in week_text(2026, 19, "es")


def test_each_week_has_only_what_was_said_in_it(pledge, read):
    first, last = words(read("2026-W18/")), words(read("2026-W20/"))
    assert "The pledge “Mend the harbour” was made by" in first
    assert "It is in progress (since 4 March 2026)." in first
    assert "It has been followed here since 27 April 2026." in first
    assert "is now stalled" not in first + last
    assert "No pledge changed." in last
    assert "No edition was published." in last


def test_the_deadline_passes_in_its_week_without_an_edition(pledge, read):
    passed = "The deadline of the pledge “Mend the harbour” passed on 31 May 2026; the pledge is stalled."
    assert passed not in words(read("2026-W22/"))  # it ends on 31 May, the last day in time
    assert passed in words(read("2026-W23/"))
    assert passed not in words(read("2026-W24/"))


def test_a_week_begins_and_ends_at_midnight_in_the_newsroom(pledge, read):
    move(2, 2026, 5, 10, 23, 59)  # already Monday in UTC
    assert "is now stalled" in read("2026-W19/")
    move(2, 2026, 5, 11, 0, 0)
    empty_caches()
    assert "is now stalled" not in read("2026-W19/")
    assert "is now stalled" in read("2026-W20/")


def test_weeks_lead_to_those_beside_them(pledge, read, address):
    page = read("2026-W19/")
    assert f'rel="prev" href="{address("week", Week(2026, 18))}"' in page
    assert f'rel="next" href="{address("week", Week(2026, 20))}"' in page
    assert f'href="{address("week_text", WEEK)}"' in page
    now = Week.of(timezone.localdate())
    page = read()
    assert "<h1" in page and "This week</h1>" in page
    assert 'rel="next"' not in page
    assert f'rel="prev" href="{address("week", now.previous)}"' in page


def test_a_week_before_the_first_edition_says_where_to_go(pledge, read, address):
    page = read("2026-W17/")
    assert "Nothing had been published yet by then." in page
    assert f'href="{address("week", Week(2026, 18))}"' in page
    assert 'rel="prev"' not in page  # no endless way back
    assert "noindex" in page
    assert "Nothing had been published yet." in read("2026-W17.txt")


def test_before_anything_is_published_the_week_says_so(read):
    assert "As soon as an editor publishes the first pledge" in read()


@pytest.mark.parametrize("name", ["2026-W54", "2025-W53", "2026-W00", "0000-W01", "26-W1", "9999-W52", "2026-w19"])
@pytest.mark.parametrize("ending", ["/", ".txt"])
def test_a_week_that_is_none_or_lies_ahead_is_not_found(pledge, read, name, ending):
    read(name + ending, status=404)


def test_next_week_is_not_there_yet(pledge, read):
    ahead = Week.of(timezone.localdate() + timedelta(days=7))
    read(f"{ahead}/", status=404)
    read(f"{ahead}.txt", status=404)
    with pytest.raises(ValueError, match="lies ahead"):
        week_text(ahead.year, ahead.number, "en")
    with pytest.raises(ValueError, match="week"):
        week_text(2025, 53, "en")


def test_the_oldest_week_of_all_is_only_an_early_one(pledge, read):
    assert "Nothing had been published yet" in read("0001-W01/")
    assert Week(1, 1).previous is None and Week(9999, 51).next is None


def test_what_the_watch_read_and_people_accepted_is_counted(pledge, read):
    inside, outside = datetime(2026, 5, 6, tzinfo=UTC), datetime(2026, 5, 12, tzinfo=UTC)
    decided = {"decided_by": factories.EditorFactory(), "decided_at": inside, "pledge": pledge}
    draft = factories.UpdateFactory(pledge=pledge)
    factories.LeadFactory(state=Lead.State.ACCEPTED, update=draft, article__found_at=inside, **decided)
    dismissed = {"state": Lead.State.DISMISSED, "dismiss_reason": "not_about"}
    factories.LeadFactory(article__found_at=inside, **dismissed, **decided)
    factories.LeadFactory(article__found_at=outside, **dismissed, **decided | {"decided_at": outside})
    factories.LeadFactory(article__found_at=inside, article__state="new", pledge=pledge)
    told = words(read("2026-W19/"))
    assert "The watch read 2 articles. People decided about 2 leads, and accepted 1." in told


def test_it_is_written_in_spanish_with_genders_and_plurals_right(pledge, read, client, address):
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=date(2026, 5, 2), text_es="Listo.")
    move(3, 2026, 5, 6, 9)
    page = client.get(address("week", WEEK, language="es")).content.decode()
    told = words(page)
    assert "La promesa “Reparar el puerto” ahora está cumplida; estaba en curso desde el 4 de marzo de 2026." in told
    assert "En el intervalo estuvo: estancada." in told
    assert "Se publicaron 2 ediciones, de la 2 a la 3." in told
    assert "The pledge" not in told


def test_it_costs_the_same_however_much_happened(pledge, read):
    def cost():
        pulse.refresh()
        read("2026-W19/")
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            read("2026-W19/")
        return len(queries)

    def more(count):
        for _number in range(count):
            factories.PublishedUpdateFactory(status="kept", happened_on=date(2026, 5, 2))
            move(Edition.objects.count(), 2026, 5, 6, 9)
            move(Edition.objects.count() - 1, 2026, 5, 6, 9)

    more(1)
    few = cost()
    more(4)
    assert cost() == few
