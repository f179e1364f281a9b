"""From the desk to the public site and back: each row's public page is one press away, and the desk from each page."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pledges import models
from pledges.desk.shared.public_pages import PublicPages
from pledges.site.shared.public_addresses import OWN_PAGES, public_address
from pledges.tests.support import factories, public_pages

pytestmark = pytest.mark.django_db
VIEW = re.compile(r'<a href="([^"]+)" class="viewsitelink">')
PUBLISHED = ["pledge", "wording", "update", "retraction", "mandate", "topic", "institution", "sourcedocument"]
PUBLISHED += ["indicator", "edition", "newsroom", "source"]
WITH = {name: {"pledges__isnull": False} for name in ("topic", "institution", "sourcedocument")}


def desk(row) -> str:
    return reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def published(first_edition, db):
    """The first data set, a correction and a retraction."""
    public_pages.make_rows()
    public_pages.retract_one()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("model", PUBLISHED)
def test_every_published_thing_shows_its_public_page(published, client, model, language):
    client.force_login(factories.PublisherFactory())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    row = apps.get_model("pledges", model).objects.order_by("pk").filter(**WITH.get(model, {})).first()
    (address,) = VIEW.findall(client.get(desk(row)).content.decode())
    assert address.startswith(f"/{language}/")
    assert Client().get(address).status_code in (200, 410)
    history = client.get(reverse(f"admin:pledges_{model}_history", args=[row.pk])).content.decode()
    assert f'href="{address}"' in history or model == "edition"


def test_what_readers_do_not_see_has_no_public_page(client, reporter):
    draft = factories.UpdateFactory(author=reporter)
    hidden = [draft, factories.PledgeFactory(), factories.WordingFactory(), factories.SourceDocumentFactory()]
    assert [public_address(row) for row in hidden] == ["", "", "", ""]
    assert not VIEW.findall(client.get(desk(draft)).content.decode())


def test_lists_link_the_public_pages_without_a_query_for_each(client, django_assert_max_num_queries):
    client.force_login(factories.PublisherFactory())
    for number in range(12):
        factories.PublishedUpdateFactory(pledge=factories.PublishedPledgeFactory(slug=f"pledge-{number}"))
    shown = [model for model, page in admin.site._registry.items() if getattr(page, "list_has_public_pages", False)]
    assert {model._meta.model_name for model in shown} >= {"pledge", "update", "wording", "edition", "mandate"}
    for model in shown:
        if model is models.Newsroom:
            continue
        with django_assert_max_num_queries(30):
            text = client.get(reverse(f"admin:pledges_{model._meta.model_name}_changelist")).content.decode()
        rows = model.objects.count()
        assert text.count(">↗</a>") >= min(rows, 12) or not rows, model


def test_a_message_of_an_edition_is_a_link_to_it(client, editor):
    address = reverse("admin:pledges_topic_add")
    response = client.post(address, {"name_en": "Water", "name_es": "Agua", "slug": "water"}, follow=True)
    number = models.Edition.objects.order_by("number").last().number
    assert f'<a href="/en/editions/{number}/">Published in edition {number}.</a>' in response.content.decode()


# --- and back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_address_of_a_public_page_after_admin_page_opens_it_at_the_desk(published, client, language):
    client.force_login(factories.EditorFactory())
    for model in OWN_PAGES:
        row = model.objects.first()
        with translation.override(language):
            response = client.get(f"/admin/page{public_address(row) or reverse('pledge', args=['harbour'])}")
        assert response.url.startswith(f"/admin/pledges/{model._meta.model_name}/"), model
    assert client.get(f"/admin/page/{language}/").url == desk(models.Newsroom.get())
    for nowhere in (
        "en/methodology/",
        "en/pledges/nothing/",
        "en/nothing/",
        "fr/",
        "x",
        "en/editions/99999999999999999999/",
    ):
        assert client.get(f"/admin/page/{nowhere}").url == "/admin/", nowhere


def test_a_public_page_is_the_same_for_all_and_only_a_cookie_shows_the_way_to_the_desk(client, editor):
    factories.PublishedPledgeFactory(slug="harbour")
    stranger = Client()
    page = "/en/pledges/harbour/"
    assert client.get("/admin/").cookies["desk"].value == "1"
    mine, theirs = client.get(page), stranger.get(page)
    assert mine.content == theirs.content
    assert "desk" not in theirs.cookies
    link = re.search(r'<a [^>]*id="to-the-desk"[^>]*>', theirs.content.decode())[0]
    assert 'href="/admin/page/en/pledges/harbour/"' in link and " hidden" in link
    assert stranger.get("/admin/page/en/pledges/harbour/").url.startswith("/admin/login/")
    assert client.post(reverse("admin:logout")).cookies["desk"].value == ""


def test_every_admin_of_the_desk_knows_public_pages():
    ours = [page for model, page in admin.site._registry.items() if model.__name__.lower() in PUBLISHED]
    assert len(ours) == len(PUBLISHED) and all(isinstance(page, PublicPages) for page in ours)
