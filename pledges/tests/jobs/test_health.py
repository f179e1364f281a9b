"""How sources do: what is said of each, at the desk and in the digest to editors."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from pledges import jobs
from pledges.jobs import source_health
from pledges.jobs.mail import digest
from pledges.models import Digest, Source
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def press(now):
    """One source of each kind of health, by name."""
    read = {"last_success_at": now, "usual_gap_minutes": 60, "last_item_at": now - HOUR}
    made = {
        "good": read,
        "quiet": read | {"last_item_at": now - 5 * DAY, "usual_gap_minutes": 1440},  # as it uses to be
        "silent": read | {"last_item_at": now - 2 * DAY},
        "stumbling": read | {"failing_since": now - HOUR, "failure": "A 503.", "failures": 2},
        "failing": read | {"failing_since": now - 2 * DAY, "failure": "A 404.", "failures": 9},
        "gone": read | {"gone_at": now - DAY, "active": False, "failing_since": now - DAY, "failure": "A 410."},
        "moved": read | {"moved_at": now - DAY, "moved_from": "https://old.example/feed"},
        "sample": read | {"last_item_at": now - 2 * DAY, "sample": True},
        "off": read | {"active": False, "last_item_at": now - 2 * DAY},
        "never": {},
    }
    made["gone"]["failures"] = 1
    return {name: factories.SourceFactory(name=name, **fields) for name, fields in made.items()}


def names(sources):
    return set(sources.values_list("name", flat=True))


def test_each_has_its_word(press, now):
    states = {name: source_health.of(source, now=now).state for name, source in press.items()}
    others = {"quiet": "good", "stumbling": "failing", "moved": "good", "sample": "good"}
    assert states == {name: name for name in press} | others


def test_what_is_said_tells_since_when_and_why(press, now, settings):
    settings.TIME_ZONE = "UTC"
    said = {name: source_health.of(source, now=now).sentence for name, source in press.items()}
    assert "A 404." in said["failing"] and said["failing"].startswith("Failing since ")
    assert "every 60 minutes" in said["silent"]
    assert "410" in said["gone"]
    assert "https://old.example/feed" in said["moved"]
    assert said["good"] == "Good."


def test_a_day_has_one_article_in_spanish(press, now):
    with translation.override("es"):
        said = [source_health.of(source, now=now).sentence for source in press.values()]
    assert any("desde el " in words for words in said)
    assert not any("el el " in words for words in said)


def test_the_queries_agree_with_what_is_said(press, now):
    rows = Source.objects.all()
    assert names(source_health.silent(rows, now=now)) == {"silent"}
    assert names(source_health.gone(rows)) == {"gone"}
    assert names(source_health.needing_a_hand(rows, now=now)) == {"silent", "failing", "gone"}
    for source in rows:
        assert source_health.is_silent(source, now=now) == (source.name == "silent")


def test_nobody_is_silent_within_a_day(now):
    factories.SourceFactory(usual_gap_minutes=5, last_item_at=now - 23 * HOUR, last_success_at=now)
    assert not source_health.silent(Source.objects.all(), now=now).exists()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.2, "1 minute"), (40, "40 minutes"), (90, "2 hours"), (600, "10 hours"), (2160, "2 days"), (10080, "7 days")],
)
def test_gaps_in_words(minutes, words):
    assert source_health.gap_in_words(minutes) == words


def test_the_desk_shows_it(press, client):
    client.force_login(factories.EditorFactory())
    url = reverse("admin:pledges_source_changelist")
    for chosen in ("silent", "gone"):
        found = client.get(url, {"health": chosen}).context["cl"].result_list
        assert [source.name for source in found] == [chosen]
    html = client.get(url).content.decode()
    assert "Unusually silent" in html and "Gone for good" in html and "https://old.example/feed" in html
    work = {str(entry["label"]): entry for entry in client.get(reverse("admin:index")).context["work"]}
    assert work["sources unusually silent"]["count"] == work["sources gone for good"]["count"] == 1
    page = client.get(reverse("admin:pledges_source_change", args=[press["silent"].pk])).content.decode()
    assert "60 minutes" in page and "Unusually silent" in page


def test_articles_a_day_are_counted_over_a_week(press, client, now):
    for age in range(14):
        factories.ArticleFactory(source=press["good"], found_at=now - age * DAY)
    client.force_login(factories.EditorFactory())
    html = client.get(reverse("admin:pledges_source_change", args=[press["good"].pk])).content.decode()
    assert ">1.0<" in html


def test_another_address_makes_a_gone_source_new(press, client):
    client.force_login(factories.EditorFactory())
    source = press["gone"]
    url = reverse("admin:pledges_source_change", args=[source.pk])
    form = client.get(url).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None and value is not False}
    answer = client.post(url, data | {"url": "https://new.example/feed", "active": "on"})
    assert answer.status_code == 302, answer.context["errors"]
    source.refresh_from_db()
    assert (source.active, source.gone_at, source.failure, source.usual_gap_minutes) == (True, None, "", None)


# --- the digest -------------------------------------------------------------------------------------------------------


@pytest.fixture
def morning(monkeypatch, settings):
    """The newsroom's day has begun, and e-mail is set up; the day."""
    settings.EMAIL_HOST = "mail.example"
    monkeypatch.setattr(digest, "FIRST_HOUR", 0)
    return timezone.localdate()


def test_editors_are_told_once_a_day(press, morning):
    editor = factories.EditorFactory(email="ed@desk.example")
    factories.EditorFactory(email="")
    factories.EditorFactory(email="left@desk.example", is_active=False)
    factories.ReporterFactory(email="reporter@desk.example")
    jobs.tell_editors()
    jobs.tell_editors()
    [message] = mail.outbox
    assert message.bcc == [editor.email] and message.to == []
    for name in ("silent", "failing", "gone"):
        assert f"- {name}: " in message.body
    for name in ("good", "stumbling", "never", "off"):
        assert f"- {name}: " not in message.body
    kept = Digest.objects.get()
    assert (kept.day, kept.text in message.body) == (morning, True)
    assert kept.sent_at is not None


def test_nobody_is_told_when_nothing_needs_a_hand(morning):
    factories.EditorFactory(email="ed@desk.example")
    factories.SourceFactory()
    jobs.tell_editors()
    assert mail.outbox == [] and not Digest.objects.exists()


def test_nor_before_the_day_begins(press, morning, monkeypatch):
    factories.EditorFactory(email="ed@desk.example")
    monkeypatch.setattr(digest, "FIRST_HOUR", 24)
    jobs.tell_editors()
    assert mail.outbox == [] and not Digest.objects.exists()


def test_without_a_mail_server_it_is_shown_at_the_desk(press, morning, settings, client):
    settings.EMAIL_HOST = ""
    editor = factories.EditorFactory(email="ed@desk.example")
    jobs.tell_editors()
    assert mail.outbox == []
    assert Digest.objects.get().sent_at is None
    client.force_login(editor)
    assert "A 404." in client.get(reverse("admin:pledges_digest_changelist")).content.decode()


def test_a_mail_server_that_fails_is_tried_again(press, morning, monkeypatch):
    factories.EditorFactory(email="ed@desk.example")

    def refuse(*_arguments):
        raise smtplib.SMTPServerDisconnected("no")

    with monkeypatch.context() as patch:
        patch.setattr(digest, "_send", refuse)
        jobs.tell_editors()
    assert Digest.objects.get().sent_at is None
    jobs.tell_editors()
    assert len(mail.outbox) == 1
    assert isinstance(Digest.objects.get().sent_at, datetime)
