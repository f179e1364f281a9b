"""The editions and what each published, in the reader's words."""

import html
import re

import pytest

from pledges.actions import publishing, retraction
from pledges.models import Edition, Institution
from pledges.queries import edition_items, standings
from pledges.site.changes import editions
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, address):
    def get(*name, language="en", query=""):
        response = client.get(address(*name, language=language) + query)
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
    text = read("edition", 1, language="es", query="?page=2")
    assert '<span lang="en">National Police of Ecuador</span>' in text
    assert "Alguaciles" not in text
    assert navy.name_es in text


def test_a_figure_is_told_with_its_indicator_and_its_number(read, first_edition):
    text = read("edition", 1, language="es", query="?page=2")
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


def test_what_it_said_of_a_pledge_that_was_retracted_later_says_so(read, update):
    retracted = retract(update.pledge)
    warning = f'The pledge was retracted later, in <a href="/en/editions/{retracted.number}/">'
    first = update.pledge.wordings.get().edition
    for number, items in ((update.edition_id, 1), (first.number, 2)):  # the pledge's own item has no other text
        text = read("edition", number)
        assert text.count(warning) == items
    assert "was retracted later" not in read("edition", retracted.number)


def test_an_edition_of_many_items_has_pages_and_the_first_has_what_lists_name(read, update, monkeypatch):
    monkeypatch.setattr(editions, "ITEM_PAGE_SIZE", 1)
    first = update.pledge.wordings.get().edition
    items = list(edition_items.by_importance(first.items.all()))
    path = f"/en/editions/{first.number}/"
    pages = [read("edition", first.number, query=query) for query in ("", "?page=2")]
    for page, item in zip(pages, items, strict=True):
        assert re.findall(r'<span class="hash">(\d+)</span>', page) == [item.key]
    assert f'rel="next" href="{path}?page=2#acts"' in pages[0] and 'rel="prev"' not in pages[0]
    assert f'rel="prev" href="{path}?page=1#acts"' in pages[1]
    assert f'rel="canonical" href="http://testserver{path}?page=2"' in pages[1]
    leading, _total = edition_items.leading([first], 2)[first.number]
    assert leading == items[:1]
    assert 'class="pages"' not in read("edition", update.edition_id)


def test_the_page_of_a_past_edition_works_out_only_where_its_own_pledges_stood(read, update, monkeypatch):
    others = [factories.PublishedPledgeFactory() for _more in range(2)]
    first = update.pledge.wordings.get().edition
    stood = []

    def stand(pledge, wordings, said, day, edition):
        stood.append((pledge.pk, edition))
        return as_before(pledge, wordings, said, day, edition)

    as_before = standings._stand
    monkeypatch.setattr(standings, "_stand", stand)
    current = others[-1].public_wording.edition_id
    for edition in (update.edition, first):
        stood.clear()
        read("edition", edition.number)
        # Nor is the edition before worked out: each item has a text of its own.
        assert {pair for pair in stood if pair[1] < current} == {(update.pledge_id, edition.number)}


def test_what_is_not_named_is_counted(read, first_edition):
    items = Edition.objects.get().items.exclude(kind="pledge")
    assert f"and {items.count() - 3} more." in read("editions")
