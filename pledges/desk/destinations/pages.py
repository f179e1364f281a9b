"""Destinations and their deliveries: added, tested, turned off, and what was given up sent again. For publishers."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import broker, deliveries, destinations, errors
from pledges.desk.destinations.forms import DestinationForm
from pledges.desk.shared.base import DeskAdmin, ReadOnly, annotated
from pledges.desk.shared.filters import ChosenFilter, UsedFilter
from pledges.desk.shared.languages import newsroom_of
from pledges.domain.lazy import lazy
from pledges.models import CHOSEN_EVENTS, Delivery, Destination, Event

if TYPE_CHECKING:
    from pledges.jobs import destinations as destination_jobs
else:
    destination_jobs = lazy("pledges.jobs.destinations")


def dead_url(destination: Destination) -> str:
    """The address of the list of what was given up for a destination."""
    listed, events = reverse("admin:pledges_delivery_changelist"), ",".join(CHOSEN_EVENTS)
    return f"{listed}?state__exact=dead&destination__id__exact={destination.pk}&event__in={events}"


def say_replayed(model_admin: DeskAdmin, request: HttpRequest, count: int) -> None:
    """Have workers send what was put back, and say how many there were."""
    if not count:
        words = _("Nothing is sent again: only what was given up can be, and only to active destinations.")
        model_admin.message_user(request, words, messages.WARNING)
        return
    broker.enqueue(destination_jobs.send_deliveries)
    words = ngettext(
        "%(count)s delivery is sent again within a minute.",
        "%(count)s deliveries are sent again within a minute.",
        count,
    )
    model_admin.message_user(request, words % {"count": count}, messages.SUCCESS)


class HealthFilter(ChosenFilter):
    """By how a destination does."""

    title = gettext_lazy("health")
    parameter_name = "health"
    options = (
        ("good", gettext_lazy("Without trouble")),
        ("failing", gettext_lazy("Failing or gone")),
        ("off", gettext_lazy("Turned off")),
    )

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        if value == "off":
            return queryset.filter(active=False)
        if value == "failing":
            return queryset.filter(Destination.FAILING)
        return queryset.filter(active=True).exclude(Destination.FAILING)


@admin.register(Destination)
class DestinationAdmin(DeskAdmin):
    """The address and the signing secret are shown to nobody once they are stored."""

    form = DestinationForm
    history_parts = (Delivery,)
    list_display = [
        *("name", "kind", "address_mask", "sent_when", "health"),
        annotated("waiting", gettext_lazy("waiting")),
        annotated("dead", gettext_lazy("given up")),
    ]
    list_filter = [HealthFilter, "kind"]
    actions = ["turn_off"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "address", "active"]}),
        (
            gettext_lazy("What is sent"),
            {"fields": ["events", "least_percent", "group", "language"]},
        ),
    ]
    how: Any = (
        gettext_lazy("How it does"),
        {
            "fields": [
                "health",
                ("last_sent_at", "given_up"),
                ("address_set_at", "secret_set_at", "previous_secret_until"),
                ("added_by", "added_at"),
            ]
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        """With the numbers of what waits and of what was given up."""
        told = Q(deliveries__event__in=CHOSEN_EVENTS)  # a test that failed is not to be sent again
        waiting, dead = (Count("deliveries", filter=told & Q(deliveries__state=state)) for state in ("waiting", "dead"))
        return super().get_queryset(request).annotate(waiting=waiting, dead=dead)

    def get_fieldsets(self, request: HttpRequest, obj: Destination | None = None) -> Any:
        return [*self.fieldsets, self.how] if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Destination | None = None) -> list[str]:
        """The kind does not change: the secret and what waits are of that kind."""
        if obj is None:
            return []
        how = ["health", "last_sent_at", "given_up", "address_set_at", "secret_set_at", "previous_secret_until"]
        return ["kind", *how, "added_by", "added_at"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """In the newsroom's main language, and told of editions, unless something else is chosen."""
        initial = {"language": newsroom_of(request).main_language, "events": [Event.EDITION.value]}
        return {**initial, **super().get_changeform_initial_data(request)}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/secret/", wrap(self.secret_view), name="pledges_destination_secret"),
            path("<int:pk>/test/", wrap(self.test_view), name="pledges_destination_test"),
            path("<int:pk>/replay/", wrap(self.replay_view), name="pledges_destination_replay"),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict:
        """Without deletion in bulk."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @method_decorator(sensitive_post_parameters("address"))
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form; reports of errors do not have what was typed as the address."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Destination, form: ModelForm, change: bool) -> None:
        if change:
            destinations.change(destination=obj, fields=form.changed_data, now=timezone.now())
        else:
            destinations.add(destination=obj, by=user_of(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Destination) -> None:
        """With its deliveries."""
        destinations.delete(destination=obj)

    def response_add(
        self, request: HttpRequest, obj: Destination, post_url_continue: str | None = None
    ) -> HttpResponse:
        """For a webhook go on to its signing secret."""
        return self._secret_page(request, obj, obj.secret) if obj.secret else super().response_add(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The deliveries go with their destination, though nobody deletes one by itself."""
        shown, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, perms_needed - {str(Delivery._meta.verbose_name)}, protected

    def _changeable(self, request: HttpRequest, pk: int) -> Destination | None:
        """The destination of a button. Raises PermissionDenied if this person may not change it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.get_object(request, str(pk))

    @method_decorator(require_POST)
    def secret_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new signing secret, and show it."""
        destination = self._changeable(request, pk)
        if destination is None:
            return self.not_found(request, pk)
        try:
            secret = destinations.rotate_secret(destination=destination, now=timezone.now())
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(destination))
        destination.refresh_from_db(fields=["previous_secret_until"])
        return self._secret_page(request, destination, secret, rotated=True)

    @method_decorator(never_cache)
    def _secret_page(
        self, request: HttpRequest, destination: Destination, secret: str, *, rotated: bool = False
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The signing secret of “%(name)s”") % {"name": destination},
            "opts": self.opts,
            "original": destination,
            "secret": secret,
            "rotated": rotated,
        }
        return TemplateResponse(request, "admin/pledges/destination/secret.html", context)

    @method_decorator(require_POST)
    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a test now, and say how it went. Nothing is locked meanwhile."""
        destination = self._changeable(request, pk)
        if destination is None:
            return self.not_found(request, pk)
        delivery = deliveries.note_ping(destination=destination, now=timezone.now())
        workers_reached = destination_jobs.send_and_wait(delivery)
        if delivery.state == Delivery.State.SENT:
            self.message_user(request, _("The test was received."), messages.SUCCESS)
        elif delivery.failure:
            failed = _("The test was not received. %(reason)s") % {"reason": delivery.failure}
            self.message_user(request, failed, messages.ERROR)
        elif not workers_reached:
            away = _("The workers cannot be reached now: the test waits, and is sent as soon as they can be.")
            self.message_user(request, away, messages.ERROR)
        else:
            later = _("The test was not answered yet: look at its deliveries in a minute.")
            self.message_user(request, later, messages.WARNING)
        return HttpResponseRedirect(self.change_url(destination))

    @method_decorator(require_POST)
    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send again all that was given up for a destination."""
        destination = self._changeable(request, pk)
        if destination is None:
            return self.not_found(request, pk)
        say_replayed(self, request, deliveries.replay(deliveries=destination.deliveries.all(), now=timezone.now()))
        return HttpResponseRedirect(self.change_url(destination))

    @admin.action(description=gettext_lazy("Turn selected destinations off"), permissions=["change"])
    def turn_off(self, request: HttpRequest, rows: QuerySet[Destination]) -> None:
        """Send nothing more to the selected destinations, and give up what waits for them."""
        active = list(rows.filter(active=True))
        for destination in active:
            destination.active = False
            destinations.change(destination=destination, fields={"active"}, now=timezone.now())
        words = ngettext(
            "%(count)s destination was turned off.", "%(count)s destinations were turned off.", len(active)
        )
        self.message_user(request, words % {"count": len(active)}, messages.SUCCESS)

    @admin.display(description=gettext_lazy("sent when"))
    def sent_when(self, destination: Destination) -> str:
        """Its events in words."""
        return capfirst("; ".join(str(Event(event).label) for event in destination.events))

    @admin.display(description=gettext_lazy("health"), ordering="failing_since")
    def health(self, destination: Destination) -> str | SafeString:
        """In words: whether it takes what it is sent, fails since when and why, is gone, or is turned off."""
        if destination.gone_at:
            gone = _("Gone for good since %(when)s: it said so itself (HTTP 410). Give it another address.")
            return format_html('<span class="desk-failing">{}</span>', gone % {"when": _when(destination.gone_at)})
        if not destination.active:
            return _("Turned off")
        if destination.failing_since:
            words = _("Failing since %(when)s: %(reason)s")
            values = {"when": _when(destination.failing_since), "reason": destination.failure}
            return format_html('<span class="desk-failing">{}</span>', words % values)
        return _("Works") if destination.last_sent_at else _("Nothing was sent yet")

    @admin.display(description=gettext_lazy("given up"))
    def given_up(self, destination: Destination) -> str | SafeString:
        """The number of deliveries that were given up, with a link to them."""
        return format_html('<a class="desk-link" href="{}">{}</a>', dead_url(destination), destination.dead)


def _when(at: Any) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, DeskAdmin):
    """What is sent, as it was noted: read-only, but what was given up can be sent again."""

    list_display = ["noted_at", "destination", "event", "about", "state", "attempts", "what_is_next", "failure"]
    list_filter = ["state", "event", ("destination", UsedFilter)]
    list_select_related = ["destination"]
    search_fields = ["message_id", "key"]
    actions = ["replay_selected"]
    fields = [
        ("destination", "event"),
        "about",
        ("state", "attempts", "noted_at"),
        ("last_attempt_at", "what_is_next"),
        "failure",
        "message_id",
        "content",
    ]
    readonly_fields = ["about", "what_is_next", "content"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """With what names the event, not the whole payload."""
        rows = super().get_queryset(request).select_related("destination").defer("payload")
        return rows.annotate(titles=F("payload__data__title"), edition=F("payload__data__edition"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.replay_view)
        return [path("<int:pk>/replay/", view, name="pledges_delivery_replay"), *super().get_urls()]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether this person may send again what was given up."""
        return request.user.has_perm("pledges.change_delivery")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With the button, where it is of use."""
        given_up = obj and obj.state == Delivery.State.DEAD and obj.event in CHOSEN_EVENTS
        context["may_replay"] = given_up and self.has_replay_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description=gettext_lazy("Send selected deliveries again"), permissions=["replay"])
    def replay_selected(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Send again those of the selected that were given up."""
        say_replayed(self, request, deliveries.replay(deliveries=rows, now=timezone.now()))

    @method_decorator(require_POST)
    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send one again that was given up."""
        if not self.has_replay_permission(request):
            raise PermissionDenied
        rows = Delivery.objects.filter(pk=pk)
        delivery = rows.first()
        if delivery is None:
            return self.not_found(request, pk)
        say_replayed(self, request, deliveries.replay(deliveries=rows, now=timezone.now()))
        return HttpResponseRedirect(self.change_url(delivery))

    @admin.display(description=gettext_lazy("what it is about"))
    def about(self, delivery: Any) -> str:
        """The edition, or the title of the pledge in the reader's language, if it is written in that."""
        if delivery.edition:
            return _("Edition %(number)s") % {"number": delivery.edition}
        titles = delivery.titles or {}
        return titles.get(get_language()) or next(iter(titles.values()), "—")

    @admin.display(description=gettext_lazy("sent, or next attempt"))
    def what_is_next(self, delivery: Delivery) -> str:
        """When it was sent, or when it is tried next."""
        if delivery.sent_at:
            return _("sent %(when)s") % {"when": _when(delivery.sent_at)}
        return _when(delivery.next_attempt_at) if delivery.next_attempt_at else "—"

    @admin.display(description=gettext_lazy("content"))
    def content(self, delivery: Delivery) -> SafeString:
        """The payload as it is sent, indented."""
        text = json.dumps(delivery.payload, ensure_ascii=False, indent=2)
        return format_html('<pre class="desk-payload">{}</pre>', text)
