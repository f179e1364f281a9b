"""What a search costs: the words of a text are taken apart once, facets are counted from one index of an edition."""

import gc
import weakref
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils import timezone

from pledges.models import Edition
from pledges.queries.search import facet_index, facets, filters, highlights
from pledges.queries.search.highlights import Marker, forms_of
from pledges.queries.search.query import Term, parse
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import Standings, standings
from pledges.tests.support import factories


@pytest.fixture(autouse=True)
def no_texts():
    """No text has been taken apart yet."""
    forms_of.cache_clear()


@pytest.fixture
def prison(db):
    """A pledge with an update and its evidence."""
    pledge = factories.PublishedPledgeFactory(wording__title_en="A new prison", wording__title_es="Una nueva cárcel")
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", text_en="Two prisons were opened.")
    return pledge


def table():
    return standings(Edition.objects.count(), timezone.localdate())


def test_a_second_search_takes_no_text_apart(prison):
    [standing] = table()
    first = Marker(parse("prison")).highlight(standing)
    texts = forms_of.cache_info().misses
    second = Marker(parse("opened")).highlight(standing)
    assert first.title == "A new <mark>prison</mark>"
    assert [passage.marked for passage in second.passages] == ["Two prisons were <mark>opened</mark>."]
    assert texts and forms_of.cache_info().misses == texts


@pytest.mark.parametrize(
    ("term", "text", "language", "has"),
    [
        (Term("prison"), "Two prisons.", "en", True),
        (Term("pris"), "Two prisons.", "en", False),
        (Term("pris", unfinished=True), "Two prisons.", "en", True),
        (Term("carcel"), "Las cárceles", "es", True),
        (Term("9216"), "9,216 places", "en", True),
        (Term("en", unfinished=True), "Two prisons.", "en", False),  # the mark of a root is no word
        (Term("prisons two"), "Two prisons.", "", False),
    ],
)
def test_what_is_kept_of_a_text_says_which_terms_it_has(term, text, language, has):
    languages = highlights._languages(language)
    assert any(sign in forms_of(text, language) for sign in highlights._signs(term, languages)) is has


def test_a_process_keeps_so_many_texts_and_none_that_is_very_long(prison):
    assert forms_of.cache_info().maxsize == highlights.MOST_TEXTS
    update = SimpleNamespace(word="prison " * highlights.LONGEST_TEXT)
    assert Marker(parse("prison"))._hits(update.word, "en") == {0}
    assert forms_of.cache_info().currsize == 0


def test_the_index_of_an_edition_is_made_once_for_all_readers(prison, monkeypatch):
    made, index_of = [], facet_index.index_of
    monkeypatch.setattr(facet_index, "index_of", lambda rows: made.append(len(rows)) or index_of(rows))
    for query in ("", "status=kept", "status=broken"):
        results = facets.apply(filters.parse(QueryDict(query), table()), table(), None)
        assert len(results.matching) == (query != "status=broken")
    assert len(SavedSearch(filters.Filter(), table()).results.matching) == 1
    assert made == [1]
    factories.PublishedPledgeFactory()
    facets.apply(filters.parse(QueryDict(), table()), table(), None)
    assert made == [1, 2]


def test_the_index_of_another_day_ends_with_its_table(prison):
    rows = Standings(table())
    index = weakref.ref(facet_index.index(rows))
    gc.disable()
    try:
        del rows
        assert index() is None
    finally:
        gc.enable()


def test_equal_texts_and_days_of_the_table_are_one_object(prison):
    factories.PublishedUpdateFactory(pledge=prison, status="kept")
    [standing] = table()
    first, second = standing.pledge.updates
    assert first.status is second.status
