"""The editions, one edition, and the log of corrections."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledges.actions import publishing
from pledges.domain.rules import edition_content
from pledges.models import Newsroom
from pledges.queries import asof, edition_items, pulse, visibility
from pledges.queries import corrections as log
from pledges.site.shared.page_cache import PublicRequest, page, standings_of

PAGE_SIZE = 50
NAMED = 3  # of what an edition published, in their list
STOP_POLLING = 286  # htmx's


@page("page", "entry")
def corrections(request: PublicRequest) -> HttpResponse:
    """The log of corrections, retractions and revised figures: what was said, what is now, why, in which edition.

    Pages move on as the log grows: `?entry=c12` leads to the one that has this entry now, and to its place on it.
    """
    last = visibility.editions_until(request.as_of.edition, request.as_of.day).first()
    index = log.index(last.number) if last else []
    anchors = [entry.anchor for entry in index]
    if (asked := request.GET.get("entry")) in anchors:
        number = anchors.index(asked) // PAGE_SIZE + 1
        query = urlencode([*([("page", number)] if number > 1 else []), *request.as_of.asked])
        return HttpResponseRedirect(f"{request.path}{f'?{query}' if query else ''}#{asked}")
    shown = Paginator(index, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pledges/corrections.html", {"log": log.told(shown), "page": shown})


@page("page")
def editions(request: PublicRequest) -> HttpResponse:
    """Every act of publication, the newest first, and how anyone can check their chain."""
    rows = visibility.editions_until(request.as_of.edition, request.as_of.day)
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    named = edition_items.leading(shown, NAMED)
    words = {told.item.pk: told for told in edition_items.told(item for items in named.values() for item in items)}
    for edition in shown:
        items = named[edition.number]
        edition.told, edition.more = [words[item.pk] for item in items], (items[0].of if items else 0) - len(items)
    return render(request, "pledges/editions.html", {"page": shown, "last": rows.first()})


@page(dated=False)
def edition(request: PublicRequest, number: int) -> HttpResponse:
    """What one edition published, with its hash and that of the edition before."""
    row = get_object_or_404(visibility.public_editions(), number=number)
    items = edition_items.told(row.items.select_related("pledge").order_by("kind", "pk"))
    public = {standing.pledge.pk for standing in standings_of(request)}
    # The address of a retracted one says what became of it.
    public |= set(visibility.public_retractions().values_list("pledge", flat=True))
    return render(request, "pledges/edition.html", {"edition": row, "items": items, "public": public})


@page(dated=False)
def edition_json(request: PublicRequest, number: int) -> JsonResponse:
    """Exactly what the edition's hash covers, and the hash, for whoever wants to compute it (docs/methodology.md)."""
    row = get_object_or_404(visibility.public_editions(), number=number)
    sealed = edition_content(
        row.number, row.published_at, row.publisher, map(publishing.sealed, row.items.all()), row.previous_hash
    )
    licence = Newsroom.get().licence
    # Without a licence it has the bytes that it always had.
    answer = {"sealed": sealed, "hash": row.hash} | ({"licence": licence} if licence else {})
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def edition_line(request: PublicRequest) -> HttpResponse:
    """The line under the masthead, asked for by open pages: it announces an edition newer than the page's own.

    Once, in a live region of its own: the status 286 tells htmx to stop asking, so no screen reader says it again.
    """
    seen = request.GET.get("seen", "")
    beat = pulse.current()
    if not request.htmx:  # somebody followed the address itself
        return HttpResponseRedirect(reverse("home"))
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else beat.edition
    here = request.htmx.current_url_abs_path
    if not url_has_allowed_host_and_scheme(here, allowed_hosts=None):  # "//elsewhere" is another site
        here = reverse("home")
    path, _mark, query = here.partition("?")
    asked = QueryDict(query, mutable=True)
    times = [asked.pop(name) for name in asof.PARAMETERS if name in asked]
    if times:  # an open citation would lead to itself
        here = f"{path}?{asked.urlencode()}" if asked else path
    newer = known < beat.edition
    return render(
        request, "pledges/_edition_line.html", {"newer": newer, "here": here}, status=STOP_POLLING if newer else 200
    )
