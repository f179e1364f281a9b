"""A row that cannot be stored costs itself, and is told at its source."""

import json
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import readings as reading_actions
from pledges.jobs import source_health
from pledges.models import Article
from pledges.tests.support import factories
from pledges.tests.support.watched import page
from pledges.watch.sources.entries import Entry

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "data" / "feeds" / "cases"
SOURCES = reverse("admin:pledges_source_changelist")
LONG = "弲雛嘓溦崗赪螈該纗棟" * 99  # 990 characters, 2,970 bytes


@pytest.fixture
def source(web):
    return factories.SourceFactory(url=f"{web.origin}/feed", language="es")


def read(source):
    jobs.read_source.apply(args=[source.pk], throw=True)
    source.refresh_from_db()
    return source


def json_feed(*items):
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": list(items)}).encode()


def titles():
    return sorted(Article.objects.values_list("title", flat=True))


def test_a_guid_of_any_length_is_stored(web, source):
    web.serve("/feed", (CASES / "bigguid.xml").read_bytes())
    assert (read(source).failure, source.left_out) == ("", "")
    assert titles() == ["Guid largo", "Normal"]
    assert read(source).left_out == ""
    assert Article.objects.count() == 2


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/a\0b", "characters that no address has"),
        ("/a\ud800b", "characters that no address has"),
        ("/a\x01b", "characters that no address has"),
        (f"/{LONG}", "longer than 1000 characters or 2000 bytes"),
        (f"/{'x' * 1000}", "longer than 1000 characters or 2000 bytes"),
    ],
    ids=["nul", "half", "control", "bytes", "characters"],
)
def test_an_address_that_cannot_be_stored_costs_its_item_only(web, source, url, reason):
    bad, good = {"url": f"{web.origin}{url}", "title": "Mala"}, {"url": f"{web.origin}/good", "title": "Buena"}
    web.serve("/feed", json_feed(bad, good))
    read(source)
    assert titles() == ["Buena"]
    assert (source.failure, source.failing_since, source.failures) == ("", None, 0)
    said = source_health.of(source).sentence
    assert "1 of 2 items" in said
    assert "“Mala”" in said
    assert reason in said
    web.serve("/feed", json_feed(good))
    assert read(source).left_out == ""


def test_what_else_is_odd_in_an_item_is_mended(web, source):
    odd = "Uno\0\ud800 dos\u202e"
    item = {"id": odd, "url": f"{web.origin}/1", "title": odd, "summary": odd, "language": f"es{odd}"}
    web.serve("/feed", json_feed(item, {"url": f"{web.origin}/2", "title": "x" * 5000, "content_text": "y" * 200_000}))
    assert (read(source).failure, source.left_out) == ("", "")
    article = Article.objects.get(url__endswith="/1")
    assert (article.entry_id, article.title, article.summary) == ("Uno dos", "Uno dos", "Uno dos")


def test_a_304_leaves_the_word_standing(web, source):
    bad = {"url": f"{web.origin}/a\0b", "title": "Mala"}
    web.serve("/feed", json_feed(bad, {"url": f"{web.origin}/good"}), etag='"v1"')
    before = read(source).left_out
    assert before
    assert read(source).left_out == before
    assert web.answers[-1] == 304


def made(**fields):
    return Entry(
        **{"id": "x", "url": "https://d.example/x", "title": "T", "summary": "", "published_at": None} | fields
    )


def entries(*bad, count=9):
    """So many entries, of which those with the numbers in `bad` are refused by the database."""
    return [
        made(id=str(n), url=f"https://d.example/{n}", title=f"T{n}", language="es" if n not in bad else "much too long")
        for n in range(count)
    ]


def test_whatever_the_database_refuses_the_rest_is_stored(source):
    other = factories.SourceFactory()
    readings = [
        reading_actions.Reading(source, entries(0, 5)),
        reading_actions.Reading(other, [made(url="https://other.example/", language="en")]),
    ]
    found = reading_actions.record_readings(readings=readings, now=timezone.now())
    assert len(found) == Article.objects.count() == 8
    source.refresh_from_db()
    assert source.failure == ""
    assert "2 of 9 items" in str(source.left_out)
    assert "“T0”: the database refuses it: DataError" in str(source.left_out)
    other.refresh_from_db()
    assert other.left_out == ""


def test_where_it_refuses_all_the_source_fails(source):
    reading_actions.record_readings(
        readings=[reading_actions.Reading(source, entries(*range(3), count=3))], now=timezone.now()
    )
    source.refresh_from_db()
    assert "please report this" in str(source.failure)
    assert Article.objects.count() == 0


def test_where_it_refuses_no_entry_the_source_fails_too(source):
    reading = reading_actions.Reading(source, entries(count=2), etag="x\0")
    reading_actions.record_readings(readings=[reading], now=timezone.now())
    source.refresh_from_db()
    assert "please report this" in str(source.failure)


def test_the_index_itself_refuses_what_is_too_large(source):
    with pytest.raises(DatabaseError, match="index row size"), transaction.atomic():
        factories.ArticleFactory(source=source, entry_id=(CASES / "bigguid.xml").read_text().split('false">')[1][:990])
    assert connection.is_usable()


def test_an_id_that_comes_again_with_another_address_and_title_is_another_article(web, source):
    """Some feeds of one item give each the same id: there the address decides."""
    for n in range(3):
        web.serve("/feed", json_feed({"id": "N/A", "url": f"{web.origin}/{n}", "title": f"Nota {n}"}))
        read(source)
        read(source)
    assert titles() == ["Nota 0", "Nota 1", "Nota 2"]


def test_but_an_article_that_only_moved_is_the_same(web, source):
    for path in ("/old", "/new"):
        web.serve("/feed", json_feed({"id": "7", "url": f"{web.origin}{path}", "title": "Nota"}))
        read(source)
    assert Article.objects.get().url == f"{web.origin}/old"


def test_items_of_one_page_are_articles_each(web, source):
    web.serve("/feed", (CASES / "frag.xml").read_bytes())
    read(source)
    assert titles() == ["Boletin 0", "Boletin 1", "Boletin 2"]


def test_an_address_with_a_fragment_is_read(web, source):
    web.serve("/one", page("Boletín"), **{"Content-Type": "text/html; charset=utf-8"})
    article = factories.ArticleFactory(url=f"{web.origin}/one#b1", text="", state=Article.State.NEW)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert (article.state, article.failure) == ("read", "")
    assert [path for path, _headers in web.requests] == ["/one"]


def test_the_desk_says_it_at_the_source(client, editor, source):
    reading_actions.record_readings(readings=[reading_actions.Reading(source, entries(0))], now=timezone.now())
    source.refresh_from_db()
    for address in (reverse("admin:pledges_source_change", args=[source.pk]), SOURCES):  # its page, and the list
        assert "Left out of its last answer: 1 of 9 items." in client.get(address).content.decode()
