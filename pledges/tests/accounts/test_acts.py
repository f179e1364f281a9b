"""Nothing is done to an account in the dark: the record has it, and so does the person whose account it is."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from pledges.actions import people
from pledges.models import Account, Act, User
from pledges.tests.support import factories, mail_worker

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long pass phrase 7", "another pass phrase 8"
LOGIN_QUERIES = 7


@pytest.fixture(autouse=True)
def no_messages(db):
    mail_worker.forget()


@pytest.fixture
def ana():
    return with_password(factories.EditorFactory(username="ana", email="ana@news.example"))


@pytest.fixture
def publisher(client):
    user = factories.PublisherFactory(username="pablo")
    client.force_login(user)
    return user


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": "ana", "password": password}, follow=True, **extra)


def page(person, view="change"):
    return reverse(f"admin:pledges_user_{view}", args=[person.pk])


def make_link(client, person) -> str:
    """The publisher presses the button, and has the link."""
    html = client.post(page(person, "invite")).content.decode()
    return re.search(r'value="http://testserver([^"]+)"', html)[1]


def use(link, password=NEW) -> Client:
    visitor = Client()
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    visitor.post(form, {"password1": password, "password2": password})
    return visitor


def recorded(reader, **wanted) -> list[tuple]:
    """What the record shows a person of acts: (who, label, whose, fields), newest first."""
    client = Client()
    client.force_login(reader)
    changes = client.get(reverse("admin:pledges_record"), {"kind": "account", **wanted}).context["changes"]
    where = re.compile(r"/admin/account/password/reset/key/\w+-set-password/")
    return [(where.sub("reset", each.who), each.event.pgh_label, each.row, each.fields) for each in changes]


def labels(reader) -> list[str]:
    return [label for _who, label, _row, _fields in recorded(reader)]


def test_the_record_says_who_made_a_link_for_whom(client, publisher, ana, settings):
    settings.EMAIL_HOST = ""
    make_link(client, ana)
    assert recorded(factories.EditorFactory())[0] == ("pablo", "link", "ana", [])
    html = client.get(reverse("admin:pledges_record")).content.decode()
    assert "Account: a link to set the password was made" in html
    assert f'href="{page(ana)}"' in html


def test_a_publisher_who_takes_an_account_over_is_seen(client, publisher, ana, settings):
    """The link that they hand to themselves is told to Ana at her logins, though they logged in before her."""
    settings.EMAIL_HOST = ""
    before = Client()
    log_in(before)
    taken = use(make_link(client, ana))
    assert before.get(reverse("admin:index")).status_code == 302
    assert "made by pablo" in log_in(taken, NEW).content.decode()
    done = recorded(factories.EditorFactory())
    for act in (
        ("pablo", "link", "ana", []),
        ("nobody logged in (reset)", "password", "ana", []),
        ("nobody logged in (reset)", "sessions", "ana", [("number", "", "1")]),
    ):
        assert act in done
    other = factories.PublisherFactory(username="petra")
    client.force_login(other)
    hers = use(make_link(client, ana), PASSWORD)
    html = log_in(hers).content.decode()
    assert "made by pablo" in html
    assert "made by petra" in html
    history = hers.get(reverse("admin:pledges_user_own")).content.decode()
    assert "pablo" in history
    assert "the password changed" in history


@pytest.mark.parametrize(("days", "told"), [(29, True), (31, False)])
def test_it_is_told_for_a_month(ana, days, told):
    """This one was made by a command, which the record knows nobody of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pledges_accountact (id, pgh_label, pgh_created_at) "
            "VALUES (%s, 'link', now() - %s * interval '1 day')",
            [ana.pk, days],
        )
    assert ("made by whoever runs the server" in log_in(Client()).content.decode()) is told


def test_without_a_link_nothing_is_told(ana):
    assert "A link to set your password" not in log_in(Client()).content.decode()


def test_the_mail_with_a_link_says_who_made_it(client, publisher, ana, settings):
    settings.EMAIL_HOST = "mail.example"
    client.post(page(ana, "invite"))
    [sent] = mail.outbox
    assert "pablo" in sent.body


def test_a_new_address_is_told_to_the_old_one(client, publisher, ana, settings, django_capture_on_commit_callbacks):
    """Else a publisher could send the link to themselves, and nobody would be told."""
    settings.EMAIL_HOST = "mail.example"
    data = {"username": "ana", "byline": "", "email": "pablo@evil.example", "language": "en", "is_active": "on"}
    data["groups"] = list(ana.groups.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(ana), data)
    [sent] = mail.outbox
    assert sent.to == ["ana@news.example"]
    assert "pablo" in sent.body
    assert "evil" not in sent.body


def test_ended_sessions_by_whom_whose_and_how_many(client, publisher, ana):
    for _number in range(2):
        log_in(Client())
    client.post(page(ana, "sessions"))
    assert recorded(factories.EditorFactory())[0] == ("pablo", "sessions", "ana", [("number", "", "2")])
    clients = [Client() for _number in range(3)]
    for each in clients:
        log_in(each)
    clients[0].post(reverse("usersessions_list"))
    assert recorded(factories.EditorFactory())[0] == ("ana", "sessions", "ana", [("number", "", "2")])


@pytest.mark.parametrize("means", ["page", "sql"])
def test_a_changed_password_by_whatever_means(ana, means):
    if means == "page":
        client = Client()
        log_in(client)
        data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post(reverse("account_change_password"), data)
    else:
        User.objects.filter(pk=ana.pk).update(password="x")
    assert recorded(factories.EditorFactory())[0] == ("ana" if means == "page" else "", "password", "ana", [])


def test_wrong_passwords_and_the_lock_are_for_publishers_and_for_the_person(ana):
    before = len(Account.pgh_event_model.objects.all())
    for _time in range(7):
        log_in(Client(), "wrong", REMOTE_ADDR="192.0.2.7")
    log_in(Client(), "wrong")
    Client().post(reverse("account_login"), {"login": "nobody", "password": "wrong"})
    assert Account.pgh_event_model.objects.count() == before, "not within the request"
    mail_worker.work()
    assert Account.pgh_event_model.objects.count() == before + 6
    seen = recorded(factories.PublisherFactory())
    assert [label for _who, label, *_rest in seen[:6]] == ["locked", *["refused"] * 5]
    assert seen[1][0] == f"nobody logged in ({reverse('account_login')})"
    assert seen[1][2:] == ("ana", [("network address", "", "192.0.2.7")])
    assert {"locked", "refused"}.isdisjoint(labels(factories.EditorFactory()))
    assert labels(ana)[:2] == ["locked", "refused"]


@pytest.mark.parametrize("name", ["ana", "ana@news.example", "nobody"])
def test_a_wrong_password_costs_the_same_with_and_without_an_account(ana, django_assert_num_queries, name):
    """The sixth one too, which is not tried: nothing is written, and one message is sent."""
    for number in range(6):
        with django_assert_num_queries(LOGIN_QUERIES if number < 5 else 2):
            Client().post(reverse("account_login"), {"login": name, "password": "wrong"})
        assert mail_worker.work() == ["pledges.tasks.note_attempt"]


def test_without_the_broker_a_wrong_password_is_on_record_all_the_same(ana, broker_away):
    for _time in range(7):
        log_in(Client(), "wrong")
    seen = recorded(factories.PublisherFactory())
    assert [label for _who, label, *_rest in seen[:7]] == ["locked", *["refused"] * 5, "password"]


def test_nor_are_they_in_an_editors_file(client, ana):
    log_in(Client(), "wrong")
    mail_worker.work()
    url = reverse("admin:pledges_record")
    for make, there in ((factories.EditorFactory, False), (factories.PublisherFactory, True)):
        client.force_login(make())
        lines = b"".join(client.get(url, {"kind": "account", "format": "csv"}).streaming_content).decode()
        assert (",refused," in lines) is there


def test_a_wrong_code_and_a_recovery_code_that_is_used(ana):
    Authenticator.objects.create(user=ana, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    codes = {"migrated_codes": [encrypt("1a2b3c4d")]}
    Authenticator.objects.create(user=ana, type="recovery_codes", data=codes)
    for code, label in (("000000", "refused"), ("1a2b3c4d", "recovery")):
        client = Client()
        log_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert recorded(factories.PublisherFactory())[0][1:3] == (label, "ana")


def test_a_link_that_somebody_asks_for_on_the_page(ana, settings):
    settings.EMAIL_HOST = "mail.example"
    page = reverse("account_reset_password")
    Client().post(page, {"email": "ana@news.example"})
    mail_worker.work()
    assert recorded(factories.PublisherFactory())[0][:3] == (f"nobody logged in ({page})", "asked", "ana")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE pledges_accountact SET pgh_label = 'sessions'",
        "UPDATE pledges_accountact SET pgh_context_id = NULL",
        "DELETE FROM pledges_accountact",
        "TRUNCATE pledges_accountact",
        "DROP TRIGGER pgtrigger_append_only_50ad7 ON pledges_accountact",
        "INSERT INTO pledges_accountact (id, pgh_label, pgh_created_at) VALUES (1, 'nothing', now())",
    ],
)
def test_what_is_recorded_stays(ana, app_role, attack):
    people.note_act(person=ana, act=Act.LINK)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert Account.pgh_event_model.objects.filter(pgh_label="link").count() == 1


@pytest.mark.parametrize(
    "attack", ["UPDATE pledges_accountact SET pgh_label = 'sessions'", "DELETE FROM pledges_accountact"]
)
def test_a_trigger_refuses_it_even_to_the_owner_of_the_database(ana, attack):
    people.note_act(person=ana, act=Act.LINK)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(attack)
