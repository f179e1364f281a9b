"""Alerts by e-mail, asked for without an account: the page, the link that confirms, the link that ends; and attacks."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from pledges import jobs
from pledges.actions import alerts
from pledges.models import Alert
from pledges.site import alerts as alert_views
from pledges.site.shared import limits
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
READER = "reader@news.example"


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://pledges.example"


@pytest.fixture
def ports():
    topic = factories.TopicFactory(slug="ports", name_en="Ports", name_es="Puertos")
    return factories.PublishedPledgeFactory(slug="harbour", topics=[topic], wording__title_en="Mend the harbour")


@pytest.fixture
def ask(client, address):
    def post(email=READER, query="", language="en", **data):
        return client.post(address("alert", language=language) + query, {"email": email, **data})

    return post


def links() -> dict[str, str]:
    """The paths of the links in the last mail, by what they do."""
    found = re.findall(r"https://pledges\.example(/\S+)", mail.outbox[-1].body)
    return {path.strip("/").split("/")[2]: path for path in found}


def test_asked_for_confirmed_and_ended(client, ask, ports):
    answer = ask(query="?q=harbour&topic=ports")
    assert answer.url == reverse("alert_asked")
    assert "Look into your mailbox" in client.get(answer.url).content.decode()
    jobs.send_alerts()
    jobs.send_alerts()
    [first] = mail.outbox
    assert first.to == [READER] and first.alternatives[0][1] == "text/html"
    row = Alert.objects.get()
    assert (row.kind, row.query, row.language, row.confirmed_at) == ("search", "q=harbour&topic=ports", "en", None)

    page = client.get(links()["confirm"])
    assert "the pledges of this search: the words “harbour” and topic Ports." in page.content.decode()
    assert "no-cache" in page["Cache-Control"] and "noindex" in page.content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is None  # a scanner that opens links confirms nothing
    assert "You will be told." in client.post(links()["confirm"]).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at and row.told_edition == 1
    assert "You will be told." in client.get(links()["confirm"]).content.decode()

    assert "End this alert?" in client.get(links()["end"]).content.decode()
    assert Alert.objects.exists()
    assert "has ended" in client.post(links()["end"]).content.decode()
    assert not Alert.objects.exists()
    assert client.get(links()["end"]).status_code == client.post(links()["confirm"]).status_code == 404
    assert client.post(links()["end"]).status_code == 200


def test_the_page_says_in_words_what_one_will_be_told(client, address, ports):
    factories.PublishedUpdateFactory(pledge=ports, status="kept")
    for query, said in (
        ("", "Whenever something new is published about any pledge."),
        ("?status=kept&topic=ports&sort=title&page=2", "the pledges of this search: status Kept and topic Ports."),
        ("?status=kept&status=broken", "the pledges of this search: status Kept or Broken."),
        ("?since=2024-01-01&topic=ports", "the pledges of this search: changed since 1 Jan 2024 and topic Ports."),
        ("?pledge=harbour", "about the pledge “Mend the harbour”."),
        ("?week=1", "Every Monday morning: what changed in the week before."),
    ):
        html = client.get(address("alert") + query).content.decode()
        assert said in html, query
        assert escape(READER) not in html
    assert "Puertos" in client.get(address("alert", language="es") + "?topic=ports").content.decode()
    # The other language asks for the same.
    assert (
        f'{address("alert", language="es")}?status=kept&amp;topic=ports"'
        in client.get(address("alert") + "?topic=ports&status=kept&sort=title").content.decode()
    )


def test_the_same_search_in_other_words_is_one_alert(ask, ports):
    ask(query="?topic=ports&status=kept&sort=title")
    ask(query="?status=kept&page=3&topic=ports&utm_source=x", email="Reader@News.Example")
    assert Alert.objects.get().query == "status=kept&topic=ports"


def test_each_mail_is_in_the_language_of_the_page(ask, ports):
    ask(language="es", query="?pledge=harbour")
    jobs.send_alerts()
    assert links()["confirmar" if "confirmar" in links() else "confirm"].startswith("/es/")
    assert 'lang="es"' in mail.outbox[0].alternatives[0][0]


def test_a_mail_program_ends_an_alert_by_itself(ask):
    ask()
    jobs.send_alerts()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"]
    assert address.startswith("<https://pledges.example/") and address.endswith(">")
    program = Client(enforce_csrf_checks=True)
    answer = program.post(urlsplit(address.strip("<>")).path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    assert not Alert.objects.exists()


def test_nobody_learns_whether_an_address_is_known(client, ask, ports):
    new = ask(email="new@news.example")
    jobs.send_alerts()
    client.post(links()["confirm"])
    known = ask(email="new@news.example")
    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert client.get(known.url).content == client.get(new.url).content
    jobs.send_alerts()
    assert len(mail.outbox) == 2 and mail.outbox[0].body == mail.outbox[1].body
    assert Alert.objects.get().confirmed_at


def test_without_a_mail_server_or_an_own_address_the_page_says_what_works_without(client, ask, address, settings):
    for name in ("EMAIL_HOST", "SITE_URL"):
        settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://pledges.example"
        setattr(settings, name, "")
        html = client.get(address("alert") + "?q=ports").content.decode()
        assert "cannot send e-mail" in html and 'type="email"' not in html and "What is kept" not in html
        assert f'href="{address("pledges")}?q=ports"' in html
        assert ask().status_code == 422
        jobs.send_alerts()
    assert not Alert.objects.exists() and not mail.outbox


def test_a_closed_tracker_takes_no_alert(client, ask, address):
    factories.NewsroomFactory(closed_on=timezone.localdate())
    assert "nothing to write about" in client.get(address("alert")).content.decode()
    assert ask().status_code == 422
    assert not Alert.objects.exists()


def test_what_is_not_confirmed_is_deleted_after_three_days(client, ask, monkeypatch):
    ask()
    jobs.send_alerts()
    confirm = links()["confirm"]
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3, minutes=-1))
    jobs.drop_alerts()
    assert Alert.objects.count() == 1
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3, minutes=1))
    assert client.post(confirm).status_code == 404  # also before the row is gone
    jobs.drop_alerts()
    assert not Alert.objects.exists()
    assert "it was deleted" in client.get(confirm).content.decode()


def test_the_page_asks_the_database_next_to_nothing(client, address, ports, django_assert_max_num_queries):
    where = address("alert") + "?q=harbour&topic=ports"
    client.get(where)  # what a process reads once
    with django_assert_max_num_queries(3):
        assert client.get(where).status_code == 200


# --- attacks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    [
        "",
        "reader",
        "reader@",
        "a@b.example\nBcc: victim@news.example",
        "a@b.example\r\nSubject: x",
        "a@b.example, victim@news.example",
        "Reader <a@b.example>",
        '"a b"@news.example',
        "a@localhost",
        "a@[127.0.0.1]",
        "a\x00@news.example",
        f"{'a' * 300}@news.example",
        "a@b@news.example",
    ],
)
def test_what_is_no_address_is_refused_at_the_field(ask, email):
    answer = ask(email=email)
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_host_in_other_letters_is_written_as_mail_servers_do(ask):
    ask(email="lector@Periódico.example")
    assert Alert.objects.get().email == "lector@xn--peridico-y3a.example"


def test_the_first_mail_holds_nothing_that_its_asker_typed(ask, ports):
    ask(query="?q=Buy+now+at+https://evil.example&topic=ports")
    jobs.send_alerts()
    [message] = mail.outbox
    told = f"{message.subject} {message.body} {message.alternatives[0][0]}"
    assert "words that you chose" in told and "Ports" in told
    assert "evil" not in told


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5_000, "%00", "..", "a'--"])
def test_a_forged_token_opens_nothing(client, ask, address, token):
    ask()
    for name in ("alert_confirm", "alert_end"):
        where = address(name, "TOKEN").replace("TOKEN", token)
        assert client.get(where).status_code == 404, where
        assert client.post(where).status_code in (200, 404)
    row = Alert.objects.get()
    assert row.confirmed_at is None


def test_somebody_elses_mailbox_is_not_flooded(ask, ports, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "alert": "100/m/ip"}
    for number in range(20):  # one network after the other, each time for something else
        answer = ask(email="victim@news.example", query=f"?q=word{number}", headers={})
        assert answer.url == reverse("alert_asked")
    jobs.send_alerts()
    assert len(mail.outbox) == 3


def test_while_three_links_were_not_followed_no_other_is_sent(ports):
    now = timezone.now()
    for number in range(5):
        alerts.ask_for_alert(email=READER, language="en", kind="search", query=f"q={number}", now=now)
    assert Alert.objects.count() == 3
    alerts.ask_for_alert(email="other@news.example", language="en", kind="week", query="", now=now)
    assert Alert.objects.count() == 4


def test_one_network_asks_only_so_often(ask):
    answers = [ask(email=f"r{number}@news.example") for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    assert "Too many alerts" in answers[-1].content.decode()
    assert Alert.objects.count() == 6


def test_all_networks_together_ask_only_so_often_and_then_leave_nothing_for_a_day(client, address, monkeypatch):
    monkeypatch.setattr(alert_views, "ASKED_BY_ALL", 2)
    monkeypatch.setattr(limits, "time", lambda: 60.0)
    answers = [
        client.post(address("alert"), {"email": f"r{number}@news.example"}, REMOTE_ADDR=f"192.0.2.{number}")
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302] * 2 + [429] * 2
    assert len(cache._cache.get_client().keys("*alert_day*")) == 2


def test_while_the_broker_is_away_each_process_counts(ask, broker_away):
    answers = [ask(email=f"r{number}@news.example") for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2


def test_a_program_that_fills_in_everything_gets_the_same_answer_and_nothing_comes_of_it(ask):
    answer = ask(website="https://evil.example")
    assert answer.url == reverse("alert_asked")
    assert not Alert.objects.exists()


def test_another_site_cannot_ask_in_a_readers_name(address):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address("alert"), {"email": READER}).status_code == 403
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"?q={'ñ' * 5_000}", 422),
        ("?pledge=nothing-like-that", 404),
        ("?pledge=%00", 404),
        ("?q=%00", 200),
        ("?topic=bananas", 422),
        ("?topic=ports&topic=ports&topic=ports", 200),
    ],
)
def test_odd_queries(client, ask, address, ports, query, status):
    assert client.get(address("alert") + query).status_code == status
    answer = ask(query=query)
    assert answer.status_code in (status, 302)
    assert all(len(row.query) <= 500 for row in Alert.objects.all())


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "Reader@news.example"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"kind": "pledge", "query": ""},
        {"kind": "week", "query": "q=x"},
        {"token": "short"},
        {"told_edition": 3},
    ],
)
def test_the_database_holds_what_an_alert_is(wrong):
    right = {"email": READER, "language": "en", "kind": "search", "query": "q=x", "created_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(**right | wrong)
    Alert.objects.create(**right)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(**right)


# --- at the desk ------------------------------------------------------------------------------------------------------


def test_editors_see_how_many_and_publishers_who(client):
    row = Alert.objects.create(email=READER, language="es", kind="search", query="q=x", created_at=timezone.now())
    pages = [reverse("admin:pledges_alert_changelist"), reverse("admin:pledges_alert_change", args=[row.pk])]
    client.force_login(factories.EditorFactory())
    counts = client.get(pages[0]).content.decode()
    assert "search" in counts and "Spanish" in counts and READER not in counts
    assert client.get(pages[1]).status_code == 403
    assert READER not in client.get(f"{pages[0]}?q=reader").content.decode()
    client.force_login(factories.PublisherFactory())
    for page in pages:
        assert READER in client.get(page).content.decode()


def test_what_a_publisher_deletes_leaves_no_address_behind(client):
    row = Alert.objects.create(email=READER, language="en", kind="week", created_at=timezone.now())
    client.force_login(factories.PublisherFactory())
    client.post(reverse("admin:pledges_alert_delete", args=[row.pk]), {"post": "yes"})
    assert not Alert.objects.exists()
    assert READER not in str(list(LogEntry.objects.values_list("object_repr", "change_message")))
