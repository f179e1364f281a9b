"""Notices to staff by e-mail: what each person asked for, once, in that person's language, and kept when mail fails."""

import smtplib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads, notices, publishing
from pledges.jobs.mail import staff_notices
from pledges.models import Notice, User
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_HOST = "mail.example"
    settings.SITE_URL = "https://pledges.example"


@pytest.fixture
def clock(monkeypatch):
    """Noon in Guayaquil; `clock(…)` moves it on."""

    class Clock:
        now = datetime(2030, 5, 6, 12, tzinfo=ZoneInfo("America/Guayaquil"))

        def __call__(self, delta: timedelta) -> None:
            self.now += delta

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def lead(clock):
    return factories.LeadFactory(score=0.8, raised_at=clock.now, article__title="Walls rise")


def person(lead=None, factory=factories.EditorFactory, **settings) -> User:
    user = factory(email=f"{factories.UserFactory.build().username}@desk.example", **settings)
    if lead:
        user.follows.add(lead.pledge)
    return user


def test_a_lead_on_a_pledge_that_one_follows_is_told_once(lead):
    user = person(lead, lead_notices="at_once")
    jobs.send_notices()
    jobs.send_notices()
    [message] = mail.outbox
    assert message.to == [user.email] and message.subject == "The desk: 1 thing for you"
    url = f"https://pledges.example{reverse('admin:pledges_lead_change', args=[lead.pk])}"
    assert "Walls rise" in message.body and url in message.body
    assert "Change to “In progress”." in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html" and f'href="{url}"' in html
    page = f"https://pledges.example{reverse('admin:pledges_notice_changelist')}"
    assert message.extra_headers["List-Unsubscribe"] == f"<{page}>" and page in message.body
    assert Notice.objects.get().sent_at


@pytest.mark.parametrize(
    "choices",
    [
        {"lead_notices": "never"},
        {"lead_notices": "at_once", "lead_notice_percent": 81},
        {"lead_notices": "at_once", "is_active": False},
        {"lead_notices": "at_once", "is_staff": False},
        {"lead_notices": "at_once", "factory": factories.UserFactory},
        {"review_notices": "at_once"},
    ],
)
def test_nothing_that_was_not_asked_for_or_may_not_be_seen(lead, choices):
    person(lead, **choices)
    person(lead_notices="at_once")  # follows nothing
    jobs.send_notices()
    assert mail.outbox == []


def test_what_was_decided_meanwhile_is_not_told(lead, clock):
    user = person(lead, lead_notices="daily")
    jobs.send_notices()
    leads.dismiss_lead(lead=lead, by=user, reason="other")
    clock(DAY)
    jobs.send_notices()
    assert mail.outbox == []


def test_who_lost_the_right_meanwhile_is_told_nothing(lead, clock):
    user = person(lead, lead_notices="daily")
    jobs.send_notices()
    user.groups.clear()
    clock(DAY)
    jobs.send_notices()
    assert mail.outbox == []


def test_once_a_day_goes_out_at_seven(lead, clock):
    person(lead, lead_notices="daily")
    jobs.send_notices()
    for hours, sent in ((12, 0), (6, 0), (2, 1), (1, 1)):  # midnight, six, eight, nine
        clock(timedelta(hours=hours))
        jobs.send_notices()
        assert len(mail.outbox) == sent, clock.now


def test_all_of_a_person_is_one_message_in_the_persons_language(lead, clock):
    other = factories.LeadFactory(pledge=lead.pledge, score=0.9, raised_at=clock.now, article__title="<b>Roof</b>")
    person(lead, lead_notices="at_once", language="es")
    jobs.send_notices()
    [message] = mail.outbox
    assert "Walls rise" in message.body and other.article.title in message.body
    assert "&lt;b&gt;Roof" in message.alternatives[0][0] and 'lang="es"' in message.alternatives[0][0]


def test_a_review_waits_for_others_but_not_for_who_wrote_it():
    update = factories.UpdateFactory(author=person(review_notices="at_once"))
    rewriter, reader = person(review_notices="at_once"), person(review_notices="at_once")
    person(factory=factories.ReporterFactory, review_notices="at_once")
    update.edited_by = rewriter
    update.save()
    publishing.submit_for_review(item=update, by=update.author)
    jobs.send_notices()
    [message] = mail.outbox
    assert message.to == [reader.email] and update.author.byline in message.body


def test_sent_back_and_submitted_again_is_told_again(clock):
    update, reader = factories.UpdateFactory(), person(review_notices="at_once")
    for _round in range(2):
        publishing.submit_for_review(item=update, by=update.author)
        jobs.send_notices()
        update.refresh_from_db()
        publishing.send_back(item=update, by=reader, note="Which day?")
        clock(DAY)
    assert len(mail.outbox) == 2


def test_what_is_due(clock):
    factories.PublishedPledgeFactory(
        wording__title_en="Roads", wording__deadline=date(2030, 5, 1), wording__deadline_precision="day"
    )
    fresh = factories.PublishedPledgeFactory(wording__title_en="Ports")
    person(due_notices="at_once")
    jobs.send_notices()
    assert "Roads: its deadline has passed" in mail.outbox[0].body and "Ports" not in mail.outbox[0].body
    clock(timedelta(days=fresh.review_interval_days))
    jobs.send_notices()
    jobs.send_notices()
    assert len(mail.outbox) == 2
    assert "Ports: nobody has looked at it" in mail.outbox[1].body
    assert "deadline has passed" not in mail.outbox[1].body


def test_a_mail_server_that_fails_is_tried_again_later_and_later(lead, clock, monkeypatch, client):
    user, tries = person(lead, lead_notices="at_once"), []

    def refuse(*_arguments):
        tries.append(clock.now)
        raise smtplib.SMTPServerDisconnected("no")

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", refuse)
        for _turn in range(30):
            jobs.send_notices()
            clock(2 * MINUTE)
    assert 3 <= len(tries) <= 7
    assert Notice.objects.get().sent_at is None
    client.force_login(user)
    assert "could not be sent" in client.get(reverse("admin:pledges_notice_changelist")).content.decode()
    clock(timedelta(hours=6))
    jobs.send_notices()
    jobs.send_notices()
    assert len(mail.outbox) == 1


def test_what_one_worker_has_claimed_no_other_sends(lead, clock):
    user = person(lead, lead_notices="at_once")
    notices.note_notices(user=user, keys=[("lead", str(lead.pk))], now=clock.now)
    assert len(notices.claim_notices(user=user, now=clock.now, ripe=lambda _notice: True)) == 1
    assert notices.claim_notices(user=user, now=clock.now, ripe=lambda _notice: True) == []
    jobs.send_notices()
    assert mail.outbox == []
    clock(6 * MINUTE)  # the other one died
    jobs.send_notices()
    assert len(mail.outbox) == 1


def test_without_a_mail_server_nothing_piles_up_and_the_desk_says_so(lead, settings, client):
    settings.EMAIL_HOST = ""
    user = person(lead, lead_notices="at_once")
    jobs.send_notices()
    assert not Notice.objects.exists()
    client.force_login(user)
    assert "No mail server is set" in client.get(reverse("admin:pledges_notice_changelist")).content.decode()


# --- the settings -----------------------------------------------------------------------------------------------------


def test_ones_own_settings_and_nobody_elses(client):
    user, other = person(), person()
    client.force_login(user)
    data = {"lead_notices": "daily", "lead_notice_percent": 60, "review_notices": "at_once", "due_notices": "never"}
    page = reverse("admin:pledges_notice_changelist")
    answer = client.post(page, data | {"language": "es", "pk": other.pk, "is_superuser": "1"})
    assert answer.status_code == 302
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.lead_notices, user.lead_notice_percent, user.language) == ("daily", 60, "es")
    assert (other.lead_notices, user.is_superuser) == ("never", False)
    assert client.post(page, data | {"language": "es", "lead_notice_percent": 20}).status_code == 422


def test_following_and_no_longer(client):
    user, pledge = person(), factories.PublishedPledgeFactory(wording__title_en="Walls")
    client.force_login(user)
    page, url = (reverse(f"admin:pledges_{name}", args=[pledge.pk]) for name in ("pledge_change", "notice_follow"))
    assert ">Follow<" in client.get(page).content.decode()
    assert client.get(url).status_code == 405
    client.post(url)
    assert list(user.follows.all()) == [pledge]
    assert ">Stop following<" in client.get(page).content.decode()
    assert "Walls" in client.get(reverse("admin:pledges_notice_changelist")).content.decode()
    client.post(url, {"stop": "1"})
    assert not user.follows.exists()


def test_who_may(client):
    page, pledge = reverse("admin:pledges_notice_changelist"), factories.PledgeFactory()
    follow = reverse("admin:pledges_notice_follow", args=[pledge.pk])
    for user, seen, followed in (
        (None, 302, 302),
        (factories.UserFactory(is_staff=False), 302, 302),
        (factories.UserFactory(), 200, 403),
        (factories.ReporterFactory(), 200, 302),
    ):
        client.logout()
        if user:
            client.force_login(user)
        assert (client.get(page).status_code, client.post(follow).status_code) == (seen, followed), user
    assert staff_notices.people().count() == 0
