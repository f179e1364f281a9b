"""Login and the own account in a real browser: by keyboard, with a passkey, on every width and in every colour."""

import pytest
from django.test import Client
from django.urls import reverse

from pledges.tests.e2e.test_every_desk_page import LANGUAGE, complaints
from pledges.tests.support import factories, ways

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PASSWORD = "a long pass phrase 7"


@pytest.fixture(scope="module", autouse=True)
def ana(site, django_db_blocker):
    """Accounts that the server sees as well: they are made outside of the tests' transactions."""
    with django_db_blocker.unblock():
        for name in ("ana", "ana-es"):
            user = factories.EditorFactory(username=name, email=f"{name}@news.example")
            user.set_password(PASSWORD)
            user.save()


def log_in(page):
    page.locator("[name=login]").focus()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def confirm(page):
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("[name=password]").wait_for(state="detached")


def test_one_logs_in_by_keyboard_and_is_where_one_wanted_to_go(open_page):
    page = open_page(reverse("admin:pledges_pledge_changelist"))
    assert reverse("account_login") in page.url
    log_in(page)
    page.wait_for_url(f"**{reverse('admin:pledges_pledge_changelist')}")


def test_one_logs_in_without_scripts(open_page):
    page = open_page(reverse("account_login"), java_script_enabled=False, width=390)
    log_in(page)
    page.wait_for_url(f"**{reverse('admin:index')}")


def test_axe_finds_nothing_and_nothing_sticks_out(open_page):
    page = open_page(reverse("account_login"), locale=LANGUAGE)
    found = []
    for way in (ways.of_the_entrance, ways.of_an_account):
        for name in way(page, f"ana-{LANGUAGE}", PASSWORD):
            found += complaints(page, name)
    assert found == []


def test_a_passkey_is_made_and_opens_the_desk_alone(open_page, site):
    """With Chromium's virtual authenticator, on localhost: browsers know no passkeys for bare addresses."""
    page = open_page("about:blank")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    origin = site.replace("127.0.0.1", "localhost")
    page.goto(f"{origin}{reverse('account_login')}")
    log_in(page)
    page.wait_for_url(f"**{reverse('admin:index')}")
    page.goto(f"{origin}{reverse('mfa_add_webauthn')}")
    confirm(page)
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    page.context.clear_cookies()
    for _time in range(6):  # it also does while somebody guesses the password
        answer = Client().post(reverse("account_login"), {"login": "ana", "password": "x"}, REMOTE_ADDR="192.0.2.1")
    assert "Too many failed attempts" in answer.content.decode()
    page.goto(f"{origin}{reverse('account_login')}")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"**{reverse('admin:index')}")
