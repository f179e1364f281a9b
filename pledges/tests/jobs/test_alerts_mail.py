"""What readers are told by e-mail: what changed in the pledges that fit, once, in their language; and of the week."""

import smtplib
import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connections
from django.utils import timezone

from pledges import jobs
from pledges.actions import alerts, closing, publishing, retraction
from pledges.models import Alert, Newsroom
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONE = ZoneInfo("America/Guayaquil")


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://pledges.example"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Noon of a Wednesday in Guayaquil; `clock(…)` moves it on."""

    class Clock:
        now = datetime(2030, 5, 8, 12, tzinfo=ZONE)

        def __call__(self, delta: timedelta) -> None:
            self.now += delta

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def send(clock, django_capture_on_commit_callbacks):
    """Let the quarter of an hour pass in which editions are bundled, and give the mails that went out then."""

    def send() -> list:
        clock(16 * MINUTE)
        mail.outbox.clear()
        jobs.send_alerts()
        return list(mail.outbox)

    return send


@pytest.fixture
def harbour():
    topic = factories.TopicFactory(slug="ports", name_en="Ports", name_es="Puertos")
    return factories.PublishedPledgeFactory(
        slug="harbour",
        topics=[topic],
        wording__title_en="Mend the harbour",
        wording__title_es="Reparar el puerto",
        wording__statement_en="The government will mend the harbour.",
    )


def reader(kind="search", query="", language="en", email="reader@news.example") -> Alert:
    """Somebody who has confirmed by now."""
    now = timezone.now()
    alerts.ask_for_alert(email=email, language=language, kind=kind, query=query, now=now)
    row = Alert.objects.get(email=email, kind=kind, query=query, language=language)
    row = alerts.confirm_alert(token=row.token, now=now, today=timezone.localdate(now))
    Alert.objects.filter(pk=row.pk).update(link_asked_at=None)
    return row


def publish(pledge, status="in_progress", text="Work began.", **more):
    return factories.PublishedUpdateFactory(pledge=pledge, status=status, text_en=text, text_es="", **more)


def test_what_changed_is_told_once(harbour, send):
    row = reader(query="topic=ports")
    assert send() == []
    update = publish(harbour)
    [message] = send()
    assert message.to == ["reader@news.example"]
    assert message.subject == "Mend the harbour: In progress"
    page = f"https://pledges.example/en/pledges/harbour/?edition={update.edition_id}"
    for told in ("Mend the harbour", "Not yet rated → In progress", "1 July 2024: Work began.", page):
        assert told in message.body, told
    [(html, kind)] = message.alternatives
    assert kind == "text/html" and f'href="{page}"' in html and "<img" not in html
    assert f"/en/alerts/end/{row.token}/" in message.body
    assert row.token in message.extra_headers["List-Unsubscribe"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert send() == []
    row.refresh_from_db()
    assert (row.told_edition, row.mailed_at.date()) == (update.edition_id, date(2030, 5, 8))


def test_editions_of_a_quarter_of_an_hour_are_one_mail(harbour, clock):
    reader()
    publish(harbour)
    jobs.send_alerts()
    clock(10 * MINUTE)
    publish(harbour, status="kept", text="It stands.", happened_on=date(2024, 8, 1))
    clock(4 * MINUTE)
    jobs.send_alerts()
    assert mail.outbox == []
    clock(2 * MINUTE)
    jobs.send_alerts()
    [message] = mail.outbox
    assert "Not yet rated → Kept" in message.body
    assert message.body.index("Work began.") < message.body.index("It stands.")
    clock(DAY)
    jobs.send_alerts()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", True),
        ("topic=ports", True),
        ("q=harbour", True),
        ("status=broken", True),  # it left the search
        ("status=kept", True),  # it came into it
        ("status=kept&topic=ports", True),
        ("status=stalled", False),
        ("q=airport", False),
        ("q=harbour+airport", False),  # the list shows what has some of the words; nobody asked to be written to
        ("topic=roads", False),
        ("topic=no-such-topic", False),
    ],
)
def test_pledges_that_fit_before_or_after_are_told_and_no_others(harbour, send, query, told):
    roads = factories.TopicFactory(slug="roads")
    factories.PublishedPledgeFactory(slug="road", topics=[roads])
    publish(harbour, status="broken", failure_reason="withdrawn")
    reader(query=query)
    publish(harbour, status="kept", happened_on=date(2024, 8, 1))
    assert bool(send()) is told


def test_one_pledge_and_no_other(harbour, send):
    reader(kind="pledge", query="harbour")
    other = factories.PublishedPledgeFactory()
    publish(other)
    assert send() == []
    publish(harbour)
    assert len(send()) == 1


def test_each_reader_in_the_own_language_and_texts_in_what_there_is(harbour, send):
    reader()
    reader(language="es")
    publish(harbour)
    english, spanish = send()
    assert "Mend the harbour" in english.body and "/en/pledges/harbour/" in english.body
    assert "Reparar el puerto" in spanish.body and "Work began." in spanish.body
    html = spanish.alternatives[0][0]
    assert '<html lang="es">' in html and '<span lang="en">' in html


def test_a_correction_is_called_that(harbour, send):
    update = publish(harbour)
    reader(query="topic=ports")
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    draft.text_en, draft.correction_note_en = "Work began on Tuesday.", "The day was wrong."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    [message] = send()
    assert "Correction: The day was wrong." in message.body
    assert "Work began on Tuesday." in message.body and "In progress, as before" in message.body


def test_a_new_wording_is_called_that(harbour, send):
    reader(query="topic=ports")
    draft = publishing.start_wording(pledge=harbour, by=factories.ReporterFactory())
    draft.change_note_en = "The deadline was missing."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    [message] = send()
    assert "Its wording was corrected: The deadline was missing." in message.body


@pytest.mark.parametrize(
    ("kind", "query"), [("search", "topic=ports"), ("search", "q=harbour"), ("pledge", "harbour"), ("search", "")]
)
def test_a_retraction_is_called_that(harbour, send, kind, query):
    publish(harbour)
    reader(kind=kind, query=query)
    reader(query="q=airport", email="other@news.example")
    draft = retraction.start_retraction(pledge=harbour, by=factories.EditorFactory())
    draft.note_en = "It was said by somebody else."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    [message] = send()
    assert message.subject == "Mend the harbour: retracted"
    assert "Retracted:" in message.body and "Why: It was said by somebody else." in message.body


def test_a_new_pledge_is_called_that_and_several_are_counted(harbour, send):
    reader()
    factories.PublishedPledgeFactory(wording__title_en="Build a road")
    publish(harbour, text="<b>Work & more</b>")
    [message] = send()
    assert message.subject.startswith("2 pledges, edition ")
    assert "New here: Not yet rated" in message.body and "Build a road" in message.body
    assert "&lt;b&gt;Work &amp; more" in message.alternatives[0][0]


def test_what_no_pledge_says_is_not_told(harbour, send):
    row = reader()
    publishing.record_change(harbour.mandate, by=factories.EditorFactory())
    assert send() == []
    row.refresh_from_db()
    assert row.told_edition == 2 and row.mailed_at is None


def test_a_title_makes_no_other_header(send):
    pledge = factories.PublishedPledgeFactory(wording__title_en="Mend\r\nBcc: victim@news.example")
    reader()
    publish(pledge)
    [message] = send()
    assert message.subject == "Mend Bcc: victim@news.example: In progress"
    assert "victim" not in str(message.message().get_all("Bcc")) and message.recipients() == ["reader@news.example"]


# --- once, whatever happens -------------------------------------------------------------------------------------------


def test_two_workers_at_once_write_to_each_reader_once(transactional_db, harbour, clock):
    readers = {f"r{number}@news.example" for number in range(60)}
    for email in readers:
        reader(email=email)
    publish(harbour)
    clock(16 * MINUTE)
    begin = threading.Barrier(2)

    def work():
        begin.wait()
        try:
            jobs.send_alerts()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(readers)


def test_what_a_killed_worker_had_claimed_is_told_by_another_later(harbour, clock):
    row = reader()
    publish(harbour)
    clock(16 * MINUTE)
    with pytest.MonkeyPatch.context() as patch:

        def die(*_arguments):
            raise SystemExit

        patch.setattr(locmem.EmailBackend, "send_messages", die)
        with pytest.raises(SystemExit):
            jobs.send_alerts()
    jobs.send_alerts()
    assert mail.outbox == []  # it may still be at it
    clock(6 * MINUTE)
    jobs.send_alerts()
    [message] = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<alert.{row.pk}.2.20300508@pledges.example>"


def test_who_ended_the_alert_a_moment_ago_gets_nothing_more(harbour, clock, monkeypatch):
    first, second = reader(), reader(email="second@news.example")
    publish(harbour)
    clock(16 * MINUTE)
    real = locmem.EmailBackend.send_messages

    def slow(self, messages):
        alerts.end_alert(token=second.token)
        return real(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", slow)
    jobs.send_alerts()
    assert [message.to for message in mail.outbox] == [[first.email]]
    assert Alert.objects.count() == 1


@pytest.fixture
def refuse(monkeypatch):
    """`refuse(error)`: the mail server answers to bad@news.example with it; everybody else gets their mail."""

    def refuse(error: Exception):
        real = locmem.EmailBackend.send_messages

        def send_messages(self, messages):
            if messages[0].to == ["bad@news.example"]:
                raise error
            return real(self, messages)

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)

    return refuse


def test_an_address_that_takes_no_mail_is_deleted_and_the_others_are_told(harbour, send, refuse):
    reader(email="bad@news.example")
    reader()
    publish(harbour)
    refuse(smtplib.SMTPRecipientsRefused({"bad@news.example": (550, b"5.1.1 No such user")}))
    assert [message.to for message in send()] == [["reader@news.example"]]
    jobs.drop_alerts()
    assert Alert.objects.get().email == "reader@news.example"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"bad@news.example": (451, b"4.2.2 Mailbox full")}),
        smtplib.SMTPRecipientsRefused({"bad@news.example": (550, b"5.7.1 Relaying denied")}),
        smtplib.SMTPDataError(554, b"Looks like spam"),
    ],
)
def test_what_is_refused_is_tried_later_and_later_and_the_tenth_time_deleted(harbour, send, refuse, clock, error):
    row = reader(email="bad@news.example")
    publish(harbour)
    refuse(error)
    began = clock.now
    while Alert.objects.filter(pk=row.pk).exists() and clock.now < began + 9 * DAY:
        send()
        jobs.drop_alerts()
        clock(timedelta(hours=6))
    assert 4 * DAY <= clock.now - began <= 7 * DAY


def test_a_mail_that_gets_through_forgets_the_refusals(harbour, send):
    row = reader()
    Alert.objects.update(failures=9)
    publish(harbour)
    assert len(send()) == 1
    row.refresh_from_db()
    assert row.failures == 0


def test_while_the_mail_server_does_not_answer_nothing_is_lost_or_counted(harbour, send, refuse, monkeypatch):
    reader(email="bad@news.example")
    publish(harbour)
    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(ConnectionError("no")))
        for _turn in range(12):
            send()
    assert Alert.objects.get().failures == 0
    jobs.drop_alerts()
    assert len(send()) == 1


def test_one_that_cannot_be_told_keeps_no_other_waiting(harbour, send, monkeypatch):
    broken = reader(email="broken@news.example")
    reader()
    publish(harbour)
    real = jobs.mail.send_alerts.AlertBatch._words_of

    def fail(self, alert, **options):
        if alert.pk == broken.pk:
            raise KeyError("unforeseen")
        return real(self, alert, **options)

    monkeypatch.setattr(jobs.mail.send_alerts.AlertBatch, "_words_of", fail)
    assert [message.to for message in send()] == [["reader@news.example"]]
    assert Alert.objects.count() == 2


# --- the week, and the end --------------------------------------------------------------------------------------------


def test_the_week_is_told_on_monday_at_seven(harbour, clock):
    reader(kind="week")
    publish(harbour)
    for moment, sent in (
        (datetime(2030, 5, 12, 23, tzinfo=ZONE), 0),
        (datetime(2030, 5, 13, 6, 59, tzinfo=ZONE), 0),
        (datetime(2030, 5, 13, 7, 1, tzinfo=ZONE), 1),
        (datetime(2030, 5, 13, 9, tzinfo=ZONE), 1),
        (datetime(2030, 5, 20, 9, tzinfo=ZONE), 1),  # nothing changed in that week
    ):
        clock.now = moment
        jobs.send_alerts()
        assert len(mail.outbox) == sent, moment
    body = mail.outbox[0].body
    assert mail.outbox[0].subject.endswith("From 6 May 2030 to 12 May 2030")
    assert "The pledge “Mend the harbour” was made by" in body
    assert "every Monday" in body.lower() or "Monday morning" in body


def test_a_tracker_that_closes_says_so_once_and_then_nothing(harbour, send, clock):
    factories.NewsroomFactory()
    readers = [reader(), reader(kind="week", email="week@news.example"), reader(query="q=no", email="no@news.example")]
    publish(harbour)
    day = timezone.localdate()
    closing.close_tracker(day=day, note_en="The money ran out.", note_es="", by=factories.PublisherFactory())
    messages = send()
    assert sorted(message.to[0] for message in messages) == sorted(row.email for row in readers)
    assert all("This tracker was closed on 8 May 2030" in message.body for message in messages)
    assert all("The money ran out." in message.body for message in messages)
    assert {message.to[0] for message in messages if "Work began." in message.body} == {
        row.email for row in readers[:2]
    }
    publish(harbour, status="kept", happened_on=date(2024, 9, 1))
    clock(7 * DAY)
    assert send() == []
    clock(84 * DAY)
    jobs.drop_alerts()
    assert not Alert.objects.exists()


def test_a_tracker_that_is_opened_again_goes_on_telling(harbour, send, clock):
    factories.NewsroomFactory()
    reader()
    by = factories.PublisherFactory()
    closing.close_tracker(day=timezone.localdate(), note_en="Holidays.", note_es="", by=by)
    assert len(send()) == 1
    clock(DAY)
    closing.reopen_tracker(by=by)
    publish(harbour)
    assert len(send()) == 1
    clock(DAY)
    closing.close_tracker(day=timezone.localdate(), note_en="For good.", note_es="", by=by)
    assert Newsroom.get().is_closed(timezone.localdate())
    [message] = send()
    assert "For good." in message.body


def test_many_readers_of_a_few_searches_cost_few_queries(harbour, clock, django_assert_max_num_queries):
    for number in range(40):
        reader(email=f"r{number}@news.example", query="q=airport" if number % 2 else "topic=nothing")
    publish(harbour)
    clock(16 * MINUTE)
    with django_assert_max_num_queries(60):
        jobs.send_alerts()
    assert mail.outbox == []
    assert not Alert.objects.exclude(told_edition=2).exists()
