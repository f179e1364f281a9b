"""A search excludes, keeps words together and finds either, as PostgreSQL's websearch_to_tsquery does; and figures are
found however they are written."""

import html
import re

import pytest
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from pledges.management.commands import prepare_database
from pledges.models import Pledge
from pledges.queries import standings
from pledges.queries.search import fulltext
from pledges.queries.search.filters import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db

TITLES = {
    "barges": ("Build prison barges", "Construir barcazas cárcel"),
    "prisons": ("Build new prisons", "Construir cárceles nuevas"),
    "ship": ("Buy a cárcel-barco in 2023-24", "Comprar una cárcel-barco en 2023-24"),
    "ports": ("Open the ports", "Abrir los puertos"),
}


@pytest.fixture
def pledges():
    """Four pledges; two of them, and a third by its title's words, are about prisons."""
    for slug, (en, es) in TITLES.items():
        factories.PublishedPledgeFactory(
            slug=slug,
            wording__title_en=en,
            wording__title_es=es,
            wording__statement_en="By the end of the term.",
            wording__statement_es="Hasta el fin del período.",
            wording__quote="",
        )


def found(words):
    """The slugs of what has everything that is asked for, or else of what has some of the words."""
    slugs = dict(Pledge.objects.values_list("pk", "slug"))
    return {slugs[pk] for pk in fulltext.search(words).ranks}


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("prison", "barges prisons"),
        ("prisons -barges", "prisons"),
        ("-barges prisons", "prisons"),
        ("prisons NOT barges", "prisons"),
        ("prisons \N{MINUS SIGN}barges", "prisons"),
        ("prisons -barcazas", "prisons"),  # in either language
        ("prisons -barge", "prisons"),  # and any form of the word
        ("-prisons", "ship ports"),
        ("NOT prisons", "ship ports"),
        ("-prisons -ports", "ship"),
        ("prisons -prison", ""),
        ('"prison barges"', "barges"),
        ('"ports the open"', "ports"),  # none has it in this order: what has some of the words
        ("“barcazas cárcel”", "barges"),
        ("«abrir los puertos»", "ports"),
        ('prison -"new prisons"', "barges"),
        ('"open the port', "ports"),  # not closed yet
        ("barges or ports", "barges ports"),
        ("barges OR ports", "barges ports"),
        ("prison -new or ports", "barges ports"),
        ("ports OR -prisons", "ship ports"),
        ("cárcel-barco", "ship"),
        ("carcel-barco", "ship"),
        ("2023-24", "ship"),
        ("cárcel -cárcel-barco", "barges prisons"),
        ("prison - barges", "barges"),  # a dash between words is not a minus
        ("-the", "barges prisons ship ports"),
        ("prison -the", "barges prisons"),
        ("prison NOT", "barges prisons"),
        ("prison OR", "barges prisons"),
        ("-barges zeppelins prisons", "prisons"),  # of those with some of the words, too, none has what is excluded
    ],
)
def test_what_is_asked_for_is_found_and_what_is_excluded_is_not(pledges, words, slugs):
    assert found(words) == set(slugs.split())


@pytest.mark.parametrize(
    "words", ["prison", "prison -barges", "-prison", '"prison barges"', "barges or ports", 'prison -"new prisons"']
)
def test_so_does_postgresql(pledges, words):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug FROM pledges_pledge WHERE search_en @@ websearch_to_tsquery('english', %s)", [words]
        )
        assert found(words) == {slug for (slug,) in cursor}


def test_what_is_excluded_is_neither_corrected_nor_offered(pledges):
    result = fulltext.search("prisonns -bargs")
    assert (result.corrections, result.corrected_query) == ((("prisonns", "prisons"),), "prisons -bargs")
    assert fulltext.search("prisons -bargs").corrections == fulltext.search("prisons -bargs").suggestions == ()
    assert fulltext.search('"prison bargges" -ports').corrected_query == '"prison barges" -ports'


def test_the_page_counts_links_and_marks_accordingly(pledges, client, address):
    html_of = html.unescape(client.get(address("pledges"), {"q": "build -barges"}).content.decode())
    assert "1 of 4 pledges fits" in html_of
    assert re.findall(r"<mark>(.*?)</mark>", html_of) == ["Build", "Build"]  # title and statement
    assert "q=build+-barges" in html_of  # the address of its feed
    feed = client.get(address("pledges_feed"), {"q": "build -barges"}).content.decode()
    assert feed.count("<entry>") == 1 and "Build new prisons" in feed
    some = html.unescape(client.get(address("pledges"), {"q": '"ports the open"'}).content.decode())
    assert 'No pledge fits “"ports the open"”; these have some of the words.' in some
    nothing = html.unescape(client.get(address("pledges"), {"q": "ports -puertos"}).content.decode())
    assert "No pledge fits “ports -puertos”." in nothing


def test_a_pledge_leaves_a_saved_search_with_the_update_that_has_the_excluded_word(pledges, client, address):
    ports = Pledge.objects.get(slug="ports")
    factories.PublishedUpdateFactory(pledge=ports, text_en="Zeppelins were seen.", text_es="Se vieron zepelines.")
    edition = ports.updates.get().edition
    table = standings.standings_uncached(edition.number, edition.published_at.date())
    now = next(standing for standing in table if standing.pledge.pk == ports.pk)
    before = standings.standing_as_of(now, edition=edition.number - 1, day=now.day)
    search = SavedSearch(Filter(q="ports -zeppelins"), table)
    assert (search.matches(before), search.matches(now)) == (True, False)
    feed = client.get(address("pledges_feed"), {"q": "ports -zeppelins"}).content.decode()
    assert "Zeppelins were seen." in html.unescape(feed)


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["9.216", "9,216", "9 216", "9\N{NARROW NO-BREAK SPACE}216", "9216"])
@pytest.mark.parametrize("asked", ["9.216", "9,216", "9 216", "9216", '"9.216 jobs"', "jobs 9,2"])
def test_a_figure_is_found_with_any_separators(written, asked):
    update = factories.PublishedUpdateFactory(text_en=f"It made {written} jobs (9.2 a day).")
    factories.PublishedUpdateFactory(text_en="It made 216 jobs in 9 towns, and 1216 later.")
    assert list(fulltext.search(asked).ranks) == [update.pledge_id]


@pytest.mark.parametrize("written", ["1.5", "1,5"])
def test_so_are_decimals(written, client, address):
    update = factories.PublishedUpdateFactory(text_en=f"Growth was {written}%.", text_es="")
    factories.PublishedUpdateFactory(text_en="In 1 of 5 towns, on 1.5.2024, in version 1.5.1.", text_es="")
    for asked in ("1.5", "1,5"):
        assert list(fulltext.search(asked).ranks) == [update.pledge_id]
        assert f"<mark>{written}</mark>" in client.get(address("pledges"), {"q": asked}).content.decode()


def test_years_and_lists_stay_as_they_are():
    update = factories.PublishedUpdateFactory(text_en="In 2021,2022 and 3.5.2024; of 1,2,3.")
    for asked in ("2021", "2022", "2024", "3.5.2024", "2021,2022"):
        assert update.pledge_id in fulltext.search(asked).ranks, asked


def test_the_migration_has_what_is_published_indexed_again(pledges):
    before = found("prison")
    operations = MigrationLoader(connection).disk_migrations["pledges", "0019_search_figures"].operations
    with connection.cursor() as cursor:
        for operation in operations:
            assert isinstance(operation, migrations.RunSQL)
            cursor.execute(operation.sql)
    assert found("prison") == set()
    prepare_database.index_what_is_missing()
    assert found("prison") == before
