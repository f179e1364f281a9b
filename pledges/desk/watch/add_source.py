"""Adding a source: paste any web address, see what can be read there, and save one of the proposals."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.desk.shared.base import DeskAdmin, is_htmx
from pledges.desk.watch.forms import AddressForm, AdoptForm
from pledges.domain.lazy import lazy
from pledges.models import AddressLookup, Pledge, Source

if TYPE_CHECKING:
    from pledges.jobs import desk_requests
else:
    desk_requests = lazy("pledges.jobs.desk_requests")

SNAPSHOTS_A_PAGE = 10
SEARCH_INTERVAL = 60  # minutes: searches cost their servers more than feeds, and their results stay for days


class AddSourcePages(DeskAdmin):
    """Mixin for the admin of sources: finding and adding sources, and what a watched page said."""

    add_form_template = "admin/pledges/source/add_form.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(self.find_view), name="pledges_source_find"),
            path("adopt/", wrap(self.adopt_view), name="pledges_source_adopt"),
            path("searches/<int:pledge>/", wrap(self.searches_view), name="pledges_source_searches"),
            path("<int:pk>/changes/", wrap(self.changes_view), name="pledges_source_changes"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """One field for any web address; the full form if the address has parameters."""
        if request.method == "GET" and not request.GET and self.has_add_permission(request):
            return self._find_page(request, AddressForm())
        return super().add_view(request, form_url, extra_context)

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """POST: have a worker look up what can be read at an address. GET `lookup`: its progress, then its result.

        The page of a lookup reloads itself until the worker is done.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._look_up(request)
        if "lookup" not in request.GET:
            return HttpResponseRedirect(reverse("admin:pledges_source_add"))
        row = AddressLookup.objects.filter(pk=_number(str(request.GET["lookup"])) or 0).first()
        if row is None:
            self.message_user(
                request, _("What was found there is no longer kept: paste the address again."), messages.WARNING
            )
            return HttpResponseRedirect(reverse("admin:pledges_source_add"))
        return self._find_page(request, AddressForm(initial={"address": row.address}), lookup=row)

    def _look_up(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._find_page(request, form, status=422)
        row, is_queued = desk_requests.look_up(
            form.cleaned_data["address"], pledge=_number(request.POST.get("pledge")), by=user_of(request)
        )
        if not is_queued:
            words = _("The workers cannot be reached now: the address waits, and is looked at as soon as they can be.")
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(f"{reverse('admin:pledges_source_find')}?{urlencode({'lookup': row.pk})}")

    @method_decorator(require_POST)
    def adopt_view(self, request: HttpRequest) -> HttpResponse:
        """Save a proposal as a source."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AdoptForm(request.POST)
        if known := Source.objects.filter(url=request.POST.get("url", "")[:1000]).first():
            words = _("This address is a source already: %(name)s.") % {"name": known.name}
            self.message_user(request, words, messages.WARNING)
            return HttpResponseRedirect(self.change_url(known))
        if not form.is_valid():
            return self._adopt_page(request, form)
        if form.cleaned_data.get("selector"):
            try:  # a selector that matches nothing is reported now, not when the watch reads the page
                desk_requests.selected(form.cleaned_data["url"], form.cleaned_data["selector"])
            except desk_requests.Problem as error:
                form.add_error("selector", str(error.sentence))
                return self._adopt_page(request, form)
        source = form.save()
        self.log_addition(request, source, [{"added": {}}])
        self.message_user(
            request, _("“%(name)s” is watched; it is read within a minute.") % {"name": source.name}, messages.SUCCESS
        )
        return HttpResponseRedirect(self.change_url(source))

    def searches_view(self, request: HttpRequest, pledge: int) -> HttpResponse:
        """Searches made of a pledge's words, to be tried and saved. Showing them sends no request to the web."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = Pledge.objects.filter(pk=pledge).first()
        if row is None:
            return self.not_found(request, pledge, Pledge)
        proposals = []
        for search in desk_requests.searches(row):
            initial: dict[str, Any] = {
                "kind": search.kind,
                "url": search.url,
                "name": search.name,
                "publisher": search.publisher,
            }
            initial |= {"language": search.language, "pledge": row.pk, "interval_minutes": SEARCH_INTERVAL}
            proposals.append((search, AdoptForm(initial=initial), self._known(search.url)))
        return self._page(
            request,
            "admin/pledges/source/searches.html",
            title=_("Searches made of “%(pledge)s”") % {"pledge": row},
            pledge=row,
            searches=proposals,
        )

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a page watched for change said at each reading, compared with the reading before."""
        source = self.get_object(request, str(pk))
        if source is None:
            return self.not_found(request, pk)
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        rows = source.snapshots.select_related("capture", "article").defer("capture__body").order_by("-taken_at")
        page = Paginator(rows, SNAPSHOTS_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        older = rows.filter(taken_at__lt=shown[-1].taken_at, in_doubt=False).first() if shown else None
        compared = []
        for at, row in enumerate(shown, 1):
            before = next((snapshot for snapshot in shown[at:] if not snapshot.in_doubt), older)
            compared.append((row, desk_requests.changes(before.text, row.text) if before else None))
        return self._page(
            request,
            "admin/pledges/source/changes.html",
            title=_("Changes of “%(name)s”") % {"name": source},
            original=source,
            page=page,
            compared=compared,
        )

    def _find_page(
        self,
        request: HttpRequest,
        form: AddressForm,
        *,
        lookup: AddressLookup | None = None,
        status: int = 200,
    ) -> HttpResponse:
        probed = desk_requests.found(lookup) if lookup else None
        pledge = lookup.pledge_id if lookup else None
        publisher = probed.publisher if probed else ""
        finds: list[tuple] = []
        for find in probed.finds if probed else ():
            initial: dict[str, Any] = {
                "kind": find.kind,
                "url": find.url,
                "pledge": pledge,
                "publisher": publisher[:160],
            }
            if pledge or find.kind == Source.Kind.GDELT:
                initial["interval_minutes"] = SEARCH_INTERVAL
            initial |= {
                "name": (find.title or publisher)[:160],
                "language": find.language or (get_language() or "")[:2],
            }
            kept = AdoptForm(initial=initial, auto_id=f"id_{len(finds)}_%s")
            by_hand = urlencode({"by_hand": 1} | {key: value for key, value in initial.items() if value})
            finds.append((find, kept, self._known(find.url), by_hand))
        part = "#found" if is_htmx(request) else ""
        return self._page(
            request,
            f"admin/pledges/source/find.html{part}",
            status=status,
            title=_("Add a source"),
            form=form,
            lookup=lookup,
            probed=probed,
            finds=finds,
        )

    def _adopt_page(self, request: HttpRequest, form: AdoptForm) -> HttpResponse:
        """The proposal again, with the form's errors."""
        return self._page(request, "admin/pledges/source/adopt.html", status=422, title=_("Add a source"), form=form)

    def _known(self, url: str) -> Source | None:
        return Source.objects.filter(url=url).first()

    def _page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, shared, status=status)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
