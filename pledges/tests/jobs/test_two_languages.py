"""One event told in English and in Spanish is one story and one lead."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from pledges import jobs
from pledges.actions import leads
from pledges.models import Article, Lead, Story
from pledges.tests.support import factories
from pledges.watch.text import encoder

pytestmark = pytest.mark.django_db
DAY = datetime(2024, 7, 1, 15, tzinfo=UTC)
ENGLISH = (
    "Army to repair lighthouse of Puerto Azul",
    "President Romero ordered the army to occupy the lighthouse of Puerto Azul in Ecuador and repair it. "
    "The work will take two months and costs 300,000 dollars, an official of the harbour office said on Monday.",
)
SPANISH = (
    "El Ejército reparará el faro de Puerto Azul",
    "La presidenta Romero ordenó al Ejército ocupar y reparar el faro de Puerto Azul, en Ecuador. Las obras durarán "
    "dos meses y costarán 300.000 dólares, dijo el lunes un funcionario de la capitanía.",
)
LATER = (
    "Fire destroys Puerto Azul lighthouse",
    "The lighthouse of Puerto Azul in Ecuador burned down in the night; Romero's government gives the repair up. "
    "Firefighters from Manta needed five hours. Neighbours blame a lightning strike.",
)


@pytest.fixture(autouse=True)
def with_encoder(settings):
    settings.ENCODER = ""
    if encoder.local() is None:
        pytest.skip(encoder.why_not_local())


@pytest.fixture
def lighthouse(db):
    return factories.PublishedPledgeFactory(
        mandate__person="Ana Romero",
        wording__title_en="Repair the lighthouse of Puerto Azul",
        wording__title_es="Reparar el faro de Puerto Azul",
        wording__statement_en="The army repairs the lighthouse of Puerto Azul.",
        wording__statement_es="El ejército repara el faro de Puerto Azul.",
    )


def read(told, language, *, hours=0, known=True, **fields):
    """An article of a source in that language, as a worker reads it that has its text already."""
    article = factories.ArticleFactory(
        title=told[0],
        text=told[1],
        language=language if known else "",
        source=factories.SourceFactory(language=language),
        capture=factories.CaptureFactory(),
        state=Article.State.NEW,
        published_at=DAY + timedelta(hours=hours),
        found_at=DAY + timedelta(hours=hours),
        **fields,
    )
    return read_again(article)


def read_again(article):
    Article.objects.filter(pk=article.pk).update(state=Article.State.NEW)
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert article.state == "read"
    return article


def test_one_story_and_one_lead_and_a_second_one_for_the_next_development(client, lighthouse):
    first = read(ENGLISH, "en")
    second = read(SPANISH, "es", hours=3, publisher="El Faro")
    assert (first.story, Story.objects.count(), Lead.objects.count()) == (second.story, 1, 1)
    client.force_login(factories.ReporterFactory())
    shown = client.get(reverse("admin:pledges_lead_change", args=[Lead.objects.get().pk])).content.decode()
    assert "also in" in shown
    assert second.url in shown
    read_again(second)
    assert (Story.objects.count(), Lead.objects.count()) == (1, 1)
    read(LATER, "en", hours=20)
    assert (Story.objects.count(), Lead.objects.count()) == (2, 2)


@pytest.mark.parametrize("hours", [-20, 20])
def test_an_article_whose_language_was_not_recognised_has_that_of_its_source(lighthouse, hours):
    read(SPANISH, "es", known=False)
    read(ENGLISH, "en", known=False, hours=hours)
    assert (Story.objects.count(), Lead.objects.count()) == (1, 1)


def test_days_later_it_is_another_story(lighthouse):
    read(SPANISH, "es")
    read(ENGLISH, "en", hours=4 * 24)
    assert (Story.objects.count(), Lead.objects.count()) == (2, 2)


def test_a_story_dismissed_in_one_language_does_not_come_back_in_the_other(lighthouse):
    read(SPANISH, "es")
    leads.dismiss_lead(lead=Lead.objects.get(), by=factories.ReporterFactory(), reason="nothing_new")
    read(ENGLISH, "en", hours=1)
    assert Lead.objects.count() == 1


def test_without_the_encoder_each_language_has_its_story(lighthouse, settings):
    settings.ENCODER = "off"
    read(ENGLISH, "en")
    read(SPANISH, "es", hours=1)
    assert (Story.objects.count(), Lead.objects.count()) == (2, 2)


def test_a_failing_encoder_costs_no_article_and_is_logged_once(lighthouse, monkeypatch, caplog):
    class Failing(encoder.Encoder):
        def _vectors(self, texts):
            raise encoder.EncoderError("The engine is gone.")

    monkeypatch.setattr("pledges.jobs.encoders.current", Failing)
    read(ENGLISH, "en")
    for publisher in ("El Faro", "El Puerto"):
        read(SPANISH, "es", hours=1, publisher=publisher)
    assert Lead.objects.count() == 2
    assert sum("within their language only" in record.message for record in caplog.records) == 1
