"""The desk's AdminSite and its first page: what waits for the person, each count a link to its list."""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.desk.shared import due, first_steps
from pledges.desk.shared.addresses import proposal
from pledges.desk.shared.languages import newsroom_of
from pledges.desk.shared.public_pages import desk_page
from pledges.jobs import backlog, source_health
from pledges.models import (
    Destination,
    Draftable,
    Indicator,
    Intake,
    Lead,
    Mandate,
    Newsroom,
    Pledge,
    PledgeCorrection,
    Preservation,
    Retraction,
    Source,
    State,
    Update,
    User,
    Withdrawal,
    Wording,
)
from pledges.queries import backups, pulse
from tracker import __version__

STRONGEST = 3  # leads on the first page

ORDER = (
    *("Lead", "Update", "Pledge", "Wording", "PledgeCorrection", "Withdrawal", "Retraction"),
    *("Indicator", "Mandate", "Topic", "Institution", "SourceDocument"),
    *("Source", "Digest", "Article", "Preservation", "WatchQuality", "Edition", "Newsroom", "Alert", "User"),
    *("Destination", "Delivery"),
)
# Counts of what is written at the desk: which rows (see `waiting`) of which kind, and their label.
WRITING: tuple[tuple[str, type[Draftable], Any], ...] = (
    ("me", Update, gettext_lazy("updates waiting for your review")),
    ("me", Wording, gettext_lazy("pledges waiting for your review")),
    ("me", Retraction, gettext_lazy("retractions waiting for your review")),
    ("me", Withdrawal, gettext_lazy("withdrawals waiting for your review")),
    ("me", PledgeCorrection, gettext_lazy("corrections of pledges waiting for your review")),
    ("back", Update, gettext_lazy("updates sent back to you")),
    ("back", Wording, gettext_lazy("pledges sent back to you")),
    ("back", Retraction, gettext_lazy("retractions sent back to you")),
    ("back", Withdrawal, gettext_lazy("withdrawals sent back to you")),
    ("back", PledgeCorrection, gettext_lazy("corrections of pledges sent back to you")),
    ("draft", Update, gettext_lazy("your drafts of updates")),
    ("draft", Wording, gettext_lazy("your drafts of pledges")),
    ("draft", Retraction, gettext_lazy("your drafts of retractions")),
    ("draft", Withdrawal, gettext_lazy("your drafts of withdrawals")),
    ("draft", PledgeCorrection, gettext_lazy("your drafts of corrections of pledges")),
    ("mine", Update, gettext_lazy("your updates in review")),
    ("mine", Wording, gettext_lazy("your pledges in review")),
    ("mine", Retraction, gettext_lazy("your retractions in review")),
    ("mine", Withdrawal, gettext_lazy("your withdrawals in review")),
    ("mine", PledgeCorrection, gettext_lazy("your corrections of pledges in review")),
    ("timed", Update, gettext_lazy("scheduled updates")),
    ("timed", Wording, gettext_lazy("scheduled pledges")),
    ("timed", Retraction, gettext_lazy("scheduled retractions")),
    ("timed", Withdrawal, gettext_lazy("scheduled withdrawals")),
    ("timed", PledgeCorrection, gettext_lazy("scheduled corrections of pledges")),
)
SHOWN_APPS = ("pledges", "auth")


def waiting(rows: QuerySet[Any], user: User, which: str) -> QuerySet:
    """Unpublished writing: what waits for this person's review ("me"), this person's drafts ("draft"), those sent back
    ("back"), those in somebody else's review ("mine"), and anybody's scheduled publications ("timed").
    """
    if which == "timed":
        return rows.filter(state=State.REVIEW, publish_at__isnull=False)
    if which == "me":
        in_review = rows.filter(state=State.REVIEW, publish_at=None)
        if not Newsroom.get().two_person_rule:
            return in_review
        return in_review.exclude(contributors__person=user)
    own = rows.filter(author=user)
    if which == "mine":
        return own.filter(state=State.REVIEW)
    drafts = own.filter(state=State.DRAFT)
    return drafts.exclude(review_note="") if which == "back" else drafts


class DeskSite(admin.AdminSite):
    """Django's admin with the day's work on its first page."""

    site_header = site_title = gettext_lazy("The desk")
    index_title = gettext_lazy("What waits for you")
    index_template = "admin/pledges/index.html"
    enable_nav_sidebar = False  # leave the width to the work; the header has the links

    def each_context(self, request: HttpRequest) -> dict:
        """The context of every page: also the version, the newsroom's time, and since when the tracker is closed."""
        newsroom = newsroom_of(request) if request.user.is_authenticated else None
        closed_on = newsroom.closed_on if newsroom and newsroom.is_closed(timezone.localdate()) else None
        return super().each_context(request) | {
            "tracker_closed_on": closed_on,
            "tracker_version": __version__,
            "newsroom_zone": timezone.get_current_timezone_name(),
            "newsroom_now": timezone.localtime(),
        }

    def register(self, model_or_iterable: Any, admin_class: type | None = None, **options: Any) -> None:
        """Register only the tracker's own models and Django's groups: pages of django-allauth's would show secrets."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        super().register([model for model in models if model._meta.app_label in SHOWN_APPS], admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """With the desk's page of a public page (/admin/page/en/pledges/…). Without Django's "view on site": rows name
        their public page themselves, and a malformed id there is a server error.
        """
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [
            path("address/<str:model>/", self.admin_view(proposal), name="address"),
            path("page/<path:path>", self.admin_view(desk_page), name="page"),
            *urls,
        ]

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the login of accounts. Raises PermissionDenied for a person who may not use the desk."""
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # type: ignore[override]  # redirects
        """The logout of accounts, which also forgets the session's row."""
        return allauth_views.logout(request)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # type: ignore[override]  # redirects
        """Redirect to the person's own account."""
        return HttpResponseRedirect(reverse("account_change_password"))

    password_change_done = password_change  # type: ignore[assignment]  # redirects

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        context = {
            "first_steps": first_steps.steps(user_of(request)),
            "work": list(self.work(request)),
            "strongest": self.strongest(request),
            "standing_still": self.standing_still(),
            "without_encoder": self.without_encoder(),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The models in the order of ORDER instead of the alphabet's."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda row: (*ORDER, row["object_name"]).index(row["object_name"]))
        return apps

    def work(self, request: HttpRequest) -> Iterator[dict]:
        """What this person may see and has to do, as {"group", "label", "count", "url", "urgent"}.

        One query for each; the address opens exactly the rows that were counted.
        """

        def entry(label: str, rows: QuerySet, query: str, *, urgent: bool = False) -> Iterator[dict]:
            meta = rows.model._meta
            if self.is_registered(rows.model) and self.get_model_admin(rows.model).has_view_permission(request):
                count = rows.count()
                url = f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}{query}"
                yield {"group": group, "label": label, "count": count, "url": url, "urgent": urgent and count > 0}

        user, now, today = user_of(request), timezone.now(), timezone.localdate()
        pledges = Pledge.objects.all()
        group = _("Leads")
        leads = Lead.objects.filter(state=Lead.State.OPEN)
        yield from entry(_("leads in the inbox"), leads, "")
        changes = leads.filter(suggestion=Lead.Suggestion.CHANGE)
        yield from entry(_("leads that suggest a change of status"), changes, "?suggestion=change")

        group = _("Writing")
        for which, model, label in WRITING:
            if which == "me" and not user.has_perm(f"pledges.publish_{model._meta.model_name}"):
                continue
            rows = waiting(model._default_manager.all(), user, which)
            for row in entry(str(label), rows, f"?waits={which}", urgent=which == "back"):
                if row["count"] or model is Update:  # that no update waits is worth a line every day
                    yield row

        group = _("Pledges due for another look")
        yield from entry(_("review interval is over"), due.for_review(pledges, today=today), "?due=yes")
        deadlines = due.deadline_due(pledges, today=today)
        yield from entry(_("deadline near or passed"), deadlines, "?due=deadline", urgent=True)
        yield from entry(_("not checked for 180 days"), due.unchecked(pledges, today=today), "?due=unchecked")
        over = due.over(Mandate.objects.all(), today=today)
        yield from entry(_("mandates over but not closed"), over, "?over=yes")

        group = _("What comes in")
        yield from entry(_("documents with pledges to decide"), due.undecided(Intake.objects.all()), "?open=yes")
        outdated = due.outdated(Indicator.objects.all(), today=today)
        yield from entry(_("indicators out of date"), outdated, "?figures=old")

        group = _("The watch")
        sources = Source.objects.all()
        failing = sources.filter(active=True, failing_since__isnull=False)
        yield from entry(_("sources failing"), failing, "?health=failing", urgent=True)
        yield from entry(
            _("sources unusually silent"), source_health.silent(sources, now=now), "?health=silent", urgent=True
        )
        yield from entry(_("sources gone for good"), source_health.gone(sources), "?health=gone")
        died = Preservation.objects.filter(dead_since__isnull=False)
        yield from entry(_("links that died"), died, "?kept=dead", urgent=True)

        group = _("Other systems")
        failing_there = Destination.objects.filter(Destination.FAILING)
        words = _("destinations that fail or are gone")
        for row in entry(words, failing_there, "?health=failing", urgent=True):
            if row["count"]:  # most newsrooms have no destinations
                yield row

    def standing_still(self) -> list[str]:
        """A sentence for each kind of background work that is late, and for a nightly backup that failed."""
        now = timezone.now()
        backup = list(filter(None, [backups.problem(now=now)]))
        try:
            return backup + [late.sentence for late in backlog.late(now=now)]
        except pulse.UNREACHABLE:
            return [
                *backup,
                _("The broker does not answer, so nothing is done in the background. Tell whoever runs the tracker."),
            ]

    def without_encoder(self) -> bool:
        """Whether the watch reads articles without the sentence encoder."""
        try:
            noted = pulse.encoder()
        except pulse.UNREACHABLE:  # `standing_still` says so
            return False
        return bool(noted and noted[1])

    def strongest(self, request: HttpRequest) -> list[Lead]:
        """The open leads that stand first in the inbox: changes, by their score. For those who may see leads."""
        if not self.get_model_admin(Lead).has_view_permission(request):
            return []
        leads = Lead.objects.filter(state=Lead.State.OPEN).select_related("article", "pledge")
        leads = leads.defer("article__text", "article__summary", "pledge__search_en", "pledge__search_es")
        leads = leads.prefetch_related("pledge__wordings").order_by("-suggestion", "-score", "-raised_at", "-pk")
        return list(leads[:STRONGEST])
