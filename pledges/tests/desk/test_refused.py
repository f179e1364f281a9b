"""Without scripts a form that is sent after the session has ended is kept until its person has logged in again."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from pledges.models import Autosave
from pledges.tests.accounts.test_login import PASSWORD, log_in
from pledges.tests.desk.test_updates import ADD, page, typed
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    user = factories.EditorFactory(username="ana")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def draft(ana):
    return factories.UpdateFactory(author=ana, text_en="Work began.", text_es="")


def refused(client, url, data):
    """The form is sent after the session has ended: what the login page says."""
    Session.objects.all().delete()
    response = client.post(url, data)
    assert response.url.startswith(reverse(settings.LOGIN_URL)) or "/login/" in response.url
    return client.get(response.url, follow=True).content.decode()


def test_the_form_says_that_nothing_is_kept_and_whose_it_is(client, ana, draft):
    log_in(client)
    html = client.get(page(draft)).content.decode()
    assert "<noscript>" in html and "Scripts are off: nothing is kept until you save." in html
    assert f'name="typed_by" value="{ana.pk}"' in html


def test_it_is_offered_after_logging_in(client, ana, draft):
    log_in(client)
    said = refused(client, page(draft), typed(draft, text_en="My words.") | {"typed_by": ana.pk, "_continue": "1"})
    assert "What you sent is kept: log in here" in said
    draft.refresh_from_db()
    assert (draft.text_en, Autosave.objects.count()) == ("Work began.", 0)
    log_in(client)
    assert "you had typed something here" in client.get(page(draft)).content.decode()
    form = client.get(page(draft), {"autosave": "1"})
    assert "My words." in form.content.decode()
    client.post(page(draft), typed(draft, text_en="My words.") | {"typed_by": ana.pk, "_continue": "1"})
    draft.refresh_from_db()
    assert (draft.text_en, Autosave.objects.count()) == ("My words.", 0)


def test_so_is_a_new_draft(client, ana):
    pledge = factories.PublishedPledgeFactory()
    log_in(client)
    refused(client, f"{ADD}?pledge={pledge.pk}", typed(pledge=pledge.pk, text_en="New.") | {"typed_by": ana.pk})
    log_in(client)
    assert "New." in client.get(ADD, {"pledge": pledge.pk, "autosave": "1"}).content.decode()


def test_nobody_else_gets_it(client, ana, draft):
    log_in(client)
    refused(client, page(draft), typed(draft, text_en="My words.") | {"typed_by": ana.pk})
    other = factories.EditorFactory(username="ben")
    other.set_password(PASSWORD)
    other.save()
    log_in(client, "ben")
    assert not Autosave.objects.exists()
    client.logout()
    log_in(client)
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("person", ["", "x", "0", "999999"])
def test_who_has_never_been_here_writes_nothing(client, draft, person):
    client.post(page(draft), typed(draft, text_en="Spam.") | {"typed_by": person})
    client.post(reverse("admin:pledges_update_change", args=["x"]), {"typed_by": person})
    draft.refresh_from_db()
    assert (draft.text_en, Autosave.objects.count()) == ("Work began.", 0)


def test_another_site_leaves_nothing_in_the_browser(ana, draft):
    client = Client(enforce_csrf_checks=True)
    assert client.post(page(draft), typed(draft) | {"typed_by": ana.pk}).status_code == 403
    assert "sessionid" not in client.cookies


def test_too_much_or_too_often_is_said(client, ana, draft):
    assert "could not be kept" in refused(client, page(draft), {"text_en": "x" * 300_001, "typed_by": ana.pk})
    for _time in range(10):
        client.post(page(draft), {"text_en": "x", "typed_by": ana.pk})
    assert "could not be kept" in refused(client, page(draft), {"text_en": "x", "typed_by": ana.pk})
