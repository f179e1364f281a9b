"""What the admins of updates, wordings and retractions share: from draft to publication."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.actions import contributors, drafts, errors, locks, publishing
from pledges.desk.shared.base import title_only, where_it_stands
from pledges.desk.shared.filters import ChosenFilter
from pledges.desk.shared.public_pages import in_edition
from pledges.desk.writing.preview import Draftable, ReviewPages
from pledges.models import Pledge, State
from pledges.queries import visibility
from pledges.queries.diffs import last_saved_by
from pledges.queries.sealed_content import content

HEAD = ("state_now", "written_by", "edition_link")
BUTTONS = ("_preview", "_submit", "_send_back", "_publish")


class PublicationFilter(ChosenFilter):
    """By state: draft, in review, published."""

    title = gettext_lazy("state")
    parameter_name = "state"
    options = State.choices

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(state=value)


class PublishableAdmin(ReviewPages):
    """The pages of what one person writes and another publishes.

    Each button first saves what was typed and then calls the action, so that a refusal loses nothing.
    """

    list_has_public_pages = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what the lists and forms show."""
        rows = super().get_queryset(request).select_related("pledge", "author", "published_by", "edition")
        return rows.defer("pledge__search_en", "pledge__search_es").prefetch_related(title_only("pledge__"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; locked while it is saved, so that of two who save at once the second sees what the first saved."""
        if request.method == "POST" and connection.in_atomic_block and object_id.isdecimal():
            locks.lock_draft(self.model, int(object_id))
        return super().get_object(request, object_id, from_field)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Also whether this person may edit this draft."""
        return super().has_change_permission(request, obj) and (
            obj is None or visibility.may_edit(user_of(request), obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may edit a draft may discard it. Superusers may try with any row: actions and database refuse."""
        if obj is None or request.user.is_superuser:
            return super().has_delete_permission(request, obj)
        return super().has_delete_permission(request, obj) and visibility.may_edit(user_of(request), obj)

    def get_actions(self, request: HttpRequest) -> dict:
        """Without deletion in bulk: drafts are discarded one by one."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Draftable, form: Any, change: bool) -> None:
        """The person who begins a draft stays its author, whoever works on it later."""
        if not change:
            obj.author = user_of(request)
        form.content_before = self.content_of(obj) if change else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        """Record who changed the draft or its evidence as a contributor: contributors do not publish it."""
        super().save_related(request, form, formsets, change)
        item = form.instance
        if not change or self.content_of(item) == form.content_before:
            return
        if item.publish_at:
            words = _("It was scheduled for publication; after this change it waits for review again, without a time.")
            self.message_user(request, words, messages.WARNING)
        contributors.sign(item=item, by=user_of(request))

    def content_of(self, item: Draftable) -> str:
        """What readers would see of the stored row, for comparison; line endings do not count."""
        return repr(content(self.model._default_manager.get(pk=item.pk))).replace(r"\r\n", r"\n")

    def delete_model(self, request: HttpRequest, obj: Draftable) -> None:
        publishing.discard_draft(item=obj, by=user_of(request))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form. A button that this person may not use is a 403 before anything is saved."""
        if request.method == "POST":
            item = self.get_object(request, object_id) if object_id else None
            reviewing = "_publish" in request.POST or "_send_back" in request.POST
            if reviewing and not request.user.has_perm(f"pledges.publish_{self.kind}"):
                raise PermissionDenied
            if item and item.is_published and self.has_view_permission(request, item):
                return self.too_late(request, item)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:  # published between our check and Django's
            item = self.get_object(request, object_id) if request.method == "POST" and object_id else None
            if item and item.is_published and self.has_view_permission(request, item):
                return self.too_late(request, item)
            raise

    def response_add(self, request: HttpRequest, obj: Draftable, post_url_continue: str | None = None) -> HttpResponse:
        """After a first save, carry out the button that was pressed, or show the draft again."""
        drafts.forget_typed(by=user_of(request), kind=self.kind, key=self.typed_key(request, None))
        return self.after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Draftable) -> HttpResponse:
        """After a save, carry out the button that was pressed."""
        drafts.forget_typed(by=user_of(request), kind=self.kind, key=self.typed_key(request, obj))
        return self.after_saving(request, obj) or super().response_change(request, obj)

    def after_saving(self, request: HttpRequest, item: Draftable) -> HttpResponse | None:
        """Carry out the button that was pressed, if it is one of BUTTONS; the draft is saved already."""
        button = next((name for name in BUTTONS if name in request.POST), None)
        if button is None:
            return None
        if button == "_preview":
            return HttpResponseRedirect(self.review_url(item))
        try:
            with transaction.atomic():
                words = getattr(self, f"do{button}")(request, item)
        except (DatabaseError, errors.Refused) as error:
            self.message_user(request, _("What you typed is saved as the draft."), messages.WARNING)
            return self.refused(request, error, self.change_url(item))
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(item))

    def do_submit(self, request: HttpRequest, item: Any) -> str:
        """Submit for review; returns the message."""
        publishing.submit_for_review(item=item, by=user_of(request))
        return _("Submitted: somebody else reviews and publishes it.")

    def do_publish(self, request: HttpRequest, item: Draftable) -> str:
        """Publish; returns the message."""
        edition = publishing.publish(item, by=user_of(request))
        return in_edition(_("Published in edition %(number)s."), edition)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the context of the buttons and panels."""
        item: Draftable | None = context.get("original")
        form = context["adminform"].form
        pledge = item.pledge if item else self._preselected(form)
        may_save = self.has_change_permission(request, item) if item else self.has_add_permission(request)
        seen = form.data.get("seen", "") if form.is_bound else ""
        draft = item if item and not item.is_published else None
        clashed = draft if seen and seen != getattr(form, "version", seen) else None
        may_publish = draft is not None and self.offers_publication(request, draft)
        context |= {
            "stands": where_it_stands(pledge) if pledge else None,
            "version": getattr(form, "version", ""),
            "problems": publishing.publication_problems(draft, by=user_of(request)) if draft else [],
            "may_submit": self.may_submit(request, item) if item else self.has_add_permission(request),
            "may_publish": may_publish,
            "may_send_back": may_publish and draft is not None and draft.state == State.REVIEW,
            "clashes": [
                *getattr(form, "clashes", []),
                *(clash for rows in context["inline_admin_formsets"] for clash in getattr(rows.formset, "clashes", [])),
            ],
            "saved_by": last_saved_by(clashed) if clashed else "",
            "review_url": self.review_url(draft) if draft else "",
            "comments_count": item.comments.count() if item else 0,
            "saved_at": item.updated_at if item else None,
            "changed_since": self._changed_since(clashed, seen) if clashed else None,
            "typed": self.typing_context(request, item, may_save),
            "scheduled": self.set_time(item.publish_at) if item and item.publish_at else None,
            "show_delete": draft is not None,
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _preselected(self, form: ModelForm) -> Pledge | None:
        """The pledge of a new draft, if the address or the form names one."""
        pledge_id = str(form["pledge"].value() or "") if "pledge" in form.fields else ""
        return Pledge.objects.filter(pk=pledge_id).first() if pledge_id.isdecimal() else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """With the fields that only actions write."""
        return (*super().get_readonly_fields(request, obj), *HEAD)

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, item: Draftable) -> str:
        return item.get_state_display() if item.pk else _("New draft")

    @admin.display(description=gettext_lazy("author"))
    def written_by(self, item: Draftable) -> str:
        return item.author.public_name if item.author_id else "—"

    @admin.display(description=gettext_lazy("published"))
    def edition_link(self, item: Draftable) -> str | SafeString:
        """The edition, and who published it."""
        if not item.edition or not item.published_by:
            return "—"
        url = reverse("admin:pledges_edition_change", args=[item.edition_id])
        return format_html('<a href="{}">{}</a> · {}', url, item.edition, item.published_by.public_name)
