"""The ZIP of an edition as readers and programs get it, and the worker that makes it."""

import hashlib
import html
from unittest.mock import Mock

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from protego import Protego

from pledges import jobs
from pledges.actions import edition_snapshots, publishing
from pledges.models import Edition, EditionSnapshot, Topic
from pledges.queries.sealed_rows import NotSealed
from pledges.tests.support import factories
from pledges.tests.support.snapshots import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The editions for which a message was sent to a worker."""
    numbers = []
    monkeypatch.setattr(jobs.make_snapshot, "delay", numbers.append)
    return numbers


def test_the_zip_is_served_under_its_hash(client, address, record, django_assert_max_num_queries):
    row = make(record.last)
    url = address("edition_snapshot", record.last)
    client.get(url)  # what the process keeps
    with django_assert_max_num_queries(4):
        response = client.get(url)
        body = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert hashlib.sha256(body).hexdigest() == row.sha256
    assert response["ETag"] == f'"{row.sha256}"'
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Length"] == str(row.size) == str(len(body))
    assert f'filename="edition-{record.last}.zip"' in response["Content-Disposition"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    again = client.get(url, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again["ETag"], again["Access-Control-Allow-Origin"]) == (304, response["ETag"], "*")
    assert client.head(url)["Content-Length"] == str(row.size)
    assert client.post(url).status_code == 405
    spanish = client.get(address("edition_snapshot", record.last, language="es"))
    assert spanish["ETag"] == response["ETag"]


def test_a_large_file_comes_in_parts(client, address, record, monkeypatch):
    row = make(record.first)
    monkeypatch.setattr("pledges.queries.edition_snapshots.CHUNK", 1000)
    parts = list(client.get(address("edition_snapshot", record.first)).streaming_content)
    assert len(parts) == row.size // 1000 + 1
    assert b"".join(parts) == bytes(row.body)


def test_who_comes_before_it_is_made_is_told_when_to_come_again(client, address, record, asked):
    url = address("edition_snapshot", 1)
    for _time in range(3):
        response = client.get(url)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert response["Cache-Control"] == "no-store"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Ask again in a minute." in response.content.decode()
    assert asked == [1]  # one message, however many ask
    assert jobs.make_snapshot.expires == 300  # seconds, after which another is sent
    jobs.make_snapshot(1)
    assert client.get(url).status_code == 200


def test_how_many_are_asked_for_is_limited(client, address, asked, monkeypatch):
    monkeypatch.setattr("pledges.site.shared.limits.time", lambda: 90.0)
    for number in (1, 2, 3):
        response = client.get(address("edition_snapshot", number))
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (429, "*")
    assert response["Retry-After"] == "30"
    assert "Too many snapshots" in response.content.decode()
    assert client.get(address("edition_snapshot", 2)).status_code == 503  # asked for already
    for number in (3, 4, 5):
        response = client.get(address("edition_snapshot", number), REMOTE_ADDR=f"192.0.2.{number}")
    assert response.status_code == 429  # all networks together
    assert asked == [1, 2, 3, 4]


def test_crawlers_are_kept_from_them(client, address, record):
    rules = Protego.parse(client.get("/robots.txt").content.decode())
    for language in ("en", "es"):
        for url in (address("edition_snapshot", 1, language=language), address("latest_snapshot", language=language)):
            assert not rules.can_fetch(f"https://x.example{url}", "Somebot")
        assert rules.can_fetch(f"https://x.example{address('edition', 1, language=language)}", "Somebot")
    page = client.get(address("edition", record.first)).content.decode()
    assert f'<a href="{address("edition_snapshot", record.first)}" rel="nofollow">' in page


def test_there_is_none_of_an_edition_that_is_not_there(client, address, asked):
    assert client.get(address("edition_snapshot", 99)).status_code == 404
    assert client.get("/en/editions/99999999999999999999.zip").status_code == 404
    assert asked == []


def test_one_that_cannot_be_made_is_not_promised(client, address, record, monkeypatch):
    topic = Topic.objects.get(slug="ports")
    monkeypatch.setattr("pledges.queries.sealed_rows.recorded_states", lambda _model, _keys: {})
    assert topic.name_en == "Harbours"  # "Ports" in the first edition, of which there is no history now
    jobs.make_snapshot(1)
    response = client.get(address("edition_snapshot", 1))
    assert response.status_code == 404
    assert "can be made" in response.content.decode()


def test_the_latest_leads_to_the_newest_that_there_is(client, address, record):
    url = address("latest_snapshot")
    assert client.get(url)["Location"] == address("edition_snapshot", record.last)  # where it will be
    make(record.first)
    response = client.get(url)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (302, "*")
    assert response["Location"] == address("edition_snapshot", record.first)
    spanish = client.get(address("latest_snapshot", language="es"))
    assert spanish["Location"] == address("edition_snapshot", record.first, language="es")


def test_the_edition_names_its_hash_as_soon_as_it_is_made(client, address, record):
    url = address("edition", record.last)
    before, data = client.get(url).content.decode(), client.get(address("edition_json", record.last)).json()
    assert address("edition_snapshot", record.last) in before
    assert "SHA-256 of the ZIP" not in before
    assert "snapshot" not in data
    jobs.make_snapshots()
    row = EditionSnapshot.objects.get()
    assert row.sha256 in html.unescape(client.get(url).content.decode())
    assert client.get(address("edition_json", record.last)).json()["snapshot"] == {
        "url": f"http://testserver{address('edition_snapshot', record.last)}",
        "sha256": row.sha256,
        "bytes": row.size,
    }


def test_the_worker_makes_those_published_since(record):
    jobs.make_snapshots()
    assert made() == [record.last]  # earlier ones when somebody asks
    for _edition in range(2):
        publishing.record_change(Topic.objects.get(slug="sea"), by=factories.EditorFactory())
    jobs.make_snapshots()
    jobs.make_snapshots()
    assert made() == [record.last, record.last + 1, record.last + 2]
    assert Edition.objects.count() == record.last + 2


def test_one_that_fails_is_put_off_and_those_after_it_are_made(record, monkeypatch, caplog):
    jobs.make_snapshots()
    failures, tried = {record.last + 1: NotSealed("topic 1 is gone"), record.last + 2: ValueError("a bug")}, []
    for _edition in range(3):
        publishing.record_change(Topic.objects.get(slug="sea"), by=factories.EditorFactory())
    build = edition_snapshots.build

    def failing(edition):
        tried.append(edition.number)
        if error := failures.get(edition.number):
            raise error
        return build(edition)

    monkeypatch.setattr(edition_snapshots, "build", failing)
    monkeypatch.setattr("pledges.queries.edition_snapshots.newest", lambda: record.last)  # all three stay due
    jobs.make_snapshots()
    jobs.make_snapshots()
    assert made() == [record.last, record.last + 3]
    assert tried == [record.last + 1, record.last + 2, record.last + 3]
    assert "topic 1 is gone" in caplog.text
    assert "a bug" in caplog.text


def test_the_end_of_a_tasks_time_is_not_the_editions_fault(record, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(SoftTimeLimitExceeded):
        patch.setattr(edition_snapshots, "build", Mock(side_effect=SoftTimeLimitExceeded()))
        jobs.make_snapshots()
    jobs.make_snapshots()
    assert made() == [record.last]


def made():
    return list(EditionSnapshot.objects.order_by("edition").values_list("edition", flat=True))
