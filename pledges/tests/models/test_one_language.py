"""A text needs one language: which, no constraint says; none at all, the database refuses."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from pledges.domain.languages import LANGUAGES
from pledges.models import Newsroom, Series
from pledges.models.bilingual import needed_texts, shown_text
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db

MADE_BY = {
    "Newsroom": factories.NewsroomFactory,
    "Mandate": factories.MandateFactory,
    "Topic": factories.TopicFactory,
    "Institution": factories.InstitutionFactory,
    "SourceDocument": factories.SourceDocumentFactory,
    "Indicator": factories.IndicatorFactory,
    "Series": lambda: Series.objects.create(indicator=factories.IndicatorFactory(), slug="police", name_en="Police"),
}
MODELS = list(apps.get_app_config("pledges").get_models())
NEEDED = sorted((model.__name__, text) for model in MODELS for text in needed_texts(model))


def test_no_field_demands_its_language():
    demanded = [
        field
        for model in MODELS
        for field in model._meta.local_fields
        if field.name.rpartition("_")[2] in LANGUAGES
        and field.name.rpartition("_")[0]
        and not (field.blank or field.null)
    ]
    assert demanded == []
    assert {name for name, _text in NEEDED} == set(MADE_BY)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("model", "text"), NEEDED)
def test_one_language_is_enough_and_it_is_what_readers_of_both_see(model, text, code):
    row = MADE_BY[model]()
    for each in LANGUAGES:
        setattr(row, f"{text}_{each}", "Words" if each == code else "")
    row.full_clean()
    row.save()
    assert (getattr(row, text), getattr(row, text).lang) == ("Words", code)


@pytest.mark.parametrize(("model", "text"), NEEDED)
def test_none_is_refused_at_the_field_and_in_the_database(model, text):
    row = MADE_BY[model]()
    for code in LANGUAGES:
        setattr(row, f"{text}_{code}", "")
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert error.value.message_dict == {f"{text}_{LANGUAGES[0]}": ["Write it in at least one language."]}
    with pytest.raises(IntegrityError, match=f"{text}_in_one_language"), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError, match=f"{text}_in_one_language"), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**{f"{text}_{code}": "" for code in LANGUAGES})


def test_rows_are_sorted_by_what_readers_see():
    names = [("Water", ""), ("", "Agua"), ("Mines", "Zinc")]
    rows = [factories.TopicFactory(name_en=english, name_es=spanish) for english, spanish in names]
    for language, order in (("en", ["Agua", "Mines", "Water"]), ("es", ["Agua", "Water", "Zinc"])):
        with translation.override(language):
            sorted_rows = type(rows[0]).objects.order_by(shown_text("name"))
            assert [str(row) for row in sorted_rows] == order


def test_the_main_language_is_the_one_chosen_or_that_of_the_servers_settings(settings):
    settings.LANGUAGE_CODE = "es"
    assert Newsroom.get().languages == ("es", "en")
    newsroom = factories.NewsroomFactory(language="en")
    assert newsroom.languages == ("en", "es")
    newsroom.one_language = True
    assert newsroom.languages == ("en",)


@pytest.mark.parametrize("change", [{"one_language": True}, {"language": "fr"}], ids=str)
def test_a_main_language_that_is_none_is_refused(change):
    newsroom = factories.NewsroomFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Newsroom.objects.filter(pk=newsroom.pk).update(**change)
