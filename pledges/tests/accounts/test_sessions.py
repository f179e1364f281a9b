"""Sessions: one sees one's own, ends one or all others, and a new password ends the others by itself."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long pass phrase 7", "another pass phrase 8"


@pytest.fixture
def editor():
    user = factories.EditorFactory(username="ana")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def clients(editor):
    """Three browsers in which Ana is logged in."""
    found = []
    for number in range(3):
        client = Client(headers={"user-agent": f"Browser {number}"}, REMOTE_ADDR=f"192.0.2.{number}")
        client.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
        found.append(client)
    return found


def who_is_in(clients) -> list[bool]:
    return [client.get(reverse("admin:index")).status_code == 200 for client in clients]


def row_of(client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_one_sees_ones_own_with_browser_and_address_and_nobody_elses(clients):
    client = Client()
    client.force_login(factories.EditorFactory())
    assert "Browser 1" not in client.get(reverse("usersessions_list")).content.decode()
    html = clients[0].get(reverse("usersessions_list")).content.decode()
    for number in range(3):
        assert f"Browser {number}" in html
        assert f"192.0.2.{number}" in html
    assert html.count("this one") == 1


def test_one_is_ended_and_the_others_go_on(clients):
    clients[0].post(reverse("account_end_session", args=[row_of(clients[1]).pk]))
    assert who_is_in(clients) == [True, False, True]


def test_all_others_are_ended(clients):
    clients[0].post(reverse("usersessions_list"))
    assert who_is_in(clients) == [True, False, False]


def test_ending_this_one_logs_out(clients):
    response = clients[0].post(reverse("account_end_session", args=[row_of(clients[0]).pk]))
    assert response.url == reverse("account_login")
    assert who_is_in(clients) == [False, True, True]


def test_nobody_ends_anothers_nor_by_a_link(clients):
    client = Client()
    client.force_login(factories.SuperuserFactory())
    url = reverse("account_end_session", args=[row_of(clients[0]).pk])
    assert client.post(url).status_code == 404
    assert clients[1].get(url).status_code == 405
    assert Client().post(url).status_code == 302
    assert who_is_in(clients) == [True, True, True]


def test_a_new_password_ends_the_others(clients):
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert clients[0].post(reverse("account_change_password"), data).status_code == 302
    assert who_is_in(clients) == [True, False, False]


def test_when_it_was_last_seen_moves_once_a_minute_with_the_address(clients):
    row = row_of(clients[0])
    long_ago = timezone.now() - timedelta(hours=2)
    UserSession.objects.update(last_seen_at=long_ago)
    clients[0].get(reverse("admin:index"), REMOTE_ADDR="198.51.100.1")
    row.refresh_from_db()
    assert row.ip == "198.51.100.1"
    seen = row.last_seen_at
    assert seen > long_ago
    clients[0].get(reverse("admin:index"))
    row.refresh_from_db()
    assert row.last_seen_at == seen
    assert row_of(clients[1]).last_seen_at == long_ago
