"""Every mail to readers and to the newsroom, in Spanish, has no sentence that nobody translated."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from pledges import jobs
from pledges.actions import alerts, publishing, retraction
from pledges.models import Alert
from pledges.tests.support import factories, spanish

pytestmark = pytest.mark.django_db
WORDS = {"text_en": "", "text_es": "Comenzó la obra."}


@pytest.fixture
def clock(settings, monkeypatch):
    """Noon of a Wednesday in Guayaquil; `clock(…)` moves it on."""
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://pledges.example"

    class Clock:
        now = datetime(2030, 5, 8, 12, tzinfo=ZoneInfo("America/Guayaquil"))

        def __call__(self, delta: timedelta) -> None:
            self.now += delta

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def harbour(clock):
    return factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="", wording__title_es="Reparar el puerto", wording__statement_en=""
    )


def faults() -> list[str]:
    parts = [part for each in mail.outbox for part in (f"{each.subject}.\n{each.body}", *_html(each))]
    return [fault for part in parts for fault in spanish.faults(part)]


def _html(message) -> list[str]:
    return [spanish.text_of(body) for body, _kind in getattr(message, "alternatives", [])]


def test_alerts(harbour, clock):
    for kind, query in (("search", ""), ("pledge", "harbour"), ("week", "")):
        alerts.ask_for_alert(email="reader@news.example", language="es", kind=kind, query=query, now=timezone.now())
    jobs.send_alerts()
    for row in Alert.objects.all():
        alerts.confirm_alert(token=row.token, now=timezone.now(), today=timezone.localdate())
    update = factories.PublishedUpdateFactory(pledge=harbour, status="broken", failure_reason="withdrawn", **WORDS)
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    draft.text_es, draft.correction_note_es = "Comenzó la obra el martes.", "El día era otro."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    clock(timedelta(minutes=16))
    jobs.send_alerts()
    notice = retraction.start_retraction(pledge=harbour, by=factories.EditorFactory())
    notice.note_es = "Nunca lo prometió."
    notice.save()
    publishing.publish(notice, by=factories.PublisherFactory())
    clock(timedelta(days=6))
    jobs.send_alerts()
    assert len(mail.outbox) >= 6
    assert faults() == []


def test_notices_to_the_newsroom(harbour, clock):
    user = factories.EditorFactory(
        email="ana@news.example", language="es", lead_notices="at_once", review_notices="at_once", due_notices="at_once"
    )
    user.follows.add(harbour)
    factories.LeadFactory(pledge=harbour, score=0.8, raised_at=clock.now, article__title="Suben los muros")
    draft = factories.UpdateFactory(pledge=harbour, happened_on=date(2030, 5, 1), **WORDS)
    publishing.submit_for_review(item=draft, by=draft.author)
    clock(timedelta(days=400))
    jobs.send_notices()
    assert mail.outbox
    assert faults() == []


def test_the_digest_is_in_the_main_language(clock):
    factories.NewsroomFactory(language="es")
    factories.EditorFactory(email="ana@news.example")
    factories.SourceFactory(failing_since=timezone.now() - timedelta(days=9), failures=40, failure="HTTP 404")
    jobs.tell_editors()
    assert mail.outbox
    assert faults() == []
