"""From draft to publication: what the pages of updates and wordings have in common."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, models, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions import contributors, drafts, errors, locks, publishing
from pledges.desk.shared.base import DeskAdmin, title_only, where_it_stands
from pledges.desk.shared.filters import ChosenFilter
from pledges.desk.writing.autosave import KeepsTyping
from pledges.desk.writing.preview import ReviewPages
from pledges.models import Pledge, State, Update, Wording
from pledges.queries import visibility
from pledges.queries.diffs import last_saved_by
from pledges.queries.sealed_content import content

HEAD = ("state_now", "written_by", "edition_link")
BUTTONS = ("_preview", "_submit", "_send_back", "_publish")


class PublicationFilter(ChosenFilter):
    """How far a piece of writing is."""

    title = gettext_lazy("state")
    parameter_name = "state"
    options = State.choices

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """The rows in that state."""
        return queryset.filter(state=value)


class PublishableAdmin(ReviewPages, KeepsTyping, DeskAdmin):
    """The pages of what one person writes and another publishes.

    Each button saves what was typed first; then the action is asked, so a refusal costs nobody a word.
    """

    @property
    def kind(self) -> str:
        """The model's name in permissions."""
        return self.opts.model_name

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what the lists and forms name."""
        rows = super().get_queryset(request).select_related("pledge", "author", "published_by", "edition")
        return rows.defer("pledge__search_en", "pledge__search_es").prefetch_related(title_only("pledge__"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> models.Model | None:
        """The row; held while it is saved, so that of two who save at the same moment the second sees the first."""
        if request.method == "POST" and connection.in_atomic_block and object_id.isdecimal():
            locks.lock_draft(self.model, int(object_id))
        return super().get_object(request, object_id, from_field)

    def has_change_permission(self, request: HttpRequest, obj: Update | Wording | None = None) -> bool:
        """What access says of the row, on top of the right to change such rows."""
        return super().has_change_permission(request, obj) and (obj is None or visibility.may_edit(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Update | Wording | None = None) -> bool:
        """Drafts are discarded by who may edit them. Superusers may try with anything: the rules answer them."""
        if obj is None or request.user.is_superuser:
            return super().has_delete_permission(request, obj)
        return super().has_delete_permission(request, obj) and visibility.may_edit(request.user, obj)

    def get_actions(self, request: HttpRequest) -> dict:
        """No deleting in bulk: drafts are discarded one by one."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def may_submit(self, request: HttpRequest, item: Update | Wording) -> bool:
        """Whether this person may hand the item over for review."""
        return item.state == State.DRAFT and visibility.may_edit(request.user, item)

    def save_model(self, request: HttpRequest, obj: Update | Wording, form: ModelForm, change: bool) -> None:
        """Who begins a draft is its author, whoever works on it later."""
        if not change:
            obj.author = request.user
        form.words_before = self.words_of(obj) if change else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list, change: bool) -> None:
        """Note who put words into somebody's draft, evidence included: that person does not publish it either."""
        super().save_related(request, form, formsets, change)
        item = form.instance
        if not change or self.words_of(item) == form.words_before:
            return
        if item.publish_at:
            words = _("It was to go out by itself; after this change it waits for review again, without a time.")
            self.message_user(request, words, messages.WARNING)
        contributors.sign(item=item, by=request.user)

    def words_of(self, item: Update | Wording) -> str:
        """All that readers would see of the row as it is stored; a browser's line ends are no change."""
        return repr(content(self.model._default_manager.get(pk=item.pk))).replace(r"\r\n", r"\n")

    def delete_model(self, request: HttpRequest, obj: Update | Wording) -> None:
        """Discard the draft."""
        publishing.discard_draft(item=obj, by=request.user)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form; a button that this person may not press is a 403 before anything is saved."""
        if request.method == "POST":
            item = self.get_object(request, object_id) if object_id else None
            reviewing = "_publish" in request.POST or "_send_back" in request.POST
            if reviewing and not request.user.has_perm(f"pledges.publish_{self.kind}"):
                raise PermissionDenied
            if item and item.is_published and self.has_view_permission(request, item):
                return self.too_late(request, item)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:  # published between our look and Django's
            item = self.get_object(request, object_id) if request.method == "POST" and object_id else None
            if item and item.is_published and self.has_view_permission(request, item):
                return self.too_late(request, item)
            raise

    def too_late(self, request: HttpRequest, item: Update | Wording) -> HttpResponse:
        """Somebody published it while this person had the form open."""
        words = _("%(who)s has published this in edition %(number)s, so it is final. Nothing you typed was saved.")
        values = {"who": item.published_by.public_name, "number": item.edition_id}
        self.message_user(request, words % values, messages.ERROR)
        return HttpResponseRedirect(self.change_url(item))

    def response_add(
        self, request: HttpRequest, obj: Update | Wording, post_url_continue: str | None = None
    ) -> HttpResponse:
        """After a first save, the button that was pressed is carried out, or the draft stays open."""
        drafts.forget_typed(by=request.user, kind=self.kind, key=self.typed_key(request, None))
        return self.after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Update | Wording) -> HttpResponse:
        """After a save, the button that was pressed is carried out."""
        drafts.forget_typed(by=request.user, kind=self.kind, key=self.typed_key(request, obj))
        return self.after_saving(request, obj) or super().response_change(request, obj)

    def after_saving(self, request: HttpRequest, item: Update | Wording) -> HttpResponse | None:
        """Carry out the button that was pressed, if it was one of ours; the draft is saved in any case."""
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

    def do_submit(self, request: HttpRequest, item: Update | Wording) -> str:
        """Hand over for review."""
        publishing.submit_for_review(item=item, by=request.user)
        return _("Submitted: somebody else reviews and publishes it.")

    def do_send_back(self, request: HttpRequest, item: Update | Wording) -> str:
        """Return to the author with a note."""
        publishing.send_back(item=item, by=request.user, note=request.POST.get("review_note", ""))
        return _("Sent back to %(author)s.") % {"author": item.author.public_name}

    def do_publish(self, request: HttpRequest, item: Update | Wording) -> str:
        """Publish."""
        edition = publishing.publish(item, by=request.user)
        return _("Published in edition %(number)s.") % {"number": edition.number}

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        """The page with what the buttons and panels need."""
        item: Update | Wording | None = context.get("original")
        form = context["adminform"].form
        pledge = item.pledge if item else self._asked_for(form)
        may_save = self.has_change_permission(request, item) if item else self.has_add_permission(request)
        seen = form.data.get("seen", "") if form.is_bound else ""
        clashed = bool(item) and not item.is_published and bool(seen) and seen != getattr(form, "version", seen)
        may_publish = bool(item) and not item.is_published and visibility.may_publish(request.user, item)
        problems = publishing.publication_problems(item, by=request.user) if item and not item.is_published else []
        context |= {
            "stands": where_it_stands(pledge) if pledge else None,
            "version": getattr(form, "version", ""),
            "problems": problems,
            "may_submit": self.may_submit(request, item) if item else self.has_add_permission(request),
            "may_publish": may_publish,
            "may_send_back": may_publish and item.state == State.REVIEW,
            "clashes": [
                *getattr(form, "clashes", []),
                *(clash for rows in context["inline_admin_formsets"] for clash in getattr(rows.formset, "clashes", [])),
            ],
            "saved_by": last_saved_by(item) if clashed else "",
            "review_url": self.review_url(item) if item and not item.is_published else "",
            "comments_count": item.comments.count() if item else 0,
            "saved_at": item.updated_at if item else None,
            "changed_since": self._changed_since(item, seen) if clashed else None,
            "typed": self.typing_context(request, item, may_save),
            "scheduled": self.set_time(item.publish_at) if item and item.publish_at else None,
            "show_delete": bool(item) and not item.is_published,
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _asked_for(self, form: ModelForm) -> Pledge | None:
        """The pledge that a new draft is for, when the address or the form names one."""
        asked = form["pledge"].value() if "pledge" in form.fields else None
        return Pledge.objects.filter(pk=asked).first() if str(asked or "").isdecimal() else None

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[str]:
        """What the actions write is shown, never typed."""
        return (*super().get_readonly_fields(request, obj), *HEAD)

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, item: Update | Wording) -> str:
        """The state, with the reviewer's note when it was sent back."""
        if not item.pk:
            return _("New draft")
        return item.get_state_display()

    @admin.display(description=gettext_lazy("author"))
    def written_by(self, item: Update | Wording) -> str:
        """Who began it."""
        return item.author.public_name if item.author_id else "—"

    @admin.display(description=gettext_lazy("published"))
    def edition_link(self, item: Update | Wording) -> str | SafeString:
        """The edition, by whom and when."""
        if not item.edition_id:
            return "—"
        url = reverse("admin:pledges_edition_change", args=[item.edition_id])
        return format_html('<a href="{}">{}</a> · {}', url, item.edition, item.published_by.public_name)
