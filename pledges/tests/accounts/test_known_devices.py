"""Nobody keeps a person out by typing wrong passwords: where they have logged in before, they still get in."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pledges.accounts import known_devices
from pledges.tests.support import factories
from pledges.tests.support.totp import code_for

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase 7"
HOME, ELSEWHERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture
def editor():
    return make("ana")


def make(name, factory=factories.EditorFactory):
    user = factory(username=name, email=f"{name}@news.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, password=PASSWORD, name="ana", address=HOME, **headers):
    data = {"login": name, "password": password}
    return client.post(reverse("account_login"), data, REMOTE_ADDR=address, **headers)


def is_let_in(client, **how) -> bool:
    """Whether the right password is taken; the browser is logged out again."""
    is_in = log_in(client, **how).status_code == 302
    client.post(reverse("admin:logout"))
    return is_in


def attack(name="ana", client=None) -> str:
    """Six wrong passwords from elsewhere; the last page."""
    for _time in range(6):
        response = log_in(client or Client(), "wrong", name=name, address=ELSEWHERE)
    return response.content.decode()


@pytest.fixture
def own_browser(editor):
    browser = Client()
    assert is_let_in(browser)
    return browser


def cookie_of(browser, user):
    return browser.cookies[f"device_{user.pk}"]


def test_while_somebody_guesses_the_owner_gets_in_where_they_have_logged_in_before(own_browser):
    assert "Too many failed attempts. Try again in some minutes, with a passkey" in attack()
    assert not is_let_in(Client()), "a browser that nobody knows has to wait"
    assert is_let_in(own_browser)
    assert "Too many" in attack(), "the owner's success does not give others new tries"


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_that_two_names_are_one_account_does_not_show(editor, settings, name):
    """Five tries by name use up those of the account; tried by address, it answers like one that does not exist."""
    settings.ALLOWED_HOSTS = ["testserver", "tracker.example"]
    assert "Too many" in attack(name)
    elsewhere = {"address": "198.51.100.8", "HTTP_HOST": "tracker.example"}
    assert "Too many" in log_in(Client(), "wrong", name=name.upper(), **elsewhere).content.decode()
    page = log_in(Client(), "wrong", name=f"{name}@news.example").content.decode()
    assert "Too many" not in page
    assert "The email address and/or password you specified are not correct." in page
    assert not is_let_in(Client(), name=f"{name}@news.example"), "nor is the right password taken"
    for _time in range(3):
        log_in(Client(), PASSWORD, name=f"{name}@news.example", address="198.51.100.7")
    assert "Too many" in log_in(Client(), name=f"{name}@news.example").content.decode(), "it counts too"


@pytest.mark.parametrize("name", ["ana", "nobody", "ana@news.example", "nobody@news.example"])
def test_a_wrong_password_is_compared_once_whether_or_not_there_is_an_account(editor, monkeypatch, name):
    """So that the time that it takes does not tell."""
    encoded, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: encoded.append(name) or encode(*args))
    log_in(Client(), "wrong", name=name)
    assert len(encoded) == 1


def test_a_stolen_cookie_has_five_tries_of_its_own_and_takes_none_from_other_devices(own_browser, editor):
    phone, thief = Client(), Client()
    assert is_let_in(phone)
    thief.cookies = own_browser.cookies
    assert "Too many" in attack(client=thief)
    assert not is_let_in(thief, address="198.51.100.7"), "from wherever"
    assert is_let_in(phone)
    assert is_let_in(Client(), address="198.51.100.8")


def test_the_cookie_is_for_the_pages_of_the_account_alone_and_no_script(own_browser, editor, settings):
    cookie = cookie_of(own_browser, editor)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (reverse("account_home"), True, "Strict")
    assert len(cookie.value) < 120
    assert not cookie["secure"]
    settings.SESSION_COOKIE_SECURE = True
    log_in(own_browser)
    assert cookie_of(own_browser, editor)["secure"]


def change_password(browser, _person):
    data = {"oldpassword": PASSWORD, "password1": "other pass phrase 8", "password2": "other pass phrase 8"}
    assert browser.post(reverse("account_change_password"), data).status_code == 302


def end_a_session(browser, person):
    session = person.usersession_set.exclude(session_key=browser.session.session_key).get()
    browser.post(reverse("account_end_session", args=[session.pk]))


def set_up_an_app(browser, _person):
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    # Within a test's transaction they would run after the answer, which sets the cookie.
    with mock.patch("django.db.transaction.on_commit", lambda function, **_options: function()):
        assert browser.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}).status_code == 302


def end_all_at_the_desk(_browser, person):
    publisher = Client()
    publisher.force_login(factories.PublisherFactory())
    publisher.post(reverse("admin:pledges_user_sessions", args=[person.pk]))


@pytest.mark.parametrize(
    ("end", "password", "stays_known"),
    [
        (change_password, "other pass phrase 8", True),
        (end_a_session, PASSWORD, True),
        (set_up_an_app, PASSWORD, True),
        (end_all_at_the_desk, PASSWORD, False),
    ],
)
def test_devices_are_known_no_more_when_the_password_or_sessions_end(editor, end, password, stays_known):
    """Only the one at which the person did so still is."""
    browser, lost = Client(), Client()
    log_in(lost)
    log_in(browser)
    end(browser, editor)
    browser.post(reverse("admin:logout"))
    attack()
    assert not is_let_in(lost, password=password)
    assert is_let_in(browser, password=password) is stays_known


def test_sessions_that_have_run_out_can_be_ended_too(own_browser, editor):
    """The person calls: the computer is stolen. None of its sessions is left, but it is known."""
    end_all_at_the_desk(own_browser, editor)
    attack()
    assert not is_let_in(own_browser)


@pytest.mark.parametrize("wrong", ["", "1", "x.y.z", "ñ:" * 3000, "{pk}.{now}.name:signature", "other"])
def test_only_a_cookie_that_was_set_for_this_account_counts(editor, wrong):
    other, browser = make("berta"), Client()
    assert is_let_in(browser, name="berta")
    value = cookie_of(browser, other).value
    if wrong != "other":
        value = wrong.format(pk=editor.pk, now=int(timezone.now().timestamp() * 1000))
    browser.cookies[f"device_{editor.pk}"] = value
    attack()
    assert not is_let_in(browser)


def test_after_half_a_year_a_device_is_forgotten(own_browser, editor, monkeypatch):
    attack()
    later = timezone.now() + known_devices.KNOWN_FOR + timedelta(days=1)
    monkeypatch.setattr(known_devices.timezone, "now", lambda: later)
    assert not is_let_in(own_browser)


def test_a_newsrooms_computer_knows_several_people_but_not_ever_more(db):
    browser = Client()
    people = [make(f"person-{number}") for number in range(7)]
    for number, person in enumerate(people):
        assert is_let_in(browser, name=person.username, address=f"192.0.2.{number}")
    known = [person for person in people if browser.cookies[f"device_{person.pk}"].value]
    assert known == people[-known_devices.MOST_PEOPLE :]
    attack("person-6")
    assert is_let_in(browser, name="person-6")
