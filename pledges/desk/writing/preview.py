"""From a draft to the readers: the preview as they will see it, comments, and what is decided there."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
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

from pledges.actions import contributors, drafts, errors, publishing, scheduling
from pledges.desk.shared.base import status_label
from pledges.desk.shared.forms import CommentForm, ScheduleForm, shown_value
from pledges.desk.shared.history import history_of
from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES, OWN_NAMES
from pledges.models import Edition, Evidence, Retraction, Update, Wording
from pledges.queries import pulse, visibility
from pledges.queries.diffs import version_at, word_diff
from pledges.queries.standings import Standing, proposed, standings
from pledges.site.pledges.context import axis_until, page_of, retracted_page_of
from pledges.templatetags.pledges import timeliness

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
FRAMED = [xframe_options_sameorigin, csp_replace({"frame-ancestors": [SELF]})]


def in_words(standing: Standing | None) -> dict[str, str]:
    """A standing's status, since when, and the deadline, each in words."""
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


def replaced_by(item: Update | Wording) -> Update | Wording | None:
    """What is published and would be replaced by the item: what it corrects, or the wording before it."""
    if isinstance(item, Retraction):
        return None
    if isinstance(item, Update):
        return item.corrects
    return visibility.public_wordings().filter(pledge=item.pledge_id, number__lt=item.number).order_by("number").last()


def differences(item: Update | Wording, fields: list[str]) -> list[tuple[str, object]]:
    """What readers would find changed, as (field's label, both texts in one); empty for what replaces nothing."""
    old = replaced_by(item)
    if old is None:
        return []
    labels = {name: item._meta.get_field(name).verbose_name for name in fields}
    pairs = [(str(label), shown_value(old, name), shown_value(item, name)) for name, label in labels.items()]
    if isinstance(item, Update):
        label = str(Evidence._meta.verbose_name_plural)
        pairs.append((label, *("\n".join(map(_piece, each.evidence.all())) for each in (old, item))))
    return [(label, word_diff(was, now)) for label, was, now in pairs if was != now]


def _piece(piece: Evidence) -> str:
    return " · ".join(part for part in (piece.publisher, piece.title, piece.sentence, piece.url) if part)


class ReviewPages:
    """Mixin for what is reviewed: its preview, and one address for each thing that can be done there."""

    def get_urls(self) -> list[URLPattern]:
        """The preview's addresses before Django's own."""
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

    def review_url(self, item: Update | Wording, route: str = "preview") -> str:
        """The address of the item's preview, or of something done there."""
        return reverse(f"admin:pledges_{self.kind}_{route}", args=[item.pk])

    def _viewed(self, request: HttpRequest, pk: int) -> Update | Wording | None:
        item = self.get_object(request, str(pk))
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        return item

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request: HttpRequest, pk: int, schedule_form: ScheduleForm | None = None) -> HttpResponse:
        """The page as the reader will see it, what changes with it, comments, and the buttons."""
        item = self._viewed(request, pk)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if item.is_published:
            return HttpResponseRedirect(self.change_url(item))
        before, after = proposed(item, edition=pulse.current().edition, day=timezone.localdate())
        may_publish = visibility.may_publish(request.user, item)
        retracts = isinstance(item, Retraction)
        language = _language(request)
        fields = [name for name in self.form._meta.fields if name != "pledge"]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of %(what)s") % {"what": str(item)},
            "opts": self.opts,
            "original": item,
            "version": item.updated_at.isoformat(),
            "before": in_words(before),
            "after": in_words(after) | ({"status": _("Counts nowhere"), "since": ""} if retracts else {}),
            "retracts": retracts,
            "differences": differences(item, fields),
            "changed_since": self._changed_since(item, request.GET.get("since", "")),
            "problems": publishing.publication_problems(item, by=request.user),
            "publishers": contributors.publishers(item),
            "may_submit": self.may_submit(request, item),
            "may_edit": self.has_change_permission(request, item),
            "may_publish": may_publish,
            "may_send_back": may_publish and item.state == "review",
            "may_comment": request.user.has_perm("pledges.add_comment"),
            "schedule_form": schedule_form or ScheduleForm(initial={"at": item.publish_at}),
            "zone": timezone.get_current_timezone_name(),
            "comments": item.comments.select_related("author"),
            "comment_form": CommentForm(),
            "language": language,
            "languages": OWN_NAMES.items(),
            "urls": {route.replace("-", "_"): self.review_url(item, route) for route in ROUTES},
            "change_url": self.change_url(item),
            "list_url": reverse(f"admin:pledges_{self.kind}_changelist"),
        }
        refused = schedule_form is not None and schedule_form.errors
        return TemplateResponse(request, "admin/pledges/review/preview.html", context, status=422 if refused else 200)

    def _changed_since(self, item: Update | Wording, since: str) -> list | None:
        """What was recorded of the item after the version `since`, newest first; None when nobody asks."""
        if not since:
            return None
        seen = version_at(item, since)
        changes = history_of(item, self.history_parts)
        return [change for change in changes if seen is None or change.at > seen.pgh_created_at]

    @method_decorator(FRAMED)
    def page_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page with the draft in it, as if it were published now; only the desk may frame it."""
        item = self._viewed(request, pk)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        beat, day = pulse.current(), timezone.localdate()
        with translation.override(_language(request)):
            _before, after = proposed(item, edition=beat.edition, day=day)
            shown = copy.copy(request)
            shown.path = shown.path_info = reverse("pledge", args=[item.pledge.slug])
            shown.pulse, shown.page_parameters, shown.as_of = beat, [], None
            template, now = "pledges/pledge.html", timezone.now()
            if isinstance(item, Retraction):
                template, item.edition = "pledges/retracted.html", Edition(number=beat.edition + 1, published_at=now)
                context = retracted_page_of(item, after)
            else:
                context = page_of(after, standings(beat.edition, day), edition=beat.edition)
            context |= {
                "edition_number": beat.edition + 1,
                "pulse": replace(beat, edition=beat.edition + 1, published_at=now),
            }
            html = render_to_string(template, context, request=shown)
        # What runs or leads away stays out of the frame.
        return HttpResponse(LINK_AWAY.sub('<a target="_blank" ', SCRIPT.sub("", html)))

    @method_decorator(FRAMED)
    def strips_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The status strip before and after, drawn as on the public page; only the desk may frame it."""
        item = self._viewed(request, pk)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        before, after = proposed(item, edition=pulse.current().edition, day=timezone.localdate())
        context = {"before": before, "after": after, "axis": axis_until(after.day, [after])}
        return TemplateResponse(request, "admin/pledges/review/strips.html", context)

    def _press(
        self,
        request: HttpRequest,
        pk: int,
        allowed: Callable[[Update | Wording], bool],
        act: Callable[[Update | Wording, datetime | None], str],
        *,
        stay: bool = False,
    ) -> HttpResponse:
        """Carry out what a button stands for: `act` gets the row and the version that was looked at, and says what was
        done. A refusal is told on the preview, with what was changed when that is the reason."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        item = self._viewed(request, pk)
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not item.is_published and not allowed(item):
            raise PermissionDenied
        if item.is_published:
            return self.too_late(request, item)
        seen = request.POST.get("seen", "")
        try:
            with transaction.atomic():
                words = act(item, _time(seen))
        except errors.Changed as error:
            return self.refused(request, error, f"{self.review_url(item)}?since={_quoted(seen)}#changed")
        except (DatabaseError, errors.Refused) as error:
            return self.refused(request, error, self.review_url(item))
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.review_url(item) if stay else self.change_url(item))

    def _reviews(self, request: HttpRequest) -> Callable[[Update | Wording], bool]:
        return lambda item: visibility.may_publish(request.user, item)

    def submit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand over for review what was previewed."""

        def act(item: Update | Wording, seen: datetime | None) -> str:
            publishing.submit_for_review(item=item, by=request.user, seen=seen)
            return _("Submitted: somebody else reviews and publishes it.")

        # What is submitted already is refused in words, and not as if it were forbidden.
        return self._press(
            request, pk, lambda item: item.state != "draft" or self.may_submit(request, item), act, stay=True
        )

    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it to its author with a note."""

        def act(item: Update | Wording, _seen: datetime | None) -> str:
            return self.do_send_back(request, item)

        return self._press(request, pk, self._reviews(request), act, stay=True)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish now what was previewed, and nothing else."""

        def act(item: Update | Wording, seen: datetime | None) -> str:
            edition = publishing.publish(item, by=request.user, seen=seen)
            return _("Published in edition %(number)s.") % {"number": edition.number}

        return self._press(request, pk, self._reviews(request), act)

    def schedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it published at a time of the newsroom's clock."""
        form = ScheduleForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not form.is_valid():
            item = self._viewed(request, pk)
            if item and not item.is_published:
                if not visibility.may_publish(request.user, item):
                    raise PermissionDenied
                return self.preview_view(request, pk, schedule_form=form)

        def act(item: Update | Wording, seen: datetime | None) -> str:
            at = form.cleaned_data["at"]
            scheduling.schedule(item=item, by=request.user, at=at, seen=seen)
            return _("It goes out at %(when)s (%(zone)s).") % self.set_time(at)

        return self._press(request, pk, self._reviews(request), act, stay=True)

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the set time back."""

        def act(item: Update | Wording, _seen: datetime | None) -> str:
            scheduling.unschedule(item=item)
            return _("It is not scheduled any more and waits for review.")

        return self._press(request, pk, self._reviews(request), act, stay=True)

    def comment_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say something about the draft."""

        def act(item: Update | Wording, _seen: datetime | None) -> str:
            drafts.comment(item=item, by=request.user, text=request.POST.get("text", ""))
            return _("Your comment is kept with the draft.")

        return self._press(request, pk, lambda _item: request.user.has_perm("pledges.add_comment"), act, stay=True)

    @staticmethod
    def set_time(at: datetime) -> dict[str, str]:
        """A set time in words, with the newsroom's zone."""
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return {"when": when, "zone": timezone.get_current_timezone_name()}


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else translation.get_language()[:2]


def _time(seen: str) -> datetime | None:
    """The version that a page carried. Without a readable one nothing was looked at: no version is that old."""
    try:
        when = parse_datetime(seen)
    except ValueError:
        when = None
    return when if when and timezone.is_aware(when) else datetime(1970, 1, 1, tzinfo=timezone.get_current_timezone())


def _quoted(seen: str) -> str:
    return quote(seen[:64], safe="")
