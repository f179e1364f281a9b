"""The first steps on the desk's first page: told by the data, for whoever may do them, and gone when all are done."""

import pytest
from django.urls import reverse

from pledges.models import Newsroom, User
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
LABELS = [
    "Name the newsroom",
    "Check the time zone",
    "Enter the mandate",
    "Enter a first topic",
    "Take the first pledge from a speech",
    "Decide who publishes",
    "Publish the first pledge",
    "Watch the news",
]


@pytest.fixture
def publisher(client) -> User:
    user = factories.PublisherFactory()
    client.force_login(user)
    return user


def left(client) -> list[str]:
    return [step.label for step in client.get(INDEX).context["first_steps"] if not step.done]


def test_an_empty_tracker_names_every_step_with_a_link_to_a_form_that_opens(client, publisher):
    page = client.get(INDEX)
    assert [step.label for step in page.context["first_steps"]] == left(client) == LABELS
    html = page.content.decode()
    addresses = [address for step in page.context["first_steps"] for _label, address in step.links]
    assert len(addresses) == 6  # the time zone has no form, and there is no draft that could be published
    for address in addresses:
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200
    assert "America/Guayaquil" in html


def test_a_form_of_a_step_leads_back_to_the_next_one(client, publisher):
    topic = {"slug": "health", "name_en": "Health", "name_es": "Salud"}
    saved = client.post(f"{reverse('admin:pledges_topic_add')}?first-step=1", topic)
    assert saved["Location"] == INDEX
    assert "Enter a first topic" not in left(client)
    saved = client.post(reverse("admin:pledges_topic_add"), topic | {"slug": "schools"})
    assert saved["Location"] == reverse("admin:pledges_topic_changelist")


def test_what_is_done_follows_from_the_data_until_nothing_is_left(client, publisher, settings):
    factories.NewsroomFactory(country="PE")
    page = client.get(INDEX).content.decode()
    assert "TIME_ZONE=America/Lima" in page
    assert left(client) == LABELS[1:]
    settings.TIME_ZONE = "America/Lima"
    assert left(client) == LABELS[2:]
    factories.MandateFactory()
    assert left(client) == LABELS[3:]
    document = factories.IntakeFactory(added_by=publisher)
    assert reverse("admin:pledges_intake_change", args=[document.pk]) in client.get(INDEX).content.decode()
    wording = factories.WordingFactory(author=publisher)
    factories.TopicFactory()
    assert left(client) == LABELS[5:]
    assert reverse("admin:pledges_wording_change", args=[wording.pk]) in client.get(INDEX).content.decode()
    Newsroom.objects.update(two_person_rule=False)
    assert left(client) == LABELS[6:]
    Newsroom.objects.update(two_person_rule=True)
    factories.EditorFactory()
    factories.PublishedPledgeFactory()
    assert left(client) == LABELS[7:]
    factories.SourceFactory(sample=True)
    assert left(client) == LABELS[7:]
    factories.SourceFactory()
    page = client.get(INDEX)
    assert page.context["first_steps"] == []
    assert "First steps" not in page.content.decode()


def test_a_published_pledge_settles_the_time_zone(client, publisher):
    factories.NewsroomFactory(country="PE")
    assert "Check the time zone" in left(client)
    factories.PublishedPledgeFactory()
    assert "Check the time zone" not in left(client)


def test_links_only_to_what_one_may_do_and_nothing_for_whom_nothing_is_to_do(client):
    client.force_login(factories.EditorFactory())
    steps = {step.label: step for step in client.get(INDEX).context["first_steps"]}
    assert not steps["Name the newsroom"].links
    assert not steps["Decide who publishes"].links
    assert steps["Enter the mandate"].links
    client.force_login(factories.ReporterFactory())
    assert client.get(INDEX).context["first_steps"] == []
