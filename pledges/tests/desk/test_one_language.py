"""The desk of a newsroom that writes one language, and what that of two says of a language that is missing."""

import html
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from pledges.actions import figures, publishing
from pledges.desk.shared.forms import label_without_language
from pledges.domain.languages import LANGUAGES
from pledges.models import Edition, Indicator, Institution, Mandate, Newsroom, Pledge, Series, SourceDocument, Topic
from pledges.queries import pulse
from pledges.tests.desk.exchange.test_desk import confirm, errors, upload
from pledges.tests.support import factories, intakes

pytestmark = pytest.mark.django_db

MANDATE = {"slug": "silva", "person": "Ana Silva", "country": "PE", "starts_on": "2026-07-28"}
DOCUMENT = {"slug": "speech", "publisher": "Congress", "language": "es"}
INLINES = {
    f"{prefix}-{name}_FORMS": count
    for prefix in ("observations", "observations-2", "series")
    for name, count in (("TOTAL", 0), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1000))
}
ROWS = [
    (Mandate, MANDATE, {"office": "Presidencia"}),
    (Topic, {"slug": "water"}, {"name": "Agua"}),
    (Institution, {"slug": "congress", "acronym": ""}, {"name": "Congreso"}),
    (SourceDocument, DOCUMENT, {"title": "Mensaje"}),
    (Indicator, {"slug": "deaths", **INLINES}, {"name": "Muertes", "unit": "casos"}),
]


@pytest.fixture
def root(client):
    user = factories.SuperuserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def spanish_only():
    return factories.NewsroomFactory(name_en="", name_es="La Vigilia", country="PE", language="es", one_language=True)


def add(model) -> str:
    return reverse(f"admin:pledges_{model._meta.model_name}_add")


def fields_of(response) -> set[str]:
    return set(re.findall(r' name="([^"]+)"', response.content.decode()))


def test_the_newsroom_begins_in_one_language(client, root):
    data = {"name_en": "", "name_es": "La Vigilia", "country": "PE", "language": "es", "one_language": "on"}
    client.post(add(Newsroom), data)
    newsroom = Newsroom.objects.get()
    assert (str(newsroom), newsroom.languages) == ("La Vigilia", ("es",))
    response = client.post(reverse("admin:pledges_newsroom_change", args=[1]), {**data, "language": ""})
    assert "Choose the main language" in response.content.decode()
    assert publishing.verify() == []


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("model", "fields", "texts"), ROWS)
def test_each_form_takes_one_language(client, editor, model, fields, texts, code):
    client.post(add(model), fields | {f"{name}_{code}": text for name, text in texts.items()})
    row = model.objects.get()
    assert {name: str(getattr(row, name)) for name in texts} == texts


@pytest.mark.parametrize(("language", "first"), [("en", "en"), ("es", "es")])
@pytest.mark.parametrize(("model", "fields", "texts"), ROWS)
def test_none_is_an_error_of_the_main_languages_field(client, editor, model, fields, texts, language, first):
    factories.NewsroomFactory(language=language)
    response = client.post(add(model), fields)
    form = response.context["adminform"].form
    assert form.errors == {f"{name}_{first}": ["Write it in at least one language."] for name in texts}
    assert not model.objects.exists()


@pytest.mark.parametrize(("model", "fields", "texts"), ROWS)
def test_in_one_language_forms_show_only_its_fields_and_demand_them(client, editor, spanish_only, model, fields, texts):
    response = client.get(add(model))
    assert not [name for name in fields_of(response) if name.endswith("_en")]
    text = html.unescape(response.content.decode())
    assert "(Spanish)" not in text
    response = client.post(add(model), fields)
    assert set(response.context["adminform"].form.errors) == {f"{name}_es" for name in texts}
    client.post(add(model), fields | {f"{name}_es": text for name, text in texts.items()})
    assert {name: str(getattr(model.objects.get(), name)) for name in texts} == texts


def test_drafts_in_one_language_from_the_first_word_to_publication(client, spanish_only, mandate):
    topic, document = factories.TopicFactory(name_en=""), factories.SourceDocumentFactory(title_en="")
    client.force_login(factories.EditorFactory())
    assert not [name for name in fields_of(client.get(add(Pledge))) if name.endswith("_en")]
    words = {"title": "Agua para todos", "statement": "Habrá agua.", "kept": "Hay agua.", "broken": "No hay agua."}
    data = {"slug": "water", "mandate": mandate.pk, "source_document": document.pk, "topics": [topic.pk]}
    data |= {"made_on": "2023-12-06", "made_on_precision": "day", "review_interval_days": 90}
    data |= {"wordings-TOTAL_FORMS": 1, "wordings-INITIAL_FORMS": 0, "wordings-MIN_NUM_FORMS": 1}
    data |= {"wordings-MAX_NUM_FORMS": 1, "also_called_es": ""}
    data |= {f"wordings-0-{name}_es": text for name, text in words.items()}
    client.post(add(Pledge), data)
    wording = Pledge.objects.get().wordings.get()
    response = client.get(reverse("admin:pledges_wording_change", args=[wording.pk]))
    assert not [name for name in fields_of(response) if name.endswith("_en")]
    assert "not-written" not in response.content.decode()
    publishing.publish(wording, by=factories.PublisherFactory())
    pulse.refresh()
    for language in LANGUAGES:
        with translation.override(language):
            assert "Agua para todos" in client.get(reverse("pledge", args=["water"])).content.decode()


def test_a_text_in_the_other_language_stays_within_reach(client, editor, spanish_only):
    topic = factories.TopicFactory(name_en="Water", name_es="Agua")
    where = reverse("admin:pledges_topic_change", args=[topic.pk])
    assert {"name_en", "name_es"} <= fields_of(client.get(where))
    client.post(where, {"name_en": "", "name_es": "Agua"})
    assert "name_en" not in fields_of(client.get(where))


def test_a_constraint_over_both_languages_holds_in_a_form_of_one(client, editor, spanish_only):
    draft = factories.UpdateFactory(status="in_progress", text_en="", text_es="Empezó.")
    where = reverse("admin:pledges_update_change", args=[draft.pk])
    assert "text_en" not in fields_of(client.get(where))
    assert client.get(where).status_code == 200


def test_a_speech_is_taken_in_the_main_language_and_needs_no_other(client, editor, spanish_only, two_candidates):
    document, first, _second = two_candidates
    response = client.get(f"{intakes.address('drafts', document)}?candidate={first.pk}")
    assert not [name for name in fields_of(response) if name.endswith("_en")]
    written = {"title_es": "Dos cárceles", "statement_es": "Se construyen.", "title_en": "", "statement_en": ""}
    client.post(intakes.address("drafts", document), intakes.together(intakes.head(), intakes.draft(first, **written)))
    assert str(Pledge.objects.get()) == "Dos cárceles"
    made = Pledge.objects.get().source_document
    assert (made.title_en, made.title_es) == (document.title, "")  # the document is in English, and so is its name


def test_of_two_languages_a_speech_needs_either(client, editor, two_candidates):
    document, first, second = two_candidates
    written = {"title_es": "Dos cárceles", "statement_es": "Se construyen.", "title_en": "", "statement_en": ""}
    client.post(intakes.address("drafts", document), intakes.together(intakes.head(), intakes.draft(first, **written)))
    assert str(Pledge.objects.get()) == "Dos cárceles"
    nothing = dict.fromkeys(written, "")
    sent = intakes.together(intakes.head(), intakes.draft(second, **nothing))
    response = client.post(intakes.address("drafts", document), sent)
    assert response.status_code == 422
    assert set(response.context["forms"][0].errors) == {"title_en", "statement_en"}


def test_lists_say_and_filter_which_language_is_missing(client, editor):
    factories.TopicFactory(name_en="Water", name_es="")
    factories.TopicFactory(name_en="", name_es="Minas")
    factories.TopicFactory(name_en="Ports", name_es="Puertos")
    where = reverse("admin:pledges_topic_changelist")
    text = client.get(where).content.decode()
    assert re.search(r"Water <small[^>]*>no Spanish yet", text)
    assert re.search(r"Minas <small[^>]*>no English yet", text)
    rows = client.get(where, {"lacks": "es"}).context["cl"].result_list
    assert [str(row) for row in rows] == ["Water"]
    column = next(place for place, each in enumerate(client.get(where).context["cl"].list_display) if callable(each))
    rows = client.get(where, {"o": str(column)}).context["cl"].result_list
    assert [str(row) for row in rows] == ["Minas", "Ports", "Water"]


def test_pledges_are_filtered_by_the_language_that_their_newest_wording_lacks(client, editor):
    factories.PublishedPledgeFactory(slug="both")
    factories.PublishedPledgeFactory(slug="spanish", wording__statement_en="")
    rows = client.get(reverse("admin:pledges_pledge_changelist"), {"lacks": "en"}).context["cl"].result_list
    assert [row.slug for row in rows] == ["spanish"]


def test_in_one_language_nothing_is_missing(client, editor, spanish_only):
    factories.TopicFactory(name_en="", name_es="Agua")
    text = client.get(reverse("admin:pledges_topic_changelist")).content.decode()
    assert "no English yet" not in text
    assert "lacks=" not in text


@pytest.mark.parametrize(
    ("body", "file"),
    [("slug,name_es\nagua,Agua\n", "file.csv"), ('[{"slug": "agua", "name_es": "Agua"}]', "file.json")],
)
def test_a_file_brings_one_language(client, editor, body, file):
    confirm(client, "topics", upload(client, "topics", body, file))
    assert str(Topic.objects.get()) == "Agua"


def test_a_file_with_neither_is_refused_at_its_row(client, editor):
    shown = upload(client, "topics", "slug,name_en,name_es\nagua,Agua,\nnone,,\n")
    assert errors(shown) == [(3, "name_en", "Write it in at least one language.")]
    assert not Topic.objects.exists()


def test_new_series_are_named_in_the_main_language(client, editor, spanish_only):
    observation = factories.ObservationFactory(series="national-police")
    figures.name_series(indicators=[observation.indicator_id])
    assert (Series.objects.get().name_en, Series.objects.get().name_es) == ("", "National police")


def test_the_tracker_is_closed_with_words_in_its_language(client, root, spanish_only):
    where = reverse("admin:pledges_newsroom_close")
    response = client.get(where)
    assert "note_en" not in fields_of(response)
    client.post(where, {"_close": "1", "day": "2100-01-01", "note_es": "Se cierra."})
    assert Newsroom.objects.get().closing_note == "Se cierra."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_ends_with_its_language_in_brackets(language):
    """Which `label_without_language` takes away."""
    with translation.override(language):
        for model in apps.get_app_config("pledges").get_models():
            if model not in admin.site._registry:
                continue
            for field in model._meta.local_fields:
                if field.name.rpartition("_")[2] in LANGUAGES and field.editable:
                    label = str(field.verbose_name)
                    assert label_without_language(label) != label, field
                    assert "(" not in label_without_language(label)


def test_a_change_of_language_is_an_edition(client, root):
    newsroom = factories.NewsroomFactory()
    publishing.record_change(newsroom, by=root)
    data = {"name_en": "Desk", "name_es": "Mesa", "country": "EC", "two_person_rule": "on"}
    client.post(reverse("admin:pledges_newsroom_change", args=[1]), {**data, "language": "es"})
    client.post(reverse("admin:pledges_newsroom_change", args=[1]), {**data, "language": "es", "one_language": "on"})
    assert Edition.objects.count() == 3
    assert publishing.verify() == []


def test_a_new_person_is_written_to_in_the_main_language(client, root, spanish_only):
    form = client.get(reverse("admin:pledges_user_add")).context["adminform"].form
    assert form["language"].value() == "es"
