"""While the broker hangs, is gone or is full, the desk works, or says in plain words what has to wait."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from redis.exceptions import OutOfMemoryError

from pledges.models import Topic
from pledges.tests.support import factories
from tracker.breaker import BREAKERS
from tracker.cache import RedisCache

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a long pass phrase 7", "other pass phrase 8"
TOPICS = b"slug,name_en,name_es\nports,Ports,Puertos\n"
IMPORT = "exchange:import"


@pytest.fixture
def editor(db):
    user = factories.EditorFactory(username="ana")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def broker_full(empty_cache, monkeypatch):
    """It reads, and refuses to write."""

    def refuse(*_arguments, **_options):
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(type(cache._cache), "set", refuse)
    monkeypatch.setattr(type(cache._cache), "add", refuse)
    yield
    BREAKERS["writing"].close()


def log_in(client, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": "ana", "password": password})


def upload(client):
    return client.post(reverse(IMPORT, args=["topics"]), {"file": SimpleUploadedFile("topics.csv", TOPICS)})


@pytest.mark.parametrize("state", ["broker_away", "broker_full"])
def test_people_log_in_confirm_it_and_change_their_password(client, editor, state, request):
    request.getfixturevalue(state)
    assert log_in(client).url == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("mfa_index")})
    assert answer.url == reverse("mfa_index")
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), data).status_code == 302
    client.post(reverse("admin:logout"))
    assert log_in(client, NEW).status_code == 302


@pytest.mark.parametrize("state", ["broker_away", "broker_full"])
def test_passwords_are_guessed_no_more_often_in_one_process(editor, state, request):
    request.getfixturevalue(state)
    for _time in range(5):
        log_in(Client(), "wrong")
    assert "Too many failed attempts" in log_in(Client()).content.decode()


@pytest.mark.parametrize("state", ["broker_away", "broker_full"])
def test_an_import_is_looked_at_and_waits(client, editor, state, request):
    client.force_login(editor)
    request.getfixturevalue(state)
    answer = upload(client)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    html = answer.content.decode()
    assert "The file cannot be imported just now: the broker does not answer." in html
    assert "<strong>1</strong> new" in html
    assert "Import these rows" not in html
    assert "there is nothing to import" not in html


def test_an_import_that_was_looked_at_before_stays_to_be_confirmed(client, editor, monkeypatch):
    client.force_login(editor)
    shown = upload(client)
    data = {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint}
    with monkeypatch.context() as patched:
        patched.setattr(RedisCache, "get", lambda *_arguments, **_options: (_ for _ in ()).throw(OSError("away")))
        answer = client.post(reverse(IMPORT, args=["topics"]), data)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Nothing is imported: the broker does not answer." in answer.content.decode()
    assert not Topic.objects.exists()
    assert client.post(reverse(IMPORT, args=["topics"]), data).status_code == 302
    assert Topic.objects.get().slug == "ports"


def test_a_person_has_one_file_of_a_table_with_the_broker(client, editor):
    """It evicts nothing, so what is kept has an end."""
    client.force_login(editor)
    first = upload(client).context
    body = TOPICS + "prisons,Prisons,Cárceles\n".encode()
    client.post(reverse(IMPORT, args=["topics"]), {"file": SimpleUploadedFile("topics.csv", body)})
    assert len(cache._cache.get_client().keys("*pledges-exchange*")) == 1
    data = {"kept": first["kept"], "seen": first["fates"].fingerprint}
    assert client.post(reverse(IMPORT, args=["topics"]), data).status_code == 422
    assert not Topic.objects.exists()


def test_the_desk_says_that_nothing_is_done_in_the_background(client, editor, broker_away):
    client.force_login(editor)
    assert "The broker does not answer, so nothing is done" in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse("admin:pledges_lead_changelist")).status_code == 200
