"""The preview of a draft as readers will see it, with comments and the decisions on its publication."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from pledges.accounts.requests import user_of
from pledges.actions import contributors, drafts, errors, publishing, scheduling
from pledges.desk.leads.outlets import leads_of
from pledges.desk.shared.base import status_label
from pledges.desk.shared.history import history_of
from pledges.desk.shared.languages import newsroom_of
from pledges.desk.shared.public_pages import in_edition
from pledges.desk.writing.autosave import AutosavePages
from pledges.desk.writing.forms import CommentForm, ScheduleForm
from pledges.desk.writing.new_words import new_words, replaced_by
from pledges.domain.dates import written
from pledges.domain.languages import OWN_NAMES
from pledges.domain.lazy import lazy
from pledges.models import Draftable, Edition, PledgeCorrection, Retraction, State, Update, Wording
from pledges.queries import corrections, pulse, visibility
from pledges.queries.diffs import version_at
from pledges.queries.standings import Standing, proposed, standings
from pledges.queries.told_already import of_draft
from pledges.site.pledges.context import axis_until, page_of, retracted_page_of
from pledges.templatetags.pledges import timeliness

if TYPE_CHECKING:
    from pledges.jobs import duplicates
else:
    duplicates = lazy("pledges.jobs.duplicates")

ROUTES = (
    "preview",
    "preview_page",
    "preview_strips",
    "submit",
    "send-back",
    "publish",
    "schedule",
    "unschedule",
    "comment",
)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
LINK_AWAY = re.compile(r'<a (?![^>]*href="#)')
FRAMED: list[Any] = [xframe_options_sameorigin, csp_replace({"frame-ancestors": [SELF]})]


def in_words(standing: Standing | None) -> dict[str, str]:
    """A standing's status, since when it has it, and its deadline, in words."""
    if standing is None:
        return {"status": _("Not public yet"), "since": "", "due": ""}
    since = (
        written(standing.since, standing.turning_update.happened_precision, in_sentence=True)
        if standing.turning_update
        else ""
    )
    return {
        "status": status_label(standing.status),
        "since": _("since %(day)s") % {"day": since} if since else "",
        "due": timeliness(standing)["phrase"],
    }


class ReviewPages(AutosavePages):
    """The preview of what is reviewed, and a view for each decision there."""

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable] = {
            "preview/": self.preview_view,
            "preview/page/": self.page_view,
            "preview/strips/": self.strips_view,
            "submit/": self.submit_view,
            "send-back/": self.send_back_view,
            "publish/": self.publish_view,
            "schedule/": self.schedule_view,
            "unschedule/": self.unschedule_view,
            "comment/": self.comment_view,
        }
        wrap = self.admin_site.admin_view
        return [
            path(f"<int:pk>/{route}", wrap(view), name=f"pledges_{self.kind}_{route.strip('/').replace('/', '_')}")
            for route, view in views.items()
        ] + super().get_urls()

    def review_url(self, item: Draftable, route: str = "preview") -> str:
        """The address of the item's preview, or of another of its routes."""
        return reverse(f"admin:pledges_{self.kind}_{route}", args=[item.pk])

    def may_submit(self, request: HttpRequest, item: Any) -> bool:
        """Whether this person may submit the item for review."""
        return item.state == State.DRAFT and visibility.may_edit(user_of(request), item)

    def more_context(self, item: Draftable) -> dict[str, object]:
        """What else the preview of this kind of item shows."""
        return {}

    def offers_publication(self, request: HttpRequest, item: Draftable) -> bool:
        """Whether this person is offered to publish the item here."""
        return visibility.may_publish(user_of(request), item)

    def _viewable(self, request: HttpRequest, pk: int) -> Draftable | None:
        """The item, or None if there is none. Raises PermissionDenied if the person may not see it."""
        item = self.get_object(request, str(pk))
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        return item

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request: HttpRequest, pk: int, schedule_form: ScheduleForm | None = None) -> HttpResponse:
        """The page as readers will see it, what changes for them, comments, and the buttons."""
        item = self._viewable(request, pk)
        if item is None:
            return self.not_found(request, pk)
        if item.is_published:
            return HttpResponseRedirect(self.change_url(item))
        before, after = proposed(item, edition=pulse.current().edition, day=timezone.localdate())
        user = user_of(request)
        may_publish = self.offers_publication(request, item)
        retracts = isinstance(item, Retraction)
        language = _language(request)
        form: Any = self.form
        fields = [name for name in form._meta.fields if name != "pledge"]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of %(what)s") % {"what": str(item)},
            "opts": self.opts,
            "original": item,
            "version": item.updated_at.isoformat(),
            "before": in_words(before),
            "after": in_words(after) | ({"status": _("Counts nowhere"), "since": ""} if retracts else {}),
            "retracts": retracts,
            "new": None if isinstance(item, PledgeCorrection) else new_words(item, fields, replaced_by(item)),
            "logged": corrections.of_pledge(item) if isinstance(item, PledgeCorrection) else None,
            "changed_since": self._changed_since(item, request.GET.get("since", "")),
            "like": duplicates.like_wording(item) if isinstance(item, Wording) and item.number == 1 else [],
            "told": of_draft(item) if isinstance(item, Update) else None,
            "leads": leads_of(item) if isinstance(item, Update) else [],
            "problems": publishing.publication_problems(item, by=user),
            "publishers": contributors.publishers(item),
            "may_submit": self.may_submit(request, item),
            "may_edit": self.has_change_permission(request, item),
            "may_publish": may_publish,
            "may_send_back": may_publish and item.state == State.REVIEW,
            "may_comment": user.has_perm("pledges.add_comment"),
            "schedule_form": schedule_form or ScheduleForm(initial={"at": item.publish_at}),
            "zone": timezone.get_current_timezone_name(),
            "comments": item.comments.select_related("author"),
            "comment_form": CommentForm(),
            "language": language,
            "languages": [(code, OWN_NAMES[code]) for code in newsroom_of(request).languages],
            "urls": {route.replace("-", "_"): self.review_url(item, route) for route in ROUTES},
            "change_url": self.change_url(item),
            "list_url": reverse(f"admin:pledges_{self.kind}_changelist"),
            **self.more_context(item),
        }
        refused = schedule_form is not None and schedule_form.errors
        return TemplateResponse(request, "admin/pledges/review/preview.html", context, status=422 if refused else 200)

    def _changed_since(self, item: Draftable, since: str) -> list | None:
        """The recorded changes of the item after the version `since`, newest first; None if `since` is ""."""
        if not since:
            return None
        seen: Any = version_at(item, since)
        changes = history_of(item, self.history_parts)
        return [change for change in changes if seen is None or change.at > seen.pgh_created_at]

    @method_decorator(FRAMED)
    def page_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page as if the draft were published now, for a frame of the preview."""
        item = self._viewable(request, pk)
        if item is None:
            return self.not_found(request, pk)
        current, day = pulse.current(), timezone.localdate()
        with translation.override(_language(request)):
            _before, after = proposed(item, edition=current.edition, day=day)
            public_request: Any = copy.copy(request)
            public_request.path = public_request.path_info = reverse("pledge", args=[after.pledge.slug])
            public_request.pulse, public_request.page_parameters, public_request.as_of = current, [], None
            template, now = "pledges/pledge.html", timezone.now()
            if isinstance(item, Retraction):
                template, item.edition = "pledges/retracted.html", Edition(number=current.edition + 1, published_at=now)
                context = retracted_page_of(item, after)
            else:
                context = page_of(after, standings(current.edition, day), edition=current.edition)
            context |= {
                "edition_number": current.edition + 1,
                "pulse": replace(current, edition=current.edition + 1, published_at=now),
            }
            html = render_to_string(template, context, request=public_request)
        # No scripts run in the frame, and links open outside of it.
        return HttpResponse(LINK_AWAY.sub('<a target="_blank" ', SCRIPT.sub("", html)))

    @method_decorator(FRAMED)
    def strips_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The status strip before and after, as on the public page, for a frame of the preview."""
        item = self._viewable(request, pk)
        if item is None:
            return self.not_found(request, pk)
        before, after = proposed(item, edition=pulse.current().edition, day=timezone.localdate())
        context = {"before": before, "after": after, "axis": axis_until(after.day, [after])}
        return TemplateResponse(request, "admin/pledges/review/strips.html", context)

    def _press(
        self,
        request: HttpRequest,
        pk: int,
        allowed: Callable[[Draftable], bool],
        act: Callable[[Draftable, datetime | None], str],
        *,
        stay: bool = False,
    ) -> HttpResponse:
        """Carry out a button of the preview, by POST.

        `act` gets the item and the version that the person saw, and returns the message. A refusal is shown on the
        preview, with what was changed since if that is the reason. `stay` returns to the preview, else to the form.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        item = self._viewable(request, pk)
        if item is None:
            return self.not_found(request, pk)
        if not item.is_published and not allowed(item):
            raise PermissionDenied
        if item.is_published:
            return self.too_late(request, item)
        seen = request.POST.get("seen", "")
        try:
            with transaction.atomic():
                words = act(item, version_of(seen))
        except errors.Changed as error:
            return self.refused(request, error, f"{self.review_url(item)}?since={_quoted(seen)}#changed")
        except (DatabaseError, errors.Refused) as error:
            return self.refused(request, error, self.review_url(item))
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.review_url(item) if stay else self.change_url(item))

    def too_late(self, request: HttpRequest, item: Draftable) -> HttpResponse:
        """Say that somebody published the item meanwhile, and show it."""
        words = _("%(who)s has published this in edition %(number)s, so it is final. Nothing you typed was saved.")
        publisher = item.published_by.public_name if item.published_by else ""
        self.message_user(request, words % {"who": publisher, "number": item.edition_id}, messages.ERROR)
        return HttpResponseRedirect(self.change_url(item))

    def do_send_back(self, request: HttpRequest, item: Draftable) -> str:
        """Send the draft back to its author with the note of the form; returns the message."""
        publishing.send_back(item=item, by=user_of(request), note=request.POST.get("review_note", ""))
        return _("Sent back to %(author)s.") % {"author": item.author.public_name}

    def _may_publish(self, request: HttpRequest) -> Callable[[Draftable], bool]:
        return lambda item: visibility.may_publish(user_of(request), item)

    def submit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Submit for review what was previewed."""

        def act(item: Draftable, seen: datetime | None) -> str:
            publishing.submit_for_review(item=item, by=user_of(request), seen=seen)
            return _("Submitted: somebody else reviews and publishes it.")

        # What is submitted already is refused with a reason, not with a 403.
        return self._press(
            request, pk, lambda item: item.state != State.DRAFT or self.may_submit(request, item), act, stay=True
        )

    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it back to its author with a note."""

        def act(item: Draftable, _seen: datetime | None) -> str:
            return self.do_send_back(request, item)

        return self._press(request, pk, self._may_publish(request), act, stay=True)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish now the version that was previewed."""

        def act(item: Draftable, seen: datetime | None) -> str:
            edition = publishing.publish(item, by=user_of(request), seen=seen)
            return in_edition(_("Published in edition %(number)s."), edition)

        return self._press(request, pk, self._may_publish(request), act)

    def schedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Schedule the publication for a time in the newsroom's time zone."""
        form = ScheduleForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not form.is_valid():
            item = self._viewable(request, pk)
            if item and not item.is_published:
                if not visibility.may_publish(user_of(request), item):
                    raise PermissionDenied
                return self.preview_view(request, pk, schedule_form=form)

        def act(item: Draftable, seen: datetime | None) -> str:
            at = form.cleaned_data["at"]
            scheduling.schedule(item=item, by=user_of(request), at=at, seen=seen)
            return _("It will be published at %(when)s (%(zone)s).") % self.set_time(at)

        return self._press(request, pk, self._may_publish(request), act, stay=True)

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel the scheduled publication."""

        def act(item: Draftable, _seen: datetime | None) -> str:
            scheduling.unschedule(item=item)
            return _("It is not scheduled any more and waits for review.")

        return self._press(request, pk, self._may_publish(request), act, stay=True)

    def comment_view(self, request: HttpRequest, pk: int) -> HttpResponse:

        def act(item: Draftable, _seen: datetime | None) -> str:
            drafts.comment(item=item, by=user_of(request), text=request.POST.get("text", ""))
            return _("Your comment is kept with the draft.")

        return self._press(request, pk, lambda _item: request.user.has_perm("pledges.add_comment"), act, stay=True)

    @staticmethod
    def set_time(at: datetime) -> dict[str, str]:
        """A time of publication in words, with the newsroom's time zone."""
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return {"when": when, "zone": timezone.get_current_timezone_name()}


def _language(request: HttpRequest) -> str:
    """The language of the preview: the one asked for, else the desk's, else the main one, of those that are written."""
    codes = newsroom_of(request).languages
    wished = (request.GET.get("lang", ""), (translation.get_language() or "")[:2], codes[0])
    return next(language for language in wished if language in codes)


def version_of(seen: str) -> datetime:
    """The version that the page sent (ISO 8601). If it is malformed, a time before that of any version."""
    try:
        when = parse_datetime(seen)
    except ValueError:
        when = None
    return when if when and timezone.is_aware(when) else datetime(1970, 1, 1, tzinfo=timezone.get_current_timezone())


def _quoted(seen: str) -> str:
    return quote(seen[:64], safe="")
