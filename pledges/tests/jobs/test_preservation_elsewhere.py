"""Evidence that others keep too: saved to the Wayback Machine, and taken along as WARC."""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pledges import jobs
from pledges.actions import leads, preservation, publishing
from pledges.desk.exchange.warc import warc_of
from pledges.jobs import evidence
from pledges.models import Capture, Preservation
from pledges.tests.support import factories
from pledges.tests.support.watched import page
from pledges.watch.web import wayback as web_wayback

pytestmark = pytest.mark.django_db
SENTENCE = "Work on the lighthouse began on Monday."
ALIVE = preservation.Look("alive")


def kept(row):
    return Preservation.objects.get(pk=row.pk)


# --- the public archive ---------------------------------------------------------------------------------------------


class Wayback:
    """Save Page Now, answering in turn."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked = list(answers), []
        monkeypatch.setattr(evidence, "_ask_archive", self)

    def __call__(self, method, address, headers, fields):
        self.asked.append((method, address, fields.get("url", "")))
        status, told, extra = self.answers.pop(0)
        return web_wayback.Answer(status, extra, json.dumps(told).encode())


@pytest.fixture
def alive(settings):
    """Makes pieces of evidence whose links were alive; WAYBACK is on."""
    settings.WAYBACK = True

    def make(count=1):
        rows = []
        for _ in range(count):
            update = factories.PublishedUpdateFactory()
            row = Preservation.objects.get(evidence__update=update)
            preservation.record_look(preservation=row, look=ALIVE, now=timezone.now())
            rows.append(row)
        return rows

    return make


def let_time_pass():
    Preservation.objects.filter(archive_due_at__isnull=False).update(archive_due_at=timezone.now())


def test_published_evidence_is_saved_to_the_wayback_machine_step_by_step(alive, monkeypatch):
    first, second = alive(2)
    done = {"status": "success", "timestamp": "20260302120000", "original_url": first.evidence.url}
    wayback = Wayback(
        monkeypatch,
        (200, {"job_id": "spn2-1"}, {}),
        (200, {"status": "pending"}, {}),
        (200, done, {}),
        (200, {"job_id": "spn2-2"}, {}),
    )
    for _step in range(4):
        jobs.archive_evidence()
        let_time_pass()
    assert kept(first).archive_url == f"https://web.archive.org/web/20260302120000/{first.evidence.url}"
    assert kept(first).archived_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [asked[0] for asked in wayback.asked] == ["POST", "GET", "GET", "POST"]  # one at a time
    assert wayback.asked[3][2] == second.evidence.url


def test_it_is_off_unless_it_is_switched_on(alive, monkeypatch, settings):
    alive()
    settings.WAYBACK = False
    wayback = Wayback(monkeypatch)
    jobs.archive_evidence()
    assert wayback.asked == []


def test_when_it_asks_us_to_come_later_everything_waits_as_long_as_it_says(alive, monkeypatch):
    alive(2)
    wayback = Wayback(monkeypatch, (429, {}, {"retry-after": "7200"}))
    jobs.archive_evidence()
    jobs.archive_evidence()
    assert len(wayback.asked) == 1
    waits = [row.archive_due_at - timezone.now() for row in Preservation.objects.all()]
    assert all(wait > timedelta(seconds=7100) for wait in waits)
    assert Preservation.objects.filter(archive_attempts__gt=0).count() == 0  # it was not the pages' fault


def test_a_page_that_it_does_not_take_is_given_up_and_harms_nothing(alive, monkeypatch):
    (row,) = alive()
    refused = (200, {"status": "error", "status_ext": "error:blocked-url", "message": "This site asks us not to."}, {})
    wayback = Wayback(monkeypatch, *[refused] * 20)
    for _step in range(10):
        jobs.archive_evidence()
        let_time_pass()
    assert len(wayback.asked) == preservation.ARCHIVE_ATTEMPTS
    assert "This site asks us not to." in str(kept(row).archive_failure)
    assert (kept(row).archive_url, kept(row).dead_since) == ("", None)


# --- WARC -----------------------------------------------------------------------------------------------------------


class Asked:
    """What warcio's command line would hand to its checker."""

    verbose = False

    def __init__(self, name):
        self.inputs = [str(name)]


@pytest.fixture
def capture(db):
    body = page("Lighthouse", SENTENCE * 9)
    return factories.CaptureFactory(
        url="https://daily.example/one",
        body=gzip.compress(body),
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        status=203,
        headers={"content-type": "text/html", "content-encoding": "gzip", "x-bad": "a\r\nInjected: yes"},
    )


def test_a_capture_as_warc_passes_warcios_own_check(capture, tmp_path, capsys):
    name = tmp_path / "one.warc.gz"
    name.write_bytes(warc_of(capture, made_by="PledgeTracker/1.0", notes=[("evidence-of", "lighthouse, update 1: é")]))
    assert Checker(Asked(name)).process_all() == 0
    with name.open("rb") as stream:
        records = [
            (one.rec_type, one.rec_headers, one.http_headers, one.content_stream().read())
            for one in ArchiveIterator(stream)
        ]
    assert [record[0] for record in records] == ["warcinfo", "response", "metadata"]
    _type, about, answer, body = records[1]
    assert body == gzip.decompress(capture.body)
    assert about.get_header("WARC-Target-URI") == capture.url
    assert about.get_header("WARC-Date") == "2024-07-01T12:00:00Z"
    assert answer.statusline == "203 Non-Authoritative Information"
    assert answer.get_header("Content-Length") == str(len(body))
    assert answer.get_header("Content-Encoding") is None
    assert answer.get_header("Injected") is None
    assert b"PledgeTracker" in records[0][3]
    assert capture.sha256.encode() in records[2][3]


def test_a_check_that_can_fail(capture, tmp_path):
    name = tmp_path / "one.warc.gz"
    data = gzip.decompress(warc_of(capture, made_by="x"))
    name.write_bytes(data.replace(b"lighthouse", b"lighthouze", 1))
    assert Checker(Asked(name)).process_all() == 1


def test_staff_who_see_updates_take_a_capture_along_and_nobody_else(client, capture):
    url = reverse("admin:pledges_capture_warc", args=[capture.pk])
    assert client.get(url).status_code == 302
    client.force_login(factories.UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(factories.ReporterFactory())
    answer = client.get(url)
    assert answer["Content-Disposition"] == f'attachment; filename="capture-20240701-{capture.sha256[:12]}.warc.gz"'
    assert gzip.decompress(answer.content).startswith(b"WARC/1.")
    assert client.post(url).status_code == 405
    assert client.get(reverse("admin:pledges_capture_warc", args=[10**9])).status_code == 404
    Capture.objects.filter(pk=capture.pk).update(sha256="0" * 64)
    assert client.get(url).status_code == 404


def test_the_way_to_it_stands_at_the_update_the_lead_and_the_article(client, capture):
    client.force_login(factories.EditorFactory())
    lead = factories.LeadFactory(article__capture=capture)
    update = leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    url = reverse("admin:pledges_capture_warc", args=[capture.pk])
    for row in (lead, lead.article, update):
        where = reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk])
        assert url in client.get(where).content.decode(), row
    publishing.publish(update, by=factories.EditorFactory())
    html = client.get(reverse("admin:pledges_update_change", args=[update.pk])).content.decode()
    assert url in html
    assert "how it is kept" in html
