"""The desk's first page: what waits for this person, each count a link to its list.

It stands outside of the package `admin`, which registers with this very site while it is imported.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from allauth.account import views as allauth_views
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pledges import access, health
from pledges.models import Lead, Pledge, Preservation, Source, State, Update, Wording

ORDER = (
    *("Lead", "Update", "Pledge", "Wording", "Indicator", "Mandate", "Topic", "Institution", "SourceDocument"),
    *("Source", "Digest", "Article", "Preservation", "WatchQuality", "Edition", "Newsroom", "User"),
)
SHOWN = ("pledges", "auth")


def is_public() -> Exists:
    """Whether a pledge (the row at hand) is public."""
    return Exists(access.public_wordings().filter(pledge=OuterRef("pk")))


def due_for_review(pledges: QuerySet[Pledge], today: date | None = None) -> QuerySet[Pledge]:
    """The public pledges that no person has looked at for longer than their interval, on `today` (the newsroom's)."""
    since = Coalesce(F("reviewed_on"), TruncDate("created_at"))
    due = ExpressionWrapper(since + F("review_interval_days"), output_field=DateField())
    return pledges.filter(is_public()).alias(due=due).filter(due__lte=today or timezone.localdate())


class DeskSite(admin.AdminSite):
    """Django's admin with a panel of work on its first page."""

    site_header = site_title = _("The desk")
    index_title = _("What waits for you")
    index_template = "admin/pledges/index.html"
    enable_nav_sidebar = False  # the width is for the work; the ways stand in the header

    def register(self, model_or_iterable, admin_class: type | None = None, **options) -> None:
        """Pages for the desk's own models and groups. Those of django-allauth would show secrets."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        super().register([each for each in models if each._meta.app_label in SHOWN], admin_class, **options)

    def get_urls(self) -> list[URLPattern]:
        """Without Django's way from a row to its public page: no model has one, and odd numbers there are an error."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the one login; who is logged in without the right to the desk is told so."""
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """That of accounts, which forgets the session as well."""
        return allauth_views.logout(request)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the own account."""
        return HttpResponseRedirect(reverse("account_change_password"))

    password_change_done = password_change

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The first page."""
        return super().index(request, {"work": list(self.work(request)), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The models in the order in which they are used instead of that of the alphabet."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda row: (*ORDER, row["object_name"]).index(row["object_name"]))
        return apps

    def work(self, request: HttpRequest) -> Iterator[dict]:
        """What this person may see and has to do: {"label", "count", "url", "urgent"}, one query each."""

        def entry(label: str, rows: QuerySet, query: str, *, urgent: bool = False) -> Iterator[dict]:
            meta = rows.model._meta
            if self.get_model_admin(rows.model).has_view_permission(request):
                count = rows.count()
                url = f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}{query}"
                yield {"label": label, "count": count, "url": url, "urgent": urgent and count > 0}

        user = request.user
        yield from entry(_("leads in the inbox"), Lead.objects.filter(state=Lead.State.OPEN), "")
        yield from entry(_("updates waiting for review"), Update.objects.filter(state=State.REVIEW), "?state=review")
        if user.has_perm("pledges.publish_wording"):
            wordings = Wording.objects.filter(state=State.REVIEW)
            yield from entry(_("wordings waiting for review"), wordings, "?state=review")
        mine = Update.objects.filter(state=State.DRAFT, author=user)
        yield from entry(_("drafts of mine"), mine, f"?state=draft&author__id__exact={user.pk}")
        yield from entry(_("pledges due for review"), due_for_review(Pledge.objects.all()), "?due=yes")
        failing = Source.objects.filter(active=True, failing_since__isnull=False)
        yield from entry(_("sources failing"), failing, "?health=failing", urgent=True)
        now, sources = timezone.now(), Source.objects.all()
        yield from entry(_("sources unusually silent"), health.silent(sources, now=now), "?health=silent", urgent=True)
        yield from entry(_("sources gone for good"), health.gone(sources), "?health=gone")
        died = Preservation.objects.filter(dead_since__isnull=False)
        yield from entry(_("links that died"), died, "?kept=dead", urgent=True)
