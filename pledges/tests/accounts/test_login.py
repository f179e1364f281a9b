"""Logging in to the desk: one page for everybody, by user name or address, and not as often as one likes."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from pledges.actions import broker
from pledges.models import User
from pledges.tests.support import factories, mail_worker

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase 7"


@pytest.fixture(autouse=True)
def no_messages(db):
    mail_worker.forget()


@pytest.fixture
def editor():
    user = factories.EditorFactory(username="ana", email="ana@news.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def ask_for_link(client, email="ana@news.example", **how):
    """On the page "Forgotten password"; the mail, if there is one, is sent after the answer."""
    return client.post(reverse("account_reset_password"), {"email": email}, **how)


def log_in(client, name="ana", password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": name, "password": password}, **extra)


def confirm(client) -> None:
    """Log in, and give the password once more, as for whatever concerns how one logs in."""
    log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_in(client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("name", ["ana", "ana@news.example", "ANA@news.example"])
def test_one_logs_in_by_name_or_address_and_is_at_the_desk(client, editor, name):
    response = log_in(client, name)
    assert response.url == reverse("admin:index")
    assert is_in(client)


def test_the_desk_leads_to_the_login_and_back_again(client, editor):
    wanted = reverse("admin:pledges_lead_changelist")
    response = client.get(wanted, follow=True)
    assert response.request["PATH_INFO"] == reverse("account_login")
    response = client.post(
        f"{reverse('account_login')}?next={wanted}", {"login": "ana", "password": PASSWORD, "next": wanted}
    )
    assert response.url == wanted


def test_it_leads_to_no_other_site(client, editor):
    data = {"login": "ana", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("account_login"), data).url == reverse("admin:index")


def test_the_admins_own_form_takes_no_password_past_the_limits(client, editor):
    response = client.post(reverse("admin:login"), {"username": "ana", "password": PASSWORD})
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert not is_in(client)


def test_who_is_no_staff_is_told_and_not_sent_in_circles(client):
    client.force_login(factories.UserFactory(is_staff=False))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_nobody_signs_up(client, editor):
    for path in ("signup/", "email/", "3rdparty/", "login/code/"):
        response = client.get(f"{reverse('account_home')}{path}", follow=True)
        assert response.request["PATH_INFO"] == reverse("account_login"), path
        client.force_login(editor)
        assert client.get(f"{reverse('account_home')}{path}").status_code == 404, path
        client.logout()


def test_logging_out_ends_the_session_on_the_server(client, editor):
    log_in(client)
    assert client.get(reverse("admin:logout")).status_code == 200  # asks; a link cannot log anybody out
    assert is_in(client)
    assert client.post(reverse("admin:logout")).url == reverse("account_login")
    assert not is_in(client)
    assert not Session.objects.exists()


# --- how often ------------------------------------------------------------------------------------------------


def test_the_sixth_wrong_password_for_an_account_is_not_even_tried_nor_then_the_right_one(client, editor):
    for _time in range(5):
        assert "not correct" in log_in(client, password="wrong").content.decode()
    assert "Too many" in log_in(client, password="wrong").content.decode()
    assert "Too many" in log_in(client).content.decode()
    assert not is_in(client)


def test_other_addresses_do_not_help_against_one_account(editor):
    for number in range(5):
        log_in(Client(), password="wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert "Too many" in log_in(Client(), REMOTE_ADDR="192.0.2.99").content.decode()


def test_one_address_tries_ten_names_a_minute(editor):
    for number in range(10):
        log_in(Client(), f"name-{number}", "wrong")
    assert "Too many" in log_in(Client()).content.decode()
    assert "Too many" not in log_in(Client(), REMOTE_ADDR="192.0.2.7").content.decode()


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_made_up_forwarding_header_escapes_no_limit(editor, settings, proxies):
    """Without a proxy the header is not read; behind one, the last address counts, which the proxy has written."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        forwarded = f"10.0.0.{number}" if not proxies else f"10.0.0.{number}, 203.0.113.5"
        log_in(Client(), f"name-{number}", "wrong", headers={"x-forwarded-for": forwarded})
    forwarded = "10.0.0.99" if not proxies else "10.0.0.99, 203.0.113.5"
    assert "Too many" in log_in(Client(), headers={"x-forwarded-for": forwarded}).content.decode()


def test_behind_the_proxy_one_visitor_does_not_shut_out_the_others(editor, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        log_in(Client(), f"name-{number}", "wrong", headers={"x-forwarded-for": "203.0.113.5"})
    client = Client()
    log_in(client, headers={"x-forwarded-for": "203.0.113.6"})
    assert is_in(client)


# --- a forgotten password -------------------------------------------------------------------------------------


def test_without_a_mail_server_the_page_says_whom_to_ask(client, editor, settings):
    settings.EMAIL_HOST = ""
    for answer in (client.get, client.post):
        html = answer(reverse("account_reset_password")).content.decode()
        assert "Ask a publisher" in html
    assert mail.outbox == []


def test_a_link_by_mail_sets_a_new_password_once_in_the_persons_language(client, editor, settings):
    settings.EMAIL_HOST = "mail.example"
    User.objects.filter(pk=editor.pk).update(language="es")
    ask_for_link(client, "ANA@news.example")
    assert mail.outbox == [], "not within the request"
    mail_worker.work()
    [sent] = mail.outbox
    assert sent.to == ["ana@news.example"]
    assert "contraseña" in sent.body
    link = re.search(r"https?://testserver(/\S+)", sent.body)[1]
    form = client.get(link, follow=True)
    form = form.request["PATH_INFO"]
    new = "another pass phrase 8"
    response = client.post(form, {"password1": new, "password2": new}, follow=True)
    assert response.request["PATH_INFO"] == reverse("account_reset_password_from_key_done")
    assert log_in(Client(), password=new).status_code == 302
    again = Client().get(link, follow=True)
    assert again.context["token_fail"]


@pytest.mark.parametrize(("email", "mails"), [("ana@news.example", 1), ("nobody@news.example", 0)])
def test_an_unknown_address_gets_no_mail_and_the_same_answer_for_the_same_work(
    client, editor, settings, django_assert_num_queries, email, mails
):
    settings.EMAIL_HOST = "mail.example"
    with django_assert_num_queries(1):
        response = ask_for_link(client, email)
    assert (response.status_code, response.url) == (302, reverse("account_reset_password_done"))
    assert mail_worker.work() == ["pledges.tasks.send_reset_links"]
    assert len(mail.outbox) == mails


@pytest.mark.parametrize("email", ["ana@news.example", "nobody@news.example"])
@pytest.mark.parametrize("why", ["away", "full"])
def test_without_the_broker_the_page_says_that_no_link_is_sent(
    client, editor, settings, monkeypatch, request, email, why
):
    settings.EMAIL_HOST = "mail.example"
    if why == "away":
        request.getfixturevalue("broker_away")
    else:  # of messages that strangers have caused
        monkeypatch.setattr(broker, "MOST_WAITING", 1)
        ask_for_link(client, "somebody@news.example")
    response = ask_for_link(client, email)
    assert response.status_code == 503
    assert "No link can be sent at the moment." in response.content.decode()
    assert mail.outbox == []


def test_a_former_address_resets_nothing(client, editor, settings):
    settings.EMAIL_HOST = "mail.example"
    ask_for_link(client)
    mail_worker.work()
    link = re.search(r"https?://testserver(/\S+)", mail.outbox.pop().body)[1]
    User.objects.filter(pk=editor.pk).update(email="ana@elsewhere.example")
    ask_for_link(client)
    mail_worker.work()
    assert mail.outbox == []
    assert client.get(link, follow=True).context["token_fail"]


# --- the own account ------------------------------------------------------------------------------------------


def test_a_person_keeps_byline_address_and_language_and_nothing_else(client, editor):
    log_in(client)
    data = {"byline": "Ana A.", "email": "ana@news.example", "language": "es"}
    data |= {"is_superuser": "on", "username": "root", "groups": "1"}
    assert client.post(reverse("account_home"), data).status_code == 302
    editor.refresh_from_db()
    assert (editor.byline, editor.language, editor.username) == ("Ana A.", "es", "ana")
    assert not editor.is_superuser


def test_a_new_address_asks_for_the_password_again(client, editor):
    log_in(client)
    data = {"byline": "Ana", "email": "new@news.example", "language": "en"}
    response = client.post(reverse("account_home"), data)
    assert response.url.startswith(reverse("account_reauthenticate"))
    editor.refresh_from_db()
    assert editor.email == "ana@news.example"
    client.post(response.url, {"password": PASSWORD}, follow=True)
    editor.refresh_from_db()
    assert editor.email == "new@news.example"


def test_nobody_takes_anothers_address(client, editor):
    factories.EditorFactory(email="bea@news.example")
    confirm(client)
    response = client.post(reverse("account_home"), {"byline": "", "email": "BEA@news.example", "language": "en"})
    assert response.status_code == 422
    assert "Another account" in response.content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_has_anything_inline_that_the_policy_would_block(client, editor, language):
    names = ["login", "reset_password", "reset_password_done", "inactive", "reset_password_from_key_done"]
    pages = [reverse(f"account_{name}") for name in names]
    mine = [reverse(name) for name in ("account_home", "account_change_password", "account_logout")]
    mine += [reverse(name) for name in ("usersessions_list", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn")]
    mine += [reverse("mfa_list_webauthn"), reverse("account_reauthenticate")]
    for url in [*pages, None, *mine]:
        if url is None:
            confirm(client)
            continue
        response = client.get(url, headers={"accept-language": language})
        html = response.content.decode()
        assert response.status_code == 200, url
        assert f'<html lang="{language}"' in html, url
        assert html.count("<h1") == 1, url
        for inline in ("<style", " style=", "<script>", " onclick=", " onchange=", "javascript:"):
            assert inline not in html, (url, inline)
