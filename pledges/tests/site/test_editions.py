"""The editions and what each published, in the reader's words."""

import html

import pytest

from pledges.actions import publishing, retraction
from pledges.models import Edition, Institution
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, address):
    def get(*name, language="en"):
        response = client.get(address(*name, language=language))
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


@pytest.fixture
def update():
    pledge = factories.PublishedPledgeFactory(
        wording__title_en="Mend the harbour", wording__title_es="Reparar el puerto"
    )
    return factories.PublishedUpdateFactory(pledge=pledge, status="in_progress", happened_on="2024-07-01")


def test_an_edition_names_what_it_published_in_the_readers_language(read, update):
    text = read("edition", update.edition_id)
    assert "Mend the harbour</a> · 1 July 2024 · In progress" in text
    text = read("edition", update.edition_id, language="es")
    assert "Reparar el puerto</a> · 1 de julio de 2024 · En curso" in text
    assert "Actualización" in text
    assert "Publicación" in text
    assert "In progress" not in text


def test_the_list_of_editions_names_a_pledge_once(read, update):
    text = read("editions", language="es")
    assert "Publicación: Reparar el puerto (1 de julio de 2024 · En curso)" in text
    assert text.count("Reparar el puerto") == 2  # in the edition of the pledge, and in that of the update


def test_an_edition_says_the_name_that_it_sealed(read, first_edition):
    """A thing that was renamed since is called what it was called then, marked with the language of the seal."""
    police = Institution.objects.get(name_en="National Police of Ecuador")
    navy = Institution.objects.get(name_en="Ecuadorean Navy")
    Institution.objects.filter(pk=police.pk).update(name_en="Constabulary", name_es="Alguaciles")
    text = read("edition", 1, language="es")
    assert '<span lang="en">National Police of Ecuador</span>' in text
    assert "Alguaciles" not in text
    assert navy.name_es in text


def test_a_figure_is_told_with_its_indicator_and_its_number(read, first_edition):
    text = read("edition", 1, language="es")
    assert "Homicidios intencionales por año</a> · 2025: 9.216" in text


def test_an_edition_of_many_is_told_in_few_queries(client, address, first_edition, django_assert_max_num_queries):
    client.get(address("home"))  # what the process keeps
    assert Edition.objects.get().items.count() > 200
    with django_assert_max_num_queries(50):
        client.get(address("edition", 1))
    with django_assert_max_num_queries(16):
        client.get(address("editions"))


def test_a_retracted_pledge_is_named_by_what_it_was_called(read, update):
    draft = retraction.start_retraction(pledge=update.pledge, by=factories.EditorFactory())
    draft.note_en, draft.note_es = "Said by another.", "Lo dijo otra persona."
    draft.save()
    edition = publishing.publish(draft, by=factories.PublisherFactory())
    assert "Retracted: Mend the harbour" in read("editions")
    assert "Reparar el puerto" in read("edition", edition.number, language="es")


def test_what_is_not_named_is_counted(read, first_edition):
    items = Edition.objects.get().items.exclude(kind="pledge")
    assert f"and {items.count() - 3} more." in read("editions")
