"""What several parts of the desk share: where a pledge stands, what the database refuses, editions of what is saved."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext

import psycopg
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR
from django.contrib.admin.widgets import AdminTextareaWidget, ForeignKeyRawIdWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import Prefetch, QuerySet
from django.forms import CheckboxSelectMultiple, HiddenInput, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions import errors, publishing
from pledges.desk.shared import list_search
from pledges.desk.shared.history import history_of
from pledges.domain.dates import written
from pledges.domain.rules import Status, standing
from pledges.models import STATUS_LABELS, Capture, Pledge, Text, Wording
from pledges.queries import visibility
from pledges.queries.sealed_content import content_digest

MANY_PLEDGES = 60  # more are not chosen from a list, but searched
URLS = {models.URLField: {"assume_scheme": "https"}}
SHORT_TEXTS = {**URLS, models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
FINAL = gettext_lazy("What is published is never changed or deleted. To mend it, publish a correction.")
REFUSALS = {
    "two_person_rule": gettext_lazy("Two pairs of eyes: who wrote something does not publish it."),
    "keeps_its_number": gettext_lazy("A draft keeps its number."),
    "contributor_is_kept": gettext_lazy("Who put words into a draft is remembered as long as the draft is there."),
    "update_needs_evidence": gettext_lazy("An update cannot be published without evidence."),
    "update_corrects_published": gettext_lazy("A correction corrects a published update of the same pledge."),
    "update_needs_published_pledge": gettext_lazy("Publish the pledge with its criteria first."),
    "update_not_in_the_future": gettext_lazy("An update tells what has happened: its day is in the future."),
    "update_not_before_the_pledge": gettext_lazy("This day comes before the one on which the pledge was said."),
    "evidence_not_in_the_future": gettext_lazy("This day is in the future."),
    "document_not_in_the_future": gettext_lazy("This day is in the future."),
    "document_not_before_its_pledges": gettext_lazy(
        "A pledge of this document was said after this day: one of the two days is wrong."
    ),
    "pledge_not_in_the_future": gettext_lazy("A pledge was said on a day that has come: this one is in the future."),
    "pledge_not_after_its_document": gettext_lazy(
        "The source document is older than the day on which the pledge was said: one day is wrong."
    ),
    "deadline_not_before_the_pledge": gettext_lazy("The deadline comes before the day on which the pledge was said."),
    "published_evidence_is_final": FINAL,
    "pledge_was_retracted": gettext_lazy("This pledge was retracted: nothing more is published of it."),
    "retraction_needs_published_pledge": gettext_lazy("Only a published pledge can be retracted."),
    "published_identity_is_final": gettext_lazy(
        "A published pledge keeps its address, mandate and day, and is never deleted."
    ),
    "published_is_kept": gettext_lazy("An edition has published this, so it is never deleted."),
}


def refusal_of(error: Exception) -> list[str]:
    """What to tell an editor about an error, if it is an action's or the database's refusal; raises it again if not."""
    if isinstance(error, errors.Refused):
        return error.messages
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        raise error
    if isinstance(cause, psycopg.errors.RaiseException):  # pgtrigger.Protect
        return [str(FINAL)]
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return [_("The database does not let this application do that.")]
    name = cause.diag.constraint_name
    if not isinstance(error, IntegrityError) or not name:
        raise error
    if name in REFUSALS:
        return [str(REFUSALS[name])]
    for model in apps.get_app_config("pledges").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_code != "":
                return [str(constraint.get_violation_error_message())]
    return [_("The database refused this: %(message)s") % {"message": cause.diag.message_primary}]


def title_only(path: str = "") -> Prefetch:
    """The wordings' titles of pledges (at `path`, such as "pledge__"), so that a list names them in one query."""
    titles = Wording.objects.only("pledge_id", "number", "state", "title_en", "title_es").order_by("number")
    return Prefetch(f"{path}wordings", titles)


def many_pledges() -> bool:
    """Whether there are more pledges than anybody wants to look through; it costs the same with many."""
    return len(Pledge.objects.order_by().values_list("pk")[: MANY_PLEDGES + 1]) > MANY_PLEDGES


def status_label(status: str | None) -> str:
    """The word for a status; "Not yet rated" for none."""
    return str(STATUS_LABELS[Status(status or Status.NOT_RATED)])


def criteria_of(wording: Wording | None) -> list[tuple[str, Text]]:
    """What counts as what, as (word for the status, text); nothing without a wording."""
    return [(status_label(name), text) for name, text in wording.criteria] if wording else []


def where_it_stands(pledge: Pledge) -> dict:
    """For the panel beside a form: the pledge, its wording that holds, its status and since when, its last updates."""
    published = visibility.in_order(visibility.public_updates().filter(pledge=pledge).select_related("pledge"))
    changes = [(update.happened_on, update.status) for update in published]
    status, since = standing(changes, timezone.localdate())
    wordings = list(Wording.objects.filter(pledge=pledge).order_by("number"))  # the list's prefetch has only titles
    public = [wording for wording in wordings if wording.is_published]
    wording = (public or wordings or [None])[-1]
    return {
        "pledge": pledge,
        "wording": wording,
        "criteria": criteria_of(wording),
        "status": status,
        "status_label": status_label(status),
        "since": since,
        "updates": published[:-4:-1],
    }


def short_hash(digest: str) -> SafeString:
    """The beginning of a SHA-256, with all of it on pointing at it."""
    return format_html('<code title="{}">{}…</code>', digest, digest[:12]) if digest else mark_safe("—")


def capture_link(capture: Capture | None) -> str | SafeString:
    """When a page was captured, its hash, and the way to it as a file."""
    if capture is None:
        return _("none")
    url = reverse("admin:pledges_capture_warc", args=[capture.pk])
    day = written(timezone.localdate(capture.captured_at))
    return format_html('{} · {} · <a class="desk-link" href="{}">WARC</a>', day, short_hash(capture.sha256), url)


def language_pairs(*names: str) -> list[tuple[str, str]]:
    """For fieldsets: each field in both languages, side by side."""
    return [(f"{name}_en", f"{name}_es") for name in names]


def own_language(name: str, label: str) -> Callable[[models.Model], str]:
    """For `list_display`: a field that stands in both languages, in the reader's."""

    @admin.display(description=label, ordering=f"{name}_en")
    def shown(row: models.Model) -> str:
        return getattr(row, name)

    shown.__name__ = name
    return shown


class DeskAdmin(admin.ModelAdmin):
    """A ModelAdmin that explains what actions and database refuse, names pledges cheaply and shows the audit trail.

    `history_parts` are models whose changes belong to the history of this one. What is done from the list is one
    transaction, unless `list_is_one_transaction` is False and the list's actions see to that.
    """

    history_parts: Sequence[type[models.Model]] = ()
    formfield_overrides = URLS
    list_per_page = 50
    show_full_result_count = False
    list_is_one_transaction = True

    def refused(self, request: HttpRequest, error: Exception, url: str) -> HttpResponse:
        """Say why it was refused, at `url`. Raises the error again when it is not a refusal."""
        for message in refusal_of(error):
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(url)

    def change_url(self, row: models.Model) -> str:
        """The address of a row's page."""
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form. What is refused while saving becomes an error of the form, which keeps what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (DatabaseError, errors.Refused) as error:
            request.refusal = refusal_of(error)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs) -> type:
        """The form; after a refusal, one that reports it instead of being saved."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return _refusing(form, request.refusal) if hasattr(request, "refusal") else form

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Django's page that asks before it deletes; what is refused is explained on the row's page."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except (DatabaseError, errors.Refused) as error:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return self.refused(request, error, reverse(name, args=[unquote(object_id)]))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; what an action of the list is refused is explained on it."""
        if any("\x00" in value for _name, values in request.GET.lists() for value in values):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")  # PostgreSQL has no such text
        try:
            with transaction.atomic() if self.list_is_one_transaction else nullcontext():
                return super().changelist_view(request, extra_context)
        except (DatabaseError, errors.Refused) as error:
            return self.refused(request, error, request.get_full_path())

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> Paginator:
        """All rows of a list that is only filtered; of one that is searched, the first thousand."""
        kind = list_search.CappedPaginator if request.GET.get(SEARCH_VAR) else self.paginator
        return kind(queryset, per_page, orphans, allow_empty_first_page)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """What the words find: through indexes in the lists that grow, with Django's own search in the others."""
        found = list_search.narrowed(queryset, search_term)
        return (found, False) if found is not None else super().get_search_results(request, queryset, search_term)

    def formfield_for_foreignkey(self, db_field: models.Field, request: HttpRequest, **kwargs):
        """Choices of pledges by their titles, without a query for each; of many, the number and the way to the list."""
        if db_field.related_model is Pledge:
            kwargs["queryset"] = Pledge.objects.defer("search_en", "search_es").prefetch_related(title_only())
            if many_pledges() and not isinstance(kwargs.get("widget"), HiddenInput):
                kwargs["widget"] = ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs):
        """What is referred to can be added on the way, but is edited on its own page; a pledge takes more."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
            field.widget.can_add_related &= db_field.related_model is not Pledge
        return field

    def formfield_for_manytomany(self, db_field: models.Field, request: HttpRequest, **kwargs):
        """Check boxes: nobody loses a choice by a click without Ctrl."""
        if db_field.related_model is Pledge:
            kwargs["queryset"] = Pledge.objects.prefetch_related(title_only())
        kwargs.setdefault("widget", CheckboxSelectMultiple())
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """What the database recorded of every change of this row, whoever made it and by whatever means."""
        if not hasattr(self.model, "pgh_event_models"):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        pages = Paginator(history_of(row, self.history_parts), 50)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%(row)s”") % {"row": row},
            "page": pages.get_page(request.GET.get("page")),
            "object": row,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/pledges/history.html", context)


def _refusing(form: type[ModelForm], refusal: list[str]) -> type[ModelForm]:
    class Refusing(form):
        def clean(self) -> None:
            super().clean()
            raise ValidationError(refusal)

    return Refusing


class ReadOnly:
    """Mixin for an admin or inline of what nobody edits by hand."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class EditionAdmin(DeskAdmin):
    """For rows that readers see: a save that changes their public content makes an edition, in one transaction."""

    final_fields: Sequence[str] = ("slug",)

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        """Save, having noted what was public before."""
        before = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        form.digest_before = content_digest(before) if before else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list, change: bool) -> None:
        """Save the relations; then everything is in place that an edition seals."""
        super().save_related(request, form, formsets, change)
        row = self.model._default_manager.get(pk=form.instance.pk)
        if content_digest(row) == form.digest_before and not self.has_unpublished_parts(row):
            return
        if edition := publishing.record_change(row, by=request.user):
            self.message_user(request, _("Published in edition %(number)s.") % {"number": edition.number})

    def has_unpublished_parts(self, row: models.Model) -> bool:
        """Whether something under the row waits for an edition."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[str]:
        """The address of a page stays once it was given: links to it are out in the world."""
        final = self.final_fields if obj and self.is_final(obj) else ()
        return (*super().get_readonly_fields(request, obj), *final)

    def is_final(self, row: models.Model) -> bool:
        """Whether the row's `final_fields` may not change any more."""
        return True

    def get_prepopulated_fields(self, request: HttpRequest, obj: models.Model | None = None) -> dict:
        """Where the address can be typed, it is suggested."""
        return {} if obj and self.is_final(obj) else super().get_prepopulated_fields(request, obj)
