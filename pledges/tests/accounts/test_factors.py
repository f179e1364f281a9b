"""Second factors: an app, recovery codes, passkeys; obligatory where a setting says so, and then nothing else opens."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from pledges.models import UserFactor
from pledges.tests.support import factories
from pledges.tests.support.totp import code_for

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase 7"


@pytest.fixture
def editor():
    user = factories.EditorFactory(username="ana", email="ana@news.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": "ana", "password": password})


def confirm(client):
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def set_up(client) -> str:
    """Log in and set up an app; returns its secret."""
    log_in(client)
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret, 0)})
    assert response.url == reverse("mfa_view_recovery_codes")
    return secret


def is_in(client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_with_an_app_the_password_alone_opens_nothing(client, editor):
    secret = set_up(client)
    other = Client()
    assert log_in(other).url == reverse("mfa_authenticate")
    assert not is_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(other)


def test_sessions_that_began_with_the_password_alone_end_when_one_is_set_up(
    client, editor, django_capture_on_commit_callbacks
):
    before = Client()
    log_in(before)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert [is_in(client), is_in(before)] == [True, False]


def test_a_recovery_code_stands_in_once(client, editor):
    set_up(client)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    for expected in (True, False):
        other = Client()
        log_in(other)
        other.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_in(other) is expected


def test_codes_are_not_guessed(client, editor):
    secret = set_up(client)
    other = Client()
    log_in(other)
    for _time in range(5):
        other.post(reverse("mfa_authenticate"), {"code": "000000"})
    other.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert not is_in(other)


def test_setting_one_up_or_taking_it_away_asks_for_the_password_again(client, editor):
    log_in(client)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate")), name
    Authenticator.objects.create(user=editor, type="totp", data={"secret": "x"})
    response = client.post(reverse("mfa_deactivate_totp"))
    assert response.url.startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate")))
    assert Authenticator.objects.exists()


def test_the_record_has_that_it_was_set_up_and_not_its_secret(client, editor):
    set_up(client)
    events = UserFactor.pgh_event_model.objects.filter(user=editor.pk)
    assert {event.type for event in events} == {"totp", "recovery_codes"}
    assert not hasattr(events[0], "data")


# --- obligatory


@pytest.fixture
def required(settings):
    settings.REQUIRE_TWO_FACTORS = True


def desk_pages():
    names = ("index", "pledges_lead_changelist", "pledges_pledge_add", "pledges_user_changelist", "jsi18n")
    return [reverse(f"admin:{name}") for name in names]


@pytest.mark.parametrize("make", [factories.ReporterFactory, factories.PublisherFactory, factories.SuperuserFactory])
def test_without_one_everything_of_the_desk_leads_to_setting_it_up(client, required, make):
    client.force_login(make())
    lead = factories.LeadFactory()
    accept = reverse("admin:pledges_lead_accept", args=[lead.pk])
    for url in desk_pages():
        assert client.get(url).url == reverse("mfa_index"), url
    assert client.post(accept).url == reverse("mfa_index")
    lead.refresh_from_db()
    assert lead.state == "open"


def test_a_request_by_htmx_is_led_there_as_a_whole_page(client, required):
    client.force_login(factories.ReporterFactory())
    response = client.get(reverse("admin:pledges_lead_changelist"), headers={"hx-request": "true"})
    assert response.status_code == 403
    assert response["HX-Redirect"] == reverse("mfa_index")


def test_the_own_account_opens_and_says_why(client, required, editor):
    log_in(client)
    for name in ("account_home", "mfa_index", "usersessions_list", "account_change_password"):
        html = client.get(reverse(name)).content.decode()
        assert "The desk opens when" in html, name


def test_outside_of_the_desk_the_session_counts_for_nothing(client, required, rf):
    """A view beyond the desk that shows staff more than others sees nobody."""
    from django.contrib.sessions.backends.db import SessionStore

    from pledges.accounts.allauth_adapters import SecondFactorMiddleware

    for person in (factories.EditorFactory(), factories.UserFactory(is_staff=False)):
        request = rf.get("/en/")
        request.user, request.session = person, SessionStore()
        seen = []
        SecondFactorMiddleware(lambda request, seen=seen: seen.append(request.user.is_authenticated))(request)
        assert seen == [not person.is_staff]


def test_once_set_up_the_desk_opens(client, required, editor):
    set_up(client)
    assert is_in(client)
    assert "The desk opens when" not in client.get(reverse("account_home")).content.decode()


def test_recovery_codes_alone_are_no_second_factor(client, required, editor):
    Authenticator.objects.create(user=editor, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(editor)
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_taken_away_it_counts_at_the_next_request(client, required, editor):
    set_up(client)
    Authenticator.objects.all().delete()
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_a_passkey_counts_as_one(client, required, editor):
    Authenticator.objects.create(user=editor, type="webauthn", data={})
    client.force_login(editor)
    assert is_in(client)


def test_public_pages_stay_without_a_query(client, required, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/robots.txt")
