"""Many drafts at once: chosen in a list, submitted from one page, or read on one page and published in one edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.accounts.requests import user_of
from pledges.actions import errors, publishing, together
from pledges.actions.together import Decision
from pledges.desk.shared.base import DeskAdmin, refusal_of, status_label
from pledges.desk.shared.due import status_now
from pledges.desk.writing.new_words import NewWords, new_words, with_words
from pledges.desk.writing.preview import ReviewPages, version_of
from pledges.domain.dates import written
from pledges.models import Pledge, State, Update, Wording

PUBLISH, SEND_BACK = "publish", "back"
LONGEST_ADDRESS = 20 * together.MOST  # characters of the ids in an address


@dataclass
class Row:
    """A chosen draft on the page: why it cannot go on, what was decided, and what to change if it is sent back.

    `error` says what was wrong with the choice; `is_refused` if somebody or a rule came between, so that it is void.
    """

    item: Any
    url: str
    problems: list[str] = field(default_factory=list)
    choice: str = ""
    note: str = ""
    error: str = ""
    is_refused: bool = False
    status: str = ""
    new: NewWords | None = None
    changes: list | None = None

    @property
    def name(self) -> str:
        """The pledge, and of an update its day and status."""
        if not isinstance(self.item, Update):
            return str(self.item)
        day = written(self.item.happened_on, self.item.happened_precision)
        return f"{self.item.pledge} · {day} · {self.item.get_status_display()}"

    @property
    def version(self) -> str:
        """When it was last saved, in ISO 8601."""
        version: str = self.item.updated_at.isoformat()
        return version


def too_many(count: int) -> str:
    """That so many drafts are too many for one page."""
    words = _("%(count)s are chosen, and at most %(most)s go at once. Narrow the list with a filter, or take a part.")
    return words % {"count": count, "most": together.MOST}


class BulkPages(ReviewPages):
    """The actions of a list of drafts, and their pages. The chosen rows are in the address, so nothing is stored."""

    actions: Sequence[Any] = ("submit_selected", "review_selected")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("submit-many/", wrap(self.submit_many_view), name=f"pledges_{self.kind}_submit_many"),
            path("review-many/", wrap(self.review_many_view), name=f"pledges_{self.kind}_review_many"),
            *super().get_urls(),
        ]

    def has_submit_permission(self, request: HttpRequest) -> bool:
        """Whether this person may submit drafts of this kind; each draft has its own rule as well."""
        return self.has_change_permission(request)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may publish this kind of draft."""
        return user_of(request).has_perm(f"pledges.publish_{self.kind}")

    @admin.action(description=gettext_lazy("Submit for review…"), permissions=["submit"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.go_together(request, "submit_many", list(queryset.values_list("pk", flat=True)))

    @admin.action(description=gettext_lazy("Read and publish together…"), permissions=["publish"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.go_together(request, "review_many", list(queryset.values_list("pk", flat=True)))

    def go_together(self, request: HttpRequest, route: str, pks: list[int]) -> HttpResponse | None:
        """Redirect to a page with these rows; with too many of them, None and a message."""
        if len(pks) > together.MOST:
            self.message_user(request, too_many(len(pks)), messages.ERROR)
            return None
        return HttpResponseRedirect(self.together_url(route, pks))

    def together_url(self, route: str, pks: Iterable[int]) -> str:
        """The address of a page for these rows."""
        query = urlencode({"ids": ",".join(map(str, pks))}, safe=",")
        return f"{reverse(f'admin:pledges_{self.kind}_{route}')}?{query}"

    def submit_many_view(self, request: HttpRequest) -> HttpResponse:
        """What of the chosen drafts can be submitted, and what not and why; then submit what can be."""
        if not self.has_submit_permission(request):
            raise PermissionDenied
        rows, gone = self._chosen(request)
        if isinstance(rows, HttpResponse):
            return rows
        user = user_of(request)
        for row in rows:
            if row.item.state == State.DRAFT and not self.may_submit(request, row.item):
                row.problems = [_("This is somebody else's draft, and you may not submit it.")]
            else:
                row.problems = publishing.submission_problems(row.item, by=user)
        ready = [row for row in rows if not row.problems]
        if request.method == "POST" and ready:
            seen = [Decision(row.item, _seen(request, row)) for row in ready if f"seen-{row.item.pk}" in request.POST]
            refused = together.submit(decisions=seen, by=user)
            count = len(seen) - len(refused)
            if count:
                words = ngettext("%(count)s draft is submitted.", "%(count)s drafts are submitted.", count)
                after = _("Somebody else reviews and publishes.")
                self.message_user(request, f"{words % {'count': count}} {after}", messages.SUCCESS)
            if not refused:
                return HttpResponseRedirect(f"{self._list_url()}?waits=mine")
            left = [item.pk for item in refused]
            for item, reasons in refused.items():
                self.message_user(request, f"{Row(item, '').name}: {' '.join(reasons)}", messages.ERROR)
            return HttpResponseRedirect(self.together_url("submit_many", left))
        context = {"ready": ready, "hindered": [row for row in rows if row.problems], "gone": gone}
        return self._page(request, "submit_many", _("Submit for review"), context)

    def review_many_view(self, request: HttpRequest) -> HttpResponse:
        """The chosen drafts one after another, with a choice for each; then publish and send back what was chosen."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        rows, gone = self._chosen(request)
        if isinstance(rows, HttpResponse):
            return rows
        faults: list[str] = []
        for row in rows:
            row.choice = request.POST.get(f"choice-{row.item.pk}", "")
            row.note = request.POST.get(f"note-{row.item.pk}", "")
        if request.method == "POST" and "_tick" not in request.POST:
            faults = self._decide(request, rows)
            if not faults:
                return HttpResponseRedirect(f"{self._list_url()}?waits=me")
        self._read(rows)
        for row in rows:
            row.problems = publishing.publication_problems(row.item, by=user_of(request))
            if "_tick" in request.POST and not row.problems:
                row.choice = row.choice or PUBLISH
        context = {
            "rows": rows,
            "gone": gone,
            "faults": faults,
            "refused": [row for row in rows if row.is_refused],
            "ticked": sum(row.choice == PUBLISH for row in rows),
        }
        return self._page(request, "review_many", _("Read and publish together"), context, 422 if faults else 200)

    def _decide(self, request: HttpRequest, rows: list[Row]) -> list[str]:
        """Publish and send back what was chosen; the reasons if nothing was done, with the error of each row."""
        publish = [Decision(row.item, _seen(request, row)) for row in rows if row.choice == PUBLISH]
        back = [Decision(row.item, _seen(request, row), row.note) for row in rows if row.choice == SEND_BACK]
        if not publish and not back:
            return [_("Nothing is chosen: choose “Publish” or “Send back” for a draft.")]
        for row in rows:
            if row.choice == SEND_BACK and not row.note.strip():
                row.error = _("Say what should be changed.")
        if any(row.error for row in rows):
            return [_("Nothing is published or sent back yet: a note is missing.")]
        user = user_of(request)
        try:
            edition = together.decide(publish=publish, send_back=back, by=user)
        except errors.RefusedItems as error:
            self._refuse(request, rows, error)
            return [_("Nothing is published or sent back yet.")]
        except (DatabaseError, errors.Refused) as error:
            return refusal_of(error)
        if edition:
            words = ngettext(
                "%(count)s draft is published in edition %(number)s.",
                "%(count)s drafts are published in edition %(number)s.",
                len(publish),
            )
            self.message_user(request, words % {"count": len(publish), "number": edition.number}, messages.SUCCESS)
        if back:
            words = ngettext("%(count)s draft is sent back.", "%(count)s drafts are sent back.", len(back))
            self.message_user(request, words % {"count": len(back)}, messages.SUCCESS)
        return []

    def _refuse(self, request: HttpRequest, rows: list[Row], error: errors.RefusedItems) -> None:
        """Read the refused drafts again, with their reasons and without a choice; the others keep theirs."""
        fresh = self.get_queryset(request).in_bulk([item.pk for item in error.reasons])
        for row in rows:
            if row.item not in error.reasons:
                continue
            row.error, row.is_refused, row.choice = " ".join(error.reasons[row.item]), True, ""
            if row.item.pk in fresh:
                row.changes = self._changed_since(row.item, request.POST.get(f"seen-{row.item.pk}", ""))
                row.item = fresh[row.item.pk]

    def _chosen(self, request: HttpRequest) -> tuple[list[Row] | HttpResponse, int]:
        """The drafts that the address names, in its order, and how many of them are no more there."""
        text = request.GET.get("ids", "")[: LONGEST_ADDRESS + 1]
        pks = list(dict.fromkeys(int(part) for part in text.split(",") if part.isascii() and part.isdigit()))
        pks = [pk for pk in pks if pk < 2**63]
        if not pks or len(pks) > together.MOST:
            words = too_many(len(pks)) if pks else _("Choose drafts in the list first.")
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(self._list_url()), 0
        found = self.get_queryset(request).annotate(pledge_status=status_now("pledge")).in_bulk(pks)
        rows = [
            Row(found[pk], self.review_url(found[pk]), status=status_label(found[pk].pledge_status))
            for pk in pks
            if pk in found
        ]
        return rows, len(pks) - len(rows)

    def _read(self, rows: list[Row]) -> None:
        """Read the words of the drafts and what they replace, in as many queries for many as for few."""
        form: Any = self.form
        fields = [name for name in form._meta.fields if name != "pledge"]
        replaced = with_words([row.item for row in rows])
        for row in rows:
            row.new = new_words(row.item, fields, replaced[row.item])

    def _list_url(self) -> str:
        return reverse(f"admin:pledges_{self.kind}_changelist")

    def _page(self, request: HttpRequest, name: str, title: str, context: dict, status: int = 200) -> HttpResponse:
        shared = {"title": title, "opts": self.opts, "list_url": self._list_url(), "most": together.MOST}
        context = {**self.admin_site.each_context(request), **shared, **context}
        return TemplateResponse(request, f"admin/pledges/review/{name}.html", context, status=status)


def _seen(request: HttpRequest, row: Row) -> datetime:
    """The version of a draft that the page showed."""
    return version_of(request.POST.get(f"seen-{row.item.pk}", ""))


class PledgeBulk(DeskAdmin):
    """The same actions in the list of pledges, for the newest unpublished wording of each."""

    actions: Sequence[Any] = ("submit_selected", "review_selected")

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("pledges.change_wording")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("pledges.publish_wording")

    @admin.action(description=gettext_lazy("Submit for review…"), permissions=["submit"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Pledge]) -> HttpResponse | None:
        return self._wordings_together(request, "submit_many", queryset)

    @admin.action(description=gettext_lazy("Read and publish together…"), permissions=["publish"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet[Pledge]) -> HttpResponse | None:
        return self._wordings_together(request, "review_many", queryset)

    def _wordings_together(self, request: HttpRequest, route: str, queryset: QuerySet[Pledge]) -> HttpResponse | None:
        wordings: Any = self.admin_site.get_model_admin(Wording)
        pledges = list(queryset.values_list("pk", flat=True))
        drafts = Wording.objects.exclude(state=State.PUBLISHED).filter(pledge__in=pledges)
        draft_of = dict(drafts.order_by("number").values_list("pledge", "pk"))
        if not draft_of:
            self.message_user(request, _("None of these pledges has an unpublished wording."), messages.ERROR)
            return None
        if without := len(set(pledges)) - len(draft_of):
            words = ngettext(
                "%(count)s of these pledges has no unpublished wording and is left out.",
                "%(count)s of these pledges have no unpublished wording and are left out.",
                without,
            )
            self.message_user(request, words % {"count": without}, messages.WARNING)
        answer: HttpResponse | None = wordings.go_together(
            request, route, [draft_of[pk] for pk in pledges if pk in draft_of]
        )
        return answer
