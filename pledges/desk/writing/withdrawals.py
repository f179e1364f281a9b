"""Withdrawals of updates: begun on the update's page, to another pledge or to none; published by somebody else."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import errors, withdrawal
from pledges.desk.shared.base import language_pairs, status_label, title_only
from pledges.desk.shared.filters import PledgeFilter
from pledges.desk.shared.list_search import MOST_WORDS, pledges_named
from pledges.desk.shared.work_filters import WaitsFilter
from pledges.desk.writing.forms import WithdrawalForm
from pledges.desk.writing.preview import in_words
from pledges.desk.writing.publishable import HEAD, PublicationFilter, PublishableAdmin
from pledges.models import Pledge, Update, Withdrawal
from pledges.queries import pulse, visibility
from pledges.queries.standings import proposed

CHOICES = 60  # pledges listed to choose from at once
MAY_WITHDRAW = "pledges.add_withdrawal"


def withdrawal_of(update: Update) -> Withdrawal | None:
    """The withdrawal of an update, draft or published, or None."""
    return Withdrawal.objects.select_related("moved_to__pledge").filter(update=update).first()


class WithdrawingPages(PublishableAdmin):
    """What an update's page offers: to withdraw it, or to move it to another pledge."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="pledges_update_withdraw"),
            path("<int:pk>/move/", wrap(self.move_view), name="pledges_update_move"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Update]:
        """With the withdrawal to which a moved update belongs."""
        return super().get_queryset(request).select_related("moved_by")

    def may_submit(self, request: HttpRequest, item: Update) -> bool:
        """A moved update is reviewed, published and discarded with its withdrawal, not alone."""
        return super().may_submit(request, item) and not hasattr(item, "moved_by")

    def offers_publication(self, request: HttpRequest, item: Any) -> bool:
        """See `may_submit`."""
        return super().offers_publication(request, item) and not hasattr(item, "moved_by")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `may_submit`."""
        return super().has_delete_permission(request, obj) and not hasattr(obj, "moved_by")

    def withdrawing(self, request: HttpRequest, item: Update | None, corrected: bool) -> dict[str, object]:
        """The context of an update's page: its withdrawal, whether one may be begun, and that of which it is a part."""
        if item is None:
            return {}
        begun = withdrawal_of(item) if item.is_published else None
        final = bool(begun and begun.is_published)
        may = item.is_published and not corrected and not final and request.user.has_perm(MAY_WITHDRAW)
        moved_by = Withdrawal.objects.select_related("update__pledge").filter(moved_to=item).first()
        return {"withdrawal": begun, "may_withdraw": may, "moved_by": moved_by}

    def _withdrawable(self, request: HttpRequest, pk: int) -> Update | None:
        update: Update | None = self.get_object(request, str(pk))
        if update and not request.user.has_perm(MAY_WITHDRAW):
            raise PermissionDenied
        return update

    @method_decorator(require_POST)
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin the withdrawal of a published update, or continue the one begun, and open it."""
        update = self._withdrawable(request, pk)
        if update is None:
            return self.not_found(request, pk)
        return self._begin(request, update, None, self.change_url(update))

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the pledges to which the update may belong (`q`: words to find). POST: move it to that of `pledge`."""
        update = self._withdrawable(request, pk)
        if update is None:
            return self.not_found(request, pk)
        if request.method != "POST":
            return self._choose(request, update)
        chosen = request.POST.get("pledge", "")
        to = (
            Pledge.objects.filter(pk=chosen).first()
            if chosen.isascii() and chosen.isdigit() and len(chosen) < 10
            else None
        )
        if to is None:
            return self._choose(request, update, problem=_("Choose the pledge to which the update belongs."))
        return self._begin(request, update, to, reverse("admin:pledges_update_move", args=[update.pk]))

    def _begin(self, request: HttpRequest, update: Update, to: Pledge | None, back: str) -> HttpResponse:
        try:
            draft = withdrawal.start_withdrawal(update=update, by=user_of(request), to=to)
        except errors.Refused as error:
            return self.refused(request, error, back)
        self.message_user(request, _("This draft will withdraw the published update. Say why."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pledges_withdrawal_change", args=[draft.pk]))

    def _choose(self, request: HttpRequest, update: Update, problem: str = "") -> HttpResponse:
        words = request.GET.get("q", "")[:200]
        choices, more = self._choices(update, words)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Move to another pledge"),
            "opts": self.opts,
            "original": update,
            "change_url": self.change_url(update),
            "choices": choices,
            "more": more,
            "q": words,
            "problem": problem,
        }
        status = 422 if problem else 200
        return TemplateResponse(request, "admin/pledges/update/move.html", context, status=status)

    def _choices(self, update: Update, words: str) -> tuple[list[Pledge], int]:
        """The public pledges with these words in title or address, those that share a topic with the update's pledge
        first, and how many more there are."""
        rows = visibility.public_pledges().exclude(pk=update.pledge_id)
        for word in words.split()[:MOST_WORDS]:
            rows = rows.filter(pk__in=pledges_named(word).values("pk"))
        rows = rows.select_related("mandate").defer("search_en", "search_es").prefetch_related(title_only())
        alike = set(Pledge.objects.filter(topics__pledges=update.pledge_id).values_list("pk", flat=True))
        found = sorted(rows, key=lambda pledge: (pledge.pk not in alike, str(pledge).casefold(), pledge.pk))
        return found[:CHOICES], len(found[CHOICES:])


@admin.register(Withdrawal)
class WithdrawalAdmin(PublishableAdmin):
    """The admin of withdrawals: that an update counts no more, why, and where it is told instead."""

    form = WithdrawalForm
    list_display = ["what", "state", "author", "updated_at"]
    list_filter = [PublicationFilter, WaitsFilter, PledgeFilter]
    search_fields = ["note_en", "note_es", "pledge__slug", "update__text_en", "update__text_es"]
    ordering = ["-updated_at"]
    readonly_fields = ["update_link", "moved_link"]
    fieldsets = [
        (None, {"fields": [HEAD, "update_link", "moved_link"]}),
        (
            gettext_lazy("Why it is withdrawn"),
            {
                "fields": language_pairs("note"),
                "description": gettext_lazy(
                    "Needed in at least one language. Only for an update that should not count at all, or that belongs "
                    "to another pledge; what is wrong in it is mended by a correction. A withdrawal is final."
                ),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withdrawal]:
        """With the updates that it withdraws and publishes."""
        return super().get_queryset(request).select_related("update__pledge", "moved_to__pledge")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A withdrawal is begun on its update's page."""
        return False

    def may_submit(self, request: HttpRequest, item: Withdrawal) -> bool:
        """Also the permission to begin a withdrawal."""
        return super().may_submit(request, item) and request.user.has_perm(MAY_WITHDRAW)

    def more_context(self, item: Any) -> dict[str, object]:
        """For the preview: what is withdrawn, and what moving it changes at the other pledge."""
        if item.moved_to is None:
            return {"withdraws": item.update}
        edition, day = pulse.current().edition, timezone.localdate()
        before, after = proposed(item.moved_to, edition=edition, day=day)
        moved = {"update": item.moved_to, "before": in_words(before), "after": in_words(after)}
        return {"withdraws": item.update, "moved": moved}

    @admin.display(description=gettext_lazy("update"), ordering="update__happened_on")
    def what(self, item: Withdrawal) -> str:
        return str(item)

    @admin.display(description=gettext_lazy("update"))
    def update_link(self, item: Withdrawal) -> SafeString:
        """The update, and what it said."""
        url = reverse("admin:pledges_update_change", args=[item.update_id])
        return format_html('<a class="desk-link" href="{}">{}</a> “{}”', url, item.update, item.update.text)

    @admin.display(description=gettext_lazy("moved to"))
    def moved_link(self, item: Withdrawal) -> str | SafeString:
        """The draft at the other pledge, with the status that it gives it."""
        if item.moved_to is None:
            return _("to no other pledge")
        url = reverse("admin:pledges_update_change", args=[item.moved_to_id])
        link = format_html(
            '{}: <a class="desk-link" href="{}">{}</a>',
            item.moved_to.pledge,
            url,
            _("the update there (%(status)s)") % {"status": status_label(item.moved_to.status)},
        )
        if item.is_published:
            return link
        return format_html("{}<br>{}", link, _("Its status is copied: look whether it is right by the criteria there."))
