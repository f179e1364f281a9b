"""Base classes of the desk's ModelAdmins, messages for what the database refuses, and what pages show of a pledge."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import psycopg
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR
from django.contrib.admin.widgets import AdminTextareaWidget, ForeignKeyRawIdWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import Prefetch, QuerySet
from django.forms import (
    CheckboxSelectMultiple,
    Field,
    HiddenInput,
    ModelChoiceField,
    ModelForm,
    ModelMultipleChoiceField,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.actions import errors, publishing
from pledges.desk.shared import list_search
from pledges.desk.shared.first_steps import MARK
from pledges.desk.shared.history import history_of
from pledges.desk.shared.languages import BilingualAdmin, columns_for, in_newsroom, newsroom_of
from pledges.desk.shared.public_pages import PublicPages, in_edition
from pledges.domain.dates import written
from pledges.domain.rules import Status, standing
from pledges.models import STATUS_LABELS, Capture, Pledge, Wording
from pledges.models.pledge_correction import ADDRESS_TAKEN
from pledges.queries import visibility
from pledges.queries.sealed_content import content_digest

MANY_PLEDGES = 60  # above this, a pledge is searched for instead of chosen from a list
URLS: dict[type[models.Field], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}
SHORT_TEXTS = {**URLS, models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
FINAL = gettext_lazy("What is published is never changed or deleted. To mend it, publish a correction.")
REFUSALS = {
    "two_person_rule": gettext_lazy("Two pairs of eyes: who wrote something does not publish it."),
    "keeps_its_number": gettext_lazy("A draft keeps its number."),
    "contributor_is_kept": gettext_lazy("Everybody who wrote in a draft stays recorded as long as the draft exists."),
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
    "withdrawal_of_a_published_update": gettext_lazy("Only a published update can be withdrawn."),
    "withdrawal_of_the_last_correction": gettext_lazy(
        "This update has been corrected since: discard this draft, and withdraw the correction."
    ),
    "update_was_withdrawn": gettext_lazy("The update that this corrects was withdrawn: discard this draft."),
    "moved_in_one_edition": gettext_lazy(
        "This is published with the withdrawal of the update that it repeats: review and publish that."
    ),
    "moved_to_another_pledge": gettext_lazy("The update is at this pledge already: choose another."),
    "retraction_needs_published_pledge": gettext_lazy("Only a published pledge can be retracted."),
    "published_identity_is_final": gettext_lazy(
        "A published pledge keeps its address, mandate and day, and is never deleted. To correct one, use its page."
    ),
    "correction_needs_published_pledge": gettext_lazy("This pledge is not public yet: change it on its own page."),
    "correction_says_what_was": gettext_lazy("The pledge was changed meanwhile: discard this draft and begin again."),
    "correction_not_into_a_carried_mandate": gettext_lazy(
        "The pledge is carried into this mandate. Take the mandate out of “carried into” first."
    ),
    "address_was_of_another_pledge": ADDRESS_TAKEN,
    "published_is_kept": gettext_lazy("An edition has published this, so it is never deleted."),
}


def refusal_of(error: Exception) -> list[str]:
    """The messages for an editor when an action or the database refused something. Raises any other error again."""
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


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx sent the request, so that the answer is a part of a page."""
    return bool(getattr(request, "htmx", False))  # set by django-htmx's middleware


def title_only(path: str = "") -> Prefetch:
    """Prefetch only the titles of pledges' wordings (at `path`, such as "pledge__"): a list names them in one query."""
    titles = Wording.objects.only("pledge_id", "number", "state", "title_en", "title_es").order_by("number")
    return Prefetch(f"{path}wordings", titles)


def many_pledges() -> bool:
    """Whether there are too many pledges for a list of choices. Reads at most MANY_PLEDGES + 1 rows."""
    return len(Pledge.objects.order_by().values_list("pk")[: MANY_PLEDGES + 1]) > MANY_PLEDGES


def status_label(status: str | None) -> str:
    """The label of a status; that of "not yet rated" for None or ""."""
    return str(STATUS_LABELS[Status(status or Status.NOT_RATED)])


def criteria_of(wording: Wording | None) -> list[tuple[str, str]]:
    """The criteria of a wording, as (label of the status, text)."""
    return [(status_label(name), text) for name, text in wording.criteria] if wording else []


def where_it_stands(pledge: Pledge) -> dict:
    """For the panel beside a form: the pledge, its current wording, status and since when, last three updates."""
    published = visibility.in_order(visibility.public_updates().filter(pledge=pledge).select_related("pledge"))
    changes = [(update.happened_on, update.status) for update in published]
    status, since = standing(changes, timezone.localdate())
    wordings = list(Wording.objects.filter(pledge=pledge).order_by("number"))  # the list's prefetch has only titles
    public = [wording for wording in wordings if wording.is_published]
    wording = next(reversed(public or wordings), None)
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
    """The beginning of a SHA-256, with the whole of it as tooltip."""
    return format_html('<code title="{}">{}…</code>', digest, digest[:12]) if digest else mark_safe("—")


def capture_link(capture: Capture | None) -> str | SafeString:
    """When a page was captured, its hash, and a link to the WARC file."""
    if capture is None:
        return _("none")
    url = reverse("admin:pledges_capture_warc", args=[capture.pk])
    day = written(timezone.localdate(capture.captured_at))
    return format_html('{} · {} · <a class="desk-link" href="{}">WARC</a>', day, short_hash(capture.sha256), url)


def language_pairs(*names: str) -> list[str | list[str] | tuple[str, ...] | tuple[()]]:
    """For fieldsets: each field in both languages, side by side."""
    return [(f"{name}_en", f"{name}_es") for name in names]


def annotated(name: str, label: Any) -> Callable[[models.Model], Any]:
    """For `list_display`: a sortable column for an annotation of the list's query. `label` may be lazy."""

    @admin.display(description=label, ordering=name)
    def column(row: models.Model) -> Any:
        return getattr(row, name)

    column.__name__ = name
    return column


class DeskAdmin(BilingualAdmin, PublicPages):
    """A ModelAdmin that shows refusals as messages, names pledges in few queries and shows the audit trail.

    `history_parts` are the models with a foreign key to this one whose changes its history shows, too. An action of
    the list runs in one transaction, unless `list_is_one_transaction` is False: then it opens its own.
    """

    history_parts: Sequence[type[models.Model]] = ()
    formfield_overrides = URLS
    list_per_page = 50
    show_full_result_count = False
    list_is_one_transaction = True

    def refused(self, request: HttpRequest, error: Exception, url: str) -> HttpResponse:
        """Redirect to `url` with the reasons as messages. Raises the error again when it is not a refusal."""
        for message in refusal_of(error):
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(url)

    def change_url(self, row: models.Model) -> str:
        """The address of a row's page."""
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def not_found(self, request: HttpRequest, pk: object, model: type[models.Model] | None = None) -> HttpResponse:
        """Django's answer for a row (by default of this admin's model) that does not exist: a message on the index."""
        opts = model._meta if model else self.opts
        return self._get_obj_does_not_exist_redirect(request, opts, str(pk))  # type: ignore[attr-defined]  # not in the stubs

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form. A refusal while saving becomes an error of the form, so that nothing typed is lost."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (DatabaseError, errors.Refused) as error:
            request.refusal = refusal_of(error)  # type: ignore[attr-defined]  # for `get_form`
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; by its key where the address names an empty field to look in, for which Django has an error."""
        return super().get_object(request, object_id, from_field or None)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """The form; after a refusal, one that is invalid and shows the reasons."""
        form = super().get_form(request, obj, change=change, **kwargs)
        in_newsroom(form, newsroom_of(request))
        return _refusing(form, request.refusal) if hasattr(request, "refusal") else form

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the list; from a first step, back to the desk's first page, where the next one is."""
        first = HttpResponseRedirect(reverse("admin:index"))
        return first if MARK in request.GET else super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """As after adding."""
        first = HttpResponseRedirect(reverse("admin:index"))
        return first if MARK in request.GET else super().response_post_save_change(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Django's confirmation page; a refusal is explained on the row's page."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except (DatabaseError, errors.Refused) as error:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return self.refused(request, error, reverse(name, args=[unquote(object_id)]))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; when one of its actions is refused, the list says why."""
        if any("\x00" in value for _name, values in request.GET.lists() for value in values):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")  # PostgreSQL stores no NUL in texts
        try:
            with transaction.atomic() if self.list_is_one_transaction else nullcontext():
                return super().changelist_view(request, extra_context)
        except (DatabaseError, errors.Refused) as error:
            return self.refused(request, error, request.get_full_path())

    def get_list_display(self, request: HttpRequest) -> Any:
        return columns_for(newsroom_of(request), super().get_list_display(request))

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> Paginator:
        """With a search, pages of the first thousand rows; else of all."""
        paginator = list_search.CappedPaginator if request.GET.get(SEARCH_VAR) else self.paginator
        return paginator(queryset, per_page, orphans, allow_empty_first_page)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """The rows that match: through indexes in the lists that grow, by Django's own search in the others."""
        matching = list_search.narrowed(queryset, search_term)
        if matching is None:
            return super().get_search_results(request, queryset, search_term)
        return matching, False

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Choices of pledges by title, in two queries; where there are many, a field for the id and a search link."""
        if db_field.related_model is Pledge:
            kwargs["queryset"] = Pledge.objects.defer("search_en", "search_es").prefetch_related(title_only())
            if many_pledges() and not isinstance(kwargs.get("widget"), HiddenInput):
                kwargs["widget"] = ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Field | None:
        """Related rows, other than pledges, can be added from the form; they are edited on their own pages only."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
            widget.can_add_related &= db_field.related_model is not Pledge
        return field

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Check boxes: in Django's default, a click without Ctrl clears the other choices."""
        if db_field.related_model is Pledge:
            kwargs["queryset"] = Pledge.objects.prefetch_related(title_only())
        kwargs.setdefault("widget", CheckboxSelectMultiple())
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Every change of this row that the database recorded, whether made at the desk, by a job or in SQL."""
        if not hasattr(self.model, "pgh_event_models"):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self.not_found(request, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        pages = Paginator(history_of(row, self.history_parts), 50)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%(row)s”") % {"row": row},
            "page": pages.get_page(request.GET.get("page")),
            "object": row,
            "absolute_url": self.get_view_on_site_url(row),
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/pledges/history.html", context)


def _refusing(form: Any, refusal: list[str]) -> type[ModelForm]:
    class RefusedForm(form):
        def clean(self) -> None:
            super().clean()
            raise ValidationError(refusal)

    return RefusedForm


class BoundedInline(InlineModelAdmin):
    """Has at most `max_num` forms, whatever the management form says: Django would make and show a thousand more."""

    max_num = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Django's, with the limit of the class: the instance's is 0 for who may not add any."""
        return super().get_formset(request, obj, absolute_max=type(self).max_num, **kwargs)


class ReadOnly(BaseModelAdmin):
    """Mixin for an admin or inline of what nobody edits by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EditionAdmin(DeskAdmin):
    """For rows that readers see: a save that changes their public content makes an edition, in one transaction.

    `final_fields` are read-only once `is_final` says so of the row.
    """

    final_fields: Sequence[str] = ("slug",)
    list_has_public_pages = True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and keep the digest of the public content before, for `save_related`."""
        before = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        form.digest_before = content_digest(before) if before else ""
        super().save_model(request, obj, form, change)
        if address := getattr(form, "made_address", ""):
            self.message_user(request, _("Its address was made for you: %(address)s") % {"address": address})

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        """Save the relations, then make the edition, which seals both."""
        super().save_related(request, form, formsets, change)
        row = self.model._default_manager.get(pk=form.instance.pk)
        if content_digest(row) == form.digest_before and not self.has_unpublished_parts(row):
            return
        if edition := publishing.record_change(row, by=user_of(request)):
            self.message_user(request, in_edition(_("Published in edition %(number)s."), edition))

    def has_unpublished_parts(self, row: Any) -> bool:
        """Whether rows that belong to this one wait for an edition."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The slug of a public page stays: others link to its address."""
        final = self.final_fields if obj and self.is_final(obj) else ()
        return (*super().get_readonly_fields(request, obj), *final)

    def is_final(self, row: Any) -> bool:
        """Whether the row's `final_fields` may not change any more."""
        return True
