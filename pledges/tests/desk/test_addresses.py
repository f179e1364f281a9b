"""Addresses at the desk: made from the title where they are left empty, free, and shown before they are final."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from pledges.desk.shared.addresses import MADE_FROM
from pledges.models import Mandate, Pledge, Topic
from pledges.queries.addresses import LONGEST, RESERVED, free_address
from pledges.tests.desk.test_pledges import FIRST, frame, words
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_pledge_add")


def entered(client, *, slug="", **changes):
    return client.post(ADD, frame(slug=slug) | FIRST | words("wordings-0-", **changes), follow=True)


def test_an_empty_address_is_made_from_the_title_and_shown(client, editor):
    response = entered(client, title_en="", title_es="Construir dos cárceles en el año")
    pledge = Pledge.objects.get()
    assert pledge.slug == "construir-dos-carceles-en-el-ano"
    assert f"Its address was made for you: {pledge.slug}" in response.content.decode()


def test_the_title_in_the_language_of_the_desk_comes_first(client, editor):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    entered(client, title_en="Two prisons", title_es="Dos cárceles")
    assert Pledge.objects.get().slug == "dos-carceles"


def test_the_form_begins_with_the_title(client, editor):
    factories.TopicFactory()
    text = client.get(ADD).content.decode()
    order = [
        "wordings-0-title_en",
        "wordings-0-statement_en",
        "slug",
        "mandate",
        "topics",
        "wordings-0-kept_en",
        "headline",
    ]
    places = [text.index(f'name="{name}"') for name in order]
    assert places == sorted(places)
    assert text.count('name="wordings-TOTAL_FORMS"') == text.count('name="wordings-0-title_en"') == 1
    assert "wordings-__prefix__" not in text


def test_without_title_and_address_the_form_says_what_to_write(client, editor):
    text = entered(client, title_en="").content.decode()
    assert "Write a title or a name, and the address is made from it; or write an address." in text
    assert not Pledge.objects.exists()


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Build two prisons", "build-two-prisons-3"),  # and -2 are taken
        ("Feed", "feed-2"),  # a page of the site
        ("¡Más & más!", "mas-mas"),
        ("word " * 40, ("word-" * 12)[:-1]),
        ("…", ""),
    ],
)
def test_a_proposal_is_free_short_and_plain(title, made):
    for slug in ("build-two-prisons", "build-two-prisons-2"):
        factories.PledgeFactory(slug=slug)
    assert free_address(Pledge, title) == made
    assert len(made) <= LONGEST


def test_an_address_that_is_taken_or_reserved_is_refused_with_one_that_is_free(client, editor):
    factories.PledgeFactory(slug="prisons")
    assert (
        "The address “prisons” is taken. This one is free: prisons-2"
        in entered(client, slug="prisons").content.decode()
    )
    assert "This one is free: feed-2" in entered(client, slug="feed").content.decode()
    assert Pledge.objects.count() == 1


def test_every_word_that_the_site_keeps_for_its_own_pages_is_reserved_and_refused_by_the_model():
    for model, route in ((Pledge, "pledge"), (Mandate, "mandate")):
        for language in ("en", "es"):
            with translation.override(language):
                stem = reverse(route, args=["x"]).removesuffix("x/")
                for word in RESERVED[model] | {"feed", "compare", "comparar", "canal", "embed", "data", "new"}:
                    try:
                        own = resolve(f"{stem}{word}/").url_name != route
                    except Resolver404:
                        own = False
                    assert not own or word in RESERVED[model], (stem, word)
    for model, factory in ((Pledge, factories.PledgeFactory), (Mandate, factories.MandateFactory)):
        row = factory()
        for word in RESERVED[model]:
            row.slug = word
            with pytest.raises(ValidationError):
                row.full_clean()


@pytest.mark.parametrize(
    ("model", "names"), [(model, names) for model, names in MADE_FROM.items() if model is not Pledge]
)
def test_each_thing_with_an_address_has_it_made(client, editor, model, names):
    name = model._meta.model_name
    text = client.get(reverse(f"admin:pledges_{name}_add")).content.decode()
    assert "data-made-from" in text and "Leave it empty, and it is made from the name or title." in text
    assert f'data-proposals="/admin/address/{name}/"' in text


def test_a_topic_without_an_address_is_published_under_the_one_made(client, editor):
    client.post(reverse("admin:pledges_topic_add"), {"name_en": "Clean water", "name_es": "Agua limpia", "slug": ""})
    assert Topic.objects.get(name_en="Clean water").slug == "clean-water"


def test_as_one_types_the_desk_is_asked_for_a_proposal(client, editor):
    factories.PledgeFactory(slug="dos-carceles")
    asked = reverse("admin:address", args=["pledge"])
    assert client.get(asked, {"text": "Dos cárceles"}).json() == {"address": "dos-carceles-2"}
    assert client.get(asked).json() == {"address": ""}
    assert client.get(reverse("admin:address", args=["user"])).status_code == 404
    reporter = Client()
    reporter.force_login(factories.ReporterFactory())
    assert reporter.get(asked).status_code == 403


def test_the_address_of_a_public_pledge_is_not_in_the_form(client, editor):
    pledge = factories.PublishedPledgeFactory(slug="harbour")
    text = client.get(reverse("admin:pledges_pledge_change", args=[pledge.pk])).content.decode()
    assert "data-made-from" not in text and "harbour" in text
