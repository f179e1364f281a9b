"""The editions, one edition, and the log of corrections."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from pledges.actions import publishing
from pledges.domain.rules import edition_content
from pledges.models import Newsroom
from pledges.queries import asof, edition_items, edition_snapshots, visibility
from pledges.queries import corrections as log
from pledges.site.changes import item_contents
from pledges.site.shared import page_keys
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, standings_of

PAGE_SIZE = 50
ITEM_PAGE_SIZE = 100  # items of one edition
ITEMS_LISTED = 3  # of each edition in the list of editions
STOP_POLLING = 286  # the status by which htmx stops polling


@page("page", "entry")
def corrections(request: PublicRequest) -> HttpResponse:
    """The log of corrections, retractions and revised figures: what was published, what replaced it, why, and when.

    Entries move to later pages as the log grows: `?entry=c12` redirects to the entry on its present page.
    """
    last = visibility.editions_until(request.as_of.edition, request.as_of.day).first()
    index = log.index(last.number) if last else []
    anchors = [entry.anchor for entry in index]
    if (entry := request.GET.get("entry")) in anchors:
        number = anchors.index(entry) // PAGE_SIZE + 1
        query = urlencode([*([("page", number)] if number > 1 else []), *request.as_of.asked])
        return HttpResponseRedirect(f"{request.path}{f'?{query}' if query else ''}#{entry}")
    shown = Paginator(index, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "pledges/corrections.html", {"log": log.details(shown), "page": shown})


@page("page")
def editions(request: PublicRequest) -> HttpResponse:
    """Every edition, the newest first, and how anyone can verify the chain of their hashes."""
    rows = visibility.editions_until(request.as_of.edition, request.as_of.day)
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    leading = edition_items.leading(list(shown), ITEMS_LISTED)
    texts = edition_items.in_words(item for items, _total in leading.values() for item in items)
    text_by_item = {text.item.pk: text for text in texts}
    edition: Any  # with two attributes for the template
    for edition in shown:
        items, total = leading.get(edition.number, ([], 0))
        edition.told, edition.more = [text_by_item[item.pk] for item in items], total - len(items)
    return render(request, "pledges/editions.html", {"page": shown, "last": rows.first()})


@page("page", dated=False, names_snapshot=True)
def edition(request: PublicRequest, number: int) -> HttpResponse:
    """What one edition published and what that says, its hash, and the hash of the edition before.

    The most important items come first: what lists name of an edition (`edition_items.leading`) is on the first page.
    """
    row = get_object_or_404(visibility.public_editions(), number=number)
    rows = edition_items.by_importance(row.items.select_related("pledge"))
    shown = Paginator(rows, ITEM_PAGE_SIZE).get_page(request.GET.get("page"))
    items = edition_items.in_words(shown)
    contents = item_contents.contents(row, [text.item for text in items])
    public = {standing.pledge.pk for standing in standings_of(request)}
    # A retracted pledge still has a page, which says that it was retracted.
    public |= set(visibility.public_retractions().values_list("pledge", flat=True))
    context = {
        "edition": row,
        "page": shown,
        "items": [(text, contents.get(text.item.pk)) for text in items],
        "public": public,
        "snapshot": edition_snapshots.stored(number),
    }
    return render(request, "pledges/edition.html", context)


@page(dated=False, names_snapshot=True)
def edition_json(request: PublicRequest, number: int) -> JsonResponse:
    """Exactly what the edition's hash covers, and the hash, so that anyone can compute it (docs/methodology.md)."""
    row = get_object_or_404(visibility.public_editions(), number=number)
    sealed = edition_content(
        row.number, row.published_at, row.publisher, map(publishing.sealed, row.items.all()), row.previous_hash
    )
    licence = Newsroom.get().licence
    # Without a licence the file has the same bytes as before there was this key.
    answer: dict[str, Any] = {"sealed": sealed, "hash": row.hash} | ({"licence": licence} if licence else {})
    if snapshot := edition_snapshots.stored(number):
        answer["snapshot"] = {
            "url": origin_of(request) + reverse("edition_snapshot", args=[number]),
            "sha256": snapshot.sha256,
            "bytes": snapshot.size,
        }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@page("seen", dated=False, partial=True)
def edition_line(request: PublicRequest) -> HttpResponse:
    """The line under the masthead, polled by open pages: it announces an edition newer than the page's own.

    It does so once, in its own live region: status 286 stops the polling, so that screen readers do not repeat it.
    """
    seen = request.GET.get("seen", "")
    current = request.pulse.edition
    if not page_keys.is_partial(request):  # opened as a page of its own
        return HttpResponseRedirect(reverse("home"))
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else current
    here = request.htmx.current_url_abs_path or ""
    if not url_has_allowed_host_and_scheme(here, allowed_hosts=None):  # "//elsewhere" is another site
        here = reverse("home")
    path, _mark, query = here.partition("?")
    parameters = QueryDict(query, mutable=True)
    times = [parameters.pop(name) for name in asof.PARAMETERS if name in parameters]
    if times:  # a page as of an earlier time would link to itself
        here = f"{path}?{parameters.urlencode()}" if parameters else path
    newer = known < current
    return render(
        request, "pledges/_edition_line.html", {"newer": newer, "here": here}, status=STOP_POLLING if newer else 200
    )
