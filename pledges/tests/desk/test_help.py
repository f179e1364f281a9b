"""Help in place: each field that somebody fills in at the desk says what the trade expects of it."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.test import RequestFactory
from django.urls import reverse

from pledges import models
from pledges.models import FAILURE_LABELS
from pledges.site.definitions import FAILURES
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db

# The rows' own pages; what others than us have made (Django's groups) has its own help.
OWN_FORMS = {models.Intake, models.Notice}  # not Django's: pages of their own, with words of their own
OURS = [model for model in admin.site._registry if model._meta.app_label == "pledges" and model not in OWN_FORMS]
# What explains itself: a person's names and address in Django's own form of accounts.
EXCEPTIONS = {(models.User, name) for name in ("first_name", "last_name", "email")}
EXCEPTIONS |= {
    (models.User, name) for name in ("usable_password", "password1", "password2", "password", "groups", "language")
}


def forms_of(model, request):
    """The forms on the model's page, new and existing, with their fieldsets: (model, form, fieldsets)."""
    shown = admin.site._registry[model]
    rows = [None] if shown.has_add_permission(request) else []
    rows += [row for row in [shown.get_queryset(request).first()] if row]
    for row in rows:
        if row is not None and not shown.has_change_permission(request, row):
            continue
        yield (
            model,
            shown.get_form(request, row, change=row is not None)(instance=row),
            shown.get_fieldsets(request, row),
        )
        for inline in shown.get_inline_instances(request, row):
            formset = inline.get_formset(request, row)
            yield inline.model, formset().empty_form, inline.get_fieldsets(request, row)


def unexplained(form, fieldsets):
    """The fields without a word of help: their own, that of the first of a pair, or that of their fieldset."""
    described = {
        name
        for _title, options in fieldsets
        if options.get("description")
        for name in flatten_fieldsets([(None, options)])
    }
    for name, field in form.fields.items():
        if name in described or field.widget.is_hidden or name in ("DELETE", "id"):
            continue
        base, _underscore, language = name.rpartition("_")
        first = form.fields.get(f"{base}_en") if language == "es" else None
        if not (field.help_text or (first and (first.help_text or f"{base}_en" in described))):
            yield name


def test_every_field_says_what_is_expected(rf: RequestFactory):
    request = rf.get("/")
    request.user = factories.SuperuserFactory()
    for make in (
        factories.LeadFactory,
        factories.UpdateFactory,
        factories.PublishedUpdateFactory,
        factories.WordingFactory,
        factories.NewsroomFactory,
        factories.ObservationFactory,
    ):
        make()
    missing, seen = set(), 0
    for model in OURS:
        for owner, form, fieldsets in forms_of(model, request):
            seen += len(form.fields)
            missing |= {(owner, name) for name in unexplained(form, fieldsets)}
    missing -= EXCEPTIONS
    assert sorted(f"{owner.__name__}.{name}" for owner, name in missing) == []
    assert seen > 100


def test_each_reason_of_a_failure_is_explained_at_its_field(client, reporter):
    text = client.get(reverse("admin:pledges_update_add")).content.decode()
    for label, meaning in ((FAILURE_LABELS[reason], meaning) for reason, meaning in FAILURES.items()):
        assert f"<b>{label}</b>: {meaning}" in text
