"""Evidence that stays: captured when it is published, looked at weekly, called dead late."""

import gzip
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import errors, preservation, publishing
from pledges.jobs import evidence as jobs_evidence
from pledges.models import Capture, Preservation
from pledges.queries import pulse
from pledges.tests.support import factories
from pledges.tests.support.watched import page

pytestmark = pytest.mark.django_db
SENTENCE = "Work on the lighthouse began on Monday."
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALIVE = preservation.Look("alive")
GONE = preservation.Look("gone", "There is nothing at this address (404).")
AWAY = preservation.Look("away", "daily.example could not be reached.")


@pytest.fixture
def evidence(web):
    """Publishes an update whose one piece of evidence is the page /one of the small site; gives its preservation."""

    def make(capture=None, sentence=SENTENCE):
        update = factories.UpdateFactory(evidence=None)
        piece = factories.EvidenceFactory(update=update, url=f"{web.origin}/one", sentence=sentence, capture=capture)
        publishing.publish(update, by=factories.EditorFactory())
        return piece.preservation

    return make


def kept(row=None):
    return Preservation.objects.get() if row is None else Preservation.objects.get(pk=row.pk)


def due_again():
    Preservation.objects.update(due_at=timezone.now())


def test_what_is_published_is_captured_and_its_sentence_located(web, evidence):
    body = page("Lighthouse", "The mayor came. " * 20, f"{SENTENCE} Nobody objected.")
    web.serve("/one", body, **{"Content-Type": "text/html; charset=utf-8", "X-Served-By": "a", "Set-Cookie": "who=me"})
    evidence()
    jobs.keep_evidence()
    row = kept()
    assert (row.sentence_found, row.dead_since, row.failure, row.claimed_until) == (True, None, "", None)
    assert row.checked_at is not None
    assert timedelta(days=6) < row.due_at - timezone.now() <= timedelta(days=7)
    assert gzip.decompress(row.capture.body) == body
    assert row.capture.headers["x-served-by"] == "a"
    assert "set-cookie" not in row.capture.headers
    assert row.evidence.capture is None  # what was published is not touched
    call_command("verify", stdout=io.StringIO())


def test_a_draft_is_not_looked_at_and_a_publication_that_fails_leaves_nothing(web):
    update = factories.UpdateFactory()
    jobs.keep_evidence()
    with pytest.raises(errors.Refused):
        publishing.publish(update, by=update.author)  # two pairs of eyes
    with pytest.raises(RuntimeError), transaction.atomic():
        publishing.publish(update, by=factories.EditorFactory())
        raise RuntimeError
    assert not Preservation.objects.exists()


def test_the_same_bytes_are_kept_once_and_looked_at_once_a_week(web, evidence):
    web.serve("/one", page("Lighthouse", SENTENCE * 9))
    evidence()
    jobs.keep_evidence()
    jobs.keep_evidence()
    assert len(web.requests) == 1
    due_again()
    jobs.keep_evidence()
    assert len(web.requests) == 2
    assert Capture.objects.count() == 1


def test_a_sentence_that_is_not_there_is_said_so_and_found_when_it_comes(web, evidence):
    web.serve("/one", page("Before you go on", "We and our 812 partners value your privacy very much. " * 9))
    evidence()
    jobs.keep_evidence()
    assert kept().sentence_at == -1
    web.serve("/one", page("Lighthouse", SENTENCE * 9))
    due_again()
    jobs.keep_evidence()
    row = kept()
    assert row.sentence_found
    assert b"lighthouse" in gzip.decompress(row.capture.body)


def test_what_a_lead_brought_along_is_what_the_sentence_is_looked_for_in(web, evidence):
    body = page("Lighthouse", SENTENCE * 9)
    capture = factories.CaptureFactory(url=f"{web.origin}/one", body=gzip.compress(body))
    web.serve("/one", b"", status=404)
    evidence(capture=capture)
    jobs.keep_evidence()
    row = kept()
    assert (row.capture, row.sentence_found, row.dead_since) == (capture, True, None)
    assert Capture.objects.count() == 1


def test_a_page_that_no_text_can_be_read_of_is_kept_without_a_verdict(web, evidence):
    web.serve("/one", b"%PDF-1.7\x00\x00", **{"Content-Type": "application/pdf"})
    evidence()
    jobs.keep_evidence()
    assert kept().capture is not None
    assert kept().sentence_at is None


def test_the_weekly_look_asks_robots_txt_and_the_first_is_the_editors(web, evidence, online):
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /one")
    web.serve("/one", page("Lighthouse", f"{SENTENCE} " * 10))
    evidence()
    jobs.keep_evidence()
    assert (kept().sentence_found, kept().failure, web.robots_requests) == (True, "", [])
    due_again()
    jobs.keep_evidence()
    assert len(web.robots_requests) == len(web.requests) == 1
    assert "robots.txt asks readers like ours" in str(kept().failure)
    assert (kept().sentence_found, kept().failing_since, kept().gone_since) == (True, None, None)
    web.serve("/robots.txt", b"", status=503)
    due_again()
    online(timezone.now() + timedelta(minutes=1))
    jobs.keep_evidence()
    assert "Its robots.txt cannot be read" in str(kept().failure)
    assert (len(web.requests), kept().failing_since is None, kept().dead_since) == (1, False, None)
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /two")
    due_again()
    jobs.keep_evidence()
    assert (len(web.requests), kept().failure, kept().failing_since) == (2, "", None)


def test_our_own_fault_is_noted_and_tried_again_the_next_day(web, evidence, monkeypatch):
    web.serve("/one", page("Lighthouse", SENTENCE * 9))
    evidence()
    monkeypatch.setattr(jobs_evidence, "_look", lambda _row: 1 / 0)
    jobs.keep_evidence()
    row = kept()
    assert "ZeroDivisionError" in str(row.failure)
    assert (row.dead_since, row.claimed_until) == (None, None)
    assert row.due_at > timezone.now() + timedelta(hours=23)


def test_a_row_is_claimed_once_and_free_again_when_its_worker_died(evidence):
    row = evidence()
    now = timezone.now()
    assert preservation.claim_evidence(now=now) == row
    assert preservation.claim_evidence(now=now) is None
    assert preservation.claim_evidence(now=now + preservation.LEASE) == row


def test_one_link_a_host_in_a_turn(web):
    for slug in ("one", "two"):
        web.serve(f"/{slug}", page("Lighthouse", SENTENCE * 9))
        update = factories.UpdateFactory(evidence=None)
        factories.EvidenceFactory(update=update, url=f"{web.origin}/{slug}")
        publishing.publish(update, by=factories.EditorFactory())
    jobs.keep_evidence()
    assert len(web.requests) == 1
    jobs.keep_evidence()
    assert len(web.requests) == 2


# --- dead links -----------------------------------------------------------------------------------------------------


@pytest.fixture
def online(db):
    """A source that was read: we do reach others."""
    source = factories.SourceFactory(last_success_at=NOW)

    def at(now):
        type(source).objects.update(last_success_at=now)

    return at


def looks(row, *seen):
    """Looks at (hours after NOW, what was found); the day since which the link is dead after each, or None."""
    told = []
    for hours, look in seen:
        preservation.record_look(preservation=row, look=look, now=NOW + timedelta(hours=hours))
        since = kept(row).dead_since
        told.append(since and round((since - NOW).total_seconds() / 3600))
    return told


def test_gone_is_dead_at_the_second_look_on_another_day(evidence):
    row = evidence()
    assert looks(row, (0, GONE), (1, GONE), (26, GONE)) == [None, None, 0]
    assert kept(row).due_at == NOW + timedelta(hours=26, days=7)


def test_after_a_404_the_next_look_is_on_another_day(evidence):
    row = evidence()
    looks(row, (0, GONE))
    assert kept(row).due_at == NOW + timedelta(hours=26)


def test_away_is_dead_only_after_three_looks_over_seven_days(evidence, online):
    row = evidence()
    seen = []
    for hours in (0, 20, 167, 169):
        online(NOW + timedelta(hours=hours))
        seen += looks(row, (hours, AWAY))
    assert seen == [None, None, None, 0]


def test_the_looks_that_make_an_unreachable_link_dead_come_by_themselves(evidence, online):
    row, now = evidence(), NOW
    for _look in range(3):
        online(now)
        preservation.record_look(preservation=row, look=AWAY, now=now)
        assert kept(row).dead_since is None or now - NOW >= timedelta(days=7)
        now = kept(row).due_at
    assert kept(row).dead_since == NOW


def test_while_we_reach_nobody_no_link_is_dead_however_long(evidence):
    row = evidence()
    assert looks(row, *((day * 24, AWAY) for day in range(0, 60, 3))) == [None] * 20
    assert "could not be reached" in str(kept(row).failure)


def test_what_the_sample_newswire_answers_is_not_the_world(evidence):
    factories.SourceFactory(sample=True, last_success_at=NOW)
    row = evidence()
    looks(row, (0, AWAY))
    assert (kept(row).attempts, kept(row).failing_since) == (0, None)


def test_refused_says_nothing_of_the_page(evidence):
    row = evidence()
    refused = preservation.Look("unsure", "The site refuses us (403).")
    assert looks(row, (0, GONE), (30, refused), (31, refused)) == [None, None, None]
    assert str(kept(row).failure) == "The site refuses us (403)."
    assert looks(row, (60, GONE)) == [0]


def test_alive_again_clears_it_all(evidence):
    row = evidence()
    assert looks(row, (0, GONE), (26, GONE), (200, ALIVE)) == [None, 0, None]
    found = kept(row)
    assert (found.failing_since, found.gone_since, found.failure, found.attempts) == (None, None, "", 0)
    assert looks(row, (400, GONE), (401, GONE)) == [None, None]


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, "gone"), (410, "gone"), (503, "away"), (403, "unsure"), (429, "unsure")]
)
def test_what_an_answer_means(web, evidence, monkeypatch, status, verdict):
    web.serve("/one", b"", status=status)
    evidence()
    seen = []
    real = preservation.record_look
    monkeypatch.setattr(
        preservation, "record_look", lambda **given: (seen.append(given["look"].verdict), real(**given))
    )
    jobs.keep_evidence()
    assert seen == [verdict]


def test_a_host_that_nobody_knows_is_away(web, evidence):
    web.close()
    evidence()
    jobs.keep_evidence()
    assert kept().dead_since is None
    assert kept().failure


# --- what readers see -----------------------------------------------------------------------------------------------


def shown(client, address, row, language="en", **asked):
    return client.get(address("pledge", row.evidence.update.pledge.slug, language=language), asked).content.decode()


def test_the_pledges_page_tells_what_is_kept(client, address, web, evidence, django_capture_on_commit_callbacks):
    web.serve("/one", page("Lighthouse", SENTENCE * 9))
    row = evidence()
    assert "captured" not in shown(client, address, row)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.keep_evidence()
    html = shown(client, address, row)
    assert "captured" in html
    assert "sentence found in it" in html
    assert kept().capture.sha256 in html
    assert "Link dead" not in html


def test_a_dead_link_is_named_on_the_next_request_with_what_is_kept(
    client, address, evidence, django_capture_on_commit_callbacks
):
    row = evidence(capture=factories.CaptureFactory())
    before = client.get(address("pledge", row.evidence.update.pledge.slug))
    with django_capture_on_commit_callbacks(execute=True):
        looks(row, (0, GONE), (26, GONE))
    again = client.get(address("pledge", row.evidence.update.pledge.slug), headers={"If-None-Match": before["ETag"]})
    assert again.status_code == 200
    html = again.content.decode()
    assert "Link dead since 2 March 2026." in html
    assert "Capture of 1 July 2024 kept" in html
    assert kept().capture.sha256 in html
    with django_capture_on_commit_callbacks(execute=True):
        at = NOW + timedelta(days=3)
        preservation.record_archived(preservation=row, url="https://web.archive.org/web/2026/x", at=at, now=at)
    assert 'href="https://web.archive.org/web/2026/x"' in shown(client, address, row)
    with django_capture_on_commit_callbacks(execute=True):
        looks(row, (300, ALIVE))
    assert "Link dead" not in shown(client, address, row)


def test_that_nothing_was_kept_is_said_as_well(client, address, evidence):
    row = evidence()
    looks(row, (0, GONE), (26, GONE))
    pulse.refresh()
    assert "No capture was kept." in shown(client, address, row)
    assert "No capture was kept." in shown(client, address, row, edition=kept(row).evidence.update.edition_id)


def test_a_look_that_changes_nothing_turns_no_page(evidence):
    row = evidence(capture=factories.CaptureFactory())
    looks(row, (0, ALIVE), (200, ALIVE))
    assert kept(row).changed_at is None


# --- the desk -------------------------------------------------------------------------------------------------------


def test_the_desk_counts_dead_links_and_lists_what_is_amiss(client, evidence):
    row = evidence()
    factories.PublishedUpdateFactory()
    looks(row, (0, GONE), (26, GONE))
    client.force_login(factories.EditorFactory())
    entry = next(e for e in client.get(reverse("admin:index")).context["work"] if "died" in str(e["label"]))
    assert (entry["count"], entry["urgent"]) == (1, True)
    listed = client.get(entry["url"]).context["cl"].result_list
    assert [one.pk for one in listed] == [row.pk]
    where = reverse("admin:pledges_preservation_changelist")
    counts = {
        k: len(client.get(where, {"kept": k}).context["cl"].result_list) for k in ("all", "uncaptured", "unfound")
    }
    assert counts == {"all": 2, "uncaptured": 2, "unfound": 0}
    page_of_row = reverse("admin:pledges_preservation_change", args=[row.pk])
    assert "Dead since 2 March 2026" in client.get(page_of_row).content.decode()
    assert client.post(page_of_row, {"failure": "x"}).status_code == 403
