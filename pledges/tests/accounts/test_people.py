"""Publishers keep the newsroom's people: they invite, put into groups, shut out, and cannot rise above themselves."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from pledges.actions import errors, people
from pledges.models import User
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(client):
    user = factories.PublisherFactory()
    client.force_login(user)
    return user


def page(person, view="change"):
    return reverse(f"admin:pledges_user_{view}", args=[person.pk])


def filled(person, **changes):
    """What the form sends for a person, with changes; None takes a field out (an unticked box)."""
    data = {"username": person.username, "byline": person.byline, "email": person.email, "language": person.language}
    data |= {"first_name": person.first_name, "last_name": person.last_name, "is_active": "on"}
    data["groups"] = list(person.groups.values_list("pk", flat=True))
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def group(name):
    return Group.objects.get_or_create(name=name)[0].pk


def test_a_publisher_adds_a_person_and_hands_over_a_link(client, publisher, settings):
    settings.EMAIL_HOST = ""
    data = {"username": "ana", "email": "", "byline": "Ana", "language": "es", "groups": [group("Reporter")]}
    html = client.post(reverse("admin:pledges_user_add"), data).content.decode()
    ana = User.objects.get(username="ana")
    assert ana.is_staff
    assert not ana.is_superuser
    assert not ana.has_usable_password()
    link = re.search(r'value="http://testserver([^"]+)"', html)[1]
    visitor = Client()
    form = visitor.get(link, follow=True).request["PATH_INFO"]
    visitor.post(form, {"password1": "a long pass phrase 7", "password2": "a long pass phrase 7"})
    visitor.post(reverse("account_login"), {"login": "ana", "password": "a long pass phrase 7"})
    assert visitor.get(reverse("admin:pledges_lead_changelist")).status_code == 200


def test_with_a_mail_server_the_link_goes_to_the_person_and_not_to_the_publisher(client, publisher, settings):
    settings.EMAIL_HOST = "mail.example"
    data = {"username": "ana", "email": "ana@news.example", "language": "en", "groups": [group("Editor")]}
    response = client.post(reverse("admin:pledges_user_add"), data, follow=True)
    [sent] = mail.outbox
    assert sent.to == ["ana@news.example"]
    link = re.search(r"http://testserver(/\S+)", sent.body)[1]
    assert link not in response.content.decode()
    assert Client().get(link, follow=True).status_code == 200


def test_a_mail_that_cannot_be_sent_leaves_a_link_to_hand_over(client, publisher, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example"

    def broken(*_args, **_kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr("pledges.desk.people.accounts.send_mail", broken)
    data = {"username": "ana", "email": "ana@news.example", "language": "en", "groups": [group("Editor")]}
    html = client.post(reverse("admin:pledges_user_add"), data).content.decode()
    assert "no route to host" in html
    assert "/password/reset/key/" in html


def test_a_publisher_moves_a_person_between_the_three_groups(client, publisher):
    person = factories.ReporterFactory()
    assert client.post(page(person), filled(person, groups=[group("Editor")])).status_code == 302
    assert [each.name for each in person.groups.all()] == ["Editor"]


def test_groups_that_a_publisher_cannot_give_stay_as_they_are(client, publisher):
    person = factories.ReporterFactory()
    person.groups.add(group("Archive"))
    assert client.post(page(person), filled(person, groups=[group("Editor")])).status_code == 302
    assert {each.name for each in person.groups.all()} == {"Archive", "Editor"}


# --- forged forms ---------------------------------------------------------------------------------------------

FORGED = {
    "is_superuser": "on",
    "is_staff": "",
    "user_permissions": "1",
    "password": "md5$x$y",
    "date_joined_0": "2000-01-01",
}


def test_nobody_is_made_a_superuser_or_given_single_permissions(client, publisher):
    person = factories.ReporterFactory()
    permission = Permission.objects.get(codename="delete_group")
    client.post(page(person), filled(person, **FORGED | {"user_permissions": permission.pk}))
    data = {"username": "new", "language": "en", "groups": [], **FORGED}
    client.post(reverse("admin:pledges_user_add"), data)
    for each in (person, User.objects.get(username="new")):
        each.refresh_from_db()
        assert not each.is_superuser
        assert each.is_staff
        assert each.password != "md5$x$y"
        assert not each.user_permissions.exists()


def test_no_other_group_is_given(client, publisher):
    person = factories.ReporterFactory()
    response = client.post(page(person), filled(person, groups=[group("Archive")]))
    assert response.status_code == 200
    assert [each.name for each in person.groups.all()] == ["Reporter"]


@pytest.mark.parametrize("view", ["change", "invite", "sessions", "factors", "delete"])
def test_superusers_are_not_touched(client, publisher, view):
    root = factories.SuperuserFactory(email="root@news.example")
    Authenticator.objects.create(user=root, type="totp", data={})
    response = client.post(page(root, view), filled(root, email="mine@evil.example", is_active=None, post="yes"))
    assert response.status_code == 403
    root.refresh_from_db()
    assert (root.email, root.is_active) == ("root@news.example", True)
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("view", ["change", "invite", "sessions", "factors", "delete"])
def test_publishers_do_not_change_their_own_account_here(client, publisher, view):
    assert client.post(page(publisher, view), filled(publisher, groups=[], post="yes")).status_code == 403
    assert client.get(page(publisher)).status_code == 200
    assert [each.name for each in publisher.groups.all()] == ["Publisher"]


def test_a_publisher_types_nobodys_password(client, publisher):
    person = factories.EditorFactory()
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    new = {"usable_password": "true", "password1": "a long pass phrase 7", "password2": "a long pass phrase 7"}
    assert client.post(url, new).status_code == 403
    client.force_login(factories.SuperuserFactory())
    assert client.post(url, new).status_code == 302


def test_groups_themselves_are_not_a_publishers(client, publisher):
    assert client.get(reverse("admin:auth_group_changelist")).status_code == 403
    assert client.post(reverse("admin:auth_group_change", args=[group("Reporter")]), {}).status_code == 403


@pytest.mark.parametrize("make", [factories.ReporterFactory, factories.EditorFactory])
def test_nobody_else_keeps_people(client, make):
    client.force_login(make())
    person = factories.ReporterFactory()
    for view in ("change", "invite", "sessions", "factors", "delete", "history"):
        assert client.post(page(person, view), filled(person)).status_code == 403, view
    for url in (reverse("admin:pledges_user_add"), reverse("admin:pledges_user_changelist"), page(person)):
        assert client.get(url).status_code == 403, url


def test_an_account_is_never_deleted(client):
    client.force_login(factories.SuperuserFactory())
    person = factories.ReporterFactory()
    assert client.post(page(person, "delete"), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": person.pk, "post": "yes"}
    client.post(reverse("admin:pledges_user_changelist"), data)
    assert User.objects.filter(pk=person.pk).exists()


# --- somebody has to be left ----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"is_active": None}, {"is_superuser": None}, {"is_staff": None}])
def test_the_last_who_can_keep_accounts_stays(client, change):
    root = factories.SuperuserFactory()
    client.force_login(root)
    data = filled(root, **{"is_superuser": "on", "is_staff": "on"} | change)
    assert "Nobody would be left" in client.post(page(root), data).content.decode()
    root.refresh_from_db()
    assert root.is_active
    assert root.is_superuser
    factories.PublisherFactory()
    assert client.post(page(root), data).status_code == 302


def test_an_inactive_publisher_does_not_count_as_left(client):
    root = factories.SuperuserFactory()
    factories.PublisherFactory(is_active=False)
    client.force_login(root)
    data = filled(root, is_superuser="on", is_staff="on", is_active=None)
    assert "Nobody would be left" in client.post(page(root), data).content.decode()


def test_the_last_publisher_keeps_the_group(client):
    root = factories.SuperuserFactory()
    last = factories.PublisherFactory()
    with pytest.raises(errors.Refused):
        User.objects.filter(pk=root.pk).update(is_active=False)
        people.refuse_without_keeper(person=last, keeps=False)


# --- names and addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bea", "BEA", "bea@news.example"])
def test_nobody_gets_a_name_under_which_another_logs_in(client, publisher, name):
    factories.ReporterFactory(username="bea", email="bea@news.example")
    response = client.post(reverse("admin:pledges_user_add"), {"username": name, "language": "en"})
    assert response.status_code == 200
    assert "Another account" in response.content.decode()


# --- shut out, and what is recorded ---------------------------------------------------------------------------


def test_made_inactive_one_is_out_at_the_next_request_and_the_session_does_not_come_back(client, publisher):
    person = factories.ReporterFactory()
    theirs = Client()
    theirs.force_login(person)
    inbox = reverse("admin:pledges_lead_changelist")
    assert theirs.get(inbox).status_code == 200
    client.post(page(person), filled(person, is_active=None))
    assert theirs.get(inbox).status_code == 302
    assert theirs.post(inbox, {}, headers={"hx-request": "true"}).status_code == 302
    client.post(page(person), filled(person))
    assert theirs.get(inbox).status_code == 302


def test_a_group_taken_away_counts_at_the_next_request(client, publisher):
    person = factories.EditorFactory()
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get(reverse("admin:pledges_pledge_add")).status_code == 200
    client.post(page(person), filled(person, groups=[group("Reporter")]))
    assert theirs.get(reverse("admin:pledges_pledge_add")).status_code == 403
    client.post(page(person), filled(person, groups=[]))
    assert theirs.get(reverse("admin:pledges_lead_changelist")).status_code == 403


def test_a_publisher_ends_all_sessions_of_a_person_and_of_nobody_else(client, publisher):
    person, other = factories.ReporterFactory(), factories.ReporterFactory()
    clients = [Client(), Client(), Client()]
    for each, user in zip(clients, (person, person, other), strict=True):
        each.force_login(user)
    response = client.post(page(person, "sessions"), follow=True)
    assert "2 sessions were ended" in response.content.decode()
    assert [each.get(reverse("admin:index")).status_code for each in clients] == [302, 302, 200]


def test_second_factors_that_were_lost_are_taken_away_and_that_is_on_record(client, publisher):
    person = factories.ReporterFactory()
    Authenticator.objects.create(user=person, type="totp", data={"secret": "xyz"})
    theirs = Client()
    theirs.force_login(person)
    client.post(page(person, "factors"))
    assert not Authenticator.objects.exists()
    assert theirs.get(reverse("admin:index")).status_code == 302
    html = client.get(page(person, "history")).content.decode()
    assert "removed" in html
    assert publisher.username in html or publisher.byline in html
    assert "xyz" not in html


def test_buttons_change_nothing_by_a_link_or_without_the_token(publisher):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(publisher)
    person = factories.ReporterFactory()
    for view in ("invite", "sessions", "factors"):
        assert strict.get(page(person, view)).status_code == 405
        assert strict.post(page(person, view)).status_code == 403
