"""Small words, by kind: nothing is counted in the wrong number, no stop stands twice, no word is the program's own."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from pledges.management.commands import messages
from pledges.models.base import AddressField
from pledges.tests.support import desk_pages, factories, public_pages
from pledges.tests.support.looks import LANGUAGES

TWICE = re.compile(r"(?<![.…/])\.\.(?![./])|…\.|,,|[?!]\.(?!\S)|[^\S\n]{2,}\S")
NOUNS = "pledges|updates|comments|figures|leads|sources|editions|changes|days|items|rows|drafts|minutes|cells|people"
COUNTED = re.compile(rf"%\((?:count|counter|n|number|total|found|left)\)[sd] (?:{NOUNS})\b")
# Counted without a singular: there are always several.
SEVERAL = {
    "%(count)s pledges, edition %(edition)s",  # one has its own subject
    "All %(total)s pledges",  # the rest of a list that was cut
    "Each status is as wide as its share of the %(total)s pledges.",  # drawn from many on
    "Left out of its last answer: %(count)s of %(total)s items. The first is “%(title)s”: %(reason)s.",
    "The pledge has %(count)s updates on that day: the next one is number %(next)s.",
}


def texts(language: str) -> list[tuple[str, bool]]:
    """Each string of the interface in English and in a language, and whether it has a form for one and for several."""
    found = []
    for message in messages.updated(language):
        for side in (message.id, message.string):
            found += [(text, message.pluralizable) for text in (side if isinstance(side, tuple) else (side,)) if text]
    return found


@pytest.mark.parametrize("language", messages.languages())
def test_no_stop_or_space_stands_twice(language):
    assert [text for text, _plural in texts(language) if TWICE.search(text)] == []


def test_what_is_counted_has_a_form_for_one():
    found = {message.id for message in messages.updated("es") if message.id and not message.pluralizable}
    assert {text for text in found if COUNTED.search(text)} == SEVERAL


@pytest.mark.parametrize("language", messages.languages())
def test_an_address_is_called_that_and_not_a_slug(language):
    said = {re.sub(r"<slug:\w+>|%\(slug\)s|\bSLUG\b", "", text) for text, _plural in texts(language)}
    assert {text for text in said if re.search(r"\bslug", text, re.IGNORECASE)} == set()
    for model in apps.get_app_config("pledges").get_models():
        for field in () if hasattr(model, "pgh_tracked_model") else model._meta.get_fields():
            if isinstance(field, AddressField):
                with pytest.raises(ValidationError) as refused:
                    field.clean("Not an address!", None)
                assert "slug" not in str([refused.value, field.verbose_name])
                with pytest.raises(ValidationError) as refused:
                    field.formfield().clean("Not an address!")
                assert "Use only letters from a to z" in str(refused.value)
            elif isinstance(field, models.SlugField):
                assert field.name != "slug", f"{model.__name__}: use AddressField"


@pytest.mark.django_db
def test_a_set_of_rows_that_needs_some_says_so_in_our_words():
    request = RequestFactory().get("/")
    request.user = factories.SuperuserFactory()
    for shown in admin.site._registry.values():
        for inline in shown.get_inline_instances(request):
            formset = inline.get_formset(request)
            if formset.validate_min:
                assert "Please submit" not in str(
                    formset(instance=inline.parent_model()).error_messages["too_few_forms"]
                )


@pytest.mark.django_db
def test_a_pledge_without_words_is_refused_in_our_words(client, editor):
    response = client.post(
        reverse("admin:pledges_pledge_add"),
        {"wordings-TOTAL_FORMS": 1, "wordings-INITIAL_FORMS": 0, "wordings-MIN_NUM_FORMS": 1},
    )
    text = response.content.decode()
    assert "Write its words: at least a title, a statement, and what would count as kept." in text
    assert "Please submit" not in text


ONE = re.compile(
    rf"(?<![\d.,:/-])1 ({NOUNS}"
    r"|promesas|novedades|comentarios|cifras|fuentes|ediciones|cambios|días|filas|borradores|minutos)\b"
)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_every_page_nothing_is_counted_in_the_wrong_number(first_edition, client, language):
    public_pages.make_rows()
    user = factories.SuperuserFactory()
    desk_pages.make_rows(user)
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    pages = public_pages.addresses(language) | desk_pages.addresses(user)
    wrong = {}
    for name, address in pages.items():
        body = client.get(address, follow=True).content.decode(errors="replace").partition("<body")[2]
        text = re.sub(r"\s+", " ", re.sub(r"<(script|style|textarea)\b.*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL))
        if found := ONE.findall(text) + re.findall(r"\w+\.\.(?!\.)\W|\b0 comment\w+|Please submit[^.]*", text):
            wrong[name] = found
    assert wrong == {}
