"""Adding a source is pasting any address: what could be read there is shown, and one click keeps it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from pledges.desk.shared.forms import AddressForm, AdoptForm
from pledges.jobs import desk_requests
from pledges.models import AddressLookup, Pledge, Source

SNAPSHOTS_A_PAGE = 10
SEARCH_INTERVAL = 60  # minutes: a search is asked for politely, and answers for days


class Finding:
    """The views of the admin of sources that look at the web, or at what a page said."""

    add_form_template = "admin/pledges/source/add_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Finding, keeping and comparing have their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(self.find_view), name="pledges_source_find"),
            path("adopt/", wrap(self.adopt_view), name="pledges_source_adopt"),
            path("searches/<int:pledge>/", wrap(self.searches_view), name="pledges_source_searches"),
            path("<int:pk>/changes/", wrap(self.changes_view), name="pledges_source_changes"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """The one field for any address; the long form for who asks for it."""
        if request.method == "GET" and not request.GET and self.has_add_permission(request):
            return self._find_page(request, AddressForm())
        return super().add_view(request, form_url, extra_context)

    @method_decorator(csrf_protect)
    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Have a worker look what could be read at the address that was pasted; show how far it is, then what it found.

        By POST, since it goes out to the web; the page of a lookup reloads itself until the worker is done.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._look_up(request)
        if "lookup" not in request.GET:
            return HttpResponseRedirect(reverse("admin:pledges_source_add"))
        row = AddressLookup.objects.filter(pk=_number(request.GET["lookup"])).first()
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
        row, told = desk_requests.look_up(
            form.cleaned_data["address"], pledge=_number(request.POST.get("pledge")), by=request.user
        )
        if not told:
            words = _("The workers cannot be reached now: the address waits, and is looked at as soon as they can be.")
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(f"{reverse('admin:pledges_source_find')}?{urlencode({'lookup': row.pk})}")

    @method_decorator(csrf_protect)
    def adopt_view(self, request: HttpRequest) -> HttpResponse:
        """Keep what was found as a source."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
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
            try:  # before it is kept: a selector that matches nothing is seen now and not in the night
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
        """The searches that a pledge's own words make, to be tried and kept. Looking at them asks nobody."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = Pledge.objects.filter(pk=pledge).first()
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, Pledge._meta, str(pledge))
        found = []
        for search in desk_requests.searches(row):
            initial = {"kind": search.kind, "url": search.url, "name": search.name, "publisher": search.publisher}
            initial |= {"language": search.language, "pledge": row.pk, "interval_minutes": SEARCH_INTERVAL}
            found.append((search, AdoptForm(initial=initial, prefix=None), self._known(search.url)))
        return self._page(
            request,
            "admin/pledges/source/searches.html",
            title=_("Searches made of “%(pledge)s”") % {"pledge": row},
            pledge=row,
            searches=found,
        )

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a page watched for change said, capture by capture, each beside the one before."""
        source = self.get_object(request, str(pk))
        if source is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        rows = source.snapshots.select_related("capture", "article").defer("capture__body").order_by("-taken_at")
        page = Paginator(rows, SNAPSHOTS_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        older = rows.filter(taken_at__lt=shown[-1].taken_at, in_doubt=False).first() if shown else None
        compared = []
        for at, row in enumerate(shown, 1):
            before = next((one for one in shown[at:] if not one.in_doubt), older)
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
        finds = []
        for find in probed.finds if probed else ():
            initial = {"kind": find.kind, "url": find.url, "pledge": pledge, "publisher": probed.publisher[:160]}
            if pledge or find.kind == Source.Kind.GDELT:
                initial["interval_minutes"] = SEARCH_INTERVAL
            initial |= {"name": (find.title or probed.publisher)[:160], "language": find.language or get_language()[:2]}
            kept = AdoptForm(initial=initial, auto_id=f"id_{len(finds)}_%s")
            by_hand = urlencode({"by_hand": 1} | {key: value for key, value in initial.items() if value})
            finds.append((find, kept, self._known(find.url), by_hand))
        part = "#found" if request.htmx else ""
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
        """What was found once more, with what is wrong."""
        return self._page(request, "admin/pledges/source/adopt.html", status=422, title=_("Add a source"), form=form)

    def _known(self, url: str) -> Source | None:
        return Source.objects.filter(url=url).first()

    def _page(self, request: HttpRequest, template: str, *, status: int = 200, **context) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, shared, status=status)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
